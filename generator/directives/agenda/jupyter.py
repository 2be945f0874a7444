"""A list of the lecture's parts in a Jupyter notebook."""

from nbformat import NotebookNode

from generator.directives.agenda import PartsListCell
from generator.document.tree import Document


def write(node: NotebookNode, _: PartsListCell, document: Document) -> None:
    """Write the titles of the parts, numbered, into the cell."""
    titles = (part.opening.title for part in document.tree("handout").titled)
    node.source = "\n".join(f"{at}. {title}" for at, title in enumerate(titles, start=1))
