"""`{columns}`: blocks side by side, with a line `+++` between the columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.syntax import OPAQUE, structure_parser


@dataclass(frozen=True, slots=True)
class Columns(Block):
    """Blocks side by side."""

    columns: tuple[tuple[Block, ...], ...]
    where: Where
    is_visible: ClassVar[bool] = False

    def groups(self) -> Sequence[tuple[Block, ...]]:
        """Return the blocks of each column."""
        return self.columns

    def compose(self, composer: Composer) -> None:
        """Append the blocks as one group."""
        composer.add_group("columns", self.columns, self.where)


@dataclass(frozen=True, slots=True)
class ColumnsCell(Cell):
    """The cells around columns and between them, which say nothing more."""

    is_layout: ClassVar[bool] = True


CELL = ColumnsCell


def read(directive: Directive, read_blocks: ReadBlocks) -> Columns:
    """Return columns; raise SourceError if there is only one, or nothing in any of them."""
    directive.allow()
    directive.take_no_argument()
    texts = split_columns(directive.body)
    if len(texts) < 2:
        raise SourceError("columns need a line '+++' between them", directive.where, "or leave {columns} away")
    if not any(text.strip() for _, text in texts):
        raise SourceError("the columns are empty", directive.where, "write text into them, or remove them")
    columns = [read_blocks(text, directive.body_where.below(offset)) for offset, text in texts]
    return Columns(tuple(columns), directive.where)


def split_columns(body: str) -> list[tuple[int, str]]:
    """Return the text of each column, and on which line of `body`, from 0, it begins.

    Columns are separated by lines `+++` that are in no code and in no other directive.
    """
    lines, tokens = body.split("\n"), structure_parser().parse(body)
    opaque = {number for token in tokens if token.type in OPAQUE and token.map for number in range(*token.map)}
    breaks = [number for number, line in enumerate(lines) if line.rstrip() == "+++" and number not in opaque]
    starts, ends = [0, *(number + 1 for number in breaks)], [*breaks, len(lines)]
    return [(start, "\n".join(lines[start:end])) for start, end in zip(starts, ends, strict=True)]
