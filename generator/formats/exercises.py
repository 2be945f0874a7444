"""The exercise sheet: the exercises of a lecture, numbered, without any solution."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from traitlets import Unicode, default

from generator.document.format import Format
from generator.document.tree import Document, PageBlock, PagePart, PageSlide, PageTree
from generator.errors import Where
from generator.formats import handout
from generator.formats.handout import HandoutExporter
from generator.html.exporter import export_page, template_paths
from generator.html.head import read_template
from generator.words import say

OPTION = "sheets"


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise of a lecture: its number, counted from 1, its blocks, and those of its solution.

    slide: the one that it stands on. solution: empty on a sheet without solutions.
    """

    number: int
    slide: PageSlide
    where: Where
    blocks: tuple[PageBlock, ...]
    solution: list[PageBlock] = field(default_factory=list)


class ExercisesExporter(HandoutExporter):
    """The exercises of a lecture as a sheet, which has nothing else of it; what they refer to is in the handout."""

    template_name = Unicode("exercises")
    title = "Exercises"
    has_solutions = False
    elsewhere = handout.FORMAT.file_name

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return template_paths("exercises", "handout")

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates: `tasks`, and a tree that has these alone."""
        variables = super().page_variables(document, project)
        tasks = list(tasks_of(variables["tree"], has_solutions=self.has_solutions))
        tree = tree_of(variables["tree"], tasks, self.title)
        self.shared = {**self.shared, "tree": tree}
        own = frozenset(block.cell.id for block in tree.blocks() if block.kind == "figure")
        self.references = replace(self.references, elsewhere=self.elsewhere, own=own)
        return {**variables, "tree": tree, "tasks": tasks, "elsewhere": self.elsewhere, "glossary": [], "works": []}

    def styles_of_blocks(self, name: str) -> str:
        """Return the styles of the blocks that the page shows, with those of sheets."""
        own = read_template("exercises/exercises.css") if name == "handout.css" else ""
        return super().styles_of_blocks(name) + own


def tasks_of(tree: PageTree, *, has_solutions: bool) -> Iterator[Task]:
    """Yield the exercises of a lecture in order, those in columns and lists among them.

    A solution belongs to the exercise before it, or around it. Without any such exercise it belongs to none.
    """
    tasks: list[Task] = []
    for slide in tree.all_slides():
        for block in answered(slide.blocks):
            shown = tuple(without_answers(block.columns[0]))
            if block.kind == "exercise":
                tasks.append(Task(len(tasks) + 1, slide, block.where, shown))
            elif tasks and has_solutions:
                tasks[-1].solution.extend(shown)
    yield from tasks


def answered(blocks: Iterable[PageBlock], *, within: bool = False) -> Iterator[PageBlock]:
    """Yield the exercises and the solutions among the blocks, wherever they are.

    within: whether the blocks are those of an exercise; another exercise among them is a part of it.
    """
    for block in blocks:
        if block.kind == "solution" or (block.kind == "exercise" and not within):
            yield block
        if block.kind != "solution":
            inner = within or block.kind == "exercise"
            yield from (found for column in block.columns for found in answered(column, within=inner))


def without_answers(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Yield the blocks without solutions and notes, wherever in them these are."""
    for block in blocks:
        if block.kind not in ("solution", "notes"):
            yield replace(block, columns=tuple(tuple(without_answers(column)) for column in block.columns))


def tree_of(tree: PageTree, tasks: Iterable[Task], title: str) -> PageTree:
    """Return the tree of a sheet: one slide for each exercise, in one part without a title."""
    slides = [replace(task.slide, blocks=[*task.blocks, *task.solution], notes=[]) for task in tasks]
    opening = replace(tree.parts[0].opening, anchor="", title="", blocks=[], notes=[])
    front = {**tree.front, "title": f"{say(title)}: {tree.front['title']}", "previous": None, "next": None}
    return PageTree(front, (PagePart(opening, 0, slides),))


def has_exercises(document: Document) -> bool:
    """Return whether students see an exercise in the lecture."""
    return any(tasks_of(document.tree("handout"), has_solutions=False))


def export(document: Document, project: Path) -> bytes:
    """Return the sheet as one HTML file. Raises PageError."""
    return export_page(ExercisesExporter, document, project)


FORMAT = Format(
    "exercises.html",
    export,
    label="Exercises",
    option=OPTION,
    published="exercises.html",
    made_from=handout.FORMAT.file_name,
    is_made_of=has_exercises,
)
