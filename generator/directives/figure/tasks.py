"""Plans a figure: the tasks that draw its still and render its film."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.engine.task import Argument
from generator.errors import RecipeError, Where
from generator.plan.arguments import read_argument
from generator.plan.planner import Planner
from generator.plan.recipes import Recipe, check_verbs, read_recipe

if TYPE_CHECKING:
    from generator.directives.figure import Figure


def plan_figure(figure: "Figure", planner: Planner) -> None:
    """Add the still of `figure`, and its film if its kind has one and it is not shown as a still."""
    recipe = read_recipe("figure", figure.kind, planner.project, figure.where)
    check_verbs(recipe, figure.where)
    arguments = {option.name: read_option(recipe, option.name, option.text, option.where, planner)
                 for option in figure.options}  # fmt: skip
    planner.check_arguments(recipe, arguments, figure.where)
    has_film = "animate" in recipe.verbs and figure.view != "still"
    if figure.view == "film" and not has_film:
        raise RecipeError(f"figure '{figure.kind}' has no film", figure.where, "leave :view: film away")
    views = ("still", "film") if has_film else ("still",)
    tasks = {view: planner.add_task(f"{view} {figure.kind}", view, recipe, arguments, figure.where) for view in views}
    planner.plan.figures[figure.where] = tasks
    if planner.lecture.theme != "light":
        planner.plan.themed[figure.where] = add_themed(tasks, planner)


def check_compared(figure: "Figure", planner: Planner) -> None:
    """Check that the experiments that `figure` compares, of which it shows the same fact, differ as it says."""
    compared: dict[str, list[str]] = {}
    for option in figure.options:
        argument = read_argument(option.text, option.where)
        if argument.form == "result" and planner.is_experiment(argument.source):
            compared.setdefault(str(argument.value), []).append(argument.source)
    planner.check_comparisons(list(compared.values()), figure.varies, figure.where, ":varies: {}")


def add_themed(tasks: Mapping[str, str], planner: Planner) -> dict[str, str]:
    """Add the tasks of a figure again, in the theme of the slides, and return their ids by runner."""
    plan, theme = planner.plan, planner.lecture.theme
    themed = {runner: plan.tasks[task].in_theme(theme) for runner, task in tasks.items()}
    plan.tasks |= {task.id: task for task in themed.values()}
    return {runner: task.id for runner, task in themed.items()}


def read_option(recipe: Recipe, name: str, text: str, where: Where, planner: Planner) -> Argument:
    """Return the argument of one option of a figure; raise RecipeError, at its own line, if it does not fit."""
    argument = planner.with_origin(read_argument(text, where), where)
    if argument.form == "result":
        planner.check_source(argument.source, where)
    # Stand-ins for the other required parameters, so that only this one can be at fault.
    others = {p.name: Argument("result", "") for p in recipe.parameters if p.required and p.name != name}
    planner.check_arguments(recipe, {**others, name: argument}, where)
    return argument
