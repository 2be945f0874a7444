"""Where the parts of a sliding window's picture stand, so that the film, the still and the panel are one composition.

Positions are pixels from the top left corner of a sheet. Knows no library that draws: it is told how wide a text is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from figures.sliding import Formula, Place, Run, Sliding

Measure = Callable[[str, float], float]  # how wide a text is, at a size; both in pixels
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A surface of `width` x `height` pixels, and what is right on it."""

    width: float
    height: float
    per_inch: float
    margin: float
    heading: float  # size of a column's name
    note: float  # size of the line under it; 0: none
    formula: float  # largest size of a calculation
    min_text: float  # a number smaller than that becomes a color
    top: float  # where the tables begin
    bottom: float  # and end
    gap: float  # at most, between columns
    max_cell: float


SLIDE = Sheet(1536, 720, 120, 48, 34, 27, 40, 24, 108, 556, 120, 84)
PANEL = Sheet(420, 320, 100, 10, 16, 0, 17, 15, 30, 240, 40, 46)
ROLES = {"input": "input", "window": "window", "kernel": "kernel", "output": "output"}


@dataclass(frozen=True, slots=True)
class Column:
    """A table on the sheet; `text` is the size of its numbers, 0 where colors stand for them."""

    name: str
    rows: int
    columns: int
    cell: float
    text: float
    left: float = 0.0
    top: float = 0.0

    @property
    def width(self) -> float:
        """How wide the table is."""
        return self.columns * self.cell

    @property
    def height(self) -> float:
        """How high the table is."""
        return self.rows * self.cell

    @property
    def middle(self) -> float:
        """The x in the middle of the table."""
        return self.left + self.width / 2

    @property
    def caption(self) -> float:
        """The baseline of a line of text under the table, and under its color scale if it has one."""
        return self.top + self.height + (36 if self.text else 88)

    def corner(self, cell: tuple[int, int]) -> Point:
        """Return the top left corner of the cell (row, column)."""
        return self.left + cell[1] * self.cell, self.top + cell[0] * self.cell


@dataclass(frozen=True, slots=True)
class Placed:
    """A run of text whose box, spaces left out, begins at `x` and is `width` wide, on the baseline `y`."""

    text: str
    role: str
    x: float
    y: float
    width: float
    size: float


def fit_text(texts: Iterable[Iterable[str]], cell: float) -> float:
    """Return the size at which the longest of `texts` fits its square cell (a digit is 0.6 of its size wide)."""
    longest = max((len(text) - 0.5 * ("." in text) for row in texts for text in row), default=1)
    return min(0.56 * cell, 0.82 * cell / (0.6 * max(longest, 1)))


def arrange(view: Sliding, sheet: Sheet, measure: Measure) -> dict[str, Column]:
    """Return the columns by name, from left to right: input, kernel and output, and a window where input is colors."""
    names = ["input", "output"] if view.kernel is None or sheet is PANEL else ["input", "kernel", "output"]
    columns = _size(view, names, sheet)
    if not columns[0].text and sheet is not PANEL:
        columns = _size(view, ["input", "window", *names[1:]], sheet)
    widths = [max(column.width, _heading_width(view, column, sheet, measure)) for column in columns]
    room = sheet.width - 2 * sheet.margin - sum(widths)
    gap = max(0.0, min(sheet.gap, room / max(1, len(columns) - 1)))
    left = (sheet.width - sum(widths) - gap * (len(columns) - 1)) / 2
    middle = (sheet.top + sheet.bottom) / 2
    placed = {}
    for column, width in zip(columns, widths, strict=True):
        inset, top = (width - column.width) / 2, middle - column.height / 2
        placed[column.name] = replace(column, left=round(left + inset), top=round(top))
        left += width + gap
    return placed


def _heading_width(view: Sliding, column: Column, sheet: Sheet, measure: Measure) -> float:
    """Return how wide the two lines over a column are."""
    note = measure(view.notes.get(column.name, ""), sheet.note) if sheet.note else 0.0
    return max(measure(column.name, sheet.heading) * 1.05, note)


def _size(view: Sliding, names: list[str], sheet: Sheet) -> list[Column]:
    """Return the columns, not yet placed, with cells that show the most numbers, and then the largest."""
    texts = {name: view.widest_texts(name) for name in names}
    width = sheet.width - 2 * sheet.margin - 0.6 * sheet.gap * (len(names) - 1)
    common = min((sheet.bottom - sheet.top) / max(map(len, texts.values())), sheet.max_cell)
    room = sheet.bottom - sheet.top - (4.6 if view.dropped.any() else 3.2) * sheet.min_text  # for colors
    choices = [_fit(texts, share * common / 20, room, sheet) for share in range(20, 7, -1)]
    narrow = [columns for columns in choices if sum(column.width for column in columns) <= width]
    return max(narrow or choices[-1:], key=lambda columns: sum(column.text > 0 for column in columns))


