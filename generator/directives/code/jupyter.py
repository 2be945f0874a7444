"""Code in a Jupyter notebook: what a reader can run is a cell, and everything else stands as text.

So the notebook runs from top to bottom in a fresh session, wherever its reader has it.
"""

from nbformat import NotebookNode

from generator.directives.code import CodeCell
from generator.document.tree import Document


def write(node: NotebookNode, cell: CodeCell, _: Document) -> None:
    """Put what the code needs above it; turn code that its reader cannot run into text, with its caption."""
    if cell.runs_alone:
        node.source = f"{cell.needs}\n\n\n{node.source}" if cell.needs else node.source
        return
    fence = "```" if "```" not in node.source else "~~~~~~"
    caption = f"{cell.caption}\n\n" if cell.caption else ""
    node.cell_type = "markdown"
    node.source = f"{caption}{fence}python\n{node.source}\n{fence}"
    for name in ("outputs", "execution_count"):
        node.pop(name, None)
