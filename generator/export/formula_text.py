"""MathML as a line of text with raised and lowered letters, for formats that cannot set formulas."""

import re
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element, fromstring

_SPACED: Final = frozenset("+−=<>≤≥≈≠→←⇒×·∗*∈∼±")
_MINUS: Final = str.maketrans({"-": "−"})
_ACCENTS: Final = {"^": "\u0302", "¯": "\u0304", "→": "\u20d7", "~": "\u0303", "˙": "\u0307", "‾": "\u0304"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; `shift` is 1 for raised and -1 for lowered letters, `link` an address.

    `color` is `#rrggbb`, empty for that of the text around it.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""
    shift: int = 0
    color: str = ""


def formula_runs(markup: str) -> list[Run]:
    """Return MathML (as `mathml` writes it) as runs: `(a + b)/2`, letters in italics, indices lowered."""
    return _join(_write(fromstring(markup)))  # noqa: S314 - written by latex2mathml, and without a document type


def _write(element: Element, shift: int = 0) -> list[Run]:
    name = element.tag.rpartition("}")[2]
    parts = list(element)
    text = (element.text or "").strip()
    if name == "mo":
        return [_operator(text.translate(_MINUS), shift)]
    if name in {"mi", "mn", "mtext", "ms"}:
        is_letter = name == "mi" and len(text) == 1 and element.get("mathvariant") != "normal"
        return [Run(element.text or "" if name == "mtext" else text, italic=is_letter, shift=shift)]
    if name == "mspace":
        return [Run(" ", shift=shift)]
    if name in _STRUCTURES:
        return _structure(name, parts, shift)
    return [run for part in parts for run in _write(part, shift)]


_STRUCTURES: Final = frozenset(
    {"mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtr"}
)


def _structure(name: str, parts: list[Element], shift: int) -> list[Run]:
    """Return a fraction, a root or a thing with indices."""
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
    if name == "mover" and accent in _ACCENTS:
        return [*base, Run(_ACCENTS[accent], shift=shift)]
    turns = {"msub": [-1], "munder": [-1], "msup": [1], "mover": [1]}.get(name, [-1, 1])
    return base + [run for part, turn in zip(parts[1:], turns, strict=True) for run in _write(part, turn)]


def _group(element: Element, shift: int) -> list[Run]:
    """Return what stands over or under a fraction's line, in brackets unless it is one thing."""
    runs = _join(_write(element, shift))
    if len("".join(run.text for run in runs if run.shift == shift).strip()) <= 1:
        return runs
    return [Run("(", shift=shift), *runs, Run(")", shift=shift)]


def _operator(text: str, shift: int) -> Run:
    if text in {",", ";"}:
        return Run(f"{text} ", shift=shift)
    return Run(f" {text} " if text in _SPACED and not shift else text, shift=shift)


def _join(runs: list[Run]) -> list[Run]:
    """Return runs with neighbors of one style made one, and no blank twice or at either end."""
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
