"""A figure in a Jupyter notebook: its still as an attachment, its caption, and a sentence for each step."""

from base64 import b64encode

from nbformat import NotebookNode

from generator.directives.figure import FigureCell
from generator.document.tree import Document


def write(node: NotebookNode, cell: FigureCell, document: Document) -> None:
    """Write the figure into its cell. The still is in base64, as Jupyter wants SVG attachments."""
    name, still = f"{cell.id}.svg", document.assets[cell.id]["still.svg"]
    alt = cell.alt.replace("[", "(").replace("]", ")").replace("\n", " ")
    caption = f"**Figure {cell.number}.** {cell.caption}".strip()
    steps = "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(cell.steps, start=1))
    node.source = f"![{alt}](attachment:{name})\n\n{caption}" + (f"\n\n{steps}" if steps else "")
    node["attachments"] = {name: {"image/svg+xml": b64encode(still).decode()}}
