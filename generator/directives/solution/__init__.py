"""`{solution}`: blocks that only the teacher's edition shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import Where
from generator.lecture.blocks import Audience, Block
from generator.lecture.directive import Directive, ReadBlocks, read_audience


@dataclass(frozen=True, slots=True)
class Solution(Block):
    """The solution of an exercise."""

    blocks: tuple[Block, ...]
    where: Where
    hidden_as: ClassVar[str] = "a solution"

    @property
    def inner_audience(self) -> Audience:
        """Return the audience: the teacher."""
        return "teacher"

    def groups(self) -> Sequence[tuple[Block, ...]]:
        """Return the blocks, as one group."""
        return (self.blocks,)

    def compose(self, composer: Composer) -> None:
        """Append the blocks as one group."""
        with composer.only_for(self.inner_audience):
            composer.add_group("solution", (self.blocks,), self.where)


CELL = Cell


def read(directive: Directive, read_blocks: ReadBlocks) -> Solution:
    """Return the solution; raise SourceError for blocks in it that no page would show."""
    return Solution(read_audience("teacher", directive, read_blocks), directive.where)
