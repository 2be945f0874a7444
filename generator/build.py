"""The build: runs what the store lacks in child processes, in the order of needs, and blames the right line."""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from generator.argument import Argument
from generator.closure import closure_digest, code_digest, tree_digest
from generator.errors import ArtifactError, Where
from generator.plan import Task
from generator.progress import Progress
from generator.store import Artifact, Store, canonical

KEY_FORMAT = 1
RANK = {"data": 0, "video": 1, "notebook": 2, "image": 3}  # the long ones first, so that no core waits at the end
ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0",
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "Agg",
}  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What a build made: artifacts, and failures, by the ids of their tasks; and how many tasks ran."""

    artifacts: dict[str, Artifact] = field(default_factory=dict)
    failures: dict[str, "Failure"] = field(default_factory=dict)
    ran: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed: `cell` counts, for code, which block raised."""

    problem: str
    hint: str
    trace: str = ""
    cell: int | None = None

    def blame(self, task: Task, *, debug: bool = False) -> ArtifactError:
        """Return the error of `task` at the line of the lecture that asked for it."""
        where = task.where
        if task.cell_lines and self.cell is not None:
            where = Where(where.path, task.cell_lines[self.cell])
        trace = f"\n{self.trace.rstrip()}" if debug else ""
        return ArtifactError(f"{task.name}: {self.problem}", where, f"{self.hint}{trace}")


