"""The plan: from a lecture and its recipes to tasks, every argument checked against its signature; runs nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.engine.keys import Datasets
from generator.engine.task import Argument, Task
from generator.errors import FactError, LectureError, RecipeError, Report, SourceError, Where, suggest
from generator.lecture.blocks import Block, Claim, Code, ExperimentUse, Figure, Lecture, walk
from generator.lecture.course import Profile
from generator.lecture.expressions import names_in, parse_expression
from generator.lecture.included_files import IncludedFiles, embed_images, find_dataset, read_snippet
from generator.lecture.references import References
from generator.lecture.roles import roles_in, texts_of
from generator.plan.arguments import read_argument, read_yaml, result_name
from generator.plan.recipes import Recipe, accepts, expand, read_recipe, recipe_names


@dataclass(slots=True)
class Plan:
    """What one lecture needs: its tasks by id, and which task makes what.

    experiments: the tasks of a name, one a seed; figures: those of a line, by runner; themed: these as on dark slides;
    code: the task that runs the code blocks; files: what was read of those that the lecture names.
    """

    lecture: Lecture
    tasks: dict[str, Task] = field(default_factory=dict)
    experiments: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[int, dict[str, str]] = field(default_factory=dict)
    themed: dict[int, dict[str, str]] = field(default_factory=dict)
    code: str = ""
    errors: list[LectureError] = field(default_factory=list)
    references: References = field(kw_only=True)
    files: IncludedFiles = field(kw_only=True)


def plan_lectures(
    lectures: Sequence[Lecture], project: Path, profile: Profile, report: Report
) -> tuple[list[Plan], Datasets]:
    """Return the plans of the lectures whose datasets there are, and these; errors go to the report.

    The report also gets the state of every file that a lecture names, from before it was read.
    """
    files = IncludedFiles(project)
    plans = [plan_lecture(lecture, project, profile, files) for lecture in lectures]
    datasets = find_datasets(plans, files, report)
    report.errors += [error for plan in plans for error in plan.errors]
    report.read |= files.states
    return [plan for plan in plans if plan.lecture.dataset in datasets], datasets


def find_datasets(plans: Sequence[Plan], files: IncludedFiles, report: Report) -> Datasets:
    """Return every dataset that a lecture names; a missing one is its lecture's error."""
    found: dict[str, tuple[Path, str]] = {}
    for plan in plans:
        name = plan.lecture.dataset
        try:
            found[name] = found.get(name) or find_dataset(name, files, plan.lecture.where_of("dataset"))
        except LectureError as error:
            report.errors.append(error)
    return found


def plan_lecture(lecture: Lecture, project: Path, profile: Profile, files: IncludedFiles | None = None) -> Plan:
    """Return the plan of `lecture`; what cannot be planned is in its `errors`, and the rest is planned all the same.

    files: those that other lectures of the same build have read.
    """
    planner = Planner(lecture, files or IncludedFiles(project), profile)
    planner.plan.errors += planner.plan.references.errors
    for name, use in lecture.experiments.items():
        planner.attempt(planner.add_experiment, name, lecture.where(use.line))
    for slide in lecture.slides:
        planner.attempt(planner.add_names, [(slide.title, slide.line)])
        for block in walk(slide.blocks):
            planner.attempt(planner.add_block, block)
    planner.attempt(planner.add_code)
    return planner.plan


