"""Every kind of the gallery varies, without a change to any: an example for each, made from its signature."""

import ast
import pickle
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from gallery_stills import JOB
from sample import ROOT

from generator.directives.figure import Figure
from generator.directives.figure.varying import Control, Varying
from generator.engine.task import Task
from generator.errors import Where
from generator.lecture.blocks import walk
from generator.lecture.course import Profile
from generator.lecture.directive import Option
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lecture
from generator.plan.recipes import Parameter, read_recipe
from generator.runners.job import resolve
from generator.runners.still import render_svg
from generator.theme import LIGHT

GALLERY = read_lecture(ROOT / "docs" / "gallery.md", ROOT)
EXAMPLES: dict[str, Figure] = {}
for _slide in GALLERY.slides:
    for _block in walk(_slide.blocks):
        if isinstance(_block, Figure):
            EXAMPLES.setdefault(_block.kind, _block)
DRAWN = ("convolution", "pooling", "softmax", "padding_modes")  # of which the drawings are compared as well


def plan_of(figure: Figure) -> Plan:
    """Return the plan of the gallery with one figure alone."""
    slide = replace(GALLERY.slides[1], blocks=(figure,))
    return plan_lecture(replace(GALLERY, slides=(slide,)), ROOT, Profile())


def plain(kind: str, name: str, text: str) -> Figure:
    """Return the example of a kind with this argument, shown as a still."""
    figure = EXAMPLES[kind]
    others = tuple(option for option in figure.options if option.name != name)
    return replace(figure, options=(*others, Option(name, text, figure.where)), view="still", varies=None)


def varied(kind: str, name: str, values: tuple[str, ...]) -> Figure:
    """Return the example of a kind with several values for an argument."""
    figure = EXAMPLES[kind]
    others = tuple(option for option in figure.options if option.name != name)
    varying = Varying((Control(name, values, name),), figure.where)
    return replace(figure, options=others, view="still", varies=None, varying=varying)


def other_values(parameter: Parameter, text: str) -> Iterator[str]:
    """Yield values for a parameter besides `text`, by its annotation and by what that is."""
    value = value_of(text)
    if parameter.default == "None" and text != "None":
        yield "none"
    if parameter.annotation.startswith("Literal"):
        yield from ast.literal_eval(f"({parameter.annotation[8:-1]},)")
    elif value is not None and not isinstance(value, str):
        yield from map(write_argument, others_like(value))
    elif text.startswith("digit("):
        yield from ("digit(7)", "digit(3)")
    elif "." in text:
        yield text.replace("convnet", "dense") if text.startswith("convnet") else f"convnet.{text.partition('.')[2]}"
    elif "str" in parameter.annotation:
        yield from ("same", "average", "another")


def others_like(value: Any) -> Iterator[Any]:
    """Yield values of the same type as a number, a list or a mapping."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value / 2 if isinstance(value, float) else value - 1)
    elif isinstance(value, dict):
        for change in (lambda item: item[:-1], lambda item: item[::-1]):
            yield {name: change(item) if isinstance(item, list) else item for name, item in value.items()}
            yield from ({**value, name: change(item)} for name, item in value.items() if isinstance(item, list))
    else:
        yield from (list(value[::-1]), list(value[:-1]))


def write_argument(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def value_of(text: str) -> Any:
    """Return the value of a literal; None for anything else."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None


def still_of(plan: Plan) -> Task:
    return next(task for task in plan.tasks.values() if task.runner == "still")


def is_trained(task: Task) -> bool:
    return any(argument.form == "result" for _, argument in task.arguments)


def trace_of(task: Task) -> Any:
    arguments = {name: resolve(asdict(argument), JOB) for name, argument in task.arguments}
    return import_module(task.module).trace(**arguments)


def words_of(task: Task) -> tuple[str, Any, bytes]:
    """Return the text alternative, the facts and the trace of a still; empty if the kind refuses its arguments."""
    try:
        trace = trace_of(task)
        description = import_module(task.module).describe(trace)
    except (ValueError, TypeError, KeyError, IndexError):
        return "", {}, b""
    return description.alt, description.facts, pickle.dumps(trace)


def written(kind: str, parameter: Parameter) -> str:
    """Return the value of a parameter in the example, or its default."""
    given = {option.name: option.text for option in EXAMPLES[kind].options}
    return given.get(parameter.name, parameter.default)


@cache
def example_of(kind: str) -> tuple[str, tuple[str, str]]:
    """Return a parameter of a kind, and two values of it with which it shows something else."""
    recipe = read_recipe("figure", kind, ROOT, Where("docs/gallery.md", 1))
    for parameter in recipe.parameters:
        text = written(kind, parameter)
        for other in other_values(parameter, text) if text else ():
            plans = [plan_of(plain(kind, parameter.name, value)) for value in (text, other)]
            if not other or other == text.strip("'") or any(plan.errors for plan in plans):
                continue
            stills = [still_of(plan) for plan in plans]
            if any(map(is_trained, stills)):
                return parameter.name, (text, other)
            first, second = map(words_of, stills)
            if first[0] and second[0] and first != second:
                return parameter.name, (text, other)
    raise AssertionError(f"no second value is found for any parameter of {kind}")


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_each_state_of_any_kind_is_the_task_of_a_plain_figure(kind: str) -> None:
    name, values = example_of(kind)
    plan = plan_of(varied(kind, name, values))
    assert plan.errors == []
    (states,) = plan.states.values()
    assert [state.task for state in states] == [still_of(plan_of(plain(kind, name, value))).id for value in values]


def test_the_states_of_most_kinds_are_traced_here_and_differ() -> None:
    traced = [kind for kind in EXAMPLES if not is_trained(still_of(plan_of(plain(kind, *first_of(kind)))))]
    assert len(traced) >= 30
    for kind in traced:
        name, values = example_of(kind)
        first, second = (words_of(plan_of(varied(kind, name, values)).tasks[task]) for task in tasks_of(kind))
        assert first != second, kind


def first_of(kind: str) -> tuple[str, str]:
    name, values = example_of(kind)
    return name, values[0]


def tasks_of(kind: str) -> list[str]:
    (states,) = plan_of(varied(kind, *example_of(kind))).states.values()
    return [state.task for state in states]


@pytest.mark.parametrize("kind", DRAWN)
def test_a_state_is_drawn_as_a_plain_figure_is(kind: str) -> None:
    name, values = example_of(kind)
    plan, draw = plan_of(varied(kind, name, values)), import_module(f"figures.{kind}").draw
    shown = [render_svg(draw(trace_of(plan.tasks[task]), LIGHT)) for task in tasks_of(kind)]
    alone = [render_svg(draw(trace_of(still_of(plan_of(plain(kind, name, value)))), LIGHT)) for value in values]
    assert shown == alone
    assert shown[0] != shown[1]
