"""The gallery: every figure kind, with examples from one text, drawn light and dark; knows no HTML.

What a kind owes its readers is checked here: a docstring, words for who cannot see the picture, an example, a test.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from traitlets import Unicode, default

from generator.commands import up_to_date
from generator.commands.build import Desk, run_build
from generator.commands.export import write_changed
from generator.document.compose import compose
from generator.document.tree import Block, Outline, read_outline
from generator.engine.executor import Builder, blame
from generator.engine.local_workers import Nursery
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store
from generator.errors import LectureError, RecipeError, Report, SourceError, Where, suggest
from generator.formats.handout import SCRIPTS, STYLES, HandoutExporter
from generator.html.exporter import Resources
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import TEMPLATES, Dress, font_faces, handout_palette, make_dress, read_template
from generator.lecture.blocks import Figure, Lecture, read_text, walk
from generator.lecture.course import folder_inside, read_course
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, files_named, find_datasets, plan_lecture
from generator.plan.recipes import Parameter, Recipe, read_recipe, recipe_names

EXAMPLES = "docs/gallery.md"
HINTS = {
    "doc": 'begin the file with """What the picture shows."""',
    "describe": "write describe(trace): a screen reader has nothing else to say",
    "test": "write tests/figures/test_{kind}.py",
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

    return run_build(folder, request, make, up_to_date.GALLERY_SOURCES)


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
        "test": any((project / "tests").rglob(f"test_*{kind}*.py")),
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
        up_to_date.scan(str(path), report.read)
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
    tasks = {line: plan.tasks[made["still"]].in_theme("dark") for line, made in plan.figures.items()}
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


SHEET = "index.html"
LONGEST = 240  # characters of one fact


# The gallery's pages: a contact sheet of all figure kinds, and a page on each, in the look of the handout.


@dataclass(frozen=True, slots=True)
class Example:
    """One figure in every view: `lines` are those that made it, `seconds` how long its film is (0: it has none)."""

    light: Picture
    dark: Picture
    lines: str
    facts: tuple[tuple[str, str], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure kind and its examples by the line they stand on; `blocks` are these and the text around them."""

    recipe: Recipe
    blocks: list[Block] = field(default_factory=list)
    examples: dict[int, Example] = field(default_factory=dict)

    @property
    def where(self) -> Where:
        """Return the kind's file, to blame for a docstring that cannot be shown."""
        return Where(self.recipe.path)

    @property
    def summary(self) -> str:
        """Return the first paragraph of the kind's docstring."""
        return " ".join(self.recipe.doc.partition("\n\n")[0].split())

    @property
    def story(self) -> str:
        """Return the rest of the kind's docstring."""
        return self.recipe.doc.partition("\n\n")[2]

    @property
    def first(self) -> Example:
        """Return the example that stands for the kind."""
        return next(iter(self.examples.values()))

    @property
    def has_film(self) -> bool:
        """Whether an example has a film."""
        return any(example.light.film for example in self.examples.values())

    @property
    def steps(self) -> int:
        """Return the most steps that an example has."""
        return max(len(example.light.panels) for example in self.examples.values())

    def default_of(self, parameter: Parameter) -> str:
        """Return a default as written, a name of the file's own spelled out."""
        return dict(self.recipe.aliases).get(parameter.default, parameter.default)


class GalleryExporter(HandoutExporter):
    """The handout's machinery with templates of the gallery's own."""

    template_name = Unicode("gallery")

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return [str(TEMPLATES / "gallery"), str(TEMPLATES / "handout"), str(TEMPLATES)]

    def dress(self, body: Markup, resources: Resources) -> Dress:  # noqa: ARG002 - as the handout's
        """Return the handout's dress with the gallery's own style sheet behind it."""
        styles = font_faces(str(body)) + handout_palette() + read_template(*STYLES, "gallery/gallery.css")
        return make_dress([styles], [read_template(*SCRIPTS)])


def gallery_pages(outline: Outline, assets: Assets, recipes: Mapping[str, Recipe], text: str) -> dict[str, bytes]:
    """Return every page of the gallery by file name.

    outline, text: the examples, read and as written; recipes: the kinds by name. assets: the files of each figure by
    its id, and those of its dark still by `<id>-dark`. Raises PageError.
    """
    exhibits = make_exhibits(outline, assets, recipes, text.split("\n"))
    environment = GalleryExporter().environment
    shared = {"outline": outline, "front": outline.front}

    def page(template: str, **fields: Any) -> bytes:
        return str(environment.get_template(template).render(**shared, **fields)).encode()

    names = [None, *exhibits, None]
    kinds = {
        f"{exhibit.recipe.name}.html": page("kind.html.j2", exhibit=exhibit, previous=before, next=after)
        for exhibit, before, after in zip(exhibits.values(), names, names[2:], strict=False)
    }
    return {SHEET: page("sheet.html.j2", exhibits=exhibits), **kinds}


def make_exhibits(
    outline: Outline, assets: Assets, recipes: Mapping[str, Recipe], lines: Sequence[str]
) -> dict[str, Exhibit]:
    """Return the exhibits by kind, in the order of the examples."""
    exhibits: dict[str, Exhibit] = {}
    for slide in (slide for part in outline.parts for slide in part.slides):
        exhibit = exhibits.setdefault(slide.title, Exhibit(recipes[slide.title]))
        exhibit.blocks.extend(slide.blocks)
        for block in slide.blocks:
            if block.kind == "figure":
                exhibit.examples[block.where.line] = make_example(block, assets, lines)
    return exhibits


def make_example(block: Block, assets: Assets, lines: Sequence[str]) -> Example:
    """Return the example that stands at a figure's block."""
    figure = block.facts["figure"]
    dark = replace(block, facts={**block.facts, "figure": {**figure, "id": f"{figure['id']}-dark", "marks": None}})
    facts = tuple(flatten(figure["facts"]))
    written = cut_directive(lines, block.where.line)
    return Example(read_picture(block, assets), read_picture(dark, assets), written, facts, figure["seconds"] or 0)


def cut_directive(lines: Sequence[str], line: int) -> str:
    """Return the directive that opens on `line` (counted from 1), up to its closing colons."""
    opening = lines[line - 1]
    fence = opening[: len(opening) - len(opening.lstrip(":"))]
    end = next((at for at in range(line, len(lines)) if lines[at].rstrip() == fence), len(lines) - 1)
    return "\n".join(lines[line - 1 : end + 1])


def flatten(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every fact by the name that a lecture quotes it with, written for people."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", shorten(tell(value))


def tell(value: Any) -> str:
    """Return a fact as text: a list in brackets, a float with six digits that count."""
    if isinstance(value, list):
        return f"[{', '.join(tell(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {tell(item)}' for name, item in value.items())}}}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return format(value, ".6g" if isinstance(value, float) else ",").replace("-", "−")
    return str(value)


def shorten(text: str) -> str:
    """Return at most as much of a text as a table holds."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
