"""Finds the column in a lecture's file of a character in one of its texts.

A text is not always what its lines in the file are: the lines of an indented directive are cut, and comments are taken
out. What is left of a line stands in the file's at the same distance from its beginning or from its end.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from generator.errors import LectureError, Where
from generator.lecture.syntax import COMMENT

CLOSING = re.compile(r"\s*:{3,}\s*")  # the last line of a directive


Sources = Mapping[str, Sequence[str]]  # the lines of files, by path


def point(errors: Iterable[LectureError], texts: Sequence[tuple[str, Where]], sources: Sources) -> None:
    """Give errors, which were found in `texts`, their columns in their files.

    An error without a column is about a whole line, and points at its first character.
    """
    for error in errors:
        if error.where:
            where = in_file(error.where, texts, sources)
            error.where = where if where.column else first_character(where, sources)


def first_character(where: Where, sources: Sources) -> Where:
    """Return the place of the first character on a line that is no space; its column is unknown without the file."""
    lines = sources.get(where.path, ())
    text = lines[where.line - 1] if 0 < where.line <= len(lines) else ""
    return replace(where, column=len(text) - len(text.lstrip()) + 1 if text.strip() else 0)


def in_file(where: Where, texts: Iterable[tuple[str, Where]], sources: Sources) -> Where:
    """Return `where`, whose column is that of a character in one of `texts`, with the column in the file.

    texts: each with its place, or that of the directive that it is in. sources: without the file, the column stays. A
    place outside the texts stays as well, and so does one without a column.
    """
    source = sources.get(where.path, ())
    for text, start in texts:
        lines, number = text.split("\n"), where.line - start.line
        is_inside = start.path == where.path and 0 <= number < len(lines)
        if where.column and is_inside and where.line <= len(source):
            column = column_in_file(lines[number], where.column, source[where.line - 1])
            return replace(where, column=column) if column else in_directive(where, lines[number], start.line, source)
    return where


def in_directive(where: Where, text: str, first: int, source: Sequence[str]) -> Where:
    """Return the place of a character of `text`, which ends a line of the directive on line `first`.

    Such is an option of a quiz, or `:caption:` and its words. Where there is no such line, the line stays.
    """
    inside = list(takewhile(lambda line: not CLOSING.fullmatch(source[line]), range(first - 1, len(source))))
    for line in inside:
        if text.strip() and source[line].rstrip().endswith(text.rstrip()):
            return Where(where.path, line + 1, column_in_file(text, where.column, source[line]))
        if text.strip() and text.startswith(source[line].strip() or "\n"):
            return in_joined_lines(where, text, line, source)
    return first_character(where, {where.path: source})


def in_joined_lines(where: Where, text: str, line: int, source: Sequence[str]) -> Where:
    """Return the place of a character of `text`, which is the words of the lines from `line` on, as one."""
    start = 0
    for number in range(line, len(source)):
        words = " ".join(source[number].split())
        if not words or not text.startswith(words, start):
            break
        if where.column <= start + len(words):
            column = source[number].find(words) + where.column - start if words in source[number] else 0
            return Where(where.path, number + 1, column)
        start += len(words) + 1
    return first_character(where, {where.path: source})


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
    return line.find(text) + column if text in line else column_between_comments(text, column, line)


def column_between_comments(text: str, column: int, line: str) -> int:
    """Return what `column_in_file` does for a text that is a line without the comments in it, 0 if it is none."""
    hidden = {place for comment in COMMENT.finditer(line) for place in range(*comment.span())}
    shown = [place for place in range(len(line)) if place not in hidden]
    words = "".join(line[place] for place in shown)
    place = words.find(text.strip()) + column - 1 - (len(text) - len(text.lstrip()))
    return shown[place] + 1 if text.strip() in words and 0 <= place < len(shown) else 0


def count_same(first: str, second: str) -> int:
    """Return how many characters two texts have in common at their beginning; lines of many faults ask it for each."""
    least, most = 0, min(len(first), len(second))
    while least < most:
        middle = (least + most + 1) // 2
        if first.startswith(second[:middle]):
            least = middle
        else:
            most = middle - 1
    return least
