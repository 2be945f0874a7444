"""What an output format is; `generator.formats` has one file each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.document.tree import Document


def _nothing_required() -> None:
    """Say that a format takes nothing besides what every build has."""


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: `export` makes of a document, in a project, the bytes of the file `file_name`.

    export:  raises PageError where the document cannot be exported.
    label:   what the course's index calls the file; empty for a file that is not for students.
    option:  what asks for it, as in `--format pdf`; empty for a file that every build makes.
    require: raises PageError, with what to do, where this machine cannot make it.
    """

    file_name: str
    export: Callable[[Document, Path], bytes]
    label: str = ""
    option: str = ""
    require: Callable[[], None] = _nothing_required
