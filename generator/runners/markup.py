"""Elements of a picture as text, in which what some have in common is said once.

What lies apart from all that was painted in between is painted with its like: a grid of frames becomes one path.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final
from xml.sax.saxutils import quoteattr

Box = tuple[float, float, float, float]  # left, top, right, bottom
LOOK_BACK: Final = 80  # runs
_OWN: Final = {"opacity"}  # a group has it for itself and does not hand it down
_LINE: Final = {"stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "fill"}


@dataclass(frozen=True, slots=True)
class Node:
    """An element to write: `style` may be told by a group around it, `place` is its own; `content` is markup.

    `box` is what it paints on, or more; without one it may be anywhere.
    """

    tag: str
    place: Mapping[str, str] = field(default_factory=dict)
    style: Mapping[str, str] = field(default_factory=dict)
    content: str = ""
    box: Box | None = None


def write_nodes(nodes: Iterable[Node]) -> str:
    """Return elements as XML that paints what they paint in their order."""
    return "".join(_write_run(list(_join(run))) for run in gather(nodes))


def gather(nodes: Iterable[Node]) -> list[list[Node]]:
    """Return runs of nodes in one style: a node joins an earlier run unless it may lie on what came after that."""
    runs: list[list[Node]] = []
    for node in nodes:
        for run in islice(reversed(runs), LOOK_BACK):
            if run[0].style == node.style:
                run.append(node)
                break
            if any(may_overlap(node, other) for other in run):
                runs.append([node])
                break
        else:
            runs.append([node])
    return runs


def may_overlap(one: Node, other: Node) -> bool:
    """Whether two nodes may paint on the same place."""
    if one.box is None or other.box is None:
        return True
    return (
        one.box[0] < other.box[2]
        and other.box[0] < one.box[2]
        and one.box[1] < other.box[3]
        and other.box[1] < one.box[3]
    )


def _join(run: list[Node]) -> Iterator[Node]:
    """Yield a run's nodes, those that one path may paint as one: lines, and areas that do not touch each other."""
    joined: list[Node] = []
    for node in run:
        if joined and not (
            _is_line(node) or (_is_area(node) and not any(may_overlap(node, other) for other in joined))
        ):
            yield _one(joined)
            joined = []
        joined.append(node)
    if joined:
        yield _one(joined)


def _one(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    return replace(nodes[0], place={"d": "".join(node.place["d"] for node in nodes)})


def _is_line(node: Node) -> bool:
    return _is_bare(node) and node.style.keys() <= _LINE and node.style.get("fill") == "none"


def _is_area(node: Node) -> bool:
    return _is_bare(node) and node.style.keys() <= {"fill"}


def _is_bare(node: Node) -> bool:
    return node.tag == "path" and node.place.keys() == {"d"}


def _write_run(run: list[Node]) -> str:
    style = run[0].style
    if len(run) == 1 or not style or _OWN & style.keys():
        return "".join(map(_write, run))
    return f"<g{_attributes(style)}>{''.join(_write(replace(node, style={})) for node in run)}</g>"


def _write(node: Node) -> str:
    head = f"<{node.tag}{_attributes(node.place)}{_attributes(node.style)}"
    return f"{head}>{node.content}</{node.tag}>" if node.content else f"{head}/>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
