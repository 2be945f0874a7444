"""The appendix: what a heading says, and that neither minutes nor lists of parts count it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
LECTURE = """# One {minutes=1}

## A {minutes=2}

:::{agenda}
:::

See {ref}`deep`.

# More {appendix=yes}

## Depth {#deep minutes=4}

Words.

---

Others.

# Still more {appendix=yes}

## Last

Words.
"""
Write = Callable[..., Path]


@pytest.fixture
def document(project: Path, write_lecture: Write) -> Document:
    plan = plan_lecture(read_lecture(write_lecture(LECTURE, "minutes: 3\n"), project), project, Profile())
    return compose(plan, {}, Profile(), {})


def page(document: Document, module: object) -> BeautifulSoup:
    return BeautifulSoup(module.export(document, ROOT), "html.parser")  # type: ignore[attr-defined]


def test_all_slides_of_an_appendix_are_of_it(project: Path, write_lecture: Write) -> None:
    lecture = read_lecture(write_lecture(LECTURE), project)
    assert [slide.appendix for slide in lecture.slides] == [False, False, True, True, True, True, True]


def test_its_minutes_count_for_nothing(project: Path, write_lecture: Write, document: Document) -> None:
    assert read_lecture(write_lecture(LECTURE, "minutes: 3\n"), project).overrun() is None
    assert document.tree("slides").minutes == 3
    assert not page(document, slides).select("#deep[data-timing], #still-more[data-timing]")


def test_an_agenda_and_the_courses_index_leave_it_out(document: Document) -> None:
    items = page(document, slides).select(".agenda > li > a")
    assert [item.get_text() for item in items] == ["One"]
    assert [part["title"] for part in notebook.describe(document)["parts"]] == ["One"]


def test_its_slides_say_that_they_are_of_it_and_count_for_no_progress(document: Document) -> None:
    tree = page(document, slides)
    feet = {str(foot.find_parent("section")["id"]): foot.get_text() for foot in tree.select(".foot")}  # type: ignore[index]
    assert [name for name, words in feet.items() if "Appendix" in words] == [
        "more", "deep", "deep-2", "still-more", "last",
    ]  # fmt: skip
    assert [str(slide["id"]) for slide in tree.select("[data-visibility=uncounted]")] == [*feet][2:7]


def test_a_handout_gives_its_parts_letters(document: Document) -> None:
    headings = page(document, handout).select("main h2")
    assert [" ".join(heading.get_text().split()) for heading in headings] == ["1 One", "A More", "B Still more"]


def test_a_reference_leads_to_its_slides(document: Document) -> None:
    assert page(document, slides).select_one('#a .content a[href="#deep"]')


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("## A {appendix=yes}", 4, "a slide alone is no appendix"),
        ("# A {appendix=yes}\n\n# B", 6, "a part follows the appendix"),
        ("# A {appendix=perhaps}", 4, "'appendix' is yes or no, not 'perhaps'"),
    ],
)
def test_what_cannot_be_an_appendix_is_told_at_its_line(
    project: Path, write_lecture: Write, text: str, line: int, problem: str
) -> None:
    with pytest.raises(SourceError) as caught:
        read_lecture(write_lecture(text), project)
    assert caught.value.problem == problem
    assert caught.value.where
    assert caught.value.where.line == line
