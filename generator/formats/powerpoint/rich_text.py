"""Reads Markdown and formulas as runs of styled text, for formats that are not HTML; knows no sizes and no pages.

Formulas inside a line become runs with raised and lowered letters, since presentations cannot set MathML.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import nh3
from markdown_it.token import Token

from generator.html.formulas import mathml
from generator.html.markdown import parse, split_number
from generator.html.titles import ACCENTS, UNSEEN, enclose

_TAG: Final = re.compile(r"<(/?)([a-z]+)\b[^>]*>", re.IGNORECASE)
_STRONG: Final = {"strong_open": True, "strong_close": False}
_ITALIC: Final = {"em_open": True, "em_close": False}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style.

    link:  the address of a link, empty for none.
    shift: 1 for raised, -1 for lowered letters.
    color: `#rrggbb`, empty for the color of the surrounding text.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    shift: int = 0
    color: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `level` is the number of lists around it, `mark` the bullet or number of a list item."""

    runs: tuple[Run, ...]
    level: int = 0
    mark: str = ""
    quoted: bool = False

    @property
    def text(self) -> str:
        """Return the text without its styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Listing:
    """Program text."""

    source: str
    language: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula on lines of its own, in LaTeX."""

    latex: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `align` is left, right or center."""

    runs: tuple[Run, ...]
    align: str = "left"
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, as rows of cells."""

    rows: tuple[tuple[Cell, ...], ...]


Passage = Paragraph | Listing | Formula | Table


def read_passages(text: str) -> list[Passage]:
    """Return the passages of Markdown `text`; raises PageError for a formula that cannot be set."""
    return list(_passages(parse(text)))


def read_runs(text: str) -> tuple[Run, ...]:
    """Return one line of Markdown as runs; raises PageError as `read_passages` does."""
    paragraphs = [passage for passage in read_passages(text.strip()) if isinstance(passage, Paragraph)]
    return tuple(run for paragraph in paragraphs for run in paragraph.runs)


def write_plain(text: str) -> str:
    """Return Markdown as plain text, one line for each paragraph, as a notes field needs it."""
    lines = []
    for passage in read_passages(text):
        if isinstance(passage, Paragraph):
            lines.append(f"{'  ' * max(0, passage.level - 1)}{passage.mark}{' ' if passage.mark else ''}{passage.text}")
        elif isinstance(passage, Table):
            lines += ["\t".join("".join(run.text for run in cell.runs) for cell in row) for row in passage.rows]
        else:
            lines.append(passage.source.rstrip("\n") if isinstance(passage, Listing) else passage.latex.strip())
    return "\n".join(lines)


class _OpenLists:
    """The lists and quotations open at a token, and the mark of the next paragraph."""

    def __init__(self) -> None:
        self.counts: list[int | None] = []  # for each open list: the next number, or None if it is not ordered
        self.mark = ""
        self.quotes = 0

    def update(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self.counts.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.counts.pop()
        elif token.type == "list_item_open":
            count = self.counts[-1]
            self.mark = "•" if count is None else f"{count}."
            self.counts[-1] = None if count is None else count + 1
        elif token.type.startswith("blockquote"):
            self.quotes += token.nesting

    def paragraph(self, runs: tuple[Run, ...]) -> Paragraph:
        mark, self.mark = self.mark, ""
        return Paragraph(runs, len(self.counts), mark, self.quotes > 0)


def _passages(tokens: Sequence[Token]) -> Iterator[Passage]:
    lists, at = _OpenLists(), 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "table_open":
            end = next(after for after in range(at, len(tokens)) if tokens[after].type == "table_close")
            yield Table(tuple(_rows(tokens[at:end])))
            at = end
        elif token.type in {"fence", "code_block"}:
            yield Listing(token.content, token.info.strip().split(" ")[0] or "text")
        elif token.type == "math_block":
            latex, number = split_number(token.content)
            yield Formula(rf"{latex} \qquad ({number})" if number else latex)
        elif token.type in {"inline", "html_block"}:
            is_heading = at > 0 and tokens[at - 1].type == "heading_open"
            runs = _inline(token, Run("", bold=is_heading))
            if "".join(run.text for run in runs).strip():
                yield lists.paragraph(runs)
        else:
            lists.update(token)
        at += 1


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[Cell, ...]]:
    row: list[Cell] = []
    for before, token in pairwise(tokens):
        if token.type == "inline":
            is_header = before.type == "th_open"
            align = re.sub(
                r"^.*text-align:|class=", "", str(before.attrGet("style") or before.attrGet("class") or "left")
            )
            row.append(Cell(_inline(token, Run("", bold=is_header)), align, is_header))
        elif token.type == "tr_close":
            yield tuple(row)
            row = []