class Planner:
    """Adds tasks to one lecture's plan."""

    def __init__(self, lecture: Lecture, files: IncludedFiles, profile: Profile) -> None:
        self.lecture, self.project, self.files, self.profile = lecture, files.project, files, profile
        self.plan = Plan(lecture, references=References(lecture, files), files=files)
        self.known = recipe_names("experiment", self.project)
        self.failed: dict[str, LectureError] = {}

    def attempt(self, action: Any, *arguments: Any) -> None:
        """Run `action`, and note its error."""
        try:
            action(*arguments)
        except LectureError as error:
            if error not in self.plan.errors:
                self.plan.errors.append(error)

    def add_block(self, block: Block) -> None:
        """Add what `block` needs."""
        if isinstance(block, Figure):
            self.add_figure(block)
        if isinstance(block, Claim):
            self.add_expression(block.condition, block.line)
        if isinstance(block, Code) and not block.run:
            read_snippet(block, self.files, self.lecture.where(block.line))
        self.add_names(texts_of(block))

    def add_names(self, texts: Iterable[tuple[str, int]]) -> None:
        """Add the experiments whose facts the roles in `texts` name, and note what else these mention and show."""
        for text, line in texts:
            embed_images(text, line, self.files, self.lecture.path)
            for role in roles_in(text, line, self.lecture.path):
                self.plan.references.check(role, self.lecture.where(role.line))
                for expression in role.expressions:
                    self.add_expression(expression, role.line)

    def add_expression(self, text: str, line: int) -> None:
        """Add the experiments that the expression `text` names; other names are facts of figures."""
        try:
            names = names_in(parse_expression(text))
        except FactError as error:
            raise FactError(error.problem, self.lecture.where(line), error.hint) from None
        for name in sorted(names):
            if name in self.lecture.experiments or name in self.known:
                self.add_experiment(name, self.lecture.where(line))

    def add_experiment(self, name: str, where: Where) -> list[str]:
        """Add the tasks of the experiment `name`, one a seed, and return their ids."""
        if name in self.plan.experiments:
            return self.plan.experiments[name]
        if name in self.failed:
            raise self.failed[name]
        try:
            return self.run_experiment(name, where)
        except LectureError as error:
            self.failed[name] = error
            raise

    def run_experiment(self, name: str, where: Where) -> list[str]:
        """Add the tasks of an experiment that the plan does not have yet."""
        use = self.lecture.experiments.get(name) or ExperimentUse(name, (0,), (), where.line)
        recipe = read_recipe("experiment", use.recipe, self.project, where)
        fixed = {key: self.with_origin(read_yaml(value, where), where) for key, value in use.arguments}
        seeds = self.profile.seeds(use.seeds) if recipe.parameter("seed") else use.seeds[:1]
        ids = []
        for seed in seeds:
            arguments = self.complete(recipe, {**fixed, **self.automatic(recipe, fixed, seed)}, where)
            title = f"experiment {name}" + (f", seed {seed}" if recipe.parameter("seed") else "")
            ids.append(self.add_task(title, "experiment", recipe, arguments, where))
        self.plan.experiments[name] = ids
        return ids

    def automatic(self, recipe: Recipe, fixed: Mapping[str, Argument], seed: int) -> dict[str, Argument]:
        """Return the arguments that the lecture's dataset, the seed and the profile give."""
        given = {"seed": Argument("literal", seed), "data": Argument("dataset", self.lecture.dataset)}
        given |= {name: Argument("literal", value) for name, value in self.profile.arguments.items()}
        return {name: value for name, value in given.items() if recipe.parameter(name) and name not in fixed}

    def complete(self, recipe: Recipe, arguments: dict[str, Argument], where: Where) -> dict[str, Argument]:
        """Return `arguments`, checked by name and type against the recipe; raise RecipeError at `where`."""
        for name, argument in arguments.items():
            parameter = recipe.parameter(name)
            if parameter is None:
                problem = f"{recipe.kind} '{recipe.name}' has no parameter '{name}'"
                raise RecipeError(problem, where, suggest(name, [known.name for known in recipe.parameters]))
            if argument.is_plain and not accepts(parameter.annotation, argument.given, dict(recipe.aliases)):
                problem = f"'{name}' of {recipe.kind} '{recipe.name}' cannot be {argument.value!r}"
                raise RecipeError(problem, where, f"it takes {expand(parameter.annotation, recipe)}")
        for parameter in recipe.parameters:
            if parameter.required and parameter.name not in arguments:
                problem = f"{recipe.kind} '{recipe.name}' needs '{parameter.name}'"
                raise RecipeError(problem, where, f"add :{parameter.name}: ({expand(parameter.annotation, recipe)})")
        return arguments

    def add_figure(self, figure: Figure) -> None:
        """Add the still of `figure`, and the film where its kind has one."""
        where = self.lecture.where(figure.line)
        recipe = read_recipe("figure", figure.kind, self.project, where)
        arguments: dict[str, Argument] = {}
        for option in figure.options:
            place = self.lecture.where(option.line)
            if option.name in arguments:
                raise SourceError(f"'{option.name}' is given twice", place, "keep one of the two")
            arguments[option.name] = self.complete_one(recipe, option.name, option.text, place)
        self.complete(recipe, arguments, where)
        moves = "animate" in recipe.verbs and figure.view != "still"
        if figure.view == "film" and not moves:
            raise RecipeError(f"figure '{figure.kind}' has no film", where, "leave :view: film away")
        views = ("still", "film") if moves else ("still",)
        made = {view: self.add_task(f"{view} {figure.kind}", view, recipe, arguments, where) for view in views}
        self.plan.figures[figure.line] = made
        if self.lecture.theme != "light":
            self.plan.themed[figure.line] = self.add_themed(made)

    def add_themed(self, tasks: Mapping[str, str]) -> dict[str, str]:
        """Add the tasks of a figure once more, in the colors of the slides, and return their ids by runner."""
        themed = {runner: self.plan.tasks[task].in_theme(self.lecture.theme) for runner, task in tasks.items()}
        self.plan.tasks |= {task.id: task for task in themed.values()}
        return {runner: task.id for runner, task in themed.items()}

    def complete_one(self, recipe: Recipe, name: str, text: str, where: Where) -> Argument:
        """Return the argument `text` of one option, checked at its own line."""
        argument = self.with_origin(read_argument(text, where), where)
        if argument.form == "result":
            self.check_source(argument.source, where)
        others = {p.name: Argument("result", "") for p in recipe.parameters if p.required and p.name != name}
        self.complete(recipe, {**others, name: argument}, where)
        return argument

    def with_origin(self, argument: Argument, where: Where) -> Argument:
        """Return `argument`; a digit gets the dataset it is from, a file the SHA-256 of what is in it now."""
        if argument.form == "file":
            return replace(argument, source=self.files.digest(argument.value, where))
        return replace(argument, source=self.lecture.dataset) if argument.form == "digit" else argument

    def check_source(self, name: str, where: Where) -> None:
        """Raise RecipeError unless `name` is an experiment."""
        if name not in self.lecture.experiments and name not in self.known:
            known = [*self.lecture.experiments, *self.known]
            raise RecipeError(f"there is no experiment '{name}'", where, suggest(name, known))

    def add_code(self) -> None:
        """Add the run of the lecture's code, all blocks in one kernel as a reader would run them."""
        blocks = [block for slide in self.lecture.slides for block in walk(slide.blocks)]
        codes = [block for block in blocks if isinstance(block, Code) and block.run]
        if not codes:
            return
        cells = [read_snippet(code, self.files, self.lecture.where(code.line)) for code in codes]
        where = self.lecture.where(codes[0].line)
        task = self.store_task("code", "code", "", {"cells": Argument("literal", cells)}, (where, where))
        lines = tuple(code.line for code in codes)
        self.plan.tasks[task] = replace(self.plan.tasks[task], cell_lines=lines)
        self.plan.code = task

    def add_task(self, name: str, runner: str, recipe: Recipe, arguments: dict[str, Argument], where: Where) -> str:
        """Add one run of `recipe` and return its id."""
        return self.store_task(name, runner, recipe.module, arguments, (where, Where(recipe.path)))

    def store_task(
        self, name: str, runner: str, module: str, arguments: dict[str, Argument], places: tuple[Where, Where]
    ) -> str:
        """Add a task, with the experiments whose results it takes, and return its id."""
        ordered = tuple(sorted(arguments.items()))
        needs: dict[str, str] = {}
        for _, argument in ordered:
            if argument.form == "result":
                ids = self.add_experiment(argument.source, places[0])
                wanted = ids if argument.value.endswith(".each") else ids[:1]
                needs |= {result_name(argument.source, place): task for place, task in enumerate(wanted)}
        plain = [[key, asdict(argument)] for key, argument in ordered]
        identity = json.dumps([runner, module, plain, sorted(needs.items())], sort_keys=True)
        task = Task(identity, name, runner, module, ordered, tuple(sorted(needs.items())), *places)
        self.plan.tasks.setdefault(identity, task)
        return identity
