"""`{convolution_explorer}`: a window that a reader moves over a map, with kernel, stride and padding to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from generator.directives.convolution_explorer.values import Explorer, ExplorerCell
from generator.errors import SourceError
from generator.lecture.directive import Directive, Option, ReadBlocks
from generator.plan.arguments import read_argument


@dataclass(frozen=True, slots=True)
class ConvolutionExplorer(Explorer):
    """A convolution of one map; the kernel to begin with is a small table of numbers."""

    kernel: tuple[tuple[float, ...], ...] = ()
    strides: int = 1
    padding: str = "valid"
    kind_of_cell: ClassVar[str] = "convolution_explorer"

    def settings(self) -> Mapping[str, Any]:
        """Return the kernel, the stride and the padding to begin with."""
        return {"kernel": self.kernel, "strides": self.strides, "padding": self.padding}


@dataclass(frozen=True, slots=True)
class ConvolutionExplorerCell(ExplorerCell):
    """What the cell of such a figure says: nothing besides."""


CELL = ConvolutionExplorerCell


def read(directive: Directive, _: ReadBlocks) -> ConvolutionExplorer:
    """Return the figure; raise SourceError for what the page cannot begin with."""
    directive.allow("input", "kernel", "kernels", "strides", "padding", "steps", "name", "caption")
    directive.take_no_argument()
    directive = directive.without_comments()
    strides, padding = directive.option("strides", "1"), directive.option("padding", "valid")
    if strides not in ("1", "2", "3"):
        raise SourceError(f"'strides' cannot begin with {strides}", directive.place_of("strides"), "write 1, 2 or 3")
    if padding not in ("valid", "same"):
        raise SourceError(
            f"'padding' cannot begin with {padding}", directive.place_of("padding"), "write valid or same"
        )
    shown = tuple(each for each in directive.options if each.name in ("input", "kernel", "strides", "padding"))
    return ConvolutionExplorer(
        "convolution",
        (*shown, Option("steps", directive.option("steps", "1"), directive.place_of("steps"))),
        directive.where,
        directive.caption("figure"),
        name=directive.option("name"),
        view="still",
        values=tuple(each for each in directive.options if each.name in ("input", "kernels")),
        kernel=read_kernel(directive),
        strides=int(strides),
        padding=padding,
    )


def read_kernel(directive: Directive) -> tuple[tuple[float, ...], ...]:
    """Return the kernel that is written there; raise SourceError unless it is three rows of three numbers."""
    where = directive.place_of("kernel")
    value = read_argument(directive.option("kernel"), where).value
    is_table = isinstance(value, list) and len(value) == 3 and all(isinstance(r, list) and len(r) == 3 for r in value)
    if not is_table or not all(isinstance(cell, int | float) for row in value for cell in row):
        hint = "write for example :kernel: [[1, 0, -1], [2, 0, -2], [1, 0, -1]]"
        raise SourceError("a reader begins with a kernel of three rows of three numbers", where, hint)
    return tuple(tuple(row) for row in value)
