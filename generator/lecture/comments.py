"""Takes HTML comments out of an author's Markdown: they are for the author alone, and no page has them.

What looks like a comment in a code span, in a block of code or in a formula is code, and stays.
"""

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

from generator.errors import SourceError, Where
from generator.lecture.places import Sources, in_file
from generator.lecture.syntax import COMMENT, COMMENT_BEGIN, COMMENT_END, replace_spans, tokens_of

NO_SOURCES: Final[Sources] = {}


def strip_comments(text: str, where: Where, sources: Sources = NO_SOURCES) -> str:
    """Return Markdown `text`, which begins at `where`, without its comments; its lines stay on their numbers.

    Raises SourceError, at its place, for a comment that is never closed. sources: the lines of files, by path.
    """
    if COMMENT_BEGIN not in text:
        return text
    for token in tokens_of(text):
        if token.type == "html_block" and COMMENT_BEGIN in COMMENT.sub("", token.content):
            hint = f"end it with {COMMENT_END}; all that follows would be part of it"
            place = in_file(place_of_open(token, text.split("\n"), where), [(text, where)], sources)
            raise SourceError("a comment is never closed", place, hint)
    return replace_spans(
        text, lambda span: "\n" * text.count("\n", span.start, span.end) if span.kind == "comment" else None
    )


def place_of_open(token: Token, lines: Sequence[str], where: Where) -> Where:
    """Return the place of the comment that is never closed in a block of a text, whose `lines` begin at `where`."""
    shown = blank_comments(token.content)
    start = shown.index(COMMENT_BEGIN)
    number = (token.map or (0, 0))[0] + shown.count("\n", 0, start)
    return Where(where.path, where.line + number, lines[number].rfind(shown[start:].split("\n")[0].strip()) + 1)


def blank_comments(markup: str) -> str:
    """Return HTML with spaces for its comments, so that every other character stays at its place."""
    return COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), markup)


def is_comment(token: Token) -> bool:
    """Return whether a block of a text consists only of comments."""
    return token.type == "html_block" and not COMMENT.sub("", token.content).strip()
