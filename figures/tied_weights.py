"""A convolution as a dense layer: its matrix with the weights of far pixels at zero, and all windows' weights tied.

A dense layer has a weight for every pair of a pixel and an output. Where only the weights of each output's window are
left, and those at the same place of the window are one weight, it computes the convolution, number by number.
"""

import colorsys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    Box,
    Boxes,
    Item,
    Keyframe,
    Letters,
    Line,
    Rules,
    Shades,
    Table,
    draw_frame,
    draw_table,
    fill_table,
    measure,
    place,
    ring,
    say,
    shade,
    texts_of,
    veil,
    write_cell,
)
from figures.parts.words import Description, QuestionWords, quote, times

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


MOST_INPUTS, MOST_OUTPUTS, MOST_WEIGHTS = 25, 9, 9
FREE = -1  # in `places`: a weight outside of the window


@dataclass(frozen=True, slots=True)
class TiedWeightsTrace:
    """A convolution without padding at stride one, and the dense layer that computes the same.

    output: what the convolution gives, (height, width). places: (outputs, inputs), for each weight of the dense layer
    its place in the kernel, row by row from 0, or FREE. matrix: (outputs, inputs), the tied weights, 0 where FREE.
    """

    input: Array
    kernel: Array
    output: Array
    places: Array
    matrix: Array

    @property
    def dense_output(self) -> Array:
        """What the dense layer gives for the flattened input, in the shape of `output`."""
        return np.asarray((self.matrix @ self.input.ravel()).reshape(self.output.shape))

    @property
    def kept(self) -> int:
        """How many weights lie inside of windows."""
        return int((self.places != FREE).sum())

    @property
    def size(self) -> Pair:
        """How many outputs, and how many inputs, the dense layer has."""
        return self.matrix.shape[0], self.matrix.shape[1]


def trace(*, input: ArrayLike, kernel: ArrayLike) -> TiedWeightsTrace:
    """Return a convolution without padding, and the weights of the dense layer that computes the same.

    input: a table (height, width) of at most 25 whole numbers. kernel: one of at most 9. There are at most 9
    outputs. Raises ValueError for larger tables, for other numbers, and for those too long to be read.
    """
    image, weights = arithmetic.read_matrix(input, "input"), arithmetic.read_matrix(kernel, "kernel")
    for name, values in (("input", image), ("kernel", weights)):
        if values.dtype.kind != "i":
            raise ValueError(f"{name} has fractions; give whole numbers, so that both ways are compared exactly")
    output = arithmetic.correlate2d(image, weights)
    for name, count, most in (
        ("input", image.size, MOST_INPUTS),
        ("kernel", weights.size, MOST_WEIGHTS),
        ("output", output.size, MOST_OUTPUTS),
    ):
        if count > most:
            raise ValueError(f"the {name} has {count} numbers; at most {most} can be read here")
    where = _tie(image.shape, weights.shape, output.shape)
    matrix = np.where(where == FREE, 0, weights.ravel()[where])
    made = TiedWeightsTrace(image, weights, output, where, matrix)
    _check(made)
    return made


def _tie(input: tuple[int, ...], kernel: tuple[int, ...], output: tuple[int, ...]) -> Array:
    """Return for each weight of the dense layer (outputs, inputs) its place in the kernel, or FREE."""
    places = np.full((*output, *input), FREE)
    for i, j in np.ndindex(*output):
        places[i, j, i : i + kernel[0], j : j + kernel[1]] = np.arange(kernel[0] * kernel[1]).reshape(kernel)
    return places.reshape(output[0] * output[1], input[0] * input[1])


def _check(trace: TiedWeightsTrace) -> None:
    """Raise ValueError for numbers that are too long for their cells."""
    tables = place_tables(trace)
    for name, values in (("input", trace.input), ("kernel", trace.kernel), ("output", trace.output)):
        for number in (text for row in texts_of(values) for text in row):
            if measure(number, SMALLEST, is_bold=False) > tables[name].cell - 4:
                raise ValueError(f"'{number}' is too long for a cell; give smaller whole numbers")


