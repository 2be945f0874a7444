"""A figure asks: what is told of a question that no slide could show, and what each page makes of one that it can."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from asking_lecture import ANSWERED, ASKED, CHOICES, asking_document
from bs4 import BeautifulSoup

from generator.directives.figure.asking import split_choices
from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides, slides_pdf, teacher
from generator.html.exporter import export_page
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
FIGURE = ":::{figure} mark\n:number: 0.5\n"


@pytest.fixture
def composed(project: Path, write_lecture: Callable[..., Path], tmp_path: Path) -> Callable[[str], Document]:
    """Return a function that composes a lecture of this text, with pictures for its figures."""

    def make(text: str) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
        for error in plan.errors:
            raise error
        files = {name: tmp_path / name for name in ("still.svg", "still.inline.svg")}
        for path in files.values():
            path.write_text('<svg viewBox="0 0 1 1"></svg>')
        facts = {
            "alt": "Half.",
            "steps": [],
            "facts": {"number": 0.5},
            "width": 100,
            "height": 100,
            "ink": [0, 0, 100, 100],
        }
        still = SimpleNamespace(files=files, facts=facts, machine="", packages={})
        return compose(plan, dict.fromkeys(plan.tasks, still), Profile(), {})  # type: ignore[arg-type]

    return make


def page_of(document: Document, module: object) -> BeautifulSoup:
    return BeautifulSoup(module.export(document, ROOT), "html.parser")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (":ask:", "the figure asks nothing"),
        (":ask: <!-- why? -->", "the figure asks nothing"),
        (f":ask: {'a' * 121}", "a question has at most 120 letters, not 121"),
        (":ask: Why?\n:reveal: yes", "a figure that asks is shown at the next press anyway"),
        (":choices: a | b", "there are choices and no question"),
        (":ask: Why?\n:choices: a", "a question has 2 to 5 choices, not 1"),
        (":ask: Why?\n:choices: a | b | c | d | e | f", "a question has 2 to 5 choices, not 6"),
        (":ask: Why?\n:choices: a | | b", "a choice is empty"),
        (":ask: Why?\n:choices:", "a choice is empty"),
        (":ask: Why?\n:choices: a | A", "two choices are the same"),
        (":ask: Why?\n:right: m.number > 1", "it is said which choice is right, and there are none"),
        (":ask: Why?\n:choices: a | b\n:right: m.number > 1", "there are 2 choices and 1 conditions"),
        (":ask: Why?\n:choices: a | b\n:right: m.number > 1 |", "there are 2 choices and 1 conditions"),
    ],
)
def test_a_question_that_is_none_is_told_at_its_line(
    write_lecture: Callable[..., Path], options: str, problem: str
) -> None:
    path = write_lecture(f"## A\n\n{FIGURE}{options}\n:::\n")
    with pytest.raises(SourceError) as error:
        read_lecture(path, path.parent.parent)
    line = 8 + options.count("\n")
    assert (error.value.problem, error.value.where.line if error.value.where else 0) == (problem, line)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("## A\n\n::::{columns}\nText\n+++\n{}\n::::", "a figure that asks stands on its slide and in no other directive"),
        ("## A\n\n::::{handout}\n{}\n::::", "a figure that asks stands on its slide and in no other directive"),
        ("# A\n\n{}", "a figure that asks stands on a slide of its own, not on the one that begins a part"),
        ("## A\n\n{}\n\n{}", "the figure on line 6 asks on this slide already"),
    ],
)  # fmt: skip
def test_a_question_at_a_place_without_a_title_to_give_way_is_told(
    project: Path, write_lecture: Callable[..., Path], text: str, problem: str
) -> None:
    path = write_lecture(text.replace("{}", f"{FIGURE}:ask: Why?\n:::"))
    assert [error.problem for error in plan_lecture(read_lecture(path, project), project, Profile()).errors] == [
        problem
    ]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("a | b", ["a", "b"]),
        (r"{compare}`a, b | c` | $|x|$ | \| | `|`", ["{compare}`a, b | c`", "$|x|$", r"\|", "`|`"]),
        ("5 $ | 6 $", ["5 $ | 6 $"]),
        ("one `tick | two", ["one `tick", "two"]),
    ],
)
def test_choices_are_cut_at_bars_outside_of_code_and_formulas(text: str, choices: list[str]) -> None:
    assert split_choices(text) == choices


def test_questions_and_choices_hold_values(composed: Callable[[str], Document]) -> None:
    document = composed(f"## A\n\n{FIGURE}:ask: Twice {{value}}`number`?\n:choices: {{value}}`2 * number` | $2$\n:::\n")
    slide = page_of(document, slides).select_one("#a")
    assert slide is not None
    assert [heading.get_text() for heading in slide.select("h2")] == ["Twice 0.5?", "A"]
    assert [choice.get_text() for choice in slide.select(".asked li")] == ["1", "2"]


def test_a_question_that_cannot_be_filled_in_is_told_once(composed: Callable[[str], Document]) -> None:
    document = composed(f"## A\n\n{FIGURE}:ask: Twice {{value}}`nothing`?\n:::\n")
    assert [error.where.line for error in document.errors if error.where] == [8]


RIGHT = ":name: m\n:ask: How large?\n:choices: small | half | large\n:right: m.number < 0.5 | m.number == 0.5 | m.number > {}\n"


def test_the_build_finds_the_choice_that_is_right(composed: Callable[[str], Document]) -> None:
    document = composed(f"## A half\n\n{FIGURE}{RIGHT.format(0.5)}:::\n")
    assert (document.errors, document.warnings) == ([], [])
    answer = page_of(document, handout).select_one(".asked .answer p")
    assert answer is not None
    assert answer.get_text() == "B is right. A half"
    cells = nbformat.reads(notebook.export(document, ROOT).decode(), 4).cells
    assert any("**Answer:** B is right. A half" in cell.source for cell in cells)


@pytest.mark.parametrize(
    ("least", "number", "problem"),
    [
        (0.4, 0.5, "of the choices, B and C are right"),
        (0.9, 0.7, "none of the choices is right"),
    ],
)
def test_two_right_choices_or_none_are_told_at_their_line(
    composed: Callable[[str], Document], least: float, number: float, problem: str
) -> None:
    text = f"## A half\n\n{FIGURE}{RIGHT.format(least)}:::\n".replace("number: 0.5", f"number: {number}")
    (error,) = composed(text.replace("m.number", "m.number" if number == 0.5 else "(m.number + 0.2)")).errors
    assert (error.problem, error.where.line if error.where else 0) == (problem, 11)


def test_a_right_choice_that_cannot_be_computed_is_told(composed: Callable[[str], Document]) -> None:
    (error,) = composed(f"## A half\n\n{FIGURE}{RIGHT.format(0.5).replace('m.number <', 'm.nothing <')}:::\n").errors
    assert (error.where.line if error.where else 0) == 11


def test_a_slide_waits_one_press_for_its_answer() -> None:
    slide = page_of(asking_document(), slides).select_one("#choices")
    assert slide is not None
    assert len(slide.select(".fragment")) == 1


def test_a_film_that_is_asked_for_waits_one_press_more_than_the_film_alone() -> None:
    slide = page_of(asking_document(), slides).select_one("#film")
    assert slide is not None
    assert [step["class"][1] for step in slide.select(".fragment")] == ["ask-step", *["film-step"] * 3]


def test_the_pdf_of_the_slides_has_a_page_for_the_question_and_one_for_the_answer() -> None:
    deck = export_page(slides_pdf.PrintedSlidesExporter, asking_document(), ROOT)
    slide = BeautifulSoup(deck, "html.parser").select_one("#choices")
    assert slide is not None
    assert slides_pdf.count_states(b'<main class="slides">' + str(slide).encode() + b"</main>") == 2


@pytest.mark.parametrize("module", [handout, teacher])
def test_the_handout_asks_and_folds_title_and_figure(module: object) -> None:
    page = page_of(asking_document(), module)
    heading, box = page.select_one("h3#choices"), page.select_one("h3#choices ~ .asked")
    assert heading is not None
    assert box is not None
    assert heading.get_text() == ASKED
    assert [choice.get_text() for choice in box.select("ol.options li")] == CHOICES
    folded = box.select_one("details")
    assert folded is not None
    assert (folded.has_attr("open"), folded.select_one("strong").get_text()) == (False, ANSWERED)  # type: ignore[union-attr]
    assert (len(folded.select("figure")), len(box.select("figure"))) == (1, 1)


def test_nothing_of_the_answer_stands_in_the_handout_before_it_unfolds() -> None:
    page = page_of(asking_document(), handout)
    assert page.select(".asked details .answer")[-1].get_text().strip().endswith("The eighth column is left out.")
    for folded in page.select(".asked details, script, style"):
        folded.decompose()
    assert ANSWERED not in page.get_text()
    assert "The eighth column" not in page.get_text()


def test_the_handout_repeats_the_question_where_a_text_stands_between_it_and_the_heading() -> None:
    page = page_of(asking_document(), handout)
    boxes = [box.select("details")[0].find_previous_siblings("p") for box in page.select(".asked")]
    assert [[words.get_text() for words in box] for box in boxes] == [[], [], [], [ASKED, "Question"]]


def test_the_notebook_asks_before_it_shows_the_figure() -> None:
    cells = [cell.source for cell in nbformat.reads(notebook.export(asking_document(), ROOT).decode(), 4).cells]
    at = cells.index(f"## {ASKED}")
    choices, answer, picture, *_ = cells[at + 1].split("\n\n")
    assert choices == "- **A** none\n- **B** one column\n- **C** a row and a column"
    assert answer == f"**Answer:** {ANSWERED}"
    assert picture.startswith("![")
