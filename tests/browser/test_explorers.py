"""The explorers in a browser: by pointer, keyboard and finger; what they write is what their maps show."""

from pathlib import Path

import pytest
from exploring_lecture import MAP, ROOT, explored_document
from firefox import Firefox
from playwright.sync_api import Page, expect
from visitor import Visitor, violations

from generator.formats import handout, slides

pytestmark = pytest.mark.browser
SAYS = ".conv-says"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explored")
    document = explored_document(folder / "project")
    for module in (slides, handout):
        (folder / module.FORMAT.file_name).write_bytes(module.export(document, ROOT))
    return folder


@pytest.fixture
def article(pages: Path, visitor: Visitor) -> Page:
    page = visitor.open(pages / "handout.html")
    expect(page.locator(".conv.live")).to_be_visible()
    return page


def said(row: int, column: int, stride: int) -> str:
    """Return the products and the sum of a window, computed here."""
    kernel = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    pairs = [(MAP[stride * row + y][stride * column + x], kernel[y][x]) for y in range(3) for x in range(3)]
    terms = [f"{value} × {f'(−{-weight})' if weight < 0 else weight}" for value, weight in pairs]
    total = sum(value * weight for value, weight in pairs)
    return f"{' + '.join(terms)} = {f'−{-total}' if total < 0 else total}."


def test_arrow_keys_move_the_window_and_the_sum_is_written_out(article: Page) -> None:
    article.locator(".conv-input").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowRight"):
        article.keyboard.press(key)
    expect(article.locator(SAYS)).to_contain_text(f"Output, row 2, column 2: {said(1, 1, 2)}")
    assert article.locator(".conv-seen td").all_inner_texts() == [str(MAP[y][x]) for y in (2, 3, 4) for x in (2, 3, 4)]


def test_a_pointer_over_the_output_chooses_its_cell(article: Page) -> None:
    box = article.locator(".conv-output").bounding_box()
    assert box
    article.locator(".conv-output").hover(position={"x": box["width"] - 3, "y": 3})
    expect(article.locator(SAYS)).to_contain_text(f"Output, row 1, column 3: {said(0, 2, 2)}")


def test_sizes_have_the_floor_and_rows_in_no_window_are_counted(article: Page) -> None:
    expect(article.locator(SAYS)).to_contain_text("Rows: ⌊(8 − 3) ÷ 2⌋ + 1 = 3, and 1 row in no window.")
    article.get_by_role("radio", name="same").check()
    expect(article.locator(SAYS)).to_contain_text("Rows: ⌈8 ÷ 2⌉ = 4.")


def test_a_kernel_is_edited_or_taken_and_rounded_sums_say_so(article: Page) -> None:
    article.get_by_label("Kernel, row 1, column 1").fill("3")
    expect(article.locator(SAYS)).to_contain_text("× 3 +")
    article.locator(".conv-choice").select_option("learned, channel 0")
    expect(article.locator(SAYS)).to_contain_text("≈")
    assert article.get_by_label("Kernel, row 3, column 3").input_value() == "-0.5"


def test_a_moved_map_changes_each_pooling_by_a_measured_share(article: Page) -> None:
    assert article.locator(".pool-change").all_inner_texts() == ["as it was"] * 4
    slider = article.get_by_role("slider", name="Moved to the right by")
    slider.focus()
    article.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "1 pixel"
    largest = [
        [max(MAP[y][x], MAP[y][x + 1], MAP[y + 1][x], MAP[y + 1][x + 1]) for x in range(0, 8, 2)]
        for y in range(0, 8, 2)
    ]
    moved = [[0, *row[:-1]] for row in MAP]
    after = [
        [max(moved[y][x], moved[y][x + 1], moved[y + 1][x], moved[y + 1][x + 1]) for x in range(0, 8, 2)]
        for y in range(0, 8, 2)
    ]
    apart = sum(abs(a - b) for one, other in zip(largest, after, strict=True) for a, b in zip(one, other, strict=True))
    share = round(100 * apart / sum(map(sum, largest)))
    expect(article.locator('.pool-change[data-way="max"]')).to_have_text(f"changed by {share} %")


def test_on_a_slide_keys_turn_no_slide(pages: Path, visitor: Visitor) -> None:
    deck = visitor.open(pages / "slides.html")
    deck.evaluate("Reveal.slide(Reveal.getIndices(document.querySelector('.conv').closest('section')).h)")
    here = deck.evaluate("Reveal.getIndices().h")
    deck.locator(".conv-input").focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown"):
        deck.keyboard.press(key)
    assert deck.evaluate("Reveal.getIndices().h") == here
    deck.keyboard.press("PageDown")
    assert deck.evaluate("Reveal.getIndices().h") == here + 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_targets_are_large(
    pages: Path, visitor: Visitor, axe: str, width: int, scheme: str
) -> None:
    page = visitor.open(pages / "handout.html", viewport={"width": width, "height": 800}, color_scheme=scheme)
    expect(page.locator(".pool.live")).to_be_visible()
    page.evaluate(axe)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [control.bounding_box() for control in page.locator(".widget-live :is(input, select)").all()]
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    assert not visitor.loaded_from_elsewhere
    assert not visitor.complaints


def test_both_work_in_firefox(pages: Path, firefox: Firefox) -> None:
    firefox.open(pages / "handout.html")
    wrote, changed, faults = firefox.run(
        """const shown = () => document.querySelectorAll(".widget.live").length === 2;
        for (let frame = 0; !shown() && frame < 6000; frame++) await new Promise(requestAnimationFrame);
        const slider = document.querySelector(".pool-move");
        slider.value = 2;
        slider.dispatchEvent(new Event("input"));
        const text = name => document.querySelector(name).textContent;
        return [text(".conv-says"), text('.pool-change[data-way="max"]'), text(".widget-fault")];"""
    )
    assert wrote.startswith("Output, row 3, column 3: ")
    assert changed.startswith("changed by ")
    assert faults == ""
