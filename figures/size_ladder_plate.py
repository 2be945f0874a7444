"""Draws a ladder of map sizes: squares to scale on one line, as far apart as their words need."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import board, plates
from figures.arithmetic import Pair
from figures.size_ladder import Rung, SizeLadderTrace
from figures.sliding import times
from generator.theme import Theme

GROUND = 3.72  # inches: the line on which the maps stand
TALLEST, WIDEST = 3.0, 12.5
NARROWEST = 0.5  # gap: room for an arrow
APART = 0.18  # between words
LEAD = 0.28
Lines = list[tuple[str, str]]  # each with the name of its role


def draw_ladder(trace: SizeLadderTrace, theme: Theme) -> Figure:
    """Return the maps on one line from left to right, each layer over its arrow, sizes and what is dropped below."""
    figure = board.new_figure(theme, height=5.85)
    sheet = board.new_sheet(figure)
    scale, lefts = arrange(trace)
    for number, (left, size) in enumerate(zip(lefts, trace.maps, strict=True)):
        after = trace.rungs[number] if number < len(trace.rungs) else None
        _draw_map(sheet, (left, scale), size, theme, after, role="output" if number else "input")
        _write_below(sheet, _below(trace, number), theme, left + scale * size[1] / 2)
        if after:
            _draw_step(sheet, after, theme, (left + scale * size[1], lefts[number + 1], scale))
    _draw_key(sheet, trace, theme)
    return figure


def arrange(trace: SizeLadderTrace) -> tuple[float, list[float]]:
    """Return how many inches a cell is, and where each map begins: as large as words and gaps allow, centered."""
    scale = TALLEST / max(height for height, _ in trace.maps)
    while (across := sum(_steps(trace, scale)) + sum(_overhang(trace, scale))) > WIDEST and scale > 0.01:
        scale *= 0.99
    x = (12.8 - across) / 2 + _overhang(trace, scale)[0]
    lefts = []
    for step in _steps(trace, scale):
        lefts.append(x)
        x += step
    return scale, lefts


def _steps(trace: SizeLadderTrace, scale: float) -> list[float]:
    """Return from each map's left edge to the next one's; for the last map its width."""
    widths = [scale * width for _, width in trace.maps]
    labels = [_wide(_below(trace, number)) for number in range(len(widths))]
    steps = []
    for number, rung in enumerate(trace.rungs):
        beside = (widths[number] + widths[number + 1]) / 2
        needed = max((labels[number] + labels[number + 1]) / 2, _wide(_above(rung))) + APART
        steps.append(widths[number] + max(NARROWEST, needed - beside))
    return [*steps, widths[-1]]


def _overhang(trace: SizeLadderTrace, scale: float) -> tuple[float, float]:
    """Return how far words reach beyond the first and the last map."""
    first, last = ((_wide(_below(trace, number)) - scale * trace.maps[number][1]) / 2 for number in (0, -1))
    return max(0.0, first), max(0.0, last)


def _above(rung: Rung) -> Lines:
    """Return a layer's lines: its name and its window."""
    return [(rung.name, "ink"), (rung.operation, "kernel")]


def _below(trace: SizeLadderTrace, number: int) -> Lines:
    """Return the lines under a map: its size, how that comes about, channels, and what the next layer drops of it."""
    number %= len(trace.maps)
    channels = [trace.channels, *(rung.channels for rung in trace.rungs)][number]
    made = trace.rungs[number - 1].formula if number else "input"
    lines = [(times(trace.maps[number]), "ink"), (made, "muted"), (plates.count_noun(channels, "channel"), "muted")]
    after = trace.rungs[number] if number < len(trace.rungs) else None
    if after is None or not after.drops:
        return lines
    return [*lines, (f"{after.name} drops", "wrong"), (", ".join(after.drops), "wrong")]


def _wide(lines: Lines) -> float:
    """Return the width of the widest line; the first is written large or bold."""
    return max(board.text_width(text, board.HEADING if text[0].isdigit() and not number else board.MIN_TEXT, bold=True)
               for number, (text, _) in enumerate(lines) if text[0] not in "⌊⌈")  # fmt: skip


def _draw_map(
    sheet: Axes, where: tuple[float, float], size: Pair, theme: Theme, after: Rung | None, *, role: str
) -> None:
    """Draw a map to scale, what the next layer drops of it hatched, that layer's window in its corner."""
    (x, scale), (rows, columns) = where, size
    top, color = GROUND - scale * rows, getattr(theme, role)
    board.box(sheet, x, top, scale * columns, scale * rows, facecolor=getattr(theme, f"{role}_tint"))
    if after:
        _hatch(sheet, after.dropped, size, theme, (x, top, scale))
    board.box(sheet, x, top, scale * columns, scale * rows, edgecolor=color, linewidth=board.LINE)
    if after:
        tall, wide = (min(after.kernel_size, n) for n in size)
        board.box(sheet, x, top, scale * wide, scale * tall, edgecolor=theme.window, linewidth=board.LINE)


def _hatch(sheet: Axes, dropped: Pair, size: Pair, theme: Theme, where: tuple[float, float, float]) -> None:
    """Strike out the last rows and columns of a map, cell by cell."""
    (rows, columns), (x, top, scale) = size, where
    cells = [(i, j) for i in range(rows) for j in range(columns) if i >= rows - dropped[0] or j >= columns - dropped[1]]
    corners = [(x + j * scale, top + i * scale) for i, j in cells]
    board.boxes(sheet, corners, scale, facecolor=theme.paper)
    board.rule(sheet, [((a, b + scale), (a + scale, b)) for a, b in corners], color=theme.wrong, linewidth=board.LINE)


def _write_below(sheet: Axes, lines: Lines, theme: Theme, middle: float) -> None:
    """Write the lines under a map, the size large."""
    (size, role), *others = lines
    y = GROUND + 0.34
    plates.write_middle(sheet, middle, y, ((size, role),), theme, points=board.HEADING, bold=True)
    for number, line in enumerate(others):
        plates.write_middle(sheet, middle, y + 0.02 + LEAD * (number + 1), (line,), theme, points=board.MIN_TEXT)


def _draw_step(sheet: Axes, rung: Rung, theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw the arrow of a layer in the height of the smaller map, its words over the taller one."""
    left, right, scale = where
    low, high = sorted((rung.before[0], rung.after[0]))
    y, x, middle = GROUND - scale * low / 2, right - 0.1, (left + right) / 2
    head = [((x - 0.09, y - 0.06), (x, y)), ((x - 0.09, y + 0.06), (x, y))]
    board.rule(sheet, [((left + 0.1, y), (x, y)), *head], color=theme.muted, linewidth=board.LINE)
    y = GROUND - scale * high - 0.14
    (name, role), (operation, second) = _above(rung)
    plates.write_middle(sheet, middle, y - 0.27, ((name, role),), theme, points=board.MIN_TEXT, bold=True)
    plates.write_middle(sheet, middle, y, ((operation, second),), theme, points=board.MIN_TEXT)


def _draw_key(sheet: Axes, trace: SizeLadderTrace, theme: Theme) -> None:
    """Say what the frame in the corner and the hatching mean."""
    parts = [("the next layer’s window, to scale", theme.window, "-")]
    if any(rung.drops for rung in trace.rungs):
        parts.append(("dropped: no window reaches it", theme.wrong, "/"))
    plates.draw_key(sheet, 5.7, parts, theme)
