"""Pictures as lists of named items, so that a still, a panel and a film share one layout; draws them with Matplotlib.

Positions are pixels from the top left corner of a `layout.SLIDE` or `layout.PANEL`; colors are roles of the theme. In a
film an item is recognized by its name: an item that changes from one keyframe to the next is seen moving. Must not know
Manim: `figures.parts.film` plays the keyframes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts import still
from figures.parts.arithmetic import Array, Pair
from figures.parts.layout import SLIDE, Run, Sheet, fit_text
from figures.parts.words import write_number
from generator.theme import Theme

HAIR, THIN, BOLD = 1.2, 2.6, 5.0  # pixels
SMALLEST, PANEL_SMALLEST = 22.0, 15.5  # text sizes: 18 px on a slide 1280 px wide; 11 px on a panel 300 px wide
HEADING, NOTE, FORMULA = 34.0, 27.0, 38.0

Texts: TypeAlias = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in colored runs on the baseline `y`; in a film it may grow out of the item named `origin`.

    `align` says whether `x` is the left end, the center or the right end. A line wider than `limit` is shrunk to fit.
    """

    name: str
    runs: tuple[Run, ...]
    x: float
    y: float
    size: float
    align: str = "center"
    is_bold: bool = False
    origin: str = ""
    limit: float = 1440.0

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled in `fill` and outlined in `role`: roles of the theme, or `#rrggbb`; "" leaves either out."""

    name: str
    left: float
    top: float
    width: float
    height: float
    role: str = ""
    fill: str = ""
    line: float = THIN
    opacity: float = 1.0
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Shades:
    """A table of numbers as colored squares of `cell` pixels, framed in `role`: a map, or an image in ink on paper.

    `limits` are the ends of the color scale, as from `still.color_limits`.
    """

    name: str
    values: tuple[tuple[float, ...], ...]
    left: float
    top: float
    cell: float
    limits: tuple[float, float]
    role: str = "muted"
    is_image: bool = False

    @property
    def width(self) -> float:
        """The width in pixels."""
        return len(self.values[0]) * self.cell

    @property
    def height(self) -> float:
        """The height in pixels."""
        return len(self.values) * self.cell

    @property
    def lit(self) -> tuple[Pair, Array]:
        """The part that is not 0: its first cell (row, column), and its values; nothing if all is 0."""
        values = np.array(self.values)
        rows, columns = np.flatnonzero(values.any(axis=1)), np.flatnonzero(values.any(axis=0))
        if not len(rows):
            return (0, 0), values[:0, :0]
        return (int(rows[0]), int(columns[0])), values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    def edges(self, corner: Pair, size: Pair) -> tuple[float, float, float, float]:
        """Return left, top, width and height of `size` = (rows, columns) cells whose top left one is `corner`."""
        left, top = self.left + corner[1] * self.cell, self.top + corner[0] * self.cell
        return left, top, size[1] * self.cell, size[0] * self.cell


@dataclass(frozen=True, slots=True)
class Boxes:
    """Equal rectangles, given by their top left corners, filled alike: one shape, which a film draws fast."""

    name: str
    corners: tuple[tuple[float, float], ...]
    width: float
    height: float
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Letters:
    """The same text at several places, each given by its center and its baseline."""

    name: str
    text: str
    places: tuple[tuple[float, float], ...]
    size: float
    role: str = "ink"


@dataclass(frozen=True, slots=True)
class Rules:
    """Straight lines, each from one point to another."""

    name: str
    lines: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    role: str = "rule"
    line: float = HAIR


Item: TypeAlias = Line | Box | Boxes | Letters | Shades | Rules


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A moment of a film: the items on screen when it ends, and how many seconds it takes to get there and stay."""

    items: tuple[Item, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Table:
    """The position of a table of `rows` x `columns` cells of `cell` pixels, with numbers of text size `size`."""

    name: str
    rows: int
    columns: int
    left: float
    top: float
    cell: float
    size: float

    @property
    def width(self) -> float:
        """The width in pixels."""
        return self.columns * self.cell

    @property
    def height(self) -> float:
        """The height in pixels."""
        return self.rows * self.cell

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """The x of the middle."""
        return self.left + self.width / 2

    @property
    def center(self) -> float:
        """The y of the middle."""
        return self.top + self.height / 2

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """Return the top left corner of a cell."""
        return self.left + column * self.cell, self.top + row * self.cell


def characters(cell: float, size: float = SMALLEST) -> int:
    """Return how many characters fit a cell of `cell` pixels at text size `size` (a digit is 0.6 of its size wide)."""
    return int((cell - 2) / (0.6 * size))


def say(
    name: str,
    text: str,
    x: float,
    y: float,
    size: float,
    role: str = "ink",
    align: str = "center",
    *,
    is_bold: bool = False,
) -> Line:
    """Return a line of text in one color."""
    return Line(name, ((text, role),), x, y, size, align, is_bold)


def star(name: str, x: float, center: float) -> Line:
    """Return the convolution sign centered at (x, center); an asterisk sits high on its line, so it is moved down."""
    return say(name, "*", x, center + 32, 1.9 * HEADING, "muted")


def place(name: str, values: Array, left: float, center: float, cell: float, least: float = SMALLEST) -> Table:
    """Return the position of a table of numbers whose left edge is at `left` and whose middle is at the y `center`.

    The text size fits the longest number, but is at least `least`.
    """
    size = max(least, min(fit_text(texts_of(values), cell), FORMULA))
    rows, columns = values.shape
    return Table(name, rows, columns, left, center - rows * cell / 2, cell, size)


def texts_of(values: Array) -> list[list[str]]:
    """Return a table of numbers as strings."""
    return [[write_number(value) for value in row] for row in values]


def draw_frame(table: Table, role: str, *, is_known: bool = True) -> list[Item]:
    """Return a table without its numbers, tinted with its role; one whose values are not known yet looks empty."""
    fill = f"{role}_tint" if is_known else "surface"
    lines = tuple(_rule_grid(table))
    return [
        Box(f"{table.name} fill", table.left, table.top, table.width, table.height, fill=fill),
        *([Rules(f"{table.name} grid", lines)] if lines else []),
        Box(f"{table.name} frame", table.left, table.top, table.width, table.height, role),
    ]


def _rule_grid(table: Table) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the lines between the cells of a table."""
    right, bottom = table.left + table.width, table.top + table.height
    for i in range(1, table.rows):
        y = table.top + i * table.cell
        yield (table.left, y), (right, y)
    for j in range(1, table.columns):
        x = table.left + j * table.cell
        yield (x, table.top), (x, bottom)


def write_table(table: Table, values: Array, role: str = "ink", where: Array | None = None) -> list[Item]:
    """Return the numbers of a table, or only those where the mask `where` is True."""
    shown = np.ones(values.shape, dtype=bool) if where is None else where
    return [write_cell(table, (int(i), int(j)), values[i, j], role) for i, j in np.argwhere(shown)]


def write_cell(table: Table, cell: Pair, value: Any, role: str = "ink", origin: str = "") -> Line:
    """Return the number in a cell (row, column); in a film it may grow out of the item named `origin`."""
    x, y = table.corner(*cell)
    name = f"{table.name} {cell[0]} {cell[1]}"
    runs = ((write_number(value), role),)
    return Line(name, runs, x + table.cell / 2, y + table.cell / 2 + 0.35 * table.size, table.size, origin=origin)


def draw_table(table: Table, values: Array, role: str) -> list[Item]:
    """Return a table of numbers in the color of its role."""
    return [*draw_frame(table, role), *write_table(table, values)]


def fill_table(table: Table, values: Array, role: str, known: Array) -> list[Item]:
    """Return a table with numbers and tint only where the mask `known` is True."""
    tints = [tint_cell(table, (int(i), int(j)), f"{role}_tint") for i, j in np.argwhere(known)]
    return [*draw_frame(table, role, is_known=False), *tints, *write_table(table, values, where=known)]


def tint_cell(table: Table, cell: Pair, fill: str) -> Box:
    """Return a colored square that fills one cell inside its grid lines."""
    x, y = table.corner(*cell)
    name = f"{table.name} tint {cell[0]} {cell[1]}"
    return Box(name, x + 1.5, y + 1.5, table.cell - 3, table.cell - 3, fill=fill)


def ring(name: str, table: Table, cell: Pair, size: Pair = (1, 1), role: str = "window", line: float = BOLD) -> Box:
    """Return a frame around `size` = (rows, columns) cells whose top left one is `cell`."""
    x, y = table.corner(*cell)
    return Box(name, x, y, size[1] * table.cell, size[0] * table.cell, role, line=line)


def veil(name: str, table: Table, cell: Pair, size: Pair) -> Box:
    """Return the translucent tint of the window over `size` = (rows, columns) cells whose top left one is `cell`."""
    x, y = table.corner(*cell)
    return Box(name, x, y, size[1] * table.cell, size[0] * table.cell, fill="window", opacity=0.16)


def draw_input(table: Table, padded: Array, real: Array) -> list[Item]:
    """Return a padded input; padding cells (where `real` is False) are left white inside a dashed frame."""
    rows, columns = np.flatnonzero(real.any(axis=1)), np.flatnonzero(real.any(axis=0))
    inner = Table(
        f"{table.name} inner",
        len(rows),
        len(columns),
        *table.corner(int(rows[0]), int(columns[0])),
        table.cell,
        table.size,
    )
    numbers = [*write_table(table, padded, where=real), *write_table(table, padded, "padding", where=~real)]
    if real.all():
        return [*draw_frame(table, "input"), *numbers]
    fill = Box(f"{inner.name} fill", inner.left, inner.top, inner.width, inner.height, fill="input_tint")
    grid = Rules(f"{table.name} grid", tuple(_rule_grid(table)))
    dashed = Box(f"{table.name} frame", table.left, table.top, table.width, table.height, "padding", is_dashed=True)
    frame = Box(f"{inner.name} frame", inner.left, inner.top, inner.width, inner.height, "input")
    return [fill, grid, dashed, frame, *numbers]


# Drawing the items with Matplotlib, for the still of a slide or the small panel of one step.


def draw_items(items: Sequence[Item], theme: Theme, sheet: Sheet = SLIDE) -> Figure:
    """Return the items as a Figure as large as `sheet`: areas at the bottom, then lines, then frames, then text."""
    figure = still.new_figure(theme, sheet.width / sheet.per_inch, sheet.height / sheet.per_inch)
    axes = still.new_sheet(figure)
    for kind in (_is_map, _is_area, _is_rule, _is_frame, _is_line):
        for item in filter(kind, items):
            _draw_item(axes, item, theme, sheet)
    return figure


def color_of(role: str, theme: Theme) -> str:
    """Return the color of a role of the theme; `#rrggbb` is a color itself."""
    return role if role.startswith("#") else str(getattr(theme, role))


def shade(
    name: str,
    values: Array,
    left: float,
    top: float,
    cell: float,
    limits: tuple[float, float],
    role: str = "output",
    *,
    is_image: bool = False,
) -> Shades:
    """Return a map (height, width) on the color scale from limits[0] to limits[1], or an image in ink."""
    rows = tuple(tuple(float(value) for value in row) for row in values)
    return Shades(name, rows, left, top, cell, limits, role, is_image)


def _is_map(item: Item) -> bool:
    return isinstance(item, Shades)


def _is_area(item: Item) -> bool:
    return isinstance(item, Boxes) or (isinstance(item, Box) and bool(item.fill))


def _is_rule(item: Item) -> bool:
    return isinstance(item, Rules)


def _is_frame(item: Item) -> bool:
    return isinstance(item, Box) and not item.fill


def _is_line(item: Item) -> bool:
    return isinstance(item, Line | Letters)


def _draw_item(axes: Axes, item: Item, theme: Theme, sheet: Sheet) -> None:
    """Draw one item, converting pixels to inches and points."""
    inch, point = 1 / sheet.per_inch, 72 / sheet.per_inch
    if isinstance(item, Line | Letters):
        for line in _lines_of(item):
            _write_line(axes, line, theme, sheet)
    elif isinstance(item, Boxes):
        corners = [(x * inch, y * inch) for x, y in item.corners]
        color = color_of(item.fill, theme)
        still.boxes(axes, corners, item.width * inch, item.height * inch, facecolor=color, alpha=item.opacity)
    elif isinstance(item, Rules):
        lines = [((a * inch, b * inch), (c * inch, d * inch)) for (a, b), (c, d) in item.lines]
        still.rule(axes, lines, color=color_of(item.role, theme), linewidth=item.line * point)
    elif isinstance(item, Shades):
        _draw_shades(axes, item, theme, inch)
    else:
        style: dict[str, Any] = {"linewidth": item.line * point if item.role else 0, "alpha": item.opacity}
        style |= {"facecolor": color_of(item.fill, theme)} if item.fill else {}
        style |= {"edgecolor": color_of(item.role, theme)} if item.role else {}
        style |= {"linestyle": (0, (3.5, 2.5))} if item.is_dashed else {}
        still.box(axes, item.left * inch, item.top * inch, item.width * inch, item.height * inch, **style)


def _lines_of(item: Line | Letters) -> list[Line]:
    """Return the lines of text of an item."""
    if isinstance(item, Line):
        return [item]
    runs = ((item.text, item.role),)
    return [Line(item.name, runs, x, y, item.size) for x, y in item.places]


def _draw_shades(axes: Axes, item: Shades, theme: Theme, inch: float) -> None:
    """Draw a map or an image."""
    place = {"left": item.left * inch, "top": item.top * inch, "width": len(item.values[0]) * item.cell * inch}
    color = color_of(item.role, theme)
    if item.is_image:
        still.draw_image(axes, item.values, theme=theme, largest=item.limits[1], color=color, **place)
    else:
        still.draw_map(axes, item.values, theme=theme, limits=item.limits, color=color, **place)


def _write_line(axes: Axes, line: Line, theme: Theme, sheet: Sheet) -> None:
    """Write a line of text, shrunk to its limit if it is too wide."""
    size, runs = place_runs(line)
    for text, role, x in runs:
        still.write(
            axes,
            x / sheet.per_inch,
            line.y / sheet.per_inch,
            text,
            color=color_of(role, theme),
            points=72 * size / sheet.per_inch,
            bold=line.is_bold,
        )


def place_runs(line: Line) -> tuple[float, list[tuple[str, str, float]]]:
    """Return the text size in pixels at which a line fits its limit, and its runs as (text, role, x).

    Spaces around a run are not drawn, so its x is where its first visible character begins.
    """
    wide = sum(measure(text, 1.0, is_bold=line.is_bold) for text, _ in line.runs)
    size = min(line.size, line.limit / max(wide, 1e-9))
    x = line.x - {"left": 0.0, "center": 0.5, "right": 1.0}[line.align] * size * wide
    placed = []
    for text, role in line.runs:
        blank = text[: len(text) - len(text.lstrip())]
        if text.strip():
            placed.append((text.strip(), role, x + measure(blank, size, is_bold=line.is_bold)))
        x += measure(text, size, is_bold=line.is_bold)
    return size, placed


def measure(text: str, size: float, *, is_bold: bool) -> float:
    """Return the width of a text in pixels, including spaces at its ends."""
    return 0.72 * size * still.text_width(text, 100.0, bold=is_bold)


TOP, BOTTOM, GAP = 108.0, 608.0, 18.0  # where the rows begin and end, and the space between them
CELL = 56.0  # the largest side of a cell
WIDEST = 250.0  # the largest width of a table


# One row of tables per channel, for the figure kinds that show several channels. Pixels of `layout.SLIDE`.


def measure_row(count: int, bottom: float = BOTTOM) -> float:
    """Return the height in pixels of each of `count` rows."""
    return (bottom - TOP - GAP * (count - 1)) / count


def measure_cell(shape: tuple[int, ...], count: int, bottom: float = BOTTOM, widest: float = WIDEST) -> float:
    """Return the side of a cell in pixels for tables of `shape` (height, width, …) in `count` rows."""
    return min(CELL, measure_row(count, bottom) / max(shape[0], 3), widest / shape[1])


def find_centers(count: int, bottom: float = BOTTOM) -> list[float]:
    """Return the y of the middle of each row."""
    row = measure_row(count, bottom)
    return [TOP + row / 2 + k * (row + GAP) for k in range(count)]


def place_rows(name: str, values: Array, middle: float, bottom: float = BOTTOM, widest: float = WIDEST) -> list[Table]:
    """Return one table per channel of `values` (height, width, channels), stacked and centered at x `middle`."""
    count = values.shape[2]
    cell = measure_cell(values.shape, count, bottom, widest)
    left = middle - cell * values.shape[1] / 2
    return [
        place(f"{name} {c}", values[..., c], left, center, cell) for c, center in enumerate(find_centers(count, bottom))
    ]


def label_channels(centers: Sequence[float]) -> list[Item]:
    """Return the labels "channel 1", "channel 2", … at the left margin."""
    return [say(f"channel {c}", f"channel {c + 1}", 40, y + 9, 25, "muted", "left") for c, y in enumerate(centers)]


def frame_window(tables: Sequence[Table], corner: Pair, size: Pair) -> list[Item]:
    """Return the window, tinted and framed, at the same position in every channel's table."""
    items: list[Item] = []
    for c, table in enumerate(tables):
        items += [veil(f"veil {c}", table, corner, size), ring(f"window {c}", table, corner, size)]
    return items


def write_headings(columns: Sequence[tuple[float, str, str, str]]) -> list[Item]:
    """Return the heading, in its role's color, and the note above each column (x, name, note, role)."""
    items: list[Item] = []
    for x, name, note, role in columns:
        items.append(say(f"heading {name}", name, x, 48, HEADING, role, is_bold=True))
        items.append(say(f"note {role} {x}", note, x, 86, 25, "muted"))
    return items
