"""The `gallery` command: makes a page on each figure kind, with its examples, and an overview of all kinds.

The examples are the figures of docs/gallery.md, which is read as a lecture; each is drawn light and dark. Before that,
every kind of the project is checked for what it owes its readers: a docstring, a `describe` for those who cannot see
the picture, an example and, where there are tests at all, a test. The kinds of the library are shown only where the
project has examples of them. The pages come from templates and have the look of the handout; no HTML is written here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from traitlets import Unicode, default

from generator.commands import up_to_date
from generator.commands.build import BuildContext, execute, run_and_report
from generator.commands.output_folder import check_output_folder, record_made, remove_made
from generator.directives.figure import Figure
from generator.disk import write_changed
from generator.document.compose import compose
from generator.document.tree import PageBlock, PageTree
from generator.engine.keys import Datasets
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Artifact
from generator.errors import LectureError, RecipeError, Report, SourceError, Where, suggest, telling
from generator.formats.handout import SCRIPTS, HandoutExporter
from generator.html.exporter import Resources, template_paths
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import (
    ARTICLE_STYLES,
    PageHead,
    font_faces,
    handout_palette,
    make_head,
    read_template,
)
from generator.lecture.blocks import Lecture, read_text, walk
from generator.lecture.course import read_course
from generator.lecture.looks import read_looks
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lectures
from generator.plan.recipes import Parameter, Recipe, own_recipe_names, read_recipe, recipe_names
from generator.theme import recolor

EXAMPLES = "docs/gallery.md"
HINTS = {
    "doc": 'begin the file with """What the picture shows."""',
    "describe": "write describe(trace): a screen reader has nothing else to say",
    "test": "write tests/figures/test_{kind}.py",
    "example": "write a slide '## {kind}' with a figure of it into docs/gallery.md",
}


def build_gallery(
    folder: str, *, into: str = "build/gallery", debug: bool = False, words: list[str] | None = None
) -> int:
    """Build the gallery of the project in `folder`; return the exit code.

    words: the command line under which a successful build is remembered.
    """

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        course, workers = read_course(project), LocalWorkers(project)
        recolor(read_looks(project).colors)
        output_folder = check_output_folder(project, into, "gallery")
        context = BuildContext(
            project, course, course.profile("full"), output_folder, progress, report, workers, debug=debug
        )
        report.debug = debug
        lecture = read_examples(project)
        report.errors += find_problems(lecture, project)
        if not report.errors:
            make_gallery(context, lecture)
        return [output_folder]

    return run_and_report(folder, words, make, up_to_date.GALLERY_SOURCES)


def read_examples(project: Path) -> Lecture:
    """Return the examples, read as a lecture; raise SourceError if their file does not exist."""
    if not (project / EXAMPLES).is_file():
        raise SourceError("there are no examples", Where(EXAMPLES), "write a slide a figure kind into it")
    with telling(Where(EXAMPLES, 1), "the examples cannot be read"):
        return read_lecture(project / EXAMPLES, project)


def find_problems(lecture: Lecture, project: Path) -> list[LectureError]:
    """Return an error for each thing that a kind lacks, and for each example that is misplaced or of no known kind."""
    kinds = recipe_names("figure", project)
    errors = list(misplaced_figures(lecture, kinds))
    shown = {slide.title for slide in lecture.slides if any(isinstance(block, Figure) for block in slide.blocks)}
    for kind in own_recipe_names("figure", project):
        try:
            errors += missing_parts(kind, shown, project)
        except LectureError as error:
            errors.append(error)
    return errors


def misplaced_figures(lecture: Lecture, kinds: list[str]) -> Iterator[LectureError]:
    """Yield an error for each title and each figure of no known kind, and for each figure under the wrong title."""
    for slide in lecture.slides:
        figures = [block for block in walk(slide.blocks) if isinstance(block, Figure)]
        names = [(figure.kind, figure.where) for figure in figures]
        for name, where in [(slide.title, slide.where), *names] if not slide.starts_part else names:
            if name not in kinds:
                yield SourceError(f"there is no figure '{name}'", where, suggest(name, kinds))
            elif name != slide.title and slide.title in kinds:
                problem = f"a figure of '{name}' stands under '{slide.title}'"
                yield SourceError(problem, where, f"move it under '## {name}'")


def missing_parts(kind: str, shown: set[str], project: Path) -> Iterator[LectureError]:
    """Yield an error for each part in HINTS that `kind` lacks; `shown` are the kinds that have an example."""
    recipe = read_recipe("figure", kind, project, Where(f"figures/{kind}.py"))
    has = {
        "doc": bool(recipe.doc.strip()),
        "describe": "describe" in recipe.verbs,
        "test": not (project / "tests").is_dir() or any((project / "tests").rglob(f"test_*{kind}*.py")),
        "example": kind in shown,
    }
    names = {"doc": "docstring", "describe": "'describe'"}
    for part in (part for part in HINTS if not has[part]):
        problem = f"the figure has no {names.get(part, part)}"
        yield RecipeError(problem, Where(recipe.path), HINTS[part].format(kind=kind))


def make_gallery(context: BuildContext, lecture: Lecture) -> None:
    """Make the stills and films of all examples and then, if there was no error, the pages."""
    plans, datasets = plan_lectures([lecture], context.project, context.profile, context.report)
    for plan in plans:
        dark = add_dark(plan)
        artifacts = execute([plan], datasets, context)
        if not context.report.errors:
            with telling(Where(EXAMPLES, 1), "the pages cannot be made"):
                write_gallery(context, plan, dark, artifacts, datasets)


def add_dark(plan: Plan) -> dict[Where, str]:
    """Add to the plan a dark version of each still; return the ids of these tasks by the place of their figure."""
    tasks = {where: plan.tasks[views["still"]].in_theme("dark") for where, views in plan.figures.items()}
    plan.tasks |= {task.id: task for task in tasks.values()}
    return {where: task.id for where, task in tasks.items()}


def write_gallery(
    context: BuildContext, plan: Plan, dark: Mapping[Where, str], artifacts: Mapping[str, Artifact], datasets: Datasets
) -> None:
    """Write the pages, unless the document has errors, such as a claim that does not hold.

    dark: the ids of the tasks of the dark stills, by the place of their figure.
    """
    project, report = context.project, context.report
    document = compose(plan, artifacts, context.profile, datasets)
    report.warnings += document.warnings
    report.errors += document.errors
    if document.errors:
        return
    tree = document.tree("handout")
    for block in tree.blocks():
        if block.kind == "figure":
            files = artifacts[dark[block.where]].files
            name = f"{block.cell.id}-dark"
            document.assets[name] = {file: path.read_bytes() for file, path in files.items()}
    kinds = {slide.title for slide in plan.lecture.slides}.intersection(recipe_names("figure", project))
    recipes = {kind: read_recipe("figure", kind, project, Where(EXAMPLES)) for kind in kinds}
    text = read_text(project / EXAMPLES, EXAMPLES)
    pages = gallery_pages(tree, document.assets, recipes, text)
    report.written.extend(write_changed(pages, project / context.output_folder))
    record_made(project, context.output_folder, pages)
    for name in remove_made(project, context.output_folder, lambda name: name not in pages):
        context.progress.say(f"removed {context.output_folder}/{name}: there is no such kind any more")


OVERVIEW = "index.html"
MAX_FACT_LENGTH = 240  # characters of one fact in the table


# The pages: an overview of all figure kinds, and a page on each.


@dataclass(frozen=True, slots=True)
class Example:
    """One figure in every view; `lines` is its directive as written, `seconds` the length of its film (0: no film)."""

    light: Picture
    dark: Picture
    lines: str
    facts: tuple[tuple[str, str], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class KindPage:
    """A figure kind and its examples by the line of the figure; `blocks` are the figures and the text around them."""

    recipe: Recipe
    blocks: list[PageBlock] = field(default_factory=list)
    examples: dict[int, Example] = field(default_factory=dict)

    @property
    def where(self) -> Where:
        """Return the kind's file: the place of an error in its docstring."""
        return Where(self.recipe.path)

    @property
    def summary(self) -> str:
        """Return the first paragraph of the kind's docstring."""
        return " ".join(self.recipe.doc.partition("\n\n")[0].split())

    @property
    def story(self) -> str:
        """Return the kind's docstring without its first paragraph."""
        return self.recipe.doc.partition("\n\n")[2]

    @property
    def first(self) -> Example:
        """Return the example that the overview shows."""
        return next(iter(self.examples.values()))

    @property
    def has_film(self) -> bool:
        """Whether any example has a film."""
        return any(example.light.film for example in self.examples.values())

    @property
    def steps(self) -> int:
        """Return the largest number of steps of an example."""
        return max(len(example.light.panels) for example in self.examples.values())

    def default_of(self, parameter: Parameter) -> str:
        """Return the default of a parameter as written; for a name that the recipe's file defines, its definition."""
        return dict(self.recipe.aliases).get(parameter.default, parameter.default)


