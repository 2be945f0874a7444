"""The lecture as a Jupyter notebook that students can run and continue from; without notes and solutions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat import NotebookNode

from generator.document.cells import Cell, ListCell, TitleCell, read_cell
from generator.document.format import Format
from generator.document.tree import Document, PageTree
from generator.html.exporter import UncopiedNotebook
from generator.html.links import Table, cells_without_links, glossary_of, works_of
from generator.html.nbconvert_exporters import NotebookExporter
from generator.html.titles import title_words
from generator.lecture.directive import find_form
from generator.lecture.nesting import indented
from generator.words import say

# Cells that get their kind, or that of the group that they are in, as a tag, which Jupyter's tools can filter by.
_TAGGED_KINDS: Final = frozenset({"notes", "exercise", "quiz", "claim"})
_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


def export(document: Document, project: Path) -> bytes:  # noqa: ARG001 - the signature of every format
    """Return the lecture as an .ipynb file for students, valid and always the same bytes."""
    return export_notebook(document, "handout")


def export_notebook(document: Document, audience: str) -> bytes:
    """Return a lecture as an .ipynb file for one of AUDIENCES."""
    plain = plain_notebook(document, audience)
    nbformat.validate(plain)
    text, _ = NotebookExporter(default_preprocessors=[]).from_notebook_node(UncopiedNotebook(plain))
    return (str(text).rstrip("\n") + "\n").encode()


def plain_notebook(document: Document, audience: str) -> NotebookNode:
    """Return a notebook that Jupyter shows without Lectern: stills attached, notes tagged, no layout cells."""
    front = document.front
    about = {"title": title_words(front["title"], tags=False), "kernelspec": _KERNEL, "lectern": describe(document)}
    plain = nbformat.v4.new_notebook(metadata=about)
    plain.cells = [_title(front)]
    cells = cells_without_links(document.notebook, audience)  # Jupyter has no anchors to link to
    is_for_students = audience != "teacher"
    for cell, groups in _with_groups(_cells_for_students(cells) if is_for_students else cells):
        shown = _plain_cell(cell, groups, document)
        plain.cells.append(_folded(shown) if is_for_students and "solution" in groups else shown)
    plain.cells += _lists(document.tree(audience), front.get("references", {}))
    for number, cell in enumerate(plain.cells):
        cell["id"] = sha256(f"{number}\n{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    return plain


def _cells_for_students(cells: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the cells that students may read: no notes, nothing for teachers only."""
    for cell in cells:
        if _kind(cell) != "notes" and cell.metadata["lectern"].get("audience") != "teacher":
            yield cell


def describe(document: Document) -> dict[str, Any]:
    """Return the summary of a lecture in its notebook's metadata, from which the course's index is written."""
    tree = document.tree("handout")
    front = {name: tree.front[name] for name in ("title", "subtitle", "lang", "minutes", "profile")}
    parts = [
        {"title": part.opening.title, "anchor": part.opening.anchor, "minutes": part.minutes} for part in tree.titled
    ]
    return {**front, "parts": parts}


def _kind(cell: NotebookNode) -> str:
    return str(cell.metadata.get("lectern", {}).get("kind", ""))


def _title(front: Mapping[str, Any]) -> NotebookNode:
    badge = f"**{say('quick build')}**" if front["profile"] == "quick" else ""
    opening = [f"# {front['title']}", badge, front["subtitle"], front["author"], front.get("edition", "")]
    source = "\n\n".join(filter(None, opening)) + "\n\n" + "\n".join(f"- {line}" for line in front["provenance"])
    return _markdown_cell(source.strip(), {"slideshow": {"slide_type": "slide"}})


def _lists(tree: PageTree, table: Table) -> list[NotebookNode]:
    """Return a cell with the definitions of terms and a cell with the works cited, if there are any."""
    terms = [f"- **{entry.word}**: {entry.text}" for entry in glossary_of(tree, table)]
    works = [f"- {entry.text}" for entry in works_of(tree, table)]
    lists = ((say("Glossary"), terms), (say("References"), works))
    return [_markdown_cell(f"## {title}\n\n" + "\n".join(lines), {}) for title, lines in lists if lines]


def _markdown_cell(source: str, metadata: Mapping[str, Any]) -> NotebookNode:
    return nbformat.from_dict({"cell_type": "markdown", "metadata": metadata, "source": source})


def _with_groups(cells: Iterable[NotebookNode]) -> Iterator[tuple[NotebookNode, list[str]]]:
    """Yield each cell that holds something, with the kinds of the groups of blocks that it is in."""
    groups: list[str] = []
    markers = _Markers()
    for cell in cells:
        step = cell.metadata["lectern"].get("group")
        markers.take(cell, step)
        if step == "begin":
            groups.append(_kind(cell))
        elif step == "end":
            groups.pop()
        elif not step and _kind(cell) != "pause":
            cell.source = markers.mark(cell.source) if cell.cell_type == "markdown" else cell.source
            yield cell, groups


@dataclass(slots=True)
class _Container:
    """A list or a quote that is open: what its cell says, the number of the item, and whether that has begun."""

    cell: Cell
    item: int = 0
    has_begun: bool = False


class _Markers:
    """Marks the text in lists and quotes that hold other blocks: each cell is a text of its own in Jupyter."""

    def __init__(self) -> None:
        self.open: list[_Container] = []

    def take(self, cell: NotebookNode, step: str | None) -> None:
        """Note that a list or a quote begins, goes on with its next item, or ends."""
        if _kind(cell) not in ("list", "quote"):
            return
        if step == "begin":
            self.open.append(_Container(read_cell(_kind(cell), cell.metadata["lectern"])))
        elif step == "next":
            self.open[-1] = _Container(self.open[-1].cell, self.open[-1].item + 1)
        elif step == "end":
            self.open.pop()

    def mark(self, source: str) -> str:
        """Return Markdown with the marks of all that it stands in; of an item, only the first text has one."""
        for container in reversed(self.open):
            if not isinstance(container.cell, ListCell):
                source = indented(source, "> ")
            elif not container.has_begun:
                source = indented(source, container.cell.marker(container.item))
            container.has_begun = True
        return source


def _plain_cell(cell: NotebookNode, groups: Iterable[str], document: Document) -> NotebookNode:
    """Return a cell, which is a copy already, as Jupyter shows it."""
    kind, facts = _kind(cell), cell.metadata.pop("lectern", {})
    solution = {"solution"} if facts.get("audience") == "teacher" or "solution" in groups else set()
    cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), *({kind, *groups} & _TAGGED_KINDS), *solution})
    if not cell.metadata["tags"]:
        del cell.metadata["tags"]
    said = read_cell(kind, facts)
    if form := find_form(kind, "jupyter"):
        form.write(cell, said, document)
    elif isinstance(said, TitleCell) and said.question:  # the title is the answer, and stands there
        cell.source = f"## {said.question}"
    return cell


def _folded(cell: NotebookNode) -> NotebookNode:
    """Return a cell of a solution folded: text under a word to press, code as Jupyter folds cells."""
    if cell.cell_type == "markdown":
        cell.source = f"<details><summary>{say('Solution')}</summary>\n\n{cell.source}\n\n</details>"
    else:
        cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    return cell


FORMAT = Format("notebook.ipynb", export, label="Notebook", published="notebook.ipynb")
