"""Valid, same and full padding side by side: how many windows see each cell of the input, and the output's size.

Without padding a corner is seen once and the middle nine times: padding is about the border as much as about the size.
This is not a convolution: no kernel is multiplied, windows are only counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from figures.parts import arithmetic, still
from figures.parts.arithmetic import Array, Pair
from figures.parts.words import Description, count_noun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from generator.theme import Theme


MODES = ("valid", "same", "full")
LARGEST = 32  # cells along one side of an input
TOP, ROOM = 1.14, 3.3  # inches: where the cells begin, and the height there is for them
LARGEST_CELL = 0.5


@dataclass(frozen=True, slots=True)
class PaddingPanel:
    """One padding mode, along one axis: cells added (before, after), and `output`, the number of window positions.

    visits: (size, size), for each cell of the input how many windows of the padded input contain it.
    """

    mode: str
    padding: Pair
    output: int
    visits: Array

    @property
    def is_lopsided(self) -> bool:
        """Whether one end gets more cells than the other."""
        return self.padding[0] != self.padding[1]


@dataclass(frozen=True, slots=True)
class PaddingModesTrace:
    """A square input and window, and a panel for each padding mode."""

    size: int
    kernel_size: int
    strides: int
    panels: tuple[PaddingPanel, ...]


def trace(*, size: int = 6, kernel_size: int = 3, strides: int = 1, modes: Sequence[str] = MODES) -> PaddingModesTrace:
    """Return how many windows of `kernel_size` see each cell of a square input, for one to three padding modes.

    modes: "valid" and "same" as in TensorFlow, "full" as in Dumoulin & Visin (2016): kernel_size − 1 cells on each
    side. Raises ValueError for a window that does not fit, or an unknown mode.
    """
    width, reach = (
        arithmetic.read_count(size, "size", LARGEST),
        arithmetic.read_count(kernel_size, "kernel_size", LARGEST),
    )
    step = arithmetic.read_count(strides, "strides", LARGEST)
    chosen = list(modes) if not isinstance(modes, str) else [modes]
    wrong = [mode for mode in chosen if mode not in MODES]
    if wrong:
        raise ValueError(f"there is no padding mode {wrong[0]!r}; there is 'valid', 'same' and 'full'")
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"modes is {chosen}; give one to three different ones of 'valid', 'same' and 'full'")
    if "valid" in chosen and reach > width:
        raise ValueError(
            f"a window of {reach} does not fit into {width} cells; take a smaller one, or leave out 'valid'"
        )
    return PaddingModesTrace(width, reach, step, tuple(_count(mode, width, reach, step) for mode in chosen))


def _count(mode: str, size: int, kernel_size: int, strides: int) -> PaddingPanel:
    """Return the panel of one mode."""
    padding, _ = arithmetic.resolve_padding(mode, (size, size), (kernel_size, kernel_size), (strides, strides))
    output = arithmetic.output_size(size, kernel_size, strides=strides, padding=sum(padding))
    visits = np.zeros(size + sum(padding), dtype=np.int64)
    for place in range(output):
        visits[place * strides : place * strides + kernel_size] += 1
    inner = visits[padding[0] : padding[0] + size]
    return PaddingPanel(mode, padding, output, np.outer(inner, inner))


def write_formula(trace: PaddingModesTrace, panel: PaddingPanel) -> str:
    """Return the output's size with its calculation.

    >>> write_formula(trace(), trace().panels[1])
    '⌊(6 + 2 − 3) / 1⌋ + 1 = 6'
    """
    added = f" + {sum(panel.padding)}" if sum(panel.padding) else ""
    return f"⌊({trace.size}{added} − {trace.kernel_size}) / {trace.strides}⌋ + 1 = {panel.output}"


def describe(trace: PaddingModesTrace) -> Description:
    """Return for each mode the padding, the output's size, and how often a corner and the middle are seen."""
    alt = (
        f"An input of {trace.size} × {trace.size} cells, a window of {trace.kernel_size} × {trace.kernel_size}, "
        f"stride {trace.strides}; each cell says how many windows see it. "
    ) + " ".join(_say(trace, panel) for panel in trace.panels)
    return Description(alt, (), {panel.mode: _collect(panel) for panel in trace.panels})


