"""Matplotlib pieces that figures share: a sheet measured in inches, text in the project's fonts, number grids and maps.

Lengths are inches, text sizes are points. Nothing here touches `rcParams` or pyplot: a piece that gets the same
arguments draws the same thing. A sheet's origin is its top left corner and y grows downwards, as rows do.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from numpy.typing import ArrayLike, NDArray

from generator.theme import DIVERGING, FONT_FOLDER, LIGHT, SEQUENTIAL, STILL_HEIGHT, STILL_WIDTH, Theme

# A still 12.8 inches wide fills a slide 1280 px wide: 0.72 points are one pixel there.
MIN_TEXT = 13.0  # 18 px on a slide: nothing is smaller
TEXT = 14.4  # 20 px
HEADING = 17.3  # 24 px
PANEL_WIDTH, PANEL_HEIGHT = 4.2, 3.2  # one step of a filmstrip
PANEL_TEXT = 11.0  # still 11 px when the panel is 300 px wide
HAIR, LINE, BOLD_LINE = 0.8, 1.6, 3.0  # points


def new_figure(theme: Theme, width: float = STILL_WIDTH, height: float = STILL_HEIGHT) -> Figure:
    """Return an empty Figure of `width` x `height` inches on the theme's paper, 100 dots an inch."""
    figure = Figure(figsize=(width, height), dpi=100, facecolor=theme.paper)
    figure.suppressComposite = True  # else neighboring maps are merged and resampled when saved
    return figure


def new_sheet(figure: Figure) -> Axes:
    """Return axes that cover the whole figure: coordinates in inches from the top left corner, nothing drawn."""
    width, height = figure.get_size_inches()
    sheet = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0), autoscale_on=False)
    sheet.set_axis_off()
    return sheet


