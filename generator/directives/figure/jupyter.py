"""A figure in a Jupyter notebook: what it asks, its still as an attachment, its caption, a sentence for each step.

Of a figure that varies, a table of its states, small, stands below that.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

from nbformat import NotebookNode

from generator.directives.figure import FigureCell
from generator.directives.figure.asking import LETTERS
from generator.document.tree import Document, state_name
from generator.words import say

SMALL_WIDTH: Final = 420  # pixels of a picture in the table of states
LENGTH: Final = re.compile(rb' (?:width|height)="[^"]*"')


def write(node: NotebookNode, cell: FigureCell, document: Document) -> None:
    """Write the figure into its cell. The still is in base64, as Jupyter wants SVG attachments."""
    name, still = f"{cell.id}.svg", document.assets[cell.id]["still.svg"]
    alt = plain(cell.alt)
    asked = "".join(f"{text}\n\n" for text in question_of(cell))
    caption = f"**{say('Figure {number}.', number=cell.number)}** {cell.caption}".strip()
    steps = "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(cell.steps, start=1))
    node.source = f"{asked}![{alt}](attachment:{name})\n\n{caption}" + (f"\n\n{steps}" if steps else "")
    node["attachments"] = {name: {"image/svg+xml": b64encode(still).decode()}}
    if cell.states:
        add_states(node, cell, document)


def add_states(node: NotebookNode, cell: FigureCell, document: Document) -> None:
    """Add the table of a figure's states to its cell, with their pictures as attachments."""
    rows = []
    for number, state in enumerate(cell.states):
        if not state["is_printed"]:
            continue
        name = f"{cell.id}-{number}.svg"
        small = made_small(document.assets[state_name(cell.id, number)]["still.svg"])
        node["attachments"][name] = {"image/svg+xml": b64encode(small).decode()}
        rows.append(f"| {in_table(state['words'])} | ![{in_table(plain(state['alt']))}](attachment:{name}) |")
    node.source += "\n\n" + "\n".join([f"| {say('state')} | {say('picture')} |", "|:--|:--|", *rows])


def made_small(svg: bytes) -> bytes:
    """Return a drawing that is shown in less width."""
    width = f'width="{SMALL_WIDTH}"'.encode()
    head, end, rest = svg.partition(b">")
    return LENGTH.sub(b"", head).replace(b"<svg", b"<svg " + width, 1) + end + rest


def plain(alt: str) -> str:
    """Return a text alternative as it stands between brackets in Markdown."""
    return alt.replace("[", "(").replace("]", ")").replace("\n", " ")


def in_table(text: str) -> str:
    """Return a text for a cell of a table in Markdown."""
    return text.replace("|", "\\|")


def question_of(cell: FigureCell) -> Iterator[str]:
    """Yield what stands above a figure that asks: the question, unless the heading is it, the choices, the answer."""
    if not cell.question:
        return
    if not cell.leads:
        yield f"**{cell.question}**"
    if cell.choices:
        yield "\n".join(f"- **{letter}** {choice}" for letter, choice in zip(LETTERS, cell.choices, strict=False))
    right = f"{cell.right} {say('is right.')} " if cell.right else ""
    yield f"**{say('Answer:')}** {right}{cell.answer}"