class GalleryExporter(HandoutExporter):
    """The handout's exporter with the gallery's own templates and styles."""

    template_name = Unicode("gallery")

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return template_paths("gallery", "handout")

    def head(self, body: Markup, resources: Resources) -> PageHead:  # noqa: ARG002 - the handout's signature
        """Return the handout's styles and scripts, with the gallery's own style sheet after the handout's."""
        styles = font_faces(str(body)) + handout_palette() + read_template(*ARTICLE_STYLES, "gallery/gallery.css")
        return make_head([styles], [read_template(*SCRIPTS)])


def gallery_pages(tree: PageTree, assets: Assets, recipes: Mapping[str, Recipe], text: str) -> dict[str, bytes]:
    """Return every page of the gallery by file name. Raises PageError.

    tree: the examples as a page tree; text: their text as written. assets: the files of each figure under its id, and
    those of its dark still under `<id>-dark`. recipes: the kinds by name.
    """
    kind_pages = make_kind_pages(tree, assets, recipes, text.split("\n"))
    environment = GalleryExporter().environment
    shared = {"tree": tree, "front": tree.front}

    def page(template: str, **fields: Any) -> bytes:
        return str(environment.get_template(template).render(**shared, **fields)).encode()

    names = [None, *kind_pages, None]
    kinds = {
        f"{kind.recipe.name}.html": page("kind.html.j2", kind=kind, previous=before, next=after)
        for kind, before, after in zip(kind_pages.values(), names, names[2:], strict=False)
    }
    return {OVERVIEW: page("sheet.html.j2", kinds=kind_pages), **kinds}