def _fit(texts: dict[str, list[list[str]]], common: float, room: float, sheet: Sheet) -> list[Column]:
    """Return columns with cells of `common`, larger where numbers need it; beside colors, numbers stand at ease."""
    columns = []
    is_wide = fit_text(texts["input"], common) < sheet.min_text
    for name, rows in texts.items():
        ease = 1.5 if is_wide and name in ("window", "kernel") else 1.01
        needed = common * max(1.0, ease * sheet.min_text / fit_text(rows, common))
        most = min((sheet.bottom - sheet.top) / len(rows), sheet.max_cell)
        cell = needed if needed <= most else max(common, most) if ease > 1.1 else common
        columns.append(_column(name, rows, cell, room, sheet))
    return columns


def _column(name: str, texts: list[list[str]], cell: float, room: float, sheet: Sheet) -> Column:
    """Return a column of numbers, or of colors at most `room` high when numbers would be too small."""
    text = fit_text(texts, cell)
    if text >= sheet.min_text:
        return Column(name, len(texts), len(texts[0]), cell, text)
    return Column(name, len(texts), len(texts[0]), _whole(min(cell, room / len(texts))), 0.0)


def _whole(cell: float) -> float:
    """Return the size of a colored cell in whole pixels, for sharp edges, unless it is tiny."""
    return float(int(cell)) if cell >= 4 else cell


def write_formula(place: Place, sheet: Sheet, measure: Measure) -> list[list[Placed]]:
    """Return the calculation, piece by piece and run by run, centered below the tables on one or two lines.

    What does not fit at a legible size gives way to the place's short form.
    """
    forms = [place.formula, place.formula.tighten(), place.short or place.formula]
    sizes = (sheet.formula, 0.85 * sheet.formula, 0.72 * sheet.formula)
    tries = [(form, size) for form in forms for size in sizes if size >= sheet.min_text] or [
        (forms[-1], sheet.min_text)
    ]
    limit = sheet.width - 2 * sheet.margin
    for form, size in tries:
        lines = _wrap(form, size, limit, measure)
        if len(lines) <= 2:
            break
    return list(_place_lines(lines, size, sheet, measure))


def _width(piece: Iterable[Run], size: float, measure: Measure) -> float:
    return sum(measure(text, size) for text, _ in piece)


def _wrap(formula: Formula, size: float, limit: float, measure: Measure) -> list[list[tuple[Run, ...]]]:
    """Return the pieces on as few lines as `limit` allows, and these as equally long as they can be."""
    pieces = formula.pieces()
    widths = [_width(piece, size, measure) for piece in pieces]
    widths[-2:] = [widths[-2] + widths[-1]]  # the result stays with the last term
    fewest = len(_break(widths, limit))
    narrow = next(limit * k / 40 for k in range(1, 41) if k == 40 or len(_break(widths, limit * k / 40)) == fewest)
    ends = _break(widths, narrow)
    ends[-1] = len(pieces)
    return [list(pieces[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _break(widths: list[float], limit: float) -> list[int]:
    """Return where each line ends when a line takes what fits into `limit`, and always one piece."""
    ends, length = [], 0.0
    for k, width in enumerate(widths):
        if k and length + width > limit:
            ends.append(k)
            length = 0.0
        length += width
    return [*ends, len(widths)]


def _place_lines(
    lines: list[list[tuple[Run, ...]]], size: float, sheet: Sheet, measure: Measure
) -> Iterator[list[Placed]]:
    """Give every run its place, line by line, in the room below the tables."""
    leading = 1.45 * size
    y = (sheet.bottom + sheet.height) / 2 + 0.5 * size - leading * (len(lines) - 1) / 2
    for line in lines:
        x = (sheet.width - sum(_width(piece, size, measure) for piece in line)) / 2
        for piece in line:
            placed = []
            for text, role in piece:
                start = x + measure(text[: len(text) - len(text.lstrip())], size)
                placed.append(Placed(text.strip(), role, start, y, measure(text.strip(), size), size))
                x += measure(text, size)
            yield placed
        y += leading


def hatch(corners: Iterable[Point], cell: float) -> list[tuple[Point, Point]]:
    """Return diagonal strokes over square cells, given by their top left corners."""
    third = cell / 3
    strokes = [((0.0, k * third), (k * third, 0.0)) for k in (1, 2, 3)]
    strokes += [((k * third, cell), (cell, k * third)) for k in (1, 2)]
    return [((x + a, y + b), (x + c, y + d)) for x, y in corners for (a, b), (c, d) in strokes]
