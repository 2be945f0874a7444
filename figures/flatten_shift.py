"""Flatten gives each cell of a map its own place in the row: move the input, and the large values stand elsewhere.

Whatever follows Flatten has a weight for each place, and has learned nothing for the others. Global max pooling gives
each map one place, whichever cell is the largest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, still
from figures.parts.arithmetic import Array, Pair
from figures.parts.keyframes import PANEL_SMALLEST, Box, Item, Line, Rules, Shades, draw_items, say, shade
from figures.parts.layout import PANEL, Run
from figures.parts.shifting import move
from figures.parts.words import Description, count_noun, join, times, write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


LARGEST, MOST, MOST_MAPS, LONGEST = 32, 120, 3, 6  # sides of the input, places of the row, maps, characters of a number


@dataclass(frozen=True, slots=True)
class State:
    """The input at one place, and what becomes of it: maps (height, width, channels) and the row that Flatten makes."""

    input: Array
    maps: Array

    @property
    def row(self) -> Array:
        """All values of the maps in Keras's order: pixel by pixel, and within a pixel channel by channel."""
        return self.maps.reshape(-1)

    @property
    def largest(self) -> Array:
        """The largest value of each map (channels,): what global max pooling keeps."""
        return np.asarray(self.maps.max(axis=(0, 1)))


@dataclass(frozen=True, slots=True)
class FlattenShiftTrace:
    """The input at rest and moved by `shift` (rows down, columns to the right)."""

    kernels: Array
    pool_size: int
    shift: Pair
    rest: State
    moved: State

    def lit(self, state: State) -> Array:
        """Return which places of the row are lit: at least half as large as the largest value of their map at rest."""
        return np.asarray((state.maps >= self.rest.largest / 2).reshape(-1))


def trace(
    *, input: ArrayLike, kernels: ArrayLike, pool_size: int = 4, shift: Sequence[int] = (0, 4)
) -> FlattenShiftTrace:
    """Return maps of an input at rest and moved, and the row that Flatten makes of either.

    input: a table (height, width) on a background of 0. kernels: (count, height, width), one to three; each gives a map
    by a convolution, ReLU and max pooling in windows of `pool_size`. shift: (rows down, columns to the right), in
    pixels. Raises ValueError for more places than can be drawn, if the object would leave the picture, and for a map
    that is 0 everywhere.
    """
    image = arithmetic.read_matrix(input, "input")
    if max(image.shape) > LARGEST:
        raise ValueError(f"input is {times(image.shape)}; give at most {LARGEST} × {LARGEST} pixels")
    weights = arithmetic.read_values(kernels, "kernels", "count, height, width")
    if len(weights) > MOST_MAPS:
        raise ValueError(f"there are {len(weights)} kernels; give 1 to {MOST_MAPS}")
    size, way = arithmetic.read_count(pool_size, "pool_size", LARGEST), _read_shift(shift)
    moved = move(image, way)
    if np.count_nonzero(moved) < np.count_nonzero(image):
        raise ValueError(f"a shift of {way} moves a part of the object out of the picture; take a smaller one")
    rest = _look(image, weights, size)
    if rest.row.size > MOST:
        raise ValueError(f"the maps have {rest.row.size} values; at most {MOST} fit, take a larger pool_size")
    if not rest.largest.all():
        raise ValueError("a map is 0 everywhere, so nothing can be seen in it; take another kernel")
    longest = max((write_number(value) for value in rest.largest), key=len)
    if len(longest) > LONGEST:
        raise ValueError(f"{longest} is too long for its cell; give numbers of at most {LONGEST} characters")
    return FlattenShiftTrace(weights, size, way, rest, _look(moved, weights, size))


def _read_shift(shift: Sequence[int]) -> Pair:
    """Return a shift as (rows down, columns to the right); raise ValueError if it is not one."""
    numbers: list[Any] = list(shift) if isinstance(shift, (list, tuple)) else [shift]
    if len(numbers) != 2 or not all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in numbers):
        raise ValueError(f"shift is {shift!r}; give a pair of whole numbers, (rows, columns)")
    if not any(numbers):
        raise ValueError("shift is (0, 0); move the input, else nothing changes")
    return int(numbers[0]), int(numbers[1])


def _look(image: Array, kernels: Array, pool_size: int) -> State:
    """Return the maps of one input."""
    maps = [np.maximum(arithmetic.correlate2d(image, kernel), 0) for kernel in kernels]
    return State(image, np.stack([arithmetic.pool2d(values, pool_size) for values in maps], axis=-1))


