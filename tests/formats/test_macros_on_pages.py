"""The macros of a lecture and of its course, on every page and in the notebook."""

import io
import json

import pytest
from bs4 import BeautifulSoup
from pptx import Presentation
from sample import ROOT

from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import Where
from generator.formats import handout, notebook, powerpoint, slides, teacher
from generator.lecture.course import Profile
from generator.lecture.macros import read_macros
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

FRONT = "subtitle: In $\\set$\nmacros:\n  \\set: \\mathbb{S}\n"
LECTURE = r"""
# Part $\set$

## Slide $\set$ of $\base$

A set $\set$, a role {term}`set`, and

$$\set \subset \base$$

| a |
|---|
| $\set$ |

:::{notes}
Say $\set$.
:::

:::{exercise}
Show $\set$.
:::

:::{quiz} What is $\set$?
- [x] $\set$
- [ ] $\base$

It is $\set$.
:::
"""


@pytest.fixture
def document(project, write_lecture) -> Document:
    (project / "lectures" / "glossary.md").write_text("set\n: Of $\\set$\n")
    course = read_macros({r"\set": "x", r"\base": r"\mathbb{B}"}, lambda name: Where("lectures/course.toml"))
    plan = plan_lecture(read_lecture(write_lecture(LECTURE, FRONT), project, course), project, Profile())
    assert plan.errors == []
    return compose(plan, {}, Profile(), {})


@pytest.mark.parametrize("module", [slides, handout, teacher])
def test_every_formula_of_a_page_has_its_macros_written_out(document: Document, module) -> None:
    tree = BeautifulSoup(module.export(document, ROOT), "html.parser")
    formulas = [formula.get_text() for formula in tree.find_all("math")]
    assert {"𝕊", "𝔹"} <= set(formulas)
    assert "\\set" not in tree.get_text() + str([tag.attrs for tag in tree.find_all(True) if tag.name != "meta"])


def test_a_notebook_holds_no_macro(document: Document) -> None:
    written = json.loads(notebook.export(document, ROOT))
    text = "".join("".join(cell["source"]) for cell in written["cells"])
    assert "\\set" not in text.replace("\\subset", "")
    assert "\\mathbb{S}" in text


def test_a_presentation_holds_no_macro(document: Document) -> None:
    deck = Presentation(io.BytesIO(powerpoint.export(document, ROOT)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    text = "".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert "𝕊" in text
    assert "\\set" not in text
