"""`{incremental}`: a list whose items appear on a slide one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.nesting import LISTS
from generator.lecture.syntax import structure_parser


@dataclass(frozen=True, slots=True)
class Incremental(Block):
    """Text with a list whose items appear one by one."""

    text: Text
    where: Where
    numbers_equations: ClassVar[bool] = True

    def texts(self) -> Sequence[Text]:
        """Return the text."""
        return (self.text,)

    def compose(self, composer: Composer) -> None:
        """Append a cell of text."""
        composer.add_cell("incremental", composer.fill(self.text), self.where)


CELL = Cell


def read(directive: Directive, _: ReadBlocks) -> Incremental:
    """Return the list; raise SourceError if there is none."""
    directive.allow()
    directive.take_no_argument()
    directive.need_body()
    text = directive.without_comments().body_text
    if not any(token.type in LISTS for token in structure_parser().parse(text.source)):
        raise SourceError("'{incremental}' needs a list", directive.where, "write items that begin with -")
    return Incremental(text, directive.where)
