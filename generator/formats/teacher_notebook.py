"""The lecture as a Jupyter notebook for the teacher, with notes and solutions, each marked by a tag."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats.notebook import export_notebook


def export(document: Document, project: Path) -> bytes:  # noqa: ARG001 - the signature of every format
    """Return the teacher's notebook as an .ipynb file, valid and always the same bytes."""
    return export_notebook(document, "teacher")


FORMAT = Format("teacher.ipynb", export)
