"""Equations with a name are numbered, on every page in its own way, and can be referred to."""

import json
import re
from pathlib import Path

import pytest

from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import LectureError
from generator.formats import handout, notebook, slides, teacher
from generator.formats.powerpoint.rich_text import Formula, read_passages
from generator.html.markdown import render
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
EQUATION = "$$\ny = w x\n$$ (line)"


@pytest.fixture
def plan(project, write_lecture):
    return lambda text: plan_lecture(read_lecture(write_lecture(text), project), project, Profile())


@pytest.fixture
def press(plan):
    def make(text: str) -> Document:
        planned = plan(text)
        assert planned.errors == []
        return compose(planned, {}, Profile(), {})

    return make


def body(module, document: Document) -> str:
    return module.export(document, ROOT).decode().partition("<body>")[2].replace(' rel="noopener noreferrer"', "")


@pytest.mark.parametrize("module", [slides, handout, teacher])
def test_a_named_equation_has_its_number_beside_it_and_a_link_leads_there(press, module):
    page = body(module, press(f"## A\n\nSee {{ref}}`line`.\n\n{EQUATION}\n\n$$z = 1$$\n\n- $$z = 2$$ (two)\n"))
    assert '<a href="#eq-1">equation 1</a>' in page
    numbers = re.findall(
        r'<p class="equation" id="(eq-\d)"><math.*?</math><span class="equation-number">\((\d)\)', page
    )
    assert numbers == [("eq-1", "1"), ("eq-2", "2")]
    assert "(line)" not in page
    assert "tag" not in page[page.index("eq-1") : page.index("eq-2")].replace("stage", "")


def test_a_notebook_has_the_number_as_tex_writes_it(press):
    cells = json.loads(notebook.export(press(f"## A\n\n{EQUATION}\n\nSee {{ref}}`line`.\n"), ROOT))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    assert "y = w x\n \\tag{1}$$" in text
    assert "See equation 1." in text


def test_a_presentation_has_the_number_behind_the_formula():
    assert read_passages("$$x = 1 \\tag{3}$$") == [Formula(r"x = 1 \qquad (3)")]


def test_an_equation_of_one_page_is_told_as_such_on_the_others(press):
    document = press(f"## A\n\nSee {{ref}}`line`.\n\n:::{{handout}}\n{EQUATION}\n:::\n\n$$z$$ (other)\n")
    assert "See equation 1 of the handout." in body(slides, document)
    assert '<a href="#eq-1">equation 1</a>' in body(handout, document)
    assert 'id="eq-2"' in body(slides, document)


def test_an_author_gives_no_ids():
    assert 'id="' not in render('<p id="mine">text</p>')


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        (f"{EQUATION}\n\n$$x$$ (line)", "something else is called 'line' already", 10),
        (f"{EQUATION}\n\n## Line", "something else is called 'line' already", 8),
        (f"{EQUATION}\n\n:::{{figure}} half\n:number: 3\n:name: line\n:::", "something else is called 'line' already", 8),
        (f":::{{notes}}\n{EQUATION}\n:::", "the equation '(line)' cannot be numbered here", 9),
        ("$$x$$ (for all x)", "'for all x' cannot name an equation", 6),
        ("Text,\n$$x = 1$$ (line)", "the equation before '(line)' gets no number here", 7),
        ("$$x \\tag{1}$$", "a formula is numbered by its name, not by '\\tag{1}'", 6),
        ("{ref}`lin`\n\n$$x$$ (line)", "there is no figure, equation, slide or experiment 'lin'", 6),
        ("$$\nx\n\n$$ (line)", "a formula is never closed, or has an empty line in it", 6),
    ],
)  # fmt: skip
def test_what_cannot_be_numbered_is_refused(project, write_lecture, text, problem, line):
    path = write_lecture(f"## A\n\n{text}\n")
    try:
        errors = plan_lecture(read_lecture(path, project), project, Profile()).errors
    except LectureError as error:
        errors = [error]
    assert [(error.problem, error.where.line) for error in errors] == [(problem, line)]


def test_a_name_that_nothing_refers_to_is_fine(plan):
    assert plan(f"## A\n\n{EQUATION}\n").errors == []


@pytest.mark.parametrize("text", ["It is $$x$$ (as we know).", "> $$\n> x\n> $$ (line)"])
def test_words_behind_a_formula_stay_words(plan, text):
    assert plan(f"## A\n\n{text}\n").errors == []
