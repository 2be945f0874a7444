"""Plans a figure: the tasks that draw its still and render its film."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.directives.figure.varying import Varying, with_shared
from generator.engine.task import Argument
from generator.errors import RecipeError, SourceError, Where
from generator.plan.arguments import read_argument
from generator.plan.planner import FigureState, Planner
from generator.plan.recipes import Recipe, check_verbs, read_recipe

if TYPE_CHECKING:
    from generator.directives.figure import Figure


STOPS = "a film plays to its next mark and waits there for a press; leave the option away"
SILENT = "say in the notes what is to be heard; leave the option away"
NOT_OF_FILMS = {
    "loop": ("a film does not loop", STOPS),
    "autoplay": ("a film does not start by itself", STOPS),
    "audio": ("a film has no sound", SILENT),
    "sound": ("a film has no sound", SILENT),
}


def plan_figure(figure: "Figure", planner: Planner) -> None:
    """Add the still of `figure`, its film unless it is shown as a still, and its drawing for phones if there is one."""
    recipe = read_recipe("figure", figure.kind, planner.project, figure.where)
    check_verbs(recipe, figure.where)
    for option in figure.options:
        if option.name in NOT_OF_FILMS and recipe.parameter(option.name) is None:
            problem, hint = NOT_OF_FILMS[option.name]
            raise SourceError(problem, option.where, hint)
    arguments = {option.name: read_option(recipe, option.name, option.text, option.where, planner)
                 for option in figure.options}  # fmt: skip
    if figure.varying is not None:
        plan_states(figure, recipe, arguments, planner)
        return
    planner.check_arguments(recipe, arguments, figure.where)
    has_film = "animate" in recipe.verbs and figure.view != "still"
    if figure.view == "film" and not has_film:
        raise RecipeError(f"figure '{figure.kind}' has no film", figure.where, "leave :view: film away")
    views = ("still", "film") if has_film else ("still",)
    tasks = {view: planner.add_task(f"{view} {figure.kind}", view, recipe, arguments, figure.where) for view in views}
    if planner.lecture.theme != "light":
        planner.plan.themed[figure.where] = add_themed(tasks, planner)
    if "draw_narrow" in recipe.verbs:  # for handouts, whose drawings follow the page's colors
        tasks["narrow"] = planner.add_task(f"narrow {figure.kind}", "narrow", recipe, arguments, figure.where)
    planner.plan.figures[figure.where] = tasks


def plan_states(figure: "Figure", recipe: Recipe, fixed: dict[str, Argument], planner: Planner) -> None:
    """Add the still of each state of a figure that varies; the first of them is the figure's own."""
    varying, _ = settle_varying(figure, planner)
    read = {
        control.name: [read_option(recipe, control.name, value, varying.where, planner) for value in control.values]
        for control in varying.controls
    }
    states = []
    for choice in varying.choices:
        chosen = {control.name: read[control.name][at] for control, at in zip(varying.controls, choice, strict=True)}
        arguments = planner.check_arguments(recipe, {**fixed, **chosen}, figure.where)
        name = f"still {figure.kind} with {varying.words_of(choice)}"
        task = planner.add_task(name, "still", recipe, arguments, varying.where)
        themed = add_themed({"still": task}, planner)["still"] if planner.lecture.theme != "light" else ""
        states.append(FigureState(varying.values_of(choice), task, themed))
    planner.plan.states[figure.where] = tuple(states)
    planner.plan.figures[figure.where] = {"still": states[0].task}
    if states[0].themed:
        planner.plan.themed[figure.where] = {"still": states[0].themed}


def settle_varying(figure: "Figure", planner: Planner) -> tuple[Varying, str]:
    """Return what a figure varies with the values that it shares, and the place of the figure whose these are."""
    if figure.varying is None:
        raise SourceError("nothing varies", figure.where)
    return with_shared(figure, figure.varying, planner.lecture.slides)


def check_compared(figure: "Figure", planner: Planner) -> None:
    """Check that the experiments that `figure` compares, of which it shows the same fact, differ as it says."""
    compared: dict[str, list[str]] = {}
    varying = settle_varying(figure, planner)[0] if figure.varying else None
    texts = [(option.text, option.where) for option in figure.options]
    texts += [(value, varying.where) for control in varying.controls for value in control.values] if varying else []
    for text, where in texts:
        argument = read_argument(text, where)
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
