"""Which slides have so little on them that it is set larger."""

import pytest

from generator.document.tree import PageBlock, PageSlide
from generator.errors import Where
from generator.html.short_slides import is_short

HERE = Where("x.md", 1)
TABLE = "| a | b |\n|--:|--:|\n" + "| 1 | 2 |\n"


def slide(*blocks: PageBlock) -> PageSlide:
    return PageSlide("a", "A", HERE, blocks=list(blocks))


def prose(text: str) -> PageBlock:
    return PageBlock("prose", text, {}, HERE)


@pytest.mark.parametrize(
    ("blocks", "short"),
    [
        ([prose("One sentence.")], True),
        ([prose("A long text goes on. " * 25)], False),
        ([prose("- one\n- two\n- three")], True),
        ([prose("- one\n" * 9)], False),
        ([prose(TABLE + "| 3 | 4 |\n" * 3)], True),
        ([prose(TABLE + "| 3 | 4 |\n" * 9)], False),
        ([prose("$$x$$")], False),
        ([prose("![words](data:x)")], False),
        ([prose("Words."), PageBlock("code", "1", {}, HERE)], False),
        ([PageBlock("columns", "", {}, HERE, columns=((prose("One."),), (prose("Two."),)))], True),
        ([PageBlock("columns", "", {}, HERE, columns=((prose("One."),), (PageBlock("figure", "", {}, HERE),)))], False),
        ([], False),
    ],
)
def test_only_little_text_is_set_larger(blocks: list[PageBlock], short: bool) -> None:
    assert is_short(slide(*blocks)) == short
