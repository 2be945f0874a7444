"""The exercise sheet as a PDF: the same page, printed by Chromium."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats import exercises, handout, handout_pdf
from generator.html.pdf import print_page

OPTION = "sheets-pdf"


def export(document: Document, project: Path) -> bytes:
    """Return the sheet as a PDF of A4 pages. Raises PageError."""
    return print_page(exercises.export(document, project))


FORMAT = Format(
    "exercises.pdf",
    export,
    label="Exercises, PDF",
    option=OPTION,
    require=handout_pdf.require,
    published="exercises.pdf",
    made_from=handout.FORMAT.file_name,
    is_made_of=exercises.has_exercises,
)
