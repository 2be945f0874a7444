"""The items on a slide: text, cards, program text, tables, pictures and columns. All lengths are slide pixels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.formats.powerpoint.draw import SlideCanvas
from generator.formats.powerpoint.measure import (
    LINE_HEIGHT,
    Box,
    Item,
    count_lines,
    draw_all,
    line_width,
    stacked_height,
    text_height,
)
from generator.formats.powerpoint.rich_text import Paragraph, Run, Table
from generator.html.markdown import colored_lines
from generator.theme import Theme

TEXT_SIZE: Final = 28.0
SMALL_SIZE: Final = 20.0
CODE_SIZE: Final = 22.0
MIN_CODE_SIZE: Final = 15.0  # of program text; lines that are still too long wrap
MIN_PICTURE: Final = 160.0  # height of a picture


@dataclass(frozen=True, slots=True)
class TextItem:
    """Paragraphs of text."""

    paragraphs: Sequence[Paragraph]
    size: float = TEXT_SIZE
    color: str = ""
    align: str = "left"

    def min_height(self, width: float, scale: float) -> float:
        """Return the height of the text."""
        return text_height(self.paragraphs, self.size * scale, width)

    max_height = min_height

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the text."""
        canvas.add_text(box, self.paragraphs, self.size * scale, self.color, self.align)


@dataclass(frozen=True, slots=True)
class CardItem:
    """Items on a colored background, with a bar of the color `edge` at the left."""

    items: Sequence[Item]
    background: str
    edge: str

    def min_height(self, width: float, scale: float) -> float:
        """Return the height of the items and of the margins."""
        return stacked_height(self.items, width - 52 * scale, scale, 8) + 34 * scale

    max_height = min_height

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the background, the bar and the items."""
        canvas.add_area(box, self.background)
        canvas.add_area(Box(box.left, box.top, 6, box.height), self.edge)
        draw_all(canvas, self.items, box.inset(26 * scale, 17 * scale), 8, scale)


@dataclass(frozen=True, slots=True)
class CodeItem:
    """Program text with syntax colors, or what a program printed (language `text`)."""

    source: str
    language: str
    background: str
    theme: Theme
    size: float = CODE_SIZE
    margin: tuple[float, float] = (26.0, 16.0)  # left and right, top and bottom
    printed: tuple[tuple[str, str], ...] = ()  # the same text in pieces, each with the classes of its colors

    def lines(self) -> list[Paragraph]:
        """Return a paragraph for each line, colored as in the deck's style sheet."""
        if self.printed:
            return [Paragraph(line or (Run(" ", code=True),)) for line in printed_lines(self.printed, self.theme)]
        colors = {
            "k": self.theme.input,
            "o": self.theme.input,
            "s": self.theme.output,
            "m": self.theme.kernel,
            "n": self.theme.window,
            "c": self.theme.muted,
        }
        uncolored = {"n", "p", "w", "o", "err", "nn", "nb", "bp", "na", "nv", "no", "nt", ""}

        def colored_run(name: str, text: str) -> Run:
            color = "" if name in uncolored else colors.get(name[:1], "")
            return Run(text, bold=name[:1] == "k" or name == "ow", code=True, color=color)

        lines = colored_lines(self.source, self.language)
        return [Paragraph(tuple(colored_run(*piece) for piece in line) or (Run(" ", code=True),)) for line in lines]

    def font_size(self, width: float, scale: float) -> float:
        """Return the font size at which the longest line fits, from MIN_CODE_SIZE to `size`, both times `scale`."""
        longest = max((line_width(line.runs, 1.0) for line in self.lines()), default=1.0)
        return min(self.size * scale, max(MIN_CODE_SIZE * scale, width / max(longest, 1.0)))

    def min_height(self, width: float, scale: float) -> float:
        """Return the height of all lines and of the margins."""
        inner = width - 2 * self.margin[0] * scale
        size = self.font_size(inner, scale)
        lines = sum(count_lines(line.runs, size, inner) for line in self.lines())
        return lines * LINE_HEIGHT * size + 2 * self.margin[1] * scale

    max_height = min_height

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the text on its background, each line as a paragraph."""
        if any(self.margin):
            canvas.add_area(box, self.background)
        inner = box.inset(self.margin[0] * scale, self.margin[1] * scale)
        canvas.add_code(inner, self.lines(), self.font_size(inner.width, scale))


def printed_lines(pieces: Sequence[tuple[str, str]], theme: Theme) -> list[tuple[Run, ...]]:
    """Return what a program has printed, given in pieces with the classes of their colors, as the runs of each line."""
    lines: list[list[Run]] = [[]]
    for text, classes in pieces:
        looks = {name.removeprefix("ansi-").removeprefix("on-") for name in classes.split()}
        color = next((getattr(theme, name) for name in sorted(looks) if hasattr(theme, name)), "")
        for at, piece in enumerate(text.split("\n")):
            if at:
                lines.append([])
            if piece:
                lines[-1].append(Run(piece, "bold" in looks, "italic" in looks, code=True, color=color))
    return [tuple(line) for line in lines]


@dataclass(frozen=True, slots=True)
class TableItem:
    """A table as wide as its text, but no wider than its box."""

    table: Table
    size: float = 25.0

    def widths(self, width: float, scale: float) -> list[float]:
        """Return the widths of the columns."""
        size = self.size * scale
        columns = zip(*self.table.rows, strict=False)
        wanted = [max(line_width(cell.runs, size) for cell in column) + size * 1.8 for column in columns]
        return [wanted_width * min(1.0, width / sum(wanted)) for wanted_width in wanted]

    def heights(self, width: float, scale: float) -> list[float]:
        """Return the heights of the rows."""
        size, widths = self.size * scale, self.widths(width, scale)
        lines = [
            max(count_lines(cell.runs, size, wide - size * 0.9) for cell, wide in zip(row, widths, strict=False))
            for row in self.table.rows
        ]
        return [count * LINE_HEIGHT * size + size * 0.6 for count in lines]

    def min_height(self, width: float, scale: float) -> float:
        """Return the height of all rows."""
        return sum(self.heights(width, scale))

    max_height = min_height

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the table."""
        widths, heights = self.widths(box.width, scale), self.heights(box.width, scale)
        place = Box(box.left, box.top, sum(widths), sum(heights))
        canvas.add_table(place, self.table, widths, heights, self.size * scale)


