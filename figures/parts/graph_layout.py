"""Places the nodes of a network's graph in columns and rows, and leads its lines between them past every node.

Columns are ranks by the longest path, as in the method of Sugiyama, Tagawa and Toda (1981). All lengths are in rows:
row 0 lies between 0 and 1, and the lines of a node leave and enter it at its `PORT`. Must not know anything about
drawing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import TypeAlias

from figures.parts.graph import Graph

PORT = 0.3  # where in its row the picture of a node has its middle
MOST_ROWS = 4  # more are not searched for the best order
SWEEPS = 4
Edge: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line from one node to another that passes at least one column: in a free row, or between two rows.

    row: the free row, or -1. gap: 0 is above all rows, 1 between the first two, and so on, or -1. track: which of the
    lines in the gap it is, 0 the lowest.
    """

    source: int
    target: int
    row: int = -1
    gap: int = -1
    track: int = 0

    @property
    def height(self) -> float:
        """Where it passes, in rows."""
        return self.row + PORT if self.row >= 0 else float(self.gap)


@dataclass(frozen=True, slots=True)
class Layout:
    """For each node its column and its row, the number of rows, and the lines that pass columns."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    height: int
    wires: tuple[Wire, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(self.columns) + 1

    def tracks(self, gap: int) -> int:
        """Return how many lines lie side by side in a gap."""
        return 1 + max((wire.track for wire in self.wires if wire.gap == gap), default=-1)


def arrange(graph: Graph) -> Layout:
    """Return the layout of a graph: rows such that lines are short and few cross. Raises ValueError for over 4 rows."""
    columns = rank(graph)
    height = max(columns.count(column) for column in columns)
    if height > MOST_ROWS:
        raise ValueError(
            f"{height} layers stand side by side, and {MOST_ROWS} fit a slide; give a part of the layers, or draw one "
            "branch after the other"
        )
    rows = place_rows(graph, columns, height)
    return Layout(tuple(columns), tuple(rows), height, tuple(lead(graph, columns, rows, height)))


def rank(graph: Graph) -> list[int]:
    """Return each node's column: the longest path that leads to it; inputs stand right before their first taker."""
    columns: list[int] = []
    for taken in graph.taken:
        columns.append(1 + max(columns[source] for source in taken) if taken else 0)
    for node in range(graph.outside):
        columns[node] = min(columns[taker] for taker in graph.takers(node)) - 1
    return columns


def place_rows(graph: Graph, columns: Sequence[int], height: int) -> list[int]:
    """Return each node's row: column by column the order that costs least, several times there and back."""
    members = [[node for node, at in enumerate(columns) if at == column] for column in range(max(columns) + 1)]
    rows = [members[column].index(node) for node, column in enumerate(columns)]
    for sweep in range(SWEEPS):
        for nodes in members if sweep % 2 == 0 else reversed(members):
            rows = min((_with(rows, nodes, order) for order in permutations(range(height), len(nodes))),
                       key=lambda rows: _cost(graph, columns, rows, height))  # fmt: skip
    return rows


def _with(rows: Sequence[int], nodes: Sequence[int], order: Sequence[int]) -> list[int]:
    """Return the rows with other ones for some nodes."""
    moved = dict(zip(nodes, order, strict=True))
    return [moved.get(node, row) for node, row in enumerate(rows)]


def _cost(graph: Graph, columns: Sequence[int], rows: Sequence[int], height: int) -> float:
    """Return how bad rows are: rows up or down, half a row more for each bend, three for each crossing.

    A node off the middle costs so little that it decides between equals.
    """
    edges = graph.edges
    bends = sum(rows[a] != rows[b] for a, b in edges)
    steps = [(columns[a], rows[a], rows[b]) for a, b in edges if columns[b] - columns[a] == 1]
    off = sum(abs(row - (height - 1) / 2) for row in rows)
    return 3 * count_crossings(steps) + sum(abs(rows[a] - rows[b]) for a, b in edges) + 0.5 * bends + 0.01 * off


def count_crossings(steps: Iterable[tuple[int, float, float]]) -> int:
    """Return how many lines cross between two columns; each is the left column, and its height left and right.

    >>> count_crossings([(0, 0, 1), (0, 1, 0)]), count_crossings([(0, 0, 1), (1, 1, 0)])
    (1, 0)
    """
    return sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in combinations(steps, 2))


def lead(graph: Graph, columns: Sequence[int], rows: Sequence[int], height: int) -> list[Wire]:
    """Return the lines that pass columns, shortest first, each where it crosses the fewest others."""
    long = sorted((edge for edge in graph.edges if _span(columns, edge) > 1), key=lambda edge: _span(columns, edge))
    steps = [(columns[a], rows[a] + PORT, rows[b] + PORT) for a, b in graph.edges if columns[b] - columns[a] == 1]
    wires: list[Wire] = []
    for edge in long:
        ways = _ways(edge, columns, rows, height, wires)
        best = min(ways, key=lambda wire: _burden(wire, columns, rows, steps))
        steps += _steps(best, columns, rows)
        wires.append(_on_track(best, columns, wires))
    return wires


def _span(columns: Sequence[int], edge: Edge) -> int:
    return columns[edge[1]] - columns[edge[0]]


def _ways(edge: Edge, columns: Sequence[int], rows: Sequence[int], height: int, wires: Sequence[Wire]) -> list[Wire]:
    """Return where a line can pass: in the rows that are free all along, and in every gap but the lowest."""
    passed = range(columns[edge[0]] + 1, columns[edge[1]])
    full = {row for column, row in zip(columns, rows, strict=True) if column in passed}
    full |= {wire.row for wire in wires if _overlap(wire, edge, columns)}
    free = [Wire(*edge, row=row) for row in range(height) if row not in full]
    return free + [Wire(*edge, gap=gap) for gap in range(height)]


def _overlap(wire: Wire, edge: Edge, columns: Sequence[int]) -> bool:
    """Return whether a line and one between the nodes of `edge` share a column, or the space before or behind it."""
    return columns[wire.source] < columns[edge[1]] and columns[edge[0]] < columns[wire.target]


def _burden(
    wire: Wire, columns: Sequence[int], rows: Sequence[int], steps: Sequence[tuple[int, float, float]]
) -> tuple[float, ...]:
    """Return how bad a way is: the lines that it crosses, and how far it leads up and down."""
    own = _steps(wire, columns, rows)
    crossed = sum(count_crossings([one, other]) for one in own for other in steps)
    return crossed, round(sum(abs(left - right) for _, left, right in own), 6), wire.gap


def _steps(wire: Wire, columns: Sequence[int], rows: Sequence[int]) -> list[tuple[int, float, float]]:
    """Return a line's height left and right of each space between two columns."""
    start, end = columns[wire.source], columns[wire.target]
    heights = [rows[wire.source] + PORT, *[wire.height] * (end - start - 1), rows[wire.target] + PORT]
    return [(start + place, *pair) for place, pair in enumerate(pairwise(heights))]


def _on_track(wire: Wire, columns: Sequence[int], wires: Sequence[Wire]) -> Wire:
    """Return the line on the lowest free track of its gap; lines from one node share a track."""
    near = [one for one in wires if one.gap == wire.gap >= 0 and _overlap(one, (wire.source, wire.target), columns)]
    shared = {one.track for one in near if one.source == wire.source}
    others = {one.track for one in near if one.source != wire.source}
    choice = [track for track in sorted(shared) if track not in others] or [
        track for track in range(len(near) + 1) if track not in others
    ]
    return Wire(wire.source, wire.target, wire.row, wire.gap, choice[0])
