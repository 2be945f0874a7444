"""Test digits on their way through a network: at each layer points in a plane, and the network's errors leave trails.

Every point is drawn as a numeral, because ten classes cannot be told apart by color alone. A plane is a shadow of a
space with many more dimensions: what overlaps here may be separate there. So the share of digits whose nearest other
digit is of the same class, beside it, is measured in the whole space.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from figures.parts.keyframes import Box, Item, Rules, draw_items, say
from figures.parts.layout import PANEL, SLIDE
from figures.parts.numerals import corners_of, numeral, push_apart
from figures.parts.words import Description, count_noun, join, write_percent

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


Array = NDArray[Any]
MOST_LEVELS, MOST_CLASSES, NAMED = 8, 10, 6  # layers, classes, errors that are named
PARTS = ("labels", "answers", "levels", "positions")
# One color a class, dark on light paper and light on dark paper; which of them is which is said by the numerals.
COLORS = {
    "light": (
        "#3d3a9e", "#117a4b", "#8a1f5c", "#0072b2", "#8c6d00", "#c2540a", "#00787a", "#a03fa0", "#4d5763", "#8a5a2b",
    ),
    "dark": (
        "#a3a1ff", "#5fd08a", "#f08fb8", "#62b8ff", "#e0c350", "#ffa468", "#58d6d2", "#dd9cf0", "#c0c8d2", "#d2a679",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A layer: its name, how many values it has, and the positions (n, 2) of the digits in its plane.

    variance: the share of all variance that the plane shows. same_class: in how many digits, from 0 to 1, the nearest
    other digit in the whole space is of the same class.
    """

    name: str
    values: int
    variance: float
    same_class: float
    positions: Array


@dataclass(frozen=True, slots=True)
class LayerTourTrace:
    """The layers in order, and the true class and the network's answer for each digit (n,)."""

    levels: tuple[Level, ...]
    labels: Array
    answers: Array

    @property
    def wrong(self) -> Array:
        """The numbers of the digits that the network gets wrong."""
        return np.flatnonzero(self.labels != self.answers)

    @property
    def classes(self) -> list[int]:
        """The classes that occur, rising."""
        return [int(label) for label in np.unique(self.labels)]


def trace(*, found: Mapping[str, Any], count: int | None = None) -> LayerTourTrace:
    """Return the first `count` digits of `found`, as `layer_planes.tour`; by default all that it has.

    Raises ValueError if a part is missing or does not fit the others, or if there are fewer digits or more than ten
    classes.
    """
    missing = [name for name in PARTS if name not in found]
    if missing:
        raise ValueError(
            f"found has no {missing[0]}; give it the tour of an experiment layer_planes, such as planes.tour"
        )
    labels, answers = (np.asarray(found[name]) for name in ("labels", "answers"))
    positions, facts = np.asarray(found["positions"], dtype=float), list(found["levels"])
    if positions.shape != (len(facts), len(labels), 2) or answers.shape != labels.shape:
        raise ValueError(f"positions has shape {positions.shape}; give (layers, digits, 2), as layer_planes does")
    if not np.isfinite(positions).all():
        raise ValueError("positions holds a value that is not finite; look for a training that diverged")
    if not 2 <= len(facts) <= MOST_LEVELS:
        raise ValueError(f"there are {len(facts)} layers; give 2 to {MOST_LEVELS}")
    shown = len(labels) if count is None else count
    if not 1 <= shown <= len(labels):
        raise ValueError(f"count is {count}; the experiment kept 1 to {len(labels)} digits")
    if labels.min() < 0 or labels.max() >= MOST_CLASSES:
        raise ValueError(f"there are classes up to {labels.max()}; only digits, 0 to 9, can be drawn")
    levels = (_read(fact, plane[:shown]) for fact, plane in zip(facts, positions, strict=True))
    return LayerTourTrace(tuple(levels), labels[:shown], answers[:shown])


def _read(fact: Mapping[str, Any], positions: Array) -> Level:
    """Return one layer."""
    variance, same_class = (float(fact[name]) for name in ("variance", "same_class"))
    return Level(str(fact["layer"]), int(fact["values"]), variance, same_class, positions)


