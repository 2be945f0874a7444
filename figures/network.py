"""Draws a row of layers: maps as stacks, numbers as columns, probabilities as bars, and a table of sizes below."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import board, ink
from generator.theme import STILL_WIDTH, Theme

Array = NDArray[Any]
MIDDLE = 1.67  # height of the pictures' common axis, in inches from the top
TABLE = 3.55  # where the table begins
LINE = 0.33  # from one line of the table to the next
HEAD = 1.32  # width of the table's first column
TALL = 2.9  # height of the pictures, in inches
LARGEST = 0.98  # the largest map
DEPTH = 5  # how many maps of a stack are drawn
RIGHT, UP = 0.025, 0.46  # how far a map stands behind the one before it, for the largest maps


class Layer(Protocol):
    """What the drawing needs to know of a layer."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def shape(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def size(self) -> str: ...  # noqa: D102
    @property
    def is_map(self) -> bool: ...  # noqa: D102
    @property
    def parameters(self) -> int: ...  # noqa: D102
    @property
    def macs(self) -> int: ...  # noqa: D102
    @property
    def window(self) -> int: ...  # noqa: D102
    @property
    def activation(self) -> str: ...  # noqa: D102
    @property
    def values(self) -> Array | None: ...  # noqa: D102


def draw_network(layers: Sequence[Layer], theme: Theme, sums: str) -> Figure:
    """Return the picture of `layers`, the first one being the input; `sums` is written under the table."""
    figure = board.new_figure(theme, height=TABLE + 5 * LINE + 0.62)
    sheet = board.new_sheet(figure)
    step = (STILL_WIDTH - HEAD - 0.05) / len(layers)
    middles = [HEAD + (place + 0.5) * step for place in range(len(layers))]
    _draw_table(sheet, layers, middles, theme)
    board.write(sheet, STILL_WIDTH - 0.1, TABLE + 5 * LINE + 0.38, sums, color=theme.ink, bold=True, align="right")
    tallest = max(layer.shape[0] for layer in layers if layer.is_map) if layers[0].is_map else 1
    for place, (layer, x) in enumerate(zip(layers, middles, strict=True)):
        last = place == len(layers) - 1
        _draw_layer(sheet, layer, x, theme, tallest, last=last)
        if not last:
            _draw_arrow(sheet, x + step / 2, theme)
    return figure


def _draw_layer(sheet: Axes, layer: Layer, x: float, theme: Theme, tallest: int, *, last: bool) -> None:
    if layer.is_map:
        _draw_stack(sheet, layer, x, theme, LARGEST * (layer.shape[0] / tallest) ** 0.5)
    elif last:
        _draw_bars(sheet, layer, x, theme)
    else:
        _draw_column(sheet, layer, x, theme)


def _draw_stack(sheet: Axes, layer: Layer, x: float, theme: Theme, width: float) -> None:
    """Draw some maps of a layer like a hand of cards, those with most contrast in front; the input is one card."""
    depth = min(DEPTH, layer.shape[2])
    right, up = RIGHT * width / LARGEST, UP * width / LARGEST
    left = x - (width + (depth - 1) * right) / 2
    top = MIDDLE - width / 2 + (depth - 1) * up / 2
    color = theme.input if layer.kind == "Input" else theme.output
    for place, card in enumerate(_color_cards(layer, theme, depth)):
        behind = depth - 1 - place
        x, y = left + behind * right, top - behind * up
        sheet.imshow(card, extent=(x, x + width, y + width, y), interpolation="none", aspect="auto", zorder=2 * place)
        board.box(sheet, x, y, width, width, edgecolor=color, linewidth=1.2, zorder=2 * place + 1)


def _color_cards(layer: Layer, theme: Theme, depth: int) -> list[NDArray[np.uint8]]:
    """Return `depth` maps as RGB bytes, the front one last: one scale for the layer, plain tints without values."""
    if layer.values is None:
        tint = to_rgb(theme.input_tint if layer.kind == "Input" else theme.output_tint)
        return [np.rint(255 * np.full((1, 1, 3), tint)).astype(np.uint8)] * depth
    largest = float(layer.values.max()) or 1.0
    if layer.kind == "Input":
        return [ink.ink_colors(layer.values, theme, largest)]
    telling = np.argsort(layer.values.std(axis=(0, 1)), kind="stable")[-depth:]
    return [board.color_cells(layer.values[..., channel], (0, largest)) for channel in telling]


