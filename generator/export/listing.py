"""Program text as HTML: one span a line, so that a slide can step through them; colours by class only."""

from html import escape
from typing import Any, Final

from pygments import lex, lexers, token, util  # type: ignore[import-untyped]

from generator.export.rendered import once

TOKEN_CLASSES: Final = frozenset(name for name in token.STANDARD_TYPES.values() if name)
_PLAIN: Final = {"", "n", "p", "w", "err"}  # classes that no rule colours would only make the page larger


def listing(source: str, language: str = "python") -> str:
    """Return `source` as spans of class `line`, each token in a span of its Pygments class; all text is escaped."""
    return once(("code", source, language), lambda: _write(source, language))


def _write(source: str, language: str) -> str:
    lines = ("".join(_token(name, text) for name, text in line) for line in colored_lines(source, language))
    return "\n".join(f'<span class="line">{line}</span>' for line in lines)


def colored_lines(source: str, language: str = "python") -> list[list[tuple[str, str]]]:
    """Return the lines of `source`, each as pieces: a Pygments class (empty for bare text) and the text."""
    lines: list[list[tuple[str, str]]] = [[]]
    for kind, text in lex(source.rstrip("\n"), _lexer(language)):
        name = token.STANDARD_TYPES.get(kind, "")
        first, *others = ([(name, piece)] if piece else [] for piece in text.split("\n"))
        lines[-1] += first
        lines += others
    if not lines[-1]:  # a lexer ends its text with a line break
        lines.pop()
    return lines


def _lexer(language: str) -> Any:
    try:
        return lexers.get_lexer_by_name(language, stripnl=False)
    except util.ClassNotFound:
        return lexers.get_lexer_by_name("text", stripnl=False)


def _token(name: str, text: str) -> str:
    safe = escape(text, quote=False)
    return safe if name in _PLAIN or not text else f'<span class="{name}">{safe}</span>'
