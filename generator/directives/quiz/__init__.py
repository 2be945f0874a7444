"""`{quiz}`: a multiple-choice question, whose answer unfolds, with feedback for each option."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from generator.directives.quiz.giveaways import find_giveaways
from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text, walk
from generator.lecture.directive import Directive, ReadBlocks
from generator.plan.planner import Planner

LETTERS = "ABCDEFGH"  # of the options
ENOUGH = 3  # quizzes of a lecture whose right answers stand at one place, which is no accident then
FORM_HINT = "write the question behind {quiz}, then '- [ ] wrong' and one '- [x] right'"
FEEDBACK_HINT = "join the two, or put an empty line between an option and what is said to who chose it"
UNFIT_CHOICE = re.compile(r"[-*+] ?\[[ xX]?\]")  # a line that is to be an option, and is none
CHOICE = re.compile(r"^[-*] \[(?P<mark>[ xX])\] +(?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a quiz, whether it is right, and what is said to who chose it, if anything."""

    text: Text
    is_right: bool
    feedback: Text | None = None


@dataclass(frozen=True, slots=True)
class Quiz(Block):
    """A question; `answer` is the index of the right option, `explanation` says why it is right."""

    question: Text
    choices: tuple[Choice, ...]
    answer: int
    explanation: Text
    where: Where

    def texts(self) -> Sequence[Text]:
        """Return the question, the options, each with its feedback, and the explanation."""
        choices = [text for choice in self.choices for text in (choice.text, choice.feedback) if text]
        return (self.question, *choices, self.explanation)

    def plan(self, planner: Planner) -> None:
        """Raise SourceError, at the first quiz of a lecture, if the right answers of all stand at the same place."""
        blocks = [block for slide in planner.lecture.slides for block in walk(slide.blocks)]
        quizzes = [block for block in blocks if isinstance(block, Quiz)]
        if quizzes[0] is self and len(quizzes) >= ENOUGH and len({quiz.answer for quiz in quizzes}) == 1:
            problem = f"the right answer of all {len(quizzes)} quizzes of the lecture is {LETTERS[self.answer]}"
            raise SourceError(problem, self.where, "put some elsewhere: who has seen two need not think any more")

    def compose(self, composer: Composer) -> None:
        """Append the question; the values in its options are filled in, so that the right one can be a computed one.

        Adds a warning for a right option that an earlier slide gives away.
        """
        options = [composer.fill(choice.text) for choice in self.choices]
        feedback = [composer.fill(choice.feedback) if choice.feedback else "" for choice in self.choices]
        found = find_giveaways(options[self.answer], composer, self.choices[self.answer].text.where)
        composer.document.warnings += list(found)[:1]
        cell = QuizCell(options, self.answer, composer.fill(self.explanation), feedback if any(feedback) else [])
        composer.add_cell("quiz", composer.fill(self.question), self.where, cell)


@dataclass(frozen=True, slots=True)
class QuizCell(Cell):
    """What the cell of a quiz says besides its question; feedback: a text for each option, empty if none has one."""

    options: Sequence[str] = markdown_field()
    answer: int = 0
    explanation: str = markdown_field()
    feedback: Sequence[str] = markdown_field()

    @property
    def letter(self) -> str:
        """Return the letter of the right option."""
        return LETTERS[self.answer]

    @property
    def replies(self) -> list[tuple[str, str]]:
        """Return the letter of each option with its feedback, without those that have none."""
        return [(letter, text) for letter, text in zip(LETTERS, self.feedback, strict=False) if text]


CELL = QuizCell


def read(directive: Directive, _: ReadBlocks) -> Quiz:
    """Return a quiz: a task list of options with one box checked, followed by the explanation."""
    directive.allow()
    directive = directive.without_comments()
    choices, why = split_quiz(directive) if directive.argument else ([], None)
    right = [place for place, choice in enumerate(choices) if choice.is_right]
    if why is None or len(choices) < 2 or len(right) != 1:
        raise SourceError("a quiz needs a question, two options and one right answer", directive.where, FORM_HINT)
    if len(choices) > len(LETTERS):
        raise SourceError(f"a quiz has at most {len(LETTERS)} options", directive.where, "ask two questions")
    return Quiz(Text(directive.argument, directive.where), tuple(choices), right[0], why, directive.where)


def split_quiz(directive: Directive) -> tuple[list[Choice], Text]:
    """Return the options of a quiz, each with its feedback, and the explanation.

    Raises SourceError for an option that is not one line, or not written as one, for feedback of several paragraphs,
    and for an option after the explanation.
    """
    choices: list[Choice] = []
    lines = directive.body.split("\n")
    for number, line in enumerate(lines):
        where = directive.body_where.below(number)
        if match := CHOICE.match(line):
            choices.append(Choice(Text(match["text"], where), match["mark"] != " "))
        elif UNFIT_CHOICE.match(line):
            raise SourceError(f"'{line.strip()[:40]}' is no option", where, FORM_HINT)
        elif choices and line[:1].isspace() and line.strip():
            if not lines[number - 1].strip():
                choices[-1] = with_feedback(choices[-1], paragraph_at(lines, number), where)
            elif choices[-1].feedback is None:
                raise SourceError("an option is one line", where, FEEDBACK_HINT)
        elif line.strip():
            check_options_end(lines[number:], where)
            return choices, Text("\n".join(lines[number:]).rstrip("\n"), where)
    return choices, Text("", directive.where)


def paragraph_at(lines: Sequence[str], start: int) -> str:
    """Return the indented paragraph that begins with line `start`, as one line."""
    words = takewhile(lambda line: line[:1].isspace() and bool(line.strip()), lines[start:])
    return " ".join(line.strip() for line in words)


def with_feedback(choice: Choice, words: str, where: Where) -> Choice:
    """Return an option with what is said to who chose it; raise SourceError if there is something already."""
    if choice.feedback:
        raise SourceError("the feedback for an option is one paragraph", where, "write the rest behind the options")
    return replace(choice, feedback=Text(words, where))


def check_options_end(lines: Sequence[str], where: Where) -> None:
    """Raise SourceError for an option in `lines`, which begin at `where` with the explanation."""
    for number, line in enumerate(lines):
        if CHOICE.match(line):
            hint = "write all options before it, and the question behind {quiz}"
            raise SourceError("an option stands after the explanation", where.below(number), hint)
