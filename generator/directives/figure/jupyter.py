"""A figure in a Jupyter notebook: what it asks, its still as an attachment, its caption, a sentence for each step."""

from base64 import b64encode
from collections.abc import Iterator

from nbformat import NotebookNode

from generator.directives.figure import FigureCell
from generator.directives.figure.asking import LETTERS
from generator.document.tree import Document


def write(node: NotebookNode, cell: FigureCell, document: Document) -> None:
    """Write the figure into its cell. The still is in base64, as Jupyter wants SVG attachments."""
    name, still = f"{cell.id}.svg", document.assets[cell.id]["still.svg"]
    alt = cell.alt.replace("[", "(").replace("]", ")").replace("\n", " ")
    asked = "".join(f"{text}\n\n" for text in question_of(cell))
    caption = f"**Figure {cell.number}.** {cell.caption}".strip()
    steps = "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(cell.steps, start=1))
    node.source = f"{asked}![{alt}](attachment:{name})\n\n{caption}" + (f"\n\n{steps}" if steps else "")
    node["attachments"] = {name: {"image/svg+xml": b64encode(still).decode()}}


def question_of(cell: FigureCell) -> Iterator[str]:
    """Yield what stands above a figure that asks: the question, unless the heading is it, the choices, the answer."""
    if not cell.question:
        return
    if not cell.leads:
        yield f"**{cell.question}**"
    if cell.choices:
        yield "\n".join(f"- **{letter}** {choice}" for letter, choice in zip(LETTERS, cell.choices, strict=False))
    yield f"**Answer:** {cell.answer}"
