"""An object slides, and its feature map slides with it, pixel by pixel; after pooling that holds only now and then.

A pooled map can move by whole cells only, and each of them stands for several pixels. A shift by a multiple of the
pooling's stride moves the pooled map and leaves it as it is; after any other shift there are, but for rare inputs,
other numbers, and not the same numbers elsewhere.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, still
from figures.parts.arithmetic import Array
from figures.parts.keyframes import PANEL_SMALLEST, Box, Item, Line, Rules, Shades, draw_items, say, shade
from figures.parts.layout import PANEL
from figures.parts.shifting import crop, move, relative_error
from figures.parts.words import Description, about, count_noun, join, times, write_fixed, write_number

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


FURTHEST, LARGEST_POOL, LARGEST = 6, 4, 44  # pixels of a shift, side of a pooling window, side of the picture
NAMES = {"max": "Max pooling", "average": "Average pooling", "strided": "Keeping every top left value"}
SHORT = {"max": "max pooling", "average": "mean pooling", "strided": "top left value"}
PANEL_NAMES = {
    "input": "input",
    "map": "its map",
    "pooled": "pooled",
    "fitted": "at rest, moved",
    "difference": "difference",
}


@dataclass(frozen=True, slots=True)
class Shift:
    """The object moved `distance` pixels to the right, its map, and the map pooled, all (height, width).

    moved: by how many cells the pooled map at rest is moved to fit best. fitted: that map.
    """

    distance: int
    input: Array
    map: Array
    pooled: Array
    moved: int
    fitted: Array

    @property
    def difference(self) -> Array:
        """The pooled map minus the one at rest that was moved."""
        return np.asarray(self.pooled - self.fitted)

    @property
    def is_exact(self) -> bool:
        """Whether the pooled map has only moved."""
        return not self.difference.any()

    @property
    def error(self) -> float:
        """The norm of the difference, relative to that of the pooled map."""
        return relative_error(self.pooled, self.fitted)


@dataclass(frozen=True, slots=True)
class ShiftAndPoolTrace:
    """The object at rest (`shifts[0]`) and moved pixel by pixel, each with both maps; the stride is `pool_size`."""

    kernel: Array
    pool_size: int
    mode: str
    shifts: tuple[Shift, ...]

    @property
    def key(self) -> int:
        """The shift that the still shows: the last that is not exact, or else the last."""
        broken = [shift.distance for shift in self.shifts if not shift.is_exact]
        return broken[-1] if broken else len(self.shifts) - 1


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    pool_size: int = 2,
    mode: Literal["max", "average", "strided"] = "max",
    furthest: int = 4,
) -> ShiftAndPoolTrace:
    """Return an object moved to the right by 0 to `furthest` pixels, its map after ReLU, and that map pooled.

    input: a table (height, width); its blank border is cut off, and enough background (0) is added that neither the
    object nor its map leaves the picture. pool_size: side and stride of the pooling window. mode: "max", "average" or
    "strided", which keeps the top left value of each window. furthest: at least pool_size, so that one of the shifts is
    a multiple of it. Raises ValueError for what cannot be drawn, and for an input or a map that is 0 everywhere.
    """
    size = arithmetic.read_count(pool_size, "pool_size", LARGEST_POOL)
    most = arithmetic.read_count(furthest, "furthest", FURTHEST)
    if size < 2 or most < size:
        raise ValueError(f"pool_size is {size} and furthest {most}; pool at least 2 × 2, and move at least that far")
    weights = arithmetic.read_matrix(kernel, "kernel")
    canvas = _embed(crop(arithmetic.read_matrix(input, "input")), (weights.shape[0], weights.shape[1]), size, most)
    seen = [move(canvas, (0, distance)) for distance in range(most + 1)]
    maps = [np.maximum(arithmetic.correlate2d(image, weights), 0) for image in seen]
    pooled = [arithmetic.pool2d(values, size, mode=mode) for values in maps]
    if not pooled[0].any():
        raise ValueError("the pooled map is 0 everywhere, so no shift can be seen in it; take another kernel")
    moved = [_fit(values, pooled[0], distance, size) for distance, values in enumerate(pooled)]
    shifts = (
        Shift(distance, seen[distance], maps[distance], pooled[distance], cells, move(pooled[0], (0, cells)))
        for distance, cells in enumerate(moved)
    )
    return ShiftAndPoolTrace(weights, size, mode, tuple(shifts))


def _embed(image: Array, kernel: tuple[int, int], pool_size: int, furthest: int) -> Array:
    """Return the object on a background into which all windows fit that touch it, and whole pooling windows."""
    reach = [size - 1 for size in kernel]
    height, width = image.shape[0] + 2 * reach[0] + 2, image.shape[1] + 2 * reach[1] + furthest + 2
    more = [-(size - gap) % pool_size for size, gap in zip((height, width), reach, strict=True)]
    canvas = np.pad(image, ((reach[0] + 1, reach[0] + 1 + more[0]), (reach[1] + 1, reach[1] + furthest + 1 + more[1])))
    if max(canvas.shape) > LARGEST:
        raise ValueError(f"input and shifts need {times(canvas.shape)} pixels; at most {LARGEST} × {LARGEST} fit")
    return canvas


def _fit(pooled: Array, rest: Array, distance: int, pool_size: int) -> int:
    """Return by how many cells the pooled map at rest moves to fit best: distance / pool_size, rounded down or up."""
    choices = sorted({distance // pool_size, -(-distance // pool_size)})
    return min(choices, key=lambda cells: float(np.linalg.norm(pooled - move(rest, (0, cells)))))


def write_error(shift: Shift) -> str:
    """Return the relative error with two decimals, "0" if it is exactly that, "< 0.01" if it only rounds to it."""
    if shift.is_exact:
        return "0"
    return write_fixed(shift.error) if shift.error >= 0.005 else "< 0.01"


def describe(trace: ShiftAndPoolTrace) -> Description:
    """Return the alt text, a sentence for each step of the film, and the facts: the error at each shift."""
    rest, moved = trace.shifts[0], trace.shifts[1:]
    errors = join([f"{write_error(shift)} after {shift.distance}" for shift in moved])
    alt = (
        f"A picture of {times(rest.input.shape)} pixels, whose object moves to the right by 1 to {len(moved)} pixels, "
        f"above its feature map. The map, {times(rest.map.shape)}, moves along: the difference is exactly 0 each time. "
        f"{NAMES[trace.mode]} in windows of {times((trace.pool_size,) * 2)} leaves {times(rest.pooled.shape)} cells, "
        f"and a pooled map can only move by whole cells. Its relative error, by pixels moved: {errors}."
    )
    facts = {
        "shifts": [shift.distance for shift in moved],
        "errors": [shift.error for shift in moved],
        "exact": [shift.is_exact for shift in moved],
        "largest_error": max(shift.error for shift in moved),
        "shape": {"height": rest.map.shape[0], "width": rest.map.shape[1]},
        "pooled": {"height": rest.pooled.shape[0], "width": rest.pooled.shape[1]},
        "pool_size": trace.pool_size,
    }
    return Description(alt, tuple(_say(trace, group) for group in find_steps(trace)), facts)


def find_steps(trace: ShiftAndPoolTrace) -> list[tuple[int, ...]]:
    """Return the shifts of each step: (-1,) all of the unpooled map, (0,) pooling at rest, then pooled shifts."""
    size, furthest = trace.pool_size, len(trace.shifts) - 1
    groups = [(-1,), (0,), (1,), tuple(range(2, size + 1)), tuple(range(size + 1, furthest + 1))]
    return [group for group in groups if group]


def _say(trace: ShiftAndPoolTrace, group: tuple[int, ...]) -> str:
    """Return the sentence of one step."""
    if group == (-1,):
        last = len(trace.shifts) - 1
        return (
            f"The object moves {count_noun(last, 'pixel')} to the right, one by one, and the map moves with it: the "
            "difference is exactly 0 each time."
        )
    if group == (0,):
        rest = trace.shifts[0]
        return (
            f"{NAMES[trace.mode]} in windows of {times((trace.pool_size,) * 2)} makes {times(rest.pooled.shape)} cells "
            f"of {times(rest.map.shape)}: one cell for {trace.pool_size} pixels in each direction."
        )
    return " ".join(_say_shift(trace, trace.shifts[distance]) for distance in group)


def _say_shift(trace: ShiftAndPoolTrace, shift: Shift) -> str:
    """Return the sentence about one shift."""
    pixels, cells = count_noun(shift.distance, "pixel"), count_noun(shift.moved, "cell")
    if shift.is_exact:
        return f"Moved {pixels}: the pooled map has moved {cells}; the difference is exactly 0."
    need = shift.distance / trace.pool_size
    return (
        f"Moved {pixels}: the pooled map would have to move {about([need])}{write_number(need)} cells, but it can only "
        f"move by whole cells; the best fit, {cells}, leaves a relative error of {write_error(shift)}."
    )


def draw(trace: ShiftAndPoolTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole picture at the shift `trace.key`, or the small panel of one `step`."""
    last = len(trace.shifts) - 1
    if step is None:
        return draw_items(compose(trace, trace.key, (last, last), is_pooled=True), theme)
    return draw_items(compose_panel(trace, find_steps(trace)[step]), theme, PANEL)


