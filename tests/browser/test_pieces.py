"""On a narrow page a wide picture stands in pieces, one below the other, cut where nothing is torn apart."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from visitor import ROOT, Visitor

pytestmark = pytest.mark.browser

SCRIPT = (ROOT / "generator" / "html" / "templates" / "handout" / "pieces.js").read_text(encoding="utf-8")
MOST = 600  # pixels that a piece is wide at most
SMALL = (ROOT / "generator" / "check" / "small_text.js").read_text(encoding="utf-8")
# What lies outside of its frame though the frame does not say that it scrolls, and frames that no keyboard reaches.
HIDDEN = """async () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  const frames = [...document.querySelectorAll(".frame")];
  await new Promise(done => new ResizeObserver(done).observe(frames.at(-1))); // after the page's own
  for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
  return frames.flatMap(frame => {
    const isWider = frame.scrollWidth > frame.clientWidth + 1;
    const says = frame.matches(".scrolls[tabindex]") && frame.parentElement.querySelector(".swipe").checkVisibility();
    const torn = [...frame.querySelectorAll(".piece")].some(piece => piece.getBoundingClientRect().width > frame.clientWidth + 0.5);
    return isWider !== says || torn ? [frame.closest("figure").id] : [];
  });
}"""
# A picture of two tables with a note: its own drawing would not have to be cut.
WIDE = """() => {
  const frame = document.querySelector("#fig-2 .frame"), still = frame.querySelector(".still");
  still.innerHTML = '<path d="M0,0h500v300h-500z"/><path d="M700,0h500v300h-500z"/><text x="10" y="340" font-size="20">a note</text>';
  stills.delete(frame);
  cutFrame(frame);
}"""


@pytest.fixture
def paper(visitor: Visitor, sample_folder: Path) -> Page:
    return visitor.open(sample_folder / "handout.html", viewport={"width": 1280, "height": 800})


def shape(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    return {"box": [left, top, right, bottom]}


def text(left: float, top: float, right: float) -> dict[str, Any]:
    """A line of text, and its words, each a hundred pixels wide."""
    words = [[x, top, min(right, x + 95), top + 20] for x in range(round(left), round(right), 100)]
    return {"box": [left, top, right, top + 20], "isText": True, "words": words}


def thread(left: float, right: float, y: float) -> dict[str, Any]:
    return {"box": [left, y, right, y], "isThread": True}


def cut(paper: Page, things: list[dict[str, Any]]) -> list[list[float]] | None:
    """Return the left, top, right and bottom of the pieces into which things are cut; None if they cannot be cut."""
    pieces: list[list[float]] | None = paper.evaluate(
        "([things, most]) => piecesOf(things, most)?.map(piece => boundsOf(piece.filter(thing => !thing.isThread))) ?? null",
        [things, MOST],
    )
    return pieces


def test_tables_side_by_side_are_put_one_below_the_other(paper: Page) -> None:
    assert cut(paper, [shape(0, 0, 500, 400), shape(560, 50, 1000, 350)]) == [[0, 0, 500, 400], [560, 50, 1000, 350]]


def test_a_line_that_leads_from_one_to_the_other_is_cut(paper: Page) -> None:
    things = [shape(0, 0, 500, 400), thread(500, 560, 200), shape(560, 50, 1000, 350)]
    assert cut(paper, things) == [[0, 0, 500, 400], [560, 50, 1000, 350]]


def test_a_long_line_of_text_below_two_tables_is_broken_between_words(paper: Page) -> None:
    pieces = cut(paper, [shape(0, 0, 500, 400), shape(560, 50, 1000, 350), text(0, 430, 1000)])
    assert pieces is not None
    assert pieces[2:] == [[0, 430, 495, 450], [500, 430, 995, 450]]


def test_a_plot_that_fills_the_picture_is_not_cut(paper: Page) -> None:
    assert cut(paper, [shape(0, 0, 1000, 400)]) is None


def test_a_curve_of_many_lines_is_not_torn_apart(paper: Page) -> None:
    drawn = "document.querySelector('#fig-2 .still').innerHTML = '<path d=\\'M0,0l500,90M500,90l400,20M0,150h500M0,150h80\\'/>'"
    paper.evaluate(drawn)
    assert paper.evaluate("piecesOf(thingsOf(document.querySelector('#fig-2 .still')), 600)") is None


def test_a_key_of_one_line_is_put_on_two(paper: Page) -> None:
    key = [shape(0, 0, 30, 20), text(40, 0, 430), text(470, 0, 900)]
    assert cut(paper, key) == [[0, 0, 430, 20], [470, 0, 900, 20]]


def test_labels_stay_with_the_rows_that_they_name(paper: Page) -> None:
    rows = [[text(0, y, 90), shape(300, y, 850, y + 20)] for y in (0, 40, 80)]
    pieces = [piece for row in ([0, y, 90, y + 20] for y in (0, 40, 80)) for piece in (row, [300, row[1], 850, row[3]])]
    assert cut(paper, [thing for row in rows for thing in row]) == pieces


def test_labels_of_rows_that_cannot_be_cut_alone_are_not_torn_off(paper: Page) -> None:
    frame = shape(300, 0, 850, 400)
    assert (
        cut(
            paper,
            [*(text(0, y, 90) for y in (10, 150, 310)), *(shape(310, y, 800, y + 120) for y in (5, 140, 275)), frame],
        )
        is None
    )


def test_bars_on_one_axis_are_not_torn_apart(paper: Page) -> None:
    bars = [shape(x, 100 - x / 20, x + 80, 100) for x in range(0, 1000, 100)]
    assert cut(paper, [*bars, thread(0, 1000, 100)]) is None


@pytest.mark.parametrize("width", [390, 600, 1280])
def test_of_no_figure_anything_is_out_of_sight_without_a_hint(pages: Path, visitor: Visitor, width: int) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": width, "height": 800})
    assert page.evaluate(HIDDEN) == []
    assert page.evaluate(SMALL, 12 if width == 1280 else 11) == []


def test_pieces_give_way_to_the_whole_picture_where_it_fits_and_where_it_is_enlarged(
    visitor: Visitor, sample_folder: Path
) -> None:
    page = visitor.open(sample_folder / "handout.html", viewport={"width": 390, "height": 800})
    page.evaluate(WIDE)
    card = page.locator("#fig-2 .card")
    words = card.locator(".still").get_attribute("aria-label")
    expect(card.get_by_role("img", name=words)).to_have_class("pieces")
    card.locator(".pieces").click()
    expect(page.locator(".stage .still")).to_be_visible()
    expect(page.locator(".stage .pieces")).to_be_hidden()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".pieces")).to_have_count(0)
    expect(card.locator(".still")).to_be_visible()


DARK = """() => {
  const names = new Set(document.body.innerHTML.match(/--c[0-9a-f]{6}/g));
  const darkOf = element => [...names].map(name => getComputedStyle(element).getPropertyValue(name));
  return [...document.querySelectorAll(".piece")].map(piece => [darkOf(piece), darkOf(piece.closest(".frame").querySelector(".still"))]);
}"""


def test_pieces_are_dark_where_the_whole_picture_is(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": 390, "height": 800}, color_scheme="dark")
    if pages.name.startswith("pages"):
        page.evaluate(WIDE)
    page.locator(".piece").first.wait_for()
    shown = page.evaluate(DARK)
    assert shown
    assert all(piece == whole and all(whole) for piece, whole in shown)
