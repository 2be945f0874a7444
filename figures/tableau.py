"""A picture as a list of named things, so that a still, a panel and a film of it are one composition.

Positions are pixels from the top left corner of a sheet (`composition.SLIDE` or `PANEL`), colors are the theme's roles.
Knows no library that draws. In a film a thing is recognized by its name: if it moves, it is seen moving.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from figures.arithmetic import Array, Pair
from figures.composition import fit_text
from figures.sliding import Run, write_number

HAIR, THIN, BOLD = 1.2, 2.6, 5.0  # pixels
SMALLEST, PANEL_SMALLEST = 22.0, 15.5  # text: 18 px on a slide 1280 px wide; 11 px when a panel is 300 px wide
HEADING, NOTE, FORMULA = 34.0, 27.0, 38.0

Texts: TypeAlias = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in colored runs on the baseline `y`; in a film it may come from the thing named `origin`.

    `align` says what `x` is: the line's left end, its center or its right end. Wider than `limit`, it is shrunk.
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
        """What the line says."""
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: filled with the role `fill`, outlined in the role `role`, both or neither."""

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
class Rules:
    """Straight lines from point to point."""

    name: str
    lines: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    role: str = "rule"
    line: float = HAIR


Item: TypeAlias = Line | Box | Rules


@dataclass(frozen=True, slots=True)
class Beat:
    """A moment of a film: what is to be seen after it, and how many seconds it takes."""

    items: tuple[Item, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table stands: `rows` x `columns` cells of `cell` pixels, their numbers `size` high."""

    name: str
    rows: int
    columns: int
    left: float
    top: float
    cell: float
    size: float

    @property
    def width(self) -> float:
        """How wide the table is."""
        return self.columns * self.cell

    @property
    def height(self) -> float:
        """How high the table is."""
        return self.rows * self.cell

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.left + self.width / 2

    @property
    def center(self) -> float:
        """The y of its middle."""
        return self.top + self.height / 2

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """Return the top left corner of a cell."""
        return self.left + column * self.cell, self.top + row * self.cell


def characters(cell: float, size: float = SMALLEST) -> int:
    """Return how long a number may be in a cell of so many pixels (a digit is 0.6 of its size wide)."""
    return int((cell - 2) / (0.6 * size))


def say(name: str, text: str, x: float, y: float, size: float, role: str = "ink", align: str = "center",
        *, is_bold: bool = False) -> Line:  # fmt: skip
    """Return a line of text in one color."""
    return Line(name, ((text, role),), x, y, size, align, is_bold)


def star(name: str, x: float, center: float) -> Line:
    """Return the sign of a convolution in the middle of (x, center): an asterisk, which hangs high, set lower."""
    return say(name, "*", x, center + 32, 1.9 * HEADING, "muted")


def place(name: str, values: Array, left: float, center: float, cell: float, least: float = SMALLEST) -> Table:
    """Return where a table of numbers stands: its left edge at `left`, its middle at the height `center`."""
    size = max(least, min(fit_text(texts_of(values), cell), FORMULA))
    rows, columns = values.shape
    return Table(name, rows, columns, left, center - rows * cell / 2, cell, size)


def texts_of(values: Array) -> list[list[str]]:
    """Return a table of numbers as texts."""
    return [[write_number(value) for value in row] for row in values]


def draw_frame(table: Table, role: str, *, is_known: bool = True) -> list[Item]:
    """Return a table without its numbers; one that is not known yet has the color of an empty cell."""
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
    """Return the numbers of a table, those only where the mask `where` says so."""
    shown = np.ones(values.shape, dtype=bool) if where is None else where
    return [write_cell(table, (int(i), int(j)), values[i, j], role) for i, j in np.argwhere(shown)]


def write_cell(table: Table, cell: Pair, value: Any, role: str = "ink", origin: str = "") -> Line:
    """Return the number in a cell of a table."""
    x, y = table.corner(*cell)
    name = f"{table.name} {cell[0]} {cell[1]}"
    runs = ((write_number(value), role),)
    return Line(name, runs, x + table.cell / 2, y + table.cell / 2 + 0.35 * table.size, table.size, origin=origin)


def draw_table(table: Table, values: Array, role: str) -> list[Item]:
    """Return a table of numbers in the color of its role."""
    return [*draw_frame(table, role), *write_table(table, values)]


def fill_table(table: Table, values: Array, role: str, known: Array) -> list[Item]:
    """Return a table of which only the cells `known` have their numbers."""
    tints = [tint_cell(table, (int(i), int(j)), f"{role}_tint") for i, j in np.argwhere(known)]
    return [*draw_frame(table, role, is_known=False), *tints, *write_table(table, values, where=known)]


def tint_cell(table: Table, cell: Pair, fill: str) -> Box:
    """Return the color of one cell, within the lines around it."""
    x, y = table.corner(*cell)
    name = f"{table.name} tint {cell[0]} {cell[1]}"
    return Box(name, x + 1.5, y + 1.5, table.cell - 3, table.cell - 3, fill=fill)


def ring(name: str, table: Table, cell: Pair, size: Pair = (1, 1), role: str = "window", line: float = BOLD) -> Box:
    """Return a frame around `size` cells of a table from `cell` on."""
    x, y = table.corner(*cell)
    return Box(name, x, y, size[1] * table.cell, size[0] * table.cell, role, line=line)


def veil(name: str, table: Table, cell: Pair, size: Pair) -> Box:
    """Return the window's tint over `size` cells of a table from `cell` on."""
    x, y = table.corner(*cell)
    return Box(name, x, y, size[1] * table.cell, size[0] * table.cell, fill="window", opacity=0.16)


def draw_input(table: Table, padded: Array, real: Array) -> list[Item]:
    """Return an input with the cells that padding adds, which stay white within a dashed line."""
    rows, columns = np.flatnonzero(real.any(axis=1)), np.flatnonzero(real.any(axis=0))
    inner = Table(f"{table.name} inner", len(rows), len(columns), *table.corner(int(rows[0]), int(columns[0])),
                  table.cell, table.size)  # fmt: skip
    numbers = [*write_table(table, padded, where=real), *write_table(table, padded, "padding", where=~real)]
    if real.all():
        return [*draw_frame(table, "input"), *numbers]
    fill = Box(f"{inner.name} fill", inner.left, inner.top, inner.width, inner.height, fill="input_tint")
    grid = Rules(f"{table.name} grid", tuple(_rule_grid(table)))
    dashed = Box(f"{table.name} frame", table.left, table.top, table.width, table.height, "padding", is_dashed=True)
    frame = Box(f"{inner.name} frame", inner.left, inner.top, inner.width, inner.height, "input")
    return [fill, grid, dashed, frame, *numbers]
