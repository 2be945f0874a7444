"""The gallery: every figure kind, with examples from one text, drawn light and dark; knows no HTML.

What a kind owes its readers is checked here: a docstring, words for who cannot see the picture, an example, a test.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from generator import fresh
from generator.block import Figure
from generator.build import Builder, blame
from generator.child import Nursery
from generator.course import read_course
from generator.errors import LectureError, RecipeError, SourceError, Where, suggest
from generator.export.exhibit import gallery_pages
from generator.export.outline import read_outline
from generator.lecture import Lecture, read_text, walk
from generator.plan import Plan, plan_lecture
from generator.press import compose, write_changed
from generator.progress import Progress
from generator.reader import read_lecture
from generator.recipe import read_recipe, recipe_names
from generator.report import Report
from generator.store import Artifact, Store
from generator.studio import Desk, files_named, find_datasets, folder_inside, run_build

EXAMPLES = "docs/gallery.md"
HINTS = {
    "doc": 'begin the file with """What the picture shows."""',
    "describe": "write describe(trace): a screen reader has nothing else to say",
    "test": "write tests/test_{kind}.py",
    "example": "write a slide '## {kind}' with a figure of it into docs/gallery.md",
}


def build_gallery(folder: str, request: list[str], *, debug: bool) -> int:
    """Build the gallery of the project in `folder`; `request[1]` says where it goes. Return the exit code."""

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        course = read_course(project)
        desk = Desk(project, course, course.profile("full"), folder_inside(project, request[1]), progress, report,
                    Nursery(project))  # fmt: skip
        lecture = read_examples(project)
        report.errors += faults_of(lecture, project)
        if not report.errors:
            make_gallery(desk, plan_lecture(lecture, project, desk.profile), debug=debug)
        return [desk.into]

    return run_build(folder, request, make, fresh.GALLERY_SOURCES)


def read_examples(project: Path) -> Lecture:
    """Return the text with the examples, read as a lecture; raise SourceError when there is none."""
    if not (project / EXAMPLES).is_file():
        raise SourceError("there are no examples", Where(EXAMPLES), "write a slide a figure kind into it")
    return read_lecture(project / EXAMPLES, project)


def faults_of(lecture: Lecture, project: Path) -> list[LectureError]:
    """Return what the kinds lack, and which examples are of no kind or stand under the name of another."""
    kinds = recipe_names("figure", project)
    errors = list(strays_in(lecture, kinds))
    shown = {slide.title for slide in lecture.slides if any(isinstance(block, Figure) for block in slide.blocks)}
    for kind in kinds:
        try:
            errors += lacks_of(kind, shown, project)
        except LectureError as error:
            errors.append(error)
    return errors


def strays_in(lecture: Lecture, kinds: list[str]) -> Iterator[LectureError]:
    """Yield an error for each slide that names no kind, and for each figure that is not of the kind it stands under."""
    for slide in lecture.slides:
        figures = [block for block in walk(slide.blocks) if isinstance(block, Figure)]
        names = [(figure.kind, figure.line) for figure in figures]
        for name, line in [(slide.title, slide.line), *names] if not slide.starts_part else names:
            if name not in kinds:
                yield SourceError(f"there is no figure '{name}'", lecture.where(line), suggest(name, kinds))
            elif name != slide.title and slide.title in kinds:
                problem = f"a figure of '{name}' stands under '{slide.title}'"
                yield SourceError(problem, lecture.where(line), f"move it under '## {name}'")


def lacks_of(kind: str, shown: set[str], project: Path) -> Iterator[LectureError]:
    """Yield an error for each thing that `kind` lacks; `shown` are the kinds that have an example."""
    recipe = read_recipe("figure", kind, project, Where(f"figures/{kind}.py"))
    has = {
        "doc": bool(recipe.doc.strip()),
        "describe": "describe" in recipe.verbs,
        "test": any((project / "tests").glob(f"test_*{kind}*.py")),
        "example": kind in shown,
    }
    names = {"doc": "docstring", "describe": "'describe'"}
    for thing in (thing for thing in HINTS if not has[thing]):
        problem = f"the figure has no {names.get(thing, thing)}"
        yield RecipeError(problem, Where(recipe.path), HINTS[thing].format(kind=kind))


def make_gallery(desk: Desk, plan: Plan, *, debug: bool) -> None:
    """Make every picture and film, then the pages, when nothing is wrong."""
    report = desk.report
    datasets = find_datasets([plan], desk.project, report)
    for path in [*files_named([plan], desk.project), *(path for path, _ in datasets.values())]:
        fresh.scan(str(path), report.read)
    report.errors += plan.errors
    if plan.lecture.dataset not in datasets:
        return
    dark = add_dark(plan)
    store = Store(desk.project / ".lectern" / "store")
    outcome = Builder(desk.project, store, desk.progress, desk.crew).make(plan.tasks, datasets)
    report.errors += [blame(failure, plan.tasks[name], debug=debug) for name, failure in outcome.failures.items()]
    if not report.errors:
        digests = {name: digest for name, (_, digest) in datasets.items()}
        write_gallery(desk, plan, dark, outcome.artifacts, digests)


def add_dark(plan: Plan) -> dict[int, str]:
    """Add to the plan each still once more, in dark; return the ids of these tasks by their figures' lines."""
    tasks = {line: plan.tasks[made["image"]].in_theme("dark") for line, made in plan.figures.items()}
    plan.tasks |= {task.id: task for task in tasks.values()}
    return {line: task.id for line, task in tasks.items()}


def write_gallery(
    desk: Desk, plan: Plan, dark: Mapping[int, str], artifacts: Mapping[str, Artifact], digests: Mapping[str, str]
) -> None:
    """Write the pages, unless a sentence among the examples is not true. `dark` are tasks by their figures' lines."""
    around = {"digests": digests, "previous": None, "next": None}
    document = compose(plan, artifacts, desk.project, desk.profile, around)
    desk.report.warnings += document.warnings
    desk.report.errors += document.errors
    if document.errors:
        return
    document.notebook.metadata["lectern"]["path"] = plan.lecture.path
    outline = read_outline(document.notebook, "handout")
    for block in outline.blocks():
        if block.kind == "figure":
            files = artifacts[dark[block.where.line]].files
            name = f"{block.facts['figure']['id']}-dark"
            document.assets[name] = {file: path.read_bytes() for file, path in files.items()}
    kinds = recipe_names("figure", desk.project)
    recipes = {kind: read_recipe("figure", kind, desk.project, Where(EXAMPLES)) for kind in kinds}
    text = read_text(desk.project / EXAMPLES, EXAMPLES)
    desk.report.written += write_changed(
        gallery_pages(outline, document.assets, recipes, text), desk.project / desk.into
    )
