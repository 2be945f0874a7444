"""One value of a map, from the picture up: the patch rises, the kernel lies down on it, all products become one bar.

Positive products stack up, negative ones down; what is left of both is the pixel of the map. Then the whole map.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic, still
from figures.parts.arithmetic import Array, Pair
from figures.parts.keyframes import (
    BOLD,
    HEADING,
    NOTE,
    PANEL_SMALLEST,
    SMALLEST,
    Box,
    Item,
    Keyframe,
    Line,
    Rules,
    Shades,
    Table,
    draw_frame,
    draw_table,
    measure,
    place,
    say,
    shade,
)
from figures.parts.words import Description, equals, quote, times, write_number
from generator.theme import LIGHT

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


MOST_PIXELS, MOST_WEIGHTS = 40, 3  # along a side


@dataclass(frozen=True, slots=True)
class LiftOffTrace:
    """A picture, a kernel and their map `output`, all (height, width); `at`: row and column of the shown value."""

    input: Array
    kernel: Array
    output: Array
    at: Pair

    @property
    def patch(self) -> Array:
        """The pixels under the kernel, (kernel height, kernel width)."""
        (row, column), (height, width) = self.at, self.kernel.shape
        return np.asarray(self.input[row : row + height, column : column + width])

    @property
    def products(self) -> Array:
        """Each pixel of the patch times its weight."""
        return np.asarray(self.patch * self.kernel)

    @property
    def parts(self) -> tuple[float, float]:
        """The sum of the positive products and that of the negative ones."""
        products = self.products
        return products[products > 0].sum().item(), products[products < 0].sum().item()

    @property
    def sum(self) -> float:
        """The value of the map: the sum of all products."""
        return float(self.output[self.at]) if self.output.dtype.kind == "f" else int(self.output[self.at])


def trace(*, input: ArrayLike, kernel: ArrayLike, place: Sequence[int] | None = None) -> LiftOffTrace:
    """Return a convolution without padding, of which one value is looked at closely.

    input: a picture (height, width) of at most 40 × 40 pixels; integers are computed exactly. kernel: at most 3 × 3.
    place: row and column of the value in the map, from 0; by default a large one with negative products as well.
    Raises ValueError for something too large to be read, a place that is not there, or one where all products are 0.
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    for name, shape, most in (("input", image.shape, MOST_PIXELS), ("kernel", weights.shape, MOST_WEIGHTS)):
        if max(shape) > most:
            raise ValueError(f"{name} is {times(shape)}; at most {most} × {most} can be seen here")
    output = arithmetic.correlate2d(image, weights)
    at = _find_place(image, weights) if place is None else _read_place(place, output)
    made = LiftOffTrace(image, weights, output, at)
    if not made.products.any():
        raise ValueError(f"all products at place {list(at)} are 0; give another place, or leave it out")
    for number in [*made.patch.flat, *made.kernel.flat]:
        if measure(f"× {write_number(number)}", SMALLEST, is_bold=False) > PATCH_CELL - 4:
            raise ValueError(f"'{write_number(number)}' is too long for a cell; give smaller or rounded numbers")
    return made


def _find_place(image: Array, weights: Array) -> Pair:
    """Return the place of the largest value of which negative products have taken a quarter; else of the largest."""
    products = arithmetic.windows(image, (weights.shape[0], weights.shape[1]), (1, 1)) * weights
    above, below = (part(products, 0).sum(axis=(2, 3)) for part in (np.maximum, np.minimum))
    sums = above + below
    is_mixed = (-below >= above / 4) & (sums > 0)
    row, column = divmod(
        int(np.where(is_mixed, sums, sums.min()).argmax() if is_mixed.any() else sums.argmax()), sums.shape[1]
    )
    return row, column


