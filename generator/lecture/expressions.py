"""Parses and evaluates the expressions of a lecture: figure arguments, values in prose, conditions of claims.

A lecture must not be able to run arbitrary code. Expressions are therefore parsed by `ast` and evaluated here for a
short list of node types: no name reaches a Python object, and no call runs anything but the functions in FUNCTIONS.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from generator.errors import FactError, suggest


@dataclass(frozen=True, slots=True)
class Seeds:
    """A fact measured once per seed. A comparison holds only if it holds for every pair of seeds."""

    each: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Return the mean over the seeds."""
        return sum(self.each) / len(self.each)

    @property
    def is_truth(self) -> bool:
        """Whether the fact is true for some seeds and false for others, and no number."""
        return all(isinstance(item, bool) for item in self.each)


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A fact that is no number and differs from seed to seed: there is no one value of it, only `each`."""

    each: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A fact of a figure that varies, which differs from state to state: it is that of a state which is named."""


class Varied(dict[str, Any]):
    """The facts of a figure that varies, where they differ Unsettled, and those of each of its states.

    states: the values that are chosen, as written, with the facts; of the state that is shown first at the front.
    """

    def __init__(self, states: Sequence[tuple[Mapping[str, str], Mapping[str, Any]]]) -> None:
        super().__init__(merge_states([facts for _, facts in states]))
        self.states = states

    def state(self, written: str) -> Mapping[str, Any]:
        """Return the facts of the state `strides=2, padding=same`; what is not named has the value shown first.

        Raises FactError if there is no such state.
        """
        first = self.states[0][0]
        parts = [text.partition("=") for text in STATE_PART.findall(written)]
        named = {name.strip(): value.strip() for name, _, value in parts}
        for name in named:
            if name not in first:
                raise FactError(f"'{name}' does not vary in this figure", hint=suggest(name, list(first)))
        wanted = {**first, **named}
        found = next((facts for values, facts in self.states if values == wanted), None)
        if found is None:
            known = "; ".join(f"{name} = {', '.join(dict.fromkeys(v[name] for v, _ in self.states))}" for name in first)
            raise FactError(f"the figure has no state '{written.strip()}'", hint=f"it varies {known}")
        return found


def merge_states(runs: Sequence[Any]) -> Any:
    """Return the facts of several states as one value of the same shape, Unsettled where they differ."""
    first = runs[0]
    if all(isinstance(run, Mapping) for run in runs):
        names = dict.fromkeys(name for run in runs for name in run)
        return {name: merge_states([run.get(name, Unsettled()) for run in runs]) for name in names}
    return first if all(type(run) is type(first) and run == first for run in runs) else Unsettled()


ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip
ORDERINGS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    **ORDERINGS, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
NUMBER, TRUTH, TEXT, LIST, OTHER = "a number", "yes or no", "a text", "a list", "a group of facts"
KINDS: tuple[tuple[type, str], ...] = ((bool, TRUTH), (int, NUMBER), (float, NUMBER), (str, TEXT), (list, LIST))


def numbers_in(value: Any) -> Sequence[Any]:
    """Return the numbers in `value`: one per seed, those of a list and the lists in it, or the value itself."""
    if isinstance(value, Seeds):
        return value.each
    return [each for item in value for each in numbers_in(item)] if isinstance(value, list) else [value]


def kind_of(value: Any) -> str:
    """Return what `value` is, in words; of Seeds, what the fact is for each of them."""
    if isinstance(value, Seeds):
        return TRUTH if value.is_truth else NUMBER
    return next((words for kind, words in KINDS if isinstance(value, kind)), OTHER)


def checked_numbers(value: Any) -> Any:
    """Return `value`, a number or Seeds of numbers; raise TypeError if it is anything else, such as yes or no."""
    if kind_of(value) != NUMBER:
        raise TypeError(f"it takes numbers, and this is {kind_of(value)}")
    return value


def all_numbers(*values: Any) -> list[Any]:
    """Return the numbers in all of `values`; raise TypeError if anything in them is no number."""
    return [checked_numbers(item) for value in values for item in numbers_in(value)]


def total(value: Any) -> Any:
    """Return the sum of the numbers in `value`; of what is yes or no, how often it is yes."""
    items = numbers_in(value)
    return sum(items) if all(isinstance(item, bool) for item in items) else sum(all_numbers(value))


