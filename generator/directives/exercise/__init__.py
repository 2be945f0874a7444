"""`{exercise}`: a task for the reader, of any blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import Where
from generator.lecture.blocks import Block
from generator.lecture.directive import Directive, ReadBlocks, read_nested


@dataclass(frozen=True, slots=True)
class Exercise(Block):
    """A task for the reader."""

    blocks: tuple[Block, ...]
    where: Where

    def groups(self) -> Sequence[tuple[Block, ...]]:
        """Return the blocks, as one group."""
        return (self.blocks,)

    def compose(self, composer: Composer) -> None:
        """Append the blocks as one group."""
        composer.add_group("exercise", (self.blocks,), self.where)


CELL = Cell


def read(directive: Directive, read_blocks: ReadBlocks) -> Exercise:
    """Return the exercise."""
    return Exercise(read_nested(directive, read_blocks), directive.where)
