"""What one value of a deep layer is made of: from patches of pixels, by the values they feed, to a single unit.

The numbers are exact: along each line runs weight × value, and a unit's value before ReLU is the sum of all its lines
and its bias. Only the largest few are drawn, so the sum says how much all the others bring: mostly far more. The tree
must not be mistaken for the whole story, as drawings of "edges, then eyes, then cats" are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from figures.description import Description
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]
PARTS = ("layer", "channel", "value", "bias", "contribution", "parent", "shown", "others", "top", "left", "size")
MOST_LEAVES, MOST_LEVELS = 9, 3


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the tree; `value` is before ReLU, and bias + shown + others. level: 0 for the unit that is explained.

    contribution: what it brings to its `parent` (its place in the list; -1: none). top, left, size: what it sees.
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
        """The unit as it is said: conv2, channel 17."""
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
        """Return the places of the nodes that feed `parent`."""
        return [place for place, node in enumerate(self.nodes) if node.parent == parent]


def trace(*, found: Mapping[str, Any]) -> UnitTraceTrace:
    """Return the tree of `found`, an experiment's hierarchy of one unit.

    Raises ValueError where something is lacking, a sum does not come out, or the tree has more than 3 levels or 9
    leaves.
    """
    missing = [name for name in ("image", "nodes", "terms") if name not in found]
    if missing:
        raise ValueError(f"found has no {missing[0]}; give it the tree of a unit, such as convnet_insight.hierarchy")
    nodes: list[Node] = []
    for place, parts in enumerate(found["nodes"]):
        nodes.append(_read(parts, place, nodes))
    if not nodes:
        raise ValueError("found has no nodes; give it the tree of a unit, such as convnet_insight.hierarchy")
    kept = UnitTraceTrace(np.asarray(found["image"]), tuple(nodes), int(found["terms"][nodes[0].layer]))
    leaves = sum(not kept.children(place) for place in range(len(nodes)))
    if kept.levels > MOST_LEVELS or leaves > MOST_LEAVES:
        raise ValueError(f"the tree has {kept.levels} levels and {leaves} leaves; follow fewer: at most 3 and 9 fit")
    return kept


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
    """Return the tree in words, from the unit down, each with what it contributes."""
    top = trace.nodes[0]
    lines = [_sentence(trace, place) for place, node in enumerate(trace.nodes) if trace.children(place)]
    shown = len(trace.children(0))
    alt = (
        f"What {top.name} adds up where it sees {top.size} × {top.size} pixels of a digit, from row {top.top + 1}, "
        f"column {top.left + 1}. {' '.join(lines)} The {shown} values shown bring {share(top.shown, top.value)} of "
        f"{top.value:.2f}, the {trace.terms - shown} others {top.others:.2f}, the bias {top.bias:.2f}."
    )
    facts = {
        "unit": {"layer": top.layer, "channel": top.channel, "value": top.value, "size": top.size},
        "shown": {"count": shown, "sum": top.shown, "share": top.shown / top.value if top.value else 0.0},
        "others": {"count": trace.terms - shown, "sum": top.others},
        "bias": top.bias,
        "contributions": [trace.nodes[place].contribution for place in trace.children(0)],
        "channels": [trace.nodes[place].channel for place in trace.children(0)],
    }
    return Description(alt.replace("-", "−"), (), facts)


def _sentence(trace: UnitTraceTrace, place: int) -> str:
    node = trace.nodes[place]
    parts = [trace.nodes[child] for child in trace.children(place)]
    given = ", ".join(f"{part.name} {part.contribution:.2f}" for part in parts)
    return f"{node.name[0].upper()}{node.name[1:]} has {node.value:.2f} before ReLU; the largest parts: {given}."


def share(part: float, whole: float) -> str:
    """Return a part of a whole as a percentage.

    >>> share(0.75, 4.41)
    '17 %'
    """
    return f"{part / whole:.0%}".replace("%", " %") if whole else "0 %"


def draw(trace: UnitTraceTrace, theme: Theme) -> "Figure":
    """Return the tree from left to right: leaves with their patches, lines as thick as what they bring, the digit."""
    from figures import tree

    return tree.draw_tree(trace, theme)