def say_shift(shift: Pair) -> str:
    """Return a shift in words.

    >>> say_shift((0, 4)), say_shift((-1, 2))
    ('4 pixels to the right', '1 pixel up and 2 pixels to the right')
    """
    names = (("down", "up"), ("to the right", "to the left"))
    return join(
        [f"{count_noun(abs(way), 'pixel')} {name[way < 0]}" for way, name in zip(shift, names, strict=True) if way]
    )


def describe(trace: FlattenShiftTrace) -> Description:
    """Return the alt text, a sentence for each step, and the facts: how many places are lit, and again after."""
    before, after = trace.lit(trace.rest), trace.lit(trace.moved)
    height, width, maps = trace.rest.maps.shape
    size, again = before.size, int((before & after).sum())
    shape = times(trace.rest.maps.shape)
    steps = (
        f"Flatten writes {shape} values into a row of {size} places, pixel by pixel. The last pixel, row {height} and "
        f"column {width}, goes to the last {'place' if maps == 1 else f'{maps} places'}. At rest, the object lights "
        f"{count_noun(int(before.sum()), 'place')}.",
        f"Moved {say_shift(trace.shift)}, the object lights {count_noun(int(after.sum()), 'place')}, {again} of them "
        "lit before.",
        f"Global max pooling leaves one place for each map: {_say_largest(trace)}.",
    )
    alt = (
        f"A picture of {times(trace.rest.input.shape)} pixels, its {count_noun(maps, 'map')} of {height} × {width} "
        f"values after convolution, ReLU and max pooling in windows of {times((trace.pool_size,) * 2)}, and the row "
        f"that Flatten makes of them, with the object at rest and moved. A place is lit where a value is at "
        f"least half the largest of its map at rest. {' '.join(steps)}"
    )
    facts = {
        "shape": {"height": height, "width": width, "channels": maps},
        "places": size,
        "lit": {"rest": int(before.sum()), "moved": int(after.sum()), "both": again},
        "largest": {"rest": trace.rest.largest.tolist(), "moved": trace.moved.largest.tolist()},
        "shift": list(trace.shift),
        "global_places": maps,
    }
    return Description(alt, steps, facts)


def _say_largest(trace: FlattenShiftTrace) -> str:
    """Return what global max pooling keeps of each map, at rest and moved."""
    pairs = zip(trace.rest.largest, trace.moved.largest, strict=True)
    return join(
        [
            f"map {k} has {write_number(one)} before and {write_number(two)} after"
            for k, (one, two) in enumerate(pairs, 1)
        ]
    )


