"""Notes with a part for each press: what the speaker view, the teacher's pages and a presentation have of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from generator.check.page import Page
from generator.check.text import find_late_notes
from generator.directives.notes import Notes, split_parts
from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import Where
from generator.formats import slides, student_slides, teacher, teacher_notebook
from generator.formats.powerpoint.slides import find_form
from generator.lecture.blocks import Text
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
NOTES = ":::{notes}\nAsky: where?\n\n. . .\n\nFirsty, *here*.\n\nAnd more.\n\n. . .\n\n. . .\n\nThirdy.\n:::"
Compose = Callable[[str], Document]


@pytest.fixture
def composed(project: Path, write_lecture: Callable[..., Path]) -> Compose:
    """Return a function that composes a lecture of one slide with this text."""

    def write(text: str) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(f"## A\n\n{text}\n"), project), project, Profile())
        return compose(plan, {}, Profile(), {})

    return write


def test_a_pause_ends_a_part_of_the_notes_and_each_part_keeps_its_line() -> None:
    parts = split_parts(Text("a\n\n. . .\n\nb\n\nc\n\n. . .\n\n. . .\n\nd", Where("x.md", 10)))
    assert [(part.source, part.where.line) for part in parts] == [("a", 10), ("b\n\nc", 14), ("", 19), ("d", 22)]


def test_a_pause_in_code_or_in_a_list_is_text() -> None:
    text = Text("```\n. . .\n```\n\n- a\n\n  . . .\n\n`. . .`", Where("x.md", 1))
    assert [part.source for part in split_parts(text)] == [text.source]


def test_an_unknown_reference_in_a_part_is_told_at_its_own_line(
    project: Path, write_lecture: Callable[..., Path]
) -> None:
    path = write_lecture("## A\n\n:::{notes}\na\n\n. . .\n\n{ref}`nothing`\n:::\n")
    plan = plan_lecture(read_lecture(path, project), project, Profile())
    assert [error.where.line for error in plan.errors if error.where] == [11]


def test_a_deck_shows_the_part_of_the_opened_slide_and_holds_the_others(composed: Compose) -> None:
    tree = BeautifulSoup(slides.export(composed(NOTES), ROOT), "html.parser")
    parts = tree.select("aside.notes [data-press]")
    assert [(part["data-press"], part.has_attr("hidden")) for part in parts] == [
        ("0", False), ("1", True), ("3", True),
    ]  # fmt: skip
    assert "Firsty, here." in parts[1].get_text()


def test_the_teachers_pages_number_the_parts(composed: Compose) -> None:
    document = composed(NOTES)
    words = BeautifulSoup(teacher.export(document, ROOT), "html.parser").select_one(".spoken")
    assert words
    assert " ".join(words.get_text().split()).endswith("Asky: where? Press 1. Firsty, here. And more. Press 3. Thirdy.")
    assert b"**Press 3.**\\n" in teacher_notebook.export(document, ROOT)


def test_students_have_no_part_of_the_notes(composed: Compose) -> None:
    deck = student_slides.export(composed(NOTES), ROOT)
    assert not any(word in deck for word in (b"Asky", b"Firsty", b"Thirdy"))


def test_a_presentation_has_all_parts(composed: Compose) -> None:
    (slide,) = composed(NOTES).tree("slides").parts[0].slides
    form = find_form("notes", "powerpoint")
    assert form
    (text,) = form.notes(slide.notes[0])
    assert text.split("\n") == ["Asky: where?", "Press 1.", "Firsty, here.", "And more.", "Press 3.", "Thirdy."]


def test_notes_without_pauses_are_one_text(write_lecture: Callable[..., Path], project: Path) -> None:
    (block,) = read_lecture(write_lecture("## A\n\n:::{notes}\na\n\nb\n:::\n"), project).slides[0].blocks
    assert isinstance(block, Notes)
    assert (block.text.source, block.at_presses) == ("a\n\nb", ())


@pytest.mark.parametrize(("presses", "said"), [(1, ["a part for press 2, and the slide has 1"]), (2, [])])
def test_a_part_for_a_press_that_the_slide_has_not_gets_a_warning(presses: int, said: list[str]) -> None:
    fragments = '<p class="fragment">x</p>' * presses
    notes = '<aside class="notes"><div class="note"><p data-press="2">y</p></div></aside>'
    slide = f'<div class="slides"><section data-line="7">{fragments}{notes}</section></div>'
    found = list(find_late_notes(Page(Path("slides.html"), "x.md", BeautifulSoup(slide, "html.parser"))))
    assert [finding.is_warning for finding in found] == [True for _ in said]
    assert [finding.problem.partition("the notes have ")[2] for finding in found] == said
