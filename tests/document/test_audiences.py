"""Who sees what, proved on random lectures: every word is on exactly the pages of its audience, in its order."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.document.compose import compose
from generator.document.tree import Document
from generator.formats import handout, notebook, slides, teacher, teacher_notebook
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"zq\d+zq")
PAGES = ("slides", "spoken", "handout", "notebook", "teacher", "teacher_notebook")
# The pages that a directive takes what is in it away from.
HIDDEN = {
    "solution": {"slides", "spoken", "handout", "notebook"},
    "handout": {"slides", "spoken"},
    "worked": {"slides", "spoken"},  # a solution that students have, too
    "slides": {"handout", "teacher"},
    "notes": {"slides", "handout", "notebook"},
    "exercise": {"spoken"},
    "prose": {"spoken"},
    "columns": set(),
    "list": set(),
    "numbers": set(),
    "quote": set(),
    "task": set(),
}  # fmt: skip
# What holds others: how it is written around their texts.
HOLDERS: dict[str, Callable[[list[str], str], str]] = {
    **{name: lambda parts, fence, name=name: f"{fence}{{{name}}}\n{GAP.join(parts)}\n{fence}"
       for name in ("solution", "handout", "slides")},
    "task": lambda parts, fence: f"{fence}{{exercise}}\n{GAP.join(parts)}\n{fence}",
    "worked": lambda parts, fence: f"{fence}{{solution}}\n:students: yes\n\n{GAP.join(parts)}\n{fence}",
    "columns": lambda parts, fence: f"{fence}{{columns}}\n" + "\n+++\n".join(parts) + f"\n{fence}",
    "list": lambda parts, _: "\n".join(marked(part, "- ", "  ") for part in parts),
    "numbers": lambda parts, _: "\n".join(marked(part, "7. ", "   ") for part in parts),
    "quote": lambda parts, _: marked(GAP.join(parts), "> ", "> "),
}  # fmt: skip
GAP = "\n\n"
LEAVES = st.sampled_from(["prose", "notes", "exercise"])
BLOCKS = st.recursive(
    LEAVES, lambda inside: st.tuples(st.sampled_from(list(HOLDERS)), st.lists(inside, min_size=1, max_size=3)), max_leaves=8,
)  # fmt: skip


def marked(text: str, first: str, others: str) -> str:
    """Return a text with these marks before its lines."""
    head, *rest = text.split("\n")
    return "\n".join([first + head, *(others + line for line in rest)])


class Writer:
    """Writes random blocks as a lecture, a new word into each, and remembers on which pages the word belongs."""

    def __init__(self) -> None:
        self.belongs: dict[str, set[str]] = {}

    def write(self, block: Any, pages: frozenset[str], above: tuple[str, ...] = ()) -> str:
        name, inside = (block, []) if isinstance(block, str) else block
        # What no page would show is refused, and has its own test.
        if (name == "slides" and {"handout", "solution", "worked"} & {*above}) or (
            name in ("handout", "solution", "worked") and "slides" in above
        ):
            name = "columns"
        seen = pages - HIDDEN[name]
        if not inside:
            return self.leaf(name, seen)
        fence = ":" * (20 - len(above))
        parts = [self.write(part, seen, (*above, name)) for part in inside]
        parts += [self.leaf("prose", seen)] if name == "columns" else []
        return HOLDERS[name](parts, fence)

    def leaf(self, name: str, pages: frozenset[str]) -> str:
        word = f"zq{len(self.belongs)}zq"
        self.belongs[word] = {*(pages - HIDDEN[name])}
        return word if name == "prose" else f":::{{{name}}}\n{word}\n:::"


def words_of_pages(document: Document) -> dict[str, list[str]]:
    """Return the words on each page, in their order; `spoken` are those in the deck's notes."""
    deck = BeautifulSoup(slides.export(document, ROOT), "html.parser")
    spoken = [note.extract().get_text() for note in deck.select("aside.notes")]
    texts = {
        "slides": str(deck),
        "spoken": " ".join(spoken),
        "handout": handout.export(document, ROOT).decode(),
        "notebook": notebook.export(document, ROOT).decode(),
        "teacher": teacher.export(document, ROOT).decode(),
        "teacher_notebook": teacher_notebook.export(document, ROOT).decode(),
    }
    nbformat.validate(json.loads(texts["notebook"]))
    return {page: WORD.findall(text) for page, text in texts.items()}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BLOCKS, min_size=1, max_size=4))
def test_every_word_is_on_exactly_its_pages_and_in_its_order(
    project: Path, write_lecture: Callable[..., Path], blocks: list[Any]
) -> None:
    writer = Writer()
    text = "\n\n".join(writer.write(block, frozenset(PAGES)) for block in blocks)
    plan = plan_lecture(read_lecture(write_lecture(f"## A\n\n{text}\n"), project), project, Profile())
    found = words_of_pages(compose(plan, {}, Profile(), {}))
    for page in PAGES:
        assert found[page] == [word for word, pages in writer.belongs.items() if page in pages], page


@pytest.mark.parametrize("inner", ["handout", "notes", "columns"])
def test_what_stands_within_a_solution_is_part_of_it(
    project: Path, write_lecture: Callable[..., Path], inner: str
) -> None:
    body = "zq1zq\n+++\nzq2zq" if inner == "columns" else "zq1zq"
    text = f"## A\n\n::::{{solution}}\n:::{{{inner}}}\n{body}\n:::\n::::\n"
    plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
    found = words_of_pages(compose(plan, {}, Profile(), {}))
    assert {page for page, words in found.items() if words} == {"teacher", "teacher_notebook"}