def make_kind_pages(
    tree: PageTree, assets: Assets, recipes: Mapping[str, Recipe], lines: Sequence[str]
) -> dict[str, KindPage]:
    """Return a KindPage for each kind, by the kind's name, in the order of the examples; `lines` is their text."""
    kind_pages: dict[str, KindPage] = {}
    for slide in (slide for part in tree.parts for slide in part.slides):
        kind = kind_pages.setdefault(slide.title, KindPage(recipes[slide.title]))
        kind.blocks.extend(slide.blocks)
        for block in slide.blocks:
            if block.kind == "figure":
                kind.examples[block.where.line] = make_example(block, assets, lines)
    return kind_pages


def make_example(block: PageBlock, assets: Assets, lines: Sequence[str]) -> Example:
    """Return the example of a figure's block; `lines` is the text that the figure stands in."""
    figure = block.cell
    dark = replace(
        block, facts={**block.facts, "cell": {**figure.as_facts(), "id": f"{figure.id}-dark", "marks": None}}
    )
    facts = tuple(flatten_facts(figure.facts))
    directive = cut_directive(lines, block.where.line)
    return Example(read_picture(block, assets), read_picture(dark, assets), directive, facts, figure.seconds or 0)


def cut_directive(lines: Sequence[str], line: int) -> str:
    """Return the directive that begins on `line` (counted from 1), up to and including its closing colons."""
    opening = lines[line - 1]
    fence = opening[: len(opening) - len(opening.lstrip(":"))]
    end = next((index for index in range(line, len(lines)) if lines[index].rstrip() == fence), len(lines) - 1)
    return "\n".join(lines[line - 1 : end + 1])


def flatten_facts(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each fact as its dotted name, as a lecture writes it, and its value as text."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from flatten_facts(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", shorten(format_fact(value))


def format_fact(value: Any) -> str:
    """Return a fact as text: a list in brackets, a float with six significant digits."""
    if isinstance(value, list):
        return f"[{', '.join(format_fact(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {format_fact(item)}' for name, item in value.items())}}}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return format(value, ".6g" if isinstance(value, float) else ",").replace("-", "−")
    return str(value)


def shorten(text: str) -> str:
    """Return `text`, cut to MAX_FACT_LENGTH characters."""
    return text if len(text) <= MAX_FACT_LENGTH else f"{text[:MAX_FACT_LENGTH]}…"
