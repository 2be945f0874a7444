"""Networks trained with digits in one corner and tested with digits everywhere: their accuracy at nine places.

Sliding a kernel does not by itself make a network recognize at one place what it has learned at another: a Flatten
layer gives every place its own weights. A place is that of the digit, not of the window. The shade shows the same as
the number, on one scale from 0 to 100 % for all networks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.arithmetic import Array
from figures.parts.words import Description, QuestionWords, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


ROWS, COLUMNS = ("top", "middle", "bottom"), ("left", "center", "right")


@dataclass(frozen=True, slots=True)
class Network:
    """One network's accuracy (0 to 1) at each of the 3 × 3 places, and the place (row, column) of its training."""

    name: str
    shares: Array
    trained: tuple[int, int]

    @property
    def home(self) -> float:
        """The accuracy at the place where the digits were in training."""
        return float(self.shares[self.trained])

    @property
    def elsewhere(self) -> Array:
        """The accuracies at the eight other places."""
        places = np.ones((3, 3), dtype=bool)
        places[self.trained] = False
        return np.asarray(self.shares[places])


@dataclass(frozen=True, slots=True)
class CornerTestTrace:
    """One to four networks, and the place (row, column) at which all of them were trained."""

    networks: tuple[Network, ...]
    trained: tuple[int, int]


def trace(
    *,
    names: Sequence[str],
    first: ArrayLike,
    second: ArrayLike | None = None,
    third: ArrayLike | None = None,
    fourth: ArrayLike | None = None,
    trained: Sequence[int] = (2, 2),
) -> CornerTestTrace:
    """Return the accuracies (0 to 1) of one to four networks at 3 × 3 places, rows from the top.

    trained: row and column of the place at which they were trained, from 0. Raises ValueError if there are more or
    fewer names than tables, a table is not 3 × 3, or a number is not between 0 and 1.
    """
    tables = [table for table in (first, second, third, fourth) if table is not None]
    if len(names) != len(tables):
        raise ValueError(f"there are {len(names)} names for {len(tables)} tables; give one name per table")
    place = tuple(trained)
    if len(place) != 2 or any(number not in (0, 1, 2) for number in place):
        raise ValueError(f"trained is {list(trained)}; give row and column, each 0, 1 or 2")
    home = (int(place[0]), int(place[1]))
    pairs = zip(names, tables, strict=True)
    return CornerTestTrace(tuple(Network(str(name), _read(name, table), home) for name, table in pairs), home)


def _read(name: str, table: ArrayLike) -> Array:
    """Return a table of accuracies; raise ValueError unless it is 3 × 3 and holds numbers from 0 to 1."""
    values = np.asarray(table, dtype=float)
    if values.shape != (3, 3):
        raise ValueError(f"the table of {name} has shape {values.shape}; give 3 rows of 3 accuracies")
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        raise ValueError(f"the table of {name} holds a number that is no share; give accuracies from 0 to 1")
    return values


def describe(trace: CornerTestTrace) -> Description:
    """Return every accuracy by place, and as facts how each network does at the trained place and elsewhere."""
    row, column = trace.trained
    words = "; ".join(
        f"{network.name}: {write_percent(network.home, 1)} there, {_range(network)} elsewhere (rows from the top: "
        f"{_quote(network)})"
        for network in trace.networks
    )
    alt = f"Accuracy at 3 × 3 places, of networks trained on digits at the {ROWS[row]} {COLUMNS[column]}. {words}."
    facts = {
        "trained": {"row": row, "column": column, "name": f"{ROWS[row]} {COLUMNS[column]}"},
        "home": [network.home for network in trace.networks],
        "lowest": [float(network.elsewhere.min()) for network in trace.networks],
        "highest": [float(network.elsewhere.max()) for network in trace.networks],
        "mean": [float(network.elsewhere.mean()) for network in trace.networks],
    }
    return Description(alt, (), facts)


def _range(network: Network) -> str:
    """Return the smallest and the largest accuracy away from the trained place."""
    return f"{write_percent(network.elsewhere.min(), 1)} to {write_percent(network.elsewhere.max(), 1)}"


def _quote(network: Network) -> str:
    """Return a network's accuracies as text, in percent, row by row."""
    return "; ".join(", ".join(write_percent(share, 1).removesuffix(" %") for share in row) for row in network.shares)


def draw(trace: CornerTestTrace, theme: Theme) -> "Figure":
    """Return the tables side by side, the trained place framed, the range of all other places written below."""
    from figures.parts import still

    figure, sheet, places = _draw_names(trace, theme)
    for network, (left, cell) in zip(trace.networks, places, strict=True):
        _draw_table(sheet, network, theme, (left, 0.7, cell))
        y = 0.7 + 3 * cell + 0.38
        words = f"elsewhere {100 * network.elsewhere.min():.0f} to {100 * network.elsewhere.max():.0f} %"
        still.write(sheet, left + 1.5 * cell, y, words, color=theme.output, bold=True, align="center")
    _draw_key(sheet, trace, theme, 0.7 + 3 * places[0][1] + 1.0)
    return figure


