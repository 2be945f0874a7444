"""Facts in a lecture: the scope of its expressions, values written for people, claims checked against their data."""

import ast
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.errors import FactError, Where, suggest
from generator.lecture.blocks import Claim
from generator.lecture.expressions import Seeds, each_of, evaluate, names_in, parse_expression
from generator.lecture.roles import Role

THIN = "\u202f"  # narrow no-break space: between a number and its percent sign


def merge_seeds(runs: Sequence[Any]) -> Any:
    """Return one value for the facts of several seeds: numbers that differ become Seeds, the rest is the first's."""
    first = runs[0]
    if len(runs) == 1:
        return first
    if isinstance(first, Mapping):
        return {name: merge_seeds([run[name] for run in runs]) for name in first}
    if isinstance(first, list) and all(isinstance(run, list) and len(run) == len(first) for run in runs):
        return [merge_seeds(items) for items in zip(*runs, strict=True)]
    if isinstance(first, (int, float)) and not isinstance(first, bool) and any(run != first for run in runs):
        return Seeds(tuple(runs))
    return first


@dataclass(frozen=True, slots=True)
class Scope:
    """What the expressions of one lecture can name, and where each name's numbers come from.

    names: experiments and named figures; origins: for each name, what was run (shown where a value is hovered over);
    recipes: experiments that could be named besides.
    """

    names: Mapping[str, Any]
    origins: Mapping[str, str]
    recipes: tuple[str, ...] = ()

    def with_figure(self, facts: Mapping[str, Any]) -> "Scope":
        """Return the scope in which the facts of the figure at hand can be named without its name."""
        return Scope({**facts, **self.names}, self.origins, self.recipes)

    def value_of(self, text: str, where: Where) -> Any:
        """Return the value of the expression `text`; raise FactError, with the line, when it has none."""
        try:
            node = parse_expression(text)
            for name in sorted(names_in(node) - set(self.names)):
                known = [*self.names, *self.recipes]
                raise FactError(f"nothing here is named '{name}'", hint=suggest(name, known))  # noqa: TRY301
            return evaluate(node, self.names)
        except FactError as error:
            raise FactError(error.problem, where, error.hint) from None

    def origin_of(self, text: str) -> str:
        """Return where the numbers in the expression `text` come from."""
        return "; ".join(
            self.origins[name] for name in sorted(names_in(parse_expression(text))) if name in self.origins
        )

    def fill(self, role: Role, path: str, *, plain: bool = False) -> str:
        """Return what stands in the prose for `role`: Markdown, or text alone when `plain`."""
        where = Where(path, role.line)
        if role.name == "compare":
            left, right = (self.value_of(text, where) for text in role.expressions)
            return compare(left, right)
        value = self.value_of(role.expressions[0], where)
        shown = format_value(value, role.spec, where)
        if plain:
            return shown
        number = value.mean if isinstance(value, Seeds) else value
        origin = html.escape(self.origin_of(role.expressions[0]), quote=True)
        title = f' title="{origin}"' if origin else ""
        return f'<data class="value" value="{html.escape(str(number), quote=True)}"{title}>{html.escape(shown)}</data>'


def format_value(value: Any, spec: str, where: Where) -> str:
    """Return a value as a person reads it: `percent` or `percent1` (digits), a format of Python's, or a fitting one."""
    if isinstance(value, Seeds):
        value = value.mean
    if isinstance(value, list) and len(value) <= 12:
        return ", ".join(format_value(item, spec, where) for item in value)
    if isinstance(value, (list, Mapping)):
        raise FactError("this value is not a number or a text", where, "name one of its parts")
    if spec.startswith("percent"):
        digits = int(spec.removeprefix("percent") or 2)
        return f"{100 * value:.{digits}f}{THIN}%"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    try:
        return format(value, spec or ("," if isinstance(value, int) else ".4g"))
    except (ValueError, TypeError):
        hint = "use percent, percent1, or a format of Python's such as .2f"
        raise FactError(f"'{spec}' is not a format for {value!r}", where, hint) from None


def compare(left: Any, right: Any) -> str:
    """Return how `left` compares: higher or lower only where the ranges over the seeds do not overlap."""
    lefts, rights = each_of(left), each_of(right)
    if min(lefts) > max(rights):
        return "higher than"
    if max(lefts) < min(rights):
        return "lower than"
    return "no different, beyond the spread of the seeds, from"


def check_claim(claim: Claim, scope: Scope, where: Where) -> bool:
    """Return whether the claim's condition holds; raise FactError when it cannot be computed."""
    return bool(scope.value_of(claim.condition, where))


def refute(claim: Claim, scope: Scope, where: Where) -> FactError:
    """Return the error of a claim whose data do not carry it, with the numbers that it names."""
    parts = {
        ast.unparse(node) for node in ast.walk(parse_expression(claim.condition)) if isinstance(node, ast.Attribute)
    }
    longest = [part for part in sorted(parts) if not any(other.startswith(f"{part}.") for other in parts)]
    numbers = [f"{part} = {list_values(scope.value_of(part, where))}" for part in longest]
    problem = f"the claim '{claim.condition}' does not hold: {', '.join(numbers)}"
    return FactError(problem, where, "mend the sentence, or its condition")


def list_values(value: Any) -> str:
    """Return a value for an error message: every seed's."""
    return ", ".join(f"{item:.6g}" if isinstance(item, float) else str(item) for item in each_of(value))
