"""The output formats, one file or package each: `FORMAT` says what a format is called and what makes it."""

import importlib
import pkgutil
from collections.abc import Collection
from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.errors import SourceError, suggest
from generator.html.markdown import render_cache


def find_formats() -> list[Format]:
    """Return every output format; raises AttributeError for a module here without a FORMAT."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    formats: list[Format] = [importlib.import_module(f"{__name__}.{name}").FORMAT for name in names]
    return formats


def check_formats(options: Collection[str]) -> None:
    """Raise SourceError for an option that asks for no format, and PageError for one that this machine cannot make."""
    formats = [made for made in find_formats() if made.option]
    known = sorted({made.option for made in formats})
    for option in options:
        if option not in known:
            raise SourceError(f"there is no format '{option}'", hint=suggest(option, known))
    for made in formats:
        if made.option in options:
            made.require()


def export_document(document: Document, project: Path, options: Collection[str] = ()) -> dict[str, bytes]:
    """Return the pages of a document, and what `options` ask for besides, by file name. Raises PageError."""
    asked = [made for made in find_formats() if made.option in {"", *options}]
    with render_cache(project, document.front["name"]):
        return {made.file_name: made.export(document, project) for made in asked}
