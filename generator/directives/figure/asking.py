"""Reads the question that a figure asks before it is shown, and the choices; checks that slides can show both."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from generator.document.compose import Composer
from generator.document.facts import check_claim
from generator.errors import SourceError
from generator.lecture.blocks import Text, walk
from generator.lecture.directive import Directive
from generator.lecture.expressions import check_condition
from generator.lecture.syntax import words_of
from generator.plan.planner import Planner

if TYPE_CHECKING:
    from generator.directives.figure import Figure

FORM_HINT: Final = r"write for example :choices: more | as many | fewer, with \| for a bar inside one"
RIGHT_HINT: Final = (
    "write a condition for each choice, for example :right: e.errors < 10 | e.errors == 10 | e.errors > 10"
)
LETTERS: Final = "ABCDE"  # of the choices
LONGEST: Final = 120  # letters of a question, which stands on a slide in large type
FEWEST, MOST = 2, len(LETTERS)  # choices: more are not read while a room votes
# A bar between two choices; those in code, roles and formulas, and those behind a backslash, are none.
BAR: Final = re.compile(r"`[^`]*`|\$[^$]*\$|\\.|(?P<bar>\|)")


def read_question(directive: Directive) -> Text | None:
    """Return the question that a figure asks, None if it asks none.

    Raises SourceError for an empty or a long one, and for one of a figure that waits for a press of its own.
    """
    asked = next((option for option in directive.options if option.name == "ask"), None)
    if asked is None:
        return None
    if not asked.text:
        raise SourceError("the figure asks nothing", asked.where, "write the question behind :ask:")
    if (letters := len(words_of(asked.text))) > LONGEST:
        problem = f"a question has at most {LONGEST} letters, not {letters}"
        raise SourceError(problem, asked.where, "say the rest in a text above the figure")
    if directive.switch("reveal", default=False):
        problem = "a figure that asks is shown at the next press anyway"
        raise SourceError(problem, directive.place_of("reveal"), "leave :reveal: away")
    return Text(asked.text, asked.where)


def read_choices(directive: Directive) -> tuple[Text, ...]:
    """Return the choices of a figure's question; raise SourceError if they are no choices, or nothing is asked."""
    given = next((option for option in directive.options if option.name == "choices"), None)
    if given is None:
        return ()
    choices = split_choices(given.text)
    if all(option.name != "ask" for option in directive.options):
        raise SourceError("there are choices and no question", given.where, "write :ask: and the question above them")
    problems = {
        "a choice is empty": not all(choices),
        f"a question has {FEWEST} to {MOST} choices, not {len(choices)}": not FEWEST <= len(choices) <= MOST,
        "two choices are the same": len({choice.casefold() for choice in choices}) < len(choices),
    }
    for problem in (problem for problem, is_so in problems.items() if is_so):
        raise SourceError(problem, given.where, FORM_HINT)
    return tuple(Text(choice, given.where) for choice in choices)


def read_right(directive: Directive, choices: Sequence[Text]) -> tuple[Text, ...]:
    """Return for each choice the condition under which it is right; none if nothing says that.

    Raises SourceError if there is not one condition for each choice.
    """
    given = next((option for option in directive.options if option.name == "right"), None)
    if given is None:
        return ()
    conditions = [condition.strip() for condition in given.text.split("|")]
    if not choices:
        raise SourceError(
            "it is said which choice is right, and there are none", given.where, "write :choices: above it"
        )
    if len(conditions) != len(choices) or not all(conditions):
        problem = f"there are {len(choices)} choices and {len([text for text in conditions if text])} conditions"
        raise SourceError(problem, given.where, RIGHT_HINT)
    return tuple(Text(condition, given.where) for condition in conditions)


def plan_right(figure: "Figure", planner: Planner) -> None:
    """Add the experiments that the conditions of a figure's choices name; what they compare is as in claims."""
    for condition in figure.right:
        planner.add_expression(condition.source, condition.where, check_condition)
    groups = [(condition.source,) for condition in figure.right]
    if any(len(planner.settings_in(group, figure.right[0].where)) > 1 for group in groups):
        planner.check_comparisons(groups, figure.varies, figure.right[0].where, ":varies: {}")


def find_right(figure: "Figure", composer: Composer) -> str:
    """Return the letter of the choice that is right; if it is not one, tell of it, and return an empty text.

    It is told as an error, outside the profile `full` as a warning. Raises FactError if a condition cannot be computed.
    """
    if not figure.right:
        return ""
    held = [
        letter
        for letter, condition in zip(LETTERS, figure.right, strict=False)
        if check_claim(condition.source, composer.local, condition.where)
    ]
    if len(held) == 1:
        return held[0]
    document = composer.document
    problem = f"of the choices, {' and '.join(held)} are right" if held else "none of the choices is right"
    told = document.errors if composer.profile == "full" else document.warnings
    told.append(SourceError(problem, figure.right[0].where, "mend the conditions, or the choices"))
    return ""


def split_choices(text: str) -> list[str]:
    r"""Return the texts between the bars.

    >>> split_choices(r"more | {value}`a | b` | $|x|$ | \| too")
    ['more', '{value}`a | b`', '$|x|$', '\\| too']
    """
    bars = [found.start() for found in BAR.finditer(text) if found["bar"]]
    edges = zip([0, *(bar + 1 for bar in bars)], [*bars, len(text)], strict=True)
    return [text[start:end].strip() for start, end in edges]


def check_asking(figure: "Figure", planner: Planner) -> None:
    """Raise SourceError for a figure whose question could not take the place of the title of its slide."""
    if figure.question is None:
        return
    slide = next(slide for slide in planner.lecture.slides if any(block is figure for block in walk(slide.blocks)))
    asking = [block for block in walk(slide.blocks) if isinstance(block, type(figure)) and block.question]
    if not any(block is figure for block in slide.blocks):
        problem = "a figure that asks stands on its slide and in no other directive"
        raise SourceError(problem, figure.question.where, "take it out of the directive, or leave :ask: away")
    if slide.starts_part:
        problem = "a figure that asks stands on a slide of its own, not on the one that begins a part"
        raise SourceError(problem, figure.question.where, "put a title with ## above it")
    if asking[0] is not figure:
        problem = f"the figure on line {asking[0].line} asks on this slide already"
        raise SourceError(problem, figure.question.where, "give each question a slide of its own")