def draw(trace: FlattenShiftTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole picture as it is at the end, or the small panel of one `step`."""
    if step is None:
        return draw_items(compose(trace, 3), theme)
    return draw_items(compose_panel(trace, step), theme, PANEL)


def draw_narrow(trace: FlattenShiftTrace, theme: "Theme") -> "Figure":
    """Return the whole picture as it is at the end, for a narrow page: input, maps, rows, and largest values."""
    from figures.parts.narrow import move_items, narrow_sheet

    image, *maps = place_maps(trace, trace.moved)
    across = maps[-1].left + maps[-1].width - maps[0].left
    scale, below = min(1.0, 520 / across), 290.0
    rows = below + scale * maps[0].height + 70
    count = len(trace.rest.largest)
    sheet = narrow_sheet(rows + 170 + 0.79 * (130 + 66 * count))
    names = [
        say(
            f"{each.name} name",
            each.name,
            each.left + each.width / 2,
            TOP - 18 / scale,
            20 / scale,
            "output",
            is_bold=True,
        )
        for each in maps
    ]
    items = [
        *move_items([image], (MARGIN, TOP), (20, 50), 180 / max(image.width, image.height)),
        Line(
            "input name",
            (("input ", "input"), (f"moved {_short(trace.shift)}", "window")),
            20,
            34,
            20,
            "left",
            is_bold=True,
        ),
        say("layers 1", "convolve, then", 230, 130, 20, "kernel", "left"),
        say("layers 2", f"max pooling {times((trace.pool_size,) * 2)}", 230, 160, 20, "kernel", "left"),
        *move_items([*maps, *names], (maps[0].left, TOP), (280 - scale * across / 2, below), scale),
        *_draw_narrow_rows(trace, rows),
        *move_items(_write_largest(trace), (NUMBERS[0] - 104, TOP - 44), (100, rows + 160), 0.79),
    ]
    return draw_items(items, theme, sheet)


def _draw_narrow_rows(trace: FlattenShiftTrace, top: float) -> list[Item]:
    """Return both rows with what is lit in them, for a narrow page; the upper one begins at `top`."""
    limits = still.color_limits(trace.rest.maps, trace.moved.maps)
    before, after = trace.lit(trace.rest), trace.lit(trace.moved)
    cell = min(TALL, 520 / trace.rest.row.size)
    rest, moved = (
        shade(f"row {k}", np.repeat(state.row[None], max(1, round(26 / cell)), axis=0), 20, y, cell, limits)
        for k, (state, y) in enumerate(((trace.rest, top), (trace.moved, top + 80)))
    )
    runs = ((f"{before.size} places in a row, ", "output"), (f"{before.sum()} lit at rest", "ink"))
    words = f"{after.sum()} lit when moved, {(before & after).sum()} of them as before"
    return [
        Line("row name", runs, 20, top - 14, 19, "left", is_bold=True, limit=520),
        rest,
        moved,
        *_mark_lit(rest, before, is_below=True),
        *_mark_lit(moved, after, is_below=False),
        *_connect(trace, rest, moved),
        Line("moved name", ((words, "window"),), 20, top + 134, 19, "left", is_bold=True, limit=520),
    ]


def animate(trace: FlattenShiftTrace, scene: "Scene") -> None:
    """Fill the row, follow the last pixel into it, move the object, pool globally; a mark after each of the steps."""
    from figures.parts.map_film import MapPlayer

    player = MapPlayer(scene)
    player.begin(compose(trace, 0))
    scene.mark("The object, its maps, and a row that has a place for each of their cells.")
    for step, sentence in enumerate(describe(trace).steps, start=1):
        if step == 1:
            for line in range(1, trace.rest.maps.shape[0] + 1):
                player.turn(compose(trace, 0, filled=line), 0.4)
            player.turn(compose(trace, 0, filled=line, is_last=True), 0.4, wait=0.2)
        player.turn(compose(trace, step), 1.2, wait=0.5)
        scene.mark(sentence)


# The layout, shared by the still and the film, in pixels: the input, its maps and their largest values above; below the
# row at rest, and under it the row of the moved input.
SIDE, TOP, MARGIN = 252.0, 84.0, 48.0  # the longer side of an input or a map at most; top of both
MAPS, GAP = (452.0, 1172.0), 30.0  # where maps stand, and the distance between them
ROWS, BAR = (470.0, 608.0), 8.0  # tops of the rows, and how far from them the bars stand that say what is lit
TALL = 40.0  # height of the rows, about, and width of a place at most
NUMBERS = (1316.0, 1440.0)  # middles of the columns of largest values


def compose(trace: FlattenShiftTrace, step: int, filled: int | None = None, *, is_last: bool = False) -> list[Item]:
    """Return the slide after so many steps; filled: how many rows of the maps stand in the row while it is filled.

    is_last: the frames of the last pixel still stand in the maps.
    """
    state = trace.moved if step >= 2 else trace.rest
    lines = trace.rest.maps.shape[0] if step else (filled or 0)
    maps, row = place_maps(trace, state), place_row(trace, trace.rest, 0, lines)
    items: list[Item] = [*maps, row, *_name(trace, step)]
    if filled and not is_last:
        items += [
            Box(f"line {each.name}", *each.edges((filled - 1, 0), (1, len(each.values[0]))), "window", line=5)
            for each in maps[1:]
        ]
    if step == 1 or is_last:
        items += _follow(maps[1:], row, is_there=step == 1)
    if step:
        items += _mark_lit(row, trace.lit(trace.rest), is_below=True)
    if step >= 2:
        moved = place_row(trace, state, 1, lines)
        items += [moved, *_mark_lit(moved, trace.lit(state), is_below=False), *_connect(trace, row, moved)]
    return [*items, *(_write_largest(trace) if step >= 3 else [])]


def place_maps(trace: FlattenShiftTrace, state: State) -> list[Shades]:
    """Return the input and its maps, side by side; the maps share one color scale."""
    image, (height, width, count) = state.input, state.maps.shape
    pixel, cell = (
        SIDE // max(image.shape),
        min(SIDE // max(height, width), (MAPS[1] - MAPS[0] - GAP * (count - 1)) // (count * width)),
    )
    left = (MAPS[0] + MAPS[1] - count * width * cell - GAP * (count - 1)) / 2
    limits = still.color_limits(trace.rest.maps, trace.moved.maps)
    ink = (0.0, float(image.max()))
    return [
        shade("input", np.maximum(image, 0), MARGIN, TOP, pixel, ink, "input", is_image=True),
        *(
            shade(f"map {k + 1}", state.maps[..., k], left + k * (width * cell + GAP), TOP, cell, limits)
            for k in range(count)
        ),
    ]


def place_row(trace: FlattenShiftTrace, state: State, line: int, filled: int) -> Shades:
    """Return the row of one state; of the map's rows, only the first `filled` stand in it."""
    values = state.row.copy()
    values[filled * trace.rest.maps.shape[1] * trace.rest.maps.shape[2] :] = 0
    limits = still.color_limits(trace.rest.maps, trace.moved.maps)
    cell = min(TALL, (1536 - 2 * MARGIN) / values.size)
    tall = np.repeat(values[None], max(1, round(TALL / cell)), axis=0)  # a place is narrow, and tall enough to be seen
    return shade(f"row {line}", tall, (1536 - cell * values.size) / 2, ROWS[line], cell, limits)


def _name(trace: FlattenShiftTrace, step: int) -> list[Item]:
    """Return the names of what is shown."""
    maps = place_maps(trace, trace.rest)
    before, after = trace.lit(trace.rest), trace.lit(trace.moved)
    where = f"moved {_short(trace.shift)}" if step >= 2 else "at rest"
    start, end, y = maps[0].left + maps[0].width + 16, maps[1].left - 16, TOP + SIDE / 2
    head = (((end - 11, y - 8), (end, y)), ((end - 11, y + 8), (end, y)))
    runs: tuple[Run, ...] = ((f"{before.size} places in a row{', ' if step else ''}", "output"),)
    if step:
        runs += ((f"{before.sum()} lit at rest", "ink"),)
    items: list[Item] = [
        Line("input name", (("input ", "input"), (where, "window")), MARGIN, TOP - 18, 27, "left", is_bold=True),
        *(
            say(f"{each.name} name", each.name, each.left + each.width / 2, TOP - 18, 27, "output", is_bold=True)
            for each in maps[1:]
        ),
        Rules("arrow", (((start, y), (end, y)), *head), "kernel", 2.6),
        Line("layers 1", (("convolve", "kernel"),), (start + end) / 2, y - 16, 24, limit=end - start),
        Line("layers 2", (("max pooling", "kernel"),), (start + end) / 2, y + 34, 24, limit=end - start),
        Line("layers 3", ((times((trace.pool_size,) * 2), "kernel"),), (start + end) / 2, y + 62, 24),
        Line("row name", runs, MARGIN, ROWS[0] - 18, 27, "left", is_bold=True),
    ]
    if step >= 2:
        words = f"{after.sum()} lit when moved, {(before & after).sum()} of them as before"
        items.append(
            say(
                "moved name",
                words,
                MARGIN,
                ROWS[1] + place_row(trace, trace.moved, 1, 0).height + 36,
                27,
                "window",
                "left",
                is_bold=True,
            )
        )
    return items


def _short(shift: Pair) -> str:
    """Return a shift in few words: "4 right"."""
    names = (("down", "up"), ("right", "left"))
    return ", ".join(f"{abs(way)} {name[way < 0]}" for way, name in zip(shift, names, strict=True) if way)


def _follow(maps: Sequence[Shades], row: Shades, *, is_there: bool) -> list[Item]:
    """Return the frames of the last pixel, in the maps or at their places in the row, and the way that they take."""
    items: list[Item] = []
    for k, each in enumerate(maps):
        corner = (len(each.values) - 1, len(each.values[0]) - 1)
        start = each.edges(corner, (1, 1))
        end = row.edges((0, len(row.values[0]) - len(maps) + k), (len(row.values), 1))
        items.append(Box(f"follow {k}", *(end if is_there else start), "window", line=5))
        if is_there:
            x, y, level = start[0] + start[2] / 2, start[1] + start[3], TOP + SIDE + 34 + 14 * k
            to = end[0] + end[2] / 2
            items.append(
                Rules(
                    f"way {k}",
                    (((x, y), (x, level)), ((x, level), (to, level)), ((to, level), (to, end[1]))),
                    "window",
                    2.6,
                )
            )
            items.append(Box(f"start {k}", *start, "window", line=5))
    return items


def _mark_lit(row: Shades, lit: Array, *, is_below: bool) -> list[Item]:
    """Return a bar below or above each place of a row that is lit."""
    y = row.top + row.height + BAR if is_below else row.top - BAR
    starts = [row.left + place * row.cell + 1.5 for place in np.flatnonzero(lit)]
    return (
        [Rules(f"{row.name} lit", tuple(((x, y), (x + row.cell - 3, y)) for x in starts), "window", 6)]
        if starts
        else []
    )


def _connect(trace: FlattenShiftTrace, row: Shades, moved: Shades) -> list[Item]:
    """Return a line for each place that is lit in both rows."""
    both = np.flatnonzero(trace.lit(trace.rest) & trace.lit(trace.moved))
    middles = [row.left + (place + 0.5) * row.cell for place in both]
    ends = (row.top + row.height + BAR, moved.top - BAR)
    return [Rules("both", tuple(((x, ends[0]), (x, ends[1])) for x in middles), "window", 3.4)] if middles else []


def _write_largest(trace: FlattenShiftTrace) -> list[Item]:
    """Return the largest value of each map, at rest and moved, as a table at the right."""
    count, middle = len(trace.rest.largest), sum(NUMBERS) / 2
    items: list[Item] = [say("global", "global max", middle, TOP - 18, 27, "output", is_bold=True)]
    for x, name, values in zip(NUMBERS, ("at rest", "moved"), (trace.rest.largest, trace.moved.largest), strict=True):
        items.append(say(f"global {name}", name, x, TOP + 22, 24, "window" if name == "moved" else "muted"))
        for k, value in enumerate(values):
            top = TOP + 42 + 66 * k
            items.append(Box(f"global {name} box {k}", x - 56, top, 112, 54, "output", "output_tint"))
            items.append(
                Line(f"global {name} {k}", ((write_number(value), "ink"),), x, top + 38, 30, is_bold=True, limit=100)
            )
    items += [
        say(f"global map {k}", f"{k + 1}", NUMBERS[0] - 74, TOP + 80 + 66 * k, 24, "output", "right", is_bold=True)
        for k in range(count)
    ]
    items.append(
        say(
            "global places",
            f"{count_noun(count, 'place')}, always",
            middle,
            TOP + 80 + 66 * count,
            27,
            "ink",
            is_bold=True,
        )
    )
    return items


def compose_panel(trace: FlattenShiftTrace, step: int) -> list[Item]:
    """Return the small panel of a step: maps above their row, the two rows, or the largest values."""
    if step == 2:
        return _panel_of_largest(trace)
    states = [(trace.rest, "at rest"), (trace.moved, "moved")][: step + 1]
    limits = still.color_limits(trace.rest.maps, trace.moved.maps)
    cell = (PANEL.width - 24) / trace.rest.row.size
    items: list[Item] = []
    for line, (state, name) in enumerate(states):
        y = 254.0 if step == 0 else 90.0 + 92 * line
        words = f"{name}: {trace.lit(state).sum()} of {count_noun(state.row.size, 'place')} lit"
        items.append(say(f"{name} words", words, 12, y - 12, 18, "ink", "left"))
        items.append(
            shade(f"{name} row", np.repeat(state.row[None], max(1, int(24 // cell)), axis=0), 12, y, cell, limits)
        )
    if step == 0:
        return [*items, *_panel_of_maps(trace)]
    again = int((trace.lit(trace.rest) & trace.lit(trace.moved)).sum())
    return [*items, say("again", f"{again} of them lit both times", PANEL.width / 2, 286, 19, "window", is_bold=True)]


def _panel_of_maps(trace: FlattenShiftTrace) -> list[Item]:
    """Return the maps at rest, small, side by side."""
    height, width, count = trace.rest.maps.shape
    room = (PANEL.width - 24) / count
    cell = min((room - 14) / width, 150 / height)
    items: list[Item] = []
    for k in range(count):
        middle = 12 + (k + 0.5) * room
        values, limits = trace.rest.maps[..., k], still.color_limits(trace.rest.maps, trace.moved.maps)
        items.append(say(f"map {k} name", f"map {k + 1}", middle, 34, PANEL_SMALLEST, "output"))
        items.append(shade(f"map {k}", values, middle - width * cell / 2, 46, cell, limits))
    return items


def _panel_of_largest(trace: FlattenShiftTrace) -> list[Item]:
    """Return the largest value of each map, at rest and moved."""
    items: list[Item] = [say("name", "global max", PANEL.width / 2, 44, 19, "output", is_bold=True)]
    columns = ((190, "at rest", trace.rest.largest), (320, "moved", trace.moved.largest))
    for x, name, values in columns:
        items.append(say(name, name, x, 84, 17, "muted"))
        for k, value in enumerate(values):
            items.append(say(f"{name} {k}", write_number(value), x, 130 + 48 * k, 24, "ink", is_bold=True))
    count = len(trace.rest.largest)
    return [*items, *(say(f"map {k}", f"map {k + 1}", 40, 130 + 48 * k, 18, "output", "left") for k in range(count))]