def add_plot(figure: Figure, theme: Theme, *, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes for a curve: their inner box given in inches, text and spines in the theme's fonts and colors."""
    across, down = figure.get_size_inches()
    box = (left / across, 1 - (top + height) / down, width / across, height / down)
    axes = figure.add_axes(box, facecolor=theme.paper)
    style_axes(axes, theme)
    return axes


def style_axes(axes: Axes, theme: Theme, points: float = MIN_TEXT) -> None:
    """Give axes the theme's spines and ticks; call it again after setting ticks or labels, which bring their font."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(theme.muted)
    axes.tick_params(colors=theme.muted, labelcolor=theme.muted)
    labels = [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, axes.yaxis.label]
    for label in labels:
        label.set_fontproperties(font(points))
        label.set_color(theme.muted)


@lru_cache(maxsize=256)
def font(points: float = TEXT, *, bold: bool = False, italic: bool = False, mono: bool = False) -> FontProperties:
    """Return IBM Plex in the wanted cut, from the project's own files; for `fontproperties=` and `prop=`."""
    cut = "SemiBold" if bold else "Italic" if italic and not mono else "Regular"
    family = "IBMPlexMono" if mono else "IBMPlexSans"
    return FontProperties(fname=str(FONT_FOLDER / f"{family}-{cut}.ttf"), size=points)


@lru_cache(maxsize=4096)
def text_width(string: str, points: float = TEXT, *, bold: bool = False, mono: bool = False) -> float:
    """Return how many inches wide `string` is, spaces at its ends included."""
    outline = TextToPath()
    width, *_ = outline.get_text_width_height_descent(string, font(points, bold=bold, mono=mono), ismath=False)
    return float(width) / 72


def write(
    sheet: Axes,
    x: float,
    y: float,
    string: str,
    *,
    color: str,
    points: float = TEXT,
    align: str = "left",
    valign: str = "baseline",
    **cut: bool,
) -> Text:
    """Return the text `string` at (x, y); `align` and `valign` as Matplotlib's, `cut` as `font`'s."""
    return sheet.text(
        x, y, string, color=color, fontproperties=font(points, **cut), ha=align, va=valign, parse_math=False
    )


def write_runs(
    sheet: Axes, x: float, y: float, runs: Sequence[tuple[str, str]], *, points: float = TEXT, bold: bool = False
) -> float:
    """Write (string, color) pairs one after the other on a baseline; return where the last one ends."""
    for string, color in runs:
        if string.strip():
            lead = text_width(string[: len(string) - len(string.lstrip())], points, bold=bold)
            write(sheet, x + lead, y, string.strip(), color=color, points=points, bold=bold)
        x += text_width(string, points, bold=bold)
    return x


def box(sheet: Axes, left: float, top: float, width: float, height: float, **style: Any) -> Rectangle:
    """Return a rectangle on the sheet; `style` as Matplotlib's patches take it (no fill, no edge unless given)."""
    style = {"facecolor": "none", "edgecolor": "none", "joinstyle": "miter", "clip_on": False, **style}
    patch = Rectangle((left, top), width, height, **style)
    sheet.add_patch(patch)
    return patch


def boxes(sheet: Axes, cells: Sequence[tuple[float, float]], size: float, **style: Any) -> None:
    """Fill squares of `size` inches whose top left corners are `cells`, as one path."""
    corners = [(x + dx, y + dy) for x, y in cells for dx, dy in ((0, 0), (size, 0), (size, size), (0, size), (0, 0))]
    if corners:
        steps = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
        sheet.add_patch(PathPatch(Path(corners, steps * len(cells)), **{"linewidth": 0, "clip_on": False, **style}))


def draw_grid(
    sheet: Axes,
    texts: Sequence[Sequence[str]],
    *,
    left: float,
    top: float,
    cell: float,
    theme: Theme,
    colors: tuple[str, str],
    points: float = TEXT,
) -> None:
    """Draw a table of short texts: square cells of `cell` inches in `colors` (outline, tint), hairlines between."""
    rows, columns = len(texts), len(texts[0])
    color, tint = colors
    box(sheet, left, top, columns * cell, rows * cell, facecolor=tint)
    rule_grid(sheet, rows, columns, left=left, top=top, cell=cell, color=theme.rule)
    box(sheet, left, top, columns * cell, rows * cell, edgecolor=color, linewidth=LINE)
    write_cells(sheet, texts, left=left, top=top, cell=cell, color=theme.ink, points=points)


def rule_grid(
    sheet: Axes, rows: int, columns: int, *, left: float, top: float, cell: float, color: str, width: float = HAIR
) -> None:
    """Draw the lines between (not around) the cells of a grid."""
    right, bottom = left + columns * cell, top + rows * cell
    across = [((left, top + i * cell), (right, top + i * cell)) for i in range(1, rows)]
    down = [((left + j * cell, top), (left + j * cell, bottom)) for j in range(1, columns)]
    rule(sheet, across + down, color=color, linewidth=width)


def rule(sheet: Axes, lines: Sequence[tuple[tuple[float, float], tuple[float, float]]], **style: Any) -> None:
    """Draw straight lines from point to point as one path, which keeps an SVG small."""
    if lines:
        path = Path(np.reshape(lines, (-1, 2)), [Path.MOVETO, Path.LINETO] * len(lines))
        style = {"facecolor": "none", "edgecolor": style.pop("color"), "capstyle": "butt", "clip_on": False, **style}
        sheet.add_patch(PathPatch(path, **style))


def write_cells(
    sheet: Axes,
    texts: Sequence[Sequence[str]],
    *,
    left: float,
    top: float,
    cell: float,
    color: str,
    points: float = TEXT,
    bold: bool = False,
) -> None:
    """Write each text of a table into the middle of its cell; an empty string leaves the cell empty."""
    drop = 0.35 * points / 72  # half the height of a digit, which puts it in the middle
    for i, row in enumerate(texts):
        for j, string in enumerate(row):
            if string:
                x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell + drop
                write(sheet, x, y, string, color=color, points=points, align="center", bold=bold)


def color_limits(*maps: ArrayLike) -> tuple[float, float]:
    """Return the ends of one color scale for all `maps`: (0, largest), or (-a, a) when a value is negative."""
    low = min(float(np.min(values)) for values in maps)
    high = max(float(np.max(values)) for values in maps)
    reach = max(abs(low), abs(high)) or 1.0
    return (-reach, reach) if low < 0 else (0.0, reach)


def color_cells(values: ArrayLike, limits: tuple[float, float] | None = None) -> NDArray[np.uint8]:
    """Return `values` (height, width) as RGB bytes (height, width, 3): sequential, or diverging when limits[0] < 0."""
    low, high = limits or color_limits(values)
    shade = mpl.colormaps[DIVERGING if low < 0 else SEQUENTIAL]
    scaled = (np.asarray(values, dtype=float) - low) / (high - low)
    return np.asarray(shade(np.clip(scaled, 0, 1), bytes=True)[..., :3], dtype=np.uint8)


def draw_map(
    sheet: Axes,
    values: ArrayLike,
    *,
    left: float,
    top: float,
    width: float,
    theme: Theme,
    limits: tuple[float, float] | None = None,
    color: str | None = None,
) -> float:
    """Draw `values` as square colored cells `width` inches wide in all, with a frame; return the height in inches.

    The values stay cells of one pixel each in the file. Below zero a cell also carries a small dash, so that the
    sign survives grey print. `limits` as `color_limits` gives them; share them between maps that are compared.
    """
    values = np.asarray(values)
    cell = width / values.shape[1]
    height: float = cell * values.shape[0]
    extent = (left, left + width, top + height, top)
    sheet.imshow(color_cells(values, limits), extent=extent, interpolation="none", aspect="auto", clip_on=False)
    middles = [(left + (j + 0.5) * cell, top + (i + 0.5) * cell) for i, j in np.argwhere(values < 0)]
    dashes = [((x - 0.18 * cell, y), (x + 0.18 * cell, y)) for x, y in middles]
    rule(sheet, dashes, color=LIGHT.muted, linewidth=max(0.6, 5 * cell))  # a map is as light on a dark ground
    box(sheet, left, top, width, height, edgecolor=color or theme.muted, linewidth=LINE)
    return height


def draw_scale(
    sheet: Axes, limits: tuple[float, float], *, left: float, top: float, width: float, theme: Theme,
    points: float = MIN_TEXT,
) -> None:  # fmt: skip
    """Draw a color scale `width` inches wide, its ends (and zero, where colors part) written below it."""
    low, high = limits
    ramp = np.linspace(low, high, 64)[None, :]
    bar = 0.13
    sheet.imshow(
        color_cells(ramp, limits), extent=(left, left + width, top + bar, top), interpolation="none", aspect="auto"
    )
    box(sheet, left, top, width, bar, edgecolor=theme.muted, linewidth=HAIR)
    marks = [(low, 0.0, "left"), (high, width, "right"), *([(0.0, width / 2, "center")] if low < 0 else [])]
    for value, place, align in marks:
        string = (f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}").replace("-", "−")
        y = top + bar + 1.15 * points / 72
        write(sheet, left + place, y, string, color=theme.muted, points=points, align=align)
