"""The deck as a lecturer meets it: every slide and every press of the clicker."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from deck import FAULTS, go_to, walk
from playwright.sync_api import Page, expect
from sample_lecture import MARKS, SOLVED, SPOKEN, sample_assets, sample_notebook
from visitor import ROOT, Visitor

from generator.document.tree import Document
from generator.formats import slides

pytestmark = pytest.mark.browser

# On another machine a network learns other numbers, and a title that they make longer takes another line.
LENGTHEN_NUMBERS = """() => {
  const titles = [...Reveal.getCurrentSlide().querySelectorAll("h1, h2")].filter(title => /\\d/.test(title.textContent));
  for (const title of titles) title.textContent = title.textContent.replace(/\\d[\\d,.]*/g, "$&88");
  Reveal.layout();
  return titles.length;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1280, 800), (1920, 1080)])
def test_nothing_leaves_its_slide_and_all_text_can_be_read_from_the_last_row(
    pages: Path, visitor: Visitor, width: int, height: int, scheme: str
) -> None:
    page = visitor.open(pages / "slides.html", viewport={"width": width, "height": height}, color_scheme=scheme)
    found = {state: faults for state in walk(page) if (faults := page.evaluate(FAULTS))}
    assert found == {}
    assert visitor.loaded_from_elsewhere == []


def test_all_text_can_still_be_read_where_the_numbers_of_a_title_have_two_digits_more(
    pages: Path, visitor: Visitor
) -> None:
    page = visitor.open(pages / "slides.html")
    found = {}
    for state in walk(page, is_whole=True):
        if page.evaluate(LENGTHEN_NUMBERS) and (faults := page.evaluate(FAULTS)):
            found[state] = faults
    assert found == {}


def test_a_deck_asks_for_nothing_and_complains_of_nothing(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "slides.html")
    assert len(list(walk(page))) > 1
    assert visitor.loaded_from_elsewhere == []
    assert visitor.complaints == []


def test_the_space_bar_alone_leads_from_the_first_slide_to_the_last(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "slides.html")
    states = list(walk(page))
    page.evaluate("() => Reveal.slide(0, 0, -1)")
    for _ in states[1:]:
        page.keyboard.press("Space")
    assert page.evaluate("() => Reveal.isLastSlide() && !Reveal.availableFragments().next")