def animate(trace: ShiftAndPoolTrace, scene: "Scene") -> None:
    """Slide the object over its map, pool, and slide again; a mark after the opening and after each step."""
    from figures.parts.map_film import MapPlayer

    player = MapPlayer(scene)
    player.begin(compose(trace, 0))
    scene.mark("The object is at rest, above its feature map.")
    for group, sentence in zip(find_steps(trace), describe(trace).steps, strict=True):
        for pieces, seconds in _play(trace, group):
            player.turn(pieces, seconds, wait=0.3)
        scene.mark(sentence)


def _play(trace: ShiftAndPoolTrace, group: tuple[int, ...]) -> list[tuple[list[Item], float]]:
    """Return the pictures of a step, each with the seconds that it takes to get there."""
    last = len(trace.shifts) - 1
    if group == (-1,):
        return [(compose(trace, way, (way, 0)), 0.5) for way in range(1, last + 1)]
    if group == (0,):
        return [(compose(trace, 0, (last, 0)), 0.7), (compose(trace, 0, (last, 0), is_pooled=True), 0.7)]
    return [(compose(trace, way, (last, way), is_pooled=True), 0.9) for way in group]


# The layout, shared by the still and the film, in pixels: the object above its map; beside the map what pooling makes
# of it, and above that the pooled map at rest, moved; then their difference, above the table of errors.
SIDE, TOP, LOW = 286.0, 78.0, 426.0  # the longer side of a map at most; tops of the upper and the lower row
LEFTS = (52.0, 560.0, 1068.0)
ALONE = 300.0  # how much further right the object and its map stand while there is no pooling
TABLE, LABEL = 416.0, 116.0  # widths of the table of errors and of its first column


