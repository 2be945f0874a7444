"""The build: runs what the store lacks in child processes, in the order of needs, and blames the right line."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from generator.child import Failure, FailureError
from generator.cost import Cost, read_ledger, write_ledger
from generator.errors import ArtifactError, Where
from generator.journal import Journal
from generator.key import KeyMaker
from generator.plan import Task
from generator.progress import Progress
from generator.schedule import Schedule
from generator.store import Artifact, Store, canonical


@dataclass(slots=True)
class Outcome:
    """What a build made: artifacts, and failures, by the ids of their tasks; and how many tasks ran."""

    artifacts: dict[str, Artifact] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    ran: int = 0


class Crew(Protocol):
    """Who runs the jobs of a build: `workers` of them at once."""

    @property
    def workers(self) -> int:
        """How many jobs run at once."""

    def free(self) -> float:
        """Return how many megabytes are free for jobs."""

    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` where `modules` have been imported; its files go to `folder/out`.

        Return facts, packages and cost, or what went wrong: problem, hint, traceback.
        """

    def close(self) -> None:
        """End what still runs, and let nothing else start."""


Running = dict[Future[Artifact], Task]


def blame(failure: Failure, task: Task, *, debug: bool = False) -> ArtifactError:
    """Return the error of a failed `task`, at the line of the lecture that asked for it."""
    where = task.where
    if task.cell_lines and failure.cell is not None:
        where = Where(where.path, task.cell_lines[failure.cell])
    trace = f"\n{failure.trace.rstrip()}" if debug else ""
    return ArtifactError(f"{task.name}: {failure.problem}", where, f"{failure.hint}{trace}")


class Builder:
    """Makes the artifacts of tasks for one project."""

    def __init__(self, project: Path, store: Store, progress: Progress, crew: Crew) -> None:
        self.project, self.store, self.progress, self.crew = project, store, progress, crew
        self.ledger_path = project / ".lectern" / "costs.json"
        self.ledger = read_ledger(self.ledger_path)
        self.keys, self.journal = KeyMaker(project), Journal(project / ".lectern" / "journal")

    def make(self, tasks: Mapping[str, Task], datasets: Mapping[str, tuple[Path, str]]) -> Outcome:
        """Return the artifacts of `tasks`; `datasets` gives the file and the SHA-256 of each dataset's name.

        A task that fails does not stop the others; what needs it is left out.
        """
        self.datasets = datasets
        self.waiting: dict[str, tuple[Mapping[str, Artifact], str]] = {}  # by task: its inputs and its key
        costs = {name: self.ledger.guess(name, label(task)) for name, task in tasks.items()}
        schedule = Schedule(
            {task.id: [need for _, need in task.needs] for task in tasks.values()}, costs, self.crew.free
        )
        self.progress.expect({label(task): costs[name].seconds for name, task in tasks.items()}, self.crew.workers)
        outcome = Outcome()
        running: Running = {}
        with ThreadPoolExecutor(max_workers=self.crew.workers) as pool:
            try:
                while not schedule.is_over:
                    self.look_up(tasks, outcome, schedule)
                    while len(running) < self.crew.workers and (name := schedule.next()) is not None:
                        self.progress.start(label(tasks[name]))
                        running[pool.submit(self.make_one, tasks[name], *self.waiting.pop(name))] = tasks[name]
                    self.collect(running, outcome, schedule)
            finally:
                self.crew.close()
                write_ledger(self.ledger_path, self.ledger.past)
                self.keys.keep()
        return outcome

    def look_up(self, tasks: Mapping[str, Task], outcome: Outcome, schedule: Schedule) -> None:
        """Take from the store what it has of the tasks that could start now, and queue the others."""
        while arrived := schedule.arrivals():
            for task in map(tasks.__getitem__, arrived):
                inputs = {name: outcome.artifacts[need] for name, need in task.needs if need in outcome.artifacts}
                if len(inputs) < len(task.needs):
                    self.progress.finish(label(task), "skipped")
                    schedule.done(task.id)
                    continue
                key = self.key_of(task, inputs)
                if (found := self.store.get(key)) is None:
                    self.waiting[task.id] = (inputs, key)
                    schedule.queue(task.id)
                    continue
                self.note(task, inputs, key)
                self.progress.finish(label(task), "up to date")
                outcome.artifacts[task.id] = found
                schedule.done(task.id)

    def collect(self, running: Running, outcome: Outcome, schedule: Schedule) -> None:
        """Wait for the next tasks to end, if any runs, and note what came of them."""
        ended = wait(running, return_when=FIRST_COMPLETED).done if running else set()
        for future in ended:
            task = running.pop(future)
            schedule.done(task.id)
            try:
                outcome.artifacts[task.id] = future.result()
                outcome.ran += 1
                self.progress.finish(label(task))
            except FailureError as error:
                outcome.failures[task.id] = error.failure
                self.progress.finish(label(task), "failed")

    def make_one(self, task: Task, inputs: Mapping[str, Artifact], key: str) -> Artifact:
        """Return what `task` makes, and write down of what."""
        artifact = self.run(task, inputs, key)
        self.note(task, inputs, key)
        return artifact

    def key_of(self, task: Task, inputs: Mapping[str, Artifact], *, anew: bool = False) -> str:
        """Return the SHA-256 of everything that the outcome of `task` depends on, packages apart."""
        return tree_key(self.keys.parts(task, inputs, self.datasets, anew=anew))

    def note(self, task: Task, inputs: Mapping[str, Artifact], key: str) -> None:
        """Write down what the key of a task that was made is made of, for who asks why it is made again."""
        if self.journal.has(task, key):
            return
        parts = self.keys.parts(task, inputs, self.datasets)
        self.journal.note(task, key, parts, self.keys.code(task).parts, self.keys.engine(task).parts)

    def run(self, task: Task, inputs: Mapping[str, Artifact], key: str) -> Artifact:
        """Run `task` in a child in an empty folder and keep what it made."""
        scratch = self.project / ".lectern" / "scratch"
        folder = scratch / "none yet"
        try:
            scratch.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=scratch))
            result = self.crew.run(folder, self.job_of(task, inputs), self.libraries_of(task))
            if "facts" not in result:
                raise FailureError(Failure(result["problem"], result["hint"], result["traceback"], result.get("cell")))
            self.ledger.note(task.id, label(task), Cost(*result["cost"]))
            if self.key_of(task, inputs, anew=True) != key:
                raise FailureError(Failure("its code has changed while it was made", "build again"))
            return self.store.put(key, folder / "out", result["facts"], result["packages"])
        except OSError as error:
            raise FailureError(Failure(str(error.strerror or error), "is the disk full?")) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def libraries_of(self, task: Task) -> list[str]:
        """Return the modules that the process of `task` has before it begins."""
        modules = [f"generator.runners.{task.runner}"]
        if task.module and "keras" in self.keys.packages(task.module):
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


def tree_key(parts: object) -> str:
    """Return the key of the parts of it."""
    from hashlib import sha256

    return sha256(canonical(parts)).hexdigest()
