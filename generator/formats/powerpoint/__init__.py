"""The deck for PowerPoint: text that can be edited, pictures with their words, films, notes. An extra."""

from importlib.util import find_spec
from pathlib import Path

from nbformat import NotebookNode

from generator.document.tree import read_outline
from generator.errors import PageError
from generator.html.figure import Assets
from generator.html.links import in_words, works_of

FILE_NAME = "slides.pptx"
FORMAT = "pptx"


def require() -> None:
    """Raise PageError when what it takes is not installed."""
    if not (find_spec("pptx") and find_spec("resvg_py")):
        raise PageError("python-pptx and resvg-py, which pptx takes, are not installed", hint="run make setup-pptx")


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:  # noqa: ARG001 - as every format
    """Return the deck as a presentation, the same bytes each time. Raises PageError."""
    require()
    from generator.formats.powerpoint.slides import write_talk

    works = works_of(read_outline(notebook, "slides"), notebook.metadata["lectern"].get("mentions", {}))
    spoken = NotebookNode({**notebook, "cells": in_words(notebook, "slides")})
    outline = read_outline(spoken, "slides")
    return write_talk(outline, assets, [work.text for work in works])