def describe(trace: TiedWeightsTrace) -> Description:
    """Return the alt text, a sentence for each step, and the facts: how many weights there are, and both outputs."""
    (outputs, inputs), different = trace.size, trace.kernel.size
    far, difference = outputs * inputs - trace.kept, int(np.abs(trace.dense_output - trace.output).max())
    steps = (
        f"Dense: {outputs} outputs × {inputs} pixels = {outputs * inputs} weights, one for each pair of output and "
        "pixel; before training they are random.",
        f"Each output keeps the {different} weights of its own window: {far} others go to zero, {trace.kept} are left.",
        f"Weights at the same place of their windows are tied, so that of {trace.kept} only {different} are different: "
        f"those of the kernel, {quote(trace.kernel)}.",
        f"The matrix times the picture gives {quote(trace.dense_output)}, and the convolution gives "
        f"{quote(trace.output)}: the largest difference is {difference}.",
    )
    alt = (
        f"The weights of a dense layer as a matrix, a row for each of {outputs} outputs and a column for each pixel of "
        f"the picture, {quote(trace.input)}, row by row. {' '.join(steps)}"
    )
    facts: dict[str, object] = {
        "inputs": inputs,
        "outputs": outputs,
        "dense": outputs * inputs,
        "kept": trace.kept,
        "zero": far,
        "different": different,
        "output": trace.output.tolist(),
        "difference": difference,
    }
    return Description(alt, steps, facts)


def draw(trace: TiedWeightsTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the tied matrix with picture, kernel and output, or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose_steps(trace)[-1][-1].items, theme, SLIDE)
    return draw_items(compose_panel(trace, step), theme, PANEL)


def draw_narrow(trace: TiedWeightsTrace, theme: "Theme") -> "Figure | None":
    """Return the tied matrix below picture, kernel and output, for a narrow page; None if its letters have no room."""
    from figures.parts.keyframes import draw_items
    from figures.parts.narrow import narrow_sheet

    (outputs, inputs), different = trace.size, trace.kernel.size
    cell = min(40.0, 520 / inputs)
    if cell < LEAST_CELL:
        return None
    matrix = Table("matrix", outputs, inputs, 280 - inputs * cell / 2, 330, cell, 18.75)
    tied = [item for number in range(different) for item in _compose_narrow_weight(trace, matrix, number)]
    bottom = matrix.top + matrix.height
    items = [
        *_compose_narrow_head(trace),
        say("heading matrix", "weights of a dense layer", 280, 268, 22, "kernel", is_bold=True),
        say("note matrix", f"{outputs} outputs (rows) × {inputs} pixels (columns)", 280, 294, 19, "muted"),
        *draw_frame(matrix, "kernel", is_known=False)[1:],
        *compose_zeros(trace, matrix, outputs),
        *tied,
        *_mark_pixel_rows(trace, matrix),
        say("count", "It is a convolution", 20, bottom + 42, 26, "kernel", "left", is_bold=True),
        say("note 1", "each row times the picture is", 20, bottom + 72, 20, "muted", "left"),
        say("note 2", "one window times the kernel", 20, bottom + 98, 20, "muted", "left"),
    ]
    return draw_items(items, theme, narrow_sheet(bottom + 115))


def _compose_narrow_head(trace: TiedWeightsTrace) -> Iterator[Item]:
    """Yield picture, kernel and output side by side, for a narrow page."""
    sides = (
        min(50.0, 165 / max(trace.input.shape)),
        min(52.0, 156 / max(trace.kernel.shape)),
        min(48.0, 150 / max(trace.output.shape)),
    )
    picture = place("input", trace.input, 20, 150, sides[0])
    kernel = place("kernel", trace.kernel, 205, 150, sides[1])
    output = place("output", trace.output, 540 - trace.output.shape[1] * sides[2], 150, sides[2])
    for table, name, role in (
        (picture, "picture", "input"),
        (kernel, "kernel", "kernel"),
        (output, "output", "output"),
    ):
        yield say(f"heading {name}", name, table.middle, 36, 22, role, is_bold=True)
    yield say("note input", times(trace.input.shape), picture.middle, 60, 19, "muted")
    yield from draw_table(picture, trace.input, "input")
    yield from draw_frame(kernel, "kernel", is_known=False)
    for number in range(trace.kernel.size):
        yield from _weight(trace, kernel, divmod(number, trace.kernel.shape[1]), number)
    yield from fill_table(output, trace.dense_output, "output", np.full(trace.output.shape, fill_value=True))


def _compose_narrow_weight(trace: TiedWeightsTrace, table: Table, number: int) -> Iterator[Item]:
    """Yield all cells of one tied weight, with letters that the cells of a narrow page have room for."""
    yield from compose_tied(trace, table, number, is_written=False)
    corners = (table.corner(int(i), int(j)) for i, j in np.argwhere(trace.places == number))
    places = tuple((x + table.cell / 2, y + table.cell / 2 + 6.2) for x, y in corners)
    yield Letters(f"letters {number}", letter(number), places, 18.75)


