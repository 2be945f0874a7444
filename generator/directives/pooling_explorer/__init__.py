"""`{pooling_explorer}`: three poolings of one map side by side, while the map moves under their windows."""

from dataclasses import dataclass
from typing import ClassVar

from generator.directives.convolution_explorer.values import Explorer, ExplorerCell
from generator.lecture.directive import Directive, Option, ReadBlocks


@dataclass(frozen=True, slots=True)
class PoolingExplorer(Explorer):
    """Three poolings of one map."""

    kind_of_cell: ClassVar[str] = "pooling_explorer"


@dataclass(frozen=True, slots=True)
class PoolingExplorerCell(ExplorerCell):
    """What the cell of such a figure says: nothing besides."""


CELL = PoolingExplorerCell


def read(directive: Directive, _: ReadBlocks) -> PoolingExplorer:
    """Return the figure; its body is the caption."""
    directive.allow("input", "steps", "name", "caption")
    directive.take_no_argument()
    directive = directive.without_comments()
    shown = tuple(each for each in directive.options if each.name == "input")
    return PoolingExplorer(
        "pooling",
        (*shown, Option("steps", directive.option("steps", "1"), directive.place_of("steps"))),
        directive.where,
        directive.caption("figure"),
        name=directive.option("name"),
        view="still",
        values=tuple(each for each in directive.options if each.name == "input"),
    )
