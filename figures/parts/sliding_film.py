"""The film of a sliding window, in Manim: the window moves over the input and each position yields one output number.

The first calculation is written term by term, the second faster, the others at once. Between steps the window sweeps
over the remaining positions without stopping.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import manim
import numpy as np
from manim import FadeIn, FadeOut, VGroup

from figures.parts import film, still
from figures.parts.arithmetic import Pair
from figures.parts.layout import SLIDE, hatch
from figures.parts.sliding_window import Column, Place, Sliding, arrange, write_formula
from generator.theme import Theme

SLOW, QUICK, AT_ONCE = 4.5, 1.8, 0.4  # seconds for all terms of the first, the second and any later calculation
SWEEP_STEP, LONGEST_SWEEP = 0.12, 3.0  # seconds per position, and for a whole sweep


def animate_sliding(view: Sliding, scene: Any, sentences: Sequence[str]) -> None:
    """Play the whole film in `scene`, with a mark after the opening picture and after each step."""
    film = SlidingFilm(view, scene)
    film.open()
    scene.mark("The window has not moved yet.")
    for number, (place, sentence) in enumerate(zip(view.places, sentences, strict=True)):
        film.travel(place)
        film.calculate(place, (SLOW, QUICK)[number] if number < 2 else AT_ONCE)
        film.land(place)
        if place is view.places[-1]:
            film.show_dropped()
        scene.mark(sentence)
    film.sweep((view.output.shape[0] - 1, view.output.shape[1]))


def measure(text: str, pixels: float) -> float:
    """Return the width of a text in pixels."""
    return 72 * still.text_width(text, pixels)


class SlidingFilm:
    """The mobjects of the film: tables that stand still, the window, the known part of the output, the calculation."""

    def __init__(self, view: Sliding, scene: Any) -> None:
        self.view, self.scene = view, scene
        self.theme: Theme = scene.theme
        self.columns = arrange(view, SLIDE, measure)
        self.input, self.output = self.columns["input"], self.columns["output"]
        self.source = self.columns.get("window", self.input)
        self.count = 0  # how many output cells are known
        self.known, self.cover = VGroup(), VGroup()
        self.window, self.target = self._frame_window(view.places[0]), self._frame_target()
        self.formula, self.extras = VGroup(), VGroup()  # the calculation; other mobjects of one position only

    def open(self) -> None:
        """Add everything but the window to the scene; the output is still empty."""
        for column in self.columns.values():
            self.scene.add(*draw_heading(column, self.view, self.theme))
            self.scene.add(*draw_column(column, self.view, self.theme, self.view.places[0]))
        self.scene.add(*draw_signs(list(self.columns.values()), self.theme))
        self.scene.add(self.known)
        if not self.output.text:
            left, top = self.output.corner((0, 0))
            self.cover.add(*(film.box(0, 0, 1, 1, fill=self.theme.surface) for _ in range(2)))
            self._uncover()
            outline = film.box(left, top, self.output.width, self.output.height, color=self.theme.output)
            self.scene.add(self.cover, outline)

    def travel(self, place: Place) -> None:
        """Move the window to `place`, sweeping over the positions between, and remove what belonged to the last one."""
        gone = [FadeOut(thing) for thing in (self.formula, self.extras) if len(thing)]
        self.formula, self.extras = VGroup(), VGroup()
        cell = (place.row, place.column)
        is_first = self.window not in self.scene.mobjects
        if is_first:
            self._put_window((0, 0))
            self.scene.play(FadeIn(self.window), FadeIn(self.target), run_time=0.6)
        if self._between(cell):
            if gone:
                self.scene.play(*gone, run_time=0.3)
            self.sweep(cell)
            gone = []
        moves = [
            self.window.animate.move_to(self._window_spot(cell)),
            self.target.animate.move_to(self._target_spot(cell)),
        ]
        if not is_first or cell != (0, 0):
            self.scene.play(*gone, *moves, run_time=0.6)
        self._read_window(place)

    def sweep(self, cell: Pair) -> None:
        """Run over all positions before `cell`, filling the output on the way."""
        between = self._between(cell)
        if not between:
            return
        reached = self.count

        def advance(_: object, alpha: float) -> None:
            done = min(len(between), int(alpha * len(between)) + 1)
            while self.count < reached + done:
                self._show_result(between[self.count - reached])
            self._put_window(between[done - 1])

        seconds = min(LONGEST_SWEEP, max(0.3, SWEEP_STEP * len(between)))
        self.scene.play(manim.UpdateFromAlphaFunc(self.known, advance, rate_func=manim.linear, run_time=seconds))

    def calculate(self, place: Place, seconds: float) -> None:
        """Write the calculation; if `seconds` allows, term by term, with pointers at the cells that each term uses."""
        pieces = [self._write_piece(piece) for piece in write_formula(place, SLIDE, measure)]
        terms = VGroup(*pieces[:-1])
        self.formula = VGroup(*pieces)
        cells = list(self._operands(place))
        if seconds <= AT_ONCE or len(cells) != len(terms):
            self.scene.play(FadeIn(terms), run_time=AT_ONCE)
            return
        pointers: list[Any] = []
        for term, spots in zip(terms, cells, strict=True):
            targets = [draw_pointer(column, cell, self.theme.ink) for column, cell in spots]
            moves = [a.animate.become(b) for a, b in zip(pointers, targets, strict=True)] if pointers else []
            pointers = pointers or targets
            moves = moves or [FadeIn(pointer) for pointer in pointers]
            self.scene.play(FadeIn(term), *moves, run_time=max(2 / 30, seconds / len(terms)))
        self.scene.play(*[FadeOut(pointer) for pointer in pointers], run_time=0.2)

    def land(self, place: Place) -> None:
        """Write the result and move it into its output cell."""
        tail, rings = self.formula[-1], []
        if place.chosen is not None:
            rings = [draw_pointer(*list(self._operands(place))[place.chosen][0], self.theme.output)]
        self.extras.add(*rings)
        self.scene.play(FadeIn(tail), *[FadeIn(ring) for ring in rings], run_time=0.4)
        made = self._show_result((place.row, place.column), on_stage=False)
        if made is None:
            self.scene.wait(0.2)
            return
        tint, number = made
        start = tail[-1].copy()
        self.scene.play(FadeIn(tint), manim.ReplacementTransform(start, number), run_time=0.6)
        self.scene.remove(tint, number)
        self.known.add(tint, number)

    def show_dropped(self) -> None:
        """Hatch the input cells that no window uses, and label them."""
        corners = [self.input.corner((int(i), int(j))) for i, j in np.argwhere(self.view.unseen)]
        if corners:
            strokes = film.rule(hatch(corners, self.input.cell), self.theme.wrong, 2.0)
            x, y = self.input.middle, self.input.caption
            text = film.write_centered(self.view.hatch_label, x, y, SLIDE.min_text, self.theme.wrong)
            self.scene.play(FadeIn(strokes), FadeIn(text), run_time=0.5)

    def _between(self, cell: Pair) -> list[Pair]:
        """Return the output cells before `cell`, in row order, that are not known yet."""
        width = self.view.output.shape[1]
        return [divmod(k, width) for k in range(self.count, cell[0] * width + cell[1])]

    def _operands(self, place: Place) -> Iterator[list[tuple[Column, Pair]]]:
        """Yield each term's operands as (column, cell), in the input or the enlarged window, and in any kernel."""
        for k, cell in enumerate(self.view.cells(place)):
            small = divmod(k, self.view.kernel_size[1])
            seen = [(self.source, cell if self.source is self.input else small)]
            kernel = self.columns.get("kernel")
            yield [*seen, (kernel, small)] if kernel else seen

    def _show_result(self, cell: Pair, *, on_stage: bool = True) -> tuple[Any, Any] | None:
        """Show one more output number; return its tint and text, or None where the output is drawn as colors."""
        self.count += 1
        if not self.output.text:
            self._uncover()
            return None
        column, (left, top) = self.output, self.output.corner(cell)
        text = self.view.texts("output", self.view.places[0])[cell[0]][cell[1]]
        tint = film.box(left + 1.5, top + 1.5, column.cell - 3, column.cell - 3, fill=self.theme.output_tint)
        number = film.write_cells([[text]], left, top, column.cell, column.text, self.theme.ink)[0]
        if on_stage:
            self.known.add(tint, number)
        return tint, number

    def _uncover(self) -> None:
        """Fit the cover to the part of the output map that is not known yet: the rest of a row, and the rows below."""
        column = self.output
        row, done = divmod(self.count, column.columns)
        left, top = column.corner((row, done))
        right, bottom = column.left + column.width, column.top + column.height
        below = min(bottom, top + column.cell)
        areas = [(left, top, right, below), (column.left, below, right, bottom)]
        for part, (x, y, x_end, y_end) in zip(self.cover, areas, strict=True):
            corners = [(x, y), (x_end, y), (x_end, y_end), (x, y_end), (x, y)]
            part.set_points_as_corners([film.spot(*corner) for corner in corners])
            part.set_fill(opacity=float(x_end > x and y_end > y))

    def _frame_window(self, place: Place) -> Any:
        """Return the window as a frame, with a tint on the cells that it uses."""
        column, (height, width) = self.input, self.view.reach
        corners = [column.corner(cell) for cell in self.view.cells(place)]
        opacity = 0.16 if column.text else 0.0
        tints = [
            film.box(*corner, column.cell, column.cell, fill=self.theme.window, opacity=opacity) for corner in corners
        ]
        corner = column.corner(self.view.corner(place))
        return VGroup(*tints, self._frame(column, (*corner, width * column.cell, height * column.cell)))

    def _frame_target(self) -> Any:
        """Return the frame around the output cell that is being computed."""
        size = self.output.cell
        return self._frame(self.output, (*self.output.corner((0, 0)), size, size))

    def _frame(self, column: Column, place: tuple[float, float, float, float]) -> Any:
        """Return a frame in the window's color, with a double line where the table below is drawn in colors."""
        if column.text:
            return film.box(*place, color=self.theme.window, line=film.BOLD_LINE)
        return film.double_box(*place, self.theme.window, self.theme)

    def _window_spot(self, cell: Pair) -> Any:
        """Return the Manim point of the window's middle for an output cell."""
        (height, width), (down, across) = self.view.reach, self.view.strides
        left, top = self.input.corner((cell[0] * down, cell[1] * across))
        return film.spot(left + width * self.input.cell / 2, top + height * self.input.cell / 2)

    def _target_spot(self, cell: Pair) -> Any:
        """Return the Manim point of the middle of an output cell."""
        left, top = self.output.corner(cell)
        return film.spot(left + self.output.cell / 2, top + self.output.cell / 2)

    def _put_window(self, cell: Pair) -> None:
        """Put the window and the frame in the output at a position without animation."""
        self.window.move_to(self._window_spot(cell))
        self.target.move_to(self._target_spot(cell))

    def _read_window(self, place: Place) -> None:
        """Fill the enlarged window, if there is one, with the numbers under the window."""
        if self.source is not self.input:
            column, texts = self.source, self.view.texts("window", place)
            numbers = film.write_cells(texts, *column.corner((0, 0)), column.cell, column.text, self.theme.ink)
            self.extras.add(numbers)
            self.scene.play(FadeIn(numbers), run_time=0.3)

    def _write_piece(self, piece: Sequence[Any]) -> Any:
        """Return a piece of the calculation as a mobject."""
        colors = {run.role: getattr(self.theme, run.role) for run in piece}
        return VGroup(*[film.write(run.text, run.x, run.y, run.size, colors[run.role]) for run in piece if run.text])


