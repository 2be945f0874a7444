"""A pad before a trained network: by mouse and keyboard, on a slide as in the handout, without scripts and on paper."""

from pathlib import Path

import pytest
from drawing_lecture import TEXT, drawing_document, examined, measured, trained
from firefox import Firefox
from playwright.sync_api import Page, expect
from strokes import DIGITS, PLACES, SIZES, Stroke, placed
from visitor import ROOT, Visitor, violations

from generator.formats import handout, slides

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the pages of a lecture with a pad; its network has learned from 12,000 digits."""
    folder = tmp_path_factory.mktemp("drawn")
    weights, text = trained(12_000), TEXT.replace(":name: pad", ":channels: study\n:name: pad")
    document = drawing_document(folder / "project", measured(weights), text, examined(weights))
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


def shares(page: Page) -> str:
    return page.get_by_role("img", name="Probabilities").get_attribute("aria-label") or ""


def test_a_silenced_channel_changes_the_answer_and_all_can_be_brought_back(article: Page) -> None:
    article.locator(".draw-digits").select_option(label="a 7")
    whole = shares(article)
    article.get_by_role("img", name="Layer dense1").focus()
    article.keyboard.press("ArrowRight")
    article.keyboard.press(" ")
    button = article.get_by_role("button", name="Silence value 1")
    expect(button).to_have_attribute("aria-pressed", "true")
    for row in range(8):  # there and back, as the values stand
        for move in 7 * ["ArrowLeft" if row % 2 else "ArrowRight"] + (["ArrowDown"] if row < 7 else []):
            article.keyboard.press(move)
            article.keyboard.press("Enter")
    says = article.locator(".draw-says")
    expect(says).to_contain_text("Without 64 channels the network says ")
    expect(says).to_contain_text("with all of them 7 (")
    assert shares(article) != whole
    assert article.locator(".bar-before:visible").count() > 0
    article.get_by_role("button", name="back").click()
    assert shares(article) == whole
    expect(says).not_to_contain_text("Without")
    expect(article.get_by_role("button", name="back")).to_be_hidden()


def test_a_button_silences_the_pressed_channel_and_lets_it_speak_again(article: Page) -> None:
    article.locator(".draw-digits").select_option(label="a 3")
    whole = shares(article)
    canvas = article.get_by_role("img", name="Layer conv1")
    canvas.click(position={"x": 5, "y": 5})
    button = article.get_by_role("button", name="Silence channel 1")
    button.click()
    expect(article.locator(".draw-says")).to_contain_text("with all of them 3 (")
    expect(article.locator(".draw-cell")).to_contain_text("conv1, channel 1, row")
    expect(article.locator(".draw-cell")).to_contain_text(": silenced.")
    button.click()
    assert shares(article) == whole


def test_the_input_has_no_channel_to_silence_and_no_patches(article: Page) -> None:
    article.get_by_role("img", name="Layer input").click(position={"x": 5, "y": 5})
    expect(article.locator(".draw-cell")).to_contain_text("input, channel 1")
    for part in (".draw-silence", ".draw-restore", ".draw-excites"):
        expect(article.locator(part)).to_be_hidden()


def test_the_patches_of_the_pressed_channel_are_shown(article: Page) -> None:
    article.get_by_role("img", name="Layer conv2").click(position={"x": 5, "y": 5})
    patches = article.get_by_role(
        "img", name="The 4 patches of test digits that excite conv2, channel 1 most, of the classes"
    )
    expect(patches).to_be_visible()
    first = patches.screenshot()
    assert patches.evaluate("canvas => [canvas.width, canvas.height]") == [4 * 9 - 1, 8]
    article.keyboard.press("Shift+ArrowRight")
    article.get_by_role("img", name="excite conv2, channel 2 most").wait_for()
    assert article.locator(".draw-patches").screenshot() != first
    article.get_by_role("img", name="Layer pool2").click(position={"x": 5, "y": 5})
    expect(article.locator(".draw-excites")).to_be_hidden()


def test_two_passes_are_computed_and_painted_within_a_frame(article: Page) -> None:
    article.get_by_role("img", name="Layer conv1").click(position={"x": 5, "y": 5})
    times = []
    for _ in range(5):
        article.locator(".draw-silence").click()
        article.locator(".draw-silence").click()
        article.locator(".draw-silence").click()
        times.append(float(article.locator(".draw").get_attribute("data-milliseconds") or "inf"))
    assert min(times) < 16


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 320])
def test_no_barrier_is_found(pages: Path, visitor: Visitor, axe: str, scheme: str, width: int) -> None:
    page = visitor.open(pages / "handout.html", color_scheme=scheme, viewport={"width": width, "height": 800})
    page.locator(".draw.live").wait_for()
    page.get_by_role("img", name="Layer conv2").click(position={"x": 5, "y": 5})
    page.locator(".draw-silence").click()
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
    page.get_by_role("img", name="Layer conv3").focus()
    for key in ("ArrowRight", " ", "Enter", " "):
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


def test_a_table_says_on_paper_what_is_lost_without_a_channel(article: Page) -> None:
    table = article.locator(".draw-table")
    assert not table.is_visible()
    article.emulate_media(media="print")
    assert table.is_visible()
    assert [row.split(",")[0] for row in table.get_by_role("rowheader").all_text_contents()] == [
        "no channel",
        "conv1",
        "conv2",
        "conv3",
    ]


def test_it_answers_in_firefox(pages: Path, firefox: Firefox) -> None:
    firefox.open(pages / "handout.html")
    left, top, side = firefox.run(
        "while (!document.querySelector('.draw.live')) await new Promise(requestAnimationFrame);"
        "document.querySelector('.draw-pad').scrollIntoView({block: 'center'});"
        "const room = document.querySelector('.draw-pad').getBoundingClientRect();"
        "return [room.left, room.top, room.width]"
    )
    for digit in (1, 7):
        firefox.run("document.querySelector('.draw-clear').click()")
        for stroke in placed(digit, "in the middle", "large"):
            firefox.drag([(round(left + x * side), round(top + y * side)) for x, y in stroke])
        assert firefox.run("return document.querySelector('.draw').dataset.answer") == str(digit)
    says = firefox.run(
        "const press = (element, key) => element.dispatchEvent(new KeyboardEvent('keydown', { key }));"
        "const canvas = document.querySelector('canvas[aria-label*=\"conv2\"]');"
        "press(canvas, 'ArrowRight'); press(canvas, ' ');"
        "return document.querySelector('.draw-says').textContent"
    )
    assert "with all of them 7 (" in says
    assert firefox.run("return document.querySelector('.draw-excites').hidden") is False


def test_what_works_weighs_less_than_400_kilobytes(article: Page) -> None:
    parts = article.locator(
        "script[type=module], #network-live, #network-live-bytes, #channels-study, #channels-study-bytes"
    ).all_text_contents()
    assert len(parts) == 5
    assert sum(map(len, parts)) < 400_000