def _draw_names(trace: CornerTestTrace, theme: Theme) -> "tuple[Figure, Axes, list[tuple[float, float]]]":
    """Return the figure with the networks' names, its sheet, and of each table its left edge and the side of a cell."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    count = len(trace.networks)
    step = min(4.2, 12.6 / count)
    cell = min(1.2, (step - 0.3) / 3)
    figure = still.new_figure(theme, height=0.75 + 3 * cell + 1.2)
    sheet = still.new_sheet(figure)
    middles = [(12.8 - count * step) / 2 + (place + 0.5) * step for place in range(count)]
    for middle, network in zip(middles, trace.networks, strict=True):
        where = (middle, 0.45, step - 0.15)
        write_fitted(sheet, where, network.name, color=theme.ink, points=still.HEADING, bold=True)
    return figure, sheet, [(middle - 1.5 * cell, cell) for middle in middles]


def draw_question(trace: CornerTestTrace, theme: Theme) -> "Figure":
    """Return the same tables without the accuracies; the trained place says what it is."""
    from figures.parts import still

    figure, sheet, places = _draw_names(trace, theme)
    row, column = trace.trained
    for left, cell in places:
        still.box(sheet, left, 0.7, 3 * cell, 3 * cell, facecolor=theme.surface)
        still.rule_grid(sheet, 3, 3, left=left, top=0.7, cell=cell, color=theme.muted, width=still.LINE)
        where = (left + column * cell, 0.7 + row * cell, cell)
        _frame(sheet, theme, where)
        for line, word in enumerate(("trained", "here")):
            x, y = where[0] + cell / 2, where[1] + cell / 2 + 0.26 * line
            still.write(sheet, x, y, word, color=theme.window, points=still.MIN_TEXT, align="center", bold=True)
    return figure


def describe_question(trace: CornerTestTrace) -> QuestionWords:
    """Return the names of the networks, and where they were trained."""
    names, (row, column) = ", ".join(network.name for network in trace.networks), trace.trained
    alt = f"An empty table of 3 × 3 places for each of these networks: {names}. All were trained at the {ROWS[row]} "
    return QuestionWords(f"{alt}{COLUMNS[column]}.")


def _draw_table(sheet: "Axes", network: Network, theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw the nine accuracies on shaded cells; a double line frames the trained place."""
    from figures.parts import still

    left, top, cell = where
    for row in range(3):
        for column in range(3):
            share = float(network.shares[row, column])
            shade = still.blend(theme.paper, theme.output, 0.06 + 0.84 * share)
            box = (left + column * cell, top + row * cell, cell, cell)
            lines = ((f"{100 * share:.1f}", still.HEADING if cell > 0.9 else still.TEXT),)
            is_home = (row, column) == network.trained
            still.draw_shaded(sheet, box, lines, shade=shade, theme=theme, bold=is_home)
    still.rule_grid(sheet, 3, 3, left=left, top=top, cell=cell, color=theme.paper, width=still.LINE)
    still.box(sheet, left, top, 3 * cell, 3 * cell, edgecolor=theme.muted, linewidth=still.HAIR)
    row, column = network.trained
    _frame(sheet, theme, (left + column * cell, top + row * cell, cell))


def _frame(sheet: "Axes", theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw the frame that means "trained here"; a line in the paper's color inside it keeps it visible on any shade."""
    from figures.parts import still

    left, top, cell = where
    inset = 0.05
    inner = (left + inset, top + inset, cell - 2 * inset, cell - 2 * inset)
    still.box(sheet, *inner, edgecolor=theme.paper, linewidth=still.LINE)
    still.box(sheet, left, top, cell, cell, edgecolor=theme.window, linewidth=still.BOLD_LINE + 1)


def _draw_key(sheet: "Axes", trace: CornerTestTrace, theme: Theme, top: float) -> None:
    """Explain the frame and the numbers."""
    from figures.parts import still

    row, column = trace.trained
    words = f"trained here, at the {ROWS[row]} {COLUMNS[column]}"
    rest = "accuracy in %, with the test digits moved to each of nine places"
    width = 0.5 + still.text_width(words) + 0.7 + still.text_width(rest)
    left = (12.8 - width) / 2
    still.box(sheet, left, top - 0.2, 0.28, 0.28, edgecolor=theme.window, linewidth=still.BOLD_LINE)
    still.write(sheet, left + 0.5, top, words, color=theme.window)
    still.write(sheet, left + width, top, rest, color=theme.muted, align="right")
