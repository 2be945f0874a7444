"""A made-up lecture whose figures ask: a still with choices, a film, and one between two texts."""

from typing import Any

import nbformat
from nbformat import NotebookNode
from sample_lecture import FRONT, MARKS, STEPS, add_cell, add_figure, picture, sample_assets

from generator.document.tree import Document

ASKED = "How many cells does the window leave out?"
ANSWERED = "The window leaves out one column"
BEFORE = {"alt": "A grid without its window.", "choices": "bottom"}
CHOICES = ["none", "one column", "a row and a column"]


def asking_document(**front: Any) -> Document:
    """Return the lecture as a document, with the files of its figures; `front` replaces entries of its front matter."""
    assets = sample_assets()
    assets["fig-2"] |= picture("question", 1280, 600, 0)
    return Document(asking_notebook(**front), assets)


def asking_notebook(**front: Any) -> NotebookNode:
    """Return the lecture's notebook."""
    notebook = nbformat.v4.new_notebook(metadata={"lectern": {**FRONT, **front}})
    cells = notebook.cells
    add_cell(cells, "part", "# Asked", anchor="asked")
    _ask(cells, "choices", ANSWERED)
    add_figure(cells, 2, "still", caption=f"{ANSWERED} and says so.", **_asked(ANSWERED, CHOICES, leads=True))
    _ask(cells, "film", "It takes three steps", "How many steps does it take?")
    add_figure(
        cells, 1, "film", steps=STEPS, marks=MARKS, seconds=MARKS[-1],
        **_asked("It takes three steps", [], "How many steps does it take?", leads=True),
    )  # fmt: skip
    _ask(cells, "before", ANSWERED)
    add_figure(cells, 2, "still", before=BEFORE, **_asked(ANSWERED, CHOICES, leads=True))
    _ask(cells, "texts", ANSWERED)
    add_cell(cells, "prose", "A window of three slides over eight columns.")
    add_figure(cells, 4, "still", (540, 440), **_asked(ANSWERED, CHOICES[:2], leads=False))
    add_cell(cells, "prose", "The eighth column is left out.")
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:04d}"
    return notebook


def _ask(cells: list[NotebookNode], anchor: str, title: str, question: str = ASKED) -> None:
    add_cell(cells, "slide", f"## {title}", anchor=anchor, question=question)


def _asked(answer: str, choices: list[str], question: str = ASKED, *, leads: bool) -> dict[str, Any]:
    return {"question": question, "choices": choices, "answer": answer, "leads": leads}