def _read_place(place: Sequence[int], output: Array) -> Pair:
    """Return row and column of a value of the map; raise ValueError for one that is not there."""
    numbers = list(place) if isinstance(place, Sequence) and not isinstance(place, str) else []
    is_whole = all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in numbers)
    inside = (
        len(numbers) == 2 and is_whole and all(0 <= n < size for n, size in zip(numbers, output.shape, strict=True))
    )
    if not inside:
        rows, columns = output.shape
        raise ValueError(f"place is {place!r}; give a row from 0 to {rows - 1} and a column from 0 to {columns - 1}")
    return int(numbers[0]), int(numbers[1])


def describe(trace: LiftOffTrace) -> Description:
    """Return the alt text, a sentence for each step, and the facts: the place, the sums, the sizes."""
    (row, column), steps = trace.at, tuple(_sentences(trace))
    height, width = trace.output.shape
    above, below = trace.parts
    alt = (
        f"How one value of a map is made: the picture, {quote(trace.input)}, and its map, {times((height, width))}. "
        + " ".join(steps)
    )
    facts: dict[str, object] = {
        "positive": above,
        "negative": below,
        "sum": trace.sum,
        "place": {"row": row + 1, "column": column + 1},
        "shape": {"height": height, "width": width},
        "windows": trace.output.size,
        "products": trace.kernel.size,
    }
    return Description(alt, steps, facts)


def _sentences(trace: LiftOffTrace) -> Iterator[str]:
    """Yield a sentence for each step."""
    (row, column), (height, width) = trace.at, trace.kernel.shape
    rows, columns = _span("row", row, height), _span("column", column, width)
    above, below = trace.parts
    yield f"The patch rises out of the picture, {rows} and {columns}: {quote(trace.patch)}."
    yield f"The kernel, {quote(trace.kernel)}, lies down on it: each pixel is multiplied by its weight."
    yield (
        f"The {trace.kernel.size} products make one bar: the positive ones, upwards, sum to {write_number(above)}, the "
        f"negative ones, downwards, to {write_number(below)}."
    )
    total = "".join(text for text, _ in _write_sum(trace))
    yield f"What is left is {' '.join(total.split())}: the pixel in row {row + 1}, column {column + 1} of the map."
    yield f"The same at each of {trace.output.size} places gives the whole map, {quote(trace.output)}."


def _span(noun: str, start: int, count: int) -> str:
    """Return which rows or columns a patch takes, as text."""
    return f"{noun} {start + 1}" if count == 1 else f"{noun}s {start + 1} to {start + count}"


def _write_sum(trace: LiftOffTrace) -> tuple[tuple[str, str], ...]:
    """Return the sum of both parts as runs of text."""
    above, below = trace.parts
    sign = equals([above, below, trace.sum])
    return (
        (write_number(above), "ink"),
        (f"  −  {write_number(abs(below))}", "ink"),
        (sign, "muted"),
        (write_number(trace.sum), "output"),
    )


def draw(trace: LiftOffTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return picture, patch, kernel, bar and map in one picture, or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose_ending(trace), theme, SLIDE)
    return draw_items(compose_panel(trace, step), theme, PANEL)


def animate(trace: LiftOffTrace, scene: "Scene") -> None:
    """Lift the patch, lay the kernel on it, stack the products, let the sum fly to its pixel, then sweep the map."""
    from figures.parts.film import Player

    player, sentences = Player(scene), describe(trace).steps
    player.open(compose_opening(trace))
    scene.mark("Nothing has been computed yet.")
    for keyframes, sentence in zip(compose_steps(trace), sentences[:-1], strict=True):
        for keyframe in keyframes:
            player.show(keyframe)
        scene.mark(sentence)
    _sweep(trace, player)
    player.show(Keyframe(tuple(compose_ending(trace)), 0.8))
    scene.mark(sentences[-1])


def _sweep(trace: LiftOffTrace, player: Any) -> None:
    """Let the window run over the picture while the map is uncovered."""
    from manim import UpdateFromAlphaFunc, linear

    rows, columns = trace.output.shape

    def advance(_: object, alpha: float) -> None:
        at = divmod(min(rows * columns - 1, int(alpha * rows * columns)), columns)
        _uncover(trace, player.shapes, at)

    cover, last = player.shapes["cover"], (rows - 1, columns - 1)
    player.scene.play(UpdateFromAlphaFunc(cover, advance, rate_func=linear, run_time=SWEEP))
    player.items |= {item.name: item for item in (*compose_covers(trace, last), *compose_window(trace, last))}


