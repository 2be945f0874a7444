"""Three poolings at once: one window slides over one map, and its maximum, mean and top left value fill three outputs.

The top left values are all that a stride as large as the window computes: the numbers between are never looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array, Pair
from figures.parts.keyframes import (
    HEADING,
    NOTE,
    PANEL_SMALLEST,
    SMALLEST,
    Item,
    Keyframe,
    Line,
    Rules,
    Table,
    draw_table,
    fill_table,
    measure,
    place,
    place_runs,
    ring,
    say,
    texts_of,
    veil,
)
from figures.parts.layout import Run, hatch
from figures.parts.words import Description, equals, quote, say_unused, times, write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


NAMES = {"max": "max", "average": "mean", "strided": "top left"}
MOST = 3  # windows along a side
CELL = 62.0  # pixels: the side of a cell of the outputs
POOL_SIZES = (2, 3)


@dataclass(frozen=True, slots=True)
class PoolingCompareTrace:
    """A map (height, width), the side of the windows, and the three outputs by mode, each (height, width).

    telling: row and column of the window whose three results differ most, the first of equals; second: that of the
    others, None if there is only one window.
    """

    input: Array
    pool_size: int
    outputs: dict[str, Array]
    telling: Pair
    second: Pair | None

    @property
    def shape(self) -> Pair:
        """The height and width of each output."""
        height, width = self.outputs["max"].shape
        return int(height), int(width)

    @property
    def places(self) -> list[Pair]:
        """The windows that are steps of their own: the first, and the most telling of the others."""
        other = self.second if self.telling == (0, 0) else self.telling
        return [(0, 0), *([other] if other else [])]

    @property
    def dropped(self) -> Pair:
        """How many rows and columns at the end fill no window."""
        rows, columns = self.shape
        return self.input.shape[0] - rows * self.pool_size, self.input.shape[1] - columns * self.pool_size

    def window(self, at: Pair) -> Array:
        """Return the values in a window, row by row."""
        top, left = at[0] * self.pool_size, at[1] * self.pool_size
        return np.asarray(self.input[top : top + self.pool_size, left : left + self.pool_size].ravel())


def trace(*, input: ArrayLike, pool_size: int = 2) -> PoolingCompareTrace:
    """Return what max pooling, average pooling and a stride make of one map; windows do not overlap.

    input: a table (height, width) with at most 3 × 3 windows. pool_size: 2 or 3. Rows and columns that fill no window
    are dropped, as in Keras. Raises ValueError for a map with more windows or none, or numbers too long to be read.
    """
    image = arithmetic.read_matrix(input, "input")
    if pool_size not in POOL_SIZES or isinstance(pool_size, bool):
        raise ValueError(f"pool_size is {pool_size!r}; give 2 or 3")
    size = (int(pool_size), int(pool_size))
    if max(image.shape) >= (MOST + 1) * pool_size:
        raise ValueError(f"input is {times(image.shape)}; give a smaller map, of at most {MOST} × {MOST} windows")
    outputs = {mode: arithmetic.pool2d(image, size, mode=mode) for mode in NAMES}
    for number in (text for output in outputs.values() for row in texts_of(output) for text in row):
        if measure(number, SMALLEST, is_bold=False) > CELL - 2:
            raise ValueError(f"'{number}' is too long for a cell of an output; give rounded or smaller numbers")
    results = np.stack([*outputs.values()])
    spread = results.max(axis=0) - results.min(axis=0)
    order = [divmod(int(index), spread.shape[1]) for index in np.argsort(-spread, axis=None, kind="stable")]
    return PoolingCompareTrace(image, int(pool_size), outputs, order[0], order[1] if len(order) > 1 else None)


def describe(trace: PoolingCompareTrace) -> Description:
    """Return the alt text, a sentence for each step, and the facts: sizes, the three outputs, the telling window."""
    size = (trace.pool_size, trace.pool_size)
    tables = ", ".join(f"{NAMES[mode]} {quote(output)}" for mode, output in trace.outputs.items())
    drop = say_unused(trace.dropped, (0, 0))
    alt = (
        f"Three poolings of one map, {quote(trace.input)}, by the same windows of {times(size)} that do not overlap: "
        f"{tables}.{drop}"
    )
    facts: dict[str, object] = {mode: output.tolist() for mode, output in trace.outputs.items()}
    row, column = trace.telling
    facts |= {
        "shape": {"height": trace.shape[0], "width": trace.shape[1]},
        "input": {"height": trace.input.shape[0], "width": trace.input.shape[1]},
        "windows": trace.outputs["max"].size,
        "dropped": {"rows": trace.dropped[0], "columns": trace.dropped[1]},
        "telling": {"row": row + 1, "column": column + 1}
        | {mode: output[trace.telling].item() for mode, output in trace.outputs.items()},
    }
    return Description(alt, (*[_say(trace, at) for at in trace.places], _conclude(trace) + drop), facts)


def _say(trace: PoolingCompareTrace, at: Pair) -> str:
    """Return the sentence about one window."""
    where = f"Row {at[0] + 1}, column {at[1] + 1} of the outputs"
    many = trace.outputs["max"].size > 1
    apart = ", where the three differ most" if at == trace.telling and many and _differ(trace, at) else ""
    sums = "; ".join("".join(text for text, _ in _write(trace, mode, at)) for mode in ("max", "average"))
    return f"{where}{apart}: {' '.join(sums.split())}; top left {write_number(trace.outputs['strided'][at])}."


def _differ(trace: PoolingCompareTrace, at: Pair) -> bool:
    """Whether the three results of a window are not all the same."""
    return len({output[at].item() for output in trace.outputs.values()}) > 1


def _conclude(trace: PoolingCompareTrace) -> str:
    """Return the sentence about all windows."""
    count, unread = trace.outputs["max"].size, trace.pool_size**2 - 1
    windows = f"All {count} windows give" if count > 1 else "The only window gives"
    return (
        f"{windows} three numbers each: the largest, the mean of all {trace.pool_size**2}, and the top left one, "
        f"beside which {unread} are never looked at."
    )


def _write(trace: PoolingCompareTrace, mode: str, at: Pair) -> tuple[Run, ...]:
    """Return one window's calculation, ending in its result."""
    values = trace.window(at)
    result = trace.outputs[mode][at]
    sign = equals([*values, result])
    numbers = [write_number(value) for value in values]
    if mode == "average":
        left: tuple[Run, ...] = ((f"({' + '.join(numbers)})", "input"), (f"  ÷  {len(values)}", "muted"))
        return (*left, (sign, "muted"), (write_number(result), "output"))
    kept = int(values.argmax()) if mode == "max" else 0
    parts: list[Run] = []
    for k, number in enumerate(numbers):
        parts += [*([(", ", "muted")] if k else []), (number, "input" if k == kept else "muted")]
    name = "max(" if mode == "max" else "first of ("
    return ((name, "muted"), *parts, (")", "muted"), (sign, "muted"), (write_number(result), "output"))