def _mark_pixel_rows(trace: TiedWeightsTrace, table: Table) -> Iterator[Item]:
    """Yield the lines between the columns of the picture's rows, and the numbers of these."""
    wide = trace.input.shape[1] * table.cell
    for k in range(trace.input.shape[0]):
        x = table.left + k * wide
        words = f"pixel row {k + 1}" if wide >= 100 else str(k + 1)
        yield say(f"row {k}", words, x + wide / 2, table.top - 8, 18.75, "input")
        if k:
            yield Rules(f"matrix row {k}", (((x, table.top), (x, table.top + table.height)),), "input", 2.6)


LEAST_CELL = 18.0  # pixels: of a cell on a narrow page that has a letter


def draw_question(trace: TiedWeightsTrace, theme: "Theme") -> "Figure":
    """Return the picture and the matrix with a sign in place of its weights."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import SLIDE

    matrix = place_tables(trace)["matrix"]
    sign = say("question", "?", matrix.middle, matrix.center + 50, 140, "muted", is_bold=True)
    return draw_items([*compose_scene(trace), sign], theme, SLIDE)


def describe_question(trace: TiedWeightsTrace) -> QuestionWords:
    """Return what is counted: the weights between picture and output."""
    outputs, inputs = trace.size
    return QuestionWords(
        f"The matrix of a dense layer, without its weights yet: a row for each of {outputs} outputs, and a column for "
        f"each of {inputs} pixels of the picture, {quote(trace.input)}."
    )


def animate(trace: TiedWeightsTrace, scene: "Scene") -> None:
    """Fill the matrix, let the far weights go output by output, tie the others weight by weight, and compute."""
    from figures.parts.film import play_keyframes

    steps = compose_steps(trace)
    play_keyframes(scene, compose_scene(trace), steps, describe(trace).steps, steps[-1][-1].items)


# Composition, in pixels of `layout.SLIDE`: picture and kernel on the left, the matrix on the right, words below it.
LEFT, TOP, SIDE = 56.0, 146.0, 250.0  # of the picture
START, RIGHT = 380.0, 1484.0  # left and right end of the room of the matrix
CELL = 84.0  # the largest side of a cell of the matrix
COUNT, NOTE_LINE = 622.0, 668.0  # baselines of the words
SWEEP = 0.24  # seconds for each output, or each weight
SHADES = (0.08, 0.15, 0.25, 0.4, 0.55, 0.7)  # of random weights: few, for a film draws each at once; none looks empty
TINT = 0.42  # opacity of the colors of tied weights


def color_weight(number: int, count: int) -> str:
    """Return the color of a tied weight, `#rrggbb`; the letters tell them apart without it."""
    return "#" + bytes(round(255 * part) for part in colorsys.hsv_to_rgb(number / count, 0.8, 0.85)).hex()


def letter(number: int) -> str:
    """Return the letter that stands for a tied weight."""
    return "abcdefghi"[number]


def place_tables(trace: TiedWeightsTrace) -> dict[str, Table]:
    """Return the places of picture, kernel, matrix and output by name."""
    (outputs, inputs), cell = trace.size, SIDE / max(trace.input.shape)
    tall = min(60.0, 186 / max(trace.kernel.shape))
    small = min(CELL, 396 / outputs, 1100 / inputs)
    side = min(60.0, 138 / trace.output.shape[0], 250 / trace.output.shape[1])
    rows, columns = trace.input.shape
    across = trace.kernel.shape[1] * tall
    return {
        "input": place("input", trace.input, LEFT + (SIDE - columns * cell) / 2, TOP + rows * cell / 2, cell),
        "kernel": place("kernel", trace.kernel, LEFT + (SIDE - across) / 2, 590, tall),
        "matrix": Table("matrix", outputs, inputs, (START + RIGHT - inputs * small) / 2, TOP, small, SMALLEST),
        "output": place("output", trace.output, RIGHT - trace.output.shape[1] * side, 636, side),
    }


def compose_scene(trace: TiedWeightsTrace) -> list[Item]:
    """Return the picture and the empty matrix, with what its rows and columns stand for."""
    tables, (outputs, inputs) = place_tables(trace), trace.size
    picture, matrix = tables["input"], tables["matrix"]
    columns = trace.input.shape[1]
    middle = matrix.middle
    _, *lines = draw_frame(matrix, "kernel", is_known=False)
    starts = [matrix.left + k * columns * matrix.cell for k in range(trace.input.shape[0])]
    strokes = tuple(((x, matrix.top), (x, matrix.top + matrix.height)) for x in starts[1:])
    labels = [
        say(
            f"row {k}",
            f"pixel row {k + 1}" if columns * matrix.cell >= 130 else str(k + 1),
            x + columns * matrix.cell / 2,
            TOP - 14,
            22,
            "input",
        )
        for k, x in enumerate(starts)
    ]
    note = f"{outputs} outputs (rows) × {inputs} pixels (columns)"
    return [
        say("heading input", "picture", LEFT + SIDE / 2, 48, HEADING, "input", is_bold=True),
        say("note input", times(trace.input.shape), LEFT + SIDE / 2, 86, NOTE, "muted"),
        *draw_table(picture, trace.input, "input"),
        say("heading matrix", "weights of a dense layer", middle, 48, HEADING, "kernel", is_bold=True),
        say("note matrix", note, middle, 86, NOTE, "muted"),
        *lines,
        *([Rules("matrix rows", strokes, "input", 2.6)] if strokes else []),
        *labels,
    ]


def compose_dense(trace: TiedWeightsTrace, table: Table) -> Shades:
    """Return the matrix as it is before training: random weights, as colors."""
    rng = np.random.default_rng(0)
    values = rng.choice([-1, 1], trace.size) * rng.choice(SHADES, trace.size)
    return shade("dense", values, table.left, table.top, table.cell, (-1.0, 1.0), "kernel")


def compose_zeros(trace: TiedWeightsTrace, table: Table, count: int) -> Iterator[Item]:
    """Yield the cells of the far weights of the first `count` outputs, empty."""
    for row in range(count):
        corners = tuple(table.corner(row, int(j)) for j in np.flatnonzero(trace.places[row] == FREE))
        if corners:
            yield Boxes(f"zeros {row}", corners, table.cell, table.cell, "surface")


def compose_tied(trace: TiedWeightsTrace, table: Table, number: int, *, is_written: bool = True) -> Iterator[Item]:
    """Yield all cells of one tied weight, in its color and with its letter."""
    corners = tuple(table.corner(int(i), int(j)) for i, j in np.argwhere(trace.places == number))
    color, side = color_weight(number, trace.kernel.size), table.cell
    yield Boxes(f"clear {number}", corners, side, side, "paper")
    yield Boxes(f"tied {number}", corners, side, side, color, TINT)
    if is_written:
        places = tuple((x + side / 2, y + side / 2 + 0.33 * 24) for x, y in corners)
        yield Letters(f"letters {number}", letter(number), places, 24)


def compose_kernel(trace: TiedWeightsTrace, table: Table, known: int) -> Iterator[Item]:
    """Yield the kernel with the first `known` of its weights, each with its letter in its color."""
    yield say("heading kernel", "kernel", LEFT + SIDE / 2, 470, HEADING, "kernel", is_bold=True)
    fill, *lines = draw_frame(table, "kernel", is_known=False)
    yield fill
    yield from lines
    for number in range(known):
        cell = divmod(number, trace.kernel.shape[1])
        yield from _weight(trace, table, cell, number)


def _weight(trace: TiedWeightsTrace, table: Table, cell: Pair, number: int) -> Iterator[Item]:
    """Yield one weight of the kernel: its color, its letter in the corner, and its value."""
    x, y = table.corner(*cell)
    color, side = color_weight(number, trace.kernel.size), table.cell
    yield Box(f"kernel clear {number}", x, y, side, side, fill="paper")
    yield Box(f"kernel tint {number}", x, y, side, side, fill=color, opacity=TINT)
    yield say(f"kernel letter {number}", letter(number), x + 12, y + 20, SMALLEST, "ink")
    value = write_cell(table, cell, trace.kernel[cell])
    yield Line(value.name, value.runs, x + 0.62 * side, y + 0.82 * side, 28)


def compose_words(count: str, note: str) -> list[Item]:
    """Return the words below the matrix: how many weights there are, and why."""
    return [
        say(f"count {count}", count, 376, COUNT, 46, "kernel", "left", is_bold=True),
        say(f"note {note}", note, 376, NOTE_LINE, NOTE, "muted", "left"),
    ]


def compose_row(trace: TiedWeightsTrace, row: int) -> list[Item]:
    """Return the frames around one output's row of the matrix, and around its window in the picture."""
    tables, corner = place_tables(trace), divmod(row, trace.output.shape[1])
    size = (trace.kernel.shape[0], trace.kernel.shape[1])
    return [
        ring("row", tables["matrix"], (row, 0), (1, trace.size[1])),
        veil("veil", tables["input"], corner, size),
        ring("window", tables["input"], corner, size),
    ]


