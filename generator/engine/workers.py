"""What a build needs of those who run its jobs, be they processes of this machine or a cluster's."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed; `cell` counts, for code, which block raised."""

    problem: str
    hint: str
    trace: str = ""
    cell: int | None = None


class FailureError(Exception):
    """A task that did not finish."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem)
        self.failure = failure


class Workers(ABC):
    """Runs jobs, at most `slots` of them at a time."""

    slots: int

    @abstractmethod
    def free_memory(self) -> float:
        """Return how many megabytes are free for jobs; infinity where that is somebody else's to know."""

    @abstractmethod
    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` in a process that has imported `modules`, and put its files into `folder/out`.

        Returns facts, packages and cost, or what went wrong: problem, hint, traceback.
        """

    @abstractmethod
    def close(self) -> None:
        """End what is still running, and start nothing else."""
