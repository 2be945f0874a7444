"""The lecture as a Jupyter notebook for whoever teaches it: with notes, and with solutions, both tagged."""

from pathlib import Path

from nbformat import NotebookNode

from generator.formats.notebook import export_notebook
from generator.html.figure import Assets

FILE_NAME = "teacher.ipynb"


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:  # noqa: ARG001 - every format takes the project
    """Return the teacher's notebook, valid and the same bytes each time."""
    return export_notebook(notebook, assets, "teacher")
