"""What is wrong with a page, said as every error of the project is: file, line, problem, hint."""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.errors import Where


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault; `problem` begins with the slide. A warning is told and fails nothing."""

    where: Where
    problem: str
    hint: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}\nhint: {self.hint}"


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order of their places, each once, however many pages have it."""
    return sorted(dict.fromkeys(findings))
