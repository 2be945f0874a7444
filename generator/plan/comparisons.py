"""Checks that what a lecture compares can be compared: that experiments differ in what it says, and in nothing else.

The parameters of an experiment are what the lecture gives it, and for the rest the defaults of its recipe; the recipe
is one of them. An experiment that takes the results of another has the parameters of that one as well. Seeds are no
parameters here: they are meant to differ. Nor do the values of a profile count, which only some parameters have: a
claim says what differs in the lecture, and a quick build says on its pages that it is one.

Of experiments with different recipes only those parameters are compared that both have. What else their code does
differently nobody can see from here, which is what `varies: recipe` admits.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.engine.task import Argument
from generator.errors import FactError, LectureError, SourceError, Where, suggest
from generator.lecture.blocks import ExperimentUse
from generator.plan.arguments import as_lists, read_yaml
from generator.plan.recipes import Parameter, Recipe

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
RECIPE, SEED = "recipe", "seed"

Settings = Mapping[str, Any]  # the parameters of an experiment, as far as they can differ, by name
Compared = Mapping[str, Settings]  # by the names of the experiments


@dataclass(frozen=True, slots=True)
class Varies:
    """The parameters that a comparison says it varies, and the place where it says so."""

    names: tuple[str, ...]
    where: Where


def read_varies(text: str, where: Where) -> Varies:
    """Return what `pooling, epochs` says; raise SourceError if it holds anything but names, or one of them twice."""
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if not NAME.fullmatch(name):
            raise SourceError(f"'{text}' names no parameters", where, "write for example :varies: pooling, epochs")
    if SEED in names:
        raise SourceError("seeds are meant to differ, and are no part of what varies", where, "leave seed away")
    if len(set(names)) < len(names):
        raise SourceError(f"'{text}' names a parameter twice", where, "name it once")
    return Varies(names, where)


def settings_of(use: ExperimentUse, recipe: Recipe, where: Where) -> Settings:
    """Return the parameters with which the lecture uses an experiment, and the name of its recipe."""
    given = {name: read_yaml(value, where) for name, value in use.arguments}
    settings: dict[str, Any] = {RECIPE: recipe.name}
    for parameter in recipe.parameters:
        if parameter.name not in given:
            settings[parameter.name] = default_of(parameter, recipe)
        else:
            argument = given[parameter.name]
            settings[parameter.name] = argument.value if argument.form == "literal" else argument
    return {name: value for name, value in settings.items() if name != SEED}


def sources_of(settings: Settings) -> list[str]:
    """Return the names of the experiments whose results an experiment takes, each once."""
    results = [value for value in settings.values() if isinstance(value, Argument) and value.form == "result"]
    return list(dict.fromkeys(result.source for result in results))


def add_sources(own: Settings, sources: Sequence[Settings]) -> Settings:
    """Return the parameters of an experiment with those of the experiments whose results it takes.

    A parameter for which they have different values has the list of them. Which result is taken stays one of its own.
    """
    values: dict[str, dict[str, Any]] = {}
    for settings in (own, *sources):
        for name, value in settings.items():
            is_result = isinstance(value, Argument) and value.form == "result"
            plain = value.value if is_result else value
            values.setdefault(name, {})[shown(plain)] = plain
    return {
        name: list(found.values()) if len(found) > 1 else next(iter(found.values())) for name, found in values.items()
    }


def default_of(parameter: Parameter, recipe: Recipe) -> Any:
    """Return the default of a parameter; as text if it is no literal, nor a name that the recipe's file gives one."""
    written = dict(recipe.aliases).get(parameter.default, parameter.default)
    try:
        return as_lists(ast.literal_eval(written))
    except (SyntaxError, ValueError):
        return written


def check_varies(groups: Sequence[Compared], varies: Varies) -> list[LectureError]:
    """Return an error for each parameter in which experiments differ unsaid, or do not differ though it is said.

    groups: experiments that are compared with one another; each by itself differs in nothing but what varies.
    """
    groups = widest([group for group in groups if len(group) > 1])
    if not groups:
        problem = "nothing varies here, where fewer than two experiments are compared"
        return [SourceError(problem, varies.where, "leave 'varies' away")]
    return [*(error for group in groups for error in find_other(group, varies)), *find_idle(groups, varies)]


def widest(groups: Sequence[Compared]) -> list[Compared]:
    """Return the groups whose experiments are not all in another one, each once: those say what the others do."""
    kept = {frozenset(group): group for group in groups}
    return [group for names, group in kept.items() if not any(names < other for other in kept)]


def find_other(compared: Compared, varies: Varies) -> list[LectureError]:
    """Return an error for each parameter that `varies` does not name and in which the experiments differ."""
    errors: list[LectureError] = []
    for name, values in differences(list(compared.values())).items():
        if name not in varies.names:
            problem = f"{names_of(compared)} differ in {name} too ({', '.join(map(shown, values))})"
            hint = f"give them the same {name}, or add it to what varies, if that is what you compare"
            errors.append(FactError(problem, varies.where, hint))
    return errors


def find_idle(groups: Sequence[Compared], varies: Varies) -> list[LectureError]:
    """Return an error for each parameter that `varies` names and in which no group of experiments differs."""
    compared = {name: settings for group in groups for name, settings in group.items()}
    known = sorted({name for settings in compared.values() for name in settings})
    differing = {name for group in groups for name in differences(list(group.values()))}
    errors: list[LectureError] = []
    for name in [name for name in varies.names if name not in differing]:
        if name in known:
            problem, hint = f"{names_of(compared)} do not differ in {name}", f"leave {name} away"
        else:
            problem, hint = f"{names_of(compared)} have no parameter '{name}'", suggest(name, known)
        errors.append(FactError(problem, varies.where, hint))
    return errors


def find_unsaid(groups: Sequence[Compared], where: Where, form: str) -> list[LectureError]:
    """Return a warning if experiments that are compared at `where` differ, because nothing there says in what.

    form: how to say it there, with `{}` for the names of the parameters.
    """
    differing = [(group, differences(list(group.values()))) for group in groups]
    names = list(dict.fromkeys(name for _, found in differing for name in found))
    if not names:
        return []
    first = next(group for group, found in differing if found)
    problem = f"{names_of(first)} are compared, and nothing says that they differ in {enumerated(names)}"
    hint = f"write {form.format(', '.join(names))} if all of that is meant to differ; if not, make the rest alike"
    return [FactError(problem, where, hint)]


def differences(settings: Sequence[Settings]) -> dict[str, list[Any]]:
    """Return the values of each parameter in which those who have it differ, each value once."""
    found: dict[str, list[Any]] = {}
    for name in dict.fromkeys(name for each in settings for name in each):
        # By their text: to Python 1 and True are the same, and lists are no keys. 5 and 5.0 are the same to a recipe.
        values = {shown(each[name]): each[name] for each in settings if name in each}
        if len(values) > 1:
            found[name] = list(values.values())
    return found


def shown(value: Any) -> str:
    """Return a parameter's value as a lecture writes it.

    >>> shown(1.50), shown(5.0), shown(True), shown([1, 2])
    ('1.5', '5', 'yes', '[1, 2]')
    """
    if isinstance(value, Argument):
        inside = ", ".join(map(str, value.value)) if isinstance(value.value, list) else value.value
        return f"{value.form}({inside})"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def names_of(compared: Compared) -> str:
    """Return the names of experiments, each in quotes."""
    return enumerated([f"'{name}'" for name in compared])


def enumerated(names: Sequence[str]) -> str:
    """Return names as text.

    >>> enumerated(["a"]), enumerated(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
