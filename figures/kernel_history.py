"""Kernels while they learn: a row for each kernel, a column for each moment of training, all on one scale of colors.

Training begins with random numbers: a picture of trained kernels alone does not tell what of their look was learned,
and what was there by chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.layout import PANEL
from figures.parts.words import Description, count_noun, join, times, write_fixed

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from figures.parts.layout import Sheet
    from generator.theme import Theme


MOMENTS = (2, 10)  # fewest and most columns
MOST = 8  # kernels
LARGEST_SIDE = 7  # cells of a kernel
HINT = "give steps (moments) and kernels (moments, n, height, width)"


@dataclass(frozen=True, slots=True)
class KernelHistoryTrace:
    """Kernels (moments, shown, height, width), the steps of training before each moment, and their channel numbers.

    limits: the color scale, over all `total` kernels at all moments. is_chosen: whether the lecture chose the channels.
    """

    steps: tuple[int, ...]
    kernels: Array
    channels: tuple[int, ...]
    limits: tuple[float, float]
    total: int
    is_chosen: bool

    @property
    def moved(self) -> Array:
        """How far each kernel is from where it began (moments, shown): the length of the difference."""
        return _measure(self.kernels)


def trace(*, history: Mapping[str, Any], count: int = 8, channels: Sequence[int] | None = None) -> KernelHistoryTrace:
    """Return `count` kernels (1 to 8) at 2 to 10 moments of training, in channel order: those that change most.

    history: `steps` (moments,), rising, how many steps of training were taken before, and `kernels` (moments, n,
    height, width). channels: which kernels are shown, instead. Raises ValueError if they do not match or do not fit.
    """
    if missing := [name for name in ("steps", "kernels") if name not in history]:
        raise ValueError(f"history has no {missing[0]}; {HINT}")
    kernels = arithmetic.read_values(history["kernels"], "kernels", "moments, n, height, width").astype(np.float64)
    steps = arithmetic.read_values(history["steps"], "steps", "moments")
    if len(steps) != len(kernels) or not MOMENTS[0] <= len(steps) <= MOMENTS[1]:
        raise ValueError(
            f"there are {len(steps)} steps and {len(kernels)} moments; give {MOMENTS[0]} to {MOMENTS[1]} of both"
        )
    if steps.dtype.kind != "i" or steps[0] < 0 or (np.diff(steps) <= 0).any():
        raise ValueError("steps do not rise; give whole numbers, the first of them 0 for the kernels before training")
    if max(kernels.shape[2:]) > LARGEST_SIDE:
        raise ValueError(
            f"the kernels are {times(kernels.shape[2:])}; up to {LARGEST_SIDE} cells a side are told apart"
        )
    shown = _choose(kernels, count) if channels is None else _read_channels(kernels, channels)
    reach = float(np.abs(kernels).max()) or 1.0
    return KernelHistoryTrace(
        tuple(int(step) for step in steps), kernels[:, shown], tuple(shown), (-reach, reach), kernels.shape[1],
        channels is not None,
    )  # fmt: skip


def _measure(kernels: Array) -> Array:
    """Return how far kernels (moments, n, height, width) are from the first moment's (moments, n)."""
    return np.asarray(np.sqrt(((kernels - kernels[0]) ** 2).sum(axis=(2, 3))))


def _choose(kernels: Array, count: int) -> list[int]:
    """Return the channels of the kernels that end farthest from where they began, in their order."""
    if not 1 <= count <= min(MOST, kernels.shape[1]):
        raise ValueError(f"count is {count}, of {kernels.shape[1]} kernels; 1 to {MOST} fit a slide")
    return sorted(int(k) for k in np.argsort(-_measure(kernels)[-1], kind="stable")[:count])


def _read_channels(kernels: Array, channels: Sequence[int]) -> list[int]:
    """Return the channels as they are given; raise ValueError unless there are such kernels, each named once."""
    given = [int(k) for k in np.atleast_1d(np.asarray(channels))]
    if not 1 <= len(given) <= MOST or len(set(given)) != len(given):
        raise ValueError(f"channels is {channels!r}; give 1 to {MOST} numbers, each once")
    if min(given) < 0 or max(given) >= kernels.shape[1]:
        raise ValueError(f"channels is {channels!r}; there are kernels 0 to {kernels.shape[1] - 1}")
    return given


