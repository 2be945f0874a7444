"""The stills of a sliding window, in Matplotlib: the full picture for a slide and the small panels of a filmstrip."""

import itertools
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts import still
from figures.parts.arithmetic import Pair
from figures.parts.layout import PANEL, SLIDE, Placed, Sheet, hatch
from figures.parts.sliding_window import Column, Place, Sliding, arrange, write_formula
from generator.theme import Theme


@dataclass(frozen=True, slots=True)
class Drawing:
    """What every part of one picture needs: axes, layout, colors, and the window at one place.

    Axes are in inches and the layout in pixels; `inches` and `points` convert.
    """

    axes: Axes
    sheet: Sheet
    theme: Theme
    view: Sliding
    place: Place
    columns: dict[str, Column]

    def inches(self, pixels: float) -> float:
        """Return a length of the layout in inches."""
        return pixels / self.sheet.per_inch

    def points(self, pixels: float) -> float:
        """Return a text size of the layout in points."""
        return 72 * pixels / self.sheet.per_inch

    def corner(self, column: Column, cell: Pair) -> tuple[float, float]:
        """Return the top left corner of a column's cell in inches."""
        x, y = column.corner(cell)
        return self.inches(x), self.inches(y)

    def color(self, role: str) -> str:
        """Return the color of a role in the theme."""
        return str(getattr(self.theme, role))


def draw_slide(view: Sliding, theme: Theme) -> Figure:
    """Return the full picture: the window at its key place, the calculation there, and every number of the output."""
    return _draw(view, theme, SLIDE, view.key, view.output.size)


def draw_panel(view: Sliding, theme: Theme, step: int) -> Figure:
    """Return the panel of step `step`, with the output known up to it; raise IndexError beyond the last step."""
    place = view.places[step]
    known = place.row * view.output.shape[1] + place.column + 1
    return _draw(view, theme, PANEL, place, known)


def draw_question(view: Sliding, theme: Theme) -> Figure:
    """Return the picture before anything is computed: a sign takes the place of the output, whose size is not known."""
    figure = still.new_figure(theme, SLIDE.width / SLIDE.per_inch, SLIDE.height / SLIDE.per_inch)
    drawing = Drawing(still.new_sheet(figure), SLIDE, theme, view, view.key, arrange(view, SLIDE, measure))
    for column in drawing.columns.values():
        if column.name != "output":
            _draw_heading(drawing, column)
            _draw_column(drawing, column, 0)
    output = drawing.columns["output"]
    x, y = (
        drawing.inches(output.middle),
        drawing.corner(output, (0, 0))[1] + drawing.inches(output.rows * output.cell) / 2,
    )
    still.write(drawing.axes, x, y, "?", color=theme.output, points=72, bold=True, align="center", valign="center")
    return figure


def measure(text: str, pixels: float) -> float:
    """Return the width of a text in pixels."""
    return 72 * still.text_width(text, pixels)


def _draw(view: Sliding, theme: Theme, sheet: Sheet, place: Place, known: int) -> Figure:
    """Return the picture with the window at `place` and the first `known` numbers of the output."""
    figure = still.new_figure(theme, sheet.width / sheet.per_inch, sheet.height / sheet.per_inch)
    drawing = Drawing(still.new_sheet(figure), sheet, theme, view, place, arrange(view, sheet, measure))
    for column in drawing.columns.values():
        _draw_heading(drawing, column)
        _draw_column(drawing, column, known)
    if sheet is SLIDE or place == view.places[-1]:
        _draw_dropped(drawing)
    _draw_window(drawing)
    _draw_signs(drawing)
    for placed in write_formula(place, sheet, measure):
        for run in placed:
            _write_run(drawing, run)
    return figure


