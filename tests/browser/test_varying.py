"""A figure that varies, in a browser: by mouse, keyboard and finger, without scripts, on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page
from varying_lecture import varied_document
from visitor import ROOT, Visitor, violations

from generator.formats import handout, slides

pytestmark = pytest.mark.browser
WIDTH = "() => document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def varying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the pages of a lecture whose figures vary."""
    folder = tmp_path_factory.mktemp("varying")
    (folder / "project").mkdir()
    document = varied_document(folder / "project")
    for module in (slides, handout):
        (folder / module.FORMAT.file_name).write_bytes(module.export(document, ROOT))
    return folder


@pytest.fixture
def article(varying: Path, visitor: Visitor) -> Page:
    return visitor.open(varying / "handout.html")


def picture_of(page: Page, name: str) -> Locator:
    return page.locator(f"#fig-{name} svg.still")


def test_a_button_chooses_a_state_and_the_words_say_it(article: Page) -> None:
    figure = article.locator("#fig-explore")
    figure.get_by_text("same", exact=True).click()
    assert "5 × 5" in (picture_of(article, "explore").get_attribute("aria-label") or "").partition("The output is")[2]
    assert figure.locator("[aria-live=polite]").inner_text().startswith("strides 1, edges same: Max pooling")


def test_the_picture_is_that_of_the_state(article: Page) -> None:
    before = picture_of(article, "explore").screenshot()
    article.locator("#fig-explore").get_by_role("slider").fill("1")
    changed = picture_of(article, "explore").screenshot()
    article.locator("#fig-explore").get_by_role("slider").fill("0")
    assert changed != before
    assert picture_of(article, "explore").screenshot() == before


def test_the_keyboard_moves_the_slider_and_the_buttons(article: Page) -> None:
    slider = article.locator("#fig-explore").get_by_role("slider", name="strides")
    slider.focus()
    article.keyboard.press("ArrowRight")
    assert (slider.get_attribute("aria-valuetext"), article.locator("#fig-explore .knob-value").inner_text()) == (
        "2",
        "2",
    )
    article.keyboard.press("Tab")
    article.keyboard.press("ArrowRight")
    assert article.locator("#fig-explore .says").inner_text().startswith("strides 2, edges same")


def test_a_choice_that_is_left_out_moves_the_other_control_and_says_so(article: Page) -> None:
    figure = article.locator("#fig-explore")
    figure.get_by_text("same", exact=True).click()
    figure.get_by_role("slider").fill("2")
    assert figure.get_by_role("radio", name="valid").is_checked()
    assert figure.locator(".says").inner_text().startswith("These do not go together, so edges is now valid. strides 3")


def test_two_figures_share_one_control(article: Page) -> None:
    assert article.locator("#fig-follower .knobs").count() == 0
    article.locator("#fig-leader").get_by_text("2", exact=True).click()
    assert "stride 2" in (picture_of(article, "follower").get_attribute("aria-label") or "")


def test_a_finger_reaches_every_control_on_a_phone(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(
        varying / "handout.html", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page.locator("#fig-explore").get_by_text("same", exact=True).tap()
    assert "edges same" in page.locator("#fig-explore .says").inner_text()
    assert page.evaluate(WIDTH) == 390
    for control in page.locator(".knob input, .knob select").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_is_found_in_any_state(varying: Path, visitor: Visitor, axe: str, scheme: str) -> None:
    page = visitor.open(varying / "handout.html", color_scheme=scheme)
    page.locator("#fig-explore").get_by_role("slider").fill("1")
    page.evaluate(axe)
    assert violations(page) == []
    assert (visitor.loaded_from_elsewhere, visitor.complaints) == ([], [])


def test_without_scripts_a_table_shows_the_states(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "handout.html", java_script_enabled=False)
    table = page.get_by_role("list", name="States of figure 1")
    assert table.get_by_role("img").count() == 3
    assert (table.is_visible(), page.locator("#fig-explore .knobs").is_visible()) == (True, False)


def test_on_paper_the_table_takes_the_place_of_the_controls(article: Page) -> None:
    table = article.locator(".states").first
    assert (table.is_visible(), article.locator("#fig-explore .knobs").is_visible()) == (False, True)
    article.emulate_media(media="print")
    assert (table.is_visible(), article.locator("#fig-explore .knobs").is_visible()) == (True, False)


def test_an_enlarged_picture_is_that_of_the_state(article: Page) -> None:
    article.locator("#fig-explore").get_by_text("same", exact=True).click()
    article.get_by_role("button", name="Enlarge figure 1").click()
    assert "f1-state-1" in (article.locator(".stage use").get_attribute("href") or "")
    article.keyboard.press("Escape")
    article.locator("#fig-explore").get_by_text("valid", exact=True).click()
    assert picture_of(article, "explore").locator("use").get_attribute("href") == "#f1-state-0"
