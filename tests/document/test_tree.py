"""The tree that pages are written from."""

from typing import Any

import nbformat
import pytest
from sample_lecture import FRONT, sample_notebook

from generator.document.tree import Document, PageTree
from generator.errors import PageError


def tree_of(*cells: tuple[str, str, dict[str, Any]], audience: str = "slides") -> PageTree:
    notebook = nbformat.v4.new_notebook(metadata={"lectern": FRONT})
    for line, (kind, source, facts) in enumerate(cells, start=1):
        cell = nbformat.v4.new_markdown_cell(source)
        titled = {"cell": {"title": source.lstrip("# ")}} if kind in ("part", "slide") else {}
        cell.metadata["lectern"] = {"kind": kind, "line": line, "slide": kind, **titled, **facts}
        notebook.cells.append(cell)
    return Document(notebook).tree(audience)


BEGIN, NEXT, END = (("columns", "", {"group": step}) for step in ("begin", "next", "end"))


def test_slides_stand_in_their_parts() -> None:
    tree = Document(sample_notebook()).tree("slides")
    assert [part.opening.anchor for part in tree.parts] == ["", "part-a", "part-b", "part-c"]
    assert [slide.anchor for slide in tree.parts[1].slides] == ["window", "stride", "still", "strip", "beside"]
    assert tree.parts[1].slides[0].part == "Convolution, one number at a time"


def test_every_slide_has_its_number_in_the_deck_after_the_title() -> None:
    tree = Document(sample_notebook()).tree("slides")
    numbers = [slide.number for part in tree.parts for slide in (part.opening, *part.slides) if slide.anchor]
    assert numbers == list(range(2, 2 + len(numbers)))


def test_a_part_lasts_as_long_as_its_slides() -> None:
    assert [part.minutes for part in Document(sample_notebook()).tree("slides").titled] == [8, 7, 0]


def test_all_that_follows_a_pause_waits_until_the_next_slide() -> None:
    tree = tree_of(
        ("slide", "## A", {}), ("prose", "a", {}), ("pause", "", {}), ("prose", "b", {}), ("slide", "## B", {}), ("prose", "c", {})
    )  # fmt: skip
    first, second = tree.parts[0].slides
    assert [block.fragment for block in first.blocks] == [False, True]
    assert [block.fragment for block in second.blocks] == [False]


def test_columns_hold_their_own_blocks() -> None:
    tree = tree_of(
        ("slide", "## A", {}), BEGIN, ("prose", "a", {}), NEXT, ("prose", "b", {}), END
    )  # fmt: skip
    (group,) = tree.parts[0].slides[0].blocks
    assert [[block.source for block in column] for column in group.columns] == [["a"], ["b"]]
    assert [block.source for block in tree.blocks() if block.kind == "prose"] == ["a", "b"]


@pytest.mark.parametrize(
    ("audience", "seen"),
    [("slides", ["both", "slides"]), ("handout", ["both", "handout"]), ("teacher", ["both", "handout", "teacher"])],
)
def test_an_audience_sees_what_is_for_it(audience: str, seen: list[str]) -> None:
    cells = [("prose", name, {"audience": name}) for name in ("both", "slides", "handout", "teacher")]
    tree = tree_of(("slide", "## A", {}), *cells, audience=audience)
    assert [block.source for block in tree.blocks()] == seen


SOLVED = [
    ("solution", "", {"audience": "teacher", "group": "begin"}),
    ("prose", "solved", {"audience": "teacher"}),
    ("solution", "", {"audience": "teacher", "group": "end"}),
]


def test_notes_stand_beside_slides_and_nowhere_in_the_handout() -> None:
    cells = (("slide", "## A", {}), ("notes", "spoken", {}), *SOLVED)
    slides = tree_of(*cells)
    assert [note.source for note in slides.parts[0].slides[0].notes] == ["spoken"]
    assert list(slides.blocks()) == []
    handout = tree_of(*cells, audience="handout")
    assert handout.parts[0].slides[0].notes == []
    assert list(handout.blocks()) == []


def test_the_teacher_reads_notes_and_solutions_in_their_place() -> None:
    cells = (("slide", "## A", {}), ("notes", "spoken", {}), *SOLVED)
    blocks = tree_of(*cells, audience="teacher").parts[0].slides[0].blocks
    assert [block.kind for block in blocks] == ["notes", "solution"]
    assert [block.source for block in blocks[1].columns[0]] == ["solved"]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([NEXT], "outside a group"),
        ([END], "never began"),
        ([BEGIN], "never closed"),
        ([BEGIN, ("slide", "## B", {})], "over the end of a slide"),
    ],
)
def test_stray_columns_are_blamed_on_their_line(cells: list[tuple[str, str, dict[str, Any]]], problem: str) -> None:
    with pytest.raises(PageError, match=problem) as error:
        tree_of(("slide", "## A", {}), *cells)
    assert str(error.value).startswith("lectures/sample.md:")