def _draw_heading(drawing: Drawing, column: Column) -> None:
    """Write a column's name and, below it, its note (its size)."""
    sheet, x = drawing.sheet, drawing.inches(column.middle)
    lead = 22 if sheet.note else 10
    name_y = drawing.inches(sheet.top - lead - 1.4 * sheet.note)
    still.write(
        drawing.axes,
        x,
        name_y,
        column.name,
        color=drawing.color(column.name),
        align="center",
        bold=True,
        points=drawing.points(sheet.heading),
    )
    if sheet.note:
        still.write(
            drawing.axes,
            x,
            drawing.inches(sheet.top - lead),
            drawing.view.notes.get(column.name, ""),
            color=drawing.theme.muted,
            align="center",
            points=drawing.points(sheet.note),
        )


def _draw_column(drawing: Drawing, column: Column, known: int) -> None:
    """Draw a table, either as numbers or as a color map with its scale."""
    view = drawing.view
    texts = view.texts(column.name, drawing.place)
    if column.name == "output":
        texts = [
            [text if i * column.columns + j < known else "" for j, text in enumerate(row)]
            for i, row in enumerate(texts)
        ]
        shown = known
    else:
        shown = column.rows * column.columns
    if column.text:
        _draw_cells(drawing, column, texts, shown)
    else:
        _draw_map(drawing, column)


def _draw_cells(drawing: Drawing, column: Column, texts: list[list[str]], known: int) -> None:
    """Draw a table of numbers; padding cells are left white inside a dashed frame."""
    theme, view = drawing.theme, drawing.view
    color, tint = drawing.color(column.name), drawing.color(f"{column.name}_tint")
    top, left, height, width = view.inner if column.name == "input" else (0, 0, column.rows, column.columns)
    cell, (x, y) = drawing.inches(column.cell), drawing.corner(column, (0, 0))
    inner = (x + left * cell, y + top * cell, width * cell, height * cell)
    still.box(drawing.axes, *inner, facecolor=tint if known else theme.surface)
    if known < column.rows * column.columns:
        unknown = [divmod(k, column.columns) for k in range(known, column.rows * column.columns)]
        still.boxes(drawing.axes, [drawing.corner(column, at) for at in unknown], cell, facecolor=theme.surface)
    still.rule_grid(drawing.axes, column.rows, column.columns, left=x, top=y, cell=cell, color=theme.rule)
    still.box(drawing.axes, *inner, edgecolor=color, linewidth=still.LINE)
    _draw_padding(drawing, column)
    for shade, real in ((theme.ink, True), (theme.muted, False)):
        shown = [
            [text if _is_real(view, column, (i, j)) is real else "" for j, text in enumerate(row)]
            for i, row in enumerate(texts)
        ]
        still.write_cells(
            drawing.axes, shown, left=x, top=y, cell=cell, color=shade, points=drawing.points(column.text)
        )


def _is_real(view: Sliding, column: Column, cell: Pair) -> bool:
    """Whether a cell is not padding."""
    return column.name != "input" or bool(view.real[cell])


def _draw_map(drawing: Drawing, column: Column) -> None:
    """Draw a table as a color map, with its scale on a slide."""
    (left, top), width = drawing.corner(column, (0, 0)), drawing.inches(column.width)
    values = drawing.view.values(column.name, drawing.place)
    limits = still.color_limits(values)
    height = still.draw_map(
        drawing.axes,
        values,
        left=left,
        top=top,
        width=width,
        theme=drawing.theme,
        limits=limits,
        color=drawing.color(column.name),
    )
    _draw_padding(drawing, column)
    if drawing.sheet is SLIDE:
        still.draw_scale(drawing.axes, limits, left=left, top=top + height + 0.1, width=width, theme=drawing.theme)


def _draw_padding(drawing: Drawing, column: Column) -> None:
    """Draw a dashed frame around a padded input, and a solid one around the input inside; nothing without padding."""
    top, left, height, width = drawing.view.inner
    if column.name != "input" or (height, width) == (column.rows, column.columns):
        return
    cell, (x, y), theme = drawing.inches(column.cell), drawing.corner(column, (0, 0)), drawing.theme
    still.box(
        drawing.axes, x, y, column.columns * cell, column.rows * cell, edgecolor=theme.paper, linewidth=still.LINE
    )
    still.box(
        drawing.axes,
        x,
        y,
        column.columns * cell,
        column.rows * cell,
        edgecolor=theme.padding,
        linewidth=still.LINE,
        linestyle=(0, (3.5, 2.5)),
    )
    still.box(
        drawing.axes,
        x + left * cell,
        y + top * cell,
        width * cell,
        height * cell,
        edgecolor=theme.input,
        linewidth=still.LINE,
    )


