"""Says what a claim rests on: how many runs, how its comparisons come out, whether other seeds may overturn it."""

import ast
import re
from collections.abc import Iterator

from generator.document.facts import Scope, for_each_seed
from generator.document.verdicts import FRAGILE, Sample, Verdict
from generator.errors import FactError, Where
from generator.lecture.expressions import (
    NUMBER,
    ORDERINGS,
    Seeds,
    evaluate,
    holds,
    kind_of,
    links_in,
    numbers_in,
    parse_expression,
)
from generator.words import say

STATISTIC = re.compile(r"\.(?:mean|min|max|each)$")


def say_measured(condition: str, scope: Scope) -> str:
    """Return what stands above the sentence of a claim: that it was measured, and in how many runs."""
    runs = scope.runs_of(condition)
    if not runs:
        return say("Measured")
    seeds = ", ".join(say("with {count} seeds", count=count) for count in runs if count > 1)
    how = say(", and ").join(filter(None, (seeds, say("in one run") if runs[0] == 1 else "")))
    return say("Measured {how}", how=how)


def explain_claim(condition: str, scope: Scope) -> str:
    """Return what the comparisons of a claim that depend on the seed rest on, a sentence for each."""
    found = [
        f"{written}: {verdict.figures}."
        for written, verdict in verdicts_in(parse_expression(condition), scope)
        if verdict.spread
    ]
    return " ".join(found)


def find_fragile(condition: str, scope: Scope, where: Where) -> Iterator[FactError]:
    """Yield a warning for each comparison that other seeds may well decide otherwise, of a claim that holds."""
    for written, verdict in fragile_in(parse_expression(condition), scope):
        count, needed = verdict.seeds, verdict.needed
        size = f"{verdict.margin:.3g} apart, {verdict.margin / verdict.spread:.1f} standard deviations of the seeds"
        problem = f"the claim is fragile: in '{written}' the means of {count} seeds are {size}, less than {FRAGILE}"
        hint = (
            f"between means it takes about {needed:,} seeds to find a difference of this size in four tries of five: "
            f"compare .mean with so many, or claim less; of all pairs, more seeds ask for more"
            if needed
            else "no number of seeds finds a difference where there is none: claim less"
        )
        yield FactError(problem, where, hint)


def fragile_in(node: ast.expr, scope: Scope, *, is_denied: bool = False) -> list[tuple[str, Verdict]]:
    """Return the fragile comparisons that a condition which holds rests on, with how each is written.

    Of several parts one of which is enough, such as those with `or` between them, a single one that holds and is not
    fragile carries the condition. is_denied: whether the condition stands under `not`.
    """
    if isinstance(node, ast.UnaryOp):
        return fragile_in(node.operand, scope, is_denied=not is_denied)
    if not isinstance(node, ast.BoolOp):
        return [(written, verdict) for written, verdict in verdicts_in(node, scope) if verdict.is_fragile]
    needs_all = isinstance(node.op, ast.Or) == is_denied
    parts = node.values if needs_all else [part for part in node.values if is_so(part, scope, is_denied=is_denied)]
    found = [fragile_in(part, scope, is_denied=is_denied) for part in parts]
    return [one for part in found for one in part] if needs_all or all(found) else []


def is_so(part: ast.expr, scope: Scope, *, is_denied: bool) -> bool:
    """Return whether a part of a condition is true for every seed or, if it `is_denied`, false for every one."""
    return holds(evaluate(ast.UnaryOp(ast.Not(), part) if is_denied else part, scope.names))


def verdicts_in(node: ast.expr, scope: Scope) -> Iterator[tuple[str, Verdict]]:
    """Yield how each comparison of more and less in a condition comes out, with how it is written.

    Left out is one of a fact with itself, such as of its largest value with its smallest: it has but one mean.
    """
    for part in ast.walk(node):
        for left, kind, right in links_in(part) if isinstance(part, ast.Compare) else ():
            if kind in ORDERINGS and not (facts_in(left) and facts_in(left) == facts_in(right)):
                written = ast.unparse(ast.Compare(left, [kind()], [right]))
                yield written, Verdict(sample_of(left, scope), sample_of(right, scope))


def facts_in(node: ast.expr) -> set[str]:
    """Return the facts that an expression names, without their statistics over the seeds."""
    chains = {ast.unparse(part) for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    whole = {chain for chain in chains if not any(other.startswith(f"{chain}.") for other in chains)}
    return {STATISTIC.sub("", chain) for chain in whole}


def sample_of(node: ast.expr, scope: Scope) -> Sample:
    """Return one side of a comparison in a claim, seed by seed also where the claim is about their mean or worst."""
    value = for_each_seed(node, scope.names)
    values = tuple(numbers_in(value)) if kind_of(value) == NUMBER else (0.0,)
    runs = min(scope.runs_of(ast.unparse(node)), default=len(values) if len(values) > 1 else 0)
    return Sample(values, runs, isinstance(value, Seeds))
