"""A pad in a Jupyter notebook, which runs no program of a page: the still of one test digit, its steps, and a table."""

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from generator.directives.draw import DrawCell
from generator.directives.figure.jupyter import write as write_figure
from generator.document.tree import Document
from generator.words import say


def write(node: NotebookNode, cell: DrawCell, document: Document) -> None:
    """Write the figure into its cell, and below it what is lost without a channel, if that was measured."""
    write_figure(node, cell, document)
    if not cell.silenced:
        return
    told = cell.silenced
    heads = [
        say("silenced"), say("right of {count}", count=told["judged_on"]), say("answer to this digit"),
        say("probability of {label}", label=told["label"]),
    ]  # fmt: skip
    rows = [f"| {name_row(row)} | {row['right']} | {row['answer']} | {row['share']} |" for row in told["rows"]]
    title = say("Without the channel of each layer whose silence costs most")
    node.source += "\n\n" + "\n".join([f"{title}:", "", f"| {' | '.join(heads)} |", "|:--|--:|--:|--:|", *rows])


def name_row(row: Mapping[str, Any]) -> str:
    """Return what is silenced in a row."""
    return (
        say("{layer}, channel {number}", layer=row["layer"], number=row["channel"])
        if row["layer"]
        else say("no channel")
    )