class FailureError(Exception):
    """A task that did not come to its end."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem)
        self.failure = failure


class Builder:
    """Makes the artifacts of tasks for one project."""

    def __init__(self, project: Path, store: Store, progress: Progress) -> None:
        self.project, self.store, self.progress = project, store, progress
        self.children: set[subprocess.Popen[bytes]] = set()
        self.lock = threading.Lock()
        self.fonts = tree_digest(project / "generator" / "fonts")

    def make(self, tasks: Mapping[str, Task], datasets: Mapping[str, tuple[Path, str]]) -> Outcome:
        """Return the artifacts of `tasks`; `datasets` gives the file and the SHA-256 of each dataset's name.

        A task that fails does not stop the others; what needs it is left out.
        """
        outcome = Outcome()
        self.datasets = datasets
        graph = TopologicalSorter({task.id: [need for _, need in task.needs] for task in tasks.values()})
        graph.prepare()
        self.progress.expect(len(tasks))
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            running: dict[Future[tuple[Artifact, bool]], Task] = {}
            try:
                while graph.is_active():
                    ready = sorted((tasks[name] for name in graph.get_ready()), key=lambda task: RANK[task.runner])
                    for task in ready:
                        self.submit(task, pool, running, outcome, graph)
                    self.collect(running, outcome, graph)
            except BaseException:
                self.stop()
                raise
        return outcome

    def submit(
        self, task: Task, pool: ThreadPoolExecutor, running: dict[Future[tuple[Artifact, bool]], Task],
        outcome: Outcome, graph: "TopologicalSorter[str]",
    ) -> None:  # fmt: skip
        """Start `task`, unless something that it needs has failed."""
        needs = {name: outcome.artifacts.get(need) for name, need in task.needs}
        if None in needs.values():
            self.progress.finish(task.name, "skipped")
            graph.done(task.id)
            return
        inputs = {name: artifact for name, artifact in needs.items() if artifact is not None}
        running[pool.submit(self.make_one, task, inputs)] = task

    def collect(
        self, running: dict[Future[tuple[Artifact, bool]], Task], outcome: Outcome, graph: "TopologicalSorter[str]"
    ) -> None:
        """Wait for the next tasks to end, and note what came of them."""
        ended, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in ended:
            task = running.pop(future)
            graph.done(task.id)
            try:
                outcome.artifacts[task.id], ran = future.result()
                outcome.ran += ran
            except FailureError as error:
                outcome.failures[task.id] = error.failure

    def make_one(self, task: Task, inputs: Mapping[str, Artifact]) -> tuple[Artifact, bool]:
        """Return the artifact of `task`, and whether it had to be run."""
        key = self.key_of(task, inputs)
        if (found := self.store.get(key)) is not None:
            self.progress.finish(task.name, "up to date")
            return found, False
        self.progress.start(task.name)
        try:
            artifact = self.run(task, inputs, key)
        except FailureError:
            self.progress.finish(task.name, "failed")
            raise
        self.progress.finish(task.name)
        return artifact, True

    def key_of(self, task: Task, inputs: Mapping[str, Artifact]) -> str:
        """Return the SHA-256 of everything that the outcome of `task` depends on, packages apart."""
        modules = [f"generator.runners.{task.runner}", "generator.runners.source", task.module]
        parts = {
            "format": KEY_FORMAT,
            "python": platform.python_version(),
            "runner": task.runner,
            "code": [closure_digest(module, self.project) for module in modules if module],
            "imports": code_digest(texts_in(task), self.project) if task.runner == "notebook" else "",
            "arguments": [[name, self.identify(argument)] for name, argument in task.arguments],
            "inputs": {name: artifact.digest for name, artifact in inputs.items()},
            "fonts": self.fonts if task.runner in ("image", "video") else "",
        }
        return tree_key(parts)

    def identify(self, argument: Argument) -> object:
        """Return what an argument adds to a key: for images and datasets, also the digest of the data."""
        if argument.form == "dataset":
            return self.datasets[argument.value][1]
        if argument.form == "digit":
            return [argument.value, self.datasets[argument.source][1]]
        return asdict(argument)

    def run(self, task: Task, inputs: Mapping[str, Artifact], key: str) -> Artifact:
        """Run `task` in a child in an empty folder and keep what it made."""
        scratch = self.project / ".lectern" / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=scratch))
        try:
            job = folder / "job.json"
            job.write_text(json.dumps(self.job_of(task, inputs)), encoding="utf-8")
            log = self.run_child(job)
            result = read_result(folder / "result.json", log)
            if "facts" not in result:
                raise FailureError(Failure(result["problem"], result["hint"], result["traceback"], result.get("cell")))
            return self.store.put(key, folder / "out", result["facts"], result["packages"])
        except OSError as error:
            raise FailureError(Failure(str(error.strerror or error), "is the disk full?")) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def job_of(self, task: Task, inputs: Mapping[str, Artifact]) -> dict[str, Any]:
        """Return the job that the child reads."""
        names = {
            a.value if a.form == "dataset" else a.source for _, a in task.arguments if a.form in ("dataset", "digit")
        }
        dataset = str(self.datasets[names.pop()][0]) if names else ""
        results = {
            name: {"facts": artifact.facts, "arrays": str(artifact.files.get("arrays.npz", ""))}
            for name, artifact in inputs.items()
        }
        arguments = {name: asdict(argument) for name, argument in task.arguments}
        return {
            "runner": task.runner, "module": task.module, "arguments": arguments, "results": results,
            "dataset": dataset, "project": str(self.project),
        }  # fmt: skip

    def run_child(self, job: Path) -> str:
        """Run the job to its end and return the end of what the child printed."""
        cache = self.project / ".lectern" / "cache"
        places = {"HOME": str(job.parent), "MPLCONFIGDIR": str(cache / "matplotlib"), "XDG_CACHE_HOME": str(cache)}
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(self.project), **ENVIRONMENT, **places}
        with (job.parent / "log.txt").open("wb") as log:
            command = [sys.executable, "-m", "generator.runners", str(job)]
            child = subprocess.Popen(
                command, cwd=job.parent, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            with self.lock:
                self.children.add(child)
            child.wait()
            with self.lock:
                self.children.discard(child)
        return (job.parent / "log.txt").read_text(encoding="utf-8", errors="replace")[-4000:]

    def stop(self) -> None:
        """End every child that still runs, with all that it started."""
        with self.lock:
            for child in self.children:
                os.killpg(child.pid, signal.SIGKILL)


def read_result(path: Path, log: str) -> dict[str, Any]:
    """Return what the child left; a child that left nothing was ended from outside."""
    try:
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = log.strip().split("\n")[-1] if log.strip() else "it printed nothing"
        return {
            "problem": f"the process ended before its end: {last}",
            "hint": "is there enough memory?",
            "traceback": log,
        }
    return result


def texts_in(task: Task) -> list[str]:
    """Return the code blocks that a task runs."""
    cells: list[str] = dict(task.arguments)["cells"].value
    return cells


def tree_key(parts: object) -> str:
    """Return the key of the parts of it."""
    from hashlib import sha256

    return sha256(canonical(parts)).hexdigest()