def _draw_column(sheet: Axes, layer: Layer, x: float, theme: Theme) -> None:
    """Draw a layer of numbers as one column of cells; a long one is drawn thinner, every number in it."""
    width = 0.2
    top = MIDDLE - TALL / 2
    if layer.values is not None:
        colors = board.color_cells(layer.values[:, None], (0, float(layer.values.max()) or 1))
        extent = (x - width / 2, x + width / 2, top + TALL, top)
        sheet.imshow(colors, extent=extent, interpolation="none", aspect="auto")
    board.box(sheet, x - width / 2, top, width, TALL, edgecolor=theme.output, linewidth=board.LINE)


def _draw_bars(sheet: Axes, layer: Layer, x: float, theme: Theme) -> None:
    """Draw the last layer as bars, one a class; the longest one is the answer and is drawn dark."""
    count = layer.shape[0]
    step = min(0.29, TALL / count)
    left, width, top = x - 0.3, 0.78, MIDDLE - count * step / 2
    values = layer.values if layer.values is not None else np.zeros(count)
    answer = int(values.argmax()) if layer.values is not None else -1
    for label, value in enumerate(values):
        y = top + label * step
        color, bold = (theme.ink, True) if label == answer else (theme.muted, False)
        board.write(sheet, left - 0.07, y + step / 2 + 0.065, str(label), color=color, align="right",
                    points=board.MIN_TEXT, bold=bold)  # fmt: skip
        board.box(sheet, left, y + 0.04, width, step - 0.08, facecolor=theme.surface, edgecolor=theme.rule,
                  linewidth=board.HAIR)  # fmt: skip
        board.box(sheet, left, y + 0.04, width * float(value), step - 0.08, facecolor=theme.output)


def _draw_arrow(sheet: Axes, x: float, theme: Theme) -> None:
    tip = (x + 0.06, MIDDLE)
    lines = [((x - 0.07, MIDDLE), tip), ((x, MIDDLE - 0.055), tip), ((x, MIDDLE + 0.055), tip)]
    board.rule(sheet, lines, color=theme.muted, linewidth=board.LINE)


def _draw_table(sheet: Axes, layers: Sequence[Layer], middles: Sequence[float], theme: Theme) -> None:
    rows = ("layer", "", "gives", "parameters", "multiplications")
    for row, heading in enumerate(rows):
        board.write(sheet, 0.1, TABLE + (row + 0.7) * LINE, heading, color=theme.muted, points=board.MIN_TEXT)
    board.rule(sheet, [((0.1, TABLE - 0.05), (STILL_WIDTH - 0.1, TABLE - 0.05)),
                       ((0.1, TABLE + 2.02 * LINE), (STILL_WIDTH - 0.1, TABLE + 2.02 * LINE))],
               color=theme.rule, linewidth=board.HAIR)  # fmt: skip
    for layer, x in zip(layers, middles, strict=True):
        texts = (layer.name, _operation(layer), layer.size, _count(layer.parameters), _count(layer.macs))
        role = theme.input if layer.kind == "Input" else theme.output
        colors = (theme.ink, theme.muted, role, theme.kernel, theme.ink)
        for row, (string, color) in enumerate(zip(texts, colors, strict=True)):
            board.write(sheet, x, TABLE + (row + 0.7) * LINE, string, color=color, points=board.MIN_TEXT,
                        align="center", bold=row == 0)  # fmt: skip


def _operation(layer: Layer) -> str:
    if layer.window:
        kind = "conv" if "Conv" in layer.kind else "max" if "Max" in layer.kind else "mean"
        return f"{layer.window} × {layer.window} {kind}"
    return {"Dense": "dense", "Flatten": "reshape"}.get(layer.kind, "one image")


def _count(number: int) -> str:
    return f"{number:,}" if number else "–"
