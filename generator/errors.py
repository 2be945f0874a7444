"""The errors a lecturer can meet: one line that says where and what, and a hint that says what to do.

LectureError
├── SourceError      the lecture's text cannot be read or understood
├── RecipeError      a figure or an experiment does not exist, or does not take what it is given
├── ArtifactError    a recipe failed while it ran
├── FactError        a value or a claim that the measurements do not carry
├── DatasetError     images and labels that are not what they should be
└── PageError        a page cannot be assembled
"""

from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a project file: `path` relative to the project, `line` counted from 1 (0: the whole file)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class LectureError(Exception):
    """Something a lecturer can mend. Prints as `file:line: problem`, then `hint: what to do`."""

    def __init__(self, problem: str, where: Where | None = None, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.where, self.hint = problem, where, hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{head}\nhint: {self.hint}" if self.hint else head


class SourceError(LectureError):
    """The lecture's text cannot be read or understood."""


class RecipeError(LectureError):
    """A figure or an experiment does not exist, or does not take what it is given."""


class ArtifactError(LectureError):
    """A recipe failed while it ran."""


class FactError(LectureError):
    """A value or a claim that the measurements do not carry."""


class DatasetError(LectureError):
    """Images and labels that are not what they should be."""


class PageError(LectureError):
    """A page cannot be assembled."""


def suggest(name: str, known: list[str]) -> str:
    """Return the hint for a misspelt `name`: the nearest known name, else all of them (at most twelve)."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return "there is " + ", ".join(sorted(known)[:12]) if known else "there is none yet"
