"""Matplotlib helpers for stills: axes in inches, text in the project's fonts, number grids, maps, images and keys.

A "sheet" is the axes made by `new_sheet`: they cover the whole figure, in inches from its top left corner, and y grows
downwards, as rows do. Text sizes are points. Nothing here may touch `rcParams` or pyplot, so that a helper draws the
same for the same arguments.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from numpy.typing import ArrayLike, NDArray

from generator.theme import (
    FONT_FOLDER,
    GAMMA,
    LIGHT,
    NEGATIVE,
    POSITIVE,
    STILL_HEIGHT,
    STILL_WIDTH,
    Theme,
    contrast_of,
)

# A still 12.8 inches wide fills a slide 1280 px wide, so 0.72 points are one pixel there.
MIN_TEXT = 13.5  # 18.75 px of 1280, 18 px on a slide, whose room is 1224 px wide: the smallest text allowed
TEXT = 14.4  # 20 px
HEADING = 17.3  # 24 px
PANEL_WIDTH, PANEL_HEIGHT = 4.2, 3.2  # inches, for one step of a filmstrip
Stroke = tuple[tuple[float, float], tuple[float, float]]  # a straight line, from start to end
PANEL_TEXT = 11.0  # 11 px even when the panel is 300 px wide
HAIR, LINE, BOLD_LINE = 0.8, 1.6, 3.0  # points
SEED_ALPHA = 0.75  # opacity of the curve of one seed: the faintest with a contrast of 3:1 in all colors of curves
SHADES = 128  # of each sign in a map of values: so many that no step is seen, and so few that pictures stay small


def new_figure(theme: Theme, width: float = STILL_WIDTH, height: float = STILL_HEIGHT) -> Figure:
    """Return an empty Figure of `width` x `height` inches in the theme's paper color, at 100 dots per inch."""
    figure = Figure(figsize=(width, height), dpi=100, facecolor=theme.paper)
    figure.suppressComposite = True  # else Matplotlib merges and resamples neighboring maps when saving
    return figure


def new_sheet(figure: Figure) -> Axes:
    """Return empty axes that cover the whole figure, with coordinates in inches from its top left corner."""
    width, height = figure.get_size_inches()
    sheet = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0), autoscale_on=False)
    sheet.set_axis_off()
    return sheet