def describe(trace: KernelHistoryTrace) -> Description:
    """Return which kernels are shown when, and which of them changes most and least; a sentence for each moment."""
    shown, moved = len(trace.channels), trace.moved[-1]
    steps = join([f"{step:,}" for step in trace.steps])
    which = "" if trace.is_chosen or shown == trace.total else ", those that change most"
    most, least = int(moved.argmax()), int(moved.argmin())
    alt = (
        f"{shown} of {count_noun(trace.total, 'kernel')}{which}, {times(trace.kernels.shape[2:])} weights each, at "
        f"{len(trace.steps)} moments of training, after {steps} steps. Their weights go from "
        f"{write_fixed(trace.kernels.min())} to {write_fixed(trace.kernels.max())}, negative ones marked with a dash. "
        f"Channel {trace.channels[most]} ends farthest from where it began, by {write_fixed(moved[most])}"
    )
    alt += "." if shown == 1 else f", channel {trace.channels[least]} nearest, by {write_fixed(moved[least])}."
    facts = {
        "channels": list(trace.channels),
        "steps": list(trace.steps),
        "total": trace.total,
        "largest_weight": trace.limits[1],
        "change": [float(value) for value in moved],
        "mean_change": [float(value) for value in trace.moved.mean(axis=1)],
        "most": {"channel": trace.channels[most], "change": float(moved[most])},
        "least": {"channel": trace.channels[least], "change": float(moved[least])},
    }
    return Description(alt, tuple(_say_moment(trace, k) for k in range(1, len(trace.steps))), facts)


def _say_moment(trace: KernelHistoryTrace, k: int) -> str:
    """Return the sentence of one moment: how far the kernels are from where they began, and which is farthest."""
    moved = trace.moved[k]
    place, mean = int(moved.argmax()), f"{write_fixed(float(moved.mean()))}"
    after = f"After {trace.steps[k]:,} step{'s' if trace.steps[k] != 1 else ''}"
    if len(moved) == 1:
        return f"{after} the kernel is {mean} away from where it began."
    return (
        f"{after} the kernels are on average {mean} away from where they began, channel {trace.channels[place]} the "
        f"most, {write_fixed(float(moved[place]))}."
    )


