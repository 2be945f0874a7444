"""Writes titles where they are not headings: in lists of contents, links, footers and window titles.

Titles are one line of Markdown. Where HTML can stand they keep formulas, code and emphasis, but no links, since most
of these places are links themselves. Where only text can stand, a formula is written in words: `σₓ`, `a/b`, `3 × 3`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.etree.ElementTree import Element, fromstring

from markdown_it.token import Token
from markupsafe import Markup

from generator.errors import PageError
from generator.html.formulas import mathml
from generator.html.markdown import clean, is_link_tag, parse_line, render_line, render_once

_FORMULAS: Final = frozenset({"math_inline", "math_inline_double"})
_LINKS: Final = frozenset({"link_open", "link_close"})
_MARKED: Final = re.compile(r"[^\w\s.,;:?()/+-]|_")  # text of other characters alone is the same without Markdown


def title_html(text: str, *, tags: bool = True) -> Markup:
    """Return a title as HTML without links; raises PageError for a formula that cannot be set.

    tags: whether HTML in it counts as such; in front matter it is text.
    """
    request = ("title", text, tags)
    return Markup(render_once(request, lambda: clean(render_line(_pieces(text, tags=tags)))))  # noqa: S704 - cleaned


def title_words(text: str, *, tags: bool = True) -> str:
    """Return a title as plain text, its formulas in words; `tags` as for `title_html`."""
    if not _MARKED.search(text):
        return " ".join(text.split())
    words = "".join(_words(token) for token in _pieces(text, tags=tags))
    return " ".join(words.split())


def _pieces(text: str, *, tags: bool) -> list[Token]:
    tokens = [token for token in parse_line(text) if token.type not in _LINKS and not (tags and is_link_tag(token))]
    if not tags:
        for token in tokens:
            token.type = "text" if token.type == "html_inline" else token.type
    return tokens


def _words(token: Token) -> str:
    if token.type in _FORMULAS:
        return formula_words(token.content)
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content if token.type in {"text", "code_inline", "image"} else ""


# A formula in words, read from its MathML: every macro that the pages know is known here too.

_SPACED: Final = frozenset("+−=<>≤≥≈≠→←⇒×·∈∼±")
_LOWERED: Final = ("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
_RAISED: Final = (
    "0123456789+−=()abcdefghijklmnoprstuvwxyzTβγδθφχ′",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵝᵞᵟᶿᵠᵡ′",
)
_SUBSCRIPTS: Final = dict(zip(*_LOWERED, strict=True))
_SUPERSCRIPTS: Final = dict(zip(*_RAISED, strict=True))
ACCENTS: Final = {
    "^": "\u0302", "ˆ": "\u0302", "¯": "\u0304", "‾": "\u0304", "ˉ": "\u0304", "→": "\u20d7", "~": "\u0303",
    "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c", "˘": "\u0306", "´": "\u0301", "`": "\u0300", "˚": "\u030a",
}  # fmt: skip
# What lines through and around a term mean in text: after each letter, the line as a combining sign.
ENCLOSURES: Final = {
    "top": "\u0305", "bottom": "\u0332", "updiagonalstrike": "\u0338", "downdiagonalstrike": "\u20e5",
    "updiagonalstrike downdiagonalstrike": "\u0338", "horizontalstrike": "\u0336",
}  # fmt: skip
UNSEEN: Final = str.maketrans("", "", "\u2061\u2062\u2063\u200b\ufe0e")  # signs that have no look of their own


def formula_words(latex: str) -> str:
    """Return a LaTeX formula as plain text; one that cannot be set stays: its heading tells the error."""
    try:
        markup = mathml(latex)
    except PageError:
        return latex
    return " ".join(_write(fromstring(markup)).split())  # noqa: S314 - written by us, without a document type


def _write(element: Element) -> str:
    name = element.tag.rpartition("}")[2]
    if len(element) == 0:
        return _leaf(name, element)
    return _WRITERS[name](list(element), element) if name in _WRITERS else _join(element)


def _write_root(parts: list[Element], _element: Element) -> str:
    return f"{_index(_write(parts[1]).strip(), up=True)}√{_group(parts[0])}"


def _leaf(name: str, element: Element) -> str:
    text = (element.text or "").translate(UNSEEN)
    if name == "mspace":
        return "" if element.get("width", "0pt") == "0pt" else " "
    if name == "mtext":
        return text or " "
    return _operator(text.strip()) if name == "mo" else text.strip()


def enclose(words: str, notation: str) -> str:
    """Return a term with the line that is drawn through, above or below it, as combining signs."""
    mark = ENCLOSURES.get(notation, "")
    return "".join(letter if letter.isspace() else letter + mark for letter in words)


def _join(parts: Iterable[Element]) -> str:
    return "".join(map(_write, parts))


def _operator(text: str) -> str:
    sign = text.replace("-", "−")
    return f" {sign} " if sign in _SPACED else f"{sign} " if sign in {",", ";"} else sign


def _group(element: Element) -> str:
    """Return a numerator, a denominator or the content of a root, in parentheses if it has several terms."""
    words = _write(element).strip()
    return f"({words})" if any(sign in words for sign in (" ", "/")) else words


def _indexed(parts: list[Element], element: Element) -> str:
    """Return a base with its indices, raised and lowered where Unicode has the signs, else behind `^` and `_`."""
    name = element.tag.rpartition("}")[2]
    base, *indices = map(_write, parts)
    if name == "mover" and indices[0].strip() in ACCENTS:
        return unicodedata.normalize("NFC", base + ACCENTS[indices[0].strip()])
    raised = {"msub": [False], "munder": [False], "msup": [True], "mover": [True]}.get(name, [False, True])
    return base + "".join(_index(index.strip(), up=up) for index, up in zip(indices, raised, strict=True))


def _index(text: str, *, up: bool) -> str:
    known, dense = (_SUPERSCRIPTS if up else _SUBSCRIPTS), text.replace(" ", "")
    if all(sign in known for sign in dense):
        return "".join(known[sign] for sign in dense)
    return f"{'^' if up else '_'}{text if len(text) == 1 or text.isalnum() else f'({text})'}"


_WRITERS: Final[Mapping[str, Callable[[list[Element], Element], str]]] = {
    "mfrac": lambda parts, _: f"{_group(parts[0])}/{_group(parts[1])}",
    "msqrt": lambda parts, _: f"√{_group(parts[0])}" if len(parts) == 1 else f"√({_join(parts)})",
    "mroot": _write_root,
    "menclose": lambda parts, element: enclose(_join(parts), element.get("notation", "")),
    "mphantom": lambda _, __: "",
    "mtr": lambda parts, _: " ".join(map(_write, parts)) + "; ",
    **dict.fromkeys(("msub", "msup", "msubsup", "munder", "mover", "munderover"), _indexed),
}
