"""The teacher's edition: the handout with the speaker notes and the solutions of exercises. Not for students."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats.handout import HandoutExporter
from generator.html.exporter import export_page


class TeacherExporter(HandoutExporter):
    """A lecture notebook as an article for the teacher."""

    audience = "teacher"
    views = ("teacher", "handout")


def export(document: Document, project: Path) -> bytes:
    """Return the teacher's edition as one HTML file. Raises PageError."""
    return export_page(TeacherExporter, document, project)


FORMAT = Format("teacher.html", export)
