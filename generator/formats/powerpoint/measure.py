"""Things one below the other in a box: as large as they fit, and never out of it. All lengths are slide pixels."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, Protocol

from generator.formats.powerpoint.rich_text import Paragraph, Run
from generator.theme import FONT_FOLDER

SCALES: Final = tuple(0.96**power for power in range(60))  # of the size that a thing has where there is room


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide: its upper left corner, its width and its height."""

    left: float
    top: float
    width: float
    height: float

    def inset(self, across: float, down: float) -> "Box":
        """Return the box less a margin on every side."""
        return Box(self.left + across, self.top + down, self.width - 2 * across, self.height - 2 * down)


class Item(Protocol):
    """What can stand in a box."""

    def least(self, width: float, scale: float) -> float:
        """Return the height that it needs in this width at this scale."""

    def most(self, width: float, scale: float) -> float:
        """Return the height up to which it makes use of more."""

    def draw(self, sheet: Any, box: Box, scale: float) -> None:
        """Draw it into the box, whose height is between the two."""


def needed(items: Sequence[Item], width: float, scale: float, gap: float) -> float:
    """Return the height that items need one below the other."""
    return sum(item.least(width, scale) for item in items) + max(0, len(items) - 1) * gap * scale


def choose_scale(items: Sequence[Item], box: Box, gap: float) -> float:
    """Return the largest scale at which the items fit into the box."""
    return next((scale for scale in SCALES if needed(items, box.width, scale, gap) <= box.height), SCALES[-1])


def draw_all(sheet: Any, items: Sequence[Item], box: Box, gap: float = 22, scale: float | None = None) -> None:
    """Draw items one below the other; what room is left goes to those that can use it."""
    scale = scale or choose_scale(items, box, gap)
    spare = max(0.0, box.height - needed(items, box.width, scale, gap))
    top = box.top
    for item in items:
        least = item.least(box.width, scale)
        more = min(spare, item.most(box.width, scale) - least)
        spare -= more
        item.draw(sheet, Box(box.left, top, box.width, least + more), scale)
        top += least + more + gap * scale


LINE: Final = 1.3  # of the size of letters, from line to line
GAP: Final = 0.45  # the same, between paragraphs
INDENT: Final = 1.25  # the same, for each list around a paragraph
SMALL: Final = 0.66  # raised and lowered letters
SLACK: Final = 1.04  # what another program may set wider
_UNIT: Final = 200  # pixels at which letters are measured
_WORD: Final = re.compile(r"\v|\s+|[^\s]+")


# How much room text takes: measured with the project's own fonts, a little wider than those that an office has.


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