def compose(
    trace: ShiftAndPoolTrace, at: int, known: tuple[int, int] = (0, 0), *, is_pooled: bool = False
) -> list[Item]:
    """Return the slide with the object moved `at` pixels; `known`: of how many shifts the errors stand in the table."""
    maps = place_maps(trace, trace.shifts[at], 0 if is_pooled else ALONE)
    shown = [maps[name] for name in ("input", "map", *(["pooled", "fitted"] if is_pooled else []))]
    shown += [maps["difference"]] if is_pooled and at else []
    pieces: list[Item] = [*shown, *_head_columns(trace, at, is_pooled=is_pooled), *_write_table(trace, known)]
    for piece in shown:
        if piece.name != "difference":
            pieces += _frame(piece, trace, at, is_pooled=is_pooled)
    return pieces


def place_maps(trace: ShiftAndPoolTrace, shift: Shift, indent: float = 0) -> dict[str, Shades]:
    """Return the five maps of one shift by name, `indent` pixels further right; maps share one color scale."""
    pixel = float(int(SIDE / max(shift.input.shape)))
    both = [values for each in trace.shifts for values in (each.map, each.difference)]
    common, ink = still.color_limits(*both), (0.0, float(np.max(shift.input)))
    spots = {
        "input": (shift.input, 0, TOP, pixel), "map": (shift.map, 0, LOW, pixel),
        "pooled": (shift.pooled, 1, LOW, pixel * trace.pool_size),
        "fitted": (shift.fitted, 1, TOP, pixel * trace.pool_size),
        "difference": (shift.difference, 2, TOP, pixel * trace.pool_size),
    }  # fmt: skip
    return {
        name: shade(
            name, values, indent + LEFTS[column] + (SIDE - values.shape[1] * cell) // 2,
            top + (SIDE - values.shape[0] * cell) // 2, cell, ink if name == "input" else common,
            {"input": "input", "difference": "muted"}.get(name, "output"), is_image=name == "input",
        )
        for name, (values, column, top, cell) in spots.items()
    }  # fmt: skip


