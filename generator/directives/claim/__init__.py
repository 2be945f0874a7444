"""`{claim}`: a sentence that is true only if a condition over facts is; the build fails if it is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.document.facts import check_claim, claim_error
from generator.errors import LectureError, SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.plan.comparisons import Varies, read_varies
from generator.plan.planner import Planner


@dataclass(frozen=True, slots=True)
class Claim(Block):
    """A sentence that is true only if `condition`, an expression over facts, is.

    varies: the parameters in which the experiments that it compares are meant to differ.
    """

    condition: str
    text: Text
    where: Where
    varies: Varies | None = None

    def texts(self) -> Sequence[Text]:
        """Return the sentence."""
        return (self.text,)

    def plan(self, planner: Planner) -> None:
        """Add the experiments that the condition names, and check that they differ in nothing but what varies."""
        planner.add_claim(self.condition, self.text, self.varies, self.where)

    def compose(self, composer: Composer) -> None:
        """Append the sentence; if it does not hold, tell of it: outside the profile `full`, as a warning."""
        holds = True
        try:
            holds = check_claim(self.condition, composer.local, self.where)
            if not holds:
                problems = composer.document.errors if composer.profile == "full" else composer.document.warnings
                problems.append(claim_error(self.condition, composer.local, self.where))
        except LectureError as error:
            composer.document.errors.append(error)
        cell = ClaimCell(self.condition, composer.local.origin_of(self.condition), holds)
        composer.add_cell("claim", composer.fill(self.text), self.where, cell)


@dataclass(frozen=True, slots=True)
class ClaimCell(Cell):
    """What the cell of a claim says besides its sentence: its condition, what was run for it, and whether it holds."""

    condition: str = ""
    experiment: str = ""
    holds: bool = True

    @property
    def label(self) -> str:
        """Return what stands above the sentence."""
        return "Measured" if self.holds else "Not so in this quick build"


CELL = ClaimCell


def read(directive: Directive, _: ReadBlocks) -> Claim:
    """Return a claim: the argument is its condition, the body the sentence that depends on it."""
    directive.allow("varies")
    directive = directive.without_comments()
    if not directive.argument or not directive.body:
        hint = "write :::{claim} convnet.accuracy > dense.accuracy, and the sentence below it"
        raise SourceError("a claim needs a condition and a sentence", directive.where, hint)
    varies = [read_varies(option.text, option.where) for option in directive.options]
    return Claim(directive.argument, directive.body_text, directive.where, *varies)