def test_the_left_arrow_leads_back_to_the_first_slide(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html")
    states = list(walk(page))
    for _ in states[1:]:
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("() => Reveal.isFirstSlide()")


def test_the_tab_key_never_reaches_a_slide_that_is_not_shown(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "slides.html")
    here = (
        "() => { const at = document.activeElement.closest('.slides section'); return !at || at.matches('.present'); }"
    )
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(here)


def test_a_verdict_is_legible_where_it_says_what_it_rests_on_and_the_keys_still_turn_the_slide(
    visitor: Visitor, sample_folder: Path
) -> None:
    page = visitor.open(sample_folder / "slides.html")
    go_to(page, "table")
    verdict = page.locator("#table .verdict").last
    verdict.focus()
    size, words = verdict.evaluate(
        "e => { const box = getComputedStyle(e, '::after'); return [parseFloat(box.fontSize), box.content]; }"
    )
    assert (size >= 18, "3 seeds each: mean" in words) == (True, True)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => Reveal.getCurrentSlide().id !== 'table'")
    assert visitor.complaints == []


def test_escape_closes_what_a_verdict_rests_on_until_it_is_reached_again(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html")
    go_to(page, "table")
    verdict = page.locator("#table .verdict").last

    def is_open() -> bool:
        return bool(verdict.evaluate("e => getComputedStyle(e, '::after').content !== 'none'"))

    verdict.focus()
    assert is_open()
    page.keyboard.press("Escape")
    assert (is_open(), page.evaluate("Reveal.isOverview()")) == (False, False)
    verdict.blur()
    verdict.focus()
    assert is_open()


def test_an_agenda_leads_to_its_parts(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/agenda")
    page.get_by_role("link", name="What was measured").click()
    page.locator("section#part-b.present").wait_for()


def test_a_reference_to_a_figure_leads_to_its_slide(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/stride")
    for _ in range(3):
        page.keyboard.press("Space")
    page.get_by_role("link", name="figure 2").click()
    page.locator("section#still.present").wait_for()


@pytest.fixture
def foreign_deck(tmp_path: Path) -> Path:
    """Return a deck in which one slide is named in Hebrew and refers to another, named in Hindi."""
    notebook = sample_notebook()
    named = {"window": "חלון-אחד", "stride": "हिन्दी-भाषा"}
    for cell in notebook.cells:
        facts = cell.metadata["lectern"]
        facts["slide"] = named.get(facts["slide"], facts["slide"])
    opening = next(cell for cell in notebook.cells if cell.metadata["lectern"]["slide"] == "part-a")
    notebook.cells[notebook.cells.index(opening) + 1].source = f'See <a href="#{named["stride"]}">there</a>.'
    (tmp_path / "slides.html").write_bytes(slides.export(Document(notebook, sample_assets()), ROOT))
    return tmp_path / "slides.html"


def test_a_reload_of_a_slide_named_in_another_script_stays_there(visitor: Visitor, foreign_deck: Path) -> None:
    page = visitor.open(foreign_deck)
    go_to(page, "חלון-אחד")
    page.wait_for_url("**#/%D7%97*")
    page.reload()
    page.locator("section[id='חלון-אחד'].present").wait_for()


def test_a_link_to_a_slide_named_in_another_script_leads_there(visitor: Visitor, foreign_deck: Path) -> None:
    page = visitor.open(foreign_deck, "#/part-a")
    page.get_by_role("link", name="there").click()
    page.locator("section[id='हिन्दी-भाषा'].present").wait_for()


def test_in_a_deck_from_right_to_left_code_and_formulas_run_from_left_to_right(
    visitor: Visitor, tmp_path: Path
) -> None:
    (tmp_path / "slides.html").write_bytes(slides.export(Document(sample_notebook(lang="he"), sample_assets()), ROOT))
    page = visitor.open(tmp_path / "slides.html")
    of = "selector => getComputedStyle(document.querySelector(selector)).direction"
    directions = {
        name: page.evaluate(of, name) for name in (".slides h2", ".block-prose p", "pre.listing", "math", ".drawing")
    }
    assert directions == {
        ".slides h2": "rtl",
        ".block-prose p": "rtl",
        "pre.listing": "ltr",
        "math": "ltr",
        ".drawing": "ltr",
    }
    assert {state: faults for state in walk(page, is_whole=True) if (faults := page.evaluate(FAULTS))} == {}


def test_the_deck_leaves_a_screen_readers_own_keys_alone(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "slides.html")
    page.locator(".reveal:not([role])").wait_for()
    assert page.locator("[role=application]").count() == 0


def test_speaker_view_opens_from_a_file_shows_the_notes_and_follows(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/window")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    view = popup.value
    view.locator(".speaker-controls-notes .value", has_text=SPOKEN).wait_for()
    view.frame_locator("#current-slide iframe").locator("section#window.present").wait_for()
    view.locator(".pacing").wait_for()
    page.evaluate("() => Reveal.slide(5)")
    view.frame_locator("#current-slide iframe").locator("section#still.present").wait_for()
    assert visitor.complaints == []


@pytest.fixture
def noted_deck(tmp_path: Path) -> Path:
    """Return a deck whose film has notes for its first two presses."""
    notebook = sample_notebook()
    cell = next(cell for cell in notebook.cells if SPOKEN in cell.source)
    cell.metadata["lectern"]["cell"] = {"at_presses": ["It has moved.", "It has arrived."]}
    (tmp_path / "slides.html").write_bytes(slides.export(Document(notebook, sample_assets()), ROOT))
    return tmp_path / "slides.html"


def test_the_speaker_view_shows_the_notes_of_the_press_at_which_the_slide_stands(
    visitor: Visitor, noted_deck: Path
) -> None:
    page = visitor.open(noted_deck, "#/window")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    words = popup.value.locator(".speaker-controls-notes .value")
    expect(words.get_by_text(SPOKEN)).to_be_visible()
    for key, said, unsaid in (
        ("ArrowRight", "It has moved.", SPOKEN),
        ("ArrowRight", "It has arrived.", "It has moved."),
        ("ArrowRight", "It has arrived.", SPOKEN),
        ("ArrowLeft", "It has arrived.", SPOKEN),
        ("ArrowLeft", "It has moved.", "It has arrived."),
        ("ArrowLeft", SPOKEN, "It has moved."),
    ):
        page.keyboard.press(key)
        expect(words.get_by_text(said)).to_be_visible()
        expect(words.get_by_text(unsaid)).to_be_hidden()


def test_what_comes_next_stands_in_the_speaker_view_as_it_will_end(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/window")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    upcoming = popup.value.frame_locator("#upcoming-slide iframe")
    video = upcoming.locator("#fig-1 video")
    upcoming.locator(".film-step.visible").first.wait_for(state="attached")
    video.evaluate("v => new Promise(done => v.readyState ? done() : v.addEventListener('loadedmetadata', done))")
    video.evaluate("v => v.addEventListener('play', () => v.dataset.played = 'yes')")
    assert video.evaluate("v => v.paused && v.currentTime") == pytest.approx(MARKS[1], abs=0.034)
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelectorAll('.film-step.visible').length === 1")
    expect(upcoming.locator(".film-step.visible")).to_have_count(2)
    assert video.evaluate("v => [v.dataset.played ?? 'no', v.currentTime]") == [
        "no",
        pytest.approx(MARKS[2], abs=0.034),
    ]


def test_printing_gives_one_page_a_slide_with_every_fragment_on_it(pages: Path, visitor: Visitor) -> None:
    page = visitor.open(pages / "slides.html", "?print-pdf")
    page.locator(".pdf-page").last.wait_for()
    number = page.locator(".slides section").count()
    hidden = page.locator(".fragment:not(.visible)").count()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == number
    assert hidden == 0
    assert page.locator("video:visible").count() == 0
    assert visitor.complaints == []


def test_a_quick_build_says_so_on_every_slide(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "slides.html"
    path.write_bytes(slides.export(Document(sample_notebook(profile="quick"), sample_assets()), ROOT))
    page = visitor.open(path)
    assert page.locator(".slides section").count() == page.locator(".slides section > .badge").count()


def test_without_scripts_the_slides_are_a_column_without_notes_or_films(visitor: Visitor, sample_folder: Path) -> None:
    page = visitor.open(sample_folder / "slides.html", java_script_enabled=False)
    boxes = [section.bounding_box() for section in page.locator(".slides section").all()]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in pairwise(boxes))
    assert all(section.locator("h1, h2").first.is_visible() for section in page.locator(".slides section").all())
    assert all(image.is_visible() for image in page.locator(".still").all())
    assert page.locator("aside.notes:visible, video:visible").count() == 0


def test_a_solution_is_not_in_the_deck(sample_folder: Path) -> None:
    assert SOLVED not in (sample_folder / "slides.html").read_text()


def test_lines_of_code_light_up_step_by_step(visitor: Visitor, sample_folder: Path) -> None:
    page: Page = visitor.open(sample_folder / "slides.html")
    go_to(page, "code")
    lit = page.locator("section#code .lit")
    assert lit.all_text_contents()[0].strip().startswith("keras.Input")
    page.keyboard.press("Space")
    assert [text.strip()[:13] for text in lit.all_text_contents()] == ["layers.Conv2D", "layers.MaxPoo"]
    page.keyboard.press("ArrowLeft")
    assert lit.count() == 1


def test_from_the_appendix_a_link_leads_back_to_the_press_at_which_the_lecture_was_left(
    visitor: Visitor, tmp_path: Path
) -> None:
    notebook = sample_notebook()
    cells = {cell.metadata["lectern"]["slide"]: cell for cell in notebook.cells}
    for cell in notebook.cells[notebook.cells.index(cells["part-c"]) :]:
        if cell.metadata["lectern"]["kind"] in ("part", "slide"):
            cell.metadata["lectern"]["cell"]["appendix"] = True
    (tmp_path / "slides.html").write_bytes(slides.export(Document(notebook, sample_assets()), ROOT))
    page = visitor.open(tmp_path / "slides.html", "#/stride/1")
    page.evaluate("() => { location.hash = '#/quiz'; }")
    page.locator("section#quiz.present").wait_for()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator("section.present").get_by_role("link", name="Back to “Stride is a step length").click()
    page.locator("section#stride.present").wait_for()
    assert page.evaluate("() => Reveal.getIndices().f") == 1
    assert visitor.complaints == []
