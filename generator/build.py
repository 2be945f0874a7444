"""The build: runs what the store lacks in child processes, in the order of needs, and blames the right line."""

import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from generator.argument import Argument
from generator.child import Failure, FailureError, Nursery
from generator.closure import closure_digest, code_digest, packages_imported, tree_digest
from generator.errors import ArtifactError, Where
from generator.plan import Task
from generator.progress import Progress
from generator.store import Artifact, Store, canonical

KEY_FORMAT = 1
RANK = {"data": 0, "video": 1, "notebook": 2, "image": 3}  # the long ones first, so that no core waits at the end


@dataclass(slots=True)
class Outcome:
    """What a build made: artifacts, and failures, by the ids of their tasks; and how many tasks ran."""

    artifacts: dict[str, Artifact] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    ran: int = 0


def blame(failure: Failure, task: Task, *, debug: bool = False) -> ArtifactError:
    """Return the error of a failed `task`, at the line of the lecture that asked for it."""
    where = task.where
    if task.cell_lines and failure.cell is not None:
        where = Where(where.path, task.cell_lines[failure.cell])
    trace = f"\n{failure.trace.rstrip()}" if debug else ""
    return ArtifactError(f"{task.name}: {failure.problem}", where, f"{failure.hint}{trace}")


class Builder:
    """Makes the artifacts of tasks for one project."""

    def __init__(self, project: Path, store: Store, progress: Progress) -> None:
        self.project, self.store, self.progress = project, store, progress
        self.nursery = Nursery(project)
        self.fonts = tree_digest(project / "generator" / "fonts")

    def make(self, tasks: Mapping[str, Task], datasets: Mapping[str, tuple[Path, str]]) -> Outcome:
        """Return the artifacts of `tasks`; `datasets` gives the file and the SHA-256 of each dataset's name.

        A task that fails does not stop the others; what needs it is left out.
        """
        outcome = Outcome()
        self.datasets = datasets
        graph = TopologicalSorter({task.id: [need for _, need in task.needs] for task in tasks.values()})
        graph.prepare()
        self.progress.expect(label(task) for task in tasks.values())
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            running: dict[Future[tuple[Artifact, bool]], Task] = {}
            try:
                while graph.is_active():
                    ready = sorted((tasks[name] for name in graph.get_ready()), key=lambda task: RANK[task.runner])
                    for task in ready:
                        self.submit(task, pool, running, outcome, graph)
                    self.collect(running, outcome, graph)
            finally:
                self.nursery.close()
        return outcome

    def submit(
        self, task: Task, pool: ThreadPoolExecutor, running: dict[Future[tuple[Artifact, bool]], Task],
        outcome: Outcome, graph: "TopologicalSorter[str]",
    ) -> None:  # fmt: skip
        """Start `task`, unless something that it needs has failed."""
        needs = {name: outcome.artifacts.get(need) for name, need in task.needs}
        if None in needs.values():
            self.progress.finish(label(task), "skipped")
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
            self.progress.finish(label(task), "up to date")
            return found, False
        self.progress.start(label(task))
        try:
            artifact = self.run(task, inputs, key)
        except FailureError:
            self.progress.finish(label(task), "failed")
            raise
        self.progress.finish(label(task))
        return artifact, True

    def key_of(self, task: Task, inputs: Mapping[str, Artifact]) -> str:
        """Return the SHA-256 of everything that the outcome of `task` depends on, packages apart."""
        modules = [f"generator.runners.{task.runner}", "generator.runners.source", task.module]
        theme = {"theme": task.theme} if task.theme != "light" else {}  # light pictures keep the keys they have
        parts = {
            "format": KEY_FORMAT,
            "python": platform.python_version(),
            "runner": task.runner,
            "code": [closure_digest(module, self.project) for module in modules if module],
            "imports": code_digest(texts_in(task), self.project) if task.runner == "notebook" else "",
            "arguments": [[name, self.identify(argument)] for name, argument in task.arguments],
            "inputs": {name: artifact.digest for name, artifact in inputs.items()},
            "fonts": self.fonts if task.runner in ("image", "video") else "",
            **theme,
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
            result = self.nursery.run(folder, self.job_of(task, inputs), self.libraries_of(task))
            if "facts" not in result:
                raise FailureError(Failure(result["problem"], result["hint"], result["traceback"], result.get("cell")))
            return self.store.put(key, folder / "out", result["facts"], result["packages"])
        except OSError as error:
            raise FailureError(Failure(str(error.strerror or error), "is the disk full?")) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def libraries_of(self, task: Task) -> list[str]:
        """Return the modules that the process of `task` has before it begins."""
        modules = [f"generator.runners.{task.runner}"]
        if task.module and "keras" in packages_imported(task.module, self.project):
            modules.append("keras")
        return modules

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
            "dataset": dataset, "project": str(self.project), "theme": task.theme,
        }  # fmt: skip


def label(task: Task) -> str:
    """Return the name of a task with the place that asked for it, so that no two are the same."""
    return f"{task.name} ({task.where})"


def texts_in(task: Task) -> list[str]:
    """Return the code blocks that a task runs."""
    cells: list[str] = dict(task.arguments)["cells"].value
    return cells


def tree_key(parts: object) -> str:
    """Return the key of the parts of it."""
    from hashlib import sha256

    return sha256(canonical(parts)).hexdigest()
