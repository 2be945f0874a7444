"""`{solution}`: blocks for the teacher's edition; with `:students: yes` students have them too, folded."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import Where
from generator.lecture.blocks import Audience, Block
from generator.lecture.directive import Directive, ReadBlocks, read_audience


@dataclass(frozen=True, slots=True)
class Solution(Block):
    """The solution of an exercise; is_for_students: whether the handout and the students' notebook have it, folded."""

    blocks: tuple[Block, ...]
    where: Where
    is_for_students: bool = False

    @property
    def hidden_as(self) -> str:
        """Return that it is a solution, unless students may read it."""
        return "" if self.is_for_students else "a solution"

    @property
    def inner_audience(self) -> Audience:
        """Return the audience: the teacher, or all readers."""
        return "handout" if self.is_for_students else "teacher"

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
    is_for_students = directive.switch("students", default=False)
    audience: Audience = "handout" if is_for_students else "teacher"
    blocks = read_audience(audience, directive, read_blocks, "students")
    return Solution(blocks, directive.where, is_for_students)