def _head_columns(trace: ShiftAndPoolTrace, at: int, *, is_pooled: bool) -> list[Item]:
    """Return the names above the maps that are shown, and the arrows between them."""
    shift, size = trace.shifts[at], 27
    where = f"moved {count_noun(at, 'pixel')}" if at else "at rest"
    middles = [left + SIDE / 2 + (0 if is_pooled else ALONE) for left in LEFTS]
    items: list[Item] = [
        Line("input name", (("input ", "input"), (where, "window")), middles[0], TOP - 14, size, is_bold=True),
        say("map name", "its feature map", middles[0], LOW - 14, size, "output", is_bold=True),
    ]
    if not is_pooled:
        return items
    cells = f"at rest, moved {count_noun(shift.moved, 'cell')}" if at else "at rest"
    items += [
        say("pooled name", "pooled", middles[1], LOW - 14, size, "output", is_bold=True),
        say("fitted name", f"pooled {cells}", middles[1], TOP - 14, size, "output", is_bold=True),
        *_arrow("pool", 0, LOW + SIDE / 2, "window"),
    ]
    for line, text in enumerate((SHORT[trace.mode], times((trace.pool_size,) * 2))):
        y = LOW + SIDE / 2 + (-14 if line == 0 else 32)
        items.append(say(f"pool {line}", text, (LEFTS[0] + SIDE + LEFTS[1]) / 2, y, 24, "window"))
    if at:
        items += [
            say("difference name", "difference", middles[2], TOP - 14, size, "ink", is_bold=True),
            *_arrow("compare", 1, TOP + SIDE / 2, "muted"),
            *_lead_up(),
            *_verdict(trace, shift),
        ]
    return items


def _arrow(name: str, column: int, y: float, role: str) -> list[Item]:
    """Return an arrow from one column to the next."""
    start, end = LEFTS[column] + SIDE + 22, LEFTS[column + 1] - 22
    head = (((end - 11, y - 8), (end, y)), ((end - 11, y + 8), (end, y)))
    return [Rules(f"{name} arrow", (((start, y), (end, y)), *head), role, 2.6)]


def _lead_up() -> list[Item]:
    """Return the line that leads from the pooled map up to the arrow of the comparison."""
    start, y, end = LEFTS[1] + SIDE + 22, LOW + SIDE / 2, TOP + SIDE / 2
    x = start + 56
    return [Rules("compare line", (((start, y), (x, y)), ((x, y), (x, end))), "muted", 2.6)]


def _verdict(trace: ShiftAndPoolTrace, shift: Shift) -> list[Item]:
    """Return what the difference is, between the difference and the table."""
    text, role = ("exactly 0", "output") if shift.is_exact else (f"relative error {write_error(shift)}", "wrong")
    y = TOP + SIDE + 42
    items: list[Item] = [say("verdict", text, LEFTS[2] + SIDE / 2, y, 30, role, is_bold=True)]
    if not shift.is_exact:
        cells = shift.distance / trace.pool_size
        need = f"it would have to move {about([cells])}{write_number(cells)} cells"
        items.append(say("reason", need, LEFTS[2] + SIDE / 2, y + 36, 24, "muted"))
    return items


