"""The teacher's edition: the handout with what is to be said and how the exercises are solved. Not for students."""

from pathlib import Path

from nbformat import NotebookNode

from generator.formats.handout import HandoutExporter
from generator.html.exporter import export_page
from generator.html.figure import Assets

FILE_NAME = "teacher.html"


class TeacherExporter(HandoutExporter):
    """A lecture notebook as an article for whoever teaches it."""

    audience = "teacher"


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:
    """Return the teacher's edition as one HTML file. Raises PageError."""
    return export_page(TeacherExporter, notebook, assets, project)
