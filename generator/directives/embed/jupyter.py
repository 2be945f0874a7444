"""Something embedded, in a Jupyter notebook: its poster, its words and its caption; Jupyter plays no attachments."""

from base64 import b64encode

from nbformat import NotebookNode

from generator.directives.embed import EmbedCell
from generator.document.tree import Document, escape_alt
from generator.words import say


def write(node: NotebookNode, cell: EmbedCell, document: Document) -> None:
    """Write the poster, or else a card, into the cell, with where the file can be found."""
    poster = document.assets[cell.id].get("poster.jpeg", b"")
    place = (
        f"<{cell.target}>"
        if cell.medium == "link"
        else say("{file}, in the slides and the handout", file=f"`{cell.target}`")
    )
    picture = f"![{escape_alt(cell.words)}](attachment:{cell.id}.jpeg)" if poster else ""
    about = " ".join(filter(None, [f"**{cell.label}.**", cell.alt, f"({place})"]))
    node.source = "\n\n".join(filter(None, [picture, about, cell.caption]))
    if poster:
        node["attachments"] = {f"{cell.id}.jpeg": {"image/jpeg": b64encode(poster).decode()}}
