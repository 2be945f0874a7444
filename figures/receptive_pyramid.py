"""What one value is made from: the values of every layer below that can influence it, as a widening pyramid.

Shown along one axis, as seen from the side; the other axis is the same. The value is one near the middle of the last
layer. The pyramid says what can have an influence, not how much it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from figures.parts import arithmetic
from figures.parts.arithmetic import NEEDED, padding_before, window_span
from figures.parts.graph import refuse_branches
from figures.parts.words import Description
from generator.theme import NARROW_WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


LEFT, RIGHT = 1.6, 11.2  # inches; the pixels stand between them
TOP, BOTTOM = 0.35, 5.2
TALL = 0.3  # inches, the height of a row of cells


@dataclass(frozen=True, slots=True)
class Level:
    """One layer seen from the side: how many values it has along the axis, and which of them, rising, take part.

    center, spacing: the pixel that its first value looks at, and the distance to where its neighbor looks, in pixels of
    the image.
    """

    name: str
    places: int
    taken: tuple[int, ...]
    center: float
    spacing: int

    @property
    def count(self) -> int:
        """How many values take part."""
        return len(self.taken)

    @property
    def first(self) -> int:
        """The first value that takes part."""
        return self.taken[0]

    @property
    def last(self) -> int:
        """The last value that takes part."""
        return self.taken[-1]

    @property
    def has_holes(self) -> bool:
        """Whether there are values in between that take no part."""
        return self.last - self.first >= self.count


@dataclass(frozen=True, slots=True)
class PyramidTrace:
    """The levels, from the image up; each is what the level above it is made from."""

    levels: tuple[Level, ...]


def trace(*, layers: Sequence[Mapping[str, Any]]) -> PyramidTrace:
    """Return what a middle value of the last layer with a window is made from, level by level.

    layers: facts as `mnist_convnet.layers`. For place i of a layer with kernel size k, stride s, dilation d and p cells
    of padding before, the layer below gives i · s - p, i · s - p + d and so on, k places in all. Raises ValueError if
    no layer has a window, a fact is missing, a window is not square, there are more than eight, or layers branch.
    """
    windows = [layer for layer in layers if "kernel_size" in layer]
    if not 1 <= len(windows) <= 8:
        raise ValueError(f"{len(windows)} layers have a window; give 1 to 8, such as mnist_convnet.layers")
    for layer in windows:
        if missing := [name for name in NEEDED if name not in layer]:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a convnet, such as mnist_convnet.layers")
    last = max(place for place, layer in enumerate(layers) if "kernel_size" in layer)
    refuse_branches(layers[: last + 1], "a pyramid")
    geometry = _look_down(windows)
    names = ["pixels", *(str(layer["name"]) for layer in windows)]
    places = [int(windows[0]["input_shape"][0]), *(int(layer["output_shape"][0]) for layer in windows)]
    middle = places[-1] // 2
    taken = [*reversed(arithmetic.look_through(windows, middle, 0)), [middle]]
    if not all(taken):
        raise ValueError("the middle value is made from padding alone; give layers whose windows reach the image")
    rows = zip(names, places, taken, geometry, strict=True)
    return PyramidTrace(tuple(Level(name, count, tuple(part), *where) for name, count, part, where in rows))


def _look_down(windows: Sequence[Mapping[str, Any]]) -> list[tuple[float, int]]:
    """Return for the image and each layer where its first value looks, in pixels, and how far apart neighbors look."""
    center, spacing = 0.0, 1
    found = [(center, spacing)]
    for layer in windows:
        center += ((window_span(layer) - 1) / 2 - padding_before(layer)[0]) * spacing
        spacing *= arithmetic.read_side(layer, "strides")
        found.append((center, spacing))
    return found


def describe(trace: PyramidTrace) -> Description:
    """Return how many values of each level take part; facts: levels.<name>.{count, places}."""
    top, *below = reversed(trace.levels)
    words = ", ".join(f"{level.count} of {level.places} in {level.name}{_holes(level)}" for level in below)
    alt = (
        f"A pyramid seen from the side: one value of {top.name}, in a line of {top.places}, is made from {words}. "
        f"Lines lead from the ends of each row to those of the row below."
    )
    facts = {level.name: {"count": level.count, "places": level.places} for level in trace.levels}
    return Description(alt, (), {"levels": facts, "size": trace.levels[0].count})


def _holes(level: Level) -> str:
    return " with holes between them" if level.has_holes else ""


def draw(trace: PyramidTrace, theme: Theme) -> "Figure":
    """Return the levels as rows of cells above the pixels they look at; cells that take part are filled and joined."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    step = (BOTTOM - TOP - TALL) / max(1, len(trace.levels) - 1)
    rows = [BOTTOM - TALL - number * step for number in range(len(trace.levels))]
    pixel = (RIGHT - LEFT) / trace.levels[0].places
    for (lower, below), (upper, above) in pairwise(zip(trace.levels, rows, strict=True)):
        ends = [(_x(lower, pixel, place), below) for place in (lower.first, lower.last + 1)]
        starts = [(_x(upper, pixel, place), above + TALL) for place in (upper.first, upper.last + 1)]
        still.rule(sheet, list(zip(starts, ends, strict=True)), color=theme.window, linewidth=still.LINE)
    for level, y in zip(trace.levels, rows, strict=True):
        _draw_level(sheet, level, y, pixel, theme)
    return figure


