"""Composes the document of a lecture: one notebook, with every value and every figure in it, that all formats export.

What differs between pages is left to the formats: references stay as written, and blocks for all audiences are in it.
"""

import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import nbformat

from generator.disk import installed_version
from generator.document.cells import Cell, ListCell, ProseCell, TitleCell
from generator.document.facts import Scope, as_latex, merge_seeds
from generator.document.tree import Document
from generator.document.verdicts import rule_of
from generator.engine.code_digest.digest import load_code_digests
from generator.engine.keys import Datasets
from generator.engine.store import Artifact
from generator.engine.task import Task
from generator.errors import LectureError, SourceError, Where, telling
from generator.lecture.backgrounds import read_background
from generator.lecture.blocks import (
    Block,
    Lecture,
    LectureTitle,
    NestedList,
    Numbered,
    Pause,
    Prose,
    Slide,
    Text,
    narrow,
    walk,
)
from generator.lecture.course import Course, Profile
from generator.lecture.expressions import Varied
from generator.lecture.included_files import embed_image, link_target
from generator.lecture.macros import expand_macros
from generator.lecture.nesting import with_box
from generator.lecture.page_looks import NO_LOOKS, Looks
from generator.lecture.references import number_figures
from generator.lecture.roles import REFERENCE_ROLES, Role, read_role
from generator.lecture.syntax import Span, replace_spans
from generator.plan.planner import Plan
from generator.plan.recipes import recipe_names
from generator.words import say

OUTPUTS = "outputs_{:03}.json"  # the file with what a block of code has shown, as `generator.runners.code` names it
# The libraries that pages name where a task has used them, in this order, and the one that every page is made with.
LIBRARIES = (
    "keras", "tensorflow-cpu", "tensorflow", "torch", "jax", "scikit-learn", "pandas", "scipy", "numpy", "matplotlib",
    "manim",
)  # fmt: skip
PAGES_MADE_WITH = "nbconvert"
NO_NEIGHBORS: Mapping[str, Any] = {"previous": None, "next": None}
CODE_DIGITS = 10  # of the SHA-256 of an experiment's code, as shown with its values


def compose(
    plan: Plan,
    artifacts: Mapping[str, Artifact],
    profile: Profile,
    datasets: Datasets,
    neighbors: Mapping[str, Any] = NO_NEIGHBORS,
    looks: Looks = NO_LOOKS,
) -> Document:
    """Return the document of a planned lecture; `artifacts` must have those of all its tasks.

    neighbors: the lectures before and after it, as `neighbors_of` returns them. looks: those of the course; its license
    is that of a lecture which names none.
    """
    scope = scope_of(plan, artifacts)
    document = Composer(plan, artifacts, scope, profile.name).compose()
    document.looks = looks
    lecture = replace(plan.lecture, license=plan.lecture.license or looks.license)
    document.notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document.notebook.metadata["lectern"] = {
        "name": lecture.name,
        "path": lecture.path,
        "title": lecture.title,
        "subtitle": lecture.subtitle,
        "author": lecture.author,
        "edition": lecture.edition,
        "lang": lecture.lang,
        "minutes": lecture.minutes,
        "profile": profile.name,
        "theme": lecture.theme,
        "aspect": lecture.aspect,
        "references": document.references,
        "provenance": provenance_of(plan, artifacts, datasets, scope),
        "rule_of_verdicts": rule_of(
            [len(ids) for ids in plan.experiments.values()],
            has_data=any(plan.tasks[task].datasets for ids in plan.experiments.values() for task in ids),
        ),
        **neighbors,
    }
    return document


def scope_of(plan: Plan, artifacts: Mapping[str, Artifact]) -> Scope:
    """Return the scope of the lecture's expressions: its experiments and its named figures."""
    names: dict[str, Any] = {}
    project = plan.files.project
    origins, code_digests = {}, load_code_digests(project)
    for name, ids in plan.experiments.items():
        names[name] = merge_seeds([artifacts[task].facts for task in ids])
        use = plan.lecture.experiments.get(name)
        seeds = [dict(plan.tasks[task].arguments).get("seed") for task in ids]
        shown = ", ".join(str(seed.value) for seed in seeds if seed is not None)
        settings = "".join(f", {text}" for text in settings_of(plan.tasks[ids[0]]))
        code = code_digests.of_verbs(plan.tasks[ids[0]].module, ("measure",)).digest[:CODE_DIGITS]
        seed_text = say(", seed {seeds}", seeds=shown) if shown else ""
        recipe = use.recipe if use else name
        origins[name] = (
            say("experiment {name}", name=recipe) + settings + seed_text + say(", code {digest}", digest=code)
        )
    runs = {name: len(ids) for name, ids in plan.experiments.items()}
    for slide in plan.lecture.slides:
        for figure in named_figures(slide.blocks):
            names[figure.name] = facts_of_figure(plan, figure.where, artifacts)
            runs |= {figure.name: 1} if shows_results(plan, figure) else {}
    return Scope(names, origins, tuple(recipe_names("experiment", project)), runs)


