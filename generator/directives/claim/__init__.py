"""`{claim}`: a sentence that is true only if a condition over facts is; the build fails if it is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.directives.claim.typed_numbers import typed_numbers
from generator.document.cells import Cell
from generator.document.compose import Composer
from generator.document.evidence import explain_claim, find_fragile, say_measured
from generator.document.facts import check_claim, claim_error
from generator.errors import LectureError, SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.plan.comparisons import Varies, read_varies
from generator.plan.planner import Planner
from generator.words import say


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
        """Add the experiments that the condition names, and an error for each number that is typed in the sentence.

        What is compared may differ in nothing but what varies.
        """
        for line, word in typed_numbers(self.text.source, planner.lecture.definitions):
            hint = "write {value}`…` for what was measured; what was not is a word, or a formula such as $3 \\times 3$"
            problem = f"the claim says '{word}', which is typed and not measured"
            planner.plan.errors.append(SourceError(problem, self.text.where.below(line), hint))
        planner.add_claim(self.condition, self.text, self.varies, self.where)

    def compose(self, composer: Composer) -> None:
        """Append the sentence; if it does not hold, tell of it: outside the profile `full`, as a warning."""
        cell = ClaimCell(self.condition, composer.local.origin_of(self.condition))
        try:
            cell = self.judge(composer, cell)
        except LectureError as error:
            composer.document.errors.append(error)
        composer.add_cell("claim", composer.fill(self.text), self.where, cell)

    def judge(self, composer: Composer, cell: "ClaimCell") -> "ClaimCell":
        """Return the cell with what the claim rests on; tell of it if it is false, or fragile.

        Raises FactError if the condition cannot be computed.
        """
        scope, document, is_full = composer.local, composer.document, composer.profile == "full"
        if not check_claim(self.condition, scope, self.where):
            problems = document.errors if is_full else document.warnings
            problems.append(claim_error(self.condition, scope, self.where))
            return replace(cell, holds=False)
        document.warnings += find_fragile(self.condition, scope, self.where) if is_full else ()
        return replace(cell, measured=say_measured(self.condition, scope), detail=explain_claim(self.condition, scope))


@dataclass(frozen=True, slots=True)
class ClaimCell(Cell):
    """What the cell of a claim says besides its sentence: its condition, what was run for it, and whether it holds.

    measured: in how many runs it was measured, in words. detail: what its comparisons rest on.
    """

    condition: str = ""
    experiment: str = ""
    holds: bool = True
    measured: str = "Measured"
    detail: str = ""

    @property
    def label(self) -> str:
        """Return what stands above the sentence."""
        return self.measured if self.holds else say("Not so in this quick build")


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
