"""Defines what an output format is; the formats themselves are in `generator.formats`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.document.tree import Document


def _nothing_required() -> None:
    """Require nothing besides what every build has."""


def _of_every_lecture(_: Document) -> bool:
    """Return that a format is made of each lecture."""
    return True


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
    made_from: the page that the file is made from, if that has another name: when it changes, the file is outdated.
    is_made_of: returns whether there is such a file of a document; by default there always is.
    """

    file_name: str
    export: Callable[[Document, Path], bytes]
    label: str = ""
    option: str = ""
    require: Callable[[], None] = _nothing_required
    published: str = ""
    made_from: str = ""
    is_made_of: Callable[[Document], bool] = _of_every_lecture
