"""What the browser tests share: Debian's Chromium, the made-up lecture as pages, and the lectures that are built."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from firefox import IS_SET_UP, PROGRAM, Firefox
from playwright.sync_api import Browser, expect, sync_playwright
from processes import PATIENCE
from sample_lecture import sample_assets, sample_notebook
from visitor import ROOT, Visitor

from generator.document.tree import Document
from generator.formats import handout, slides, teacher

SAMPLE = "sample"
BUILD = ROOT / "build"
# All that is built but the site, whose pages are the same.
FOLDERS = (path.parent.relative_to(BUILD) for path in BUILD.glob("**/slides.html"))
BUILT = sorted(str(folder) for folder in FOLDERS if folder.parts[0] not in ("site", ".site"))
expect.set_options(timeout=PATIENCE * 1000)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--headless=new",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give tests that take a `lecture` the made-up one and every one that is built, the quick builds among them."""
    if "lecture" in metafunc.fixturenames:
        metafunc.parametrize("lecture", [SAMPLE, *BUILT], scope="session")


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the made-up lecture's pages."""
    folder = tmp_path_factory.mktemp("pages")
    notebook, assets = sample_notebook(), sample_assets()
    for module in (slides, handout, teacher):
        (folder / module.FORMAT.file_name).write_bytes(module.export(Document(notebook, assets), ROOT))
    return folder


@pytest.fixture(scope="session")
def pages(lecture: str, sample_folder: Path) -> Path:
    """Return the folder with a lecture's pages."""
    return sample_folder if lecture == SAMPLE else BUILD / lecture


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the text of axe-core."""
    return (ROOT / "setup" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium, which cannot resolve any host but this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Return a visitor whose windows are closed after the test."""
    visitor = Visitor(browser)
    yield visitor
    for context in visitor.contexts:
        context.close()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Start Firefox without a decoder of H.264; a machine that is not Debian may do without Firefox."""
    if PROGRAM is None and not IS_SET_UP:
        pytest.skip("this is not Debian, and has no firefox-esr")
    with Firefox(tmp_path_factory.mktemp("profile"), decodes=False) as started:
        yield started
