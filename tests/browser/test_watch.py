"""While a lecturer writes, the open browser shows the same slide anew; an error stands over the last good page."""

import html
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from processes import PATIENCE, running
from sample_project import make_full_project

from generator.commands.watch import State, Watcher, with_script

pytestmark = [pytest.mark.slow, pytest.mark.browser]
TEXT = "---\ntitle: Sample\n---\n## One\n\nFirst.\n\n## Two\n\n{word} of two.\n\nMore.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = make_full_project(tmp_path / "project")
    (project / "lectures" / "sample.md").write_text(TEXT.format(word="Start"))
    return project


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """Return where a project is being watched."""
    command = [sys.executable, "-m", "generator", "watch", "--profile", "full", "--into", "build", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with running(command, cwd=project, env=environment, **pipes) as watch:
        said = watch.stdout.readline().decode()
        for line in watch.stdout:
            if b"s of work" in line:
                break
        yield re.search(r"http://\S+/", said)[0]
        watch.send_signal(signal.SIGINT)
        watch.communicate(timeout=PATIENCE)
        assert watch.returncode == 130


@pytest.fixture
def page(address: str, browser: Browser) -> Iterator[Page]:
    """Return the deck of the watched project, at its second slide."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{address}sample/slides.html")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Start of two.", exact=True)).to_be_visible()
    yield page
    page.close()


def test_what_is_saved_is_shown_on_the_same_slide(page: Page, project: Path):
    (project / "lectures" / "sample.md").write_text(TEXT.format(word="Second"))
    expect(page.get_by_text("Second of two.", exact=True)).to_be_visible(timeout=20_000)


def test_an_error_stands_over_the_last_good_page_until_it_is_mended(page: Page, project: Path):
    path = project / "lectures" / "sample.md"
    path.write_text(TEXT.format(word="{value}`nothing.there`"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("lectures/sample.md:10: nothing here is named 'nothing'")
    expect(page.get_by_text("Start of two.", exact=True)).to_be_visible()
    path.write_text(TEXT.format(word="Again"))
    expect(page.get_by_text("Again of two.", exact=True)).to_be_visible(timeout=20_000)
    expect(alert).to_be_hidden()


def test_a_file_that_a_lecture_names_may_lie_anywhere_in_the_project(tmp_path: Path):
    (tmp_path / "pictures").mkdir()
    built = []
    watcher = Watcher(tmp_path, "build", lambda: built.append("once") or 0, State())
    seen = watcher.look({})
    (tmp_path / "pictures" / "board.svg").write_text("<svg/>")
    (tmp_path / "build").mkdir()
    seen = watcher.look(seen)
    (tmp_path / "build" / "page.html").write_text("<p>")
    watcher.look(seen)
    assert built == ["once", "once"]


def test_only_what_is_served_may_talk_to_the_server():
    policy = "default-src &#39;none&#39;; script-src &#39;sha256-x&#39;; connect-src &#39;none&#39;"
    page = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><body><p>Text.</p></body>'
    served = html.unescape(with_script(page, "go()"))
    assert "connect-src 'self'" in served
    assert "<script>go()</script></body>" in served
    assert re.search(r"script-src 'sha256-[^x]\S+' 'sha256-x'", served)
