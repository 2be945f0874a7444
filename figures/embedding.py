"""How a network separates its classes: test digits as points, by their pixels and by the last hidden layer.

Every point is drawn as a numeral, because ten classes cannot be told apart by color. Each panel is the plane of largest
variance, a shadow of a space with many more dimensions: what overlaps here may be separate there. The accuracies above
the panels are measured in the whole space.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from figures.parts import still
from figures.parts.numerals import Points, numeral, push_apart
from figures.parts.words import Description, write_percent
from generator.theme import Theme

Array = NDArray[Any]
NEEDED = ("layer", "plane", "classes", "means", "variance", "wrong", "nearest_neighbor", "nearest_mean")


@dataclass(frozen=True, slots=True)
class Panel:
    """One plane: points (n, 2), whether each is misclassified (n,), class means (classes, 2), and the measurements.

    values: the dimension of the whole space; variance: the share of all variance that the plane shows.
    """

    layer: str
    values: int
    points: Array
    wrong: Array
    means: Array
    variance: float
    nearest_neighbor: float
    nearest_mean: float


@dataclass(frozen=True, slots=True)
class EmbeddingTrace:
    """Two planes of the same images; labels (n,) and classes (in the order of the rows of `means`) apply to both.

    asked: how many test digits the accuracies are measured on; known: how many training digits those are compared with.
    """

    labels: Array
    classes: tuple[int, ...]
    panels: tuple[Panel, Panel]
    known: int
    asked: int


def trace(*, found: Mapping[str, Any], count: int = 600) -> EmbeddingTrace:
    """Return the first `count` points of `found`, an experiment's separation, by pixels and by the last layer.

    Raises ValueError if `found` lacks a part or has fewer points.
    """
    missing = [name for name in ("labels", "levels", "pixels", "last", "known", "asked") if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it a separation, such as convnet_insight.separation")
    labels = np.asarray(found["labels"])
    if not 1 <= count <= len(labels):
        raise ValueError(f"count is {count}; the experiment kept 1 to {len(labels)} points")
    sizes = {level["layer"]: int(level["values"]) for level in found["levels"]}
    panels = [_read(found[name], len(labels), count, sizes) for name in ("pixels", "last")]
    classes = tuple(int(label) for label in found["last"]["classes"])
    return EmbeddingTrace(labels[:count], classes, (panels[0], panels[1]), int(found["known"]), int(found["asked"]))


def _read(plane: Mapping[str, Any], total: int, count: int, sizes: Mapping[str, int]) -> Panel:
    missing = [name for name in NEEDED if name not in plane]
    if missing:
        raise ValueError(f"a plane has no {missing[0]}; give a separation, such as convnet_insight.separation")
    points = np.asarray(plane["plane"], dtype=float)
    if points.shape != (total, 2) or not np.isfinite(points).all():
        raise ValueError(f"a plane has shape {points.shape}; give {total} finite points, ({total}, 2)")
    return Panel(
        layer=plane["layer"],
        values=sizes[plane["layer"]],
        points=points[:count],
        wrong=np.asarray(plane["wrong"], dtype=bool)[:count],
        means=np.asarray(plane["means"], dtype=float),
        variance=float(plane["variance"]),
        nearest_neighbor=float(plane["nearest_neighbor"]),
        nearest_mean=float(plane["nearest_mean"]),
    )


def describe(trace: EmbeddingTrace) -> Description:
    """Return how well the classes are separated, by the pixels and by the last hidden layer."""
    each = " ".join(_sentence(panel) for panel in trace.panels)
    alt = (
        f"{len(trace.labels)} test digits as numerals, each in two planes of largest variance. {each} Accuracies are "
        f"those on {trace.asked:,} test digits, classified by means of {trace.known:,} training digits."
    )
    facts = {
        panel_name: {
            "layer": panel.layer,
            "values": panel.values,
            "variance": panel.variance,
            "nearest_neighbor": panel.nearest_neighbor,
            "nearest_mean": panel.nearest_mean,
            "wrong_shown": int(panel.wrong.sum()),
        }
        for panel_name, panel in zip(("pixels", "last"), trace.panels, strict=True)
    }
    return Description(alt, (), {**facts, "shown": len(trace.labels), "known": trace.known, "asked": trace.asked})


def _sentence(panel: Panel) -> str:
    return (
        f"By {panel.layer} ({panel.values:,} values): nearest neighbor {write_percent(panel.nearest_neighbor, 1)} "
        f"right, nearest class mean {write_percent(panel.nearest_mean, 1)}; the plane shows "
        f"{write_percent(panel.variance)} of the variance."
    )


def draw(trace: EmbeddingTrace, theme: Theme) -> "Figure":
    """Return the two planes side by side, class means as large numerals, and the accuracies above."""
    return draw_panels(trace, theme)


# The drawing: planes full of numerals. `scatter` draws each class's numeral once and repeats it at all its points.
TOP, HEIGHT, WIDTH, GAP = 1.0, 4.45, 6.15, 0.4  # inches: of the panels
SMALL, LARGE = 7.0, 18.0  # points: height of a digit's numeral, of a class mean's
MARGIN = 0.2  # inches: between the frame and the outermost numeral


def draw_panels(trace: "EmbeddingTrace", theme: Theme) -> Figure:
    """Return both planes side by side on a slide."""
    figure = still.new_figure(theme, height=5.9)
    sheet = still.new_sheet(figure)
    for place, panel in enumerate(trace.panels):
        left = 0.05 + place * (WIDTH + GAP)
        _write_heading(sheet, panel, left, theme)
        still.box(sheet, left, TOP, WIDTH, HEIGHT, edgecolor=theme.rule, linewidth=still.HAIR)
        _draw_points(sheet, trace, panel, left, theme)
    _write_foot(sheet, trace, theme)
    return figure


def _write_heading(sheet: Axes, panel: "Panel", left: float, theme: Theme) -> None:
    name = "as pixels" if panel.layer == "pixels" else f"in {panel.layer}"
    color = theme.input if panel.layer == "pixels" else theme.output
    still.write(sheet, left, 0.33, name, color=color, points=still.HEADING, bold=True)
    shown = f"{panel.values:,} values; the plane shows {write_percent(panel.variance)} of the variance"
    still.write(sheet, left + WIDTH, 0.33, shown, color=theme.muted, points=still.MIN_TEXT, align="right")
    near, mean = (f"{100 * value:.1f} % right" for value in (panel.nearest_neighbor, panel.nearest_mean))
    x = still.write_runs(sheet, left, 0.75, [("nearest neighbor:", theme.muted)], bold=True) + 0.08
    x = still.write_runs(sheet, x, 0.75, [(near, theme.ink)], bold=True) + 0.3
    x = still.write_runs(sheet, x, 0.75, [("nearest mean:", theme.muted)], bold=True) + 0.08
    still.write_runs(sheet, x, 0.75, [(mean, theme.ink)], bold=True)


def _draw_points(sheet: Axes, trace: "EmbeddingTrace", panel: "Panel", left: float, theme: Theme) -> None:
    """Draw all numerals, the misclassified ones above the others, and the class means on top."""
    spots = spread(np.concatenate([panel.points, panel.means]), left)
    points, means = spots[: len(panel.points)], spots[len(panel.points) :]
    for label in trace.classes:
        here = trace.labels == label
        for wrong, color in ((False, theme.muted), (True, theme.wrong)):
            chosen = points[here & (panel.wrong == wrong)]
            size = SMALL + 2 * wrong
            marker = numeral(str(label), bold=wrong)
            sheet.scatter(
                chosen[:, 0],
                chosen[:, 1],
                s=size**2,
                marker=marker,
                color=color,
                linewidths=0,
                zorder=2 + wrong,
                clip_on=False,
            )
    means = push_apart(means, 0.36)
    halo = [withStroke(linewidth=5, foreground=theme.paper)]
    for label, (x, y) in zip(trace.classes, means, strict=True):
        sheet.scatter(
            [x],
            [y],
            s=LARGE**2,
            marker=numeral(str(label), bold=True),
            color=theme.ink,
            linewidths=0,
            zorder=5,
            clip_on=False,
            path_effects=halo,
        )


def spread(points: Points, left: float) -> Points:
    """Return `points` (n, 2) in inches within the panel at `left`; both axes have one scale, larger is higher."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([WIDTH, HEIGHT]) - 2 * MARGIN
    scale = (room / np.where(high > low, high - low, 1)).min()
    middle = np.array([left + WIDTH / 2, TOP + HEIGHT / 2])
    placed: Points = middle + (points - (low + high) / 2) * scale * np.array([1, -1])
    return placed


def _write_foot(sheet: Axes, trace: "EmbeddingTrace", theme: Theme) -> None:
    y = TOP + HEIGHT + 0.33
    x = still.write_runs(sheet, 0.05, y, [("bold red:", theme.wrong)], points=still.MIN_TEXT, bold=True) + 0.05
    still.write_runs(sheet, x, y, [("its nearest neighbor is of another class", theme.ink)], points=still.MIN_TEXT)
    words = f"{len(trace.labels)} of {trace.asked:,} test digits; neighbors come from {trace.known:,} training digits"
    still.write(sheet, 12.75, y, words, color=theme.muted, points=still.MIN_TEXT, align="right")
