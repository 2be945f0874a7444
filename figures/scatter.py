"""The drawing of `embedding`: planes full of numerals, each class drawn once and then repeated at its places."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from figures import board
from generator.theme import Theme

if TYPE_CHECKING:
    from figures.embedding import EmbeddingTrace, Panel

TOP, HEIGHT, WIDTH, GAP = 1.0, 4.45, 6.15, 0.4
SMALL, LARGE = 7.0, 18.0  # height of a numeral in points
MARGIN = 0.2  # between the frame and the outermost numeral

Points = NDArray[np.float64]


def draw_panels(trace: "EmbeddingTrace", theme: Theme) -> Figure:
    """Return both planes on a slide."""
    figure = board.new_figure(theme, height=5.9)
    sheet = board.new_sheet(figure)
    for place, panel in enumerate(trace.panels):
        left = 0.05 + place * (WIDTH + GAP)
        _write_heading(sheet, panel, left, theme)
        board.box(sheet, left, TOP, WIDTH, HEIGHT, edgecolor=theme.rule, linewidth=board.HAIR)
        _draw_points(sheet, trace, panel, left, theme)
    _write_foot(sheet, trace, theme)
    return figure


def _write_heading(sheet: Axes, panel: "Panel", left: float, theme: Theme) -> None:
    name = "as pixels" if panel.layer == "pixels" else f"in {panel.layer}"
    color = theme.input if panel.layer == "pixels" else theme.output
    board.write(sheet, left, 0.33, name, color=color, points=board.HEADING, bold=True)
    shown = f"{panel.values:,} values; the plane shows {panel.variance:.0%} of the variance".replace("%", " %")
    board.write(sheet, left + WIDTH, 0.33, shown, color=theme.muted, points=board.MIN_TEXT, align="right")
    near, mean = (f"{100 * value:.1f} %" for value in (panel.nearest_neighbor, panel.nearest_mean))
    x = board.write_runs(sheet, left, 0.75, [("nearest neighbor right:", theme.muted)], bold=True) + 0.08
    x = board.write_runs(sheet, x, 0.75, [(near, theme.ink)], bold=True) + 0.3
    x = board.write_runs(sheet, x, 0.75, [("nearest mean right:", theme.muted)], bold=True) + 0.08
    board.write_runs(sheet, x, 0.75, [(mean, theme.ink)], bold=True)


def _draw_points(sheet: Axes, trace: "EmbeddingTrace", panel: "Panel", left: float, theme: Theme) -> None:
    """Draw all numerals, then those named wrongly, then the class means on top."""
    spots = spread(np.concatenate([panel.points, panel.means]), left)
    points, means = spots[: len(panel.points)], spots[len(panel.points) :]
    for label in trace.classes:
        here = trace.labels == label
        for wrong, color in ((False, theme.muted), (True, theme.wrong)):
            chosen = points[here & (panel.wrong == wrong)]
            size = SMALL + 2 * wrong
            marker = numeral(str(label), bold=wrong)
            sheet.scatter(chosen[:, 0], chosen[:, 1], s=size**2, marker=marker, color=color, linewidths=0,
                          zorder=2 + wrong, clip_on=False)  # fmt: skip
    means = push_apart(means, 0.36)
    halo = [withStroke(linewidth=5, foreground=theme.paper)]
    for label, (x, y) in zip(trace.classes, means, strict=True):
        sheet.scatter([x], [y], s=LARGE**2, marker=numeral(str(label), bold=True), color=theme.ink, linewidths=0,
                      zorder=5, clip_on=False, path_effects=halo)  # fmt: skip


def spread(points: Points, left: float) -> Points:
    """Return `points` (n, 2) in inches within a panel at `left`: both axes on one scale, up on the slide is more."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([WIDTH, HEIGHT]) - 2 * MARGIN
    scale = (room / np.where(high > low, high - low, 1)).min()
    middle = np.array([left + WIDTH / 2, TOP + HEIGHT / 2])
    placed: Points = middle + (points - (low + high) / 2) * scale * np.array([1, -1])
    return placed


def push_apart(spots: Points, least: float) -> Points:
    """Return `spots` (n, 2) moved as little as lets large numerals be read: pairs nearer than `least` step apart."""
    placed = spots.copy()
    for _ in range(60):
        for one in range(len(placed)):
            for other in range(one):
                gap = placed[one] - placed[other]
                length = float(np.hypot(*gap))
                if length < least:
                    way = gap / length if length else np.array([1.0, 0.0])
                    placed[one] += way * (least - length) / 2
                    placed[other] -= way * (least - length) / 2
    return placed


def numeral(string: str, *, bold: bool) -> Path:
    """Return the outline of a text, its middle at the origin; Matplotlib scales a marker to the size asked for."""
    outline = TextPath((0, 0), string, prop=board.font(10, bold=bold))
    vertices = np.asarray(outline.vertices, dtype=float)
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    return Path(vertices - middle, outline.codes)


def _write_foot(sheet: Axes, trace: "EmbeddingTrace", theme: Theme) -> None:
    y = TOP + HEIGHT + 0.33
    x = board.write_runs(sheet, 0.05, y, [("bold red:", theme.wrong)], points=board.MIN_TEXT, bold=True) + 0.05
    board.write_runs(sheet, x, y, [("its nearest neighbor is of another class", theme.ink)], points=board.MIN_TEXT)
    words = f"{len(trace.labels)} of {trace.asked:,} test digits; their neighbors are {trace.known:,} training digits"
    board.write(sheet, 12.75, y, words, color=theme.muted, points=board.MIN_TEXT, align="right")