def rounded(value: Any, digits: Any) -> Any:
    """Return a number rounded to so many digits behind its point; raise ValueError for more than MOST_DIGITS."""
    if abs(digits) > MOST_DIGITS:
        raise ValueError(f"it rounds to at most {MOST_DIGITS} digits")
    return round(value, int(digits))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": lambda *values: min(all_numbers(*values)),
    "max": lambda *values: max(all_numbers(*values)),
    "mean": lambda value: sum(all_numbers(value)) / len(numbers_in(value)),
    "sum": total,
    "abs": lambda value: apply(lambda left, _: abs(left), checked_numbers(value), 0),
    "round": lambda value, digits=0: apply(rounded, checked_numbers(value), checked_numbers(digits)),
    "len": lambda value: len(numbers_in(value)),
}

OVER_SEEDS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "mean": lambda each: sum(each) / len(each),
    "min": min,
    "max": max,
    "each": list,
}


# A state of a figure behind its name, `[strides=2, size=[1, 2]]`, a form that Python lacks; and each choice in it.
STATE = re.compile(r"(?<=\w)\[(?P<state>\s*[a-z_][a-z_0-9]*\s*=(?!=)(?:[^\[\]]|\[[^\[\]]*\])*)\]")
STATE_PART = re.compile(r"[a-z_][a-z_0-9]*\s*=(?:\[[^\]]*\]|\([^)]*\)|'[^']*'|\"[^\"]*\"|[^,\[('\"])+")
LONGEST = 1000  # characters of an expression
MOST_DIGITS = 100  # to which a number is rounded, before or behind its point: more take as much memory as they are


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> ast.expr:
    """Return the syntax tree of `text`, shared, so not to be changed; raise FactError when it is not an expression."""
    try:
        if len(text) > LONGEST:
            raise FactError(f"'{text}' is too long", hint=f"an expression has at most {LONGEST} characters")
        return ast.parse(STATE.sub(lambda found: f"[{found['state']!r}]", text.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two: brackets in brackets, hundreds deep
        raise FactError(f"'{text}' is not an expression", hint="write for example convnet.accuracy - 0.9") from None


@lru_cache(maxsize=4096)
def names_in(node: ast.expr) -> frozenset[str]:
    """Return the first part of each dotted name in `node`, without the functions that it calls."""
    calls = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    return frozenset(name.id for name in ast.walk(node) if isinstance(name, ast.Name) and id(name) not in calls)


COMPARE = "write for example convnet.accuracy > 0.9"


def conditions_in(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a condition that `and`, `or` and `not` combine: each has to be true or false by itself."""
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from conditions_in(part)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from conditions_in(node.operand)
    else:
        yield node


def check_condition(text: str) -> None:
    """Raise FactError if a part of the condition `text` says nothing about a fact.

    Such a part compares nothing and is no fact that may be true or false, or it compares what is the same without any
    measurement.
    """
    for part in conditions_in(parse_expression(text)):
        if not isinstance(part, (ast.Compare, ast.Name, ast.Attribute, ast.Subscript)):
            raise FactError(no_comparison(part), hint=COMPARE)
        if not names_in(part):
            hint = "compare something that was measured, such as convnet.accuracy, or leave this part away"
            raise FactError(f"'{ast.unparse(part)}' names no fact, so it claims nothing", hint=hint)
        for left, _, right in links_in(part) if isinstance(part, ast.Compare) else ():
            if ast.unparse(left) == ast.unparse(right):
                hint = "compare it with something else"
                raise FactError(f"'{ast.unparse(part)}' compares '{ast.unparse(left)}' with itself", hint=hint)


def links_in(node: ast.Compare) -> Iterator[tuple[ast.expr, type, ast.expr]]:
    """Yield each comparison of a chain such as `a < b < c`: its left side, the kind of comparison, its right side."""
    parts = (node.left, *node.comparators)
    yield from zip(parts, map(type, node.ops), parts[1:], strict=False)


def no_comparison(part: ast.expr) -> str:
    """Return the problem with a part of a condition that is neither true nor false."""
    return f"a claim needs a comparison, and '{ast.unparse(part)}' is none"


def evaluate(node: ast.expr, scope: Mapping[str, Any]) -> Any:
    """Return the value of `node`, with names looked up in `scope`.

    Raises FactError for syntax that lectures may not use, for an unknown name, for values that do not fit, and for a
    fact that is no number and differs from seed to seed.
    """
    value = find(node, scope)
    if isinstance(value, Unmerged):
        name = ast.unparse(node)
        hint = f"{name}.each[0] is that of the first seed; or measure a number"
        raise FactError(f"'{name}' differs from seed to seed, and is no number", hint=hint)
    if isinstance(value, Unsettled):
        hint = "name the state that you mean, such as explore[strides=2].shape.height"
        raise FactError(f"'{ast.unparse(node)}' differs from state to state of its figure", hint=hint)
    return value


def find(node: ast.expr, scope: Mapping[str, Any]) -> Any:
    """Return the value of `node` as `evaluate` does, also if it is Unmerged."""
    handler = EVALUATORS.get(type(node))
    if handler is None:
        raise FactError(
            f"'{ast.unparse(node)}' cannot stand in a lecture", hint="use facts, numbers, + - * / and < > =="
        )
    try:
        return handler(node, scope)
    except (TypeError, ArithmeticError, ValueError, LookupError, RecursionError, MemoryError) as error:
        raise FactError(
            f"'{ast.unparse(node)}' cannot be computed: {error}", hint="look at the facts it names"
        ) from None


def look_up(name: str, scope: Mapping[str, Any], inside: str = "") -> Any:
    """Return `scope[name]`; raise FactError with the nearest known name if there is none.

    inside: the dotted name of `scope`, for the message.
    """
    if not isinstance(scope, Mapping):
        raise FactError(f"'{inside}' has no parts, so '{name}' is not one of them", hint=f"use '{inside}' itself")
    if name not in scope:
        known = [str(key) for key in scope if not str(key).startswith("_")]
        place = f"'{inside}' has no fact '{name}'" if inside else f"nothing here is named '{name}'"
        raise FactError(place, hint=suggest(name, known))
    return scope[name]


def apply(function: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Return function(left, right), applied seed by seed if either side has seeds.

    Raises ValueError if both have seeds, and not the same number of them.
    """
    if isinstance(left, Seeds) and isinstance(right, Seeds):
        if len(left.each) != len(right.each):
            raise ValueError("the two were measured with different numbers of seeds")
        return Seeds(tuple(map(function, left.each, right.each)))
    if isinstance(left, Seeds):
        return Seeds(tuple(function(item, right) for item in left.each))
    if isinstance(right, Seeds):
        return Seeds(tuple(function(left, item) for item in right.each))
    return function(left, right)


def evaluate_attribute(node: ast.Attribute, scope: Mapping[str, Any]) -> Any:
    """Return the fact that a dotted name refers to, or the mean, min, max or each (a list) of a fact over its seeds."""
    value = find(node.value, scope)
    if isinstance(value, Unsettled):
        return evaluate(node.value, scope)
    if isinstance(value, Unmerged):
        return list(value.each) if node.attr == "each" else evaluate(node.value, scope)
    if node.attr in OVER_SEEDS and isinstance(value, (Seeds, int, float)):
        return OVER_SEEDS[node.attr](numbers_in(value if node.attr == "each" else checked_numbers(value)))
    return look_up(node.attr, value, ast.unparse(node.value))


def evaluate_subscript(node: ast.Subscript, scope: Mapping[str, Any]) -> Any:
    """Return an item of a list, or the facts of a state of a figure that varies."""
    value, index = evaluate(node.value, scope), evaluate(node.slice, scope)
    if isinstance(value, Varied) and isinstance(index, str):
        return value.state(index)
    if isinstance(index, str) and isinstance(value, Mapping):
        raise FactError(f"'{ast.unparse(node.value)}' has no states", hint="only a figure with :vary: has them")
    return value[index]


def evaluate_comparison(node: ast.Compare, scope: Mapping[str, Any]) -> bool:
    """Return whether every comparison in a chain such as `a < b < c` holds for every pair of seeds."""
    values = [evaluate(part, scope) for part in (node.left, *node.comparators)]
    results = []
    for kind, left, right in zip(map(type, node.ops), values, values[1:], strict=False):
        if kind not in COMPARISONS:
            raise FactError(f"'{ast.unparse(node)}' cannot stand in a lecture", hint="compare with < <= > >= == !=")
        check_comparable(node, kind, left, right)
        pairs = product(values_to_compare(left), values_to_compare(right))
        results.append(all(COMPARISONS[kind](one, other) for one, other in pairs))
    return all(results)


def check_comparable(node: ast.expr, kind: type, left: Any, right: Any) -> None:
    """Raise FactError, which names the comparison `node`, if `left` and `right` are nothing that `kind` compares."""
    one, other = kind_of(left), kind_of(right)
    written = ast.unparse(node)
    if one != other:
        raise FactError(f"'{written}' compares {one} with {other}", hint="compare two numbers, or two texts")
    if one == OTHER or (kind in ORDERINGS and one != NUMBER):
        hint = "of lists compare an item of each, or their len, min, max or mean; of texts, whether they are equal"
        raise FactError(f"'{written}' compares what is {one}, and only numbers are more or less", hint=hint)
    if one == LIST and not (is_plain(left) and is_plain(right)):
        hint = "compare an item of each, such as [0], or their min, max or mean"
        raise FactError(f"'{written}' compares lists whose items differ from seed to seed", hint=hint)
    if any(isinstance(item, float) and math.isnan(item) for item in (*numbers_in(left), *numbers_in(right))):
        raise FactError(f"'{written}' compares with nan, which is no number", hint="look at the facts it names")


def is_plain(value: Any) -> bool:
    """Return whether a list holds, however deep, no fact that differs from seed to seed."""
    if isinstance(value, list):
        return all(map(is_plain, value))
    return not isinstance(value, (Seeds, Unmerged, Mapping))


def values_to_compare(value: Any) -> Sequence[Any]:
    """Return the values for which a comparison has to hold: one per seed, or the value itself."""
    return value.each if isinstance(value, Seeds) else [value]


def holds(value: Any) -> bool:
    """Return whether `value` is true, for every seed."""
    return all(values_to_compare(value))


def evaluate_call(node: ast.Call, scope: Mapping[str, Any]) -> Any:
    """Return the result of calling one of FUNCTIONS; raise FactError for any other function."""
    name = ast.unparse(node.func)
    if name not in FUNCTIONS or node.keywords:
        raise FactError(f"there is no function '{name}'", hint=suggest(name, list(FUNCTIONS)))
    return FUNCTIONS[name](*[evaluate(argument, scope) for argument in node.args])


def evaluate_truth(node: ast.expr, scope: Mapping[str, Any]) -> Any:
    """Return a value that is true or false, or Seeds of such; raise FactError for any other."""
    value = evaluate(node, scope)
    if kind_of(value) != TRUTH:
        raise FactError(f"'{ast.unparse(node)}' is {kind_of(value)}, and neither true nor false", hint=COMPARE)
    return value


def evaluate_boolean(node: ast.BoolOp, scope: Mapping[str, Any]) -> bool:
    """Return the result of `and` or `or`, as a truth value; every part is evaluated, so that no fault hides in one."""
    combine = all if isinstance(node.op, ast.And) else any
    return combine([holds(evaluate_truth(part, scope)) for part in node.values])


def evaluate_binary(node: ast.BinOp, scope: Mapping[str, Any]) -> Any:
    """Return the result of an arithmetic operation, seed by seed; raise FactError for any but ARITHMETIC."""
    if type(node.op) not in ARITHMETIC:
        raise FactError(f"'{ast.unparse(node)}' cannot stand in a lecture", hint="use + - * / // %")
    left, right = (checked_numbers(evaluate(part, scope)) for part in (node.left, node.right))
    return apply(ARITHMETIC[type(node.op)], left, right)


def evaluate_unary(node: ast.UnaryOp, scope: Mapping[str, Any]) -> Any:
    """Return whether a condition under `not` is false for every seed, or the negative of a number."""
    if isinstance(node.op, ast.Not):
        return not any(values_to_compare(evaluate_truth(node.operand, scope)))
    if not isinstance(node.op, (ast.USub, ast.UAdd)):
        raise FactError(f"'{ast.unparse(node)}' cannot stand in a lecture", hint="use + - * / // %")
    sign = -1 if isinstance(node.op, ast.USub) else 1
    return apply(operator.mul, sign, checked_numbers(evaluate(node.operand, scope)))


EVALUATORS: dict[type, Callable[[Any, Mapping[str, Any]], Any]] = {
    ast.Constant: lambda node, _: node.value,
    ast.Name: lambda node, scope: look_up(node.id, scope),
    ast.Attribute: evaluate_attribute,
    ast.Subscript: evaluate_subscript,
    ast.Compare: evaluate_comparison,
    ast.BoolOp: evaluate_boolean,
    ast.BinOp: evaluate_binary,
    ast.UnaryOp: evaluate_unary,
    ast.Call: evaluate_call,
    ast.List: lambda node, scope: [evaluate(item, scope) for item in node.elts],
}
