"""The lecture as a Jupyter notebook for whoever teaches it: with notes, and with solutions, both tagged."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats.notebook import export_notebook


def export(document: Document, project: Path) -> bytes:  # noqa: ARG001 - every format takes the project
    """Return the teacher's notebook, valid and the same bytes each time."""
    return export_notebook(document, "teacher")


FORMAT = Format("teacher.ipynb", export)