# The parts of the film that stand still (headings, tables and the signs between them), and the pointers.


def draw_heading(column: Column, view: Sliding, theme: Theme) -> list[Any]:
    """Return a column's name and, below it, its note (its size)."""
    y = SLIDE.top - 22
    name = film.write_centered(
        column.name, column.middle, y - 1.4 * SLIDE.note, SLIDE.heading, getattr(theme, column.name), bold=True
    )
    note = view.notes.get(column.name)
    return [name, *([film.write_centered(note, column.middle, y, SLIDE.note, theme.muted)] if note else [])]


def draw_column(column: Column, view: Sliding, theme: Theme, place: Place) -> list[Any]:
    """Return a table as it is before the first step: the output and the enlarged window are empty."""
    if not column.text:
        return _draw_map(column, view, theme, place)
    color, is_empty = getattr(theme, column.name), column.name in ("output", "window")
    tint = theme.surface if column.name == "output" else getattr(theme, f"{column.name}_tint")
    inner = _inner_box(column, view)
    left, top = column.corner((0, 0))
    parts = [film.box(*inner, fill=tint)]
    parts.append(film.rule_grid(column.rows, column.columns, left, top, column.cell, theme.rule))
    parts += [film.box(*inner, color=color), *_frame_padding(column, view, theme)]
    if not is_empty:
        parts.append(_write_numbers(column, view, theme, place))
    return parts


