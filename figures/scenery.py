"""What stands still in the film of a sliding window: headings, tables, the signs between them; and the pointers."""

import itertools
from collections.abc import Sequence
from typing import Any

from manim import VGroup

from figures import board, stage
from figures.arithmetic import Pair
from figures.composition import SLIDE, Column
from figures.sliding import Place, Sliding
from generator.theme import Theme


def draw_heading(column: Column, view: Sliding, theme: Theme) -> list[Any]:
    """Return a column's name and, under it, its size."""
    y = SLIDE.top - 22
    name = stage.write_centered(
        column.name, column.middle, y - 1.4 * SLIDE.note, SLIDE.heading, getattr(theme, column.name), bold=True
    )
    note = view.notes.get(column.name)
    return [name, *([stage.write_centered(note, column.middle, y, SLIDE.note, theme.muted)] if note else [])]


def draw_column(column: Column, view: Sliding, theme: Theme, place: Place) -> list[Any]:
    """Return a table as it stands before the first step: the output and the enlarged window are empty."""
    if not column.text:
        return _draw_map(column, view, theme, place)
    color, is_empty = getattr(theme, column.name), column.name in ("output", "window")
    tint = theme.surface if column.name == "output" else getattr(theme, f"{column.name}_tint")
    inner = _inner_box(column, view)
    left, top = column.corner((0, 0))
    parts = [stage.box(*inner, fill=tint)]
    parts.append(stage.rule_grid(column.rows, column.columns, left, top, column.cell, theme.rule))
    parts += [stage.box(*inner, color=color), *_frame_padding(column, view, theme)]
    if not is_empty:
        parts.append(_write_numbers(column, view, theme, place))
    return parts


def _write_numbers(column: Column, view: Sliding, theme: Theme, place: Place) -> Any:
    """Return the numbers of a table, those of the padding in grey."""
    group = VGroup()
    for i, row in enumerate(view.texts(column.name, place)):
        for j, text in enumerate(row):
            is_real = column.name != "input" or view.real[i, j]
            color = theme.ink if is_real else theme.padding
            group.add(*stage.write_cells([[text]], *column.corner((i, j)), column.cell, column.text, color))
    return group


def _draw_map(column: Column, view: Sliding, theme: Theme, place: Place) -> list[Any]:
    """Return a table as colors, with its scale."""
    values = view.values(column.name, place)
    limits, (left, top) = board.color_limits(values), column.corner((0, 0))
    return [
        stage.draw_map(values, left, top, column.cell, limits),
        stage.box(*_inner_box(column, view), color=getattr(theme, column.name)),
        *_frame_padding(column, view, theme),
        stage.draw_scale(limits, left, top + column.height + 12, column.width, theme, SLIDE.min_text),
    ]


def _inner_box(column: Column, view: Sliding) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a table, of the input without its padding."""
    top, left, height, width = view.inner if column.name == "input" else (0, 0, column.rows, column.columns)
    return (*column.corner((top, left)), width * column.cell, height * column.cell)


def _frame_padding(column: Column, view: Sliding, theme: Theme) -> list[Any]:
    """Return the dashed line around the cells that padding adds, if there are any."""
    if column.name != "input" or view.real.all():
        return []
    return [stage.dashed_box(*column.corner((0, 0)), column.width, column.height, theme.padding)]


def draw_signs(columns: Sequence[Column], theme: Theme) -> list[Any]:
    """Return what connects one column to the next: `*` before the kernel, `=` after it, else an arrow."""
    signs = []
    middle = (SLIDE.top + SLIDE.bottom) / 2
    for before, after in itertools.pairwise(columns):
        text = "*" if after.name == "kernel" else "=" if before.name == "kernel" else "→"
        size = (1.9 if text == "*" else 1.2) * SLIDE.heading
        sign = stage.write(text, 0, 0, size, theme.muted)
        signs.append(sign.move_to(stage.spot((before.left + before.width + after.left) / 2, middle)))
    return signs


def draw_pointer(column: Column, cell: Pair, color: str) -> Any:
    """Return a frame just inside a cell, which points at its number."""
    left, top = column.corner(cell)
    inset, size = 0.08 * column.cell, 0.84 * column.cell
    return stage.box(left + inset, top + inset, size, size, color=color, line=4.0)
