"""The deck without the speaker's notes, for the course's site: whoever has the other deck can read them."""

from pathlib import Path
from typing import Any

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats import slides
from generator.formats.slides import SlidesExporter
from generator.html.exporter import export_page


class StudentSlidesExporter(SlidesExporter):
    """A lecture notebook as a reveal.js deck without notes."""

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates, without the speaker's notes."""
        variables = super().page_variables(document, project)
        return {**variables, "tree": variables["tree"].without_notes()}


def export(document: Document, project: Path) -> bytes:
    """Return the deck as one HTML file. Raises PageError."""
    return export_page(StudentSlidesExporter, document, project)


FORMAT = Format("slides.students.html", export, option="students", published=slides.FORMAT.file_name)
