"""All pages say of which edition of a lecture they are: its date, its version, its license."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from generator.document.compose import compose
from generator.errors import SourceError
from generator.formats import handout, notebook, powerpoint, slides, teacher
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
FRONT = 'author: Ada\ndate: 2026-11-30\nversion: "1.10"\nlicense: CC BY 4.0\n'
EDITION = "2026-11-30 · v1.10 · CC BY 4.0"


def document(project, write_lecture, front):
    plan = plan_lecture(read_lecture(write_lecture("## A\n\nText.\n", front), project), project, Profile())
    assert plan.errors == []
    return compose(plan, {}, Profile(), {})


@pytest.mark.parametrize("module", [slides, handout, teacher])
def test_a_page_says_its_edition_below_the_title(project, write_lecture, module):
    page = BeautifulSoup(module.export(document(project, write_lecture, FRONT), ROOT), "html.parser")
    assert [line.text for line in page.select(".byline.edition")] == [EDITION]


def test_a_notebook_and_a_presentation_say_it_too(project, write_lecture):
    made = document(project, write_lecture, FRONT)
    first = json.loads(notebook.export(made, ROOT))["cells"][0]["source"]
    assert EDITION in "".join(first)
    assert "CC BY 4.0" in texts_of(powerpoint.FORMAT.export(made, ROOT))


def texts_of(content: bytes) -> str:
    """Return all texts of a presentation."""
    from io import BytesIO

    from pptx import Presentation

    shown = Presentation(BytesIO(content))
    return "\n".join(shape.text_frame.text for slide in shown.slides for shape in slide.shapes if shape.has_text_frame)


@pytest.mark.parametrize(
    ("front", "edition"), [("", ""), ("version: 2\n", "v2"), ("date: Winter 2026\n", "Winter 2026")]
)
def test_an_edition_has_what_the_lecture_says(project, write_lecture, front, edition):
    assert read_lecture(write_lecture("## A\n\nText.\n", front), project).edition == edition


def test_a_version_that_yaml_would_shorten_is_refused(project, write_lecture):
    with pytest.raises(SourceError) as caught:
        read_lecture(write_lecture("## A\n\nText.\n", "version: 1.10\n"), project)
    assert (
        str(caught.value)
        == "lectures/sample.md:3: 'version' is text, not 1.1\nhint: write version: \"1.10\", in quotes"
    )
