"""A recap of findings: what of each stands beside a picture, and what no page could show well."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sample_lecture import sample_assets, sample_notebook

from generator.directives.recap import RecapCell
from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
Write = Callable[..., Path]


def recalling_document() -> Document:
    """Return the made-up lecture with two findings in its recap, the first of which names its second figure."""
    cells = sample_notebook()
    recap = next(cell for cell in cells.cells if cell.metadata["lectern"]["kind"] == "recap")
    recap.metadata["lectern"]["cell"] = {
        "findings": ["Shapes count: {ref}`still`.", "Places do *not*."],
        "figures": ["fig-2", ""],
    }
    places = {audience: {"words": "figure 2", "anchor": "fig-2"} for audience in ("slides", "handout", "teacher")}
    cells.metadata["lectern"]["references"] = {"ref": {"still": places}}
    return Document(cells, sample_assets())


def test_a_finding_stands_beside_its_figure_drawn_once_more() -> None:
    tree = BeautifulSoup(slides.export(recalling_document(), ROOT), "html.parser")
    first, second = tree.select(".findings > li")
    link = first.select_one("a.finding-picture")
    assert link
    assert (link["href"], link["aria-label"]) == ("#fig-2", "Figure 2")
    assert [use["href"] for use in first.select("use")] == ["#fig-2-drawing"]
    assert len(tree.select("#fig-2 #fig-2-drawing")) == 1
    assert (first.get_text().strip(), second.get_text().strip()) == ("Shapes count.", "Places do not.")


def test_readers_have_the_sentence_with_its_reference() -> None:
    document = recalling_document()
    tree = BeautifulSoup(handout.export(document, ROOT), "html.parser")
    assert [item.get_text() for item in tree.select(".findings > li")] == ["Shapes count: figure 2.", "Places do not."]
    assert b"1. Shapes count: figure 2.\\n" in notebook.export(document, ROOT)


@pytest.mark.parametrize(
    ("finding", "beside"),
    [
        ("A: {ref}`a`.", "A."),
        ("A (see {ref}`a`).", "A."),
        ("A ({ref}`a`)", "A"),
        ("In {ref}`a` it is so.", "In {ref}`a` it is so."),
        ("So says {ref}`the picture <a>`.", "So says {ref}`the picture <a>`."),
        ("{ref}`a`.", "{ref}`a`."),
    ],
)
def test_the_reference_at_the_end_of_a_finding_becomes_its_picture(finding: str, beside: str) -> None:
    assert RecapCell([finding], ["fig-a"]).beside_picture(finding) == beside


@pytest.mark.parametrize(
    ("body", "line", "problem"),
    [
        ("Words.\n\n- a\n- b", 7, "a recap is one list"),
        ("- a\n- b\n\nWords.", 10, "a recap is one list"),
        ("<!-- later -->", 6, "a recap has 2 to 6 findings, not 0"),
        ("- a", 6, "a recap has 2 to 6 findings, not 1"),
        ("- a\n" * 7, 6, "a recap has 2 to 6 findings, not 7"),
        ("- a\n- b\n\n  more", 8, "a finding is one sentence or two, in one paragraph"),
    ],
)
def test_what_is_no_list_of_findings_is_told_at_its_line(
    project: Path, write_lecture: Write, body: str, line: int, problem: str
) -> None:
    with pytest.raises(SourceError) as caught:
        read_lecture(write_lecture(f"## A\n\n:::{{recap}}\n{body}\n:::\n"), project)
    assert caught.value.problem == problem
    assert caught.value.where
    assert caught.value.where.line == line


def test_a_recap_without_a_body_lists_the_parts(project: Path, write_lecture: Write) -> None:
    lecture = read_lecture(write_lecture("# One\n\n## A\n\n:::{recap}\n:::\n"), project)
    document = compose(plan_lecture(lecture, project, Profile()), {}, Profile(), {})
    tree = BeautifulSoup(slides.export(document, ROOT), "html.parser")
    assert [item.get_text().strip() for item in tree.select(".agenda-recap li")] == ["One"]


def test_a_finding_may_refer_to_a_slide_and_has_no_picture_then(project: Path, write_lecture: Write) -> None:
    text = "## A\n\n:::{recap}\n- One: {ref}`a`.\n- Two.\n:::\n"
    document = compose(plan_lecture(read_lecture(write_lecture(text), project), project, Profile()), {}, Profile(), {})
    tree = BeautifulSoup(slides.export(document, ROOT), "html.parser")
    assert not tree.select(".finding-picture")
    assert tree.select_one('.findings a[href="#a"]')
