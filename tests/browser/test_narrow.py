"""A picture that is drawn for phones, too, is seen once: on a phone that drawing, else the wide one."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sample_lecture import picture, sample_assets, sample_notebook
from visitor import ROOT, Visitor

from generator.document.tree import Document
from generator.formats import handout
from generator.theme import NARROW_WIDTH

pytestmark = pytest.mark.browser
WIDTH = round(100 * NARROW_WIDTH)


@pytest.fixture(scope="module")
def narrow_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the handout of the made-up lecture, the second figure of which has a narrow drawing."""
    folder, assets = tmp_path_factory.mktemp("narrow"), sample_assets()
    assets["fig-2"] |= picture("narrow", WIDTH, 700, 2)
    (folder / "handout.html").write_bytes(handout.export(Document(sample_notebook(), assets), ROOT))
    return folder


@pytest.fixture
def phone(visitor: Visitor, narrow_folder: Path) -> Page:
    return visitor.open(narrow_folder / "handout.html", viewport={"width": 390, "height": 800})


def test_a_phone_shows_the_narrow_drawing_whole_and_not_the_wide_one(phone: Page) -> None:
    frame = phone.locator("#fig-2 .frame")
    expect(frame.locator(".narrow")).to_be_visible()
    expect(frame.locator(".still")).to_be_hidden()
    expect(frame.locator(".pieces")).to_have_count(0)
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


def test_a_screen_reader_meets_the_picture_once(phone: Page) -> None:
    words = phone.locator("#fig-2 .narrow").get_attribute("aria-label")
    assert words
    expect(phone.locator("#fig-2 .card").get_by_role("img", name=words)).to_have_count(1)


def test_a_wide_window_shows_the_wide_drawing(visitor: Visitor, narrow_folder: Path) -> None:
    page = visitor.open(narrow_folder / "handout.html", viewport={"width": 1280, "height": 800})
    expect(page.locator("#fig-2 .still")).to_be_visible()
    expect(page.locator("#fig-2 .narrow")).to_be_hidden()


def test_paper_shows_the_wide_drawing(phone: Page) -> None:
    phone.emulate_media(media="print")
    expect(phone.locator("#fig-2 .still")).to_be_visible()
    expect(phone.locator("#fig-2 .narrow")).to_be_hidden()


def test_a_tap_shows_the_wide_drawing_as_large_as_the_window(phone: Page) -> None:
    phone.locator("#fig-2 .narrow").click()
    expect(phone.locator(".stage .still")).to_be_visible()
    expect(phone.locator(".stage .narrow")).to_be_hidden()
    phone.keyboard.press("Escape")
    expect(phone.locator("#fig-2 .narrow")).to_be_visible()