def settings_of(task: Task) -> Iterator[str]:
    """Yield what an experiment was run with besides seed and data: each parameter that was given, and its value."""
    for name, argument in task.arguments:
        if name not in ("seed", "data"):
            value = argument.value
            if argument.form == "result":
                value = f"{argument.source}.{argument.value}".rstrip(".")
            elif argument.form == "file" and Path(argument.value).is_absolute():  # it was given, on this machine
                value = Path(argument.value).name
            yield f"{name} {json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else value}"


def facts_of_figure(plan: Plan, where: Where, artifacts: Mapping[str, Artifact]) -> Mapping[str, Any]:
    """Return the facts of the figure at `where`; of one that varies, those of all its states."""
    if where in plan.states:
        return Varied([(state.values, artifacts[state.task].facts["facts"]) for state in plan.states[where]])
    facts: Mapping[str, Any] = artifacts[plan.figures[where]["still"]].facts["facts"]
    return facts


def shows_results(plan: Plan, figure: Numbered) -> bool:
    """Return whether a figure shows the results of an experiment."""
    return bool(plan.tasks[plan.figures[figure.where]["still"]].needs)


def named_figures(blocks: Any) -> list[Any]:
    """Return the figures in `blocks` that have a name."""
    return [block for block in walk(blocks) if isinstance(block, Numbered) and block.name]


def provenance_of(plan: Plan, artifacts: Mapping[str, Artifact], datasets: Datasets, scope: Scope) -> list[str]:
    """Return the lines that say what the pages were made from: experiments, data, machine, libraries.

    Data and libraries are those that the tasks of the lecture have used. The lines have no date, host or path.
    """
    used = {name: version for task in plan.tasks for name, version in artifacts[task].packages.items()}
    versions = [f"{name} {used[name]}" for name in LIBRARIES if name in used]
    versions.append(f"{PAGES_MADE_WITH} {installed_version(PAGES_MADE_WITH)}")
    names_of: dict[str, list[str]] = {}
    for name in plan.experiments:
        names_of.setdefault(scope.origins[name], []).append(name)
    lines = [f"{origin}: {', '.join(names)}" for origin, names in names_of.items()]
    read = [dataset for task in plan.tasks.values() for dataset in task.datasets if dataset in datasets]
    lines += [
        say("data: {name}, SHA-256 {digest}…", name=Path(name).stem, digest=datasets[name][1][:16])
        for name in dict.fromkeys(read)
    ]
    machines = dict.fromkeys(artifacts[task].machine for ids in plan.experiments.values() for task in ids)
    elsewhere = say("elsewhere the last digits differ, and with them perhaps a close verdict")
    lines += [
        say("learned on {machine}; {elsewhere}", machine=machine, elsewhere=elsewhere)
        for machine in machines
        if machine
    ]
    return [*lines, say("made with {libraries}", libraries=", ".join(versions))]


def neighbors_of(lecture: Lecture, course: Course, titles: Mapping[str, LectureTitle]) -> dict[str, Any]:
    """Return the lectures before and after `lecture` in the course, each as its name and title, or None.

    titles: those of the lectures of the course, by name; a neighbor that is not among them is None.
    """
    order = course.lectures
    place = order.index(lecture.name) if lecture.name in order else -1
    before = order[place - 1] if place > 0 else None
    after = order[place + 1] if 0 <= place < len(order) - 1 else None

    def card(name: str | None) -> dict[str, str] | None:
        return {"name": name, "title": titles[name].title} if name and name in titles else None

    return {"previous": card(before), "next": card(after)}


def write_footnote(span: Span, text: str) -> str:
    """Return what replaces a part of a footnote in `text`: a raised mark, in the text and before a small paragraph."""
    if span.kind == "footnote_end":
        return "</small>"
    mark = f"<sup>{html.escape(span.content)}</sup>"
    if span.kind == "footnote":
        return mark
    follows_a_line = text[: span.start].endswith("\n") and not text[: span.start].endswith("\n\n")
    return f"{chr(10) if follows_a_line else ''}{mark} <small>"


