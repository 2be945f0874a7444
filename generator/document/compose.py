"""Composes the document of a lecture: one notebook, with every value and every figure in it, that all formats export.

What differs between pages is left to the formats: references stay as written, and blocks for all audiences are in it.
"""

import html
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from generator.disk import installed_version
from generator.document.facts import Scope, as_latex, check_claim, claim_error, merge_seeds
from generator.document.outputs import settle, unshown
from generator.document.tree import Document, asset_name, escape_alt
from generator.engine.code_digest.digest import load_code_digests
from generator.engine.keys import Datasets
from generator.engine.store import Artifact
from generator.errors import LectureError, SourceError, telling
from generator.lecture.blocks import (
    Block,
    Claim,
    Code,
    Columns,
    Exercise,
    Figure,
    Lecture,
    Notes,
    Only,
    PartsList,
    Pause,
    Prose,
    Quiz,
    Slide,
    narrow,
    walk,
)
from generator.lecture.course import Course, Profile
from generator.lecture.included_files import embed_image, link_target, read_snippet
from generator.lecture.references import number_figures
from generator.lecture.roles import REFERENCE_ROLES, Role, read_role
from generator.lecture.syntax import Span, replace_spans
from generator.plan.planner import Plan
from generator.plan.recipes import recipe_names

LIBRARIES = ("keras", "tensorflow-cpu", "tensorflow", "numpy", "matplotlib", "manim", "nbconvert")
NO_NEIGHBORS: Mapping[str, Any] = {"previous": None, "next": None}
CODE_DIGITS = 10  # of the SHA-256 of an experiment's code, as shown with its values


