"""Finds the column in a lecture's file of a character in one of its texts.

A text is not always what its lines in the file are: the lines of an indented directive are cut, and comments are taken
out. What is left of a line stands in the file's at the same distance from its beginning or from its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from generator.errors import Where


def first_character(line: int, path: str, source: Sequence[str]) -> Where:
    """Return the place of the first character on a `line` of the file `path` that is no space.

    source: the lines of the file; where it has no such line, the column is unknown.
    """
    text = source[line - 1] if 0 < line <= len(source) else ""
    return Where(path, line, len(text) - len(text.lstrip()) + 1 if text.strip() else 0)


def in_file(where: Where, texts: Iterable[tuple[str, int]], source: Sequence[str]) -> Where:
    """Return `where`, whose column is that of a character in one of `texts`, with the column in the file.

    texts: each with the line of the file on which it begins. source: the lines of the file; without them, the column
    stays. A place outside the texts stays as well, and so does one without a column.
    """
    for text, first in texts:
        lines, number = text.split("\n"), where.line - first
        if where.column and source and 0 <= number < len(lines) and where.line <= len(source):
            return replace(where, column=column_in_file(lines[number], where.column, source[where.line - 1]))
    return where


def column_in_file(text: str, column: int, line: str) -> int:
    """Return the column in the `line` of a file of what stands at `column` of the `text` that was read from it.

    Both count from 1. It is 0, unknown, for what does not stand at the same distance from the line's beginning or end.
    """
    text, line = text.rstrip(), line.rstrip()
    cut = len(line) - len(line.lstrip()) - (len(text) - len(text.lstrip()))
    at, same = column - 1, count_same(line.lstrip(), text.lstrip())
    if at < len(text) - len(text.lstrip()) + same and at + cut >= 0:
        return column + cut
    same = count_same(line[::-1], text[::-1])
    if at >= len(text) - same:
        return column + len(line) - len(text)
    return line.find(text) + column if text in line else 0


def count_same(first: str, second: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