def drawn_task(item: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks of an item of a list; the box of a task, with which its text may begin, is drawn."""
    first = item[0] if item else None
    if not isinstance(first, Prose) or first.verbatim:
        return item
    return [replace(first, text=with_box(first.text)), *item[1:]]


class Composer:
    """Writes the notebook of one lecture, cell by cell.

    slide: the one that is being written. local: the scope at this place, which has the facts of the nearest figure
    before it, or of the slide's first. heading: the slide's first cell. runs: how many code blocks that are run have
    been written.
    """

    def __init__(self, plan: Plan, artifacts: Mapping[str, Artifact], scope: Scope, profile: str) -> None:
        self.plan, self.artifacts, self.scope, self.profile = plan, artifacts, scope, profile
        self.lecture = plan.lecture
        self.document = Document(nbformat.v4.new_notebook())
        self.slide: Slide | None = None
        self.audience = "both"
        self.local = scope
        self.figures = number_figures(self.lecture)
        self.titles: dict[str, str] = {}
        self.heading: Any = None
        self.outputs = self.read_outputs()
        self.runs = 0

    def read_outputs(self) -> list[Any]:
        """Return what the lecture's code printed: for each block that is run, a list of nbformat outputs.

        Each is that of the task of its block, and so stays when only what is below it was edited. Where the last run
        has shown something else, that is told: what is below has been made from that.
        """
        *_, last = [None, *self.plan.code]
        outputs: list[Any] = []
        for number, task in enumerate(self.plan.code):
            shown, newest = (self.artifacts[name].files[OUTPUTS.format(number)].read_bytes() for name in (task, last))
            outputs.append(json.loads(shown))
            if shown != newest:
                problem = "what this code shows differs from run to run; the pages have what it has shown first"
                hint = (
                    "let it draw its random numbers from a seed, and print no times: the code below may not fit to it"
                )
                self.document.warnings.append(SourceError(problem, self.plan.tasks[task].where, hint))
        return outputs

    def compose(self) -> Document:
        """Return the document; its errors include every text that could not be filled in."""
        for slide in self.lecture.slides:
            self.slide = slide
            self.local = self.scope_at(slide)
            with telling(slide.where, "this cannot be composed"):
                self.add_heading(slide)
            self.add_blocks(slide.blocks)
        self.document.references = self.plan.references.table(lambda slide: self.titles[slide.anchor])
        return self.document

    def scope_at(self, slide: Slide) -> Scope:
        """Return the scope at the start of `slide`, where the facts of its first figure, if any, need no name."""
        first = next((block for block in walk(slide.blocks) if isinstance(block, Numbered)), None)
        return self.scope_of_figure(first) if first else self.local

    def scope_of_figure(self, figure: Numbered) -> Scope:
        """Return the scope in which the facts of `figure` need no name."""
        return self.scope.with_figure(self.facts_of(figure), is_measured=shows_results(self.plan, figure))

    def facts_of(self, figure: Numbered) -> Mapping[str, Any]:
        """Return the facts of a figure."""
        return facts_of_figure(self.plan, figure.where, self.artifacts)

    def fill(self, text: Text, *, plain: bool = False) -> str:
        """Return a text with its images embedded, its values and its links by reference written.

        References are left as they are. If a value cannot be written, adds the error to the document and writes `?`.
        """

        def write(span: Span) -> str | None:
            if span.kind == "image":
                return embed_image(span, text.where.below(span.line), self.plan.files)
            if span.kind == "role":
                role = read_role(span, text.where.line, text.where.path)
                return self.write_role(role, text.where.path, plain=plain or span.in_image)
            return self.write_mark(span, text.source)

        known = len(self.document.errors)
        filled = replace_spans(text.source, write, self.lecture.definitions)
        self.lecture.point(self.document.errors[known:], [text])
        return expand_macros(filled, self.lecture.macros, text.where)

    def write_mark(self, span: Span, text: str) -> str | None:
        """Return what replaces a link, a footnote, or the end of a formula in `text`; None for anything else."""
        if span.kind == "link":
            return link_target(span.address, span.title)
        if span.kind == "equation":  # TeX's own way to number, which notebooks know; pages write it beside the formula
            return rf" \tag{{{self.plan.references.equations[span.content].number}}}$$"
        if span.kind.startswith("footnote"):
            return write_footnote(span, text)
        return span.content if span.kind == "mark" else None  # notebooks know formulas between dollars alone

    def write_role(self, role: Role, path: str, *, plain: bool) -> str | None:
        """Return the text that replaces a role, `?` after an error; None for a reference, which each page words."""
        if role.name in REFERENCE_ROLES:
            return None
        try:
            shown = self.local.fill(role, path, plain=plain or role.in_formula)
        except LectureError as error:
            self.document.errors.append(error)
            return "?"
        return as_latex(shown) if role.in_formula else shown

    def add_cell(
        self, kind: str, source: str, where: Where, cell: Cell | None = None, *, slide_type: str = "-", **facts: Any
    ) -> Any:
        """Append a Markdown cell of this kind and return it.

        cell: what it says besides its source. facts: what applies to cells of all kinds, such as `fragment`.
        """
        # Not validated, and neither are the other cells here: what is exported in the end is validated as a whole.
        new = {"cell_type": "markdown", "metadata": {}, "source": source}
        return self.append(new, kind, where, cell, slide_type=slide_type, **facts)

    def append(
        self,
        new: Mapping[str, Any],
        kind: str,
        where: Where,
        cell: Cell | None = None,
        *,
        slide_type: str = "-",
        **facts: Any,
    ) -> Any:
        """Append the cell `new`, with the metadata that exporters read, and return it."""
        node, cells = nbformat.from_dict(new), self.document.notebook.cells
        node["id"] = f"cell-{len(cells):04d}"
        anchor = self.slide.anchor if self.slide else ""
        node.metadata["slideshow"] = {"slide_type": slide_type}
        said = {"cell": cell.as_facts()} if cell and fields(cell) else {}
        elsewhere = {"path": where.path} if where.path != self.lecture.path else {}
        node.metadata["lectern"] = {
            "kind": kind, "slide": anchor, "line": where.line, **elsewhere, "audience": self.audience, **facts, **said,
        }  # fmt: skip
        cells.append(node)
        return node

    def add_heading(self, slide: Slide) -> None:
        """Append the heading of a slide, or of the part that it starts."""
        title = self.titles[slide.anchor] = self.fill(Text(slide.title, slide.where), plain=True)
        kind, mark = ("part", "#") if slide.starts_part else ("slide", "##")
        slide_type = "slide" if slide.starts_part or not slide.continued else "subslide"
        found = read_background(slide.background, self.plan.files, slide.where)
        stands_on = (found.color, found.image, found.theme) if found else ()
        cell = TitleCell(title, slide.continued, slide.minutes, *stands_on)
        cell = replace(cell, appendix=slide.appendix)
        self.heading = self.add_cell(kind, f"{mark} {title}", slide.where, cell, slide_type=slide_type)

    def add_prose(self, prose: Prose) -> None:
        """Append Markdown text."""
        text = prose.text if prose.verbatim else self.fill(Text(prose.text, prose.where))
        self.add_cell("prose", text, prose.where, ProseCell(prose.verbatim))

    def add_pause(self, pause: Pause) -> None:
        """Append a cell that stands for a pause."""
        self.add_cell("pause", "", pause.where, slide_type="fragment")

    def add_blocks(self, blocks: Iterable[Block]) -> None:
        """Append the cells of blocks; raise SourceError, at the line of one, if anything unforeseen happens."""
        for block in blocks:
            with telling(block.where, "this cannot be composed"):
                block.compose(self)

    @contextmanager
    def only_for(self, audience: str) -> Iterator[None]:
        """Mark the cells that are appended as being for those alone who see what is for `audience`."""
        outer, self.audience = self.audience, narrow(self.audience, audience)
        try:
            yield
        finally:
            self.audience = outer

    def add_list(self, nested: NestedList) -> None:
        """Append the items of a list as a group."""
        self.add_group("list", [*map(drawn_task, nested.items)], nested.where, ListCell(nested.start))

    def add_group(self, kind: str, columns: Sequence[Sequence[Block]], where: Where, cell: Cell | None = None) -> None:
        """Append the blocks of a group: between two cells, where it begins and ends, with one more between columns."""
        self.add_cell(kind, "", where, cell, group="begin")
        for index, column in enumerate(columns):
            if index:
                self.add_cell(kind, "", where, group="next")
            self.add_blocks(column)
        self.add_cell(kind, "", where, group="end")

    def ask(self, question: str) -> str:
        """Put a question, as Markdown, in place of the slide's title until its answer is shown; return the title."""
        cell = self.heading.metadata["lectern"]["cell"]
        cell["question"] = question
        return str(cell["title"])

    def enter_figure(self, figure: Numbered) -> None:
        """Let texts name the facts of `figure` from here on without its name."""
        self.local = self.scope_of_figure(figure)

    def next_outputs(self) -> tuple[int, list[Any]]:
        """Return the number of the next block of code that was run, and what it printed, as nbformat outputs."""
        self.runs += 1
        return self.runs, self.outputs[self.runs - 1]

    def files_of(self, tasks: Mapping[str, str]) -> dict[str, bytes]:
        """Return the files of the tasks of one figure (ids by runner), by file name."""
        return {file: path.read_bytes() for task in tasks.values() for file, path in self.artifacts[task].files.items()}