def compose(
    plan: Plan,
    artifacts: Mapping[str, Artifact],
    profile: Profile,
    datasets: Datasets,
    neighbors: Mapping[str, Any] = NO_NEIGHBORS,
) -> Document:
    """Return the document of a planned lecture; `artifacts` must have those of all its tasks.

    neighbors: the lectures before and after it, as `neighbors_of` returns them.
    """
    scope = scope_of(plan, artifacts)
    document = Composer(plan, artifacts, scope, profile.name).compose()
    lecture = plan.lecture
    document.notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document.notebook.metadata["lectern"] = {
        "name": lecture.name,
        "path": lecture.path,
        "title": lecture.title,
        "subtitle": lecture.subtitle,
        "author": lecture.author,
        "lang": lecture.lang,
        "minutes": lecture.minutes,
        "profile": profile.name,
        "theme": lecture.theme,
        "aspect": lecture.aspect,
        "references": document.references,
        "provenance": provenance_of(plan, datasets, scope),
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
        code = code_digests.of_verbs(plan.tasks[ids[0]].module, ("measure",)).digest[:CODE_DIGITS]
        seed_text = f", seed {shown}" if shown else ""
        origins[name] = f"experiment {use.recipe if use else name}{seed_text}, code {code}"
    for slide in plan.lecture.slides:
        for figure in named_figures(slide.blocks):
            names[figure.name] = artifacts[plan.figures[figure.line]["still"]].facts["facts"]
    return Scope(names, origins, tuple(recipe_names("experiment", project)))


def named_figures(blocks: Any) -> list[Any]:
    """Return the figures in `blocks` that have a name."""
    return [block for block in walk(blocks) if isinstance(block, Figure) and block.name]


def provenance_of(plan: Plan, datasets: Datasets, scope: Scope) -> list[str]:
    """Return the lines that say what the pages were made from: experiments, data, libraries; no date, host or path."""
    versions = [f"{name} {installed_version(name)}" for name in LIBRARIES if installed_version(name)]
    dataset = plan.lecture.dataset
    names_of: dict[str, list[str]] = {}
    for name in plan.experiments:
        names_of.setdefault(scope.origins[name], []).append(name)
    lines = [f"{origin}: {', '.join(names)}" for origin, names in names_of.items()]
    lines += [f"data: {Path(dataset).stem}, SHA-256 {datasets[dataset][1][:16]}…"] if dataset in datasets else []
    return [*lines, f"made with {', '.join(versions)}"]


def neighbors_of(lecture: Lecture, course: Course, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the lectures before and after `lecture` in the course, each as its name and title, or None.

    titles: those of the lectures of this build, by name; a neighbor that is not among them is None.
    """
    order = course.lectures
    place = order.index(lecture.name) if lecture.name in order else -1
    before = order[place - 1] if place > 0 else None
    after = order[place + 1] if 0 <= place < len(order) - 1 else None

    def card(name: str | None) -> dict[str, str] | None:
        return {"name": name, "title": titles[name]} if name and name in titles else None

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


class Composer:
    """Writes the notebook of one lecture, cell by cell.

    slide: the one that is being written. local: the scope at this place, which has the facts of the nearest figure
    before it, or of the slide's first. runs: how many code blocks that are run have been written.
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
        self.outputs = self.read_outputs()
        self.runs = 0

    def read_outputs(self) -> list[Any]:
        """Return what the lecture's code printed: for each block that is run, a list of nbformat outputs."""
        if not self.plan.code:
            return []
        outputs: list[Any] = json.loads(self.artifacts[self.plan.code].files["outputs.json"].read_bytes())
        return outputs

    def compose(self) -> Document:
        """Return the document; its errors include every text that could not be filled in."""
        for slide in self.lecture.slides:
            self.slide = slide
            self.local = self.scope_at(slide)
            with telling(self.lecture.where(slide.line), "this cannot be composed"):
                self.add_heading(slide)
            for block in slide.blocks:
                self.add_block(block)
        self.document.references = self.plan.references.table(lambda slide: self.titles[slide.anchor])
        return self.document

    def scope_at(self, slide: Slide) -> Scope:
        """Return the scope at the start of `slide`, where the facts of its first figure, if any, need no name."""
        first = next((block for block in walk(slide.blocks) if isinstance(block, Figure)), None)
        return self.scope.with_figure(self.facts_of(first)) if first else self.local

    def facts_of(self, figure: Figure) -> Mapping[str, Any]:
        """Return the facts of a figure."""
        facts: Mapping[str, Any] = self.still_of(figure).facts["facts"]
        return facts

    def still_of(self, figure: Figure) -> Artifact:
        """Return the artifact of a figure's still."""
        return self.artifacts[self.plan.figures[figure.line]["still"]]

    def fill(self, text: str, line: int, *, plain: bool = False) -> str:
        """Return `text` with its images embedded, its values and its links by reference written.

        References are left as they are. If a value cannot be written, adds the error to the document and writes `?`.
        """

        def write(span: Span) -> str | None:
            if span.kind == "image":
                return embed_image(span, self.lecture.where(line + span.line), self.plan.files)
            if span.kind == "role":
                return self.write_role(read_role(span, line, self.lecture.path), plain=plain or span.in_image)
            return self.write_mark(span, text)

        known = len(self.document.errors)
        filled = replace_spans(text, write, self.lecture.definitions)
        self.lecture.point(self.document.errors[known:], [(text, line)])
        return filled

    def write_mark(self, span: Span, text: str) -> str | None:
        """Return what replaces a link, a footnote, or the end of a formula in `text`; None for anything else."""
        if span.kind == "link":
            return link_target(span.address, span.title)
        if span.kind == "equation":  # TeX's own way to number, which notebooks know; pages write it beside the formula
            return rf" \tag{{{self.plan.references.equations[span.content].number}}}$$"
        if span.kind.startswith("footnote"):
            return write_footnote(span, text)
        return span.content if span.kind == "mark" else None  # notebooks know formulas between dollars alone

    def write_role(self, role: Role, *, plain: bool) -> str | None:
        """Return the text that replaces a role, `?` after an error; None for a reference, which each page words."""
        if role.name in REFERENCE_ROLES:
            return None
        try:
            shown = self.local.fill(role, self.lecture.path, plain=plain or role.in_formula)
        except LectureError as error:
            self.document.errors.append(error)
            return "?"
        return as_latex(shown) if role.in_formula else shown

    def add_cell(self, kind: str, source: str, line: int, slide_type: str = "-", **fields: Any) -> Any:
        """Append a Markdown cell of this kind, with `fields` in its metadata, and return it."""
        # Not validated, and neither are the other cells here: what is exported in the end is validated as a whole.
        cell = nbformat.from_dict({"cell_type": "markdown", "metadata": {}, "source": source})
        return self.append(cell, kind, line, slide_type, fields)

    def add_marker(self, kind: str, line: int, slide_type: str = "-") -> None:
        """Append an empty cell that stands for something or affects the cells after it."""
        self.add_cell(kind, "", line, slide_type)

    def append(self, cell: Any, kind: str, line: int, slide_type: str, fields: Mapping[str, Any]) -> Any:
        """Append `cell`, with the metadata that exporters read (and `fields`), and return it."""
        cells = self.document.notebook.cells
        cell["id"] = f"cell-{len(cells):04d}"
        anchor = self.slide.anchor if self.slide else ""
        cell.metadata["slideshow"] = {"slide_type": slide_type}
        cell.metadata["lectern"] = {"kind": kind, "slide": anchor, "line": line, "audience": self.audience, **fields}
        cells.append(cell)
        return cell

    def add_heading(self, slide: Slide) -> None:
        """Append the heading of a slide, or of the part that it starts."""
        title = self.titles[slide.anchor] = self.fill(slide.title, slide.line, plain=True)
        kind, mark = ("part", "#") if slide.starts_part else ("slide", "##")
        slide_type = "slide" if slide.starts_part or not slide.continued else "subslide"
        fields = {"part": slide.part, "minutes": slide.minutes, "continued": slide.continued, "title": title}
        self.add_cell(kind, f"{mark} {title}", slide.line, slide_type, **fields)

    def add_block(self, block: Block) -> None:
        """Append the cells of one block; raise SourceError, at its line, if anything unforeseen happens."""
        with telling(self.lecture.where(block.line), "this cannot be composed"):
            WRITERS[type(block)](self, block)

    def add_prose(self, prose: Prose) -> None:
        """Append Markdown text."""
        text = prose.text if prose.verbatim else self.fill(prose.text, prose.line)
        self.add_cell("prose", text, prose.line, incremental=prose.incremental, verbatim=prose.verbatim)

    def add_notes(self, notes: Notes) -> None:
        """Append the speaker's notes."""
        self.add_cell("notes", self.fill(notes.text, notes.line), notes.line, "notes")

    def add_exercise(self, exercise: Exercise) -> None:
        """Append an exercise."""
        self.add_cell("exercise", self.fill(exercise.text, exercise.line), exercise.line)

    def add_only(self, only: Only) -> None:
        """Append blocks for one audience only; those for the teacher are one solution, between two marker cells."""
        outer_audience, self.audience = self.audience, narrow(self.audience, only.audience)
        markers = ("solution", "solution_end") if only.audience == "teacher" else ()
        for marker in markers[:1]:
            self.add_marker(marker, only.line)
        for block in only.blocks:
            self.add_block(block)
        for marker in markers[1:]:
            self.add_marker(marker, only.line)
        self.audience = outer_audience

    def add_columns(self, columns: Columns) -> None:
        """Append blocks side by side: a cell before each column but the first, and one at the start and end."""
        self.add_cell("columns", "", columns.line, columns=len(columns.columns))
        for index, column in enumerate(columns.columns):
            if index:
                self.add_cell("column", "", columns.line)
            for block in column:
                self.add_block(block)
        self.add_cell("columns_end", "", columns.line)

    def add_claim(self, claim: Claim) -> None:
        """Append the sentence of a claim; if it does not hold, add an error (outside the profile `full`, a warning)."""
        where = self.lecture.where(claim.line)
        holds = True
        try:
            holds = check_claim(claim, self.local, where)
            if not holds:
                problems = self.document.errors if self.profile == "full" else self.document.warnings
                problems.append(claim_error(claim, self.local, where))
        except LectureError as error:
            self.document.errors.append(error)
        origin = self.local.origin_of(claim.condition)
        text = self.fill(claim.text, claim.line + 1)
        self.add_cell("claim", text, claim.line, condition=claim.condition, experiment=origin, holds=holds)

    def add_quiz(self, quiz: Quiz) -> None:
        """Append a quiz; the roles in its options are filled in, so that the right one can be a computed number."""
        options = [self.fill(option, quiz.line) for option in quiz.options]
        explanation = self.fill(quiz.explanation, quiz.line)
        fields = {"options": options, "answer": quiz.answer, "explanation": explanation}
        self.add_cell("quiz", self.fill(quiz.question, quiz.line), quiz.line, quiz=fields)

    def add_code(self, code: Code) -> None:
        """Append code, with its outputs if it is run."""
        source = read_snippet(code, self.plan.files, self.lecture.where(code.line))
        number, outputs = (self.runs + 1, self.outputs[self.runs]) if code.run else (None, [])
        self.runs += code.run
        for kind in dict.fromkeys(filter(None, map(unshown, outputs))):
            hint = "only the notebook has it: make a plot a figure kind (docs/guide/figures.md), or print what it says"
            problem = f"the code shows {kind}, which slides and handout leave away"
            self.document.warnings.append(SourceError(problem, self.lecture.where(code.line), hint))
        cell: dict[str, Any] = {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "execution_count": number,
            "outputs": [settle(output) for output in outputs],
        }
        highlight = [list(step) for step in code.highlight]
        fields = {
            "language": "python",
            "caption": self.fill(code.caption, code.line),
            "source_file": code.path or None,
            "highlight": highlight,
            "run": code.run,
        }
        self.append(nbformat.from_dict(cell), "code", code.line, "-", fields)

    def files_of(self, tasks: Mapping[str, str]) -> dict[str, bytes]:
        """Return the files of the tasks of one figure (ids by runner), by file name."""
        return {file: path.read_bytes() for task in tasks.values() for file, path in self.artifacts[task].files.items()}

    def add_figure(self, figure: Figure) -> None:
        """Append a figure: the still is attached to the cell, and all its files are added to the document's assets."""
        self.local = self.scope.with_figure(self.facts_of(figure))
        place = self.figures[figure.line]
        name, number = place.id, place.number
        still = self.still_of(figure)
        film_task = self.plan.figures[figure.line].get("film")
        film = self.artifacts[film_task] if film_task else None
        files = self.document.assets[name] = self.files_of(self.plan.figures[figure.line])
        if themed := self.plan.themed.get(figure.line):
            self.document.assets[asset_name(name, self.lecture.theme)] = self.files_of(themed)
        description = {
            "id": name,
            "number": number,
            "kind": figure.kind,
            "caption": self.fill(figure.caption, figure.line),
            "alt": still.facts["alt"],
            "steps": still.facts["steps"],
            "facts": still.facts["facts"],
            "width": still.facts["width"],
            "height": still.facts["height"],
            "view": "film" if film else "still",
            "marks": film.facts["marks"] if film else None,
            "seconds": film.facts["seconds"] if film else None,
        }
        cell = self.add_cell(
            "figure", f"![{escape_alt(description['alt'])}](attachment:still.svg)", figure.line, fragment=figure.reveal
        )
        cell.metadata["lectern"]["figure"] = description
        cell["attachments"] = {"still.svg": {"image/svg+xml": files["still.svg"].decode("utf-8")}}


WRITERS: dict[type, Callable[[Composer, Any], None]] = {
    Prose: Composer.add_prose,
    Notes: Composer.add_notes,
    Exercise: Composer.add_exercise,
    Pause: lambda composer, block: composer.add_marker("pause", block.line, "fragment"),
    PartsList: lambda composer, block: composer.add_marker(block.role, block.line),
    Claim: Composer.add_claim,
    Quiz: Composer.add_quiz,
    Code: Composer.add_code,
    Figure: Composer.add_figure,
    Columns: Composer.add_columns,
    Only: Composer.add_only,
}
