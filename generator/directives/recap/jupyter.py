"""A recap in a Jupyter notebook: its findings as a list, or the parts as in an agenda."""

from nbformat import NotebookNode

from generator.directives.agenda.jupyter import write as write_parts
from generator.directives.recap import RecapCell
from generator.document.tree import Document


def write(node: NotebookNode, cell: RecapCell, document: Document) -> None:
    """Write the findings, numbered, or the titles of the parts."""
    if cell.findings:
        node.source = "\n".join(f"{at}. {finding}" for at, finding in enumerate(cell.findings, start=1))
    else:
        write_parts(node, cell, document)