def draw(trace: KernelHistoryTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the table of kernels and moments with its color scale; or all kernels at one moment."""
    from figures.parts import still

    if step is not None:
        return _draw_panel(trace, theme, step + 1)
    shown, moments = len(trace.channels), len(trace.steps)
    rows, columns = trace.kernels.shape[2:]
    across, down = min(9.6 / moments, 1.7), min(4.65 / shown, 1.5)
    tile = min(across - 0.14, (down - 0.07) * columns / rows)
    figure = still.new_figure(theme, height=FIRST + shown * down + 0.6)
    sheet = still.new_sheet(figure)
    left = (12.8 - across * moments) / 2 - 0.2
    _write_heads(sheet, trace, theme, (left, across))
    for k, channel in enumerate(trace.channels):
        top = FIRST + k * down
        y = top + tile * rows / columns / 2 + 0.07
        still.write(sheet, left - 0.1, y, str(channel), color=theme.kernel, align="right", bold=True)
        for number in range(moments):
            x = left + number * across + (across - tile) / 2
            _draw_kernel(sheet, trace.kernels[number, k], trace, theme, (x, top, tile))
        right = left + moments * across + 0.8
        still.write(sheet, right, y, write_fixed(float(trace.moved[-1, k])), color=theme.ink, align="right")
    _draw_foot(sheet, trace, theme, (left, FIRST + 0.1 + shown * down))
    return figure


def _write_heads(sheet: "Axes", trace: KernelHistoryTrace, theme: "Theme", where: tuple[float, float]) -> None:
    """Write what rows and columns are."""
    from figures.parts import still

    left, across = where
    right = left + across * len(trace.steps)
    still.write(sheet, left - 0.1, FIRST - 0.15, "kernel", color=theme.kernel, align="right", bold=True)
    middle = (left + right) / 2
    still.write(sheet, middle, 0.24, "steps of training", color=theme.ink, align="center", bold=True)
    for number, after in enumerate(trace.steps):
        x = left + (number + 0.5) * across
        still.write(sheet, x, FIRST - 0.15, f"{after:,}", color=theme.ink, align="center")
    still.write(sheet, right + 0.8, FIRST - 0.15, "moved", color=theme.ink, align="right", bold=True)


def _draw_foot(sheet: "Axes", trace: KernelHistoryTrace, theme: "Theme", where: tuple[float, float]) -> None:
    """Draw the scale of the weights, and write how many of the kernels these are."""
    from figures.parts import still

    left, top = where
    still.draw_scale(sheet, trace.limits, left=left, top=top, width=2.6, theme=theme)
    still.write(sheet, left + 2.8, top + 0.15, "weights", color=theme.kernel, points=still.MIN_TEXT, bold=True)
    words = f"{len(trace.channels)} of {count_noun(trace.total, 'kernel')}"
    place = {"color": theme.ink, "points": still.MIN_TEXT}
    still.write(sheet, left + 4.2, top + 0.15, words, **place)  # type: ignore[arg-type]


def _draw_kernel(
    sheet: "Axes", kernel: Array, trace: KernelHistoryTrace, theme: "Theme", where: tuple[float, float, float]
) -> None:
    """Draw one kernel at (left, top), so many inches wide."""
    from figures.parts import still

    left, top, width = where
    still.draw_map(sheet, kernel, left=left, top=top, width=width, theme=theme, limits=trace.limits, color=theme.kernel)


def _draw_panel(trace: KernelHistoryTrace, theme: "Theme", moment: int) -> "Figure":
    """Return the small panel of a moment."""
    from figures.parts import still

    figure = still.new_figure(theme, still.PANEL_WIDTH, still.PANEL_HEIGHT)
    sheet = still.new_sheet(figure)
    inch = 1 / PANEL.per_inch
    size = 72 * inch * PANEL_TEXT
    for k, (left, top, cell) in enumerate(place_kernels(trace, PANEL, TOP_OF_PANEL)):
        _draw_kernel(
            sheet,
            trace.kernels[moment, k],
            trace,
            theme,
            (left * inch, top * inch, cell * inch * trace.kernels.shape[3]),
        )
        y = (top - 5) * inch
        still.write(sheet, left * inch, y, str(trace.channels[k]), color=theme.kernel, points=size, bold=True)
    words = name_moment(trace, moment)
    still.write(sheet, 2.1, 0.22, words, color=theme.ink, points=size, align="center", bold=True)
    return figure


def name_moment(trace: KernelHistoryTrace, moment: int) -> str:
    """Return after how many steps a moment is."""
    after = trace.steps[moment]
    return f"after {after:,} step{'s' if after != 1 else ''}" if after else "before training"


# The layout of a single moment, shared by the panels and the film: kernels in one or two rows, in pixels.

FIRST = 0.7  # inches: top of the first row of the table
TOP, TOP_OF_PANEL = 66.0, 28.0
PANEL_TEXT = 15.5
LINE_OF_TIME = 672.0  # y


def place_kernels(trace: KernelHistoryTrace, sheet: "Sheet", top: float) -> list[tuple[float, float, float]]:
    """Return left, top and the side of a cell for each kernel, below room for its number; whole pixels."""
    shown, (height, width) = len(trace.channels), trace.kernels.shape[2:]
    label, below = (34.0, 100.0) if sheet.width > PANEL.width else (24.0, 8.0)
    best = (0.0, 1, 0.0, 0.0)
    for rows in (1, 2):
        across, down = (sheet.width - 2 * sheet.margin) / -(-shown // rows), (sheet.height - below - top) / rows
        best = max(best, (float(int(min(0.88 * across / width, (down - label) / height))), rows, across, down))
    cell, rows, across, down = best
    columns = -(-shown // rows)
    places = []
    for k in range(shown):
        row, column = divmod(k, columns)
        left = sheet.margin + column * across + (across - cell * width) / 2
        free = max(0.0, down - label - cell * height) / 2 if rows == 1 else 0.0
        places.append((float(round(left)), float(round(top + row * down + label + free)), cell))
    return places


def animate(trace: KernelHistoryTrace, scene: "Scene") -> None:
    """Let the colors of all kernels change from moment to moment, while a mark moves along the steps."""
    from manim import FadeIn, FadeOut

    film = HistoryFilm(trace, scene)
    film.open()
    scene.mark(f"These are the kernels {name_moment(trace, 0)}.")
    for moment, sentence in enumerate(describe(trace).steps, start=1):
        before = film.caption, film.dashes
        film.write_moment(moment)
        colors = film.colors(moment)
        moves = [cell.animate.set_fill(color) for cell, color in zip(film.cells, colors, strict=True)]
        moves.append(film.mark.animate.move_to(film.find_tick(moment)))
        scene.play(*moves, FadeOut(*before), FadeIn(film.caption, film.dashes), run_time=1.2)
        scene.wait(0.5)
        scene.mark(sentence)


class HistoryFilm:
    """What the scene shows: a square for each weight, dashes on the negative ones, the caption, a mark on a line."""

    def __init__(self, trace: KernelHistoryTrace, scene: Any) -> None:
        from figures.parts.layout import SLIDE

        self.trace, self.scene, self.theme = trace, scene, scene.theme
        self.places = place_kernels(trace, SLIDE, TOP)
        self.cells: list[Any] = []
        self.caption: Any = None
        self.dashes: Any = None
        self.mark: Any = None

    def open(self) -> None:
        """Add the kernels of the first moment, their numbers and frames, and the line of the steps."""
        from figures.parts import film

        frames = []
        for (left, top, cell), channel in zip(self.places, self.trace.channels, strict=True):
            height, width = self.trace.kernels.shape[2:]
            for i, j in np.ndindex(height, width):
                square = film.box(left + j * cell, top + i * cell, cell, cell, fill=self.theme.paper)
                self.cells.append(square)
            frames.append(film.box(left, top, cell * width, cell * height, color=self.theme.kernel))
            frames.append(film.write(str(channel), left, top - 8, 24, self.theme.kernel, bold=True))
        for square, color in zip(self.cells, self.colors(0), strict=True):
            square.set_fill(color)
        self.write_moment(0)
        x = self._place_tick(0)
        self.mark = film.box(x - 9, LINE_OF_TIME - 9, 18, 18, fill=self.theme.window).set_z_index(1)
        self.scene.add(*self.cells, *frames, *self.draw_line(), self.caption, self.dashes, self.mark)

    def colors(self, moment: int) -> list[str]:
        """Return the color of every weight at a moment, in the order of the cells."""
        from figures.parts import still

        shades = [still.color_cells(kernel, self.trace.limits) for kernel in self.trace.kernels[moment]]
        return ["#" + bytes(color).hex() for shade in shades for color in shade.reshape(-1, 3)]

    def write_moment(self, moment: int) -> None:
        """Make the caption and the dashes of a moment, without showing them."""
        from manim import VGroup

        from figures.parts import film, still

        words = name_moment(self.trace, moment)
        self.caption = film.write_centered(words, 768, 50, 34, self.theme.ink, bold=True)
        self.dashes = VGroup().set_z_index(1)
        for (left, top, cell), kernel in zip(self.places, self.trace.kernels[moment], strict=True):
            lines = still.place_dashes(kernel, kernel < 0, left, top, cell, self.trace.limits)
            self.dashes.add(*(film.rule(each, color, 0.08 * cell) for color, each in lines.items() if each))

    def find_tick(self, moment: int) -> Any:
        """Return the Manim point of a moment on the line: all are equally far apart, as the columns of the still."""
        from figures.parts.film import spot

        return spot(self._place_tick(moment), LINE_OF_TIME)

    def _place_tick(self, moment: int) -> float:
        return 140 + moment * (1396 - 140) / (len(self.trace.steps) - 1)

    def draw_line(self) -> list[Any]:
        """Return the line of the steps with a number for each moment."""
        from figures.parts import film

        made = [film.rule([((140, LINE_OF_TIME), (1396, LINE_OF_TIME))], self.theme.muted, 2.6)]
        for moment, after in enumerate(self.trace.steps):
            x = self._place_tick(moment)
            made.append(film.rule([((x, LINE_OF_TIME - 8), (x, LINE_OF_TIME + 8))], self.theme.muted, 2.6))
            made.append(film.write_centered(f"{after:,}", x, LINE_OF_TIME + 36, 22, self.theme.muted))
        return made