def _draw_dropped(drawing: Drawing) -> None:
    """Hatch the input cells that no window uses, and label them on a slide."""
    column, unseen = drawing.columns["input"], drawing.view.unseen
    corners = [column.corner((int(i), int(j))) for i, j in np.argwhere(unseen)]
    if not corners:
        return
    strokes = hatch([(drawing.inches(x), drawing.inches(y)) for x, y in corners], drawing.inches(column.cell))
    still.rule(drawing.axes, strokes, color=drawing.theme.wrong, linewidth=still.HAIR)
    if drawing.sheet is SLIDE:
        x, y = drawing.inches(column.middle), drawing.inches(column.caption)
        still.write(
            drawing.axes,
            x,
            y,
            drawing.view.hatch_label,
            color=drawing.theme.wrong,
            align="center",
            points=drawing.points(drawing.sheet.min_text),
        )


def _draw_window(drawing: Drawing) -> None:
    """Frame the window in the input, the cell chosen by it if there is one, and its output cell."""
    theme, view, place = drawing.theme, drawing.view, drawing.place
    column, output = drawing.columns["input"], drawing.columns["output"]
    (x, y), cell = drawing.corner(column, view.corner(place)), drawing.inches(column.cell)
    taken = [drawing.corner(column, at) for at in view.cells(place)]
    still.boxes(drawing.axes, taken, cell, facecolor=theme.window, alpha=0.16 if column.text else 0)
    height, width = view.reach
    _frame(drawing, column, (x, y, width * cell, height * cell))
    if place.chosen is not None and column.text:
        left, top = taken[place.chosen]
        still.box(
            drawing.axes,
            left + 0.1 * cell,
            top + 0.1 * cell,
            0.8 * cell,
            0.8 * cell,
            edgecolor=theme.output,
            linewidth=still.LINE,
        )
    left, top = drawing.corner(output, (place.row, place.column))
    size = drawing.inches(output.cell)
    _frame(drawing, output, (left, top, size, size))


def _frame(drawing: Drawing, column: Column, place: still.Box) -> None:
    """Frame a place, with a double line where the table below is drawn in colors."""
    if column.text:
        still.box(drawing.axes, *place, edgecolor=drawing.theme.window, linewidth=still.BOLD_LINE)
    else:
        still.draw_double(drawing.axes, place, color=drawing.theme.window, theme=drawing.theme)


def _draw_signs(drawing: Drawing) -> None:
    """Write the signs between columns: `*` before the kernel, `=` after it, else an arrow."""
    columns = list(drawing.columns.values())
    for before, after in itertools.pairwise(columns):
        sign = "*" if after.name == "kernel" else "=" if before.name == "kernel" else "→"
        x = (before.left + before.width + after.left) / 2
        y = (drawing.sheet.top + drawing.sheet.bottom) / 2 + 0.35 * drawing.sheet.heading
        size = (1.9 if sign == "*" else 1.2) * drawing.sheet.heading
        still.write(
            drawing.axes,
            drawing.inches(x),
            drawing.inches(y + (0.3 * size if sign == "*" else 0)),
            sign,
            color=drawing.theme.muted,
            points=drawing.points(size),
            align="center",
        )


def _write_run(drawing: Drawing, run: Placed) -> None:
    """Write a piece of the calculation."""
    still.write(
        drawing.axes,
        drawing.inches(run.x),
        drawing.inches(run.y),
        run.text,
        color=drawing.color(run.role),
        points=drawing.points(run.size),
    )
