"""A figure that asks, in a browser: what is seen, and what a screen reader finds, before its press and after it."""

from pathlib import Path

import pypdfium2
import pytest
from asking_lecture import ANSWERED, ASKED, BEFORE, CHOICES, asking_document
from deck import FAULTS, go_to, walk
from playwright.sync_api import Browser, Page
from visitor import ROOT, Visitor, violations

from generator.check.browser import visit_deck
from generator.check.page import read_page
from generator.formats import handout, slides, slides_pdf

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the pages of a lecture whose figures ask."""
    folder = tmp_path_factory.mktemp("asking")
    for module in (slides, handout):
        (folder / module.FORMAT.file_name).write_bytes(module.export(asking_document(), ROOT))
    return folder


@pytest.fixture
def deck(asking: Path, visitor: Visitor) -> Page:
    return visitor.open(asking / "slides.html")


def headings(page: Page) -> list[str]:
    return page.locator("section.present").get_by_role("heading").all_inner_texts()


def test_the_question_stands_in_the_titles_place_and_the_title_comes_with_the_figure(deck: Page) -> None:
    go_to(deck, "choices")
    assert (headings(deck), deck.locator("#choices .picture").is_visible()) == ([ASKED], False)
    deck.keyboard.press("Space")
    assert (headings(deck), deck.locator("#choices .picture").is_visible()) == ([ANSWERED], True)
    deck.keyboard.press("ArrowLeft")
    assert headings(deck) == [ASKED]


def test_the_choices_are_there_until_the_press(deck: Page) -> None:
    go_to(deck, "choices")
    items = deck.locator("#choices").get_by_role("listitem")
    assert items.all_inner_texts() == CHOICES
    deck.keyboard.press("Space")
    assert items.count() == 0


def test_a_screen_reader_finds_nothing_of_the_answer_before_the_press(deck: Page) -> None:
    for anchor in ("choices", "film", "before", "texts"):
        go_to(deck, anchor)
        tree = deck.locator("section.present").aria_snapshot()
        assert "heading" in tree
        for word in (ANSWERED, "It takes three steps", "Figure", "7 by 7", "eighth column is left out"):
            assert word not in tree


def test_a_screen_reader_is_told_the_question_and_at_the_press_the_title(deck: Page) -> None:
    status = deck.locator(".aria-status")
    go_to(deck, "texts")
    deck.wait_for_function("text => document.querySelector('.aria-status').textContent.includes(text)", arg=ASKED)
    assert ANSWERED not in status.text_content()  # type: ignore[operator]
    deck.keyboard.press("Space")
    assert status.text_content() == ANSWERED


def test_a_screen_reader_is_not_told_the_answer_of_the_slide_that_a_link_leads_to(
    asking: Path, visitor: Visitor
) -> None:
    page = visitor.open(asking / "slides.html", "#/choices")
    page.wait_for_function("text => document.querySelector('.aria-status').textContent.includes(text)", arg=ASKED)
    assert ANSWERED not in page.locator(".aria-status").text_content()  # type: ignore[operator]


def test_the_picture_beside_the_question_lies_exactly_where_the_figure_comes(deck: Page) -> None:
    go_to(deck, "before")
    before, after = deck.locator("#before .asked svg"), deck.locator("#before figure svg")
    assert (before.is_visible(), after.is_visible()) == (True, False)
    assert before.bounding_box() == after.bounding_box()
    deck.keyboard.press("Space")
    assert (before.is_visible(), after.is_visible()) == (False, True)


def test_a_screen_reader_hears_of_the_picture_beside_the_question(deck: Page) -> None:
    go_to(deck, "before")
    assert f'img "{BEFORE["alt"]}"' in deck.locator("section.present").aria_snapshot()


def test_the_check_looks_at_the_question_and_at_the_answer(asking: Path, browser: Browser, axe: str) -> None:
    page = read_page(asking / "slides.html", "lectures/sample.md")
    visited = visit_deck(browser, page, axe)
    asking_slides = len(visited.shots) - len(page.tree.select(".slides > section"))
    assert ([finding for finding in visited.findings if "while it asks" in finding.problem], asking_slides) == ([], 4)


def test_what_stands_above_the_figure_is_there_from_the_start_and_what_stands_below_it_is_not(deck: Page) -> None:
    go_to(deck, "texts")
    above, below = deck.locator("#texts .block-prose").first, deck.locator("#texts .block-prose").last
    assert (above.is_visible(), below.is_visible()) == (True, False)
    deck.keyboard.press("Space")
    assert (above.is_visible(), below.is_visible()) == (True, True)


def test_a_film_stands_at_its_opening_picture_after_the_press_and_plays_at_the_next(deck: Page) -> None:
    go_to(deck, "film")
    video = deck.locator("#film video")
    assert not video.is_visible()
    deck.keyboard.press("Space")
    assert video.is_visible()
    assert video.evaluate("film => film.paused && Math.abs(film.currentTime - 0.5) < 0.1")
    deck.keyboard.press("Space")
    deck.wait_for_function("() => Math.abs(document.querySelector('#film video').currentTime - 1.2) < 0.1")


def test_nothing_of_a_slide_that_asks_leaves_it_in_any_state(deck: Page) -> None:
    assert {state: faults for state in walk(deck) if (faults := deck.evaluate(FAULTS))} == {}


@pytest.mark.parametrize(("aspect", "size"), [("4:3", (960, 720)), ("16:9", (1920, 1080))])
def test_nothing_leaves_its_slide_in_another_shape_or_window(
    visitor: Visitor, tmp_path: Path, aspect: str, size: tuple[int, int]
) -> None:
    (tmp_path / "slides.html").write_bytes(slides.export(asking_document(aspect=aspect), ROOT))
    page = visitor.open(tmp_path / "slides.html", viewport={"width": size[0], "height": size[1]})
    assert {state: faults for state in walk(page) if (faults := page.evaluate(FAULTS))} == {}


@pytest.mark.parametrize("presses", [0, 1])
def test_a_slide_that_asks_is_without_barriers_in_both_states(deck: Page, axe: str, presses: int) -> None:
    go_to(deck, "choices")
    for _ in range(presses):
        deck.keyboard.press("Space")
    deck.wait_for_timeout(300)  # a fragment has its color only after it has come
    deck.evaluate(axe)
    assert violations(deck) == []


def test_a_printed_deck_shows_the_answer_without_the_question(asking: Path, visitor: Visitor) -> None:
    page = visitor.open(asking / "slides.html", "?print-pdf")
    page.locator(".pdf-page #choices").wait_for()
    assert page.locator("#choices .of-answer").is_visible()
    assert not page.locator("#choices .question, #choices .asked").first.is_visible()


def test_without_scripts_the_question_stands_above_the_answer(asking: Path, visitor: Visitor) -> None:
    page = visitor.open(asking / "slides.html", java_script_enabled=False)
    boxes = [
        page.locator(f"#choices {part}").bounding_box() for part in (".question", ".of-answer", ".asked", ".picture")
    ]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    assert len(tops) == 4


def test_the_pdf_has_a_page_with_the_question_before_that_with_the_answer() -> None:
    document = pypdfium2.PdfDocument(slides_pdf.export(asking_document(), ROOT))
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    shown = [[words in text for words in (ASKED, ANSWERED, "How many steps", "It takes three")] for text in texts[2:6]]
    assert shown == [
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, False],
        [False, False, False, True],
    ]


def test_the_handout_on_paper_shows_the_question_and_then_the_figure(asking: Path, visitor: Visitor) -> None:
    page = visitor.open(asking / "handout.html")
    assert not page.locator(".asked figure").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".asked figure").first.is_visible()


def test_a_link_to_a_figure_that_is_folded_in_the_handout_unfolds_it(asking: Path, visitor: Visitor) -> None:
    page = visitor.open(asking / "handout.html", "#fig-2")
    assert page.locator("#fig-2").first.is_visible()
    assert not page.locator("#fig-1").is_visible()
