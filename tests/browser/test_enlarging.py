"""A press on a picture shows it as large as the window, and leaves the page as it was."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from visitor import Visitor, violations

pytestmark = pytest.mark.browser

WIDE = "e => e.getBoundingClientRect().width"


def test_enter_enlarges_a_figure_and_escape_puts_it_back(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    button = page.get_by_role("button", name="Enlarge figure 2")
    before = page.locator("#fig-2 .still").evaluate(WIDE)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="figure 2")).to_be_visible()
    assert page.locator(".stage .still").evaluate(WIDE) > 1.2 * before
    assert "picture 2" in page.locator(".stage-words").inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    assert page.locator("#fig-2 .still").evaluate(WIDE) == before
    assert visitor.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_tap_on_a_picture_enlarges_it_and_another_puts_it_back(
    visitor: Visitor, sample_folder: Path, width: int
) -> None:
    page = visitor.open(sample_folder / "handout.html", viewport={"width": width, "height": 800}, has_touch=True)
    page.locator("#fig-4 .still").tap()
    expect(page.get_by_role("dialog", name="figure 4")).to_be_visible()
    page.locator(".stage .still").tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#fig-4 .still")).to_be_visible()


def test_arrows_lead_from_step_to_step_and_escape_back_to_the_last(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    page.get_by_role("button", name="Enlarge step 1").first.click()
    expect(page.get_by_role("button", name="Step before")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Step after").click()
    expect(page.get_by_role("dialog", name="step 3")).to_be_visible()
    assert page.locator(".stage-words").inner_text() == "It reaches the last column."
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Enlarge step 3").first).to_be_focused()
    strip = page.get_by_role("list", name="Figure 1, step by step").get_by_role("listitem")
    assert [item.locator("svg").count() for item in strip.all()] == [1, 1, 1]


def test_a_film_plays_on_where_it_is_enlarged(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "handout.html")
    page.get_by_role("button", name="Play the film of figure 1").click()
    page.get_by_role("button", name="Enlarge figure 1").click()
    film = page.locator(".stage video")
    expect(film).to_be_visible()
    assert film.evaluate("film => film.src") != ""
    page.keyboard.press("Escape")
    expect(page.locator("#fig-1 video")).to_be_visible()


def test_an_enlarged_picture_is_sound_in_the_eyes_of_axe(visitor: Visitor, sample_folder: Path, axe: str) -> None:
    page = visitor.open(sample_folder / "handout.html", bypass_csp=True)
    page.evaluate(axe)
    page.get_by_role("button", name="Enlarge step 2").first.click()
    assert violations(page) == []