def _uncover(trace: LiftOffTrace, shapes: dict[str, Any], at: Pair) -> None:
    """Put window and covers where they are when the map is known up to the place `at`."""
    for item in (*compose_covers(trace, at), *compose_window(trace, at)):
        _move(shapes[item.name], item)


def _move(shape: Any, item: Box) -> None:
    """Give a rectangle the place of an item."""
    from figures.parts import film

    x, y, right, bottom = item.left, item.top, item.left + item.width, item.top + item.height
    corners = ((x, y), (right, y), (right, bottom), (x, bottom), (x, y))
    shape.set_points_as_corners([film.spot(*corner) for corner in corners])


# Composition, in pixels of `layout.SLIDE`: from left to right picture, patch over kernel, bar, map.
SIDE, MIDDLE = 340.0, 300.0  # of picture and map, and the y of their middle
PICTURE, PATCH, BAR, MAP = 218.0, 640.0, 936.0, 1312.0  # x of the middle of each column
PATCH_CELL, KERNEL_CELL = 108.0, 72.0
BAR_TOP, BAR_HEIGHT, BAR_WIDTH = 152.0, 400.0, 112.0
SHADE, DARK_TEXT = 0.1, LIGHT.ink  # products have light shades of their sign's color, so that text is legible on them
RISE, LIE, STACK, FLY, SWEEP = 1.0, 1.0, 0.3, 1.0, 2.6  # seconds


def color_value(value: float, reach: float) -> str:
    """Return the color of a value on the scale of maps from -reach to reach, `#rrggbb`."""
    return "#" + bytes(still.color_cells(np.array([[value]]), (-reach, reach))[0, 0]).hex()


def place_picture(trace: LiftOffTrace, name: str) -> Table:
    """Return the place of the picture (`input`) or of the map (`output`); its text size is not used."""
    values, middle = (trace.input, PICTURE) if name == "input" else (trace.output, MAP)
    rows, columns = values.shape
    cell = min(60.0, float(int(SIDE / max(trace.input.shape))))
    return Table(name, rows, columns, int(middle - columns * cell / 2), int(MIDDLE - rows * cell / 2), cell, SMALLEST)


def draw_picture(trace: LiftOffTrace, table: Table) -> Shades:
    """Return the picture in ink, or as a map if it has values below zero."""
    return _paint(trace, "picture", trace.input, table, "input")


def _paint(trace: LiftOffTrace, name: str, values: Array, table: Table, role: str) -> Shades:
    """Return pixels of the picture as shades of ink, or as colors if it has values below zero."""
    limits = still.color_limits(trace.input)
    made = shade(name, values, table.left, table.top, table.cell, limits, role)
    return replace(made, is_image=limits[0] >= 0)


def compose_scenery(trace: LiftOffTrace) -> list[Item]:
    """Return what stands there from the beginning to the end: the picture, the kernel, the place of the map."""
    picture, table, made = place_picture(trace, "input"), place_kernel(trace), place_picture(trace, "output")
    return [
        say("heading picture", "picture", PICTURE, 48, HEADING, "input", is_bold=True),
        say("note picture", times(trace.input.shape), PICTURE, 86, NOTE, "muted"),
        draw_picture(trace, picture),
        say("heading kernel", "kernel", table.left - 24, table.center + 12, HEADING, "kernel", "right", is_bold=True),
        *draw_table(table, trace.kernel, "kernel"),
        say("heading map", "map", MAP, 48, HEADING, "output", is_bold=True),
        say("note map", times(trace.output.shape), MAP, 86, NOTE, "muted"),
        shade("map", trace.output, made.left, made.top, made.cell, still.color_limits(trace.output)),
    ]