def draw_narrow(trace: PyramidTrace, theme: Theme) -> "Figure":
    """Return the same for a narrow page, each level's name and count above it."""
    from figures.parts import still

    left, right, step = 0.2, 5.4, 0.95
    pixel = (right - left) / trace.levels[0].places
    figure = still.new_figure(theme, NARROW_WIDTH, step * len(trace.levels) + 0.1)
    sheet = still.new_sheet(figure)
    rows = [0.5 + step * (len(trace.levels) - 1 - number) for number in range(len(trace.levels))]
    for (lower, below), (upper, above) in pairwise(zip(trace.levels, rows, strict=True)):
        ends = [(_x(lower, pixel, place, left), below) for place in (lower.first, lower.last + 1)]
        starts = [(_x(upper, pixel, place, left), above + TALL) for place in (upper.first, upper.last + 1)]
        still.rule(sheet, list(zip(starts, ends, strict=True)), color=theme.window, linewidth=still.LINE)
    for level, y in zip(trace.levels, rows, strict=True):
        _draw_cells(sheet, level, (left, y, pixel), theme)
        color, words = _color(level, theme), f"{level.count} of {level.places}"
        for x, text, shade, align in ((left, level.name, color, "left"), (right, words, theme.ink, "right")):
            wide = still.text_width(text, bold=True) + 0.06
            still.box(sheet, x if align == "left" else x - wide, y - 0.32, wide, 0.28, facecolor=theme.paper)
            still.write(sheet, x, y - 0.1, text, color=shade, align=align, bold=True)
    return figure


def _x(level: Level, pixel: float, place: int, left: float = LEFT) -> float:
    """Return where the cell `place` of a level begins; a cell is as wide as the distance between its neighbors.

    left: where the pixels begin; pixel: the width of one.
    """
    return left + (level.center + 0.5 + (place - 0.5) * level.spacing) * pixel


def _runs(level: Level) -> list[tuple[int, int]]:
    """Return the first and last place of each row of neighbors that take part."""
    starts = [place for place in level.taken if place - 1 not in level.taken]
    ends = [place for place in level.taken if place + 1 not in level.taken]
    return list(zip(starts, ends, strict=True))


def _color(level: Level, theme: Theme) -> str:
    """Return the color of a level: the pixels are what goes in."""
    return theme.input if level.name == "pixels" else theme.output


def _draw_level(sheet: "Axes", level: Level, y: float, pixel: float, theme: Theme) -> None:
    """Draw the cells of a level, its name before them, and behind them how many take part."""
    from figures.parts import still

    _draw_cells(sheet, level, (LEFT, y, pixel), theme)
    still.write(sheet, LEFT - 0.2, y + 0.22, level.name, color=_color(level, theme), bold=True, align="right")
    words, is_bold = f"{level.count} of {level.places}", level.count == 1 or level.name == "pixels"
    still.write(sheet, RIGHT + 0.2, y + 0.22, words, color=theme.ink, bold=is_bold)


def _draw_cells(sheet: "Axes", level: Level, where: tuple[float, float, float], theme: Theme) -> None:
    """Draw the cells of a level; where: the left edge of the pixels, the top of the cells, the width of a pixel."""
    from figures.parts import still

    origin, y, pixel = where
    tint = theme.input_tint if level.name == "pixels" else theme.output_tint
    start, end, near, far = (
        _x(level, pixel, place, origin) for place in (0, level.places, level.first, level.last + 1)
    )
    still.box(sheet, start, y, end - start, TALL, facecolor=theme.surface)
    for left, right in _runs(level):
        x = _x(level, pixel, left, origin)
        still.box(sheet, x, y, _x(level, pixel, right + 1, origin) - x, TALL, facecolor=tint)
    edges = [_x(level, pixel, place, origin) for place in range(1, level.places)]
    still.rule(sheet, [((x, y), (x, y + TALL)) for x in edges], color=theme.rule, linewidth=still.HAIR)
    still.box(sheet, start, y, end - start, TALL, edgecolor=theme.padding, linewidth=still.HAIR)
    still.box(sheet, near, y, far - near, TALL, edgecolor=_color(level, theme), linewidth=still.BOLD_LINE)
