"""Reads recipes (figure kinds and experiments) from their files: verbs, parameters and docstrings.

A file is parsed by `ast`, never imported, because it may need heavy libraries. Also tells whether a value fits the
annotation of a parameter.
"""

import ast
import sys
from collections.abc import Collection, Iterator
from dataclasses import astuple, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from generator.disk import cached, digest_of_modules, read_file
from generator.errors import RecipeError, Where, suggest
from generator.roots import find_in_roots, roots_of

Kind = Literal["figure", "experiment"]
FOLDERS: dict[Kind, str] = {"figure": "figures", "experiment": "lectures/experiments"}
MAIN_VERB: dict[Kind, str] = {"figure": "trace", "experiment": "measure"}
VERBS: dict[Kind, tuple[str, ...]] = {"figure": ("trace", "describe", "draw"), "experiment": ("measure",)}
VERB_FORMS = {
    "trace": "def trace(*, …)", "describe": "def describe(trace) -> Description", "draw": "def draw(trace, theme)",
    "measure": "def measure(*, seed: int = 0, …)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a recipe's main verb; annotation and default are as written, empty if there is none."""

    name: str
    annotation: str
    required: bool
    default: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A figure kind or an experiment: its file, its parameters, and its verbs (the functions of the file).

    doc: the docstring of the file. usage: the docstring of the main verb. aliases: the names that the file assigns at
    its top level, each with the expression as written.
    """

    kind: Kind
    name: str
    path: str
    module: str
    doc: str
    parameters: tuple[Parameter, ...]
    verbs: frozenset[str]
    aliases: tuple[tuple[str, str], ...] = ()
    usage: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter called `name`, or None."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


def recipe_names(kind: Kind, project: Path) -> list[str]:
    """Return the names of all recipes of `kind`, sorted: the stems of the files that define its main verb.

    They are those of the project and those of its library.
    """
    files = [path for root in roots_of(project) for path in (root / FOLDERS[kind]).glob("*.py")]
    return sorted({path.stem for path in files if has_verb(path, MAIN_VERB[kind])})


def own_recipe_names(kind: Kind, project: Path) -> list[str]:
    """Return what `recipe_names` does, without what only the library has."""
    return sorted(path.stem for path in (project / FOLDERS[kind]).glob("*.py") if has_verb(path, MAIN_VERB[kind]))


def has_verb(path: Path, verb: str) -> bool:
    """Return whether the file defines the function `verb` at its top level."""
    text = read_file(path).decode(errors="replace")
    return f"\ndef {verb}(" in f"\n{text}"


def read_recipe(kind: Kind, name: str, project: Path, where: Where) -> Recipe:
    """Return the recipe `name`, the project's own before the library's.

    Raises RecipeError, at `where` it is used, if it does not exist or is not Python.
    """
    shown = f"{FOLDERS[kind]}/{name}.py"
    path = find_in_roots(shown, project)
    if name.isidentifier() and path.is_file() and not has_verb(path, MAIN_VERB[kind]):
        raise no_verb(MAIN_VERB[kind], shown, functions_in(parse_python(read_file(path), shown)), where)
    if not name.isidentifier() or not path.is_file():
        raise RecipeError(f"there is no {kind} '{name}'", where, suggest(name, recipe_names(kind, project)))
    text = read_file(path)
    depends_on = (kind, shown, text, digest_of_modules(sys.modules[__name__]))
    parameters, *rest = cached(project, "recipes", depends_on, lambda: parse_recipe(kind, parse_python(text, shown)))
    doc, usage, verbs, aliases = rest
    module = shown.removesuffix(".py").replace("/", ".")
    made = tuple(Parameter(*parameter) for parameter in parameters)
    return Recipe(kind, name, shown, module, doc, made, verbs, aliases, usage)


def no_verb(verb: str, shown: str, functions: Collection[str], where: Where) -> RecipeError:
    """Return the error for the file `shown` of a recipe that lacks a function and has others."""
    near = get_close_matches(verb, functions, n=1, cutoff=0.6)
    hint = f"its function '{near[0]}' may be meant: rename it" if near else f"write {VERB_FORMS[verb]}"
    return RecipeError(f"'{shown}' has no function '{verb}'", where, hint)


def check_verbs(recipe: Recipe, where: Where) -> None:
    """Raise RecipeError, at `where` it is used, for a figure kind that cannot be drawn or has no words."""
    for verb in VERBS[recipe.kind]:
        if verb not in recipe.verbs:
            raise no_verb(verb, recipe.path, recipe.verbs, where)


def functions_in(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the functions at the top level of a file by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def parse_recipe(kind: Kind, tree: ast.Module) -> tuple[Any, ...]:
    """Return the fields of a recipe as plain values, to be cached: parameters, doc, usage, verbs, aliases."""
    functions = functions_in(tree)
    main = functions[MAIN_VERB[kind]]
    doc, usage = ast.get_docstring(tree) or "", ast.get_docstring(main) or ""
    parameters = tuple(astuple(parameter) for parameter in parameters_of(main))
    return parameters, doc, usage, frozenset(functions), tuple(aliases_of(tree))


def parse_python(text: bytes, shown: str) -> ast.Module:
    """Return the syntax tree of the project file `shown`; raise RecipeError if it is not Python."""
    try:
        return ast.parse(text, shown)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        message = getattr(error, "msg", str(error))
        raise RecipeError(f"not Python: {message}", Where(shown, line), "mend the file") from None


def parameters_of(function: ast.FunctionDef) -> Iterator[Parameter]:
    """Yield the parameters of `function` in order."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    required_count = len(positional) - len(arguments.defaults)
    defaults = [*[None] * required_count, *arguments.defaults, *arguments.kw_defaults]
    for argument, default in zip([*positional, *arguments.kwonlyargs], defaults, strict=True):
        default_text = ast.unparse(default) if default else ""
        yield Parameter(argument.arg, annotation_of(argument), default is None, default_text)


def annotation_of(argument: ast.arg) -> str:
    """Return the annotation of a parameter as text, empty if it has none."""
    return ast.unparse(argument.annotation) if argument.annotation else ""


def aliases_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the top-level assignments of a module, such as `Padding = Literal[…] | int`, as name and expression."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.unparse(node.value)


def accepts(annotation: str, value: object, aliases: dict[str, str]) -> bool:
    """Return whether a literal `value` fits `annotation`; every value fits one whose names are unknown."""
    try:
        return fits(ast.parse(annotation, mode="eval").body, value, aliases, depth=0)
    except SyntaxError:
        return True


SIMPLE: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "str": (str,),
    "list": (list,),
    "tuple": (list,),
    "Sequence": (list,),
    "dict": (dict,),
    "Mapping": (dict,),
    "Array": (list,),
    "Path": (Path,),
}


