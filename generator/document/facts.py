"""Fills in the facts of a lecture: evaluates its expressions, formats values for readers, and checks claims.

A `Scope` holds what the expressions can name. Facts that were measured for several seeds are merged into `Seeds` first.
"""

import ast
import copy
import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from generator.document.verdicts import Sample, Verdict
from generator.errors import FactError, Where, suggest
from generator.lecture.expressions import (
    COMPARE,
    NUMBER,
    OVER_SEEDS,
    TRUTH,
    Seeds,
    Unmerged,
    conditions_in,
    evaluate,
    holds,
    kind_of,
    names_in,
    no_comparison,
    numbers_in,
    parse_expression,
)
from generator.lecture.roles import Role
from generator.words import say, say_number

MARKS = re.compile(r"[\\`*_\[\]$~|]")  # of Markdown; those of HTML are escaped before
THIN = "\u202f"  # narrow no-break space: between a number and its percent sign
PERCENT = re.compile(r"percent(?P<digits>\d{0,2})", re.ASCII)
HUGE = re.compile(r"\d{3}")  # a width or a number of digits that no page has room for
FORMATS = "use percent, percent1, or a format of Python's such as .2f"
EXACT = 2**53  # from here on, not every integer is a float
WHOLE = 1 + 1e-9  # the largest share, with room for rounding
FIXED = ("f", "F", "%")  # the formats of Python's that write every digit before the point


def merge_seeds(runs: Sequence[Any]) -> Any:
    """Return the facts of the runs with several seeds as one value of the same shape.

    Numbers that differ become Seeds, and so do facts that are true for some seeds only. What else differs, such as a
    text, a list of another length, or a fact that only some runs have, becomes Unmerged.
    """
    first = runs[0]
    if len(runs) == 1:
        return first
    if all(isinstance(run, Mapping) for run in runs):
        names = dict.fromkeys(name for run in runs for name in run)
        return {name: merge_fact(name, runs) for name in names}
    if all(isinstance(run, list) and len(run) == len(first) for run in runs):
        return [merge_seeds(items) for items in zip(*runs, strict=True)]
    kinds = {kind_of(run) for run in runs}
    if len(kinds) == 1 and all(run == first for run in runs):
        return first
    return Seeds(tuple(runs)) if kinds in ({NUMBER}, {TRUTH}) else Unmerged(tuple(runs))


def merge_fact(name: str, runs: Sequence[Mapping[str, Any]]) -> Any:
    """Return the fact `name` of the runs as one value; Unmerged if some of them do not have it."""
    if all(name in run for run in runs):
        return merge_seeds([run[name] for run in runs])
    return Unmerged(tuple(run.get(name) for run in runs))


@dataclass(frozen=True, slots=True)
class Scope:
    """What the expressions of one lecture can name, and where the numbers come from.

    names: the facts of experiments and of named figures, by name.
    origins: what was run for each experiment, by name; shown while the mouse is over a value.
    recipes: the names of all experiments that exist, for the hint about an unknown name.
    runs: of how many runs the facts come, by name; what is not there was not measured.
    """

    names: Mapping[str, Any]
    origins: Mapping[str, str]
    recipes: tuple[str, ...] = ()
    runs: Mapping[str, int] = field(default_factory=dict)

    def with_figure(self, facts: Mapping[str, Any], *, is_measured: bool = False) -> "Scope":
        """Return this scope with the facts of a figure added, so that they can be named without the figure's name.

        is_measured: whether the figure shows the results of an experiment, of which it takes one run.
        """
        runs = dict.fromkeys(set(facts) - set(self.names), 1) if is_measured else {}
        return Scope({**facts, **self.names}, self.origins, self.recipes, {**runs, **self.runs})

    def runs_of(self, text: str) -> list[int]:
        """Return the numbers of runs of what the expression `text` names, the smallest first, each once."""
        return sorted({self.runs[name] for name in names_in(parse_expression(text)) if name in self.runs})

    def sample(self, text: str, where: Where) -> Sample:
        """Return the expression `text` as one side of a comparison; raise FactError, at `where`, if it is no number."""
        value = self.value_of(text, where)
        if kind_of(value) != NUMBER:
            hint = "compare two numbers; of a list name an item, or its min, max or mean"
            raise FactError(f"'{text}' is {kind_of(value)}, and cannot be compared", where, hint)
        values = tuple(numbers_in(value))
        if any(math.isnan(number) for number in values):
            raise FactError(f"'{text}' is nan, and cannot be compared", where, "look at the facts it names")
        runs = 1 if takes_one_run(text) else min(self.runs_of(text), default=len(values) if len(values) > 1 else 0)
        return Sample(values, runs, depends_on_seed(text, self.names))

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
            return compare(*(self.sample(text, where) for text in role.expressions), plain=plain)
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
        value = (
            say("for {true} of {count} seeds", true=sum(value.each), count=len(value.each))
            if value.is_truth
            else value.mean
        )
    if isinstance(value, list) and len(value) <= 12:
        return ", ".join(format_value(item, spec, where) for item in value)
    if isinstance(value, bool) and not spec:
        return say("yes") if value else say("no")
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
    if not isinstance(value, str) and (percent or chosen.endswith("%")) and abs(value) > WHOLE:
        hint = "a share is between 0 and 1, a difference of shares between -1 and 1; show a ratio as .1f, and say times"
        raise FactError(f"{value!r} is no share, so '{spec}' cannot show it", where, hint)
    return shown if isinstance(value, str) else say_number(shown)


