"""Fills in the facts of a lecture: evaluates its expressions, formats values for readers, and checks claims.

A `Scope` holds what the expressions can name. Facts that were measured for several seeds are merged into `Seeds` first.
"""

import ast
import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.errors import FactError, Where, suggest
from generator.lecture.expressions import (
    COMPARE,
    Seeds,
    conditions_in,
    evaluate,
    holds,
    names_in,
    no_comparison,
    numbers_in,
    parse_expression,
)
from generator.lecture.roles import Role

MARKS = re.compile(r"[\\`*_\[\]$~|]")  # of Markdown; those of HTML are escaped before
THIN = "\u202f"  # narrow no-break space: between a number and its percent sign
PERCENT = re.compile(r"percent(?P<digits>\d{0,2})", re.ASCII)
HUGE = re.compile(r"\d{3}")  # a width or a number of digits that no page has room for
FORMATS = "use percent, percent1, or a format of Python's such as .2f"
EXACT = 2**53  # from here on, not every integer is a float
FIXED = ("f", "F", "%")  # the formats of Python's that write every digit before the point


def merge_seeds(runs: Sequence[Any]) -> Any:
    """Return the facts of the runs with several seeds as one value of the same shape.

    Numbers that differ become Seeds, and so do facts that are true for some seeds only. Everything else is taken from
    the first run.
    """
    first = runs[0]
    if len(runs) == 1:
        return first
    if isinstance(first, Mapping):
        return {name: merge_seeds([run[name] for run in runs]) for name in first}
    if isinstance(first, list) and all(isinstance(run, list) and len(run) == len(first) for run in runs):
        return [merge_seeds(items) for items in zip(*runs, strict=True)]
    if isinstance(first, (int, float)) and any(run != first for run in runs):
        return Seeds(tuple(runs))
    return first


@dataclass(frozen=True, slots=True)
class Scope:
    """What the expressions of one lecture can name, and where the numbers come from.

    names: the facts of experiments and of named figures, by name.
    origins: what was run for each experiment, by name; shown while the mouse is over a value.
    recipes: the names of all experiments that exist, for the hint about an unknown name.
    """

    names: Mapping[str, Any]
    origins: Mapping[str, str]
    recipes: tuple[str, ...] = ()

    def with_figure(self, facts: Mapping[str, Any]) -> "Scope":
        """Return this scope with the facts of a figure added, so that they can be named without the figure's name."""
        return Scope({**facts, **self.names}, self.origins, self.recipes)

    def value_of(self, text: str, where: Where) -> Any:
        """Return the value of the expression `text`; raise FactError, at `where`, if it cannot be computed."""
        try:
            node = parse_expression(text)
            for name in sorted(names_in(node) - set(self.names)):
                known = [*self.names, *self.recipes]
                raise FactError(f"nothing here is named '{name}'", hint=suggest(name, known))  # noqa: TRY301
            return evaluate(node, self.names)
        except FactError as error:
            raise FactError(error.problem, where, error.hint) from None

    def origin_of(self, text: str) -> str:
        """Return where the numbers in the expression `text` come from, empty if it names no experiment."""
        return "; ".join(
            self.origins[name] for name in sorted(names_in(parse_expression(text))) if name in self.origins
        )

    def fill(self, role: Role, path: str, *, plain: bool = False) -> str:
        """Return the text that replaces `role`: HTML inside Markdown, or plain text if `plain`.

        Raises FactError, at the line of the role, if a value cannot be computed or formatted.
        """
        where = Where(path, role.line, role.column)
        if role.name == "compare":
            left, right = (self.value_of(text, where) for text in role.expressions)
            return compare(left, right, where)
        value = self.value_of(role.expressions[0], where)
        shown = format_value(value, role.spec, where)
        if plain:
            return shown
        number = value.mean if isinstance(value, Seeds) else value
        origin = html.escape(self.origin_of(role.expressions[0]), quote=True)
        title = f' title="{origin}"' if origin else ""
        return f'<data class="value" value="{escape_markdown(str(number))}"{title}>{escape_markdown(shown)}</data>'


