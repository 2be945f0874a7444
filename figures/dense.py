"""One dense neuron: an image times a picture of weights, pixel by pixel, all products summed to a single number.

It has a weight for every pixel, where a kernel of a convolution has nine in all, and so knows the digit at one place
only. The weights are not a template of the digit: near the border, where pixels are nearly black, they say little.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description, about, equals, times, write_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


LARGEST = 64  # pixels along a side
FEWEST_FOR_SCALE = 14  # pixels along the longer side; on a smaller image the kernel drawn for scale would be too large
KERNEL_SIZE = 3  # of the convolution kernel drawn for scale
SIDE, TOP = 3.2, 0.86  # inches: side of a picture, top of the pictures
LEFTS = (0.15, 3.83, 7.51)  # inches: left edges of the three pictures
RESULT, END = 11.0, 12.68  # inches: left and right end of the column of results


@dataclass(frozen=True, slots=True)
class DenseTrace:
    """An image, the weights and their products, all (height, width), and the bias."""

    input: Array
    weights: Array
    products: Array
    bias: float

    @property
    def sum(self) -> float:
        """The sum of all products."""
        return float(self.products.sum())

    @property
    def result(self) -> float:
        """The neuron's output before its activation: the sum plus the bias."""
        return self.sum + self.bias

    @property
    def has_kernel(self) -> bool:
        """Whether the image is large enough for a kernel to be drawn for scale."""
        return bool(max(self.input.shape) >= FEWEST_FOR_SCALE)

    @property
    def parts(self) -> tuple[float, float]:
        """The sum of the positive products and the sum of the negative ones."""
        return float(np.maximum(self.products, 0).sum()), float(np.minimum(self.products, 0).sum())


def trace(*, input: ArrayLike, weights: ArrayLike, bias: float = 0) -> DenseTrace:
    """Return one neuron of a Keras Dense layer applied to a flattened image, before its activation.

    input: an image (height, width); bytes (uint8, such as `digit(5)`) are divided by 255, as in the networks' training.
    weights: (height, width), or one column of a layer's kernel (height × width,). Raises ValueError for other shapes.
    """
    is_bytes = np.asarray(input).dtype == np.uint8
    image = arithmetic.read_values(input, "input", "height, width").astype(np.float64) / (255 if is_bytes else 1)
    if max(image.shape) > LARGEST:
        raise ValueError(f"input is {times(image.shape)}; give an image of at most {LARGEST} × {LARGEST} pixels")
    column = np.asarray(weights)
    shape = "height × width" if column.ndim == 1 else "height, width"
    kernel = arithmetic.read_values(column, "weights", shape).astype(np.float64)
    if kernel.size != image.size or (kernel.ndim == 2 and kernel.shape != image.shape):
        raise ValueError(f"weights has shape {kernel.shape} and input {image.shape}; give a weight for every pixel")
    if isinstance(bias, (bool, str)) or not np.isfinite(bias):
        raise ValueError(f"bias is {bias!r}; give one number")
    kernel = kernel.reshape(image.shape)
    return DenseTrace(image, kernel, image * kernel, float(bias))


def describe(trace: DenseTrace) -> Description:
    """Return the sizes, the sums of the positive and of the negative products, and the result."""
    height, width = trace.input.shape
    count, (above, below) = trace.input.size, trace.parts
    together, in_all = about([above, below, trace.sum]), about([trace.sum, trace.bias, trace.result])
    alt = (
        f"One dense neuron: an image of {height} × {width} pixels is multiplied by one weight per pixel, from "
        f"{write_number(trace.weights.min())} to {write_number(trace.weights.max())}. Of the {count} products, the "
        f"positive ones sum to {_write(above)} and the negative ones to {_write(below)}, together {together}"
        f"{_write(trace.sum)}; with the bias {_write(trace.bias)}, the neuron gives {in_all}{_write(trace.result)}."
    )
    if trace.has_kernel:
        alt += f" A kernel of {KERNEL_SIZE} × {KERNEL_SIZE} at the same scale has {KERNEL_SIZE**2} weights."
    facts = {
        "weights": int(count),
        "kernel_weights": KERNEL_SIZE**2,
        "positive": above,
        "negative": below,
        "sum": trace.sum,
        "bias": trace.bias,
        "result": trace.result,
        "idle": int((trace.input == 0).sum()),
    }
    return Description(alt, (), facts)