def escape_markdown(text: str) -> str:
    """Return plain text as HTML in which Markdown finds nothing either: `__init__` stays so, and `|` ends no cell."""
    return MARKS.sub(lambda mark: f"&#{ord(mark[0])};", html.escape(text, quote=True))


def as_latex(shown: str) -> str:
    """Return a value, as `Scope.fill` writes it, for a LaTeX formula; what is no number is set upright."""
    number = shown.replace(THIN, r"\,").replace("%", r"\%").replace(",", "{,}")
    return number if shown[:1] in "+-−0123456789." and shown else rf"\text{{{shown}}}"


def compare(left: Sample, right: Sample, *, plain: bool = False) -> str:
    """Return the words that compare `left` with `right`: HTML that says what they rest on, or plain text if `plain`."""
    verdict = Verdict(left, right)
    if plain or not verdict.detail:
        return verdict.words
    return f'<span class="verdict" title="{html.escape(verdict.detail, quote=True)}">{verdict.words}</span>'


def takes_one_run(text: str) -> bool:
    """Return whether the expression `text` takes out the fact of a single seed, as `net.accuracy.each[0]` does."""
    taken = [node.value for node in ast.walk(parse_expression(text)) if isinstance(node, ast.Subscript)]
    return any(isinstance(node, ast.Attribute) and node.attr == "each" for node in taken)


def depends_on_seed(text: str, names: Mapping[str, Any]) -> bool:
    """Return whether anything that the expression `text` names differs from seed to seed."""
    nodes = [node for node in ast.walk(parse_expression(text)) if isinstance(node, (ast.Attribute, ast.Subscript))]
    return any(isinstance(item, Seeds) for node in nodes for item in items_of(node, names))


def items_of(node: ast.expr, names: Mapping[str, Any]) -> Sequence[Any]:
    """Return what `node` names, of a list its items; nothing if it cannot be computed."""
    try:
        value = evaluate(node, names)
    except FactError:
        return []
    return value if isinstance(value, list) else [value]


class _ForEachSeed(ast.NodeTransformer):
    """Takes the statistics over seeds away, so that an expression has a value for each seed.

    These are `.mean`, `.min` and `.max` of a fact, and the functions of the same names where they have one argument.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Return what the statistic is of."""
        is_statistic = node.attr in OVER_SEEDS and self.has_seeds(node.value)
        inner: ast.expr = self.visit(node.value)
        return inner if is_statistic else ast.Attribute(inner, node.attr, node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Return what the statistic is of."""
        arguments = [self.visit(argument) for argument in node.args]
        if ast.unparse(node.func) in OVER_SEEDS and len(arguments) == 1 and self.has_seeds(arguments[0]):
            return cast(ast.expr, arguments[0])
        return ast.Call(node.func, arguments, node.keywords)

    def has_seeds(self, node: ast.expr) -> bool:
        """Return whether the value of `node` is one per seed."""
        return any(isinstance(item, Seeds) for item in items_of(node, self.names))


def for_each_seed(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return the value of `node` for each seed, its statistics over the seeds left away; its own if it has no other.

    Raises FactError if its own cannot be computed.
    """
    try:
        return evaluate(_ForEachSeed(names).visit(copy.deepcopy(node)), names)
    except FactError:
        return evaluate(node, names)


def check_claim(condition: str, scope: Scope, where: Where) -> bool:
    """Return whether the `condition` of a claim holds, for every seed.

    Raises FactError, at `where`, if it cannot be computed, or if a part of it is a value that is not true or false.
    """
    for part in conditions_in(parse_expression(condition)):
        if kind_of(scope.value_of(ast.unparse(part), where)) != TRUTH:
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