def describe(trace: LayerTourTrace) -> Description:
    """Return the alt text, a sentence for each layer after the first, and the facts."""
    first, last = trace.levels[0], trace.levels[-1]
    alt = (
        f"{count_noun(len(trace.labels), 'test digit')} as colored numerals in a plane of each of {len(trace.levels)} "
        f"layers, from {first.name} to {last.name}; each plane is turned to fit the one before. {_say_level(first)} "
        f"{' '.join(map(_say_level, trace.levels[1:]))} {_say_wrong(trace)}"
    )
    facts = {
        "shown": len(trace.labels),
        "wrong": len(trace.wrong),
        "layers": [level.name for level in trace.levels],
        "values": [level.values for level in trace.levels],
        "variance": [level.variance for level in trace.levels],
        "same_class": [level.same_class for level in trace.levels],
        "first": first.same_class,
        "last": last.same_class,
    }
    steps = [_say_level(level) for level in trace.levels[1:]]
    steps[-1] += f" {_say_wrong(trace)}"
    return Description(alt, tuple(steps), facts)


def _say_level(level: Level) -> str:
    """Return the sentence about one layer."""
    return (
        f"{level.name}: {level.values:,} values; the plane shows {write_percent(level.variance)} of their variance; "
        f"for {write_percent(level.same_class, 1)} of the digits, the nearest other digit is of the same class."
    )


def _say_wrong(trace: LayerTourTrace) -> str:
    """Return what the network gets wrong; of many errors, the first."""
    wrong = trace.wrong
    if not len(wrong):
        return "The network gets all of them right."
    named = join([f"{trace.labels[k]} taken for {trace.answers[k]}" for k in wrong[:NAMED]])
    return f"It gets {len(wrong)} wrong{', first' if len(wrong) > NAMED else ''}: {named}."


