"""One unit of a dense layer: a weight for every pixel, and a single sum over all of them.

Not to be mistaken for a kernel, which is drawn beside it to scale: a kernel is small, and looks at every place.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.description import Description
from figures.sliding import times, write_number
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[Any]
SIDE, TOP = 3.55, 1.0  # inches: the pictures' side, and where they begin
LEFTS = (0.1, 4.65, 9.15)


@dataclass(frozen=True, slots=True)
class DenseTrace:
    """What one unit does: input, weights and products (height, width), their sum, the bias, and the result."""

    input: Array
    weights: Array
    products: Array
    sum: float
    bias: float
    result: float


def trace(*, input: ArrayLike, weights: ArrayLike, bias: float = 0) -> DenseTrace:
    """Return what a dense unit with `weights` (height, width) makes of a picture of that size, before any activation.

    input: a picture (height, width); bytes are taken as 0 to 1, as networks take them. weights may also be one row of
    as many values (height · width), in the order of Flatten. Raises ValueError where sizes do not fit.
    """
    given = np.asarray(input)
    image = given / 255 if given.dtype == np.uint8 else np.asarray(given, dtype=float)
    if image.ndim != 2 or not image.size or not np.isfinite(image).all():
        raise ValueError(f"input has shape {image.shape}; give one picture (height, width), such as digit(5)")
    table = np.asarray(weights, dtype=float)
    if table.size != image.size or not np.isfinite(table).all():
        needed = f"{times(image.shape)} = {image.size}"
        raise ValueError(f"there are {table.size} weights for {image.size} pixels; give {needed} numbers, one a pixel")
    table = table.reshape(image.shape)
    products = image * table
    total = float(products.sum())
    return DenseTrace(image, table, products, total, float(bias), total + float(bias))


def describe(trace: DenseTrace) -> Description:
    """Return the text alternative, and the facts: pixels, ink (pixels that are not zero), sum, bias, result."""
    ink = int((trace.input != 0).sum())
    plus = f", plus a bias of {write_number(trace.bias)}" if trace.bias else ""
    alt = (
        f"One dense unit: a picture of {times(trace.input.shape)} pixels, {ink} of them not empty; a weight for each "
        f"of the {trace.weights.size} pixels, from {write_number(trace.weights.min())} to "
        f"{write_number(trace.weights.max())}; and their products, cell by cell. The products sum to "
        f"{write_number(trace.sum)}{plus}: the unit answers {write_number(trace.result)} before its activation."
    )
    facts = {"pixels": trace.input.size, "ink": ink, "sum": trace.sum, "bias": trace.bias, "result": trace.result,
             "positive": float(trace.products[trace.products > 0].sum()),
             "negative": float(trace.products[trace.products < 0].sum())}  # fmt: skip
    return Description(alt, (), facts)


def draw(trace: DenseTrace, theme: Theme) -> "Figure":
    """Return picture × weights = products, the sum below, and a kernel of 3 × 3 to the scale of the weights."""
    from figures import board, ink

    figure = board.new_figure(theme, height=5.75)
    sheet = board.new_sheet(figure)
    reach = float(np.abs(trace.weights).max()) or 1.0
    notes = ("from 0 to 1", "one a pixel, learned", "pixel × weight")
    for left, name, role, note in zip(
        LEFTS, ("input", "weights", "products"), ("input", "kernel", "output"), notes, strict=True
    ):
        color = str(getattr(theme, role))
        board.write(
            sheet, left + SIDE / 2, 0.42, name, color=color, points=board.HEADING + 3, bold=True, align="center"
        )
        board.write(sheet, left + SIDE / 2, 0.78, note, color=theme.muted, points=board.TEXT, align="center")
    place = {"top": TOP, "width": SIDE, "theme": theme}
    largest = float(trace.input.max()) or 1.0
    ink.draw_ink(sheet, trace.input, left=LEFTS[0], largest=largest, color=theme.input, **place)
    board.draw_map(sheet, trace.weights, left=LEFTS[1], limits=(-reach, reach), color=theme.kernel, **place)
    board.draw_map(sheet, trace.products, left=LEFTS[2], limits=(-reach, reach), color=theme.output, **place)
    for left, sign in zip((LEFTS[0], LEFTS[1]), ("×", "="), strict=True):
        x = (left + SIDE + (LEFTS[1] if sign == "×" else LEFTS[2])) / 2
        board.write(sheet, x, TOP + SIDE / 2, sign, color=theme.ink, points=26, align="center", valign="center")
    _draw_kernel(sheet, trace, theme)
    board.draw_scale(sheet, (-reach, reach), left=LEFTS[1], top=TOP + SIDE + 0.14, width=SIDE, theme=theme)
    _write_sum(sheet, trace, theme)
    return figure


def _draw_kernel(sheet: "Axes", trace: DenseTrace, theme: Theme) -> None:
    """Draw the outline of a 3 × 3 kernel as large as nine of the weights, to compare."""
    from figures import board

    pixel = SIDE / trace.weights.shape[1]
    top = TOP + SIDE + 0.16
    board.box(sheet, LEFTS[0], top, 3 * pixel, 3 * pixel, edgecolor=theme.kernel, linewidth=board.LINE,
              facecolor=theme.kernel_tint)  # fmt: skip
    words = "a kernel of 3 × 3, to scale"
    board.write(sheet, LEFTS[0] + 3 * pixel + 0.15, top + 1.5 * pixel + 0.06, words, color=theme.kernel)


def _write_sum(sheet: "Axes", trace: DenseTrace, theme: Theme) -> None:
    from figures import board

    sign = "−" if trace.bias < 0 else "+"
    bias = f"{write_number(trace.sum)} {sign} {write_number(abs(trace.bias))} = " if trace.bias else ""
    runs = [(f"sum of {trace.products.size} products = {bias}", theme.ink), (write_number(trace.result), theme.output)]
    width = sum(board.text_width(text, board.HEADING + 3) for text, _ in runs)
    board.write_runs(sheet, (12.8 - width) / 2, 5.55, runs, points=board.HEADING + 3)
