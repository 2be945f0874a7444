"""The course's terms: one file of definitions."""

from pathlib import Path

import pytest

from generator.errors import SourceError, Where
from generator.lecture.course import lecture_names
from generator.lecture.glossary import Glossary, read_glossary

HERE = Where("lectures/sample.md", 3)


def read(project: Path, text: str) -> Glossary:
    (project / "lectures" / "glossary.md").write_text(text, encoding="utf-8")
    return read_glossary(project)


def test_a_term_has_its_definition_and_an_anchor(project):
    term = read(project, "feature map\n: A picture\n  of answers.\n").find("feature map", HERE)
    assert (term.word, term.definition, term.anchor) == ("feature map", "A picture of answers.", "term-feature-map")


def test_a_term_is_found_in_capitals_too(project):
    assert read(project, "stride\n: A step.\n").find("Stride", HERE).word == "stride"


def test_a_project_may_have_no_glossary(project):
    (project / "lectures" / "glossary.md").unlink()
    assert read_glossary(project).terms == {}


def test_the_glossary_is_no_lecture(project, write_lecture):
    write_lecture("## A\n")
    assert lecture_names(project) == ["sample"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "stride\n: A step.\n\nStride\n: A pace.\n",
            "lectures/glossary.md:4: 'Stride' is defined twice\nhint: keep one",
        ),
        (
            "# Terms\n\nstride\n: A step.\n",
            "lectures/glossary.md:1: this is no definition\nhint: write the term on a line",
        ),
        ("stride\n: A step.\n\nJust text.\n", "lectures/glossary.md:4: this is no definition"),
        ("stride\n: A {value}`a.b`.\n", "lectures/glossary.md:1: the definition of 'stride' holds a role\nhint: "),
    ],
)
def test_what_is_no_definition_is_told_at_its_line(project, text, told):
    with pytest.raises(SourceError) as caught:
        read(project, text)
    assert str(caught.value).startswith(told)
