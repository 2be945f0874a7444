"""`{notes}`: what the speaker says, which the audience does not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks


@dataclass(frozen=True, slots=True)
class Notes(Block):
    """Notes for the speaker."""

    text: Text
    where: Where
    hidden_as: ClassVar[str] = "a note"
    is_visible: ClassVar[bool] = False

    def texts(self) -> Sequence[Text]:
        """Return the text."""
        return (self.text,)

    def compose(self, composer: Composer) -> None:
        """Append a cell of notes."""
        composer.add_cell("notes", composer.fill(self.text), self.where, slide_type="notes")


CELL = Cell


def read(directive: Directive, _: ReadBlocks) -> Notes:
    """Return the notes, which are text without other directives."""
    directive.allow()
    directive.take_no_argument()
    directive.need_body()
    return Notes(directive.without_comments().body_text, directive.where)