def format_value(value: Any, spec: str, where: Where) -> str:
    """Return a value as text for a reader.

    spec: `percent`, which has two digits after the point, `percent1` and the like for another number of digits, or a
    format of Python's; if it is empty, a suitable format is chosen. Of Seeds, the mean is shown, or for how many of
    them the fact is true. Raises FactError for a value that is no number or text, a list of more than 12 items, and a
    format that does not fit.
    """
    if isinstance(value, Seeds):
        value = f"for {sum(value.each)} of {len(value.each)} seeds" if value.is_truth else value.mean
    if isinstance(value, list) and len(value) <= 12:
        return ", ".join(format_value(item, spec, where) for item in value)
    if isinstance(value, bool) and not spec:
        return "yes" if value else "no"
    if isinstance(value, bool):
        raise FactError(f"'{spec}' is not a format for {value}, which is yes or no", where, f"leave :{spec} away")
    if not isinstance(value, (int, float, str)):
        raise FactError("this value is not a number or a text", where, "name one of its parts")
    if isinstance(value, float) and not math.isfinite(value):
        raise FactError(
            f"this value is {value}, which is not a number for readers", where, "look at the facts it names"
        )
    return format_number_or_text(value, spec, where)


def format_number_or_text(value: float | str, spec: str, where: Where) -> str:
    """Return a finite number or a text in the format `spec`, as `format_value` does; raise FactError if it fits not."""
    percent = PERCENT.fullmatch(spec)
    chosen = spec or ("," if isinstance(value, int) else "" if isinstance(value, str) else ".4g")
    problem = f"'{spec}' is not a format for {value!r}" if spec else f"{value!r} cannot be shown"
    try:
        if (spec.startswith("percent") and not percent) or HUGE.search(spec):
            raise ValueError(spec)  # noqa: TRY301 - one message for every format that does not fit
        share = 100 * float(value) if percent and not isinstance(value, str) else None
        shown = format(value, chosen) if percent is None else f"{share:.{percent['digits'] or 2}f}{THIN}%"
    except (ValueError, TypeError, ArithmeticError, MemoryError):
        raise FactError(problem, where, FORMATS) from None
    if isinstance(value, float) and abs(value) >= EXACT and (percent or chosen[-1:] in FIXED):
        hint = "show it as .4g, or count in integers: a float this large has lost its last digits"
        raise FactError(f"{value!r} is too large for '{spec}'", where, hint)
    return shown


def escape_markdown(text: str) -> str:
    """Return plain text as HTML in which Markdown finds nothing either: `__init__` stays so, and `|` ends no cell."""
    return MARKS.sub(lambda mark: f"&#{ord(mark[0])};", html.escape(text, quote=True))


def as_latex(shown: str) -> str:
    """Return a value, as `Scope.fill` writes it, for a LaTeX formula; what is no number is set upright."""
    number = shown.replace(THIN, r"\,").replace("%", r"\%").replace(",", "{,}")
    return number if shown[:1] in "+-−0123456789." and shown else rf"\text{{{shown}}}"


def compare(left: Any, right: Any, where: Where) -> str:
    """Return the words that compare `left` to `right`: different only if the ranges over the seeds do not overlap.

    Raises FactError, at `where`, for what cannot be compared: a number with a text, an empty list, a mapping.
    """
    lefts, rights = numbers_in(left), numbers_in(right)
    try:
        if min(lefts) > max(rights):
            return "higher than"
        if max(lefts) < min(rights):
            return "lower than"
    except (TypeError, ValueError) as error:
        raise FactError(f"the two cannot be compared: {error}", where, "compare two numbers") from None
    return "no different, beyond the spread of the seeds, from"


def check_claim(condition: str, scope: Scope, where: Where) -> bool:
    """Return whether the `condition` of a claim holds, for every seed.

    Raises FactError, at `where`, if it cannot be computed, or if a part of it is a value that is not true or false.
    """
    for part in conditions_in(parse_expression(condition)):
        value = scope.value_of(ast.unparse(part), where)
        if not isinstance(value, bool) and not (isinstance(value, Seeds) and value.is_truth):
            raise FactError(no_comparison(part), where, COMPARE)
    return holds(scope.value_of(condition, where))


def claim_error(condition: str, scope: Scope, where: Where) -> FactError:
    """Return the error for a claim that does not hold, with the value of every fact that its condition names."""
    dotted_names = {
        ast.unparse(node) for node in ast.walk(parse_expression(condition)) if isinstance(node, ast.Attribute)
    }
    # The tree of `net.accuracy.mean` contains that of `net.accuracy` too: only the longest names are facts.
    facts = [name for name in sorted(dotted_names) if not any(other.startswith(f"{name}.") for other in dotted_names)]
    values = [f"{name} = {list_values(scope.value_of(name, where))}" for name in facts]
    problem = f"the claim '{condition}' does not hold: {', '.join(values)}"
    return FactError(problem, where, "mend the sentence, or its condition")


def list_values(value: Any) -> str:
    """Return a value as text for an error message, with the number of every seed."""
    return ", ".join(f"{item:.6g}" if isinstance(item, float) else str(item) for item in numbers_in(value))
