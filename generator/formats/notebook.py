"""The lecture as a Jupyter notebook that students can run and continue from; without notes and solutions."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from generator.document.format import Format
from generator.document.tree import Document, PageTree
from generator.html.exporter import UncopiedNotebook
from generator.html.figure import Assets
from generator.html.links import Table, cells_without_links, glossary_of, works_of
from generator.html.titles import title_words
from generator.lecture.syntax import tokens_of

# Cells that only lay out our own pages; and cells that get their kind as a tag, which Jupyter's tools can filter by.
_LAYOUT_KINDS: Final = frozenset({"pause", "columns", "column", "columns_end", "solution", "solution_end"})
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
    for cell in cells if audience == "teacher" else _cells_for_students(cells):
        if _kind(cell) not in _LAYOUT_KINDS:
            plain.cells.append(_plain_cell(cell, document))
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
    badge = "**quick build**" if front["profile"] == "quick" else ""
    opening = [f"# {front['title']}", badge, front["subtitle"], front["author"]]
    source = "\n\n".join(filter(None, opening)) + "\n\n" + "\n".join(f"- {line}" for line in front["provenance"])
    return _markdown_cell(source.strip(), {"slideshow": {"slide_type": "slide"}})


def _lists(tree: PageTree, table: Table) -> list[NotebookNode]:
    """Return a cell with the definitions of terms and a cell with the works cited, if there are any."""
    terms = [f"- **{entry.word}**: {entry.text}" for entry in glossary_of(tree, table)]
    works = [f"- {entry.text}" for entry in works_of(tree, table)]
    lists = (("Glossary", terms), ("References", works))
    return [_markdown_cell(f"## {title}\n\n" + "\n".join(lines), {}) for title, lines in lists if lines]


def _markdown_cell(source: str, metadata: Mapping[str, Any]) -> NotebookNode:
    return nbformat.from_dict({"cell_type": "markdown", "metadata": metadata, "source": source})


def _plain_cell(cell: NotebookNode, document: Document) -> NotebookNode:
    new, kind = cell, _kind(cell)  # a copy already, made by cells_without_links
    facts = new.metadata.pop("lectern", {})
    solution = {"solution"} if facts.get("audience") == "teacher" else set()
    new.metadata["tags"] = sorted({*new.metadata.get("tags", []), *({kind} & _TAGGED_KINDS), *solution})
    if not new.metadata["tags"]:
        del new.metadata["tags"]
    if kind == "figure":
        new.source, new["attachments"] = _figure(facts["figure"], document.assets)
    elif kind == "quiz":
        new.source = quiz_source(new.source, facts["quiz"])
    elif kind in {"agenda", "recap"}:
        new.source = _parts(document.notebook)
    return new


def _figure(facts: Mapping[str, Any], assets: Assets) -> tuple[str, dict[str, dict[str, str]]]:
    """Return Markdown, and its still as an attachment in base64, as Jupyter wants SVG attachments."""
    name, still = f"{facts['id']}.svg", assets[facts["id"]]["still.svg"]
    alt = facts["alt"].replace("[", "(").replace("]", ")").replace("\n", " ")
    caption = f"**Figure {facts['number']}.** {facts['caption']}".strip()
    steps = "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(facts["steps"], start=1))
    source = f"![{alt}](attachment:{name})\n\n{caption}" + (f"\n\n{steps}" if steps else "")
    return source, {name: {"image/svg+xml": b64encode(still).decode()}}


def quiz_source(question: str, quiz: Mapping[str, Any]) -> str:
    """Return a quiz as Markdown, with the answer and the explanation folded away."""
    options = "\n".join(f"- **{letter}** {option}" for letter, option in zip("ABCDEFGH", quiz["options"], strict=False))
    letter, why = "ABCDEFGH"[quiz["answer"]], quiz["explanation"]
    # Behind the letter, only a paragraph stays what it is; a list or a table begins below it.
    gap = " " if not why or tokens_of(why)[0].type == "paragraph_open" else "\n\n"
    answer = f"**{letter}.**{gap if why else ''}{why}"
    return f"{question}\n\n{options}\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>"


def _parts(notebook: NotebookNode) -> str:
    titles = (cell.source.lstrip("#").strip() for cell in notebook.cells if _kind(cell) == "part")
    return "\n".join(f"{at}. {title}" for at, title in enumerate(titles, start=1))


FORMAT = Format("notebook.ipynb", export, label="Notebook")
