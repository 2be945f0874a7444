"""Takes HTML comments out of an author's Markdown: they are for the author alone, and no page has them.

What looks like a comment in a code span, in a block of code or in a formula is code, and stays.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator.errors import SourceError, Where

COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)
UNCLOSED_HINT = "end it with -->; all that follows would be part of it"


@cache
def markdown() -> MarkdownIt:
    """Return a parser that knows what pages take for code and for formulas."""
    parser = MarkdownIt("commonmark").enable("table")
    return parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)


def strip_comments(text: str, where: Where) -> str:
    """Return Markdown `text`, which begins at `where`, without its comments; its lines stay on their numbers.

    Raises SourceError, at its line, for a comment that is never closed.
    """
    if "<!--" not in text:
        return text
    kept, at = "", 0
    for start, end in spans(text, where):
        kept += text[at:start] + "\n" * text.count("\n", start, end)
        at = end
    return kept + text[at:]


def is_comment(token: Token, where: Where) -> bool:
    """Return whether a block of HTML is only comments; raise SourceError, at `where` it begins, if one is open."""
    if token.type != "html_block":
        return False
    rest = COMMENT.sub("", token.content)
    if "<!--" in rest:
        raise SourceError("a comment is never closed", where, UNCLOSED_HINT)
    return not rest.strip()


def spans(text: str, where: Where) -> Iterator[tuple[int, int]]:
    """Yield where the comments in `text` begin and end, in order; raise SourceError for one that is never closed."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    at = 0
    for block in markdown().parse(text):
        at = max(at, starts[block.map[0]]) if block.map else at
        for piece in block.children or [block]:
            if piece.type in ("html_inline", "html_block"):
                yield from (found := list(comments_in(piece, text, at)))
                if block.type == "html_block" and "<!--" in COMMENT.sub("", piece.content):
                    line = where.line + block.map[0] if block.map else where.line
                    raise SourceError("a comment is never closed", Where(where.path, line), UNCLOSED_HINT)
                at = found[-1][1] if found else at
            elif piece.type in ("code_inline", "math_inline", "math_inline_double"):
                at = after(piece.content, text, at)


def comments_in(piece: Token, text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield where the comments in a piece of HTML stand in `text`, from `at` on."""
    for comment in COMMENT.findall(piece.content):
        if found := as_written(comment).search(text, at):
            yield found.span()
            at = found.end()


def after(content: str, text: str, at: int) -> int:
    """Return the place in `text` behind the first `content` from `at` on; `at` where it is written otherwise."""
    found = as_written(content).search(text, at)
    return found.end() if found else at


def as_written(content: str) -> re.Pattern[str]:
    """Return a pattern for text that a parser has read: its lines may be indented or quoted, or joined by spaces."""
    return re.compile(r"[\s>]+".join(re.escape(word) for word in content.split()))
