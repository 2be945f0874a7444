"""Measures text and stacks items in a box, as large as they fit. All lengths are slide pixels.

Text is measured with the project's own fonts, which are a little wider than those of office programs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, Protocol

from generator.formats.powerpoint.rich_text import Paragraph, Run
from generator.theme import FONT_FOLDER

SCALES: Final = tuple(
    0.96**power for power in range(60)
)  # tried from the largest; 1 is the size of items that have room enough


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide: its upper left corner, its width and its height."""

    left: float
    top: float
    width: float
    height: float

    def inset(self, across: float, down: float) -> "Box":
        """Return the box without a margin of `across` at left and right and `down` at top and bottom."""
        return Box(self.left + across, self.top + down, self.width - 2 * across, self.height - 2 * down)


class Item(Protocol):
    """Something that can be drawn into a box."""

    def min_height(self, width: float, scale: float) -> float:
        """Return the height that the item needs at this width and scale."""

    def max_height(self, width: float, scale: float) -> float:
        """Return the greatest height that the item can use."""

    def draw(self, canvas: Any, box: Box, scale: float) -> None:
        """Draw the item into the box, whose height is between `min_height` and `max_height`."""


def stacked_height(items: Sequence[Item], width: float, scale: float, gap: float) -> float:
    """Return the height that the items need, stacked with gaps between them."""
    return sum(item.min_height(width, scale) for item in items) + max(0, len(items) - 1) * gap * scale


def choose_scale(items: Sequence[Item], box: Box, gap: float) -> float:
    """Return the largest scale at which the items fit into the box; the smallest of SCALES if they never fit."""
    return next((scale for scale in SCALES if stacked_height(items, box.width, scale, gap) <= box.height), SCALES[-1])


def draw_all(canvas: Any, items: Sequence[Item], box: Box, gap: float = 22, scale: float | None = None) -> None:
    """Draw items one below the other; spare height goes, from the top down, to items that can use it."""
    scale = scale or choose_scale(items, box, gap)
    spare = max(0.0, box.height - stacked_height(items, box.width, scale, gap))
    top = box.top
    for item in items:
        min_height = item.min_height(box.width, scale)
        extra = min(spare, item.max_height(box.width, scale) - min_height)
        spare -= extra
        item.draw(canvas, Box(box.left, top, box.width, min_height + extra), scale)
        top += min_height + extra + gap * scale


# How much space text takes. LINE_HEIGHT to SCRIPT_SCALE are multiples of the font size.

LINE_HEIGHT: Final = 1.3
PARAGRAPH_GAP: Final = 0.45
INDENT: Final = 1.25  # for each list around a paragraph
SCRIPT_SCALE: Final = 0.66  # raised and lowered letters
WIDTH_SLACK: Final = 1.04  # other programs may set text this much wider
_MEASURED_SIZE: Final = 200  # the font size, in pixels, at which text is measured
_WORD: Final = re.compile(r"\v|\s+|[^\s]+")


@cache
def _font(*, bold: bool, italic: bool, code: bool) -> Any:
    from PIL import ImageFont

    family, style = ("Mono", "Regular") if code else ("Sans", "Italic" if italic and not bold else "Regular")
    name = f"IBMPlex{family}-{'SemiBold' if bold else style}.ttf"
    return ImageFont.truetype(str(FONT_FOLDER / name), _MEASURED_SIZE)


def text_width(run: Run, size: float) -> float:
    """Return the width of a run on one line, in the unit of the font size `size`."""
    font_size = size * (SCRIPT_SCALE if run.shift else 1.0)
    return _width(run.text, run.bold, run.italic, run.code) * font_size * WIDTH_SLACK


@lru_cache(maxsize=1 << 16)
def _width(text: str, bold: bool, italic: bool, code: bool) -> float:  # noqa: FBT001 - they are the key of a cache
    return float(_font(bold=bold, italic=italic, code=code).getlength(text)) / _MEASURED_SIZE


def line_width(runs: Iterable[Run], size: float) -> float:
    """Return the width of runs on one line."""
    return sum(text_width(run, size) for run in runs)


def count_lines(runs: Sequence[Run], size: float, width: float) -> int:
    """Return how many lines runs take; they wrap between words, and within a word that is wider than a line."""
    lines, line_used = 1, 0.0
    for run in runs:
        for word in _WORD.findall(run.text):
            if word == "\v":
                lines, line_used = lines + 1, 0.0
                continue
            word_width = text_width(Run(word, run.bold, run.italic, run.code, shift=run.shift), size)
            if line_used + word_width > width and line_used and not word.isspace():
                lines, line_used = lines + 1, 0.0
            if word.isspace() and not line_used:
                continue
            lines += int(word_width // width)
            line_used += word_width % width if word_width > width else word_width
    return lines


def paragraph_height(paragraph: Paragraph, size: float, width: float) -> float:
    """Return the height of a paragraph within `width`, in the unit of `size`."""
    inner = max(size, width - paragraph.level * INDENT * size - (size if paragraph.quoted else 0))
    return count_lines(paragraph.runs, size, inner) * LINE_HEIGHT * size


def text_height(paragraphs: Sequence[Paragraph], size: float, width: float) -> float:
    """Return the height of paragraphs one below the other, with the gaps between them."""
    gaps = max(0, len(paragraphs) - 1) * PARAGRAPH_GAP * size
    return sum(paragraph_height(paragraph, size, width) for paragraph in paragraphs) + gaps


def shorten(text: str, size: float, width: float) -> str:
    """Return as much of a text as fits on a line of this width, with an ellipsis if it is cut."""
    if text_width(Run(text), size) <= width:
        return text
    while text and text_width(Run(f"{text}…"), size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
