"""Defines what an output format is; the formats themselves are in `generator.formats`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.document.tree import Document


def _nothing_required() -> None:
    """Require nothing besides what every build has."""


@dataclass(frozen=True, slots=True)
class Format:
    """An output format, which makes one file of each lecture.

    file_name: the name of the file.
    export:    returns the bytes of the file, given a document and the project's folder. Raises PageError if the
               document cannot be exported.
    label:     what the course's index calls the file; empty for a file that it does not list.
    option:    its name on the command line, as in `--format pdf`; empty for a file that every build makes.
    require:   raises PageError, with a hint what to do, if this machine cannot make the format.
    published: the name of the file on the course's site; empty for a file that is not for students.
    """

    file_name: str
    export: Callable[[Document, Path], bytes]
    label: str = ""
    option: str = ""
    require: Callable[[], None] = _nothing_required
    published: str = ""
