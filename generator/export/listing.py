"""Program text as HTML: one span a line, so that a slide can step through them; colours by class only."""

from html import escape
from typing import Final

from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

_PLAIN: Final = {"", "n", "p", "w", "err"}     # classes that no rule colours would only make the page larger


def listing(source: str, language: str = "python") -> str:
    """Return `source` as spans of class `line`, each token in a span of its Pygments class; all text is escaped."""
    lines = [""]
    for kind, text in lex(source.rstrip("\n"), _lexer(language)):
        first, *others = text.split("\n")
        lines[-1] += _token(STANDARD_TYPES.get(kind, ""), first)
        lines += [_token(STANDARD_TYPES.get(kind, ""), other) for other in others]
    if lines[-1] == "":                         # a lexer ends its text with a line break
        lines.pop()
    return "\n".join(f'<span class="line">{line}</span>' for line in lines)


def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)


def _token(name: str, text: str) -> str:
    safe = escape(text, quote=False)
    return safe if name in _PLAIN or not text else f'<span class="{name}">{safe}</span>'
