"""A pad before a trained network: by mouse and keyboard, on a slide as in the handout, without scripts and on paper."""

from pathlib import Path

import pytest
from drawing_lecture import drawing_document, measured
from playwright.sync_api import Page, expect
from strokes import DIGITS, PLACES, SIZES, Stroke, placed
from visitor import ROOT, Visitor, violations

from generator.formats import handout, slides

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the pages of a lecture with a pad; its network has learned from 12,000 digits."""
    folder = tmp_path_factory.mktemp("drawn")
    document = drawing_document(folder / "project", measured(12_000))
    for module in (slides, handout):
        (folder / module.FORMAT.file_name).write_bytes(module.export(document, ROOT))
    return folder


@pytest.fixture
def article(pages: Path, visitor: Visitor) -> Page:
    page = visitor.open(pages / "handout.html")
    page.locator(".draw.live").wait_for()
    return page


def draw(page: Page, strokes: list[Stroke]) -> None:
    """Draw strokes on the pad with the mouse; they are shares of its side."""
    room = page.locator(".draw-pad").bounding_box()
    assert room
    for stroke in strokes:
        points = [(room["x"] + x * room["width"], room["y"] + y * room["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def answer(page: Page) -> str:
    return page.locator(".draw").get_attribute("data-answer") or ""


def test_drawn_digits_are_recognized_at_three_places_and_in_two_sizes(article: Page) -> None:
    clear, right = article.get_by_role("button", name="Clear"), 0
    article.locator(".draw-pad").scroll_into_view_if_needed()
    for digit in DIGITS:
        for place in PLACES:
            for size in SIZES:
                clear.click()
                draw(article, placed(digit, place, size))
                right += answer(article) == str(digit)
    assert right >= 56


def test_a_stroke_is_computed_and_painted_within_a_frame(article: Page) -> None:
    article.locator(".draw-pad").scroll_into_view_if_needed()
    times = []
    for _ in range(5):
        draw(article, placed(3, "in the middle", "large"))
        times.append(float(article.locator(".draw").get_attribute("data-milliseconds") or "inf"))
    assert min(times) < 16


def test_the_pad_can_be_drawn_on_by_keyboard(article: Page) -> None:
    article.locator(".draw-pad").focus()
    for key in ("Delete", *4 * ["Shift+ArrowUp"], " ", *6 * ["Shift+ArrowDown"], " "):
        article.keyboard.press(key)
    expect(article.locator(".draw-says")).to_contain_text("The network says 1")
    article.keyboard.press("Delete")
    expect(article.locator(".draw-says")).to_have_text("The pad is empty: draw a digit.")


def test_a_test_digit_can_be_chosen_by_its_class(article: Page) -> None:
    article.locator(".draw-digits").select_option(label="a 7")
    expect(article.locator(".draw-says")).to_contain_text("The network says 7 (")


def test_a_cell_of_a_map_says_its_value_and_what_it_sees(article: Page) -> None:
    canvas = article.get_by_role("img", name="Layer conv2")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        article.keyboard.press(key)
    told = article.locator(".draw-cell")
    expect(told).to_contain_text("conv2, channel 1, row 2, column 2: ")
    expect(told).to_contain_text("It sees 8 × 8 pixels: rows 3 to 10, columns 3 to 10.")
    assert article.locator(".draw-field").is_visible()
    article.keyboard.press("Shift+ArrowRight")
    expect(told).to_contain_text("conv2, channel 2, row 2, column 2: ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 320])
def test_no_barrier_is_found(pages: Path, visitor: Visitor, axe: str, scheme: str, width: int) -> None:
    page = visitor.open(pages / "handout.html", color_scheme=scheme, viewport={"width": width, "height": 800})
    page.locator(".draw.live").wait_for()
    page.evaluate(axe)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (len(visitor.requests), visitor.complaints) == (1, [])  # the page itself


def test_drawing_turns_no_slide_and_a_clicker_does(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "slides.html", "#/a-network-reads")
    page.locator(".draw.live").wait_for()
    draw(page, placed(7, "at the top left", "small"))
    page.locator(".draw-pad").focus()
    for key in ("ArrowRight", " ", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("Reveal.getCurrentSlide().id") == "a-network-reads"
    page.keyboard.press("PageDown")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "another-slide"


def test_the_still_stands_there_on_paper_and_without_scripts(pages: Path, visitor: Visitor, article: Page) -> None:
    still, live = article.locator(".widget-still"), article.locator(".widget-live")
    assert (still.is_visible(), live.is_visible()) == (False, True)
    article.emulate_media(media="print")
    assert (still.is_visible(), live.is_visible()) == (True, False)
    bare = visitor.open(pages / "handout.html", java_script_enabled=False)
    assert (bare.locator(".widget-still").is_visible(), bare.locator(".widget-live").is_visible()) == (True, False)


def test_what_works_weighs_less_than_400_kilobytes(article: Page) -> None:
    parts = article.locator("script[type=module], #network-live, #network-live-bytes").all_text_contents()
    assert len(parts) == 3
    assert sum(map(len, parts)) < 400_000