def compose_output(trace: TiedWeightsTrace, known: int) -> list[Item]:
    """Return the output with its first `known` numbers."""
    table = place_tables(trace)["output"]
    mask = np.arange(trace.output.size).reshape(trace.output.shape) < known
    y = table.center + 12
    return [
        say("heading output", "output", table.left - 26, y, HEADING, "output", "right", is_bold=True),
        *fill_table(table, trace.dense_output, "output", mask),
    ]


def compose_steps(trace: TiedWeightsTrace) -> list[list[Keyframe]]:
    """Return the keyframes of each step: all weights, the far ones go, the others are tied, the output is computed."""
    tables, (outputs, inputs), different = place_tables(trace), trace.size, trace.kernel.size
    matrix, scene = tables["matrix"], compose_scene(trace)
    dense, zeros = compose_dense(trace, matrix), list(compose_zeros(trace, matrix, outputs))
    all_words = compose_words(f"{outputs * inputs} weights", "one for each pair of an output and a pixel")
    first = [Keyframe((*scene, dense, *all_words), 1.4)]
    second = [
        Keyframe((*scene, dense, *compose_zeros(trace, matrix, row + 1), *compose_row(trace, row)), SWEEP)
        for row in range(outputs)
    ]
    left = compose_words(f"{trace.kept} weights are left", "each output sees its own window; empty cells are 0")
    second.append(Keyframe((*scene, dense, *zeros, *left), 1.0))
    third = []
    for known in range(1, different + 1):
        tied = [item for number in range(known) for item in compose_tied(trace, matrix, number)]
        third.append(Keyframe((*scene, dense, *zeros, *tied, *compose_kernel(trace, tables["kernel"], known)), SWEEP))
    tied = [item for number in range(different) for item in compose_tied(trace, matrix, number)]
    made = [*scene, *zeros, *tied, *compose_kernel(trace, tables["kernel"], different)]
    few = compose_words(f"{different} different weights", "same letter, same color: the same weight")
    third.append(Keyframe((*made, *few), 1.0))
    return [first, second, third, list(_compute(trace, made))]


