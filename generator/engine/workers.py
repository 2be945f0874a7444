"""The interface to the processes that run jobs, on this machine or on a cluster, and how a job can fail."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The Dask scheduler whose workers run the jobs, if `address` is not empty, and how to reach it.

    tls_ca, tls_cert, tls_key: files for an encrypted connection: the authority's certificate, our own, and its key.
    wait: how many seconds to wait for a worker while there is none.
    """

    address: str = ""
    tls_ca: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    wait: float = 30

    @property
    def has_certificates(self) -> bool:
        """Whether any file for an encrypted connection is given."""
        return bool(self.tls_ca or self.tls_cert or self.tls_key)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed; for code, `cell` is the index of the block that raised."""

    problem: str
    hint: str
    trace: str = ""
    cell: int | None = None


class FailureError(Exception):
    """A task failed; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem)
        self.failure = failure


class Workers(ABC):
    """Runs jobs, at most `slots` of them at a time."""

    slots: int

    @abstractmethod
    def free_memory(self) -> float:
        """Return how many megabytes are free for jobs; infinity if the workers look after memory themselves."""

    @abstractmethod
    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` in a process that has imported `modules`, and put its files into `folder/out`.

        Return a dict of facts, packages and cost, or of what went wrong: problem, hint, traceback.
        """

    @abstractmethod
    def close(self) -> None:
        """End the jobs that are still running, and start no others."""
