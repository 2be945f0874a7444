"""`{agenda}`: a list of the lecture's parts with their minutes, filled from the headings, never typed."""

from dataclasses import dataclass
from typing import ClassVar

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block
from generator.lecture.directive import Directive, ReadBlocks


@dataclass(frozen=True, slots=True)
class PartsList(Block):
    """A list of the lecture's parts; `kind` is `agenda` or `recap`."""

    kind: str
    where: Where
    lists_parts: ClassVar[bool] = True

    def compose(self, composer: Composer) -> None:
        """Append a cell that stands for the list, which pages fill from their own parts; warn if there are none."""
        if not any(slide.starts_part for slide in composer.lecture.slides):
            problem, hint = f"'{{{self.kind}}}' lists nothing: the lecture has no parts", "start one with # and a title"
            composer.document.warnings.append(SourceError(problem, self.where, hint))
        composer.add_cell(self.kind, "", self.where)


@dataclass(frozen=True, slots=True)
class PartsListCell(Cell):
    """The cell of a list of parts, which says no more than that it is one."""

    @property
    def lists_parts(self) -> bool:
        """Return that it is one."""
        return True


CELL = PartsListCell


def read(directive: Directive, _: ReadBlocks) -> PartsList:
    """Return the list of the directive's name."""
    directive.allow()
    directive.take_no_argument()
    directive.take_no_body("is filled from the headings")
    return PartsList(directive.name, directive.where)
