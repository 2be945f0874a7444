"""How a network untangles its classes: test digits as points, by their pixels and by what the last hidden layer says.

Every point is a numeral, for ten classes cannot be told apart by color. Each panel is the plane of largest variance, a
shadow of a space with many more directions: what overlaps here may be apart there. The accuracies above the panels are
measured in the whole space.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from figures.description import Description
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]
NEEDED = ("layer", "plane", "classes", "means", "variance", "wrong", "nearest_neighbor", "nearest_mean")


@dataclass(frozen=True, slots=True)
class Panel:
    """One plane: points (n, 2), whether each is named wrongly (n,), class means (classes, 2), and what was measured.

    values: how many directions the whole space has; variance: the share of all variance that the plane shows.
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
    """Two planes of the same images: labels (n,) and classes (as rows of the panels' means) go for both."""

    labels: Array
    classes: tuple[int, ...]
    panels: tuple[Panel, Panel]
    known: int
    asked: int


def trace(*, found: Mapping[str, Any], count: int = 600) -> EmbeddingTrace:
    """Return the first `count` points of `found`, an experiment's separation, by pixels and by the last layer.

    Raises ValueError where `found` lacks something, or has fewer points.
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
    """Return how well the classes stand apart, before and after the network."""
    each = " ".join(_sentence(panel) for panel in trace.panels)
    alt = (
        f"{len(trace.labels)} test digits as numerals in two planes of largest variance. {each} Accuracies "
        f"are those of {trace.asked:,} test digits, named after {trace.known:,} training digits."
    )
    facts = {
        panel_name: {
            "layer": panel.layer, "values": panel.values, "variance": panel.variance,
            "nearest_neighbor": panel.nearest_neighbor, "nearest_mean": panel.nearest_mean,
            "wrong_shown": int(panel.wrong.sum()),
        }
        for panel_name, panel in zip(("pixels", "last"), trace.panels, strict=True)
    }  # fmt: skip
    return Description(alt, (), {**facts, "shown": len(trace.labels), "known": trace.known, "asked": trace.asked})


def _sentence(panel: Panel) -> str:
    words = (
        f"By {panel.layer} ({panel.values:,} values): nearest neighbor {panel.nearest_neighbor:.1%} right, nearest "
        f"class mean {panel.nearest_mean:.1%}; the plane shows {panel.variance:.0%} of the variance."
    )
    return words.replace("%", " %")


def draw(trace: EmbeddingTrace, theme: Theme) -> "Figure":
    """Return the two planes side by side, class means as large numerals, and the accuracies above."""
    from figures import scatter

    return scatter.draw_panels(trace, theme)
