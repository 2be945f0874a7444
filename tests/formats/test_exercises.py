"""An exercise sheet has the exercises of a lecture and nothing else; the one for students has no solution."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from generator.commands.build import build_course
from generator.commands.sheets import build_sheets
from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import PageError
from generator.formats import exercises, exercises_pdf, export_document, solutions
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
LECTURE = """
# Part {minutes=9}

## Halves

Prose of the slide.

:::::{exercise}
Halve seven, as $a_1$ in {ref}`halves`.

::::{solution}
The inner answer.
::::
:::::

:::{solution}
The answer of the teacher.
:::

:::{notes}
Said by the teacher.
:::

## Columns

:::::{columns}
::::{exercise}
The task in a column.
::::
+++
::::{solution}
:students: yes

The answer that is folded.
::::
:::::
"""


@pytest.fixture
def document(project: Path, write_lecture: Callable[..., Path]) -> Callable[[str], Document]:
    """Return a function that composes a lecture that nothing has to be made for."""

    def make(text: str) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
        assert not plan.errors
        return compose(plan, {}, Profile(), {})

    return make


def tasks_on(page: bytes) -> list[str]:
    """Return the words of each exercise of a sheet."""
    sections = BeautifulSoup(page, "html.parser").select("section.task")
    return [" ".join(section.get_text(" ").split()) for section in sections]


def test_a_sheet_for_students_has_every_exercise_and_no_solution(document: Any) -> None:
    page = exercises.export(document(LECTURE), ROOT)
    first, second = tasks_on(page)
    assert first.startswith("Exercise 1 Halves Halve seven, as")
    assert second == "Exercise 2 Columns The task in a column."
    assert not any(words in page for words in (b"inner answer", b"answer of the", b"answer that", b"Said by"))
    assert b"Prose of the slide" not in page


def test_a_sheet_for_the_teacher_has_each_solution_at_its_exercise(document: Any) -> None:
    page = solutions.export(document(LECTURE), ROOT)
    first, second = tasks_on(page)
    assert first.endswith("Solution The inner answer. The answer of the teacher.")
    assert second == "Exercise 2 Columns The task in a column. Solution The answer that is folded."
    assert b"Said by" not in page


@pytest.mark.parametrize(("sheet", "page"), [(exercises, "handout.html"), (solutions, "teacher.html")])
def test_a_sheet_refers_to_the_page_that_has_the_rest(document: Any, sheet: Any, page: str) -> None:
    made = BeautifulSoup(sheet.export(document(LECTURE), ROOT), "html.parser")
    links = [str(link["href"]) for link in made.select("a[href]")]
    assert links == [f"{page}#halves", f"{page}#halves", f"{page}#columns"]


def test_an_exercise_in_another_is_a_part_of_it(document: Any) -> None:
    text = "## A\n\n::::{exercise}\nOuter.\n\n:::{exercise}\nInner.\n:::\n::::\n"
    assert tasks_on(exercises.export(document(text), ROOT)) == ["Exercise 1 A Outer. Exercise Inner."]


def test_a_lecture_without_exercises_has_no_sheet(document: Any) -> None:
    made = export_document(document("## A\n\nText.\n"), ROOT, ["sheets"])
    assert not {"exercises.html", "solutions.html"} & made.keys()
    assert {"exercises.html", "solutions.html"} <= export_document(document(LECTURE), ROOT, ["sheets"]).keys()


@pytest.fixture
def sheets(project: Path, full_project: Path, write_lecture: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Return a function that writes a lecture and makes the sheets where there is no Chromium; what was said, too."""
    assert project == full_project

    def refuse() -> None:
        raise PageError("there is no Chromium", hint="make setup-pdf")

    monkeypatch.setattr(exercises_pdf, "FORMAT", replace(exercises_pdf.FORMAT, require=refuse))

    def make(text: str) -> tuple[Mapping[str, bytes], str]:
        path = write_lecture(text)
        assert build_sheets(str(full_project)) == 0
        folder = full_project / "build" / path.stem
        said = capsys.readouterr()
        return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}, said.out + said.err

    return make


def test_without_chromium_sheets_are_pages_alone_and_it_is_said(sheets: Any) -> None:
    made, said = sheets(LECTURE)
    assert tasks_on(made["exercises.html"])[1] == "Exercise 2 Columns The task in a column."
    assert not any(name.endswith(".pdf") for name in made)
    assert "the sheets are not printed: there is no Chromium" in said


def test_it_is_said_that_no_lecture_has_an_exercise(sheets: Any) -> None:
    made, said = sheets("## A\n\nText.\n")
    assert "exercises.html" not in made
    assert "no lecture has an exercise" in said


def test_no_outdated_sheet_stays_beside_a_newer_handout(sheets: Any, full_project: Path, write_lecture: Any) -> None:
    made, _ = sheets(LECTURE)
    assert "solutions.html" in made
    path = write_lecture(LECTURE.replace("Halve seven", "Halve nine"))
    assert build_course(str(full_project)) == 0
    left = sorted(file.name for file in (full_project / "build" / path.stem).glob("*.html"))
    assert left == ["handout.html", "slides.html", "teacher.html"]
