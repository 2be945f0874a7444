"""The exercise sheet with the solutions as a PDF: the same page, printed by Chromium. Not for students."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats import exercises, exercises_pdf, handout_pdf, solutions, teacher
from generator.html.pdf import print_page


def export(document: Document, project: Path) -> bytes:
    """Return the sheet as a PDF of A4 pages. Raises PageError."""
    return print_page(solutions.export(document, project))


FORMAT = Format(
    "solutions.pdf",
    export,
    option=exercises_pdf.OPTION,
    require=handout_pdf.require,
    made_from=teacher.FORMAT.file_name,
    is_made_of=exercises.has_exercises,
)
