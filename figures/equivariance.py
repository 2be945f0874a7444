"""Shift the input and its feature map shifts too: convolving and shifting commute, on the lattice of the strides.

This is equivariance, not invariance: the map does not stay the same, it moves as the input moves. With strides above 1
even that holds only for shifts by multiples of the strides; a shift between them gives other numbers, not the same
numbers elsewhere. Nor does it mean that a whole network recognizes at another place what it has learned at one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from figures.parts import arithmetic, still
from figures.parts.arithmetic import Array, Pair
from figures.parts.keyframes import Box, Item, Line, Rules, draw_items, say
from figures.parts.layout import SLIDE
from figures.parts.shifting import crop, move
from figures.parts.words import Description, about, times, write_fixed, write_number, write_pair
from generator.theme import Theme

if TYPE_CHECKING:
    from manim import Scene


SHIFTS = ((0, 1), (0, 4), (3, 4), (4, 4))
MOST_SHIFTS, FURTHEST, LARGEST = 5, 16, 64  # steps of a film, pixels of a shift, pixels of a side


@dataclass(frozen=True, slots=True)
class EquivarianceStep:
    """One shift (rows down, columns to the right) and the two ways to a map.

    input: the shifted input. shifted_first: its map. convolved_first: the map of the unshifted input, moved by the
    whole number of cells `moved` that fits best. All are (height, width).
    """

    shift: Pair
    moved: Pair
    input: Array
    shifted_first: Array
    convolved_first: Array

    @property
    def difference(self) -> Array:
        """The map of the shifted input minus the shifted map of the input."""
        return np.asarray(self.shifted_first - self.convolved_first)

    @property
    def is_exact(self) -> bool:
        """Whether the two ways give exactly the same numbers."""
        return not self.difference.any()

    @property
    def error(self) -> float:
        """The norm (root of the sum of squares) of the difference, relative to that of the map."""
        return float(np.linalg.norm(self.difference) / np.linalg.norm(self.convolved_first))


@dataclass(frozen=True, slots=True)
class EquivarianceTrace:
    """The input on its background, its map `output`, and one step for each shift."""

    input: Array
    kernel: Array
    strides: Pair
    output: Array
    steps: tuple[EquivarianceStep, ...]

    @property
    def key(self) -> int:
        """The index of the step that the still shows: the first that is not exact, or else the last."""
        return next((k for k, step in enumerate(self.steps) if not step.is_exact), len(self.steps) - 1)

    def need(self, step: EquivarianceStep) -> tuple[float, float]:
        """Return by how many cells (down, right), whole or not, the map would have to move to be exact."""
        return step.shift[0] / self.strides[0], step.shift[1] / self.strides[1]


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    shifts: Sequence[Sequence[int]] = SHIFTS,
    strides: int | Sequence[int] = 1,
) -> EquivarianceTrace:
    """Return an object moved by each of `shifts`, and what the convolution with `kernel` makes of it.

    input: a table (height, width); its blank border is cut off, and enough background (0) is added that neither the
    object nor its map leaves the picture. shifts: up to five pairs (rows down, columns to the right), in pixels, each
    counted from the object's first place. For a shift that is not a multiple of the strides, the unshifted map is moved
    by the neighboring whole number of cells that fits best. Raises ValueError for shifts that cannot be drawn, and for
    an input or a map that is 0 everywhere.
    """
    places = [_read_shift(shift) for shift in shifts]
    if not 1 <= len(places) <= MOST_SHIFTS:
        raise ValueError(f"there are {len(places)} shifts; give 1 to {MOST_SHIFTS} pairs (rows, columns)")
    weights, step = arithmetic.read_matrix(kernel, "kernel"), arithmetic.read_pair(strides, "strides")
    canvas = _embed(crop(arithmetic.read_matrix(input, "input")), weights.shape, step, places)
    output = arithmetic.correlate2d(canvas, weights, strides=step)
    if not output.any():
        raise ValueError("the map is 0 everywhere, so no shift can be seen in it; take another kernel or strides")
    looked = tuple(_look(canvas, weights, step, output, shift) for shift in places)
    return EquivarianceTrace(canvas, weights, step, output, looked)


def _read_shift(shift: Sequence[int]) -> Pair:
    """Return a shift as (rows down, columns to the right); raise ValueError if it is not one, or too far."""
    numbers: list[Any] = list(shift) if isinstance(shift, (list, tuple)) else [shift]
    if len(numbers) != 2 or not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in numbers):
        raise ValueError(f"a shift is {shift!r}; give a pair of whole numbers, (rows, columns)")
    if max(map(abs, numbers)) > FURTHEST:
        raise ValueError(f"a shift is {shift!r}; the furthest is {FURTHEST} pixels")
    return int(numbers[0]), int(numbers[1])


def _embed(image: Array, reach: Sequence[int], strides: Pair, places: Sequence[Pair]) -> Array:
    """Return the object on a background so large that, wherever it moves, every window that touches it fits in."""
    ends = [(min(0, *axis), max(0, *axis)) for axis in zip((0, 0), *places, strict=True)]  # how far it moves each way
    # Windows that touch the object reach beyond it by a kernel less one cell; the rest is room for a cell of the map.
    margins = [size - 1 + 2 * step - 1 for size, step in zip(reach, strides, strict=True)]
    around = [(margin - low, margin + high) for margin, (low, high) in zip(margins, ends, strict=True)]
    canvas = np.pad(image, around)
    if max(canvas.shape) > LARGEST:
        raise ValueError(f"input and shifts need {times(canvas.shape)} pixels; at most {LARGEST} × {LARGEST} fit")
    return canvas


def _look(canvas: Array, weights: Array, strides: Pair, output: Array, shift: Pair) -> EquivarianceStep:
    """Return both ways to a map for one shift."""
    shifted = move(canvas, shift)
    shifted_map = arithmetic.correlate2d(shifted, weights, strides=strides)
    # Shift / strides rounded down and up, along each axis: on the lattice both are the same, and the map fits exactly.
    rows, columns = ({d // s, -(-d // s)} for d, s in zip(shift, strides, strict=True))
    choices = [(i, j) for i in sorted(rows) for j in sorted(columns)]
    best = min(choices, key=lambda choice: float(np.linalg.norm(shifted_map - move(output, choice))))
    return EquivarianceStep(shift, best, shifted, shifted_map, move(output, best))


def say_shift(shift: tuple[float, float]) -> str:
    """Return a shift in words.

    >>> say_shift((3, -4)), say_shift((0, 0.5)), say_shift((0, 0))
    ('3 down, 4 left', '0.5 right', 'at rest')
    """
    names = (("down", "up"), ("right", "left"))
    parts = [f"{write_number(abs(way))} {name[way < 0]}" for way, name in zip(shift, names, strict=True) if way]
    return ", ".join(parts) or "at rest"


def say_error(step: EquivarianceStep) -> str:
    """Return in words how far the two ways differ for one shift."""
    return "exactly 0" if step.is_exact else f"relative error {write_error(step)}"


def write_error(step: EquivarianceStep) -> str:
    """Return the relative error with two decimals; one that only rounds to 0 as "< 0.01"."""
    return write_fixed(step.error) if step.error >= 0.005 else "< 0.01"


def describe(trace: EquivarianceTrace) -> Description:
    """Return the alt text, one sentence per shift, and the facts: the shifts, their errors, and which are exact."""
    steps = tuple(_say(trace, step) for step in trace.steps)
    low, high = (write_number(value) for value in (trace.output.min(), trace.output.max()))
    alt = (
        f"Two ways to a feature map: shift the input and convolve, or convolve and shift the map. The input is "
        f"{times(trace.input.shape)} with its background, the kernel {times(trace.kernel.shape)}, "
        f"{write_pair('stride', trace.strides)}; the map is {times(trace.output.shape)} with values from {low} to "
        f"{high}. {' '.join(steps)}"
    )
    facts: Mapping[str, object] = {
        "shape": {"height": trace.output.shape[0], "width": trace.output.shape[1]},
        "strides": {"height": trace.strides[0], "width": trace.strides[1]},
        "shifts": [list(step.shift) for step in trace.steps],
        "errors": [step.error for step in trace.steps],
        "exact": [step.is_exact for step in trace.steps],
        "largest_error": max(step.error for step in trace.steps),
    }
    return Description(alt, steps, facts)


def _say(trace: EquivarianceTrace, step: EquivarianceStep) -> str:
    """Return the sentence about one shift."""
    where = say_shift(step.shift)
    start = f"Input {'moved ' if any(step.shift) else ''}{where}"
    if step.is_exact:
        moved = f" moved {say_shift(step.moved)}" if any(step.moved) else ""
        return f"{start}: its map is the map at rest{moved}; the difference is exactly 0."
    return (
        f"{start}: with {write_pair('stride', trace.strides)} the map would have to move "
        f"{about(trace.need(step))}{say_shift(trace.need(step))}, but it can move only by whole "
        f"cells; the best fit nearby, {say_shift(step.moved)}, leaves a relative error of {write_error(step)}."
    )


def draw(trace: EquivarianceTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return both ways for the shift `trace.key` with the errors of all shifts, or the small panel of one `step`."""
    return draw_slide(trace, theme) if step is None else draw_panel(trace, theme, step)


