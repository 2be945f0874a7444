"""Tells which slides have so little text that it can be set larger, so that they are not left half white."""

import math
import re
from collections.abc import Iterable
from typing import Final

from generator.document.tree import PageBlock, PageSlide

KINDS: Final = frozenset({"prose", "claim", "incremental", "columns", "list", "quote", "exercise"})
LINE: Final = 58  # letters of large text on a line that is as wide as the slide
MOST_LINES: Final = 9.0  # of large text, for which any slide has room below a title of two lines
LABEL: Final = 1.5  # lines of a card's label and of its edges
MOST_ROWS: Final = 7  # of a table
GAP: Final = 0.5  # lines between two blocks, paragraphs or items
_UNMEASURED: Final = re.compile(r"!\[|\$\$|<img|```|^ {4}|\n\|[^\n]{110}", re.MULTILINE)
_MARKUP: Final = re.compile(r"<[^>]*>|\]\([^)]*\)|\{\w+\}|[*_`\[\]]")


def is_short(slide: PageSlide) -> bool:
    """Return whether all that is on a slide is text and small tables, and fits if it is set larger."""
    if not slide.blocks or not all(map(is_measured, slide.blocks)):
        return False
    return lines_of(slide.blocks, LINE) <= MOST_LINES


def is_measured(block: PageBlock) -> bool:
    """Return whether the height of a block can be told from its text."""
    inner = [block for column in block.columns for block in column]
    return block.kind in KINDS and not _UNMEASURED.search(block.source) and all(map(is_measured, inner))


def lines_of(blocks: Iterable[PageBlock], width: int) -> float:
    """Return how many lines blocks take, with the gaps between them, where a line has `width` letters."""
    return sum(block_lines(block, width) + GAP for block in blocks)


def block_lines(block: PageBlock, width: int) -> float:
    """Return how many lines a block takes."""
    if block.columns and block.kind == "columns":
        share = max(8, width // len(block.columns) - 2)
        return max(lines_of(column, share) for column in block.columns)
    label = LABEL if block.kind in ("claim", "exercise") else 0.0
    if block.columns:
        return label + sum(lines_of(column, width - 4) for column in block.columns)
    return label + sum(paragraph_lines(text, width) for text in re.split(r"\n\s*\n", block.source.strip()))


def paragraph_lines(text: str, width: int) -> float:
    """Return how many lines a paragraph, a list or a table takes, and the gap below it."""
    lines = text.split("\n")
    if lines[0].lstrip().startswith("|"):
        rows = len(lines) - 1
        return 1.35 * rows if rows <= MOST_ROWS else math.inf
    items = re.split(r"\n(?=\s*(?:[-*+]|\d+[.)])\s)", text)
    return sum(math.ceil(len(_MARKUP.sub("", " ".join(item.split()))) / width) + GAP for item in items)