def add_plot(figure: Figure, theme: Theme, *, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes for a curve, with their inner box given in inches and text and spines in the theme's style."""
    across, down = figure.get_size_inches()
    box = (left / across, 1 - (top + height) / down, width / across, height / down)
    axes = figure.add_axes(box, facecolor=theme.paper)
    style_axes(axes, theme)
    return axes


def style_axes(axes: Axes, theme: Theme, points: float = MIN_TEXT) -> None:
    """Style spines, ticks and labels; call it again after setting ticks or labels, which come with their own font."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(theme.muted)
    axes.tick_params(colors=theme.muted, labelcolor=theme.muted)
    labels = [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, axes.yaxis.label]
    for label in labels:
        label.set_fontproperties(font(points))
        label.set_color(theme.muted)


@lru_cache(maxsize=256)
def font(points: float = TEXT, *, bold: bool = False, italic: bool = False, mono: bool = False) -> FontProperties:
    """Return an IBM Plex font from the project's own files, for `fontproperties=` and `prop=`."""
    cut = "SemiBold" if bold else "Italic" if italic and not mono else "Regular"
    family = "IBMPlexMono" if mono else "IBMPlexSans"
    return FontProperties(fname=str(FONT_FOLDER / f"{family}-{cut}.ttf"), size=points)


@lru_cache(maxsize=4096)
def text_width(string: str, points: float = TEXT, *, bold: bool = False, mono: bool = False) -> float:
    """Return the width of `string` in inches, including spaces at its ends."""
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
    """Write `string` at (x, y) and return it; `align` and `valign` are Matplotlib's ha and va, `cut` goes to `font`."""
    return sheet.text(
        x, y, string, color=color, fontproperties=font(points, **cut), ha=align, va=valign, parse_math=False
    )


def write_runs(
    sheet: Axes, x: float, y: float, runs: Sequence[tuple[str, str]], *, points: float = TEXT, bold: bool = False
) -> float:
    """Write (string, color) pairs one after the other on the baseline y; return the x where the last one ends."""
    for string, color in runs:
        if string.strip():
            lead = text_width(string[: len(string) - len(string.lstrip())], points, bold=bold)
            write(sheet, x + lead, y, string.strip(), color=color, points=points, bold=bold)
        x += text_width(string, points, bold=bold)
    return x


def box(sheet: Axes, left: float, top: float, width: float, height: float, **style: Any) -> Rectangle:
    """Draw a rectangle and return it; `style` is as for Matplotlib's patches, with neither fill nor edge by default."""
    style = {"facecolor": "none", "edgecolor": "none", "joinstyle": "miter", "clip_on": False, **style}
    patch = Rectangle((left, top), width, height, **style)
    sheet.add_patch(patch)
    return patch


def boxes(
    sheet: Axes, cells: Sequence[tuple[float, float]], width: float, height: float | None = None, **style: Any
) -> None:
    """Fill rectangles of `width` x `height` inches, or squares, as one path; `cells` are their top left corners."""
    tall = width if height is None else height
    around = ((0.0, 0.0), (width, 0.0), (width, tall), (0.0, tall), (0.0, 0.0))
    corners = [(x + dx, y + dy) for x, y in cells for dx, dy in around]
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
    """Draw a table of short texts in square cells of `cell` inches, with hairlines; `colors` is (outline, tint)."""
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
    """Draw straight lines, each (start, end), as a single path, which keeps the SVG small."""
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
    """Write each text of a table in the middle of its cell; empty strings are skipped."""
    drop = 0.35 * points / 72  # half the height of a digit: `y` is a baseline
    for i, row in enumerate(texts):
        for j, string in enumerate(row):
            if string:
                x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell + drop
                write(sheet, x, y, string, color=color, points=points, align="center", bold=bold)


def color_limits(*maps: ArrayLike) -> tuple[float, float]:
    """Return the limits of one color scale for all `maps`: (0, largest), or (-a, a) if any value is negative."""
    low = min(float(np.min(values)) for values in maps)
    high = max(float(np.max(values)) for values in maps)
    reach = max(abs(low), abs(high)) or 1.0
    return (-reach, reach) if low < 0 else (0.0, reach)


def color_cells(values: ArrayLike, limits: tuple[float, float] | None = None) -> NDArray[np.uint8]:
    """Return `values` (height, width) as RGB bytes (height, width, 3): 0 is white, and each sign has shades of its own.

    limits: as from `color_limits`; what lies beyond them has the color of the nearer one.
    """
    low, high = limits or color_limits(values)
    within = np.clip(np.asarray(values, dtype=float), low, high)
    steps = np.rint(SHADES * (np.abs(within) / max(-low, high)) ** GAMMA).astype(int)
    colors: NDArray[np.uint8] = np.where(within[..., None] < 0, _shades(NEGATIVE)[steps], _shades(POSITIVE)[steps])
    return colors


@lru_cache
def _shades(anchors: Sequence[str]) -> NDArray[np.uint8]:
    """Return the colors from zero to the largest value of one sign, as RGB bytes (SHADES + 1, 3)."""
    ways, places = np.linspace(0, 1, SHADES + 1), np.linspace(0, 1, len(anchors))
    parts = [np.interp(ways, places, part) for part in zip(*map(to_rgb, anchors), strict=True)]
    colors: NDArray[np.uint8] = np.rint(255 * np.stack(parts, axis=-1)).astype(np.uint8)
    return colors


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
    """Draw `values` as a framed map of square cells, `width` inches wide in total; return its height in inches.

    In the file each value is one pixel. Cells below zero also carry a small dash. `limits` are as from `color_limits`;
    use the same ones for maps that are compared.
    """
    values = np.asarray(values)
    cell = width / values.shape[1]
    height: float = cell * values.shape[0]
    extent = (left, left + width, top + height, top)
    sheet.imshow(color_cells(values, limits), extent=extent, interpolation="none", aspect="auto", clip_on=False)
    draw_dashes(sheet, values, values < 0, left=left, top=top, cell=cell, limits=limits)
    box(sheet, left, top, width, height, edgecolor=color or theme.muted, linewidth=LINE)
    return height


def draw_dashes(
    sheet: Axes,
    values: NDArray[Any],
    where: NDArray[np.bool_],
    *,
    left: float,
    top: float,
    cell: float,
    limits: tuple[float, float] | None = None,
) -> None:
    """Put a dash into the cells of a map that `where` tells, so that their sign survives printing in gray."""
    for color, dashes in place_dashes(values, where, left, top, cell, limits).items():
        rule(sheet, dashes, color=color, linewidth=max(0.6, 5 * cell))


def place_dashes(
    values: NDArray[Any],
    where: NDArray[np.bool_],
    left: float,
    top: float,
    cell: float,
    limits: tuple[float, float] | None = None,
) -> dict[str, list[Stroke]]:
    """Return dashes, as (start, end) points, for the cells of a map that `where` tells: those of each color.

    Maps have the same colors in every theme; a dash is dark on light cells and light on dark ones.
    """
    colors = color_cells(values, limits)
    dashes: dict[str, list[Stroke]] = {LIGHT.muted: [], LIGHT.paper: []}
    for i, j in np.argwhere(where):
        shade = to_hex(colors[i, j] / 255)
        x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell
        ends = ((x - 0.2 * cell, y), (x + 0.2 * cell, y))
        dashes[max(dashes, key=lambda color: contrast(color, shade))].append(ends)
    return dashes


def draw_scale(
    sheet: Axes,
    limits: tuple[float, float],
    *,
    left: float,
    top: float,
    width: float,
    theme: Theme,
    points: float = MIN_TEXT,
) -> None:
    """Draw a color scale `width` inches wide, with its ends, and zero if it is diverging, written below it."""
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


# Images of handwriting, drawn in the theme's ink on its paper, and boxes that mark a position in them.


def image_colors(values: ArrayLike, theme: Theme, largest: float = 255.0) -> NDArray[np.uint8]:
    """Return an image (height, width) as RGB bytes (height, width, 3): 0 is paper, `largest` is ink."""
    share = np.clip(np.asarray(values, dtype=float) / largest, 0, 1)[..., None]
    paper, ink = np.array(to_rgb(theme.paper)), np.array(to_rgb(theme.ink))
    colors: NDArray[np.uint8] = np.rint(255 * (paper + share * (ink - paper))).astype(np.uint8)
    return colors


def draw_image(
    sheet: Axes,
    values: ArrayLike,
    *,
    left: float,
    top: float,
    width: float,
    theme: Theme,
    largest: float = 255.0,
    color: str | None = None,
) -> float:
    """Draw an image in ink colors, `width` inches wide, in a thin frame of `color`; return its height in inches."""
    colors = image_colors(values, theme, largest)
    height: float = width * colors.shape[0] / colors.shape[1]
    extent = (left, left + width, top + height, top)
    sheet.imshow(colors, extent=extent, interpolation="none", aspect="auto")
    box(sheet, left, top, width, height, edgecolor=color or theme.padding, linewidth=HAIR)
    return height


def draw_place(
    sheet: Axes,
    place: tuple[float, float],
    size: float,
    *,
    left: float,
    top: float,
    pixel: float,
    theme: Theme,
) -> None:
    """Draw a box of `size` pixels at `place` (row, column) of an image at (left, top) with pixels `pixel` inches wide.

    Its line is double, so that it stays visible where it runs through ink.
    """
    x, y, side = left + place[1] * pixel, top + place[0] * pixel, size * pixel
    draw_double(sheet, (x, y, side, side), color=theme.window, theme=theme, linewidth=LINE + 0.2)


def draw_double(
    sheet: Axes, place: "Box", *, color: str, theme: Theme, linewidth: float = BOLD_LINE, linestyle: Any = "-"
) -> None:
    """Draw a rectangle over a map or an image, on a wider line in the paper's color: it is seen on every shade."""
    box(sheet, *place, edgecolor=theme.paper, linewidth=linewidth + 2 * EDGE)
    box(sheet, *place, edgecolor=color, linewidth=linewidth, linestyle=linestyle)


EDGE = 1.2  # points of paper on either side of a line over a map
READABLE = 4.5  # least contrast of text (WCAG 2.2, 1.4.3)
Box = tuple[float, float, float, float]  # left, top, width, height; inches


# Table cells with text on a shade, in whichever color is easier to read on it.


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    return contrast_of(to_rgb(one), to_rgb(other))


def blend(low: str, high: str, share: float) -> str:
    """Return the color `share` (0 to 1) of the way from `low` to `high`."""
    start, end = np.array(to_rgb(low)), np.array(to_rgb(high))
    return str(to_hex(np.clip(start + share * (end - start), 0, 1)))


def color_on(shade: str, theme: Theme) -> str:
    """Return the theme's ink or paper color, whichever has more contrast with `shade`."""
    return max((theme.ink, theme.paper), key=lambda color: contrast(color, shade))


def make_legible(shade: str, theme: Theme) -> str:
    """Return `shade`, blended toward the paper color just enough that ink or paper has a contrast of 4.5:1 on it."""
    ways = (blend(shade, theme.paper, step / 40) for step in range(41))
    return next(color for color in ways if contrast(color_on(color, theme), color) >= READABLE)


def draw_shaded(
    sheet: Axes,
    place: Box,
    lines: Sequence[tuple[str, float]],
    *,
    shade: str,
    theme: Theme,
    bold: bool = False,
    color: str | None = None,
) -> None:
    """Draw one cell filled with `shade`, with lines of (text, points) in its middle.

    The text has `color` or, by default, ink or paper color, with `shade` made legible for it.
    """
    left, top, width, height = place
    shade = make_legible(shade, theme) if lines and color is None else shade
    box(sheet, left, top, width, height, facecolor=shade)
    tall = sum(1.25 * points / 72 for _, points in lines)
    y = top + (height - tall) / 2
    for text, points in lines:
        y += 1.25 * points / 72
        where = (left + width / 2, y - 0.28 * points / 72)
        write(sheet, *where, text, color=color or color_on(shade, theme), points=points, align="center", bold=bold)


# The outline of a digit, drawn over a color map of something else.


def dark_of(theme: Theme) -> str:
    """Return the darker of ink and paper, for marks on the light cells of a map: they are light in every theme."""
    return min((theme.ink, theme.paper), key=lambda color: sum(to_rgb(color)))


def draw_outline(
    sheet: Axes, image: ArrayLike, *, left: float, top: float, width: float, theme: Theme, linewidth: float = LINE
) -> None:
    """Draw the contour of an image (height, width), `width` inches wide, at half its largest value."""
    values = np.pad(np.asarray(image, dtype=float), 1)  # closes the contour of a digit that touches the border
    rows, columns = values.shape
    cell = width / (columns - 2)
    x, y = left + (np.arange(columns) - 0.5) * cell, top + (np.arange(rows) - 0.5) * cell
    level = values.max() / 2
    if level > 0:
        lines = sheet.contour(x, y, values, levels=[level], colors=[dark_of(theme)], linewidths=linewidth)
        lines.set_clip_on(False)


# Text within a given width: it is shrunk as far as is legible, then cut off with an ellipsis.


def write_fitted(
    sheet: Axes,
    where: tuple[float, float, float],
    text: str,
    *,
    color: str,
    points: float = TEXT,
    align: str = "center",
    bold: bool = False,
) -> Text:
    """Write `text` at `where` (x, baseline y, largest width; inches), at most `points` large, and return it.

    It is shrunk down to MIN_TEXT, then cut off with an ellipsis.
    """
    x, y, limit = where
    wide = text_width(text, points, bold=bold)
    size = max(min(points, MIN_TEXT), min(points, points * limit / max(wide, 1e-9)))
    while text_width(text, size, bold=bold) > limit + 1e-6 and len(text) > 2:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return write(sheet, x, y, text, color=color, points=size, align=align, bold=bold)


def break_lines(text: str, limit: float, points: float = TEXT, *, bold: bool = False) -> list[str]:
    """Return `text` in lines of at most `limit` inches, broken at spaces; a word that is longer has its own line."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and text_width(longer, points, bold=bold) > limit:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


Array = NDArray[Any]
Runs = tuple[tuple[str, str], ...]  # pieces of a text, each with its role in the theme
BRACKET = 0.42  # the width of a bracket, relative to the text size


# Centered text with floor and ceiling brackets, and keys that explain lines and hatching.


def write_middle(
    sheet: "Axes", x: float, y: float, runs: Runs, theme: Any, *, points: float, bold: bool = False
) -> None:
    """Write runs of text on the baseline `y`, centered at `x`; the font lacks ⌊ ⌋ ⌈ ⌉, which are drawn as strokes."""
    pieces = [(piece, role) for text, role in runs for piece in re.split("([⌊⌋⌈⌉])", text) if piece]
    widths = [BRACKET * points / 72 if piece in "⌊⌋⌈⌉" else text_width(piece, points, bold=bold) for piece, _ in pieces]
    x -= sum(widths) / 2
    for (piece, role), width in zip(pieces, widths, strict=True):
        color = getattr(theme, role)
        if piece in "⌊⌋⌈⌉":
            _draw_bracket(sheet, piece, (x, y), points / 72, color)
        elif piece.strip():
            write(sheet, x, y, piece, color=color, points=points, bold=bold)
        x += width


def _draw_bracket(sheet: "Axes", bracket: str, where: tuple[float, float], size: float, color: str) -> None:
    """Draw a floor bracket (with a foot) or a ceiling bracket (with a head) from `where`, (x, baseline y), on."""
    x, y = where
    near, far = (0.14, 0.36) if bracket in "⌊⌈" else (BRACKET - 0.14, BRACKET - 0.36)
    head, foot = y - 0.82 * size, y + 0.16 * size
    turn = foot if bracket in "⌊⌋" else head
    lines = [((x + near * size, head), (x + near * size, foot)), ((x + near * size, turn), (x + far * size, turn))]
    rule(sheet, lines, color=color, linewidth=0.075 * 72 * size, capstyle="projecting")


def draw_key(sheet: "Axes", y: float, parts: Sequence[tuple[str, str, str]], theme: Any) -> None:
    """Write a key on the baseline `y`, centered on a slide.

    Each part is (text, color, kind), where kind is "-" for a solid line, "--" for a dashed one and "/" for hatching.
    """
    mark, gap = 0.2, 0.5
    widths = [mark + 0.12 + text_width(text, MIN_TEXT) for text, _, _ in parts]
    x = (12.8 - sum(widths) - gap * (len(parts) - 1)) / 2
    for (text, color, kind), width in zip(parts, widths, strict=True):
        _draw_mark(sheet, (x, y - 0.17, mark), color, kind)
        write(sheet, x + mark + 0.12, y, text, color=theme.ink, points=MIN_TEXT)
        x += width + gap


def _draw_mark(sheet: "Axes", where: tuple[float, float, float], color: str, kind: str) -> None:
    """Draw a small square as a sample of a line or of hatching."""
    from figures.parts.layout import hatch

    x, y, side = where
    if kind == "/":
        rule(sheet, hatch([(x, y)], side), color=color, linewidth=HAIR)
    style: Any = (0, (3.5, 2.5)) if kind == "--" else "-"
    box(sheet, x, y, side, side, edgecolor=color, linewidth=LINE, linestyle=style)