def place_kernel(trace: LiftOffTrace) -> Table:
    """Return the place of the kernel."""
    return place("kernel", trace.kernel, PATCH - KERNEL_CELL * trace.kernel.shape[1] / 2, 588, KERNEL_CELL)


def compose_covers(trace: LiftOffTrace, known: Pair | None) -> list[Box]:
    """Return what hides the map: all of it, or what comes after the place `known`."""
    table = place_picture(trace, "output")
    row, column = known or (0, -1)
    x, y = table.corner(row, column + 1)
    below = table.top + table.height - y - table.cell
    return [
        Box("cover", x, y, table.right - x, table.cell, fill="surface"),
        Box("cover below", table.left, y + table.cell, table.width, below, fill="surface"),
    ]


def compose_window(trace: LiftOffTrace, at: Pair) -> list[Box]:
    """Return the frames around the window in the picture and around its pixel in the map, each on a light edge."""
    picture, made = place_picture(trace, "input"), place_picture(trace, "output")
    height, width = trace.kernel.shape
    return [
        *_double("window", (*picture.corner(*at), width * picture.cell, height * picture.cell)),
        *_double("target", (*made.corner(*at), made.cell, made.cell)),
    ]


def _double(name: str, where: tuple[float, float, float, float]) -> tuple[Box, Box]:
    """Return a frame on a wider one in the paper's color, which is seen on every shade."""
    return Box(f"{name} edge", *where, "paper", line=BOLD + 4), Box(name, *where, "window", line=BOLD)


def compose_patch(trace: LiftOffTrace, table: Table, *, is_written: bool, is_multiplied: bool) -> Iterator[Item]:
    """Yield the patch: as pixels, or with their numbers beside a sample of each, and with the weights on them."""
    if not is_written:
        yield _paint(trace, "patch", trace.patch, table, "window")
        return
    yield from draw_frame(table, "window", is_known=False)[:-1]
    yield Box("patch frame", table.left, table.top, table.width, table.height, "window", line=BOLD)
    size, least = 0.26 * table.cell, SMALLEST if table.cell == PATCH_CELL else PANEL_SMALLEST
    for i, j in np.ndindex(*trace.patch.shape):
        (x, y), side = table.corner(i, j), table.cell
        y_text = y + (0.42 if is_multiplied else 0.5) * side + (0 if is_multiplied else 0.35 * size)
        number = ((write_number(trace.patch[i, j].item()), "input"),)
        yield Line(f"pixel {i} {j}", number, x + side / 2, y_text, max(size, least), limit=side - 4)
        if is_multiplied:
            weight = ((f"× {write_number(trace.kernel[i, j].item())}", "kernel"),)
            origin = f"kernel {i} {j}"
            yield Line(
                f"weight {i} {j}", weight, x + side / 2, y + 0.8 * side, max(size, least), origin=origin, limit=side - 4
            )


def place_patch(trace: LiftOffTrace) -> Table:
    """Return the place of the lifted patch."""
    rows, columns = trace.patch.shape
    left, top = PATCH - PATCH_CELL * columns / 2, MIDDLE - 6 - PATCH_CELL * rows / 2
    return Table("patch", rows, columns, left, top, PATCH_CELL, SMALLEST)