def _inline(token: Token, style: Run) -> tuple[Run, ...]:
    """Return the runs of inline text; `style` is a run without text, in the style of the beginning."""
    runs: list[Run] = []
    starts_bold = style.bold
    for child in token.children or [token]:
        if child.type in _STRONG:
            style = replace(style, bold=_STRONG[child.type] or starts_bold)
        elif child.type in _ITALIC:
            style = replace(style, italic=_ITALIC[child.type])
        elif child.type in {"link_open", "link_close"}:
            style = replace(style, link=str(child.attrGet("href") or ""))
        elif child.type in {"math_inline", "math_inline_double"}:
            runs += [replace(run, bold=style.bold) for run in formula_runs(mathml(child.content))]
        elif child.type == "html_inline":
            style = _emphasize(child.content, style)
        else:
            runs.append(replace(style, text=_text_of(child), code=child.type == "code_inline"))
    return tuple(run for run in runs if run.text)


def _text_of(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " " if token.type == "softbreak" else "\v"
    if token.type == "html_block":
        return " ".join(unescape(nh3.clean(token.content, tags=set())).split())
    return token.content


def _emphasize(tag: str, style: Run) -> Run:
    """Return the style after an HTML tag: measured values (`<data>`) are bold, as on slides; other tags are ignored."""
    found = _TAG.match(tag)
    bold = {"data", "b", "strong"}
    if found and found[2].lower() in bold:
        return replace(style, bold=not found[1])
    if found and found[2].lower() in {"sub", "sup"}:
        return replace(style, shift=0 if found[1] else {"sub": -1, "sup": 1}[found[2].lower()])
    return style


# MathML as runs: one line of text with raised and lowered letters.

_SPACED: Final = frozenset("+−=<>≤≥≈≠→←⇒×·∗*∈∼±")
_MINUS: Final = str.maketrans({"-": "−"})


def formula_runs(markup: str) -> list[Run]:
    """Return MathML (as written by `mathml`) as runs, such as `(a + b)/2`: letters in italics, indices lowered."""
    return _join(_write(fromstring(markup)))  # noqa: S314 - written by us, without a document type


def _write(element: Element, shift: int = 0) -> list[Run]:
    name = element.tag.rpartition("}")[2]
    parts = list(element)
    text = (element.text or "").translate(UNSEEN).strip()
    if name == "mo":
        return [_operator(text.translate(_MINUS), shift)]
    if name in {"mi", "mn", "mtext", "ms"}:
        is_letter = name == "mi" and len(text) == 1 and element.get("mathvariant") != "normal"
        return [Run(element.text or "" if name == "mtext" else text, italic=is_letter, shift=shift)]
    if name == "mspace":
        return [Run("" if element.get("width", "0pt") == "0pt" else " ", shift=shift)]
    if name in _STRUCTURES:
        return _structure(name, parts, shift)
    runs = [] if name == "mphantom" else _row(parts, shift)
    notation = element.get("notation", "") if name == "menclose" else ""
    return [replace(run, text=enclose(run.text, notation)) for run in runs]


def _row(parts: list[Element], shift: int) -> list[Run]:
    return [run for part in parts for run in _write(part, shift)]


_STRUCTURES: Final = frozenset(
    {"mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtr"}
)


def _structure(name: str, parts: list[Element], shift: int) -> list[Run]:
    """Return a fraction, a root, a table row, or a base with an accent or indices."""
    if name == "mfrac":
        return [*_group(parts[0], shift), Run("/", shift=shift), *_group(parts[1], shift)]
    if name == "msqrt":
        inner = [run for part in parts for run in _write(part, shift)]
        return [Run("√(", shift=shift), *inner, Run(")", shift=shift)]
    if name == "mroot":
        return [*_write(parts[1], 1), Run("√", shift=shift), *_group(parts[0], shift)]
    if name == "mtr":
        cells = [run for part in parts for run in [*_write(part, shift), Run(" ", shift=shift)]]
        return [*cells, Run("; ", shift=shift)]
    base = _write(parts[0], shift)
    accent = "".join(parts[1].itertext()).strip()
    if name == "mover" and accent in ACCENTS:
        return [*base, Run(ACCENTS[accent], shift=shift)]
    shifts = {"msub": [-1], "munder": [-1], "msup": [1], "mover": [1]}.get(name, [-1, 1])
    return base + [run for part, up in zip(parts[1:], shifts, strict=True) for run in _write(part, up)]


def _group(element: Element, shift: int) -> list[Run]:
    """Return a numerator, a denominator or the content of a root, in parentheses if longer than one character."""
    runs = _join(_write(element, shift))
    if len("".join(run.text for run in runs if run.shift == shift).strip()) <= 1:
        return runs
    return [Run("(", shift=shift), *runs, Run(")", shift=shift)]


def _operator(text: str, shift: int) -> Run:
    if text in {",", ";"}:
        return Run(f"{text} ", shift=shift)
    return Run(f" {text} " if text in _SPACED and not shift else text, shift=shift)


def _join(runs: list[Run]) -> list[Run]:
    """Return runs with neighbors of the same style joined, no repeated spaces, and no spaces at either end."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(run, text="") == replace(joined[-1], text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    spaced = [replace(run, text=re.sub(" +", " ", run.text)) for run in joined]
    if spaced:
        spaced[0] = replace(spaced[0], text=spaced[0].text.lstrip())
        spaced[-1] = replace(spaced[-1], text=spaced[-1].text.rstrip())
    return spaced
