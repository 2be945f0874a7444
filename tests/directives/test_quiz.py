"""A quiz tests: it answers each option, on every page, and is told where its answer can be known without thinking."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from pptx import Presentation

from generator.directives.quiz import Quiz
from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, powerpoint, slides
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
REPLIED = """## Steps

:::{quiz} How many?
- [ ] Five

  So many *cells* there are,
  and two are left over.
- [x] {value}`5 - 3 + 1`
- [ ] Two

  The first place counts as well: {value}`1 + 2`.

It starts at three cells.
:::
"""
FIVE = "So many cells there are, and two are left over."
TWO = "The first place counts as well: 3."


@pytest.fixture
def read_quiz(project: Path, write_lecture: Callable[..., Path]) -> Callable[[str], Quiz]:
    """Return a function that reads a lecture whose first slide begins with a quiz, and returns that."""

    def read(text: str) -> Quiz:
        block = read_lecture(write_lecture(text), project).slides[0].blocks[0]
        assert isinstance(block, Quiz)
        return block

    return read


@pytest.fixture
def composed(project: Path, write_lecture: Callable[..., Path]) -> Callable[[str], Document]:
    """Return a function that composes a lecture of this text."""

    def make(text: str) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
        for error in plan.errors:
            raise error
        return compose(plan, {}, Profile(), {})

    return make


def quiz(*options: str) -> str:
    return "\n".join([":::{quiz} Which?", *options, ":::", ""])


def page_of(document: Document, module: Any) -> BeautifulSoup:
    return BeautifulSoup(module.export(document, ROOT), "html.parser")


def test_an_option_may_say_something_to_who_chose_it(read_quiz: Callable[[str], Quiz]) -> None:
    choices = read_quiz(REPLIED).choices
    assert [choice.feedback.source if choice.feedback else None for choice in choices] == [
        "So many *cells* there are, and two are left over.",
        None,
        "The first place counts as well: {value}`1 + 2`.",
    ]
    assert [choice.feedback.where.line for choice in choices if choice.feedback] == [9, 14]


def test_what_stands_behind_the_options_is_still_the_explanation(read_quiz: Callable[[str], Quiz]) -> None:
    explanation = read_quiz(REPLIED).explanation
    assert (explanation.source, explanation.where.line) == ("It starts at three cells.", 16)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (quiz("- [x] a", "", "  One.", "", "  Two.", "- [ ] b"), 11, "the feedback for an option is one paragraph"),
        (quiz("- [x] a", "  b", "- [ ] c"), 8, "an option is one line"),
    ],
)
def test_feedback_that_is_none_is_told_at_its_line(
    read_quiz: Callable[[str], Quiz], text: str, line: int, problem: str
) -> None:
    with pytest.raises(SourceError) as error:
        read_quiz(f"## A\n\n{text}")
    assert (error.value.problem, error.value.where.line if error.value.where else 0) == (problem, line)


def test_a_value_in_feedback_that_cannot_be_written_is_told(composed: Callable[[str], Document]) -> None:
    document = composed("## A\n\n" + quiz("- [x] a", "", "  {value}`1 / 0`", "- [ ] b"))
    assert [error.where.line for error in document.errors if error.where] == [9]


def test_a_slide_shows_what_it_says_beside_each_option_without_one_more_press(
    composed: Callable[[str], Document],
) -> None:
    slide = page_of(composed(REPLIED), slides).select_one("#steps")
    assert slide is not None
    said = [item.select_one(".reply") for item in slide.select(".options > li")]
    assert [reply.get_text() if reply else None for reply in said] == [FIVE, None, TWO]
    assert len(slide.select(".fragment")) == 1


def test_the_handout_lists_it_below_the_answer_where_it_is_folded(composed: Callable[[str], Document]) -> None:
    replies = page_of(composed(REPLIED), handout).select("details .replies li")
    assert [" ".join(reply.get_text().split()) for reply in replies] == [f"A {FIVE}", f"C {TWO}"]


def test_the_notebook_lists_it_below_the_answer_where_it_is_folded(composed: Callable[[str], Document]) -> None:
    cells = nbformat.reads(notebook.export(composed(REPLIED), ROOT).decode(), 4).cells
    source = next(cell.source for cell in cells if "<details>" in cell.source)
    folded = source.partition("<details>")[2]
    assert "- **A** So many *cells* there are, and two are left over.\n- **C** The first place" in folded


def test_the_notes_of_a_presentation_have_it(composed: Callable[[str], Document]) -> None:
    deck = Presentation(io.BytesIO(powerpoint.export(composed(REPLIED), ROOT)))
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    assert any(f"A: {FIVE}\nC: {TWO}" in text for text in notes)


@pytest.mark.parametrize(("places", "is_refused"), [("000", True), ("1111", True), ("00", False), ("0010", False)])
def test_a_lecture_whose_right_answers_all_stand_at_one_place_is_refused(
    project: Path, write_lecture: Callable[..., Path], places: str, is_refused: bool
) -> None:
    texts = [
        quiz(*(f"- [{'x' if place == str(at) else ' '}] {word}" for at, word in enumerate("ab"))) for place in places
    ]
    plan = plan_lecture(read_lecture(write_lecture("## A\n\n" + "\n".join(texts)), project), project, Profile())
    letter = "AB"[int(places[0])]
    wanted = [f"the right answer of all {len(places)} quizzes of the lecture is {letter}"] if is_refused else []
    assert [error.problem for error in plan.errors] == wanted


@pytest.mark.parametrize(
    ("before", "right", "problem"),
    [
        ("## Pooling keeps the largest\n\nText.\n", "Pooling keeps the largest.", "stands in the title"),
        ("## So *pooling* keeps the largest\n\nText.\n", "pooling keeps", "stands in the title"),
        ("## It has 320 weights\n\nText.\n", "{value}`10 * 32`", "stands in the title"),
        ("## A\n\nIt has **{value}`10 * 32`** weights.\n", "{value}`320`", "stands in bold on line 6"),
        ("## A\n\nIt takes __the largest__.\n", "The largest", "stands in bold on line 6"),
    ],
)
def test_an_answer_that_was_given_away_is_warned_of(
    composed: Callable[[str], Document], before: str, right: str, problem: str
) -> None:
    document = composed(f"{before}\n## Asked\n\n{quiz(f'- [x] {right}', '- [ ] other')}")
    (warning,) = document.warnings
    assert problem in warning.problem
    assert warning.where
    assert warning.where.line == before.count("\n") + 8


@pytest.mark.parametrize(
    ("before", "right"),
    [
        ("## A kernel of 5 rows\n\nText.\n", "5"),
        ("## Pooling\n\nIt has 320 weights.\n", "320"),
        ("## Pooling keeps the largest\n\nText.\n", "the large"),
        ("## A\n\n:::{notes}\n**320**\n:::\n", "320"),
        ("## A\n\n::::{solution}\n**320**\n::::\n", "320"),
        ("## A\n\nIt is **not 320**.\n", "320"),
    ],
)
def test_an_answer_that_was_not_given_away_is_left_alone(
    composed: Callable[[str], Document], before: str, right: str
) -> None:
    document = composed(f"{before}\n## Asked\n\n{quiz(f'- [x] {right}', '- [ ] other')}")
    assert document.warnings == []


def test_what_comes_after_a_quiz_gives_nothing_away(composed: Callable[[str], Document]) -> None:
    assert composed(f"## Asked\n\n{quiz('- [x] 320', '- [ ] other')}\n## It has 320\n\n**320**\n").warnings == []