def compose_rays(trace: LiftOffTrace) -> Rules:
    """Return the lines from the window to the patch that has risen out of it."""
    picture, patch, (row, column) = place_picture(trace, "input"), place_patch(trace), trace.at
    height, width = trace.kernel.shape
    x, y = picture.corner(row, column + width)
    lines = (
        ((x, y), (patch.left, patch.top)),
        ((x, y + height * picture.cell), (patch.left, patch.top + patch.height)),
    )
    return Rules("rays", lines, "window", 2.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """Where the products are stacked: the middle and width of the bar, its upper end and its height, in pixels."""

    middle: float = BAR
    width: float = BAR_WIDTH
    top: float = BAR_TOP
    height: float = BAR_HEIGHT
    size: float = 28.0  # of text
    least: float = SMALLEST

    def scale(self, trace: LiftOffTrace) -> float:
        """Return how many pixels are one unit."""
        above, below = trace.parts
        return self.height / (above - below)

    def ground(self, trace: LiftOffTrace) -> float:
        """Return the y of zero."""
        return self.top + trace.parts[0] * self.scale(trace)


def compose_stack(trace: LiftOffTrace, bar: Bar, count: int) -> Iterator[Item]:
    """Yield the first `count` products, each a part of the bar: positive ones upwards from zero, others downwards."""
    ground, scale, reach = bar.ground(trace), bar.scale(trace), max(trace.parts[0], -trace.parts[1])
    up, down, left = ground, ground, bar.middle - bar.width / 2
    for at in list(np.ndindex(*trace.products.shape))[:count]:
        product = trace.products[at].item()
        tall = abs(product) * scale
        if not product:
            continue
        top = up - tall if product > 0 else down
        up, down = (up - tall, down) if product > 0 else (up, down + tall)
        color = color_value(SHADE * reach * np.sign(product), reach)
        yield Box(f"product {at[0]} {at[1]}", left, top, bar.width, tall, "paper", color, 2.0)
        size = min(bar.size - 2, 0.9 * tall)
        if size >= bar.least:
            number = ((write_number(product), DARK_TEXT),)
            y = top + tall / 2 + 0.35 * size
            yield Line(f"number {at[0]} {at[1]}", number, bar.middle, y, size, limit=bar.width - 8)
    yield from _rule_ground(bar, ground)


def _rule_ground(bar: Bar, ground: float) -> Iterator[Rules]:
    """Yield the line at zero: dark where it crosses the products, which are light in every theme."""
    left, right = bar.middle - bar.width / 2, bar.middle + bar.width / 2
    ends = (((left - 14, ground), (left, ground)), ((right, ground), (left + 2 * bar.width - 8, ground)))
    yield Rules("ground", ends, "ink", 2.6)
    yield Rules("ground of products", (((left, ground), (right, ground)),), DARK_TEXT, 2.6)


def compose_parts(trace: LiftOffTrace, bar: Bar) -> list[Item]:
    """Return the sums of the positive and of the negative products at the ends of the bar."""
    above, below = trace.parts
    parts = [("above", above, bar.top - 12), ("below", below, bar.top + bar.height + 0.95 * bar.size)]
    return [
        Line(
            f"part {name}", ((write_number(value), "ink"),), bar.middle, y, bar.size, is_bold=True, limit=bar.width - 4
        )
        for name, value, y in parts
        if value
    ]


def compose_sum(trace: LiftOffTrace, bar: Bar, name: str = "sum") -> list[Item]:
    """Return the bar of what is left, in the color of its pixel, and its number."""
    ground, tall = bar.ground(trace), abs(trace.sum) * bar.scale(trace)
    top = ground - tall if trace.sum > 0 else ground
    left, width = bar.middle + bar.width / 2 + 14, 0.68 * bar.width
    y = top - 12 if trace.sum >= 0 else ground + tall + 0.95 * bar.size
    number = ((write_number(trace.sum), "output"),)
    limits = still.color_limits(trace.output)
    fill = color_value(trace.sum, limits[1])
    return [
        Box(name, left, top, width, max(tall, 1.0), "output", fill, 3.0),
        Line(f"{name} number", number, left + width / 2, y, bar.size + 2, is_bold=True, limit=bar.width - 12),
    ]


def compose_heading(trace: LiftOffTrace) -> list[Item]:
    """Return the heading of the bar."""
    count = trace.kernel.size
    return [
        say(
            "heading bar", f"{count} products" if count > 1 else "1 product", BAR + 30, 48, HEADING, "ink", is_bold=True
        ),
        say("note bar", "positive up, negative down", BAR + 30, 86, 24, "muted"),
    ]


def compose_formula(trace: LiftOffTrace) -> Line:
    """Return the sum in numbers, below bar and map."""
    return Line("formula", _write_sum(trace), 1180, 672, 40, limit=600)


def compose_pixel(trace: LiftOffTrace) -> Box:
    """Return the pixel of the map that has been computed."""
    table = place_picture(trace, "output")
    limits = still.color_limits(trace.output)
    fill = color_value(trace.sum, limits[1])
    return Box("pixel", *table.corner(*trace.at), table.cell, table.cell, fill=fill)


def compose_opening(trace: LiftOffTrace) -> list[Item]:
    """Return the picture, the kernel and the empty map."""
    return [*compose_scenery(trace), *compose_covers(trace, None), _frame_map(trace)]


def _frame_map(trace: LiftOffTrace) -> Box:
    """Return the frame of the map, which lies above its cover."""
    table = place_picture(trace, "output")
    return Box("map frame", table.left, table.top, table.width, table.height, "output")


def compose_steps(trace: LiftOffTrace) -> list[list[Keyframe]]:
    """Return the keyframes of all steps but the last, in which the whole map is made."""
    scene, patch = compose_opening(trace), place_patch(trace)
    window, target = compose_window(trace, trace.at)[:2], compose_window(trace, trace.at)[2:]
    head = [say("heading patch", "patch", PATCH, 48, HEADING, "window", is_bold=True),
            say("note patch", times(trace.patch.shape), PATCH, 86, NOTE, "muted")]  # fmt: skip
    low = _low_patch(trace)
    plain = [*compose_patch(trace, patch, is_written=False, is_multiplied=False)]
    lifted = [*scene, *window, compose_rays(trace), *head]
    first = [
        Keyframe((*scene, *window, low), 0.9),
        Keyframe((*lifted, *plain), RISE),
        Keyframe((*lifted, *compose_patch(trace, patch, is_written=True, is_multiplied=False)), 1.0),
    ]
    return [first, *_later(trace, lifted, target)]


def _low_patch(trace: LiftOffTrace) -> Shades:
    """Return the patch where it lies in the picture, before it rises."""
    picture = place_picture(trace, "input")
    left, top = picture.corner(*trace.at)
    return _paint(trace, "patch", trace.patch, replace(picture, left=left, top=top), "window")


def _later(trace: LiftOffTrace, lifted: Sequence[Item], target: Sequence[Box]) -> Iterator[list[Keyframe]]:
    """Yield the keyframes of the steps after the patch has risen."""
    patch, kernel, bar = place_patch(trace), place_kernel(trace), Bar()
    bare = [*compose_patch(trace, patch, is_written=True, is_multiplied=False)]
    laid = [*compose_patch(trace, patch, is_written=True, is_multiplied=True)]
    sheets = [
        Box("sheet", table.left, table.top, table.width, table.height, "kernel", "kernel", BOLD, 0.16)
        for table in (kernel, patch)
    ]
    yield [
        Keyframe((*lifted, *bare, sheets[0]), 0.4),
        Keyframe((*lifted, *bare, sheets[1]), LIE),
        Keyframe((*lifted, *laid), 1.2),
    ]
    base = [*lifted, *laid, *compose_heading(trace)]
    stacked = [*base, *compose_stack(trace, bar, trace.kernel.size), *compose_parts(trace, bar)]
    yield [*_stack(trace, base, bar), Keyframe(tuple(stacked), 1.0)]
    summed = [*stacked, *compose_sum(trace, bar), compose_formula(trace)]
    flying = compose_sum(trace, bar, "flying")[0]
    pixel = compose_pixel(trace)
    landed = Box("flying", pixel.left, pixel.top, pixel.width, pixel.height, "output", pixel.fill, 3.0)
    yield [
        Keyframe((*summed,), 1.4),
        Keyframe((*summed, flying), 0.1),
        Keyframe((*summed, landed), FLY),
        Keyframe((*summed, pixel, *target), 0.8),
    ]


def _stack(trace: LiftOffTrace, base: Sequence[Item], bar: Bar) -> Iterator[Keyframe]:
    """Yield the keyframes in which one product after the other leaves its cell for the bar."""
    patch, places = place_patch(trace), list(np.ndindex(*trace.products.shape))
    for count, at in enumerate(places):
        if trace.products[at]:
            x, y = patch.corner(*at)
            stack = list(compose_stack(trace, bar, count + 1))
            part = next(item for item in stack if isinstance(item, Box) and item.name == f"product {at[0]} {at[1]}")
            start = replace(part, left=x + 6, top=y + 6, width=patch.cell - 12, height=patch.cell - 12)
            yield Keyframe((*base, *compose_stack(trace, bar, count), start), 0.1)
            yield Keyframe((*base, *stack), STACK)


def compose_ending(trace: LiftOffTrace) -> list[Item]:
    """Return everything: picture, patch with its weights, bar, sum and the whole map."""
    patch, bar = place_patch(trace), Bar()
    return [
        *compose_scenery(trace),
        _frame_map(trace),
        say("heading patch", "patch", PATCH, 48, HEADING, "window", is_bold=True),
        say("note patch", times(trace.patch.shape), PATCH, 86, NOTE, "muted"),
        *compose_window(trace, trace.at),
        compose_rays(trace),
        *compose_patch(trace, patch, is_written=True, is_multiplied=True),
        *compose_heading(trace),
        *compose_stack(trace, bar, trace.kernel.size),
        *compose_parts(trace, bar),
        *compose_sum(trace, bar),
        compose_formula(trace),
    ]


def compose_panel(trace: LiftOffTrace, step: int) -> list[Item]:
    """Return the small picture of one step."""
    if step == 0:
        rows, columns = trace.patch.shape
        patch = Table("patch", rows, columns, 316 - 29 * columns, 160 - 29 * rows, 58, PANEL_SMALLEST)
        return [
            *_panel_picture(trace, "input", 106),
            *compose_patch(trace, patch, is_written=True, is_multiplied=False),
        ]
    if step == 1:
        return _panel_kernel(trace)
    bar = Bar(210 if step == 2 else 176, 96, 52, 196, 17, PANEL_SMALLEST)
    if step == 4:
        return [*_panel_picture(trace, "input", 106), *_panel_picture(trace, "output", 314)]
    items = [*compose_stack(trace, bar, trace.kernel.size), *compose_parts(trace, bar)]
    if step == 2:
        return items
    return [*items, *compose_sum(trace, bar), Line("formula", _write_sum(trace), 210, 302, 19, limit=400)]


def _panel_kernel(trace: LiftOffTrace) -> list[Item]:
    """Return the patch with the kernel's weights on it, and the kernel, for a panel."""
    rows, columns = trace.patch.shape
    patch = Table("patch", rows, columns, 140 - 39 * columns, 160 - 39 * rows, 78, PANEL_SMALLEST)
    kernel = place("kernel", trace.kernel, 346 - 21 * columns, 170, 42, PANEL_SMALLEST)
    heading = say("heading kernel", "kernel", 346, kernel.top - 16, 17, "kernel", is_bold=True)
    laid = compose_patch(trace, patch, is_written=True, is_multiplied=True)
    return [*laid, heading, *draw_table(kernel, trace.kernel, "kernel")]


def _panel_picture(trace: LiftOffTrace, name: str, middle: float) -> Iterator[Item]:
    """Yield the picture or the map with the window in it, for a panel."""
    values, (row, column) = (trace.input if name == "input" else trace.output), trace.at
    cell, (rows, columns) = 190 / max(trace.input.shape), values.shape
    left, top = middle - columns * cell / 2, 170 - rows * cell / 2
    size = trace.kernel.shape if name == "input" else (1, 1)
    yield say(f"heading {name}", "picture" if name == "input" else "map", middle, 44, 17, name, is_bold=True)
    table = Table(name, rows, columns, left, top, cell, PANEL_SMALLEST)
    made = shade(name, values, left, top, cell, still.color_limits(values), name)
    yield _paint(trace, name, values, table, name) if name == "input" else made
    yield Box("window", left + column * cell, top + row * cell, size[1] * cell, size[0] * cell, "window", line=3.5)
