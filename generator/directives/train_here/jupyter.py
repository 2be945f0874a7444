"""A training in a Jupyter notebook: its still, as a figure, and what was right after each pass."""

from nbformat import NotebookNode

from generator.directives.figure.jupyter import write as write_figure
from generator.directives.train_here import TrainHereCell
from generator.document.tree import Document
from generator.words import say


def write(node: NotebookNode, cell: TrainHereCell, document: Document) -> None:
    """Write the figure into its cell, and below it the table."""
    write_figure(node, cell, document)
    passes = range(1, len(cell.runs[0]["right"]) + 1)
    head = " | ".join(say("pass {number}", number=at) for at in passes)
    rows = [f"| {run['rate']:g} | " + " | ".join(map(str, run["right"])) + " |" for run in cell.runs]
    title = say("Held-out digits right of {count}, in Keras:", count=cell.judged_on)
    node.source += "\n\n" + "\n".join(
        [title, "", f"| {say('learning rate')} | {head} |", "|:--|" + "--:|" * len(passes), *rows]
    )