def draw(trace: LayerTourTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the last layer with the trails of the errors, or the small panel of one `step`."""
    if step is None:
        last = len(trace.levels) - 1
        figure = draw_items(compose(trace, last), theme)
        _draw_cloud(figure, trace, theme, last, SLIDE.per_inch)
        return figure
    figure = draw_items(_compose_panel(trace, step + 1), theme, PANEL)
    _draw_cloud(figure, trace, theme, step + 1, PANEL.per_inch, PANEL_PLANE, 6.0)
    return figure


def draw_narrow(trace: LayerTourTrace, theme: "Theme") -> "Figure":
    """Return the last layer with the trails of the errors, the list of the layers below it, for a narrow page."""
    from figures.parts.narrow import move_items, narrow_sheet

    last, plane = len(trace.levels) - 1, (20.0, 76.0, 520.0, 366.0)
    level, scale = trace.levels[last], 0.79
    shown = f"{level.values:,} values; the plane shows {write_percent(level.variance)} of the variance"
    lines = -(-min(len(trace.wrong), NAMED) // 3)
    sheet = narrow_sheet(480 + scale * (176 + 46 * len(trace.levels) + 36 * lines))
    items: list[Item] = [
        Box("plane", *plane, "rule", line=1.2),
        say("layer", level.name, 20, 34, 24, "window", "left", is_bold=True),
        say("values", shown, 20, 64, 18.75, "muted", "left"),
        *_draw_trails(trace, last, plane),
        *_write_classes(trace, last, plane, 30.0),
        *move_items(_write_list(trace, last), (LIST, 64), (40, 460), scale),
    ]
    figure = draw_items(items, theme, sheet)
    _draw_cloud(figure, trace, theme, last, sheet.per_inch, plane, 9.0)
    return figure


def animate(trace: LayerTourTrace, scene: "Scene") -> None:
    """Let some of the digits move from layer to layer; a mark after the opening and after each layer."""
    from figures.parts.map_film import MapPlayer

    player, cloud = MapPlayer(scene), Cloud(trace, scene.theme)
    player.begin([*compose(trace, 0), *_write_moved(trace)])
    scene.add(*cloud.shapes)
    scene.mark(f"The digits by their {trace.levels[0].name}: nothing has been computed yet.")
    for number, sentence in enumerate(describe(trace).steps, start=1):
        player.turn([*compose(trace, number), *_write_moved(trace)], MOVE, wait=0.4, others=cloud.move(number))
        scene.mark(sentence)


# The layout, shared by the still and the film, in pixels: the plane at the left, the list of layers at the right.
PLANE = (40.0, 70.0, 880.0, 620.0)  # left, top, width, height
PANEL_PLANE = (10.0, 34.0, 400.0, 236.0)
LIST, END = 990.0, 1490.0  # left and right edge of the list
SMALL, LARGE = 15.0, 40.0  # heights of a digit's numeral and of its class's
MOVE = 0.5  # seconds from layer to layer; short, because a frame in which every numeral moves takes kilobytes
MOST_MOVED = 150  # digits in a film, besides errors: it would weigh three times as much with all that the still shows


def place_points(trace: LayerTourTrace, number: int, plane: tuple[float, float, float, float] = PLANE) -> Array:
    """Return the digits of a layer (n, 2) in pixels; they fill the plane, with one scale for both axes."""
    left, top, width, height = plane
    points, margin = trace.levels[number].positions, 0.03 * height
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([width, height]) - 2 * margin
    scale = (room / np.where(high > low, high - low, 1)).min()
    middle = np.array([left + width / 2, top + height / 2])
    placed: Array = middle + (points - (low + high) / 2) * scale * np.array([1, -1])
    return placed


def compose(trace: LayerTourTrace, number: int) -> list[Item]:
    """Return the slide at a layer, without the digits: plane, trails, the classes' numerals, and the layers."""
    level, (left, top, width, height) = trace.levels[number], PLANE
    shown = f"{level.values:,} values; the plane shows {write_percent(level.variance)} of the variance"
    items: list[Item] = [
        Box("plane", left, top, width, height, "rule", line=1.2),
        say("layer", level.name, left, 52, 34, "window", "left", is_bold=True),
        say("values", shown, left + width, 52, 24, "muted", "right"),
        *_draw_trails(trace, number),
        *_write_classes(trace, number),
        *_write_list(trace, number),
    ]
    return items


def _draw_trails(trace: LayerTourTrace, number: int, plane: tuple[float, float, float, float] = PLANE) -> list[Item]:
    """Return the ways that the digits which the network gets wrong have come to a layer."""
    ways = np.stack([place_points(trace, k, plane)[trace.wrong] for k in range(number + 1)])
    lines = [
        ((float(start[0]), float(start[1])), (float(end[0]), float(end[1])))
        for k in range(number)
        for start, end in zip(ways[k], ways[k + 1], strict=True)
    ]
    return [Rules("trails", tuple(lines), "wrong", 2.2)] if lines else []


def _write_classes(
    trace: LayerTourTrace, number: int, plane: tuple[float, float, float, float] = PLANE, size: float = LARGE
) -> list[Item]:
    """Return a large numeral in the middle of each class, those that would lie over others a little aside."""
    spots = place_points(trace, number, plane)
    middles = np.stack([np.median(spots[trace.labels == label], axis=0) for label in trace.classes])
    placed = push_apart(middles, 1.1 * size)
    return [
        say(f"class {label}", str(label), float(x), float(y) + 0.35 * size, size, is_bold=True)
        for label, (x, y) in zip(trace.classes, placed, strict=True)
    ]


def _write_list(trace: LayerTourTrace, number: int) -> list[Item]:
    """Return the layers so far, with the share of digits whose nearest other one is of the same class."""
    items: list[Item] = [
        say("list 1", "nearest other digit", END, 88, 24, "muted", "right"),
        say("list 2", "of the same class", END, 116, 24, "muted", "right"),
        Rules("list line", (((LIST, 134), (END, 134)),), "muted", 2.6),
    ]
    for k, level in enumerate(trace.levels):
        y, role = 176 + 46 * k, "window" if k == number else "ink" if k < number else "muted"
        items.append(say(f"list name {k}", level.name, LIST, y, 27, role, "left", is_bold=k == number))
        if k <= number:
            share = write_percent(level.same_class, 1)
            items.append(say(f"list share {k}", share, END, y, 27, role, "right", is_bold=k == number))
    return [*items, *_write_wrong(trace, 176 + 46 * len(trace.levels) + 24)]


def _write_wrong(trace: LayerTourTrace, top: float) -> list[Item]:
    """Return what the red numerals mean: the errors, as many as there is room for."""
    wrong = trace.wrong
    if not len(wrong):
        return [say("errors", "no digit is named wrongly", LIST, top, 24, "muted", "left")]
    items: list[Item] = [
        say("errors", f"{count_noun(len(wrong), 'error')} of the network", LIST, top, 24, "wrong", "left", is_bold=True)
    ]
    named = [f"{trace.labels[k]} → {trace.answers[k]}" for k in wrong[:NAMED]]
    for line in range(0, len(named), 3):
        words = "     ".join(named[line : line + 3])
        items.append(say(f"errors {line}", words, LIST, top + 36 + 12 * line, 24, "wrong", "left"))
    return items


def _compose_panel(trace: LayerTourTrace, number: int) -> list[Item]:
    """Return the small panel of a layer, without the digits."""
    level, (left, top, width, height) = trace.levels[number], PANEL_PLANE
    share = f"same class nearest: {write_percent(level.same_class, 1)}"
    return [
        Box("plane", left, top, width, height, "rule", line=1.2),
        say("layer", level.name, left, 24, 18, "window", "left", is_bold=True),
        say("share", share, PANEL.width / 2, 300, 18, is_bold=True),
        *_draw_trails(trace, number, PANEL_PLANE),
    ]


def _draw_cloud(
    figure: "Figure",
    trace: LayerTourTrace,
    theme: "Theme",
    number: int,
    per_inch: float,
    plane: tuple[float, float, float, float] = PLANE,
    small: float = SMALL,
) -> None:
    """Draw the digits of a layer: those the network gets wrong larger, in the color of mistakes, and on top."""
    spots = place_points(trace, number, plane) / per_inch
    is_wrong = trace.labels != trace.answers
    for label, color in zip(range(MOST_CLASSES), COLORS[theme.name], strict=True):
        for wrong, shade in ((False, color), (True, theme.wrong)):
            chosen = spots[(trace.labels == label) & (is_wrong == wrong)]
            size = 72 * small * (1.6 if wrong else 1) / per_inch
            style: dict[str, Any] = {"path_effects": [withStroke(linewidth=3, foreground=theme.paper)]} if wrong else {}
            figure.axes[0].scatter(
                chosen[:, 0], chosen[:, 1], s=size**2, marker=numeral(str(label), bold=True), color=shade,
                linewidths=0, zorder=1.5 + 3 * wrong, **style,
            )  # fmt: skip


def one_in(trace: LayerTourTrace) -> int:
    """Return of how many digits the film moves one."""
    return -(-len(trace.labels) // MOST_MOVED)


def _write_moved(trace: LayerTourTrace) -> list[Item]:
    """Return what the film says of the digits that it leaves out, if it leaves any out."""
    every = one_in(trace)
    words = f"1 of {every} digits moves, and every error"
    return [say("moved", words, LIST, PLANE[1] + PLANE[3] - 8, 24, "muted", "left")] if every > 1 else []


class Cloud:
    """The digits that move as mobjects: one for each class, and one for those that the network gets wrong."""

    def __init__(self, trace: LayerTourTrace, theme: "Theme") -> None:
        self.trace = trace
        is_moved = np.arange(len(trace.labels)) % one_in(trace) == 0
        is_right = is_moved & (trace.labels == trace.answers)
        groups = [
            (np.flatnonzero((trace.labels == label) & is_right), COLORS[theme.name][label], SMALL)
            for label in trace.classes
        ]
        groups.append((trace.wrong, theme.wrong, 1.6 * SMALL))
        self.groups = [group for group in groups if len(group[0])]
        self.shapes = [self._draw(0, *group) for group in self.groups]

    def move(self, number: int) -> list[Any]:
        """Return the animations that bring all digits to a layer."""
        from manim import Transform

        ends = [self._draw(number, *group) for group in self.groups]
        return [Transform(shape, end) for shape, end in zip(self.shapes, ends, strict=True)]

    def _draw(self, number: int, chosen: Array, color: str, height: float) -> Any:
        """Return the digits `chosen` at a layer as one mobject."""
        from manim import VMobject

        spots = place_points(self.trace, number)
        made = VMobject(stroke_width=0, fill_color=color, fill_opacity=1)
        made.set_points(np.concatenate([curves_of(str(self.trace.labels[k]), height, tuple(spots[k])) for k in chosen]))
        return made.set_z_index(1.5 if height == SMALL else 2.5)


def curves_of(string: str, height: float, where: tuple[float, float]) -> Array:
    """Return a numeral as Manim's points (n, 3): four for each side of its polygons, which are cubic curves there."""
    from figures.parts.film import PIXELS, spot

    sides = []
    for polygon in corners_of(string, height):
        starts, ends = polygon[:-1], polygon[1:]
        sides.append(
            np.stack([starts + share * (ends - starts) for share in (0, 1 / 3, 2 / 3, 1)], axis=1).reshape(-1, 2)
        )
    flat = np.concatenate(sides) / PIXELS  # larger is higher, in both
    return np.concatenate([flat, np.zeros((len(flat), 1))], axis=1) + spot(*where)