def draw(trace: PoolingCompareTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the map and the three outputs with the most telling window written out, or the panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(
            [*compose_scene(trace, trace.outputs["max"].size), *compose_look(trace, trace.telling)], theme, SLIDE
        )
    return draw_items(compose_panel(trace, step), theme, PANEL)


def animate(trace: PoolingCompareTrace, scene: "Scene") -> None:
    """Let the window slide: the first calculations are written out, then the telling one; the others fill quickly."""
    from figures.parts.film import play_keyframes

    steps = compose_steps(trace)
    play_keyframes(scene, compose_scene(trace, 0), steps, describe(trace).steps, steps[-1][-1].items)


# Composition: the map on the left, and a row for each pooling. Pixels of `layout.SLIDE`.
CENTERS = (206.0, 410.0, 614.0)  # of the three rows
LEFT, TEXT, RIGHT = 60.0, 700.0, 1450.0  # left end of the map, of the rows, and right end of the outputs
SLOW, QUICK, SWEEP = 1.3, 0.9, 0.3  # seconds for each calculation of the first window, of another, of a whole window


def place_input(trace: PoolingCompareTrace) -> Table:
    """Return the place of the map."""
    rows, columns = trace.input.shape
    cell = min(84.0, 540 / rows, 540 / columns)
    return place("input", trace.input, LEFT + (540 - columns * cell) / 2, CENTERS[1], cell)


def place_outputs(trace: PoolingCompareTrace) -> dict[str, Table]:
    """Return the places of the outputs by mode, in cells of one size."""
    left = RIGHT - MOST * CELL + (MOST - trace.shape[1]) * CELL / 2
    return {
        mode: place(mode, output, left, center, CELL)
        for (mode, output), center in zip(trace.outputs.items(), CENTERS, strict=True)
    }


def compose_scene(trace: PoolingCompareTrace, known: int) -> list[Item]:
    """Return the map and the outputs, of which the first `known` numbers, row by row, are filled in."""
    table, (rows, columns) = place_input(trace), trace.shape
    size = (trace.pool_size, trace.pool_size)
    mask = np.arange(rows * columns).reshape(rows, columns) < known
    items: list[Item] = [
        say("heading", "one map", table.middle, 48, HEADING, "input", is_bold=True),
        say("note", f"{times(trace.input.shape)}, windows of {times(size)}", table.middle, 86, NOTE, "muted"),
        *draw_table(table, trace.input, "input"),
        *_hatch(trace, table, known),
    ]
    tables = place_outputs(trace)
    middle = RIGHT - MOST * CELL / 2
    items.append(say("outputs", "three outputs", middle, 48, HEADING, "output", is_bold=True))
    items.append(say("shape", f"{times(trace.shape)} each", middle, 86, NOTE, "muted"))
    for mode, output in tables.items():
        items += fill_table(output, trace.outputs[mode], "output", mask)
        items.append(
            say(f"name {mode}", NAMES[mode], TEXT, output.center - 46, HEADING, "output", "left", is_bold=True)
        )
        items.append(say(f"layer {mode}", _layer(trace, mode), TEXT, output.center + 56, 24, "muted", "left"))
        items.append(say(f"arrow {mode}", "→", RIGHT - MOST * CELL - 44, output.center + 12, HEADING, "muted"))
    return items


def _layer(trace: PoolingCompareTrace, mode: str) -> str:
    """Return what Keras calls a pooling."""
    size = trace.pool_size
    layers = {"max": "MaxPooling2D", "average": "AveragePooling2D"}
    return f"{layers[mode]}({size})" if mode in layers else f"Conv2D(…, strides={size})"


def _hatch(trace: PoolingCompareTrace, table: Table, known: int) -> Iterator[Item]:
    """Yield strokes over the cells that no window uses, once all of the outputs are known."""
    rows, columns = (side * trace.pool_size for side in trace.shape)
    unused = np.ones(trace.input.shape, dtype=bool)
    unused[:rows, :columns] = False
    if unused.any() and known == trace.outputs["max"].size:
        corners = [table.corner(int(i), int(j)) for i, j in np.argwhere(unused)]
        yield Rules("dropped", tuple(hatch(corners, table.cell)), "wrong", 2.0)
        yield say("dropped label", "hatched: dropped", table.middle, table.top + table.height + 34, 24, "wrong")


def compose_window(trace: PoolingCompareTrace, at: Pair) -> list[Item]:
    """Return the window, and the frames around what it gives."""
    size, table = (trace.pool_size, trace.pool_size), place_input(trace)
    corner = (at[0] * trace.pool_size, at[1] * trace.pool_size)
    frames = [ring(f"target {mode}", output, at) for mode, output in place_outputs(trace).items()]
    return [veil("veil", table, corner, size), ring("window", table, corner, size), *frames]


def compose_sums(trace: PoolingCompareTrace, at: Pair, modes: Sequence[str] = tuple(NAMES)) -> list[Item]:
    """Return one window's calculations, each beside its output."""
    return [_calculate(trace, mode, at, output) for mode, output in place_outputs(trace).items() if mode in modes]


def _calculate(trace: PoolingCompareTrace, mode: str, at: Pair, output: Table) -> Line:
    """Return a calculation as a line of text; one that would be too small to read leaves its values out."""
    limit = RIGHT - MOST * CELL - TEXT - 90
    line = Line(f"sum {mode}", _write(trace, mode, at), TEXT, output.center + 10, 38, "left", limit=limit)
    if place_runs(line)[0] >= SMALLEST:
        return line
    result = trace.outputs[mode][at]
    name = f"{'first' if mode == 'strided' else NAMES[mode]} of {trace.pool_size**2} values"
    short = ((name, "muted"), (equals([result]), "muted"), (write_number(result), "output"))
    return replace(line, runs=short)


def compose_look(trace: PoolingCompareTrace, at: Pair) -> list[Item]:
    """Return one window with all of its calculations."""
    return [*compose_window(trace, at), *compose_sums(trace, at)]


def compose_steps(trace: PoolingCompareTrace) -> list[list[Keyframe]]:
    """Return the keyframes of each step; the last one ends with the telling window."""
    width, count, known = trace.shape[1], trace.outputs["max"].size, 0
    steps: list[list[Keyframe]] = []
    for number, at in enumerate(trace.places):
        index = at[0] * width + at[1]
        sweep = _sweep(trace, range(known, index))
        steps.append([*sweep, *_look(trace, at, index, QUICK if number else SLOW)])
        known = index + 1
    rest = _sweep(trace, range(known, count))
    ending = [*compose_scene(trace, count), *compose_look(trace, trace.telling)]
    return [*steps, [*rest, Keyframe(tuple(ending), 1.4)]]


def _sweep(trace: PoolingCompareTrace, places: Sequence[int]) -> list[Keyframe]:
    """Return a keyframe for each of the windows, which fill the outputs without a calculation."""
    width = trace.shape[1]
    return [
        Keyframe((*compose_scene(trace, index + 1), *compose_window(trace, divmod(index, width))), SWEEP)
        for index in places
    ]


def _look(trace: PoolingCompareTrace, at: Pair, known: int, seconds: float) -> Iterator[Keyframe]:
    """Yield the keyframes of one window: it arrives, one calculation after the other is written, all results land."""
    before = [*compose_scene(trace, known), *compose_window(trace, at)]
    yield Keyframe(tuple(before), 0.7)
    for count in range(1, 4):
        sums = compose_sums(trace, at, tuple(NAMES)[:count])
        yield Keyframe((*before, *sums), seconds)
    landed = [_grow(item, at) for item in compose_scene(trace, known + 1)]
    yield Keyframe((*landed, *compose_look(trace, at)), 1.0)


def _grow(item: Item, at: Pair) -> Item:
    """Return an item; the number of an output at a place grows out of its calculation."""
    origins = {f"{mode} {at[0]} {at[1]}": f"sum {mode}" for mode in NAMES}
    return replace(item, origin=origins[item.name]) if isinstance(item, Line) and item.name in origins else item


def compose_panel(trace: PoolingCompareTrace, step: int) -> list[Item]:
    """Return the small picture of one step: a window and its three results; at the last step, the three outputs."""
    if step == len(trace.places):
        return list(_draw_outputs(trace))
    at = trace.places[step]
    values = trace.window(at).reshape(trace.pool_size, trace.pool_size)
    table = place("window", values, 30, 165, min(80.0, 180 / trace.pool_size), PANEL_SMALLEST)
    items: list[Item] = [*draw_table(table, values, "input"), ring("frame", table, (0, 0), values.shape, line=4.0)]
    items.append(say("heading", f"row {at[0] + 1}, column {at[1] + 1}", table.middle, 46, 17, "window", is_bold=True))
    for mode, y in zip(NAMES, (115, 172, 229), strict=True):
        items.append(say(f"name {mode}", NAMES[mode], 310, y, 17, "muted", "right"))
        items.append(say(f"result {mode}", write_number(trace.outputs[mode][at]), 322, y, 21, "output", "left"))
    return items


def _draw_outputs(trace: PoolingCompareTrace) -> Iterator[Item]:
    """Yield the three outputs side by side."""
    cell = 132.0 / MOST
    for (mode, output), middle in zip(trace.outputs.items(), (70.0, 210.0, 350.0), strict=True):
        yield say(f"name {mode}", NAMES[mode], middle, 80, 17, "output", is_bold=True)
        table = place(mode, output, middle - cell * trace.shape[1] / 2, 165, cell, PANEL_SMALLEST)
        yield from draw_table(table, output, "output")