def draw(trace: DenseTrace, theme: "Theme") -> "Figure":
    """Return image, weights and products side by side, the sums on the right, and a kernel for scale below."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    height, width = trace.input.shape
    wide = min(SIDE, SIDE * width / height)
    count = f"{trace.input.size} pixels"
    heads = (
        ("image", count, "input"),
        ("weights", f"{trace.weights.size}, one per pixel", "kernel"),
        ("products", f"{trace.products.size}, one per pixel", "output"),
    )
    for left, (name, note, role) in zip(LEFTS, heads, strict=True):
        middle, color = left + SIDE / 2, getattr(theme, role)
        still.write(sheet, middle, 0.36, name, color=color, points=still.HEADING + 1, bold=True, align="center")
        still.write(sheet, middle, 0.68, note, color=theme.muted, points=still.TEXT, align="center")
    place = {"left": LEFTS[0] + (SIDE - wide) / 2, "top": TOP, "width": wide}
    largest = float(trace.input.max())
    still.draw_image(
        sheet, trace.input, theme=theme, largest=largest if largest > 0 else 1.0, color=theme.input, **place
    )
    _draw_signed(sheet, trace.weights, theme, (LEFTS[1], wide), theme.kernel)
    _draw_signed(sheet, trace.products, theme, (LEFTS[2], wide), theme.output)
    for before, after, sign in ((0, 1, "×"), (1, 2, "=")):
        x = (LEFTS[before] + SIDE + LEFTS[after]) / 2
        still.write(sheet, x, TOP + SIDE / 2 + 0.12, sign, color=theme.ink, points=26, align="center")
    _write_sums(sheet, trace, theme)
    if trace.has_kernel:
        _draw_kernel(sheet, trace, theme, wide / width)
    return figure


def _draw_signed(sheet: "Axes", values: Array, theme: "Theme", where: tuple[float, float], color: str) -> None:
    """Draw signed values on a color scale symmetric about zero, with a dash in each cell clearly below zero."""
    from figures.parts import still

    left, wide = where
    rows, columns = values.shape
    reach = float(np.abs(values).max()) or 1.0
    x, cell, limits = left + (SIDE - wide) / 2, wide / columns, (-reach, reach)
    colors = still.color_cells(values, limits)
    sheet.imshow(colors, extent=(x, x + wide, TOP + rows * cell, TOP), interpolation="none", aspect="auto")
    still.draw_dashes(sheet, values, values < -0.1 * reach, left=x, top=TOP, cell=cell, limits=limits)
    still.box(sheet, x, TOP, wide, rows * cell, edgecolor=color, linewidth=still.LINE)
    still.draw_scale(sheet, limits, left=left + 0.4, top=TOP + SIDE + 0.14, width=SIDE - 0.8, theme=theme)


def _write_sums(sheet: "Axes", trace: DenseTrace, theme: "Theme") -> None:
    """Write the sums of the products, the bias and the result, one below the other."""
    from figures.parts import still

    above, below = trace.parts
    still.write(sheet, RESULT, 0.36, "sum", color=theme.output, points=still.HEADING + 1, bold=True)
    rows = (
        ("positive", above, "muted"),
        ("negative", below, "muted"),
        ("all products", trace.sum, "ink"),
        ("bias", trace.bias, "kernel"),
    )
    for row, (name, value, role) in enumerate(rows):
        y = TOP + 0.2 + 0.66 * row
        still.write(sheet, RESULT, y, name, color=getattr(theme, role), points=still.MIN_TEXT)
        still.write(sheet, END, y + 0.27, _write(value), color=theme.ink, points=still.TEXT, align="right")
    y = TOP + 0.2 + 0.66 * len(rows)
    still.rule(sheet, [((RESULT, y - 0.2), (END, y - 0.2))], color=theme.ink, linewidth=still.HAIR)
    still.box(
        sheet, RESULT, y, END - RESULT, 0.56, facecolor=theme.output_tint, edgecolor=theme.output, linewidth=still.LINE
    )
    sign = equals([*trace.parts, trace.sum, trace.bias, trace.result]).strip()  # "≈" if the digits shown are rounded
    still.write(sheet, RESULT + 0.14, y + 0.37, sign, color=theme.muted, points=still.HEADING)
    still.write(
        sheet,
        END - 0.14,
        y + 0.37,
        _write(trace.result),
        color=theme.ink,
        points=still.HEADING,
        bold=True,
        align="right",
    )


def _write(value: float) -> str:
    """Return a sum as text, in scientific notation from 100,000 up."""
    return write_number(value) if abs(value) < 1e5 else f"{value:.3g}".replace("e+0", "e").replace("-", "−")


def _draw_kernel(sheet: "Axes", trace: DenseTrace, theme: "Theme", cell: float) -> None:
    """Draw the cells of a convolution kernel at the scale of the pictures, and compare the numbers of weights."""
    from figures.parts import still

    side, top = KERNEL_SIZE * cell, 5.05
    name = f"{KERNEL_SIZE} × {KERNEL_SIZE} kernel"
    words = f"for scale: a {name} has {KERNEL_SIZE**2} weights, this neuron {trace.weights.size}"
    left = (12.8 - side - 0.25 - still.text_width(words, still.TEXT + 1)) / 2
    y = top + 0.25
    still.box(sheet, left, y - side / 2, side, side, facecolor=theme.kernel_tint)
    still.rule_grid(sheet, KERNEL_SIZE, KERNEL_SIZE, left=left, top=y - side / 2, cell=cell, color=theme.kernel)
    still.box(sheet, left, y - side / 2, side, side, edgecolor=theme.kernel, linewidth=still.LINE)
    still.write(sheet, left + side + 0.25, y + 0.08, words, color=theme.ink, points=still.TEXT + 1)