def _frame(piece: Shades, trace: ShiftAndPoolTrace, at: int, *, is_pooled: bool) -> list[Item]:
    """Return a dashed frame around what a map holds at rest, and a solid one around what it holds now."""
    rest = place_maps(trace, trace.shifts[0], 0 if is_pooled else ALONE)[piece.name]
    items: list[Item] = []
    for name, each in (("rest", rest), ("now", piece)):
        corner, part = each.lit
        edges = each.edges(corner, (part.shape[0], part.shape[1]))
        is_rest = name == "rest"
        if at or is_rest:
            role = "padding" if is_rest else "window"
            items.append(Box(f"{piece.name} {name}", *edges, role, line=3.4, is_dashed=is_rest))
    return items


def _write_table(trace: ShiftAndPoolTrace, known: tuple[int, int]) -> list[Item]:
    """Return the table of errors: a column for each shift, a row for the map and one for the pooled map."""
    shifts, left = trace.shifts[1:], LEFTS[2] - 68
    width, size, y = (TABLE - LABEL) / len(shifts), 27.0 if len(shifts) < 5 else 22.0, LOW + 94
    items: list[Item] = [
        say("table", "relative error when moved by", left, y, 24, "muted", "left"),
        Rules("table line", (((left, y + 56), (left + TABLE, y + 56)),), "muted", 2.6),
        say("table pixels", "pixels", left, y + 42, 24, "muted", "left"),
        say("table map", "map", left, y + 96, 26, "output", "left", is_bold=True),
        say("table pooled", "pooled", left, y + 144, 26, "output", "left", is_bold=True),
    ]
    for k, shift in enumerate(shifts):
        x = left + LABEL + (k + 0.5) * width
        items.append(say(f"table {k}", str(shift.distance), x, y + 42, size, "window", is_bold=True))
        if k < known[0]:
            items.append(say(f"table map {k}", "0", x, y + 96, size))
        if k < known[1]:
            role = "ink" if shift.is_exact else "wrong"
            items.append(
                say(f"table pooled {k}", write_error(shift), x, y + 144, size, role, is_bold=not shift.is_exact)
            )
    return items


def compose_panel(trace: ShiftAndPoolTrace, group: tuple[int, ...]) -> list[Item]:
    """Return the small panel of a step: the object above its map, or the two pooled maps and their difference."""
    at = len(trace.shifts) - 1 if group == (-1,) else group[-1]
    shift = trace.shifts[at]
    maps = place_maps(trace, shift)
    firsts = {-1: ["input", "map"], 0: ["map", "pooled"]}
    names = firsts.get(group[0], ["pooled", "fitted", "difference"])
    room = (PANEL.width - 20) / len(names)
    longest = max(max(maps[name].width, maps[name].height) for name in names)
    pieces: list[Item] = []
    for k, name in enumerate(names):
        each = maps[name]
        cell = each.cell * min(room - 20, 190) / longest
        x = 10 + (k + 0.5) * room
        left, top = x - len(each.values[0]) * cell / 2, 160 - len(each.values) * cell / 2
        pieces.append(replace(each, left=left, top=top, cell=cell))
        pieces.append(say(f"{name} name", PANEL_NAMES[name], x, 46, PANEL_SMALLEST, "ink"))
    return [*pieces, _conclude(shift, group)]


def _conclude(shift: Shift, group: tuple[int, ...]) -> Item:
    """Return what a panel says below its maps."""
    text, role = f"moved {count_noun(shift.distance, 'pixel')}: ", "output"
    if group == (0,):
        text = f"{times(shift.map.shape)} become {times(shift.pooled.shape)} cells"
    elif group == (-1,) or shift.is_exact:
        text += "difference exactly 0"
    else:
        text, role = f"{text}error {write_error(shift)}", "wrong"
    return say("verdict", text, PANEL.width / 2, 292, 19, role, is_bold=True)
