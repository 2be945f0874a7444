"""What one value of a deep layer is made of: the values below that contribute most to it, down to patches of pixels.

The numbers are exact: each line carries weight × value, and a unit's value before ReLU is the sum of all its lines and
its bias. Only the largest few are drawn, so the sum also says how much all the others contribute: mostly far more. The
tree must not be mistaken for the whole story, as happens with drawings of "edges, then eyes, then cats".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from figures.parts import still
from figures.parts.words import Description, count_noun, write_fixed, write_number, write_percent
from generator.theme import NARROW_WIDTH, Theme

Array = NDArray[Any]
PARTS = ("layer", "channel", "value", "bias", "contribution", "parent", "shown", "others", "top", "left", "size")
MOST_LEAVES, MOST_LEVELS = 9, 3


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the tree; `value` is before ReLU, and equals bias + shown + others. level: 0 for the unit explained.

    contribution: to its `parent` (its index in the list; -1: none). top, left, size: its receptive field, in pixels.
    """

    layer: str
    channel: int
    value: float
    bias: float
    contribution: float
    parent: int
    shown: float
    others: float
    top: int
    left: int
    size: int
    level: int

    @property
    def name(self) -> str:
        """The unit in words: conv2, channel 17."""
        return f"{self.layer}, channel {self.channel}"


@dataclass(frozen=True, slots=True)
class UnitTraceTrace:
    """The image (height, width) and the nodes, parents before children; terms: how many products the top sum has."""

    image: Array
    nodes: tuple[Node, ...]
    terms: int

    @property
    def levels(self) -> int:
        """How many layers of units there are."""
        return 1 + max(node.level for node in self.nodes)

    def children(self, parent: int) -> list[int]:
        """Return the indices of the nodes that feed `parent`."""
        return [place for place, node in enumerate(self.nodes) if node.parent == parent]


