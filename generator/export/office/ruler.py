"""How much room text takes: measured with the project's own fonts, a little wider than those that an office has."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from generator.export.formula_text import Run
from generator.export.passage import Paragraph
from generator.theme import FONT_FOLDER

LINE: Final = 1.3  # of the size of letters, from line to line
GAP: Final = 0.45  # the same, between paragraphs
INDENT: Final = 1.25  # the same, for each list around a paragraph
SMALL: Final = 0.66  # raised and lowered letters
SLACK: Final = 1.04  # what another program may set wider
_UNIT: Final = 200  # pixels at which letters are measured
_WORD: Final = re.compile(r"\v|\s+|[^\s]+")


@cache
def _font(*, bold: bool, italic: bool, code: bool) -> Any:
    from PIL import ImageFont

    family, style = ("Mono", "Regular") if code else ("Sans", "Italic" if italic and not bold else "Regular")
    name = f"IBMPlex{family}-{'SemiBold' if bold else style}.ttf"
    return ImageFont.truetype(str(FONT_FOLDER / name), _UNIT)


def text_width(run: Run, size: float) -> float:
    """Return the width of a run on one line, in the unit of `size`."""
    letters = size * (SMALL if run.shift else 1.0)
    return _width(run.text, run.bold, run.italic, run.code) * letters * SLACK


@lru_cache(maxsize=1 << 16)
def _width(text: str, bold: bool, italic: bool, code: bool) -> float:  # noqa: FBT001 - the key of a cache
    return float(_font(bold=bold, italic=italic, code=code).getlength(text)) / _UNIT


def line_width(runs: Iterable[Run], size: float) -> float:
    """Return the width of runs on one line."""
    return sum(text_width(run, size) for run in runs)


def count_lines(runs: Sequence[Run], size: float, width: float) -> int:
    """Return how many lines runs take when they are broken between words, and within one that is too long."""
    lines, used = 1, 0.0
    for run in runs:
        for word in _WORD.findall(run.text):
            if word == "\v":
                lines, used = lines + 1, 0.0
                continue
            taken = text_width(Run(word, run.bold, run.italic, run.code, shift=run.shift), size)
            if used + taken > width and used and not word.isspace():
                lines, used = lines + 1, 0.0
            if word.isspace() and not used:
                continue
            lines += int(taken // width)
            used += taken % width if taken > width else taken
    return lines


def paragraph_height(paragraph: Paragraph, size: float, width: float) -> float:
    """Return the height of a paragraph within `width`, in the unit of `size`."""
    inner = max(size, width - paragraph.level * INDENT * size - (size if paragraph.quoted else 0))
    return count_lines(paragraph.runs, size, inner) * LINE * size


def text_height(paragraphs: Sequence[Paragraph], size: float, width: float) -> float:
    """Return the height of paragraphs one below the other."""
    gaps = max(0, len(paragraphs) - 1) * GAP * size
    return sum(paragraph_height(paragraph, size, width) for paragraph in paragraphs) + gaps


def shorten(text: str, size: float, width: float) -> str:
    """Return as much of a text as a line of this width holds, with dots where something is left out."""
    if text_width(Run(text), size) <= width:
        return text
    while text and text_width(Run(f"{text}…"), size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
