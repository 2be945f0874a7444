"""One task in a process of its own: in an empty folder, with a fixed environment, ended with all that it started."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Results must depend on neither the machine's number of cores nor its language, clock or hash seed.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "Agg",
}  # fmt: skip


class Nursery:
    """The children of one build."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.children: set[subprocess.Popen[bytes]] = set()
        self.lock = threading.Lock()
        self.closed = False

    def run(self, folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
        """Run `job` in the empty `folder`, whose `out` gets its files.

        Return facts and packages, or what went wrong: problem, hint, traceback.
        """
        job_file = folder / "job.json"
        job_file.write_text(json.dumps(job), encoding="utf-8")
        with (folder / "log.txt").open("wb") as log:
            child = self.start(folder, [sys.executable, "-m", "generator.runners", str(job_file)], log)
            try:
                child.wait()
            finally:
                with self.lock:
                    self.children.discard(child)
        return read_result(folder)

    def start(self, folder: Path, command: list[str], log: Any) -> subprocess.Popen[bytes]:
        """Start a child in a session of its own, so that a signal to it reaches what it starts."""
        cache = self.project / ".lectern" / "cache"
        places = {"HOME": str(folder), "MPLCONFIGDIR": str(cache / "matplotlib"), "XDG_CACHE_HOME": str(cache)}
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(self.project), **ENVIRONMENT, **places}
        with self.lock:
            if self.closed:
                raise InterruptedError("the build was stopped")
            child = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            self.children.add(child)
        return child

    def close(self) -> None:
        """End every child that still runs, and let no other start."""
        with self.lock:
            self.closed = True
            for child in self.children:
                os.killpg(child.pid, signal.SIGKILL)


def read_result(folder: Path) -> dict[str, Any]:
    """Return what the child left; a child that left nothing was ended from outside."""
    try:
        result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-4000:].strip()
        last = log.split("\n")[-1] or "it printed nothing"
        problem = f"the process ended before its end: {last}"
        return {"problem": problem, "hint": "is there enough memory?", "traceback": log}
    return result


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed: `cell` counts, for code, which block raised."""

    problem: str
    hint: str
    trace: str = ""
    cell: int | None = None


class FailureError(Exception):
    """A task that did not come to its end."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem)
        self.failure = failure