def animate(trace: EquivarianceTrace, scene: "Scene") -> None:
    """Animate each shift: move the input and show its map, move the unshifted map, compare; then mark the scene."""
    animate_equivariance(trace, scene, describe(trace).steps)


# The layout, shared by the still and the film, in pixels.
SIDE = 264.0  # a map's longer side at most
LEFTS = (44.0, 438.0, 832.0, 1226.0)
SCALE = 146.0  # top of the color scale of the maps
TOPS = (84.0, 428.0, 256.0)  # of the upper way, of the lower way, of what stands between them
SPOTS = {  # column and row (as in LEFTS and TOPS) of each table
    "x": (0, 2), "conv(x)": (1, 0), "shift(x)": (1, 1), "shift(conv(x))": (2, 0), "conv(shift(x))": (2, 1),
    "difference": (3, 2),
}  # fmt: skip
ARROWS = (  # word, column it starts from, height, color
    ("convolve", 0, 302.0, "kernel"), ("shift", 0, 474.0, "window"), ("shift", 1, 216.0, "window"),
    ("convolve", 1, 560.0, "kernel"), ("compare", 2, 302.0, "muted"), ("compare", 2, 474.0, "muted"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table of colored cells on the slide: its corner at (`left`, `top`), `cell` pixels per value."""

    name: str
    values: Array
    left: float
    top: float
    cell: float
    limits: tuple[float, float]
    role: str

    def frame(self, values: Array) -> tuple[float, float, float, float]:
        """Return left, top, width and height of the part of `values` that is not 0, or of all if everything is 0."""
        lit = values != 0 if values.any() else np.ones(values.shape, dtype=bool)
        rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
        left, top = self.left + columns[0] * self.cell, self.top + rows[0] * self.cell
        return left, top, (columns[-1] - columns[0] + 1) * self.cell, (rows[-1] - rows[0] + 1) * self.cell


def compose_maps(trace: EquivarianceTrace, step: EquivarianceStep) -> dict[str, Table]:
    """Return the six tables by name; maps and difference share one color scale, and a shift is equally long in all."""
    maps = [trace.output, step.shifted_first, step.convolved_first, step.difference]
    names = ("conv(x)", "conv(shift(x))", "shift(conv(x))", "difference")
    pixel = float(int(SIDE / max(trace.input.shape)))
    cell = pixel * max(trace.strides)
    if max(trace.output.shape) * cell > SIDE:  # with unequal strides, no cell size fits both axes
        cell = float(int(SIDE / max(trace.output.shape)))
    common, ink = limits_of(trace), still.color_limits(trace.input)
    inputs = {"x": trace.input, "shift(x)": step.input}
    placed = {name: _place(name, values, pixel, ink) for name, values in inputs.items()}
    return placed | {name: _place(name, values, cell, common) for name, values in zip(names, maps, strict=True)}


def limits_of(trace: EquivarianceTrace) -> tuple[float, float]:
    """Return the one color scale of all maps and differences in the film."""
    maps = [array for step in trace.steps for array in (step.shifted_first, step.difference)]
    return still.color_limits(trace.output, *maps)


def _place(name: str, values: Array, cell: float, limits: tuple[float, float]) -> Table:
    """Return a table centered in its square."""
    column, row = SPOTS[name]
    left, top = LEFTS[column] + (SIDE - values.shape[1] * cell) // 2, TOPS[row] + (SIDE - values.shape[0] * cell) // 2
    role = {"x": "input", "shift(x)": "input", "difference": "muted"}.get(name, "output")
    return Table(name, values, left, top, cell, limits, role)


def compose_scenery(trace: EquivarianceTrace) -> Iterator[Item]:
    """Yield what never changes: names, arrows, sizes."""
    for name, (column, row) in SPOTS.items():
        role = {"x": "input", "shift(x)": "input", "difference": "ink"}.get(name, "output")
        yield say(name, name, LEFTS[column] + SIDE / 2, TOPS[row] - 16, 27, role, is_bold=True)
    for k, (word, column, y, role) in enumerate(ARROWS):
        start, end = LEFTS[column] + SIDE + 12, LEFTS[column + 1] - 12
        yield say(f"arrow {k}", word, (start + end) / 2, y - 12, 23, role)
        head = (((end - 11, y - 8), (end, y)), ((end - 11, y + 8), (end, y)))
        yield Rules(f"line {k}", (((start, y), (end, y)), *head), role, 2.6)
    sizes = f"kernel {times(trace.kernel.shape)}{write_pair(', stride', trace.strides)}"
    yield say("sizes", sizes, LEFTS[0], 104, 24, "muted", "left")


def compose_step(trace: EquivarianceTrace, number: int, maps: dict[str, Table]) -> Iterator[Item]:
    """Yield what belongs to shift `number`: its name, frames around what moves, the verdict; -1: nothing moved yet."""
    step = trace.steps[number]
    is_moved = number >= 0
    shift = say_shift(step.shift if is_moved else (0, 0))
    yield say("shift", shift, LEFTS[0], 64, 34, "window", "left", is_bold=True)
    yield from _frame(maps["shift(x)"], trace.input, step.input if is_moved else trace.input)
    yield from _frame(maps["conv(shift(x))"], trace.output, step.shifted_first if is_moved else trace.output)
    yield from _frame(maps["shift(conv(x))"], trace.output, step.convolved_first if is_moved else trace.output)
    if is_moved:
        x, y = LEFTS[3] + SIDE / 2, TOPS[2] + SIDE + 42
        yield say("verdict", say_error(step), x, y, 32, "output" if step.is_exact else "wrong", is_bold=True)
        if not step.is_exact:
            need = ((f"would need {say_shift(trace.need(step))}", "muted"),)
            yield Line("reason", need, x, y + 36, 24, limit=330)


def _frame(table: Table, before: Array, after: Array) -> Iterator[Item]:
    """Yield a dashed frame around the place before the shift, and a solid one around the place after it."""
    yield Box(f"{table.name} rest", *table.frame(before), "padding", is_dashed=True)
    yield Box(f"{table.name} moved", *table.frame(after), "window", line=3.4)


def compose_list(trace: EquivarianceTrace, count: int) -> Iterator[Item]:
    """Yield the verdicts on the first `count` shifts, one line each, under the input."""
    if count:
        yield say("list", "shift: difference", LEFTS[0], 566, 23, "muted", "left")
    for k, step in enumerate(trace.steps[:count]):
        verdict = ("0", "output") if step.is_exact else (write_error(step), "wrong")
        runs = ((f"{say_shift(step.shift)}: ", "ink"), verdict)
        yield Line(f"list {k}", runs, LEFTS[0], 596 + 28 * k, 23, "left", limit=380)


def draw_slide(trace: EquivarianceTrace, theme: Theme) -> Figure:
    """Return the whole picture at the step `trace.key`."""
    maps = compose_maps(trace, trace.steps[trace.key])
    listed = compose_list(trace, len(trace.steps) if len(trace.steps) > 1 else 0)
    items = [*compose_scenery(trace), *compose_step(trace, trace.key, maps), *listed]
    figure = draw_items(items, theme)
    for table in maps.values():
        _draw_table(figure, table, theme)
    scale = {"left": LEFTS[0] / SLIDE.per_inch, "top": SCALE / SLIDE.per_inch, "width": 1.7}
    still.draw_scale(figure.axes[0], limits_of(trace), theme=theme, **scale)
    return figure


def _draw_table(figure: Figure, table: Table, theme: Theme) -> None:
    """Draw one table at its place in the figure."""
    place = {"left": table.left / SLIDE.per_inch, "top": table.top / SLIDE.per_inch}
    width = table.values.shape[1] * table.cell / SLIDE.per_inch
    color = getattr(theme, table.role)
    still.draw_map(figure.axes[0], table.values, width=width, theme=theme, limits=table.limits, color=color, **place)


def draw_panel(trace: EquivarianceTrace, theme: Theme, step: int) -> Figure:
    """Return the two maps of one shift and their difference."""
    looked = trace.steps[step]
    figure = still.new_figure(theme, still.PANEL_WIDTH, still.PANEL_HEIGHT)
    sheet = still.new_sheet(figure)
    tables = (
        ("conv(shift(x))", looked.shifted_first, theme.output),
        ("shift(conv(x))", looked.convolved_first, theme.output),
        ("difference", looked.difference, theme.ink),
    )
    middle = still.PANEL_WIDTH / 2
    title = f"input {say_shift(looked.shift)}"
    still.write(sheet, middle, 0.4, title, color=theme.window, points=13, bold=True, align="center")
    cell = 1.3 / max(trace.output.shape)
    for k, (name, values, color) in enumerate(tables):
        x, width = 0.71 + 1.39 * k, cell * values.shape[1]
        still.write(sheet, x, 0.92, name, color=color, points=still.PANEL_TEXT, align="center")
        place = {"left": x - width / 2, "top": 1.02 + (1.3 - cell * values.shape[0]) / 2, "width": width}
        still.draw_map(sheet, values, theme=theme, limits=limits_of(trace), color=color, **place)
    color = theme.output if looked.is_exact else theme.wrong
    still.write(sheet, middle, 2.78, say_error(looked), color=color, points=14, bold=True, align="center")
    return figure


# The film: an object and its map slide over their backgrounds, then the two ways are compared.
SLOW, QUICK = 1.6, 0.8  # seconds per movement, in the first step and in the others


def animate_equivariance(trace: EquivarianceTrace, scene: Any, sentences: Sequence[str]) -> None:
    """Play the whole film in `scene`, with a mark after the opening picture and after each shift."""
    film = EquivarianceFilm(trace, scene)
    film.open()
    scene.mark("Nothing has been moved yet: both ways lead to the same map.")
    for number, sentence in enumerate(sentences):
        film.shift(number, SLOW if number == 0 else QUICK)
        scene.mark(sentence)


class EquivarianceFilm:
    """What the scene shows now: six tables, of which four change, and the words and frames of `compose_step`."""

    def __init__(self, trace: EquivarianceTrace, scene: Any) -> None:
        self.trace, self.scene = trace, scene
        self.theme: Theme = scene.theme
        self.maps = compose_maps(trace, trace.steps[0])
        self.contents: dict[str, Any] = {}  # the cells drawn in each table now
        self.items: dict[str, Item] = {}
        self.shapes: dict[str, Any] = {}
        self.shifts: dict[str, Pair] = {"shift(x)": (0, 0), "shift(conv(x))": (0, 0)}

    def open(self) -> None:
        """Show the opening picture: the input at rest, its map, and both again where they will move."""
        from figures.parts.film import make

        output = self.trace.output
        values = dict.fromkeys(("conv(x)", "conv(shift(x))", "shift(conv(x))"), output)
        values |= {"x": self.trace.input, "shift(x)": self.trace.input, "difference": np.zeros_like(output)}
        for name, table in self.maps.items():
            self.contents[name] = draw_content(table, values[name])
            self.scene.add(*draw_ground(table, self.theme), self.contents[name])
        self.scene.add(*[make(item, self.theme) for item in compose_scenery(self.trace)])
        self.scene.add(self._draw_scale())
        self.items = self._words(-1, 0)
        self.shapes = {name: make(item, self.theme) for name, item in self.items.items()}
        self.scene.add(*self.shapes.values())

    def shift(self, number: int, seconds: float) -> None:
        """Animate one shift: the lower way (shift, then convolve), the upper way, and then their difference."""
        step, after = self.trace.steps[number], self._words(number, number + 1)
        words = {name: item for name, item in self.items.items() if name not in ("verdict", "reason")}
        words["shift"] = after["shift"]
        self._play(self._swap("difference", np.zeros_like(step.difference)), words, 0.5)
        ways = {
            "shift(x)": self._slide("shift(x)", step.shift),
            "conv(shift(x))": self._swap("conv(shift(x))", step.shifted_first),
            "shift(conv(x))": self._slide("shift(conv(x))", step.moved),
        }
        for name, changes in ways.items():
            words = words | {f"{name} moved": after[f"{name} moved"]}
            self._play(changes, words, seconds)
        self._play(self._swap("difference", step.difference), after, seconds)

    def _words(self, number: int, listed: int) -> dict[str, Item]:
        """Return the words and frames at one moment, by name."""
        items = [*compose_step(self.trace, number, self.maps), *compose_list(self.trace, listed)]
        return {item.name: item for item in items}

    def _play(self, changes: Sequence[Any], items: dict[str, Item], seconds: float) -> None:
        """Play the `changes` of tables while words and frames turn into `items`."""
        from manim import FadeOut

        moves = [*changes, *[FadeOut(self.shapes.pop(name)) for name in [*self.shapes] if name not in items]]
        for name, item in items.items():
            if self.items.get(name) != item:
                moves += self._turn(name, item)
        self.items = items
        self.scene.play(*moves, run_time=seconds) if moves else self.scene.wait(seconds)

    def _turn(self, name: str, item: Item) -> list[Any]:
        """Return the animations that replace a word or frame by a new one: frames move, words fade."""
        from manim import FadeIn, FadeOut, Transform

        from figures.parts.film import make

        old, new = self.shapes.get(name), make(item, self.theme)
        if old is not None and isinstance(item, Box):
            return [Transform(old, new)]
        self.shapes[name] = new
        return [*([FadeOut(old)] if old is not None else []), FadeIn(new)]

    def _slide(self, name: str, shift: Pair) -> list[Any]:
        """Return the animation that moves a table's content to its new place."""
        from figures.parts import film

        (down, across), cell = self.shifts[name], self.maps[name].cell
        self.shifts[name] = shift
        way = film.spot((shift[1] - across) * cell, (shift[0] - down) * cell) - film.spot(0, 0)
        return [self.contents[name].animate.shift(way)] if way.any() else []

    def _swap(self, name: str, values: Array) -> list[Any]:
        """Return the animations that replace a table's content by other values."""
        from manim import FadeIn, FadeOut

        old, new = self.contents[name], draw_content(self.maps[name], values)
        self.contents[name] = new
        return [*([FadeOut(old)] if len(old) else []), *([FadeIn(new)] if len(new) else [])]

    def _draw_scale(self) -> Any:
        """Return the common color scale of the maps."""
        from figures.parts import film

        return film.draw_scale(limits_of(self.trace), LEFTS[0], SCALE, 204, self.theme, 22)


def draw_ground(table: Table, theme: Theme) -> list[Any]:
    """Return an empty table: a background in the color of 0, and a frame."""
    from figures.parts import film

    paint = "#" + bytes(still.color_cells(np.zeros((1, 1)), table.limits)[0, 0]).hex()
    height, width = (size * table.cell for size in table.values.shape)
    color = getattr(theme, table.role)
    return [
        film.box(table.left, table.top, width, height, fill=paint).set_z_index(0),
        film.box(table.left, table.top, width, height, color=color).set_z_index(2),
    ]


def draw_content(table: Table, values: Array) -> Any:
    """Return the part of `values` that is not 0 as colored cells that can slide; an empty group if all is 0."""
    from manim import VGroup

    from figures.parts import film

    if not values.any():
        return VGroup()
    rows, columns = np.flatnonzero(values.any(axis=1)), np.flatnonzero(values.any(axis=0))
    part = values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    left, top = table.left + columns[0] * table.cell, table.top + rows[0] * table.cell
    made = film.draw_map(part, left, top, table.cell, table.limits)
    for shape in made:
        shape.set_z_index(0.2)
    return made
