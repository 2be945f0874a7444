"""The judge of pages in Chromium: each rule refuses a page with its fault, and the page without it passes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error
from sample_lecture import sample_assets, sample_notebook
from visitor import ROOT

from generator.check.browser import read_axe, slides_of, start_chromium, visit_deck, visit_handout
from generator.check.page import Finding, Page, read_page
from generator.check.visits import SLIDES_A_VISIT, Visit, see, visit_pages, visits_to
from generator.commands import check
from generator.commands.check import CheckResult
from generator.document.tree import Document
from generator.formats import handout, slides, teacher
from generator.runners.process_tree import descendants_of

pytestmark = pytest.mark.browser

SLOT = "A place for something else."
POLICY = 'http-equiv="Content-Security-Policy"'
BOX = "position: absolute; width: 100px; height: 100px; background: black;"
FLOOR = 720 - 18 - 24  # where the footer of a slide begins
# Text of 18 pixels, where the picture is as wide as a slide.
TEXT_OF_18 = '<svg class="drawing" role="img" aria-label="x" viewBox="0 0 1280 600"><text x="10" y="50" font-size="18">x</text></svg>'

LOW = '<div style="position: absolute; left: 600px; top: 600px; width: 2px; height: 40px; background: black"></div>'

SHEETS = ("slides", "handout", "phone", "print")

Check = Callable[..., list[str]]


@cache
def page_with_slot(name: str) -> str:
    """Return a page with two slides, of which the second (line 5) holds the slot, and without a policy."""
    notebook = nbformat.v4.new_notebook(metadata=sample_notebook().metadata)
    for line, kind, text in ((1, "slide", "## Before"), (5, "slide", "## Stride"), (0, "prose", SLOT)):
        said = {"cell": {"title": text[3:]}} if kind == "slide" else {}
        facts = {"kind": kind, "slide": text[3:].lower() if kind == "slide" else "", "line": line, **said}
        notebook.cells.append(nbformat.v4.new_markdown_cell(text, metadata={"lectern": facts}))
    module = {"slides.html": slides, "handout.html": handout}[name]
    text = module.export(Document(notebook, {}), ROOT).decode().replace(POLICY, "name=policy")
    return text.replace('class="slide slide-text" id="stride"', 'class="slide" id="stride"')  # its text does not grow


def write_page(folder: Path, name: str, body: str, *, is_filled: bool = True) -> Page:
    """Write a page whose second slide holds `body`, and return it; is_filled: the slide is not white below it."""
    text = page_with_slot(name)
    assert f"<p>{SLOT}</p>" in text
    filled = body + LOW if is_filled and name == "slides.html" else body
    (folder / name).write_text(text.replace(f"<p>{SLOT}</p>", filled))
    return read_page(folder / name, "lectures/x.md")


@pytest.fixture
def check_deck(browser: Browser, tmp_path: Path) -> Check:
    """Return a function that says what is wrong with a deck; axe is asked only where wanted."""

    def check(body: str, *, with_axe: bool = False, is_filled: bool = True) -> list[str]:
        page = write_page(tmp_path, "slides.html", body, is_filled=is_filled)
        return told(visit_deck(browser, page, read_axe(ROOT) if with_axe else "").findings)

    return check


@pytest.fixture
def check_handout(browser: Browser, tmp_path: Path) -> Check:
    """Return a function that says what is wrong with a handout."""

    def check(body: str) -> list[str]:
        page = write_page(tmp_path, "handout.html", body)
        return told(visit_handout(browser, page, read_axe(ROOT))[0])

    return check


def told(findings: list[Finding]) -> list[str]:
    return [str(finding).splitlines()[0] for finding in findings]


def test_a_sound_deck_passes(check_deck: Check) -> None:
    assert check_deck('<p>Words.</p><p class="fragment">More words.</p>', with_axe=True) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"top: {FLOOR - 100 + 22}px", "leaves its room by 22 px vertically"),
        ("top: -30px", "leaves its room by 30 px vertically"),
        ("top: 300px; left: 1225px", "leaves its room by 45 px horizontally"),
        ("top: 300px; left: -12px", "leaves its room by 12 px horizontally"),
    ],
)
def test_what_leaves_a_slide_is_told_with_its_pixels_and_its_axis(check_deck: Check, place: str, said: str) -> None:
    assert check_deck(f'<div style="{BOX} {place}">box</div>') == [f"lectures/x.md:5: slide 'Stride': 'box' {said}"]


def test_what_leaves_a_slide_of_the_appendix_is_told_too(browser: Browser, tmp_path: Path) -> None:
    """reveal.js does not count the slides of an appendix."""
    page = write_page(tmp_path, "slides.html", f'<div style="{BOX} left: 1300px; top: 100px"></div>')
    marked = page.path.read_text().replace('id="stride"', 'id="stride" data-visibility="uncounted"')
    page.path.write_text(marked)
    found = told(visit_deck(browser, read_page(page.path, "lectures/x.md"), "").findings)
    assert len(found) == 1
    assert "lectures/x.md:5: slide 'Stride': " in found[0]


def test_a_slide_that_is_mostly_white_below_what_it_shows_is_told(check_deck: Check) -> None:
    low, high = (f'<div style="{BOX} top: {top}px">box</div>' for top in (300, 270))
    assert check_deck(low, is_filled=False) == []
    said = check_deck(high, is_filled=False)
    assert said == ["lectures/x.md:5: slide 'Stride': 52 % of its room lies white below what it shows"]


def test_no_slide_of_a_sound_lecture_is_mostly_white(browser: Browser, sample_folder: Path) -> None:
    """Neither one with a film, nor a cover, nor a question in large letters."""
    found = told(visit_deck(browser, read_page(sample_folder / "slides.html", "lectures/x.md"), "").findings)
    assert [line for line in found if "white" in line] == []


def test_that_a_slide_is_mostly_white_is_a_warning(browser: Browser, tmp_path: Path) -> None:
    page = write_page(tmp_path, "slides.html", f'<div style="{BOX} top: 150px">box</div>', is_filled=False)
    found = visit_deck(browser, page, "").findings
    assert [finding.is_warning for finding in found] == [True]


def test_what_just_fits_passes(check_deck: Check) -> None:
    assert check_deck(f'<div style="{BOX} top: {FLOOR - 100}px; left: 1180px">box</div>') == []


def test_a_fragment_that_leaves_the_slide_is_told(check_deck: Check) -> None:
    hidden = f'<div class="fragment" style="{BOX} top: 600px">late</div>'
    assert check_deck(hidden) == ["lectures/x.md:5: slide 'Stride': 'late' leaves its room by 22 px vertically"]


def test_text_that_leaves_its_own_box_is_told(check_deck: Check) -> None:
    (said,) = check_deck('<p style="position: absolute; left: 1200px; width: 20px">Kilometerlang</p>')
    assert "'Kilometerlang' leaves its room by" in said
    assert "horizontally" in said


def test_what_leaves_the_slide_in_a_large_window_alone_is_told_with_its_size(check_deck: Check) -> None:
    style = "<style>@media (min-width: 1900px) { .far { left: 1200px !important; } }</style>"
    (said,) = check_deck(f'{style}<div class="far" style="{BOX} top: 300px; left: 0">box</div>')
    assert said.endswith("'box' leaves its room by 20 px horizontally, in a window of 1920 × 1080")


def test_text_for_screen_readers_may_lie_anywhere(check_deck: Check) -> None:
    assert check_deck(f'<p class="sr-only" style="{BOX} left: -900px">Only heard.</p>') == []


def test_small_text_is_told_with_its_size(check_deck: Check) -> None:
    assert check_deck('<p style="font-size: 12px">tiny</p>') == [
        "lectures/x.md:5: slide 'Stride': 'tiny' is set in 12 px, not 18 or more"
    ]
    assert check_deck('<p style="font-size: 18px">small</p>') == []


def test_small_text_in_a_picture_is_told_with_its_size(check_deck: Check) -> None:
    shown = '<div style="position: absolute; left: 0; top: 60px; width: {}px">{}</div>'
    (said,) = check_deck(shown.format(640, TEXT_OF_18))
    assert said == "lectures/x.md:5: slide 'Stride': a picture has text of 9.0 px, not 18 or more"
    assert check_deck(shown.format(1240, TEXT_OF_18.replace('size="18"', 'size="19"'))) == []


def test_clipped_code_is_told(check_deck: Check) -> None:
    code = '<pre style="overflow: hidden; white-space: pre; width: {}px"><code style="white-space: pre">{}</code></pre>'
    (said,) = check_deck(code.format(300, "x = " + "1 + " * 40))
    assert said.startswith("lectures/x.md:5: slide 'Stride': 'x = 1 + 1")
    assert "is cut off by" in said
    assert check_deck(code.format(300, "x = 1")) == []


def test_a_picture_that_does_not_load_is_told(check_deck: Check) -> None:
    (said,) = check_deck('<img alt="a grid" src="data:image/png;base64,AAAA">')
    assert said == "lectures/x.md:5: slide 'Stride': the picture or film 'a grid' does not load"


def test_a_request_to_the_network_is_told(check_deck: Check) -> None:
    said = check_deck('<img alt="x" src="http://example.invalid/x.png">')
    assert any("slides.html asks the network for 'http://example.invalid/x.png'" in line for line in said)


def test_an_error_in_a_script_is_told_on_its_slide(check_deck: Check) -> None:
    oops = "event => { if (event.currentSlide.id === 'stride') throw Error('oops') }"
    said = check_deck(f"<script>addEventListener('load', () => Reveal.on('slidechanged', {oops}))</script>")
    assert said[0] == "lectures/x.md:5: slide 'Stride': slides.html says 'oops'"


def test_an_error_in_the_console_is_told(check_deck: Check) -> None:
    assert check_deck("<script>console.error('no such map')</script>") == [
        "lectures/x.md: slides.html: slides.html says 'no such map'"
    ]


def test_what_axe_finds_on_a_slide_is_told(check_deck: Check) -> None:
    (said,) = check_deck('<p style="color: #aaa">Faint words.</p>', with_axe=True)
    assert said.startswith("lectures/x.md:5: slide 'Stride': axe 'color-contrast': <p style=")


def test_what_axe_finds_in_a_handout_is_told(check_handout: Check) -> None:
    said = check_handout('<p style="color: #777; background: #888">Faint words.</p>')
    assert all(line.startswith("lectures/x.md:5: slide 'Stride': axe 'color-contrast'") for line in said)
    assert len(said) == 2  # by day and in the dark


def test_a_sound_handout_passes(check_handout: Check) -> None:
    assert check_handout("<p>Words.</p>") == []


def test_text_of_a_picture_that_readers_cannot_read_is_told_for_both_widths(check_handout: Check) -> None:
    said = check_handout(TEXT_OF_18)
    assert [line.partition("a picture has text of ")[2] for line in said] == [
        "10.6 px in a window 1280 px wide, not 12 or more",
        "4.8 px in a window 390 px wide, not 11 or more",
    ]


def test_a_picture_that_scrolls_on_a_phone_is_told(check_handout: Check) -> None:
    still = '<svg class="drawing still" viewBox="0 0 9 9" aria-label="x" role="img"></svg>'
    said = check_handout(
        f'<div class="frame" tabindex="0">{still}<svg width="900" height="9" aria-hidden="true"></svg></div>'
    )
    assert [line.partition("a picture ")[2] for line in said] == ["scrolls sideways in a window 390 px wide"]


def test_folded_pictures_are_read_too_and_stay_folded(browser: Browser, tmp_path: Path) -> None:
    page = write_page(tmp_path, "handout.html", f"<details><summary>x</summary>{TEXT_OF_18}</details>")
    found, _ = visit_handout(browser, page, "")
    assert len(found) == 2
    assert all(finding.is_warning for finding in found)


def test_a_handout_that_is_wider_than_a_phone_is_told(check_handout: Check) -> None:
    assert check_handout('<div style="width: 500px">x</div>')[0].startswith(
        "lectures/x.md: handout.html: handout.html is "
    )


def test_a_deck_that_never_gets_ready_is_told(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.check.browser.PATIENCE", 500)
    stop = "<script>addEventListener('load', () => document.querySelector('.reveal').className = '')</script>"
    visit = Visit(write_page(tmp_path, "slides.html", stop.replace("load", "DOMContentLoaded")), range(2))
    see(browser, visit, "")
    (said,) = told(visit.findings)
    assert said.startswith("lectures/x.md: slides.html: the page does not get ready: ")


def test_a_check_pictures_every_slide_and_the_handout(project: Path) -> None:
    (project / "lectures" / "sample.md").write_text("---\ntitle: Sample\n---\n## A\n\nWords.\n")
    (project / "setup").mkdir()
    (project / "setup" / "node_modules").symlink_to(ROOT / "setup" / "node_modules")
    folder = project / "build" / "sample"
    folder.mkdir(parents=True)
    for module in (slides, handout, teacher):
        (folder / module.FORMAT.file_name).write_bytes(
            module.export(Document(sample_notebook(), sample_assets()), ROOT)
        )
    words = [sys.executable, "-m", "generator", "check"]
    done = subprocess.run(
        words, check=False, cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[:4] == [f"wrote build/sample/check/{name}.png" for name in SHEETS]
    assert "not checked" not in done.stdout
    rows = -(-(folder / "slides.html").read_text().count("<section") // 5)
    with Image.open(folder / "check" / "slides.png") as sheet:
        assert sheet.size == (12 + 5 * 396, 12 + rows * 250)


def test_a_long_deck_is_visited_in_parts_and_pictured_in_its_order(tmp_path: Path) -> None:
    many = "".join(f'<section data-line="{9 + number}"><h2>Slide {number}</h2>{LOW}</section>' for number in range(30))
    path = write_page(tmp_path, "slides.html", "x").path
    before, last, after = path.read_text().rpartition("</section>")
    path.write_text(before + last + many + after)
    page = read_page(path, "lectures/x.md")
    with ThreadPoolExecutor(1) as other_thread:
        visits = other_thread.submit(visit_pages, [page], "").result()
    count = len(slides_of(page))
    assert len(visits) == len(visits_to(page)) == -(-count // SLIDES_A_VISIT) > 1
    assert [number for visit in visits for number in visit.numbers] == list(range(count))
    assert [len(visit.shots["slides"]) for visit in visits] == [len(visit.numbers) for visit in visits]


def test_a_page_that_holds_the_browser_up_is_told(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = "<script>addEventListener('load', () => setTimeout(() => { for (;;); }))</script>"
    page, verdict = write_page(tmp_path, "handout.html", loop), CheckResult()
    monkeypatch.setattr("generator.check.visits.seconds_for", lambda _: 3)
    with ThreadPoolExecutor(1) as other_thread:  # Playwright runs once a thread
        other_thread.submit(check.check_in_browser, [page, page], project, verdict).result()
    (said,) = set(told(verdict.findings))
    assert said == "lectures/x.md: handout.html: the browser has not come to an end with the page in 3 s"
    assert verdict.unchecked[-1].startswith("layout, requests, script errors, axe and contact sheets (Chromium fails: ")


def test_a_browser_that_was_stopped_is_ended() -> None:
    def visit() -> bool:
        with start_chromium() as chromium:
            window = chromium.browser.new_page()
            (driver,) = chromium.starters
            for process in descendants_of(driver):
                os.kill(process, signal.SIGSTOP)
            with chromium.time_limit(1), pytest.raises(Error):
                window.evaluate("1")
        return descendants_of(driver) == set()

    with ThreadPoolExecutor(1) as other_thread:
        assert other_thread.submit(visit).result()