def _write_numbers(column: Column, view: Sliding, theme: Theme, place: Place) -> Any:
    """Return the numbers of a table; those in the padding are gray."""
    group = VGroup()
    for i, row in enumerate(view.texts(column.name, place)):
        for j, text in enumerate(row):
            is_real = column.name != "input" or view.real[i, j]
            color = theme.ink if is_real else theme.padding
            group.add(*film.write_cells([[text]], *column.corner((i, j)), column.cell, column.text, color))
    return group


def _draw_map(column: Column, view: Sliding, theme: Theme, place: Place) -> list[Any]:
    """Return a table drawn as colors, with its color scale."""
    values = view.values(column.name, place)
    limits, (left, top) = still.color_limits(values), column.corner((0, 0))
    return [
        film.draw_map(values, left, top, column.cell, limits),
        film.box(*_inner_box(column, view), color=getattr(theme, column.name)),
        *_frame_padding(column, view, theme),
        film.draw_scale(limits, left, top + column.height + 12, column.width, theme, SLIDE.min_text),
    ]


def _inner_box(column: Column, view: Sliding) -> tuple[float, float, float, float]:
    """Return (left, top, width, height) of a table; of the input, without its padding."""
    top, left, height, width = view.inner if column.name == "input" else (0, 0, column.rows, column.columns)
    return (*column.corner((top, left)), width * column.cell, height * column.cell)


def _frame_padding(column: Column, view: Sliding, theme: Theme) -> list[Any]:
    """Return the dashed frame around a padded input, or nothing."""
    if column.name != "input" or view.real.all():
        return []
    return [film.dashed_box(*column.corner((0, 0)), column.width, column.height, theme.padding)]


def draw_signs(columns: Sequence[Column], theme: Theme) -> list[Any]:
    """Return the signs between columns: `*` before the kernel, `=` after it, else an arrow."""
    signs = []
    middle = (SLIDE.top + SLIDE.bottom) / 2
    for before, after in itertools.pairwise(columns):
        text = "*" if after.name == "kernel" else "=" if before.name == "kernel" else "→"
        size = (1.9 if text == "*" else 1.2) * SLIDE.heading
        sign = film.write(text, 0, 0, size, theme.muted)
        signs.append(sign.move_to(film.spot((before.left + before.width + after.left) / 2, middle)))
    return signs


def draw_pointer(column: Column, cell: Pair, color: str) -> Any:
    """Return a frame just inside a cell, to point at its number."""
    left, top = column.corner(cell)
    inset, size = 0.08 * column.cell, 0.84 * column.cell
    return film.box(left + inset, top + inset, size, size, color=color, line=4.0)
