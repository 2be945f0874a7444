"""Takes HTML comments out of an author's Markdown: they are for the author alone, and no page has them.

What looks like a comment in a code span, in a block of code or in a formula is code, and stays.
"""

from markdown_it.token import Token

from generator.errors import SourceError, Where
from generator.lecture.syntax import COMMENT, COMMENT_BEGIN, COMMENT_END, replace_spans, tokens_of


def strip_comments(text: str, where: Where) -> str:
    """Return Markdown `text`, which begins at `where`, without its comments; its lines stay on their numbers.

    Raises SourceError, at its line, for a comment that is never closed.
    """
    if COMMENT_BEGIN not in text:
        return text
    for token in tokens_of(text):
        if token.type == "html_block" and COMMENT_BEGIN in COMMENT.sub("", token.content):
            line = where.line + (token.map or (0, 0))[0]
            hint = f"end it with {COMMENT_END}; all that follows would be part of it"
            raise SourceError("a comment is never closed", Where(where.path, line), hint)
    return replace_spans(
        text, lambda span: "\n" * text.count("\n", span.start, span.end) if span.kind == "comment" else None
    )


def is_comment(token: Token) -> bool:
    """Return whether a block of a text consists only of comments."""
    return token.type == "html_block" and not COMMENT.sub("", token.content).strip()
