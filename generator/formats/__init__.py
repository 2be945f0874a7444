"""The output formats, one module or package each, whose `FORMAT` gives its file name and its export function."""

import importlib
import pkgutil
from collections.abc import Callable, Collection
from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.errors import SourceError, suggest
from generator.html.markdown import render_cache


def find_formats() -> list[Format]:
    """Return every output format; raises AttributeError if a module of this package has no FORMAT."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    formats: list[Format] = [importlib.import_module(f"{__name__}.{name}").FORMAT for name in names]
    return formats


def check_formats(options: Collection[str]) -> None:
    """Raise SourceError for an unknown option, and PageError for a format that this machine cannot make."""
    formats = [output_format for output_format in find_formats() if output_format.option]
    known = sorted({output_format.option for output_format in formats})
    for option in options:
        if option not in known:
            raise SourceError(f"there is no format '{option}'", hint=suggest(option, known))
    for output_format in formats:
        if output_format.option in options:
            output_format.require()


def export_document(
    document: Document, project: Path, options: Collection[str] = (), is_wanted: Callable[[str], bool] = lambda _: True
) -> dict[str, bytes]:
    """Return a document's files by name: those of every build and those that `options` request. Raises PageError.

    is_wanted: whether to make a file of this name at all.
    """
    asked = [one for one in find_formats() if one.option in {"", *options} and is_wanted(one.file_name)]
    wanted = [output_format for output_format in asked if output_format.is_made_of(document)]
    with render_cache(project, document.front["name"]):
        return {output_format.file_name: output_format.export(document, project) for output_format in wanted}
