"""The tree that pages are written from."""

from typing import Any

import nbformat
import pytest
from sample_lecture import FRONT, sample_notebook

from generator.document.tree import Outline, read_outline
from generator.errors import PageError


def outline_of(*cells: tuple[str, str, dict[str, Any]], audience: str = "slides") -> Outline:
    notebook = nbformat.v4.new_notebook(metadata={"lectern": FRONT})
    for line, (kind, source, facts) in enumerate(cells, start=1):
        cell = nbformat.v4.new_markdown_cell(source)
        cell.metadata["lectern"] = {"kind": kind, "line": line, "slide": kind, **facts}
        notebook.cells.append(cell)
    return read_outline(notebook, audience)


def test_slides_stand_in_their_parts() -> None:
    outline = read_outline(sample_notebook(), "slides")
    assert [part.opening.anchor for part in outline.parts] == ["", "part-a", "part-b", "part-c"]
    assert [slide.anchor for slide in outline.parts[1].slides] == ["window", "stride", "still", "strip", "beside"]
    assert outline.parts[1].slides[0].part == "Convolution, one number at a time"


def test_every_slide_has_its_number_in_the_deck_after_the_title() -> None:
    outline = read_outline(sample_notebook(), "slides")
    numbers = [slide.number for part in outline.parts for slide in (part.opening, *part.slides) if slide.anchor]
    assert numbers == list(range(2, 2 + len(numbers)))


def test_a_part_lasts_as_long_as_its_slides() -> None:
    assert [part.minutes for part in read_outline(sample_notebook(), "slides").titled] == [8, 7, 0]


def test_all_that_follows_a_pause_waits_until_the_next_slide() -> None:
    outline = outline_of(
        ("slide", "## A", {}), ("prose", "a", {}), ("pause", "", {}), ("prose", "b", {}), ("slide", "## B", {}), ("prose", "c", {})
    )  # fmt: skip
    first, second = outline.parts[0].slides
    assert [block.fragment for block in first.blocks] == [False, True]
    assert [block.fragment for block in second.blocks] == [False]


def test_columns_hold_their_own_blocks() -> None:
    outline = outline_of(
        ("slide", "## A", {}), ("columns", "", {}), ("prose", "a", {}), ("column", "", {}), ("prose", "b", {}), ("columns_end", "", {})
    )  # fmt: skip
    (group,) = outline.parts[0].slides[0].blocks
    assert [[block.source for block in column] for column in group.columns] == [["a"], ["b"]]
    assert [block.source for block in outline.blocks() if block.kind == "prose"] == ["a", "b"]


@pytest.mark.parametrize(
    ("audience", "seen"),
    [("slides", ["both", "slides"]), ("handout", ["both", "handout"]), ("teacher", ["both", "handout", "teacher"])],
)
def test_an_audience_sees_what_is_for_it(audience: str, seen: list[str]) -> None:
    cells = [("prose", name, {"audience": name}) for name in ("both", "slides", "handout", "teacher")]
    outline = outline_of(("slide", "## A", {}), *cells, audience=audience)
    assert [block.source for block in outline.blocks()] == seen


SOLVED = [
    ("solution", "", {"audience": "teacher"}),
    ("prose", "solved", {"audience": "teacher"}),
    ("solution_end", "", {"audience": "teacher"}),
]


def test_notes_stand_beside_slides_and_nowhere_in_the_handout() -> None:
    cells = (("slide", "## A", {}), ("notes", "spoken", {}), *SOLVED)
    slides = outline_of(*cells)
    assert [note.source for note in slides.parts[0].slides[0].notes] == ["spoken"]
    assert list(slides.blocks()) == []
    handout = outline_of(*cells, audience="handout")
    assert handout.parts[0].slides[0].notes == []
    assert list(handout.blocks()) == []


def test_the_teacher_reads_notes_and_solutions_in_their_place() -> None:
    cells = (("slide", "## A", {}), ("notes", "spoken", {}), *SOLVED)
    blocks = outline_of(*cells, audience="teacher").parts[0].slides[0].blocks
    assert [block.kind for block in blocks] == ["notes", "solution"]
    assert [block.source for block in blocks[1].columns[0]] == ["solved"]


@pytest.mark.parametrize(
    ("kinds", "problem"),
    [
        (["column"], "outside columns"),
        (["columns_end"], "never began"),
        (["columns"], "never closed"),
        (["columns", "slide"], "over the end of a slide"),
    ],
)
def test_stray_columns_are_blamed_on_their_line(kinds: list[str], problem: str) -> None:
    with pytest.raises(PageError, match=problem) as error:
        outline_of(("slide", "## A", {}), *((kind, "", {}) for kind in kinds))
    assert str(error.value).startswith("lectures/sample.md:")
