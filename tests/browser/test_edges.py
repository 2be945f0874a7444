"""All that a slide shows begins at one edge, in every form of the deck, and little text is set larger."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from deck import go_to
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page
from sample_lecture import MARKS, ink_of, number_at, sample_assets, sample_notebook
from test_deck_views import upright as open_upright
from test_film import UNPLAYABLE, read_number
from visitor import ROOT, Visitor

from generator.document.tree import Document
from generator.formats import slides_pdf
from generator.html.figure import SNAP
from generator.theme import EDGE

pytestmark = pytest.mark.browser

TOLERANCE = 2  # pixels: letters have some room of their own
FAINTEST = 6  # of 255: cards are little darker than paper
ANCHORS = ["still", "strip", "beside", "stride", "code", "table", "prints", "quiz", "exercise", "recap", "agenda"]
BOX = """section => {
  const box = element => { const {left, top, right, bottom} = element.getBoundingClientRect(); return [left, top, right, bottom] };
  return {slide: box(section), title: box(section.querySelector("h2")), content: box(section.querySelector(".content"))};
}"""

SHOWN_BY = {"a film": "", "the pictures of its marks": UNPLAYABLE["it says so"]}
# Lays the film's whole frame around its still, as a browser does that cannot cut off its margins.
UNCUT = """() => {
  for (const sheet of document.adoptedStyleSheets) {
    const at = [...sheet.cssRules].findIndex(rule => rule instanceof CSSSupportsRule && rule.conditionText.includes("object-view-box"));
    if (at >= 0) return sheet.deleteRule(at);
  }
  throw new Error("no rule cuts films");
}"""


def first_ink(picture: Image.Image, box: tuple[float, float, float, float]) -> int:
    """Return the leftmost pixel inside a box that differs from the paper, which the picture's corner shows."""
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    left, top, right, bottom = (round(number) for number in box)
    seen = np.abs(pixels[top:bottom, left:right] - pixels[1, 1]).max(axis=2) > FAINTEST
    return left + int(np.flatnonzero(seen.any(axis=0))[0])


def edges(section: Locator) -> tuple[int, int]:
    """Return where the title and what lies below it begin, in pixels from the slide's left."""
    found: Mapping[str, list[float]] = section.evaluate(BOX)
    left, top, right, _ = found["slide"]
    picture = Image.open(BytesIO(section.screenshot()))
    title, content = ((0, y[1] - top, right - left, y[3] - top) for y in (found["title"], found["content"]))
    return first_ink(picture, title), first_ink(picture, content)


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_title_and_what_is_below_it_begin_at_the_edge(visitor: Visitor, sample_folder: Path, anchor: str) -> None:
    page = visitor.open(sample_folder / "slides.html")
    go_to(page, anchor)
    title, content = edges(page.locator("section.present"))
    assert abs(title - EDGE) <= TOLERANCE
    assert abs(content - title) <= TOLERANCE


@pytest.mark.parametrize("anchor", ANCHORS)
def test_they_begin_at_one_edge_in_pages_for_printing(visitor: Visitor, sample_folder: Path, anchor: str) -> None:
    page = visitor.open(sample_folder / "slides.html", "?print-pdf")
    section = page.locator(f"section#{anchor}")
    title, content = edges(section)
    assert abs(title - EDGE) <= TOLERANCE
    assert abs(content - title) <= TOLERANCE


def test_a_film_lies_over_its_still(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html")
    go_to(page, "window")
    still, film = (page.locator(f"#window {name}").bounding_box() for name in (".still", ".screen"))
    assert film == pytest.approx(still, abs=0.1)


def seen_at(page: Page, place: FloatRect) -> NDArray[np.int_]:
    """Return the gray levels that a page shows at a place: an array (height, width) of 0 to 255."""
    return np.asarray(Image.open(BytesIO(page.screenshot(clip=place))).convert("L")).astype(int)


@pytest.mark.parametrize("script", SHOWN_BY.values(), ids=SHOWN_BY)
def test_a_film_shows_what_its_still_does_of_the_frame(visitor: Visitor, sample_folder: Path, script: str) -> None:
    page = visitor.open(sample_folder / "slides.html", init_script=script)
    go_to(page, "window")
    still, film = (page.locator(f"#window {name}") for name in (".still", ".screen"))
    read_number(page, number_at(MARKS[0]))
    place = still.bounding_box()
    cut = seen_at(page, place)
    page.evaluate(UNCUT)
    whole = film.bounding_box()
    left, top, right, _ = ink_of(1280, 600)
    top, right = top - SNAP, right + SNAP
    scale = place["width"] / (right - left)
    assert whole["width"] == pytest.approx(1280 * scale, abs=0.5)
    assert whole["x"] + left * scale == pytest.approx(place["x"], abs=0.5)
    assert whole["y"] + top * scale == pytest.approx(place["y"], abs=0.5)
    assert np.ptp(cut) > 200  # bars are seen, black and white
    assert np.abs(cut - seen_at(page, place)).mean() < 1


def test_they_begin_at_one_edge_on_the_sheets_that_a_deck_prints(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html")
    page.emulate_media(media="print")
    page.evaluate("layOutSheets()")
    for section in page.locator(".sheets section.slide:has(.content):not(:has([data-film], .of-answer))").all():
        title, content = edges(section)
        assert abs(content - title) <= TOLERANCE, section.get_attribute("id")


@pytest.mark.parametrize("anchor", ANCHORS)
def test_they_begin_at_one_edge_on_a_phone_held_upright(visitor: Visitor, sample_folder: Path, anchor: str) -> None:
    page = open_upright(visitor, sample_folder)
    section = page.locator(f"section#{anchor}")
    title, content = edges(section)
    assert abs(content - title) <= TOLERANCE


def test_they_begin_at_one_edge_in_the_pdf() -> None:
    titles = (
        "One still picture",
        "Three steps side by side",
        "Text beside",
        "The network in",
        "Accuracy of",
        "An exercise",
    )
    printed = slides_pdf.export(Document(sample_notebook(), sample_assets()), ROOT)
    found = []
    with pypdfium2.PdfDocument(printed) as document:
        for page in document:
            said = " ".join(page.get_textpage().get_text_range().split())
            if any(title in said for title in titles):
                found.append(said)
                picture = page.render(scale=4 / 3).to_pil()
                title, content = (first_ink(picture, (0, y[0], 1280, y[1])) for y in ((36, 84), (88, 670)))
                assert abs(title - EDGE) <= TOLERANCE, said
                assert abs(content - title) <= TOLERANCE, said
    assert len({title for title in titles for said in found if title in said}) == len(titles)
