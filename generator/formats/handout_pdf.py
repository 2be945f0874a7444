"""The handout as a PDF: the same page, printed by Chromium with every answer unfolded."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats import handout
from generator.html.pdf import find_browser, print_page


def require() -> None:
    """Raise PageError if there is no browser that can print."""
    find_browser()


def export(document: Document, project: Path) -> bytes:
    """Return the handout as a PDF of A4 pages. Raises PageError."""
    return print_page(handout.export(document, project))


FORMAT = Format("handout.pdf", export, label="Handout, PDF", option="pdf", require=require, published="handout.pdf")
