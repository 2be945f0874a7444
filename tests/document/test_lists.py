"""Lists whose items hold directives: on every page they have the same numbers and boxes as without them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from generator.document.compose import compose
from generator.document.tree import Document
from generator.formats import handout, slides, teacher
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
PAGES = {"slides": slides, "handout": handout, "teacher": teacher}
Compose = Callable[[str], Document]


@pytest.fixture
def composed(project: Path, write_lecture: Callable[..., Path]) -> Compose:
    """Return a function that composes a lecture of one slide with this text."""

    def write(text: str) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(f"## A\n\n{text}\n"), project), project, Profile())
        return compose(plan, {}, Profile(), {})

    return write


def items_of(document: Document, page: str) -> list[tuple[str, str]]:
    """Return the items of the lists of a page: the number that each asks for, and its words."""
    tree = BeautifulSoup(PAGES[page].export(document, ROOT), "html.parser")
    shown = tree.select("#a .content li" if page == "slides" else "main li")
    return [(str(item.get("value", "")), item.get_text().strip()) for item in shown]


@pytest.mark.parametrize("page", ["slides", "handout"])
def test_an_item_keeps_its_number_where_those_before_it_are_for_teachers(composed: Compose, page: str) -> None:
    hidden = "{number}. :::{{solution}}\n   solved\n   :::"
    text = f"{hidden.format(number=3)}\n4. four\n{hidden.format(number=5)}\n6. six\n7. seven"
    assert items_of(composed(text), page) == [("4", "four"), ("6", "six"), ("", "seven")]


@pytest.mark.parametrize("page", ["slides", "handout", "teacher"])
def test_tasks_with_directives_have_boxes_too(composed: Compose, page: str) -> None:
    document = composed("- [ ] open\n\n  :::{exercise}\n  do\n  :::\n- [x] done\n- `[ ] code`")
    boxes = [words.split("\n")[0] for _, words in items_of(document, page)]
    assert boxes == ["☐ open", "☑ done", "[ ] code"]


def test_a_list_of_notes_alone_leaves_no_mark_on_a_slide(composed: Compose) -> None:
    document = composed("- :::{notes}\n  say\n  :::")
    assert not items_of(document, "slides")
    assert not [*document.tree("slides").blocks()]


@pytest.mark.parametrize("name", ["agenda", "recap"])
def test_a_list_of_parts_warns_where_there_are_none(composed: Compose, name: str) -> None:
    document = composed(f":::{{{name}}}\n:::")
    assert [warning.problem for warning in document.warnings] == [
        f"'{{{name}}}' lists nothing: the lecture has no parts"
    ]
    assert not composed(f":::{{{name}}}\n:::\n\n# B").warnings
