"""The deck as a PowerPoint presentation: editable text, pictures with alternative text, films, notes.

An optional format: python-pptx and resvg-py are imported only when it is requested.
"""

from importlib.util import find_spec
from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.errors import PageError
from generator.html.links import tree_without_links, works_of
from generator.roots import how_to_set_up


def require() -> None:
    """Raise PageError if python-pptx or resvg-py is not installed."""
    if not (find_spec("pptx") and find_spec("resvg_py")):
        raise PageError("python-pptx and resvg-py, which pptx takes, are not installed", hint=how_to_set_up("pptx"))


def export(document: Document, project: Path) -> bytes:  # noqa: ARG001 - the signature of every format
    """Return the deck as a presentation (.pptx), always the same bytes. Raises PageError."""
    require()
    from generator.formats.powerpoint.slides import write_presentation

    tree = document.tree("slides")
    works = works_of(tree, document.front.get("references", {}))
    return write_presentation(
        tree_without_links(tree, "slides"), document.assets, [work.text for work in works], document.looks
    )


FORMAT = Format("slides.pptx", export, option="pptx", require=require)