def _say(trace: PaddingModesTrace, panel: PaddingPanel) -> str:
    """Return the sentences about one panel."""
    before, after = panel.padding
    seen = _collect(panel)
    pads = f"pads {before} before and {after} after" if before + after else "pads nothing"
    words = (
        f"{panel.mode} {pads}: {_say_corners(panel)}, the cell in the middle {_say_times(int(str(seen['middle'])))}, "
        f"the output is {panel.output} × {panel.output}: {write_formula(trace, panel)}."
    )
    if seen["unseen"]:
        words += f" No window sees {count_noun(int(str(seen['unseen'])), 'cell')} of the input."
    return words[0].upper() + words[1:] + (f" {_contrast(panel)}." if panel.is_lopsided else "")


def _say_corners(panel: PaddingPanel) -> str:
    """Return how many windows see a corner, or each of them where they differ."""
    first, beside, last = (int(panel.visits[place]) for place in ((0, 0), (0, -1), (-1, -1)))
    if first == beside == last:
        return f"a corner is seen {_say_times(first)}"
    return (
        f"the corner at the top left is seen {_say_times(first)}, that at the bottom right {_say_times(last)}, "
        f"the other two {_say_times(beside)}"
    )


def _say_times(count: int) -> str:
    """Return how often something happens, in words."""
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def _contrast(panel: PaddingPanel) -> str:
    """Return how another library differs where TensorFlow's padding is lopsided."""
    after = panel.padding[1]
    return f"PyTorch's padding={after} differs: it pads {after} on both sides"


def _collect(panel: PaddingPanel) -> dict[str, object]:
    """Return the facts of one panel."""
    middle = len(panel.visits) // 2
    return {
        "before": panel.padding[0],
        "after": panel.padding[1],
        "output": panel.output,
        "corner": int(panel.visits[0, 0]),
        "last_corner": int(panel.visits[-1, -1]),
        "middle": int(panel.visits[middle, middle]),
        "most": int(panel.visits.max()),
        "unseen": int((panel.visits == 0).sum()),
    }


def draw(trace: PaddingModesTrace, theme: "Theme") -> "Figure":
    """Return a panel for each mode, with cells of one size, the first window framed, and the output's size below."""
    from figures.parts import still

    figure = still.new_figure(theme)
    sheet = still.new_sheet(figure)
    room = 12.6 / len(trace.panels)
    widest = max(trace.size + sum(panel.padding) for panel in trace.panels)
    cell = min((room - 0.3) / widest, ROOM / widest, LARGEST_CELL)
    for number, panel in enumerate(trace.panels):
        middle = 0.1 + (number + 0.5) * room
        _write_head(sheet, panel, theme, middle)
        _draw_cells(sheet, trace, panel, theme, (middle, cell))
        _write_foot(sheet, trace, panel, theme, middle)
    _draw_key(sheet, trace, theme, is_legible=72 * 0.56 * cell >= still.MIN_TEXT)
    return figure


def _write_head(sheet: "Axes", panel: PaddingPanel, theme: "Theme", middle: float) -> None:
    """Write the mode, the cells that it adds, and how it differs from Keras or PyTorch."""
    from figures.parts import still

    before, after = panel.padding
    still.write(sheet, middle, 0.34, panel.mode, color=theme.ink, points=still.HEADING + 3, bold=True, align="center")
    added = f"{before} before, {after} after" if panel.is_lopsided else f"{before} on each side" if after else "none"
    still.write(sheet, middle, 0.65, f"padding: {added}", color=theme.muted, align="center")
    if panel.mode == "full":
        words = "not in Keras: ZeroPadding2D, then valid"
        still.write(sheet, middle, 0.93, words, color=theme.muted, points=still.MIN_TEXT, align="center")
    if panel.is_lopsided:
        words = f"not PyTorch’s padding={after}: that adds {after} on both sides"
        still.write(sheet, middle, 0.93, words, color=theme.wrong, points=still.MIN_TEXT, align="center", bold=True)


