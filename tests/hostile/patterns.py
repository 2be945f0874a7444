"""Finds every regular expression of the generator, and texts on which one would take long if it could.

An expression takes long where a repetition can be read in many ways: so each of its repetitions is repeated, behind what
comes before it, and in front of what cannot follow. These texts are made from the expression's own parse, by the parser
of Python's `re`.
"""

import ast
import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from itertools import islice
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from sample_project import ROOT

CALLS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
ENDS = ("", "\0", "\n!")  # what may stand behind a repetition: nothing, or what is in hardly any expression
CATEGORIES = {kinds.CATEGORY_DIGIT: "7", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_NOT_WORD: "-"}
REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT)
MANY = 20  # repetitions from which a bounded one counts as one without end
Pattern = re.Pattern[str] | re.Pattern[bytes]


def find_patterns() -> dict[str, Pattern]:
    """Return every regular expression of the generator by a place where it stands.

    Raises AssertionError for one inside a function that is made of more than texts and names of its module.
    """
    found: dict[Any, tuple[str, Pattern]] = {}
    paths = sorted((ROOT / "generator").rglob("*.py"))
    for path in (path for path in paths if "import re\n" in path.read_text(encoding="utf-8")):
        shown = path.relative_to(ROOT)
        module = importlib.import_module(".".join(shown.with_suffix("").parts).removesuffix(".__init__"))
        patterns = [*written_patterns(path, module), *kept_patterns(module)]
        for line, pattern in patterns:
            found.setdefault((pattern.pattern, pattern.flags), (f"{shown}:{line}", pattern))
    return {f"{place} {pattern.pattern!r}": pattern for place, pattern in found.values()}


def written_patterns(path: Path, module: ModuleType) -> Iterator[tuple[int, Pattern]]:
    """Yield the expressions in the calls `re.…(…)` of a file, each with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(call) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for call in ast.walk(node)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func).removeprefix("re.") in CALLS and ast.unparse(call.func).startswith("re."):
            text = value_of(call.args[0], vars(module))
            if text is not None:
                yield call.lineno, re.compile(text, flags_of(call, vars(module)))
            else:  # one of a table is found where it is kept
                assert id(call) not in inside, f"{path}:{call.lineno}: write the expression itself into the call"


def value_of(node: ast.expr, names: dict[str, Any]) -> Any:
    """Return the text or the bytes that a syntax tree stands for, with `ab` for what only a running function knows."""
    try:
        return eval(compile(ast.Expression(node), "", "eval"), dict(names))  # noqa: S307 - our own code
    except NameError:
        pass
    if not isinstance(node, ast.JoinedStr):
        return None
    values = [part if isinstance(part, ast.Constant) else part.value for part in node.values]
    return "".join(text if isinstance(text := value_of(value, names), str) else "ab" for value in values)


def flags_of(call: ast.Call, names: dict[str, Any]) -> int:
    """Return the flags in a call of `re`."""
    values = [value_of(node, names) for node in (*call.args[1:], *(word.value for word in call.keywords))]
    return next((value for value in values if isinstance(value, re.RegexFlag)), 0)


def kept_patterns(value: object, depth: int = 0) -> Iterator[tuple[int, Pattern]]:
    """Yield the compiled expressions in a module, and in its tables; their line is 0."""
    if isinstance(value, re.Pattern):
        yield 0, value
    elif depth < 5:
        for item in items_of(value):
            yield from kept_patterns(item, depth + 1)


def items_of(value: object) -> Sequence[object]:
    """Return what is kept in a module, a table or an object of data."""
    if isinstance(value, ModuleType):
        return [item for item in vars(value).values() if not isinstance(item, ModuleType)]
    if isinstance(value, dict):
        return [*value.values()]
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in fields(value)]
    return value if isinstance(value, (list, tuple)) else ()


def attacks_on(pattern: Pattern, length: int) -> Iterator[str]:
    """Yield texts of about `length` characters on which the expression may take long."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(text, pattern.flags & ~re.UNICODE)
    found = list(repetitions(tree, ""))
    beginnings = dict.fromkeys(["", *(before for before, _ in found)])
    bodies = [body for _, each in found for body in each if body] + [body for body in samples(tree, 2)[:2] if body]
    single = list(dict.fromkeys(bodies))[:12]
    pairs = [one + other for one in single[:5] for other in single[:5] if one != other][:8]
    for before in beginnings:
        for body in dict.fromkeys([*single, *pairs]):
            for end in ENDS:
                yield before + body * max(1, length // len(body)) + end


def repetitions(tree: Any, before: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each repetition without end in a parsed expression: what may stand before it, and what is repeated."""
    for kind, value in tree:
        if kind in REPEATS and value[1] > MANY:
            yield before, samples(value[2], 2)
        for part in parts_of(kind, value):
            yield from repetitions(part, before)
        if kind not in (kinds.ASSERT, kinds.ASSERT_NOT, kinds.AT):
            before += samples([(kind, value)], 2)[0]


def parts_of(kind: Any, value: Any) -> Sequence[Any]:
    """Return the expressions inside one node of a parsed expression."""
    if kind in REPEATS:
        return (value[2],)
    if kind is kinds.SUBPATTERN:
        return (value[3],)
    if kind is kinds.BRANCH:
        return value[1]  # type: ignore[no-any-return]
    return (value[1],) if kind in (kinds.ASSERT, kinds.ASSERT_NOT) else ()


def samples(tree: Any, most: int) -> list[str]:
    """Return some short texts that a parsed expression may match, at least one."""
    found = [""]
    for kind, value in tree:
        options = list(islice(options_of(kind, value, most), 4)) or [""]
        found = [text + option for text in found for option in options][:6]
    return found


def options_of(kind: Any, value: Any, most: int) -> Iterator[str]:
    """Yield some short texts that one node of a parsed expression may match."""
    if kind is kinds.LITERAL:
        yield chr(value)
    elif kind in (kinds.ANY, kinds.NOT_LITERAL):
        yield "a" if value != ord("a") else "b"
    elif kind is kinds.IN:
        yield from characters_of(value)[:most]
    elif kind in REPEATS:
        yield from [text * max(value[0], 1) for text in samples(value[2], most)][:most]
        if value[0] == 0:
            yield ""
    elif kind in (kinds.SUBPATTERN, kinds.BRANCH):
        for part in parts_of(kind, value):
            yield from samples(part, most if kind is kinds.SUBPATTERN else 1)


def characters_of(items: Any) -> list[str]:
    """Return some characters of a set, such as `[a-z\\s]`."""
    found: list[str] = []
    for kind, value in items:
        if kind is kinds.LITERAL:
            found.append(chr(value))
        elif kind is kinds.RANGE:
            found += [chr(value[0]), chr(value[1])]
        elif kind is kinds.CATEGORY:
            found.append(CATEGORIES.get(value, "a"))
    if items[0][0] is kinds.NEGATE:
        return [text for text in "a7 -\n" if text not in found] or ["\u03b1"]
    return found
