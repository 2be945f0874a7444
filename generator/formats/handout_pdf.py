"""The handout on paper: the same page, as Chromium prints it, with every answer unfolded."""

from pathlib import Path

from nbformat import NotebookNode

from generator.formats import handout
from generator.html.figure import Assets
from generator.html.pdf import find_browser, print_page

FILE_NAME = "handout.pdf"
FORMAT = "pdf"
LABEL = "Handout, PDF"


def require() -> None:
    """Raise PageError when there is no browser that can print."""
    find_browser()


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:
    """Return the handout as a PDF of A4 pages. Raises PageError."""
    return print_page(handout.export(notebook, assets, project))
