"""What plates of sizes and small tables share: whole numbers read from a lecture, texts with their middle on a line."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[Any]
Runs = tuple[tuple[str, str], ...]  # pieces of a text, each with the name of its role in the theme
BRACKET = 0.42  # how wide a bracket is, in sizes of its text


def read_count(value: object, name: str, largest: int) -> int:
    """Return a whole number from 1 to `largest`; raise ValueError for anything else."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    number = int(value) if is_whole else 0  # type: ignore[call-overload]
    if not 1 <= number <= largest:
        raise ValueError(f"{name} is {value!r}; give a whole number from 1 to {largest}")
    return number


def read_side(layer: Mapping[str, Any], name: str) -> int:
    """Return a layer's kernel_size, strides or dilation, 1 if it has none; raise ValueError unless it is square."""
    value = layer.get(name, 1)
    rows, columns = (value, value) if np.ndim(value) == 0 else value
    if rows != columns:
        raise ValueError(f"{layer['name']} has {name} {rows} × {columns}; only what is square can be drawn here")
    return int(rows)


def read_values(values: ArrayLike, name: str, shape: str) -> Array:
    """Return finite numbers as an int64 or float64 array of as many axes as `shape` names: "height, width, channels".

    Raises ValueError, which names the shape that is wanted, for anything else.
    """
    axes = shape.count(",") + 1
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"the rows of {name} differ in length; give an array ({shape})") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} is not made of numbers; give an array ({shape})")
    if array.ndim != axes or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; give an array ({shape})")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a value that is not finite; NaN and infinity cannot be drawn")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count_noun(1, "row"), count_noun(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def write_middle(
    sheet: "Axes", x: float, y: float, runs: Runs, theme: Any, *, points: float, bold: bool = False
) -> None:
    """Write runs of text on the baseline `y`, their middle at `x`; ⌊ ⌋ ⌈ ⌉, which the font lacks, become strokes."""
    from figures import board

    pieces = [(piece, role) for text, role in runs for piece in re.split("([⌊⌋⌈⌉])", text) if piece]
    widths = [BRACKET * points / 72 if piece in "⌊⌋⌈⌉" else board.text_width(piece, points, bold=bold)
              for piece, _ in pieces]  # fmt: skip
    x -= sum(widths) / 2
    for (piece, role), width in zip(pieces, widths, strict=True):
        color = getattr(theme, role)
        if piece in "⌊⌋⌈⌉":
            _draw_bracket(sheet, piece, (x, y), points / 72, color)
        elif piece.strip():
            board.write(sheet, x, y, piece, color=color, points=points, bold=bold)
        x += width


def _draw_bracket(sheet: "Axes", bracket: str, where: tuple[float, float], size: float, color: str) -> None:
    """Draw the bracket of rounding down (a foot) or up (a head) at the start of its place on the baseline."""
    from figures import board

    x, y = where
    near, far = (0.14, 0.36) if bracket in "⌊⌈" else (BRACKET - 0.14, BRACKET - 0.36)
    head, foot = y - 0.82 * size, y + 0.16 * size
    turn = foot if bracket in "⌊⌋" else head
    lines = [((x + near * size, head), (x + near * size, foot)), ((x + near * size, turn), (x + far * size, turn))]
    board.rule(sheet, lines, color=color, linewidth=0.075 * 72 * size, capstyle="projecting")


def draw_key(sheet: "Axes", y: float, parts: Sequence[tuple[str, str, str]], theme: Any) -> None:
    """Say on the baseline `y`, in the middle of a slide, what lines mean: (text, color, "-", "--" or, hatched, "/")."""
    from figures import board

    mark, gap = 0.2, 0.5
    widths = [mark + 0.12 + board.text_width(text, board.MIN_TEXT) for text, _, _ in parts]
    x = (12.8 - sum(widths) - gap * (len(parts) - 1)) / 2
    for (text, color, kind), width in zip(parts, widths, strict=True):
        _draw_mark(sheet, (x, y - 0.17, mark), color, kind)
        board.write(sheet, x + mark + 0.12, y, text, color=theme.ink, points=board.MIN_TEXT)
        x += width + gap


def _draw_mark(sheet: "Axes", where: tuple[float, float, float], color: str, kind: str) -> None:
    """Draw a sample of a line or of the hatching."""
    from figures import board
    from figures.composition import hatch

    x, y, side = where
    if kind == "/":
        board.rule(sheet, hatch([(x, y)], side), color=color, linewidth=board.HAIR)
    style: Any = (0, (3.5, 2.5)) if kind == "--" else "-"
    board.box(sheet, x, y, side, side, edgecolor=color, linewidth=board.LINE, linestyle=style)