def _draw_cells(
    sheet: "Axes", trace: PaddingModesTrace, panel: PaddingPanel, theme: "Theme", where: tuple[float, float]
) -> None:
    """Draw the input with its counts, the padding around it (dashed), and the first window."""
    from figures.parts import still
    from figures.parts.layout import hatch

    (middle, cell), size, before = where, trace.size, panel.padding[0]
    whole = size + sum(panel.padding)
    left, top = middle - whole * cell / 2, TOP + (ROOM - whole * cell) / 2
    x, y = left + before * cell, top + before * cell
    _shade(sheet, panel.visits, theme, (x, y, cell))
    still.rule_grid(sheet, whole, whole, left=left, top=top, cell=cell, color=theme.rule)
    unseen = [(x + j * cell, y + i * cell) for i, j in np.argwhere(panel.visits == 0)]
    still.rule(sheet, hatch(unseen, cell), color=theme.wrong, linewidth=still.HAIR)
    if whole > size:
        still.box(
            sheet,
            left,
            top,
            whole * cell,
            whole * cell,
            edgecolor=theme.padding,
            linewidth=still.LINE,
            linestyle=(0, (3.5, 2.5)),
        )
    still.box(sheet, x, y, size * cell, size * cell, edgecolor=theme.input, linewidth=still.LINE)
    side = trace.kernel_size * cell
    still.box(sheet, left, top, side, side, edgecolor=theme.window, linewidth=still.BOLD_LINE)
    points = 72 * 0.56 * cell
    if points >= still.MIN_TEXT:
        texts = [[str(count) if count else "" for count in row] for row in panel.visits]
        still.write_cells(sheet, texts, left=x, top=y, cell=cell, color=theme.ink, points=min(points, 18))


def _shade(sheet: "Axes", visits: Array, theme: "Theme", where: tuple[float, float, float]) -> None:
    """Fill the cells of an input, darker the more windows see them, but pale enough for numbers to be read on them."""
    from figures.parts import still

    x, y, cell = where
    most = max(int(visits.max()), 1)
    for count in np.unique(visits[visits > 0]):
        cells = [(x + j * cell, y + i * cell) for i, j in np.argwhere(visits == count)]
        still.boxes(sheet, cells, cell, facecolor=theme.input, alpha=0.06 + 0.36 * int(count) / most)


def _write_foot(sheet: "Axes", trace: PaddingModesTrace, panel: PaddingPanel, theme: "Theme", middle: float) -> None:
    """Write the output's size, its formula, and the counts of a corner and the middle."""
    from figures.parts import still

    seen = _collect(panel)
    size: still.Runs = (("output ", "output"), (f"{panel.output} × {panel.output}", "output"))
    still.write_middle(sheet, middle, TOP + ROOM + 0.36, size, theme, points=still.HEADING, bold=True)
    formula = ((write_formula(trace, panel), "muted"),)
    still.write_middle(sheet, middle, TOP + ROOM + 0.66, formula, theme, points=still.TEXT)
    corners = panel.visits[[0, 0, -1, -1], [0, -1, 0, -1]]
    words = f"corner {seen['corner']}, middle {seen['middle']}"
    if corners.min() != corners.max():
        words = f"corners {corners.min()} to {corners.max()}, middle {seen['middle']}"
    if trace.strides > 1:
        words = f"a cell is seen {panel.visits.min()} to {panel.visits.max()} times"
    still.write(sheet, middle, TOP + ROOM + 0.95, words, color=theme.input, points=still.TEXT, align="center")


def _draw_key(sheet: "Axes", trace: PaddingModesTrace, theme: "Theme", *, is_legible: bool) -> None:
    """Explain the numbers and the lines, in one row at the bottom."""
    parts = [
        (f"{'number' if is_legible else 'shade'}: how many windows see the cell", theme.input, "-"),
        ("first window", theme.window, "-"),
    ]
    if any(sum(panel.padding) for panel in trace.panels):
        parts.append(("zeros added by padding", theme.padding, "--"))
    if any((panel.visits == 0).any() for panel in trace.panels):
        parts.append(("no window reaches here", theme.wrong, "/"))
    still.draw_key(sheet, 5.88, parts, theme)
