"""The things that stand on a slide: words, cards, programs, tables, pictures, columns. Lengths are slide pixels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.formats.powerpoint.draw import SlideCanvas
from generator.formats.powerpoint.measure import LINE, Box, Item, count_lines, draw_all, line_width, needed, text_height
from generator.formats.powerpoint.rich_text import Paragraph, Run, Table
from generator.html.markdown import colored_lines
from generator.theme import Theme

TEXT: Final = 28.0
SMALL: Final = 20.0
CODE: Final = 22.0
LEGIBLE: Final = 15.0  # the least size of program text before its lines are broken
PICTURE: Final = 160.0  # the least height of a picture


@dataclass(frozen=True, slots=True)
class TextItem:
    """Paragraphs of text."""

    paragraphs: Sequence[Paragraph]
    size: float = TEXT
    color: str = ""
    align: str = "left"

    def least(self, width: float, scale: float) -> float:
        """Return the height of the text."""
        return text_height(self.paragraphs, self.size * scale, width)

    most = least

    def draw(self, sheet: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the text."""
        sheet.add_text(box, self.paragraphs, self.size * scale, self.color, self.align)


@dataclass(frozen=True, slots=True)
class CardItem:
    """Things on a ground of their own, with a bar in `edge` at the left."""

    items: Sequence[Item]
    ground: str
    edge: str

    def least(self, width: float, scale: float) -> float:
        """Return the height of what is on it, and of its margin."""
        return needed(self.items, width - 52 * scale, scale, 8) + 34 * scale

    most = least

    def draw(self, sheet: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the ground, the bar, and what is on it."""
        sheet.add_area(box, self.ground)
        sheet.add_area(Box(box.left, box.top, 6, box.height), self.edge)
        draw_all(sheet, self.items, box.inset(26 * scale, 17 * scale), 8, scale)


@dataclass(frozen=True, slots=True)
class CodeItem:
    """Program text in the colors of its language, or what it printed (language `text`)."""

    source: str
    language: str
    ground: str
    theme: Theme
    size: float = CODE
    margin: tuple[float, float] = (26.0, 16.0)  # across and down

    def lines(self) -> list[Paragraph]:
        """Return a paragraph a line, colored as the deck's style sheet does it."""
        colors = {
            "k": self.theme.input,
            "o": self.theme.input,
            "s": self.theme.output,
            "m": self.theme.kernel,
            "n": self.theme.window,
            "c": self.theme.muted,
        }
        bare = {"n", "p", "w", "o", "err", "nn", "nb", "bp", "na", "nv", "no", "nt", ""}

        def piece(name: str, text: str) -> Run:
            color = "" if name in bare else colors.get(name[:1], "")
            return Run(text, bold=name[:1] == "k" or name == "ow", code=True, color=color)

        lines = colored_lines(self.source, self.language)
        return [Paragraph(tuple(piece(*part) for part in line) or (Run(" ", code=True),)) for line in lines]

    def letters(self, width: float, scale: float) -> float:
        """Return the size at which the longest line just fits, within reason."""
        longest = max((line_width(line.runs, 1.0) for line in self.lines()), default=1.0)
        return min(self.size * scale, max(LEGIBLE * scale, width / max(longest, 1.0)))

    def least(self, width: float, scale: float) -> float:
        """Return the height of all lines and of the margin."""
        inner = width - 2 * self.margin[0] * scale
        size = self.letters(inner, scale)
        lines = sum(count_lines(line.runs, size, inner) for line in self.lines())
        return lines * LINE * size + 2 * self.margin[1] * scale

    most = least

    def draw(self, sheet: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the text on its ground, every line a paragraph."""
        if any(self.margin):
            sheet.add_area(box, self.ground)
        inner = box.inset(self.margin[0] * scale, self.margin[1] * scale)
        sheet.add_code(inner, self.lines(), self.letters(inner.width, scale))


@dataclass(frozen=True, slots=True)
class TableItem:
    """A table, as wide as its words are, or as the box where they are wider."""

    table: Table
    size: float = 25.0

    def widths(self, width: float, scale: float) -> list[float]:
        """Return the widths of the columns."""
        size = self.size * scale
        columns = zip(*self.table.rows, strict=False)
        wanted = [max(line_width(cell.runs, size) for cell in column) + size * 1.8 for column in columns]
        return [one * min(1.0, width / sum(wanted)) for one in wanted]

    def heights(self, width: float, scale: float) -> list[float]:
        """Return the heights of the rows."""
        size, widths = self.size * scale, self.widths(width, scale)
        lines = [
            max(count_lines(cell.runs, size, wide - size * 0.9) for cell, wide in zip(row, widths, strict=False))
            for row in self.table.rows
        ]
        return [count * LINE * size + size * 0.6 for count in lines]

    def least(self, width: float, scale: float) -> float:
        """Return the height of all rows."""
        return sum(self.heights(width, scale))

    most = least

    def draw(self, sheet: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the table."""
        widths, heights = self.widths(box.width, scale), self.heights(box.width, scale)
        place = Box(box.left, box.top, sum(widths), sum(heights))
        sheet.add_table(place, self.table, widths, heights, self.size * scale)


@dataclass(frozen=True, slots=True)
class PictureItem:
    """A picture of `width` x `height`, as large as its box allows; `film` is played in its place."""

    png: bytes
    alt: str
    width: float
    height: float
    film: bytes = b""
    caption: Sequence[Run] = ()
    grows: bool = True  # whether it may be drawn larger than it is

    def below(self, width: float, scale: float) -> float:
        """Return the height of the caption."""
        return text_height([Paragraph(tuple(self.caption))], SMALL * scale, width) + 8 if self.caption else 0.0

    def natural(self, width: float) -> float:
        """Return the height of the picture at full width."""
        return min(width, self.width if not self.grows else width) * self.height / self.width

    def least(self, width: float, scale: float) -> float:
        """Return the least height at which it says something."""
        return min(PICTURE if self.grows else self.height, self.natural(width)) * scale + self.below(width, scale)

    def most(self, width: float, scale: float) -> float:
        """Return the height at full width."""
        return self.natural(width) + self.below(width, scale)

    def draw(self, sheet: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the picture or the film in the middle, and its caption under it."""
        room = box.height - self.below(box.width, scale)
        wide = min(box.width, room * self.width / self.height)
        place = Box(box.left + (box.width - wide) / 2, box.top, wide, wide * self.height / self.width)
        if self.film:
            sheet.add_film(place, self.film, self.png, self.alt)
        else:
            sheet.add_picture(place, self.png, self.alt)
        if self.caption:
            under = Box(box.left, place.top + place.height + 8, box.width, self.below(box.width, scale) - 8)
            sheet.add_text(under, [Paragraph(tuple(self.caption))], SMALL * scale, sheet.theme.muted, "center")


@dataclass(frozen=True, slots=True)
class ColumnsItem:
    """Things side by side."""

    columns: Sequence[Sequence[Item]] = field(default_factory=tuple)
    gap: float = 52.0

    def each(self, width: float) -> float:
        """Return the width of one column."""
        return (width - self.gap * (len(self.columns) - 1)) / len(self.columns)

    def least(self, width: float, scale: float) -> float:
        """Return the height of the highest column."""
        return max(needed(column, self.each(width), scale, 22) for column in self.columns)

    def most(self, width: float, scale: float) -> float:
        """Return the height up to which a column makes use of more."""
        wide = self.each(width)
        return max(sum(item.most(wide, scale) for item in column) + 22 * len(column) for column in self.columns)

    def draw(self, sheet: SlideCanvas, box: Box, scale: float) -> None:
        """Draw every column into its share of the box."""
        wide = self.each(box.width)
        for at, column in enumerate(self.columns):
            place = Box(box.left + at * (wide + self.gap), box.top, wide, box.height)
            draw_all(sheet, column, place, 22, scale)
