"""`{quiz}`: a multiple-choice question, whose answer unfolds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks

LETTERS = "ABCDEFGH"  # of the options
FORM_HINT = "write the question behind {quiz}, then '- [ ] wrong' and one '- [x] right'"
UNFIT_CHOICE = re.compile(r"[-*+] ?\[[ xX]?\]")  # a line that is to be an option, and is none
CHOICE = re.compile(r"^[-*] \[(?P<mark>[ xX])\] +(?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Quiz(Block):
    """A question; `answer` is the index of the right option, `explanation` says why it is right."""

    question: Text
    options: tuple[Text, ...]
    answer: int
    explanation: Text
    where: Where

    def texts(self) -> Sequence[Text]:
        """Return the question, the options and the explanation."""
        return (self.question, *self.options, self.explanation)

    def compose(self, composer: Composer) -> None:
        """Append the question; the values in its options are filled in, so that the right one can be a computed one."""
        options = [composer.fill(option) for option in self.options]
        cell = QuizCell(options, self.answer, composer.fill(self.explanation))
        composer.add_cell("quiz", composer.fill(self.question), self.where, cell)


@dataclass(frozen=True, slots=True)
class QuizCell(Cell):
    """What the cell of a quiz says besides its question."""

    options: Sequence[str] = markdown_field()
    answer: int = 0
    explanation: str = markdown_field()

    @property
    def letter(self) -> str:
        """Return the letter of the right option."""
        return LETTERS[self.answer]


CELL = QuizCell


def read(directive: Directive, _: ReadBlocks) -> Quiz:
    """Return a quiz: a task list of options with one box checked, followed by the explanation."""
    directive.allow()
    directive = directive.without_comments()
    options, right, why = split_quiz(directive) if directive.argument else ([], [], None)
    if why is None or len(options) < 2 or len(right) != 1:
        raise SourceError("a quiz needs a question, two options and one right answer", directive.where, FORM_HINT)
    if len(options) > len(LETTERS):
        raise SourceError(f"a quiz has at most {len(LETTERS)} options", directive.where, "ask two questions")
    return Quiz(Text(directive.argument, directive.where), tuple(options), right[0], why, directive.where)


def split_quiz(directive: Directive) -> tuple[list[Text], list[int], Text]:
    """Return the options of a quiz, the indices of those that are checked, and the explanation.

    Raises SourceError for an option that is not one line, or not written as one, and for one after the explanation.
    """
    options: list[Text] = []
    right: list[int] = []
    lines = directive.body.split("\n")
    for number, line in enumerate(lines):
        where = directive.body_where.below(number)
        if match := CHOICE.match(line):
            right += [len(options)] if match["mark"] != " " else []
            options.append(Text(match["text"], where))
        elif UNFIT_CHOICE.match(line):
            raise SourceError(f"'{line.strip()[:40]}' is no option", where, FORM_HINT)
        elif options and line[:1].isspace() and line.strip():
            raise SourceError("an option is one line", where, "join the two lines")
        elif line.strip():
            check_options_end(lines[number:], where)
            return options, right, Text("\n".join(lines[number:]).rstrip("\n"), where)
    return options, right, Text("", directive.where)


def check_options_end(lines: Sequence[str], where: Where) -> None:
    """Raise SourceError for an option in `lines`, which begin at `where` with the explanation."""
    for number, line in enumerate(lines):
        if CHOICE.match(line):
            hint = "write all options before it, and the question behind {quiz}"
            raise SourceError("an option stands after the explanation", where.below(number), hint)
