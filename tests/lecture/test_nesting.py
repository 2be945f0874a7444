"""Lists and quotes that hold directives: the texts in them are cut out as Markdown itself would cut them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.lecture.blocks import NestedList, Prose, Quote, walk
from generator.lecture.nesting import item_text
from generator.lecture.parser import read_lecture

NOTE = ":::{notes}\nsecret\n:::"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("-\ttwo\twords", "two\twords"),
        ("-\t```\n\tall:\n\t\tmake\n\t```", "```\nall:\n\tmake\n```"),
        ("- ```\n  \tmake\tit\n  ```", "```\n  make\tit\n```"),
        ("10. ten\n\tmore", "ten\nmore"),
        ("-     code", "    code"),
        ("-\n  below", "\nbelow"),
        ("- \u00a0kept", "\u00a0kept"),
        ("- first\nlazy", "first\nlazy"),
    ],
)
def test_the_text_of_an_item_loses_its_indentation_and_no_more(written: str, read: str) -> None:
    assert item_text(written.split("\n")) == read


def test_a_quote_whose_marks_are_followed_by_tabs_is_read_as_text(
    project: Path, write_lecture: Callable[..., Path]
) -> None:
    text = "\n".join(f">\t{line}" for line in ["quoted\twords", "", *NOTE.split("\n")])
    (block,) = read_lecture(write_lecture(f"## A\n\n{text}\n"), project).slides[0].blocks
    assert isinstance(block, Quote)
    assert [block.text.strip() for block in walk(block.blocks) if isinstance(block, Prose)] == ["quoted\twords"]


def test_a_list_keeps_the_number_that_it_starts_with(project: Path, write_lecture: Callable[..., Path]) -> None:
    text = "7) seven\n\n   " + NOTE.replace("\n", "\n   ") + "\n8) eight"
    (block,) = read_lecture(write_lecture(f"## A\n\n{text}\n"), project).slides[0].blocks
    assert isinstance(block, NestedList)
    assert (block.start, len(block.items)) == (7, 2)
