"""A list of the lecture's parts in a Jupyter notebook."""

from nbformat import NotebookNode

from generator.document.cells import Cell
from generator.document.tree import Document


def write(node: NotebookNode, _: Cell, document: Document) -> None:
    """Write the titles of the parts, numbered, into the cell."""
    titles = (part.opening.title for part in document.tree("handout").titled)
    node.source = "\n".join(f"{at}. {title}" for at, title in enumerate(titles, start=1))
