"""`{notes}`: what the speaker says, which the audience does not see; as a whole, or a part for each press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.errors import Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.syntax import structure_parser
from generator.words import say


@dataclass(frozen=True, slots=True)
class Notes(Block):
    """Notes for the speaker: `text` for the slide as it opens, `at_presses` for the presses that follow, in order."""

    text: Text
    where: Where
    at_presses: tuple[Text, ...] = ()
    is_visible: ClassVar[bool] = False

    @property
    def hidden_as(self) -> str:
        """Return that it is a note."""
        return "a note"

    def texts(self) -> Sequence[Text]:
        """Return the text of each part."""
        return (self.text, *self.at_presses)

    def compose(self, composer: Composer) -> None:
        """Append a cell of notes."""
        cell = NotesCell([composer.fill(text) for text in self.at_presses])
        composer.add_cell("notes", composer.fill(self.text), self.where, cell, slide_type="notes")


@dataclass(frozen=True, slots=True)
class NotesCell(Cell):
    """What the cell of notes says besides what is said as the slide opens: the part for each press."""

    at_presses: Sequence[str] = markdown_field()

    def parts(self) -> Iterator[tuple[int, str]]:
        """Yield the number of each press that has something to say, and its part."""
        return ((press, part) for press, part in enumerate(self.at_presses, start=1) if part.strip())

    def whole(self, opening: str) -> str:
        """Return all parts as one text in Markdown, where notes are read and not followed."""
        presses = (f"**{say('Press {number}.', number=press)}**\n\n{part}" for press, part in self.parts())
        return "\n\n".join(filter(None, [opening.strip(), *presses]))


CELL = NotesCell


def read(directive: Directive, _: ReadBlocks) -> Notes:
    """Return the notes, which are text without other directives."""
    directive.allow()
    directive.take_no_argument()
    directive.need_body()
    opening, *at_presses = split_parts(directive.without_comments().body_text)
    return Notes(opening, directive.where, tuple(at_presses))


def split_parts(text: Text) -> list[Text]:
    """Return the parts of a text between its pauses, the lines `. . .`, as on slides."""
    lines = text.source.split("\n")
    pauses = [
        token.map[0]
        for token in structure_parser().parse(text.source)
        if token.type == "paragraph_open" and not token.level and token.map and lines[token.map[0]].strip() == ". . ."
    ]
    starts = [0, *(line + 1 for line in pauses)]
    return [part_of(text, lines, start, end) for start, end in zip(starts, [*pauses, len(lines)], strict=True)]


def part_of(text: Text, lines: Sequence[str], start: int, end: int) -> Text:
    """Return the part of `text` from line `start` to before `end`, without the empty lines around it."""
    first = next((line for line in range(start, end) if lines[line].strip()), start)
    return Text("\n".join(lines[first:end]).rstrip(), text.where.below(first))
