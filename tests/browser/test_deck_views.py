"""The deck as more than one slide at a time: its overview, and the column on a phone that is held upright."""

from itertools import pairwise
from pathlib import Path

import pytest
from deck import go_to
from visitor import Visitor

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}
LEFT = "id => Math.round(document.getElementById(id).getBoundingClientRect().left)"


def test_in_the_overview_each_part_is_a_column(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/still")
    page.keyboard.press("Escape")
    columns = [{page.evaluate(LEFT, name) for name in part} for part in (
        ("title", "agenda"), ("part-a", "window", "stride", "still", "beside"), ("part-b", "code", "table"), ("part-c", "quiz"),
    )]  # fmt: skip
    assert [len(column) for column in columns] == [1, 1, 1, 1]
    assert sorted(column.pop() for column in columns) == sorted(
        {page.evaluate(LEFT, name) for name in ("title", "part-a", "part-b", "part-c")}
    )
    box = page.locator("#still").bounding_box()
    assert box
    assert 500 < box["x"] + box["width"] / 2 < 780
    assert visitor.complaints == []


def test_arrows_lead_through_the_overview_by_parts(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/window")
    page.keyboard.press("Escape")
    reached = []
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
        reached.append(page.evaluate("() => Reveal.getCurrentSlide().id"))
    assert reached == ["stride", "table", "code", "part-b", "part-b", "part-a"]


def test_the_overview_leaves_the_order_of_the_slides_alone(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html")
    go_to(page, "part-b")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.locator("section#code.present").wait_for()


def upright(visitor: Visitor, folder: Path, query: str = "") -> object:
    copy = folder / "deck.html"
    copy.write_bytes((folder / "slides.html").read_bytes())  # which is not waited for as a deck
    return visitor.open(copy, query, **PHONE)


def test_on_a_phone_held_upright_the_deck_is_a_column_of_readable_text(visitor: Visitor, sample_folder: Path) -> None:
    page = upright(visitor, sample_folder)
    sizes = page.evaluate("""() => [...document.querySelectorAll(".slides p, .slides li, .slides h2")]
        .filter(e => e.checkVisibility() && !e.closest(".foot, .sr-only, svg, .badge"))
        .map(e => parseFloat(getComputedStyle(e).fontSize))""")  # fmt: skip
    assert min(sizes) >= 16
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    tops = page.evaluate(
        "() => [...document.querySelectorAll('.slides > section')].map(s => [s.getBoundingClientRect().top, s.getBoundingClientRect().bottom])"
    )
    assert all(above[1] <= below[0] + 1 for above, below in pairwise(tops))
    assert visitor.complaints == []


def test_upright_a_figure_lies_in_the_column_and_is_not_set_at_its_largest(
    visitor: Visitor, sample_folder: Path
) -> None:
    page = upright(visitor, sample_folder)
    assert page.locator(".picture > .stage > .still").count() > 0
    for still in page.locator(".picture > .stage > .still").all():
        assert still.evaluate("e => e.getBoundingClientRect().width") == pytest.approx(620, abs=1)
        assert still.evaluate("e => e.closest('.picture').getBoundingClientRect().right") <= 390


def test_upright_an_answer_waits_for_its_button(visitor: Visitor, sample_folder: Path) -> None:
    page = upright(visitor, sample_folder)
    answer = page.locator("#quiz .answer")
    assert answer.evaluate("e => getComputedStyle(e).visibility") == "hidden"
    page.locator("#quiz").get_by_role("button", name="Answer").click()
    assert answer.evaluate("e => getComputedStyle(e).visibility") == "visible"


def test_upright_a_film_plays_at_a_press(visitor: Visitor, sample_folder: Path) -> None:
    page = upright(visitor, sample_folder, "#/window")
    page.locator("#window").get_by_role("button", name="Play the film").click()
    page.wait_for_function("() => document.querySelector('#fig-1 video').currentTime > 0.1")
    assert visitor.complaints == []


def test_a_window_that_is_narrow_for_a_moment_does_not_load_the_deck_anew(
    visitor: Visitor, sample_folder: Path
) -> None:
    """A browser that prints, or takes a picture of the page, changes the window for a moment."""
    page = visitor.open(sample_folder / "slides.html")
    page.evaluate("() => { window.isTheSame = true }")
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("() => new Promise(done => setTimeout(done, 1000))")
    assert page.evaluate("() => window.isTheSame") is True


def test_a_window_that_stays_narrow_makes_the_deck_a_column(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("html.upright").wait_for()
