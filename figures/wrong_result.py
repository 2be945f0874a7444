"""A published result held against the computed one: the numbers that are wrong fall, and where they came from is shown.

An animation of 2016 shows a convolution at stride two with the corner of the result at stride one in place of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array, Padding, Pair
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
    Table,
    draw_frame,
    draw_input,
    draw_table,
    fill_table,
    measure,
    place,
    ring,
    say,
    texts_of,
    tint_cell,
    veil,
    write_cell,
    write_table,
)
from figures.parts.words import Description, count_noun, join, quote, times, write_number, write_padding, write_pair

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


MOST_INPUT, MOST_OUTPUT, MOST_UNSTRIDED = 8, 4, 7  # cells along a side: with padding; of the output; at stride one


@dataclass(frozen=True, slots=True)
class WrongResultTrace:
    """A convolution, what was published of it (`claimed`) and its true `output`, both (height, width).

    unstrided: the output at stride one. source: row and column of the first place in it where all of `claimed` stands;
    None if there is none, or the stride is one.
    """

    input: Array
    kernel: Array
    strides: Pair
    padding: Padding
    claimed: Array
    label: str
    output: Array
    unstrided: Array
    source: Pair | None

    @property
    def padded(self) -> Array:
        """The input with its padding."""
        return np.pad(self.input, self.padding)

    @property
    def is_wrong(self) -> Array:
        """Which of the claimed numbers are wrong, bool."""
        return np.asarray(self.claimed != self.output)

    @property
    def wrong(self) -> list[Pair]:
        """The places of the wrong numbers, row by row."""
        return [(int(i), int(j)) for i, j in np.argwhere(self.is_wrong)]


def trace(
    *,
    input: ArrayLike,
    kernel: ArrayLike,
    claimed: ArrayLike,
    strides: int | Sequence[int] = 1,
    padding: str | int | Sequence[Sequence[int]] = "valid",
    label: str = "copied",
) -> WrongResultTrace:
    """Return a convolution's true output beside a claimed one, and where in the output at stride one that one stands.

    input, kernel: tables (height, width) of whole numbers. claimed: a table as large as the output, of at most 4 × 4.
    strides, padding: as in the figure `convolution`. label: what was done with the claimed table, its heading.
    Raises ValueError if the claimed table has another size or is right, or something is too large to be read.
    """
    image, weights, said = (
        arithmetic.read_matrix(values, name)
        for values, name in ((input, "input"), (kernel, "kernel"), (claimed, "claimed"))
    )
    step = arithmetic.read_pair(strides, "strides")
    around = arithmetic.resolve_padding(padding, image.shape, weights.shape, step)
    output = arithmetic.correlate2d(image, weights, strides=step, padding=around)
    if said.shape != output.shape:
        raise ValueError(f"claimed is {times(said.shape)} and the output {times(output.shape)}; give as many numbers")
    if (said == output).all():
        raise ValueError("claimed is the true output; give a result that is wrong, or take the figure 'convolution'")
    unstrided = arithmetic.correlate2d(image, weights, padding=around)
    source = _find(said, unstrided) if max(step) > 1 else None
    made = WrongResultTrace(image, weights, step, around, said, str(label), output, unstrided, source)
    _check(made)
    return made


def _find(block: Array, table: Array) -> Pair | None:
    """Return row and column of the first place at which `block` stands in `table`, or None."""
    places = arithmetic.windows(table, (block.shape[0], block.shape[1]), (1, 1))
    found = np.argwhere((places == block).all(axis=(2, 3)))
    return (int(found[0][0]), int(found[0][1])) if len(found) else None


def _check(trace: WrongResultTrace) -> None:
    """Raise ValueError for tables that are too large, or numbers too long, to be read."""
    for name, table, most in (
        ("the padded input", trace.padded, MOST_INPUT),
        ("the output", trace.output, MOST_OUTPUT),
        ("the output at stride one", trace.unstrided, MOST_UNSTRIDED),
    ):
        if max(table.shape) > most:
            raise ValueError(
                f"{name} is {times(table.shape)}; give a smaller input: at most {most} × {most} can be read"
            )
    values = {"input": trace.padded, "kernel": trace.kernel, "unstrided": trace.unstrided}
    values |= {"claimed": trace.claimed, "output": trace.output}
    for name, spot in place_tables(trace).items():
        for number in (text for row in texts_of(values[name]) for text in row):
            if measure(number, SMALLEST, is_bold=False) > spot.cell - 2:
                raise ValueError(f"'{number}' is too long for a cell; give smaller whole numbers")


def describe(trace: WrongResultTrace) -> Description:
    """Return the alt text, a sentence for each step, and the facts: both outputs, how many are wrong, their source."""
    steps = tuple(_sentences(trace))
    alt = (
        f"A result of a convolution as it was {trace.label}, {quote(trace.claimed)}, beside the one that is computed. "
        f"The input is {quote(trace.input)}, the kernel {quote(trace.kernel)}. {' '.join(steps)}"
    )
    facts: dict[str, object] = {
        "output": trace.output.tolist(),
        "claimed": trace.claimed.tolist(),
        "unstrided": trace.unstrided.tolist(),
        "wrong": len(trace.wrong),
        "cells": trace.output.size,
    }
    if trace.source:
        facts["source"] = {"row": trace.source[0] + 1, "column": trace.source[1] + 1}
    return Description(alt, steps, facts)


def _sentences(trace: WrongResultTrace) -> Iterator[str]:
    """Yield a sentence for each step: what is computed, what is wrong, and where that came from."""
    setting = f"{write_padding(trace.padding)} and {write_pair('stride', trace.strides)}"
    yield f"With {setting} the output is {quote(trace.output)}."
    faults = [
        f"row {i + 1}, column {j + 1} is {write_number(trace.output[i, j])} and not {write_number(trace.claimed[i, j])}"
        for i, j in trace.wrong
    ]
    verb = "is" if len(faults) == 1 else "are"
    yield f"{len(faults)} of the {count_noun(trace.output.size, 'number')} {verb} wrong: {'; '.join(faults)}."
    if trace.source:
        (top, left), (rows, columns) = trace.source, trace.output.shape
        where = f"{_span('row', top, rows)} and {_span('column', left, columns)}"
        kept = [_kept("row", rows, trace.strides[0]), _kept("column", columns, trace.strides[1])]
        yield (
            f"At stride 1 the output is {quote(trace.unstrided)}: its {where} are what was {trace.label}, where "
            f"{write_pair('stride', trace.strides)} keeps {join(kept)}."
        )


def _span(noun: str, start: int, count: int) -> str:
    """Return which rows or columns a block takes, as text."""
    return f"{noun} {start + 1}" if count == 1 else f"{noun}s {start + 1} to {start + count}"


def _kept(noun: str, count: int, stride: int) -> str:
    """Return which rows or columns a stride keeps, as text."""
    numbers = ", ".join(str(1 + k * stride) for k in range(count))
    return f"{noun}{'s' * (count > 1)} {numbers}"


def draw(trace: WrongResultTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the whole comparison, the wrong numbers fallen and their source framed, or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL, SLIDE

    if step is None:
        return draw_items(compose_steps(trace)[-1][-1].items, theme, SLIDE)
    return draw_items(compose_panel(trace, step), theme, PANEL)


def animate(trace: WrongResultTrace, scene: "Scene") -> None:
    """Compute the output window by window, let the wrong numbers fall, and show where they came from."""
    from figures.parts.film import play_keyframes

    steps = compose_steps(trace)
    play_keyframes(scene, compose_scene(trace, 0), steps, describe(trace).steps, steps[-1][-1].items)


# Composition, in pixels of `layout.SLIDE`: what is computed from what on the left, both results, then stride one.
TOP, FLOOR = 124.0, 700.0  # upper edge of the tables, and the ground on which fallen cells lie
SIDE = 246.0  # of the outputs
LEFTS = {"input": 60.0, "claimed": 516.0, "output": 824.0, "unstrided": 1132.0}
SWEEP, FALL = 0.3, 0.4  # seconds for each window, for each cell that falls


def place_tables(trace: WrongResultTrace) -> dict[str, Table]:
    """Return the places of all tables by name."""
    cell = min(48.0, 350 / max(trace.padded.shape))
    side = SIDE / max(trace.output.shape)
    tables = {
        "input": _place("input", trace.padded, LEFTS["input"], TOP, cell),
        "claimed": _place("claimed", trace.claimed, LEFTS["claimed"], TOP, side),
        "output": _place("output", trace.output, LEFTS["output"], TOP, side),
    }
    below = tables["input"]
    tall = min(cell, 130 / trace.kernel.shape[0])
    left = max(below.right - trace.kernel.shape[1] * tall, LEFTS["input"] + 150)
    tables["kernel"] = _place("kernel", trace.kernel, left, below.top + below.height + 40, tall)
    if trace.source:
        wide = 344 / max(trace.unstrided.shape)
        tables["unstrided"] = _place("unstrided", trace.unstrided, LEFTS["unstrided"], TOP, min(70.0, wide))
    return tables


def _place(name: str, values: Array, left: float, top: float, cell: float) -> Table:
    """Return the place of a table whose top left corner is given."""
    return place(name, values, left, top + values.shape[0] * cell / 2, cell)


def compose_scene(trace: WrongResultTrace, known: int, fallen: int = 0) -> list[Item]:
    """Return input, kernel and both results: `known` numbers are computed, `fallen` wrong ones lie on the ground."""
    tables = place_tables(trace)
    kernel = tables["kernel"]
    mask = np.arange(trace.output.size).reshape(trace.output.shape) < known
    real = np.pad(np.ones(trace.input.shape, dtype=bool), trace.padding)
    items: list[Item] = [
        *_head(tables["input"], "input", f"{times(trace.input.shape)}, {write_padding(trace.padding)}", "input"),
        *draw_input(tables["input"], trace.padded, real),
        say("heading kernel", "kernel", kernel.left - 24, kernel.center + 12, HEADING, "kernel", "right", is_bold=True),
        *draw_table(kernel, trace.kernel, "kernel"),
        *_head(tables["claimed"], trace.label, write_pair("stride", trace.strides), "ink"),
        *_head(tables["output"], "computed", write_pair("stride", trace.strides), "output"),
        *fill_table(tables["output"], trace.output, "output", mask),
        *_compose_claimed(trace, tables["claimed"], fallen),
    ]
    return items


def _head(table: Table, name: str, note: str, role: str) -> Iterator[Item]:
    """Yield the heading above a table, and the note below it."""
    yield say(f"heading {table.name}", name, table.middle, 48, HEADING, role, is_bold=True)
    yield say(f"note {table.name}", note, table.middle, 86, NOTE, "muted")


def _compose_claimed(trace: WrongResultTrace, table: Table, fallen: int) -> Iterator[Item]:
    """Yield the claimed table cell by cell; wrong ones, row by row from the last, have fallen straight down."""
    fill, *others = draw_frame(replace(table, name="claimed hole"), "output", is_known=False)
    yield from (fill, *others[:-1])
    yield Box("claimed frame", table.left, table.top, table.width, table.height, "padding")
    down = trace.wrong[::-1][:fallen]
    for i in range(table.rows):
        for j in range(table.columns):
            x, y = table.corner(i, j)
            if is_down := (i, j) in down:
                below = sum(column == j and row > i for row, column in down)
                y = FLOOR - (below + 1) * table.cell
            role, line = ("wrong", BOLD) if is_down else ("muted", 2.0)
            side = table.cell - 8
            yield Box(f"claimed cell {i} {j}", x + 4, y + 4, side, side, role, "surface", line)
            number = write_cell(table, (i, j), trace.claimed[i, j], "wrong" if is_down else "ink")
            yield replace(number, y=number.y + y - table.corner(i, j)[1])


def compose_window(trace: WrongResultTrace, at: Pair) -> list[Item]:
    """Return the window in the input, and the frame around what it gives."""
    tables, size = place_tables(trace), (trace.kernel.shape[0], trace.kernel.shape[1])
    corner = (at[0] * trace.strides[0], at[1] * trace.strides[1])
    return [
        veil("veil", tables["input"], corner, size),
        ring("window", tables["input"], corner, size),
        ring("target", tables["output"], at),
    ]


def compose_count(trace: WrongResultTrace) -> list[Item]:
    """Return how many numbers are wrong, beside those that have fallen."""
    x = LEFTS["output"] + 10
    return [
        say("count", f"{len(trace.wrong)} of {trace.output.size}", x, FLOOR - 96, 64, "wrong", "left", is_bold=True),
        say("count note", "are wrong", x, FLOOR - 46, HEADING, "wrong", "left"),
    ]


def compose_source(trace: WrongResultTrace, *, is_found: bool) -> Iterator[Item]:
    """Yield the result at stride one, in which the numbers that the stride keeps are tinted.

    The frame of what was claimed stands around the claimed table, or where `is_found`, around its source.
    """
    tables = place_tables(trace)
    table, claimed, (rows, columns) = tables["unstrided"], tables["claimed"], trace.output.shape
    yield from _head(table, "at stride 1", times(trace.unstrided.shape), "output")
    yield from draw_frame(table, "output", is_known=False)
    for i in range(rows):
        for j in range(columns):
            yield tint_cell(table, (i * trace.strides[0], j * trace.strides[1]), "output_tint")
    yield from write_table(table, trace.unstrided)
    at, grid = (trace.source, table) if is_found and trace.source else ((0, 0), claimed)
    yield ring("source", grid, at, (rows, columns), "wrong", 6.0)
    below = table.top + table.height
    stride = write_pair("stride", trace.strides)
    yield Line("kept", ((f"tinted: {stride} keeps these", "output"),), table.middle, below + 40, 25, limit=380)
    if is_found:
        yield Line("corner", ((f"framed: these were {trace.label}", "wrong"),), table.middle, below + 78, 25, limit=380)


def compose_steps(trace: WrongResultTrace) -> list[list[Keyframe]]:
    """Return the keyframes of each step: computing, falling, and the source if there is one."""
    width, count, many = trace.output.shape[1], trace.output.size, len(trace.wrong)
    first = [
        Keyframe((*compose_scene(trace, k + 1), *compose_window(trace, divmod(k, width))), SWEEP) for k in range(count)
    ]
    computed = compose_scene(trace, count)
    first.append(Keyframe(tuple(computed), 0.6))
    tables = place_tables(trace)
    rings = [ring(f"wrong {i} {j}", tables["output"], (i, j), role="wrong") for i, j in trace.wrong]
    second = [Keyframe((*computed, *rings), 1.0)]
    second += [Keyframe((*compose_scene(trace, count, k + 1), *rings), FALL) for k in range(many)]
    ending = (*compose_scene(trace, count, many), *compose_count(trace))
    second.append(Keyframe(ending, 0.8))
    if not trace.source:
        return [first, second]
    third = [Keyframe((*ending, *compose_source(trace, is_found=is_found)), 1.4) for is_found in (False, True)]
    return [first, second, third]


def compose_panel(trace: WrongResultTrace, step: int) -> list[Item]:
    """Return the small picture of one step: both results, the wrong numbers framed, or the result at stride one."""
    if step == 2:
        return list(_panel_source(trace))
    cell = 172 / max(trace.output.shape)
    items: list[Item] = []
    both = (("claimed", trace.label, trace.claimed, 110.0), ("output", "computed", trace.output, 310.0))
    for name, heading, values, middle in both:
        table = place(name, values, middle - cell * values.shape[1] / 2, 175, cell, PANEL_SMALLEST)
        items.append(
            say(f"heading {name}", heading, middle, 66, 17, "ink" if name == "claimed" else "output", is_bold=True)
        )
        is_known = name == "output"
        items += draw_table(table, values, "output") if is_known else _draw_plain(table, values)
        if step:
            items += [ring(f"wrong {name} {i} {j}", table, (i, j), role="wrong", line=3.5) for i, j in trace.wrong]
    return items


def _draw_plain(table: Table, values: Array) -> list[Item]:
    """Return a table of numbers without the tint of what is computed."""
    return [*draw_frame(table, "output", is_known=False), *write_table(table, values)]


def _panel_source(trace: WrongResultTrace) -> Iterator[Item]:
    """Yield the result at stride one with the block that was claimed framed."""
    cell, (rows, columns) = 224 / max(trace.unstrided.shape), trace.output.shape
    values = trace.unstrided
    table = place("unstrided", values, 210 - cell * values.shape[1] / 2, 180, cell, PANEL_SMALLEST)
    yield say("heading", "at stride 1", 210, 46, 17, "output", is_bold=True)
    yield from draw_frame(table, "output", is_known=False)
    for i in range(rows):
        for j in range(columns):
            yield tint_cell(table, (i * trace.strides[0], j * trace.strides[1]), "output_tint")
    yield from write_table(table, values)
    if trace.source:
        yield ring("source", table, trace.source, (rows, columns), "wrong", 4.0)