@dataclass(frozen=True, slots=True)
class PictureItem:
    """A picture of `width` x `height`, drawn as large as its box allows; with a `film`, it is the film's poster."""

    png: bytes
    alt: str
    width: float
    height: float
    film: bytes = b""
    caption: Sequence[Run] = ()
    grows: bool = True  # whether it may be drawn larger than `width`

    def below(self, width: float, scale: float) -> float:
        """Return the height of the caption below the picture."""
        return text_height([Paragraph(tuple(self.caption))], SMALL_SIZE * scale, width) + 8 if self.caption else 0.0

    def full_height(self, width: float) -> float:
        """Return the height of the picture at full width."""
        return min(width, self.width if not self.grows else width) * self.height / self.width

    def min_height(self, width: float, scale: float) -> float:
        """Return the least height at which the picture can be read, with its caption."""
        return min(MIN_PICTURE if self.grows else self.height, self.full_height(width)) * scale + self.below(
            width, scale
        )

    def max_height(self, width: float, scale: float) -> float:
        """Return the height at full width, with the caption."""
        return self.full_height(width) + self.below(width, scale)

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the picture or the film, centered, and its caption below it."""
        room = box.height - self.below(box.width, scale)
        wide = min(box.width, room * self.width / self.height)
        place = Box(box.left + (box.width - wide) / 2, box.top, wide, wide * self.height / self.width)
        if self.film:
            canvas.add_film(place, self.film, self.png, self.alt)
        else:
            canvas.add_picture(place, self.png, self.alt)
        if self.caption:
            under = Box(box.left, place.top + place.height + 8, box.width, self.below(box.width, scale) - 8)
            canvas.add_text(under, [Paragraph(tuple(self.caption))], SMALL_SIZE * scale, canvas.theme.muted, "center")


@dataclass(frozen=True, slots=True)
class ColumnsItem:
    """Columns of items, side by side."""

    columns: Sequence[Sequence[Item]] = field(default_factory=tuple)
    gap: float = 52.0

    def column_width(self, width: float) -> float:
        """Return the width of one column."""
        return (width - self.gap * (len(self.columns) - 1)) / len(self.columns)

    def min_height(self, width: float, scale: float) -> float:
        """Return the height of the tallest column."""
        return max(stacked_height(column, self.column_width(width), scale, 22) for column in self.columns)

    def max_height(self, width: float, scale: float) -> float:
        """Return the greatest height that a column can use."""
        wide = self.column_width(width)
        return max(sum(item.max_height(wide, scale) for item in column) + 22 * len(column) for column in self.columns)

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw every column into its share of the box."""
        wide = self.column_width(box.width)
        for at, column in enumerate(self.columns):
            place = Box(box.left + at * (wide + self.gap), box.top, wide, box.height)
            draw_all(canvas, column, place, 22, scale)
