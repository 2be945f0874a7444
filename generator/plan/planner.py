"""Makes the plan of a lecture: the tasks that it needs, with every argument checked; runs nothing.

Experiments are planned when they are first named, by the front matter, by a role or claim, or by a figure's argument.
Equal tasks have equal ids, so that what several figures share is planned once.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.engine.keys import Datasets
from generator.engine.task import Argument, Task
from generator.errors import FactError, LectureError, RecipeError, Report, SourceError, Where, suggest, telling
from generator.lecture.backgrounds import read_background
from generator.lecture.blocks import Block, ExperimentUse, Lecture, Slide, Text, walk, walk_for
from generator.lecture.course import Profile
from generator.lecture.definitions import find_unused_definitions
from generator.lecture.expressions import check_condition, names_in, parse_expression
from generator.lecture.faults import find_faults, find_footnote_faults
from generator.lecture.front_matter import ONE_LINE
from generator.lecture.included_files import NO_DATASET, IncludedFiles, embed_image, find_dataset, is_of_library
from generator.lecture.places import in_file
from generator.lecture.references import References
from generator.lecture.roles import read_role
from generator.lecture.syntax import Span, spans_in
from generator.plan.arguments import read_argument, read_yaml, result_name
from generator.plan.comparisons import (
    Settings,
    Varies,
    add_sources,
    check_varies,
    find_unsaid,
    read_varies,
    settings_of,
    sources_of,
)
from generator.plan.profiles import find_idle_arguments
from generator.plan.recipes import Recipe, accepts, expand, read_recipe, recipe_names

KINDS_IN_TEXT = {"role": "a role", "comment": "a comment", "image": "an image", "footnote": "a footnote"}


@dataclass(frozen=True, slots=True)
class FigureState:
    """One state of a figure that varies: the values that are chosen, as written, and the ids of its stills.

    themed: that in the theme of the slides; empty if that is light.
    """

    values: Mapping[str, str]
    task: str
    themed: str = ""


@dataclass(slots=True)
class Plan:
    """What one lecture needs: its tasks by id, and which task makes what.

    experiments: the ids of the tasks of an experiment, one per seed, by its name.
    figures: the ids of the tasks of a figure by runner (still, film), by the place of the figure.
    themed: the same for the figures in the theme of the slides; empty if that is light.
    states: all states of the figures that vary, the one that is shown first at the front; that is in `figures` as well.
    code: for each code block that is run, the id of the task that runs it after all those before it.
    files: the files that the lecture includes.
    """

    lecture: Lecture
    tasks: dict[str, Task] = field(default_factory=dict)
    experiments: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[Where, dict[str, str]] = field(default_factory=dict)
    themed: dict[Where, dict[str, str]] = field(default_factory=dict)
    states: dict[Where, tuple[FigureState, ...]] = field(default_factory=dict)
    code: list[str] = field(default_factory=list)
    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    references: References = field(kw_only=True)
    files: IncludedFiles = field(kw_only=True)

    def tasks_of_figure(self, where: Where) -> list[str]:
        """Return the ids of the tasks of the figure at a place: its still, its film, the stills of its states."""
        states = (state.task for state in self.states.get(where, ()))
        return list(dict.fromkeys([*self.figures[where].values(), *states]))


def plan_lectures(
    lectures: Sequence[Lecture], project: Path, profile: Profile, report: Report
) -> tuple[list[Plan], Datasets]:
    """Return the plans of the lectures whose datasets were found, and these datasets; errors go to the report.

    The report also gets the state of every file that a lecture names, from before the file was read.
    """
    files = IncludedFiles(project)
    plans = []
    for lecture in lectures:
        try:
            with telling(lecture.where(1), "the lecture cannot be planned"):
                plans.append(plan_lecture(lecture, project, profile, files))
        except LectureError as error:
            report.errors.append(error)
    report.warnings += find_idle_arguments(profile, project)
    datasets = find_datasets(plans, files, report)
    report.errors += [error for plan in plans for error in plan.errors]
    report.warnings += [warning for plan in plans for warning in plan.warnings]
    report.read = {**files.states, **report.read}  # a file that was read twice had the earlier state
    return [plan for plan in plans if plan.lecture.dataset in {*datasets, NO_DATASET}], datasets


def find_datasets(plans: Sequence[Plan], files: IncludedFiles, report: Report) -> Datasets:
    """Return the datasets that the lectures name; a missing one is reported at the lecture that names it."""
    found: dict[str, tuple[Path, str]] = {}
    for plan in (plan for plan in plans if plan.lecture.dataset != NO_DATASET):
        name = plan.lecture.dataset
        try:
            found[name] = found.get(name) or find_dataset(name, files, plan.lecture.where_of("dataset"))
        except LectureError as error:
            report.errors.append(error)
    return found


def plan_lecture(lecture: Lecture, project: Path, profile: Profile, files: IncludedFiles | None = None) -> Plan:
    """Return the plan of `lecture`; what cannot be planned is in its `errors`, and the rest is still planned.

    files: the files read so far in this build, to share them between lectures.
    """
    planner = Planner(lecture, files or IncludedFiles(project), profile)
    planner.plan.errors += planner.plan.references.errors
    planner.attempt(lecture.where(1), planner.check_front_matter)
    for name, use in lecture.experiments.items():
        if planner.find_lacking(name):  # only slides that are left out can use it
            continue
        planner.attempt(lecture.where(use.line), planner.add_experiment, name, lecture.where(use.line))
    for slide in lecture.slides:
        planner.attempt(slide.where, planner.add_names, [Text(slide.title, slide.where)])
        planner.attempt(slide.where, planner.check_footnotes, slide)
        if not slide.continued:  # else it stands on what the slide before it does
            planner.attempt(slide.where, read_background, slide.background, planner.files, slide.where)
        for block in walk(slide.blocks):
            planner.attempt(block.where, planner.add_block, block)
    planner.check_definitions()
    planner.attempt(lecture.where(1), planner.add_program)
    lecture.point(planner.plan.errors)
    return planner.plan


class Planner:
    """Builds the plan of one lecture, task by task."""

    def __init__(self, lecture: Lecture, files: IncludedFiles, profile: Profile) -> None:
        self.lecture, self.project, self.files, self.profile = lecture, files.project, files, profile
        self.plan = Plan(lecture, references=References(lecture, files), files=files)
        self.known = recipe_names("experiment", self.project)
        self.failed: dict[str, LectureError] = {}
        self.program: list[tuple[str, Where]] = []  # the code that is run, block by block
        # What each block is given besides, see `generator.runners.code.run`.
        self.given_to_code: list[dict[str, Argument]] = []
        self.claimed: set[Where] = set()  # the texts of claims, which say themselves what is compared in them

    def attempt(self, where: Where, action: Any, *arguments: Any) -> None:
        """Call `action` for what stands at `where`; if it raises an error, add that to the plan's errors, each once."""
        try:
            with telling(where, "this cannot be planned"):
                action(*arguments)
        except LectureError as error:
            if error not in self.plan.errors:
                self.plan.errors.append(error)

    def add_block(self, block: Block) -> None:
        """Add the tasks that `block` needs."""
        self.attempt(block.where, block.plan, self)
        self.add_names(block.texts())

    def add_names(self, texts: Iterable[Text]) -> None:
        """Add the experiments that the roles in `texts` name, and check the references and the images there."""
        for text in texts:
            start, definitions = text.where, self.lecture.definitions
            errors = list(find_faults(text.source, start.line, start.path, definitions))
            self.lecture.point(errors, [text])
            self.plan.errors += errors
            for span in spans_in(text.source, definitions):
                place = start.below(span.line, span.column)
                where = in_file(place, [(text.source, start)], self.lecture.sources)
                if span.kind == "image":
                    self.attempt(where, embed_image, span, where, self.files)
                elif span.kind == "role":
                    self.attempt(where, self.add_role, span, where, start)

    def check_footnotes(self, slide: Slide) -> None:
        """Add an error for each footnote of a slide that lacks its text, and for each text that lacks its mark."""
        texts: dict[tuple[str, str], list[Text]] = {("both", ""): [Text(slide.title, slide.where)]}
        for block, audience in walk_for(slide.blocks):
            texts.setdefault((audience, block.hidden_as), []).extend(block.texts())
        for seen_by_same in texts.values():
            errors = list(find_footnote_faults(seen_by_same))
            self.lecture.point(errors, seen_by_same)
            self.plan.errors += errors

    def check_definitions(self) -> None:
        """Add an error for each link definition that no text of the lecture refers to."""
        if self.lecture.definitions:
            blocks = [block for slide in self.lecture.slides for block in walk(slide.blocks)]
            texts = [text.source for block in blocks for text in block.texts()]
            texts += [slide.title for slide in self.lecture.slides]
            self.plan.errors += find_unused_definitions(self.lecture.definitions, texts, self.lecture.sources)

    def check_front_matter(self) -> None:
        """Add an error for what is wrong in the front matter, and for what only the texts of slides can hold."""
        for name in ONE_LINE:
            text, where = str(getattr(self.lecture, name)), self.lecture.where_of(name)
            if "\n" in text.strip():
                self.plan.errors.append(SourceError(f"'{name}' is one line", where, "join its lines"))
            for span in spans_in(text):
                if span.kind in KINDS_IN_TEXT:
                    problem = f"'{name}' cannot hold {KINDS_IN_TEXT[span.kind]}"
                    self.plan.errors.append(SourceError(problem, where, "write it into the text of a slide"))
            faults = find_faults(text, where.line, where.path)
            self.plan.errors += [SourceError(fault.problem, where, fault.hint) for fault in faults]

    def add_role(self, span: Span, where: Where, start: Where) -> None:
        """Check the reference, or add the experiments, that a role at `where` names; its text begins at `start`."""
        role = read_role(replace(span, column=where.column), where.line - span.line, where.path)
        self.plan.references.check(role, where)
        for expression in role.expressions:
            self.add_expression(expression, where)
        if role.name == "compare" and start in self.claimed and role.varies:
            raise SourceError(
                "the claim says what varies in its comparisons", where, "write :varies: below its condition"
            )
        if role.name == "compare" and start not in self.claimed:
            varies = read_varies(role.varies, where) if role.varies else None
            self.check_comparisons([role.expressions], varies, where, "{{compare}}`a, b: varies {}`")

    def add_claim(self, condition: str, sentence: Text, varies: Varies | None, where: Where) -> None:
        """Add the experiments that a claim names, and check that those it compares differ as it says.

        Compared are all experiments in its condition, and those in each comparison of its sentence.
        """
        self.claimed.add(sentence.where)
        self.add_expression(condition, where, check_condition)
        groups: list[Sequence[str]] = [(condition,)]
        for span in spans_in(sentence.source, self.lecture.definitions):
            if span.kind == "role" and span.name == "compare":
                role = read_role(span, sentence.where.line, sentence.where.path)
                for expression in role.expressions:
                    self.add_expression(expression, sentence.where.below(span.line))
                groups.append(role.expressions)
        self.check_comparisons(groups, varies, where, ":varies: {}")

    def check_comparisons(
        self, groups: Sequence[Sequence[str]], varies: Varies | None, where: Where, form: str
    ) -> None:
        """Add an error if the experiments in a group of expressions do not differ as `varies` says.

        Where nothing says what varies, a warning is added instead. form: how to say it there, with `{}` for the names
        of the parameters.
        """
        compared = [self.settings_in(group, where) for group in groups]
        if varies:
            self.plan.errors += check_varies(compared, varies)
        else:
            self.plan.warnings += find_unsaid(compared, where, form)

    def settings_in(self, expressions: Sequence[str], where: Where) -> dict[str, Settings]:
        """Return the parameters of each experiment that is named in `expressions`, by its name, sorted."""
        names = sorted({name for text in expressions for name in names_in(parse_expression(text))})
        return {name: self.settings_of(name, where) for name in names if self.is_experiment(name)}

    def settings_of(self, name: str, where: Where) -> Settings:
        """Return the parameters of the experiment `name`, and of those whose results it takes."""
        use = self.use_of(name, where)
        own = settings_of(use, read_recipe("experiment", use.recipe, self.project, where), where)
        return add_sources(own, [self.settings_of(source, where) for source in sources_of(own)])

    def is_experiment(self, name: str) -> bool:
        """Return whether `name` is that of an experiment, in the front matter or in a file of its own."""
        return name in self.lecture.experiments or name in self.known

    def use_of(self, name: str, where: Where) -> ExperimentUse:
        """Return how the lecture uses the experiment `name`: by default with one seed and no arguments."""
        return self.lecture.experiments.get(name) or ExperimentUse(name, (0,), (), where.line)

    def add_expression(self, text: str, where: Where, check: Callable[[str], None] | None = None) -> None:
        """Add the experiments that the expression `text` names; other names are facts of figures, not checked here.

        check: raises FactError for an expression that cannot stand at this place.
        """
        try:
            names = names_in(parse_expression(text))
            if check:
                check(text)
        except FactError as error:
            raise FactError(error.problem, where, error.hint) from None
        for name in sorted(names):
            if self.is_experiment(name):
                self.add_experiment(name, where)

    def add_experiment(self, name: str, where: Where) -> list[str]:
        """Add the tasks of the experiment `name`, one per seed, unless the plan has them, and return their ids.

        An experiment that could not be planned raises the same error each time, which is reported once.
        """
        if name in self.plan.experiments:
            return self.plan.experiments[name]
        if name in self.failed:
            raise self.failed[name]
        try:
            return self.plan_experiment(name, where)
        except LectureError as error:
            self.failed[name] = error
            raise

    def plan_experiment(self, name: str, where: Where) -> list[str]:
        """Add the tasks of an experiment that is not in the plan yet, and return their ids."""
        use = self.use_of(name, where)
        if lacking := self.find_lacking(name):
            hint = f"write {{given={lacking}}} behind the heading of its slide, or give a path: --given {lacking}=/path"
            raise RecipeError(f"'{name}' needs '{lacking}', which is not given", where, hint)
        recipe = read_recipe("experiment", use.recipe, self.project, where)
        fixed = {key: self.with_origin(read_yaml(value, where), where) for key, value in use.arguments}
        if recipe.parameter("data"):
            self.check_data(f"experiment '{recipe.name}' takes data", where)
        if len(use.seeds) > 1 and not recipe.parameter("seed"):
            problem = f"experiment '{recipe.name}' takes no seed, so that its {len(use.seeds)} runs would be the same"
            raise RecipeError(problem, where, "give measure a parameter seed: int = 0, or leave seeds away")
        seeds = self.profile.seeds(use.seeds) if recipe.parameter("seed") else use.seeds[:1]
        ids = []
        for seed in seeds:
            arguments = self.check_arguments(recipe, {**fixed, **self.automatic_arguments(recipe, fixed, seed)}, where)
            title = f"experiment {name}" + (f", seed {seed}" if recipe.parameter("seed") else "")
            ids.append(self.add_task(title, "experiment", recipe, arguments, where))
            self.allow(ids[-1], use.timeout)
        self.plan.experiments[name] = ids
        return ids

    def allow(self, task: str, timeout: float) -> None:
        """Let the task with this id take so many minutes; where two entries ask for the same run, the larger counts."""
        known = self.plan.tasks[task]
        self.plan.tasks[task] = replace(known, timeout=max(known.timeout, timeout))

    def find_lacking(self, name: str, around: tuple[str, ...] = ()) -> str:
        """Return the name of what an experiment, or one whose results it takes, needs and is not given; "" if none is.

        around: the experiments that take its results.
        """
        use = self.lecture.experiments.get(name)
        if use is None or name in around:
            return ""
        for _, value in use.arguments:
            argument = read_yaml(value, self.lecture.where(use.line)) if isinstance(value, str) else None
            given = str(argument.value).partition("/")[0] if argument and argument.form == "given" else ""
            if given and given not in self.lecture.given:
                return given
            if (
                argument
                and argument.form == "result"
                and (lacking := self.find_lacking(argument.source, (*around, name)))
            ):
                return lacking
        return ""

    def automatic_arguments(self, recipe: Recipe, fixed: Mapping[str, Argument], seed: int) -> dict[str, Argument]:
        """Return the arguments that the lecture does not give: the seed, the dataset, and those of the profile."""
        name = self.lecture.dataset
        data = Argument("dataset" if is_of_library(name, self.files) else "data", name)
        given = {"seed": Argument("literal", seed), "data": data}
        given |= {name: Argument("literal", value) for name, value in self.profile.arguments.items()}
        return {name: value for name, value in given.items() if recipe.parameter(name) and name not in fixed}

    def check_arguments(self, recipe: Recipe, arguments: dict[str, Argument], where: Where) -> dict[str, Argument]:
        """Return `arguments`; raise RecipeError, at `where`, if one is unknown, missing, or of a wrong type."""
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

    def with_origin(self, argument: Argument, where: Where) -> Argument:
        """Return `argument` with its source: the dataset of a digit, the SHA-256 of a file as it is now."""
        if argument.form == "file":
            return replace(argument, source=self.files.digest(argument.value, where))
        if argument.form == "given":
            name, _, inside = argument.value.partition("/")
            if name not in self.lecture.given:
                raise RecipeError(f"no '{name}' is given", where, f"give its path: --given {name}=/path")
            path = Path(self.lecture.given[name]) / inside
            return Argument("file", str(path), self.files.digest_given(path, where))
        if argument.form == "digit":
            self.check_data("digit(…) is an image of the data", where)
            if not (is_of_library(self.lecture.dataset, self.files) or self.lecture.dataset.endswith(".npz")):
                problem = f"digit(…) is one of the images of an .npz, and the data are '{self.lecture.dataset}'"
                raise RecipeError(problem, where, "let an experiment return the image: name.image")
            return replace(argument, source=self.lecture.dataset)
        return argument

    def check_data(self, reason: str, where: Where) -> None:
        """Raise SourceError, at `where` it is needed for a `reason`, if the lecture says that it has no data."""
        if self.lecture.dataset == NO_DATASET:
            hint = "name a data set in the front matter: dataset: mnist"
            raise SourceError(f"{reason}, and the lecture has 'dataset: none'", where, hint)

    def check_source(self, name: str, where: Where) -> None:
        """Raise RecipeError unless an experiment `name` exists."""
        if not self.is_experiment(name):
            known = [*self.lecture.experiments, *self.known]
            raise RecipeError(f"there is no experiment '{name}'", where, suggest(name, known))

    def add_code(self, source: str, where: Where, used: Mapping[str, str], files: Sequence[str]) -> None:
        """Add a block of code to the program.

        used: the results of experiments that it has as variables, by their names. files: those of the project that it
        reads, each under its name. Raises LectureError for what is not there, or is no result.
        """
        given: dict[str, Argument] = {}
        for name, text in used.items():
            argument = read_argument(text, where)
            if argument.form != "result":
                hint = "name an experiment and its result: slow.path"
                raise RecipeError(f"'{text}' is no result of an experiment", where, hint)
            self.check_source(argument.source, where)
            self.add_experiment(argument.source, where)
            given[f"use {len(self.program)} {name}"] = argument
        for path in files:
            argument = self.with_origin(Argument("file", path), where)
            given[f"file {path}"] = argument
        self.program.append((source, where))
        self.given_to_code.append(given)

    def add_program(self) -> None:
        """Add a task for each block of the lecture's code, which runs it in one kernel after all those before it.

        So its result depends on what stands above it and on nothing below. The task of the last block does all that the
        others do, and gives their results as well.
        """
        cells, places = [source for source, _ in self.program], tuple(where for _, where in self.program)
        given: dict[str, Argument] = {}
        for count, where in enumerate(places, start=1):
            given |= self.given_to_code[count - 1]
            arguments = {"cells": Argument("literal", cells[:count]), **given}
            task = self.store_task("code", "code", "", arguments, (where, where))
            self.plan.tasks[task] = replace(self.plan.tasks[task], cell_places=places[:count])
            self.plan.code.append(task)
        for count, task in enumerate(self.plan.code[:-1], start=1):
            self.plan.code[count - 1] = self.put_within(task, f"code, block {count}", self.plan.code[-1])

    def put_within(self, task: str, name: str, last: str) -> str:
        """Let the job of the task `last` give the result of another, too; return the id that this has from now on.

        It has an id for each lecture, since the last task of another lecture that begins alike may fail.
        """
        part = self.plan.tasks.pop(task)
        part = replace(part, id=json.dumps([part.id, self.lecture.name]), name=name, within=last)
        self.plan.tasks[part.id] = part
        return part.id

    def add_task(self, name: str, runner: str, recipe: Recipe, arguments: dict[str, Argument], where: Where) -> str:
        """Add a task that runs `recipe` and return its id."""
        return self.store_task(name, runner, recipe.module, arguments, (where, Where(recipe.path)))

    def store_task(
        self, name: str, runner: str, module: str, arguments: dict[str, Argument], places: tuple[Where, Where]
    ) -> str:
        """Add a task, and the experiments whose results it takes, and return its id.

        places: the line that asks for the task, and its source (see Task). A result is taken for the first seed only,
        unless the argument ends in `.each`.
        """
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
