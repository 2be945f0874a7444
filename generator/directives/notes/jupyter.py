"""Notes in a Jupyter notebook for teachers: all parts, one after the other."""

from nbformat import NotebookNode

from generator.directives.notes import NotesCell
from generator.document.tree import Document


def write(node: NotebookNode, cell: NotesCell, _: Document) -> None:
    """Write the parts for the presses below what is said as the slide opens."""
    node.source = cell.whole(node.source) if cell.at_presses else node.source