def trace(*, found: Mapping[str, Any]) -> UnitTraceTrace:
    """Return the tree of `found`, an experiment's hierarchy of one unit.

    Raises ValueError if something is missing, a sum is wrong, or the tree has more than 3 levels or 9 leaves.
    """
    missing = [name for name in ("image", "nodes", "terms") if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it the tree of a unit, such as convnet_insight.hierarchy")
    nodes: list[Node] = []
    for place, parts in enumerate(found["nodes"]):
        nodes.append(_read(parts, place, nodes))
    if not nodes:
        raise ValueError("found has no nodes; give it the tree of a unit, such as convnet_insight.hierarchy")
    tree = UnitTraceTrace(np.asarray(found["image"]), tuple(nodes), int(found["terms"][nodes[0].layer]))
    leaves = sum(not tree.children(place) for place in range(len(nodes)))
    if tree.levels > MOST_LEVELS or leaves > MOST_LEAVES:
        raise ValueError(f"the tree has {tree.levels} levels and {leaves} leaves; follow fewer: at most 3 and 9 fit")
    return tree


def _read(parts: Mapping[str, Any], place: int, before: list[Node]) -> Node:
    missing = [name for name in PARTS if name not in parts]
    if missing:
        raise ValueError(f"node {place} has no {missing[0]}; give a tree such as convnet_insight.hierarchy")
    parent = parts["parent"]
    if not (parent == -1 and place == 0) and not 0 <= parent < place:
        raise ValueError(f"node {place} has parent {parent}; list parents before children, and one without parent")
    total = parts["bias"] + parts["shown"] + parts["others"]
    if abs(total - parts["value"]) > 1e-3 * max(1, abs(total)):
        raise ValueError(f"node {place} is {parts['value']:.4f} and sums to {total:.4f}; measure the tree again")
    level = 0 if parent == -1 else before[parent].level + 1
    return Node(**{name: parts[name] for name in PARTS}, level=level)


def describe(trace: UnitTraceTrace) -> Description:
    """Return the tree in words, from the unit down, each node with what it contributes."""
    top = trace.nodes[0]
    lines = [_sentence(trace, place) for place, node in enumerate(trace.nodes) if trace.children(place)]
    shown = len(trace.children(0))
    alt = (
        f"What {top.name} adds up where it sees {top.size} × {top.size} pixels{_say_border(trace)}, from row "
        f"{write_number(top.top + 1)}, column {write_number(top.left + 1)}. "
        f"{' '.join(lines)} {_say_sum(top, shown, trace.terms - shown)}"
    )
    facts = {
        "unit": {"layer": top.layer, "channel": top.channel, "value": top.value, "size": top.size},
        "shown": {"count": shown, "sum": top.shown, "share": top.shown / top.value if top.value else 0.0},
        "others": {
            "count": trace.terms - shown,
            "sum": top.others,
            "share": top.others / top.value if top.value else 0.0,
            "mean": top.others / max(1, trace.terms - shown),
        },
        "bias": top.bias,
        "contributions": [trace.nodes[place].contribution for place in trace.children(0)],
        "channels": [trace.nodes[place].channel for place in trace.children(0)],
    }
    return Description(alt, (), facts)


def _sentence(trace: UnitTraceTrace, place: int) -> str:
    node = trace.nodes[place]
    parts = [trace.nodes[child] for child in trace.children(place)]
    given = ", ".join(f"{part.name} {write_fixed(part.contribution)}" for part in parts)
    largest = "part" if len(parts) == 1 else "parts"
    start = f"{node.name[0].upper()}{node.name[1:]} has {write_fixed(node.value)} before ReLU"
    return f"{start}; the largest {largest}: {given}."


def _say_border(trace: UnitTraceTrace) -> str:
    """Return of what the pixels are that the unit sees: of a digit, or also of the padding around it."""
    top, (height, width) = trace.nodes[0], trace.image.shape
    is_inside = min(top.top, top.left) >= 0 and top.top + top.size <= height and top.left + top.size <= width
    return " of a digit" if is_inside else " of a digit and of the padding around it"


def _say_sum(top: Node, shown: int, others: int) -> str:
    """Return what the values that are shown bring, the others, and the bias; a share only of a value above 0."""
    part = write_fixed(top.shown) if top.value <= 0 else share(top.shown, top.value)
    ones = f"The {count_noun(shown, 'value')} shown bring{'s' if shown == 1 else ''} {part} of {write_fixed(top.value)}"
    rest = f", the {count_noun(others, 'other')} {write_fixed(top.others)}" if others else ""
    return f"{ones}{rest}, the bias {write_fixed(top.bias)}."


def share(part: float, whole: float) -> str:
    """Return a part of a whole as a percentage.

    >>> share(0.75, 4.41)
    '17 %'
    """
    return write_percent(part / whole) if whole else "0 %"


def draw(trace: UnitTraceTrace, theme: Theme) -> "Figure":
    """Return the tree from left to right: leaves with patches, lines as thick as their contributions, and the digit."""
    return draw_tree(trace, theme)


def draw_narrow(trace: UnitTraceTrace, theme: Theme) -> "Figure":
    """Return the tree for a narrow page: leaves and the values that they feed, and below these the digit."""
    branches = trace.children(0)
    rows = [max(2.0, 0.62 * len(trace.children(branch))) for branch in branches]
    below = 0.5 + sum(rows) + 0.45
    figure = still.new_figure(theme, NARROW_WIDTH, below + DIGIT_WIDTH + 1.5)
    sheet, spots = still.new_sheet(figure), [Spot(0.75, below + DIGIT_WIDTH / 2, DIGIT_WIDTH)] * len(trace.nodes)
    top = 0.5
    for branch, tall in zip(branches, rows, strict=True):
        spots[branch] = Spot(3.6, top + tall / 2 - 0.13, 1.24)
        leaves = trace.children(branch)
        for order, leaf in enumerate(leaves):
            step = tall / len(leaves)
            spots[leaf] = Spot(LEAF_LEFT, top + (order + 0.5) * step, min(0.85, step - 0.1))
        top += tall
    _draw_narrow_nodes(sheet, trace, spots, theme)
    _write_narrow_headings(sheet, trace, below, theme)
    _draw_digit(sheet, trace, spots[0], theme, "shown above")
    return figure


def _draw_narrow_nodes(sheet: Axes, trace: "UnitTraceTrace", spots: "list[Spot]", theme: Theme) -> None:
    """Draw all nodes but the digit, the lines from the leaves, and at the right what goes on to the digit."""
    largest = max((abs(node.contribution) for node in trace.nodes), default=0) or 1.0
    for place, node in enumerate(trace.nodes[1:], start=1):
        if node.parent:
            _draw_line(sheet, (spots[place], spots[node.parent]), node.contribution, largest, theme, 0.34)
    for place, node in enumerate(trace.nodes[1:], start=1):
        _draw_patch(sheet, trace, place, spots[place], theme)
        _name(sheet, node, spots[place], theme)
    for letter, child in zip(LETTERS, trace.children(0), strict=False):
        spot, part = spots[child], f"{trace.nodes[child].contribution:+.2f}".replace("-", "−")
        still.write(sheet, spot.right + 0.09, spot.top + 0.2, letter, color=theme.window, bold=True)
        still.write(sheet, spot.right + 0.07, spot.middle + 0.1, part, color=theme.output, points=still.MIN_TEXT)


def _write_narrow_headings(sheet: Axes, trace: "UnitTraceTrace", below: float, theme: Theme) -> None:
    """Write above leaves, branches and digit which layer it is, and how much of the image one of its values sees."""
    layers = {node.level: f"{node.layer} sees {node.size} × {node.size} pixels" for node in trace.nodes}
    places = {0: (0.75, below - 0.15, "left"), 1: (4.22, 0.3, "center"), 2: (0.1, 0.3, "left")}
    for level, words in layers.items():
        x, y, align = places[level]
        still.write(sheet, x, y, words, color=theme.window, bold=True, align=align, points=still.MIN_TEXT)


TOP, BOTTOM = 0.5, 5.9  # leaves stand in rows between these
DIGIT_LEFT, DIGIT_WIDTH = 8.75, 3.95
LEAF_LEFT, BRANCH_LEFT = 1.78, 4.95
LETTERS = "ABCDEFGHI"
THICKEST = 9.0  # points, for the largest contribution


# Drawing: where the nodes stand, the lines between them, and the digit with its boxes.


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node's tile stands, in inches."""

    left: float
    middle: float
    width: float

    @property
    def top(self) -> float:
        """The upper edge of the square tile."""
        return self.middle - self.width / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width


def draw_tree(trace: "UnitTraceTrace", theme: Theme) -> Figure:
    """Return the figure of the whole tree for a slide."""
    figure = still.new_figure(theme)
    sheet = still.new_sheet(figure)
    spots = place_nodes(trace)
    _write_headings(sheet, trace, spots, theme)
    largest = max((abs(node.contribution) for node in trace.nodes), default=0) or 1.0
    for place, node in enumerate(trace.nodes[1:], start=1):
        _draw_line(sheet, (spots[place], spots[node.parent]), node.contribution, largest, theme)
    for place, node in enumerate(trace.nodes[1:], start=1):
        _draw_patch(sheet, trace, place, spots[place], theme)
        _name(sheet, node, spots[place], theme)
    for letter, child in zip(LETTERS, trace.children(0), strict=False):
        x, y = spots[child].right + 0.09, spots[child].top + 0.2
        still.write(sheet, x, y, letter, color=theme.window, bold=True)
    _draw_digit(sheet, trace, spots[0], theme)
    return figure


def place_nodes(trace: "UnitTraceTrace") -> list[Spot]:
    """Return where each node stands: leaves in even rows, the others level with the middle of their children."""
    leaves = [place for place in _in_depth(trace, 0) if not trace.children(place)]
    row = (BOTTOM - TOP) / max(3, len(leaves))
    start = (TOP + BOTTOM - row * len(leaves)) / 2
    middles = {place: start + (order + 0.5) * row for order, place in enumerate(leaves)}
    for place in reversed(range(len(trace.nodes))):  # children come after parents, so they are placed first
        if children := trace.children(place):
            middles[place] = sum(middles[child] for child in children) / len(children)
    digit = Spot(DIGIT_LEFT, TOP + DIGIT_WIDTH / 2, DIGIT_WIDTH)
    return [digit, *(_spot(trace, place, middles[place], row) for place in range(1, len(trace.nodes)))]


def _spot(trace: "UnitTraceTrace", place: int, middle: float, row: float) -> Spot:
    if trace.nodes[place].level == 2:
        return Spot(LEAF_LEFT, middle, min(0.85, row - 0.1))
    return Spot(BRANCH_LEFT, middle - 0.13, 1.24)


def _in_depth(trace: "UnitTraceTrace", place: int) -> list[int]:
    return [place, *(below for child in trace.children(place) for below in _in_depth(trace, child))]


def _write_headings(sheet: Axes, trace: "UnitTraceTrace", spots: list[Spot], theme: Theme) -> None:
    """Write above each column which layer stands there, and how much of the image one of its values sees."""
    seen = {node.level: (node, spot) for node, spot in zip(trace.nodes, spots, strict=True)}
    for level, (node, spot) in seen.items():
        words = f"{node.layer} sees {node.size} × {node.size} pixels"
        x = {0: spot.left, 1: spot.left + spot.width / 2, 2: 0.1}[level]
        align = "center" if level == 1 else "left"
        still.write(sheet, x, 0.3, words, color=theme.window, bold=True, align=align, points=still.MIN_TEXT)


def _draw_line(
    sheet: Axes, ends: tuple[Spot, Spot], contribution: float, largest: float, theme: Theme, aside: float = 0.0
) -> None:
    """Draw a node's contribution to its parent: a curve as thick as it is large, with the number on it.

    aside: how many inches behind the node the number stands; 0 for the usual distance on a slide.
    """
    start, end = ends
    (x, y), (to_x, to_y) = (start.right, start.middle), (end.left, end.middle)
    bend = (to_x - x) / 2
    path = Path(
        [(x, y), (x + bend, y), (to_x - bend, to_y), (to_x, to_y)], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    )
    thickness = max(1.0, THICKEST * abs(contribution) / largest)
    style = {"linestyle": "-" if contribution >= 0 else (0, (2, 1))}
    sheet.add_patch(PathPatch(path, facecolor="none", edgecolor=theme.output, linewidth=thickness, **style))
    words = f"{contribution:+.2f}".replace("-", "−")
    middle = x + (aside or (0.62 if start.width < 1 else 0.85))
    width = still.text_width(words, still.MIN_TEXT) + 0.08
    height = _height(path, middle)
    still.box(sheet, middle - width / 2, height - 0.11, width, 0.22, facecolor=theme.paper, zorder=2)
    still.write(sheet, middle, height + 0.065, words, color=theme.ink, points=still.MIN_TEXT, align="center")


def _height(path: Path, x: float) -> float:
    """Return how far down the curve is at `x`, by bisection: x grows along the curve."""
    points = np.asarray(path.vertices)
    low, high = 0.0, 1.0
    for _ in range(30):
        t = (low + high) / 2
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        across, down = (sum(w * p for w, p in zip(weights, points[:, axis], strict=True)) for axis in (0, 1))
        low, high = (t, high) if across < x else (low, t)
    return float(down)


def _draw_patch(sheet: Axes, trace: "UnitTraceTrace", place: int, spot: Spot, theme: Theme) -> None:
    """Draw what a node sees, with a box for each node that feeds it."""
    node = trace.nodes[place]
    seen = trace.image[node.top : node.top + node.size, node.left : node.left + node.size]
    largest = float(trace.image.max()) or 1.0
    still.draw_image(
        sheet, seen, left=spot.left, top=spot.top, width=spot.width, theme=theme, largest=largest, color=theme.window
    )
    pixel = spot.width / node.size
    for child in (trace.nodes[child] for child in trace.children(place)):
        corner = (child.top - node.top, child.left - node.left)
        still.draw_place(sheet, corner, child.size, left=spot.left, top=spot.top, pixel=pixel, theme=theme)


def _name(sheet: Axes, node: "Node", spot: Spot, theme: Theme) -> None:
    if node.level == 2:
        still.write(
            sheet,
            spot.left - 0.1,
            spot.middle + 0.065,
            node.name,
            color=theme.ink,
            points=still.MIN_TEXT,
            align="right",
        )
        return
    words = f"{node.name}: {node.value:.2f}".replace("-", "−")
    x, y = spot.left + spot.width / 2, spot.top + spot.width + 0.27
    still.write(sheet, x, y, words, color=theme.ink, points=still.MIN_TEXT, align="center")


def _draw_digit(
    sheet: Axes, trace: "UnitTraceTrace", spot: Spot, theme: Theme, shown: str = "lines drawn here"
) -> None:
    """Draw the whole digit, what the unit sees of it, and below it the sum that makes up the unit's value.

    shown: what its sum calls the contributions that the picture shows, behind their number.
    """
    node, pixel = trace.nodes[0], spot.width / trace.image.shape[1]
    place = {"left": spot.left, "top": spot.top}
    largest = float(trace.image.max()) or 1.0
    still.draw_image(sheet, trace.image, width=spot.width, theme=theme, largest=largest, color=theme.input, **place)
    for child in (trace.nodes[child] for child in trace.children(0)):
        still.draw_place(sheet, (child.top, child.left), child.size, pixel=pixel, theme=theme, **place)
    x, y, side = spot.left + node.left * pixel, spot.top + node.top * pixel, node.size * pixel
    still.draw_double(sheet, (x, y, side, side), color=theme.window, theme=theme)
    _letter_boxes(sheet, trace, spot, theme)
    _write_sum(sheet, trace, spot, theme, shown)


def _letter_boxes(sheet: Axes, trace: "UnitTraceTrace", spot: Spot, theme: Theme) -> None:
    """Write each box's letter in a free corner of it; boxes at the same place share one corner."""
    pixel = spot.width / trace.image.shape[1]
    letters: dict[tuple[int, int, int], str] = {}
    for order, child in enumerate(trace.children(0)):
        node = trace.nodes[child]
        place = (node.top, node.left, node.size)
        letters[place] = f"{letters.get(place, '')} {LETTERS[order]}".strip()
    taken: list[tuple[float, float]] = []
    for (top, left, size), words in letters.items():
        near = max(0.17, still.text_width(words, bold=True) / 2 + 0.06)
        far = size * pixel - near
        corners = [
            (spot.left + left * pixel + across, spot.top + top * pixel + down)
            for down in (near, far)
            for across in (near, far)
        ]
        free = [corner for corner in corners if all(_distance(corner, other) > 0.35 for other in taken)]
        taken.append((free or corners)[0])
        x, y = taken[-1]
        text = still.write(sheet, x, y + 0.075, words, color=theme.window, align="center", bold=True)
        text.set_path_effects([withStroke(linewidth=4, foreground=theme.paper)])


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def _write_sum(sheet: Axes, trace: "UnitTraceTrace", spot: Spot, theme: Theme, words: str) -> None:
    node, shown = trace.nodes[0], len(trace.children(0))
    y, right = spot.top + spot.width + 0.36, spot.right
    rows = [
        (f"{node.name}, before ReLU", node.value, True),
        (f"{shown} {words}", node.shown, False),
        (f"{trace.terms - shown} others", node.others, False),
        ("bias", node.bias, False),
    ]
    for row, (said, value, is_sum) in enumerate(rows):
        below = y + row * 0.31
        color = theme.ink if is_sum else theme.muted
        number = f"{value:.2f}" if is_sum else f"{value:+.2f}"
        still.write(sheet, spot.left, below, said, color=color, points=still.MIN_TEXT, bold=is_sum)
        still.write(
            sheet,
            right,
            below,
            number.replace("-", "−"),
            color=color,
            points=still.MIN_TEXT,
            bold=is_sum,
            align="right",
        )
