"""A figure that varies, in a browser: by mouse, keyboard and finger, without scripts, on paper."""

from pathlib import Path

import pytest
from deck import go_to
from playwright.sync_api import Browser, Locator, Page, expect
from varying_lecture import varied_document
from visitor import ROOT, Visitor, violations

from generator.check.browser import visit_deck
from generator.check.page import read_page
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
    figure.get_by_role("radio", name="same").check()
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
    figure.get_by_role("radio", name="same").check()
    figure.get_by_role("slider").fill("2")
    assert figure.get_by_role("radio", name="valid").is_checked()
    assert figure.locator(".says").inner_text().startswith("These do not go together, so edges is now valid. strides 3")


def test_two_figures_share_one_control(article: Page) -> None:
    assert article.locator("#fig-follower .knobs").count() == 0
    article.locator("#fig-leader").get_by_role("radio", name="2").check()
    assert "stride 2" in (picture_of(article, "follower").get_attribute("aria-label") or "")


def test_a_finger_reaches_every_control_on_a_phone(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(
        varying / "handout.html", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page.locator("#fig-explore").get_by_role("radio", name="same").tap()
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
    article.locator("#fig-explore").get_by_role("radio", name="same").check()
    article.get_by_role("button", name="Enlarge figure 1").press("Enter")
    assert article.locator(".stage use").get_attribute("href") == "#f1-state-1"
    article.keyboard.press("Escape")
    article.locator("#fig-explore").get_by_role("radio", name="valid").check()
    assert picture_of(article, "explore").locator("use").get_attribute("href") == "#f1-state-0"


# A slider that is played.


def stands(page: Page) -> list[str]:
    """Return the value of the slider, what its button does, and whether the words are read aloud."""
    figure = page.locator("#fig-explore")
    live = figure.locator(".says").get_attribute("aria-live") or ""
    return [figure.locator(".knob-value").inner_text(), figure.locator(".knob-play").inner_text(), live]


def test_a_button_plays_the_states_and_stops_at_the_last(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "handout.html")
    page.clock.install()
    button = page.locator("#fig-explore").get_by_role("button", name="Play", exact=True)
    button.press("Enter")
    assert stands(page) == ["2", "Pause", "off"]
    page.clock.run_for(1000)
    assert stands(page) == ["3", "Play", "polite"]
    assert page.locator("#fig-explore .says").inner_text().startswith("strides 3")
    page.clock.run_for(5000)
    assert stands(page) == ["3", "Play", "polite"]
    button.click()
    assert stands(page) == ["1", "Pause", "off"]
    page.locator("#fig-explore .knob-play").click()
    page.clock.run_for(5000)
    assert stands(page) == ["1", "Play", "polite"]


def test_who_moves_the_slider_takes_over(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "handout.html")
    page.clock.install()
    page.locator("#fig-explore .knob-play").click()
    page.locator("#fig-explore").get_by_role("slider").fill("0")
    page.clock.run_for(5000)
    assert stands(page) == ["1", "Play", "polite"]


# A state by its link.


def test_a_link_opens_the_handout_in_a_state(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "handout.html", "#explore?strides=2&padding=same")
    figure = page.locator("#fig-explore")
    assert figure.locator(".says").inner_text().startswith("strides 2, edges same")
    assert figure.get_by_role("slider").get_attribute("aria-valuetext") == "2"
    expect(figure).to_be_in_viewport()
    figure.get_by_role("slider").fill("2")
    assert (figure.get_by_role("link").get_attribute("href") or "").endswith("#explore?strides=3")


def test_a_link_within_the_page_changes_the_state(article: Page) -> None:
    article.evaluate("location.hash = 'explore?padding=same'")
    expect(article.locator("#fig-explore .says")).to_contain_text("strides 1, edges same")
    article.evaluate("location.hash = 'nothing?padding=same'")
    expect(article.locator("#fig-explore .says")).to_contain_text("strides 1, edges same")


def test_a_link_opens_the_deck_at_the_slide_in_a_state(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "slides.html", "#explore?strides=2")
    expect(page.locator("section.present h2")).to_have_text("A window moves")
    assert "strides 2, edges valid" in (page.locator("#fig-explore .says").text_content() or "")


# On a slide.


@pytest.fixture
def deck(varying: Path, visitor: Visitor) -> Page:
    page = visitor.open(varying / "slides.html", has_touch=True)
    go_to(page, "a-window-moves")
    return page


def said(page: Page) -> str:
    return (page.locator("#fig-explore .says").text_content() or "").partition(":")[0]


def title(page: Page) -> Locator:
    return page.locator("section.present h2")


def test_the_keys_of_a_control_do_not_turn_the_slide(deck: Page) -> None:
    deck.locator("#fig-explore").get_by_role("slider").focus()
    for key in ("ArrowRight", "Home", "ArrowRight", "ArrowUp", "ArrowDown", "n", " "):
        deck.keyboard.press(key)
    assert said(deck) == "strides 2, edges valid"
    deck.keyboard.press("Tab")
    deck.keyboard.press("ArrowRight")
    assert said(deck) == "strides 2, edges same"
    deck.locator("#fig-explore .knob-play").press(" ")
    assert said(deck).endswith("strides 3, edges valid")
    expect(title(deck)).to_have_text("A window moves")


def test_a_clicker_turns_the_slide_wherever_the_focus_is(deck: Page) -> None:
    deck.locator("#fig-explore").get_by_role("slider").focus()
    deck.keyboard.press("PageDown")
    expect(title(deck)).to_have_text("Two windows move at once")
    assert said(deck) == "strides 1, edges valid"
    deck.keyboard.press("PageUp")
    expect(title(deck)).to_have_text("A window moves")


def test_who_has_used_the_mouse_turns_the_slide_with_the_next_key(deck: Page) -> None:
    deck.locator("#fig-explore").get_by_role("radio", name="same").click()
    assert said(deck) == "strides 1, edges same"
    expect(title(deck)).to_have_text("A window moves")
    deck.keyboard.press("ArrowRight")
    expect(title(deck)).to_have_text("Two windows move at once")


def test_a_swipe_over_a_control_does_not_turn_the_slide(deck: Page) -> None:
    box = deck.locator("#fig-explore .knobs").bounding_box()
    assert box is not None
    touch = deck.context.new_cdp_session(deck)
    x, y = box["x"] + box["width"] - 20, box["y"] + box["height"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (100, 200, 400):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x - step, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(title(deck)).to_have_text("A window moves")


def test_the_controls_stand_in_the_place_of_the_foot(deck: Page) -> None:
    assert deck.locator("section.present .foot-part").is_visible() is False
    assert deck.locator("section.present .foot-number").is_visible()
    knobs, picture = (deck.locator(f"#fig-explore {part}").bounding_box() for part in (".knobs", ".still"))
    assert knobs is not None
    assert picture is not None
    assert picture["y"] + picture["height"] <= knobs["y"] + 1
    assert knobs["y"] + knobs["height"] <= 720


def test_the_check_finds_nothing_wrong_with_a_slide_that_varies(varying: Path, browser: Browser, axe: str) -> None:
    page = read_page(varying / "slides.html", "lectures/varied.md")
    found = visit_deck(browser, page, axe).findings
    assert [finding.problem for finding in found if "a picture has text" not in finding.problem] == []
    assert all(finding.where is not None and finding.where.line > 20 for finding in found)  # the two beside each other


def test_the_deck_prints_its_states_on_a_sheet_after_the_slide(deck: Page) -> None:
    deck.evaluate("dispatchEvent(new Event('beforeprint'))")
    deck.emulate_media(media="print")
    sheets = deck.locator(".sheets section:has(.states-sheet.shown)")
    assert sheets.count() == 3
    assert sheets.first.locator(".shown svg").count() == 3
    assert (sheets.first.locator(".shown").is_visible(), sheets.first.locator(".still").is_visible()) == (True, False)


def test_a_deck_without_scripts_shows_the_states_below_the_figure(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "slides.html", java_script_enabled=False)
    assert page.get_by_role("list", name="States of figure 1").get_by_role("img").count() == 3


def test_on_a_phone_the_state_that_is_chosen_stands_in_pieces(varying: Path, visitor: Visitor) -> None:
    page = visitor.open(varying / "handout.html", viewport={"width": 390, "height": 800})
    figure = page.locator("#fig-explore")
    pieces = figure.locator(".pieces")
    expect(pieces).to_be_visible()
    before = pieces.screenshot()
    figure.get_by_role("radio", name="same").check()
    expect(pieces).to_have_attribute("aria-label", picture_of(page, "explore").get_attribute("aria-label") or "")
    assert pieces.screenshot() != before
    assert figure.locator(".frame").evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    assert visitor.complaints == []