def _compute(trace: TiedWeightsTrace, made: Sequence[Item]) -> Iterator[Keyframe]:
    """Yield the keyframes of the last step: each row times the picture is a number of the output."""
    count = trace.output.size
    words = compose_words("It is a convolution", "each row times the picture is one window times the kernel")
    for row in range(count):
        yield Keyframe((*made, *words, *compose_output(trace, row + 1), *compose_row(trace, row)), SWEEP)
    yield Keyframe((*made, *words, *compose_output(trace, count)), 0.8)


def compose_panel(trace: TiedWeightsTrace, step: int) -> list[Item]:
    """Return the small picture of one step: the matrix in colors, and how many weights there are."""
    (outputs, inputs), different = trace.size, trace.kernel.size
    cell = min(15.0, 400 / inputs)
    table = Table("matrix", outputs, inputs, 210 - inputs * cell / 2, 66, cell, PANEL_SMALLEST)
    counts = (f"{outputs * inputs} weights", f"{trace.kept} are left", f"{different} are different")
    items: list[Item] = [say("heading", (*counts, "a convolution")[step], 210, 40, 19, "kernel", is_bold=True)]
    if step < 2:
        items += [compose_dense(trace, table), *(compose_zeros(trace, table, outputs) if step else [])]
    else:
        items += compose_zeros(trace, table, outputs)
        items += [each for k in range(different) for each in compose_tied(trace, table, k, is_written=False)]
    items += draw_frame(table, "kernel", is_known=False)[1:]
    return [*items, *_panel_result(trace, step)]


def _panel_result(trace: TiedWeightsTrace, step: int) -> Iterator[Item]:
    """Yield what stands below the matrix: the kernel's letters when they are tied, the output when it is computed."""
    if step == 2:
        side = 84 / max(trace.kernel.shape)
        table = place("kernel", trace.kernel, 210 - trace.kernel.shape[1] * side / 2, 264, side)
        yield from draw_frame(table, "kernel", is_known=False)
        for number in range(trace.kernel.size):
            x, y = table.corner(*divmod(number, table.columns))
            yield Box(f"tint {number}", x, y, side, side, fill=color_weight(number, trace.kernel.size), opacity=TINT)
            yield say(f"letter {number}", letter(number), x + side / 2, y + side / 2 + 5.5, 16.5)
    elif step == 3:
        side = 90 / max(trace.output.shape)
        table = place("output", trace.output, 210 - trace.output.shape[1] * side / 2, 264, side, PANEL_SMALLEST)
        yield from draw_table(table, trace.output, "output")