def fits(node: ast.expr, value: object, aliases: dict[str, str], depth: int) -> bool:
    """Return whether `value` fits the annotation `node`; `depth` counts nested aliases, which could be circular."""
    if isinstance(node, ast.BinOp):
        return fits(node.left, value, aliases, depth) or fits(node.right, value, aliases, depth)
    if isinstance(node, ast.Constant):
        return node.value is value
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return fits_subscript(node, value, aliases, depth)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if name in SIMPLE:
        return isinstance(value, SIMPLE[name]) and (isinstance(value, bool) == (name == "bool"))
    if name in aliases and depth < 5:
        return fits(ast.parse(aliases[name], mode="eval").body, value, aliases, depth + 1)
    return True


def fits_subscript(node: ast.Subscript, value: object, aliases: dict[str, str], depth: int) -> bool:
    """Return whether `value` fits an annotation with brackets, such as `Literal["same"]` or `tuple[int, int]`."""
    name = ast.unparse(node.value)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Literal":
        return any(type(value) is type(choice) and value == choice for choice in map(ast.literal_eval, parts))
    if not isinstance(value, list):
        return name not in SIMPLE or isinstance(value, SIMPLE[name])
    if name == "tuple" and not (len(parts) == 2 and ast.unparse(parts[1]) == "..."):
        return len(value) == len(parts) and all(
            fits(part, item, aliases, depth) for part, item in zip(parts, value, strict=True)
        )
    return name in ("dict", "Mapping") or all(fits(parts[0], item, aliases, depth) for item in value)


assert set(get_args(Kind)) == set(FOLDERS)  # noqa: S101 (the two tables above name every kind)


def expand(annotation: str, recipe: Recipe) -> str:
    """Return what a parameter accepts as text for a hint: its annotation, with an alias replaced by its definition."""
    return dict(recipe.aliases).get(annotation, annotation).replace("Path", "file(folder/name)") or "a value"
