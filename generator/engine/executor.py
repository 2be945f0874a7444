"""The build: runs what the store lacks in child processes, in the order of needs, and blames the right line."""

import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from generator.engine.journal import Journal
from generator.engine.keys import KeyMaker, digest_key
from generator.engine.progress import Progress
from generator.engine.schedule import Cost, Schedule, read_cost_ledger, write_cost_ledger
from generator.engine.store import Artifact, Store
from generator.engine.task import Task
from generator.engine.workers import Failure, FailureError, Workers
from generator.errors import ArtifactError, Where


@dataclass(slots=True)
class Outcome:
    """What a build made: artifacts, and failures, by the ids of their tasks; and how many tasks ran."""

    artifacts: dict[str, Artifact] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    ran: int = 0


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """What a job has left in `folder`, not yet in the store."""

    task: Task
    inputs: Mapping[str, Artifact]
    key: str
    folder: Path
    result: dict[str, Any]


Running = dict[Future[FinishedJob | Artifact], Task]  # jobs, and what they made on its way into the store


def locate_failure(failure: Failure, task: Task, *, debug: bool = False) -> ArtifactError:
    """Return the error of a failed `task`, at the line of the lecture that asked for it."""
    where = task.where
    if task.cell_lines and failure.cell is not None:
        where = Where(where.path, task.cell_lines[failure.cell])
    trace = f"\n{failure.trace.rstrip()}" if debug else ""
    return ArtifactError(f"{task.name}: {failure.problem}", where, f"{failure.hint}{trace}")


class Executor:
    """Makes the artifacts of tasks for one project."""

    def __init__(self, project: Path, store: Store, progress: Progress, workers: Workers) -> None:
        self.project, self.store, self.progress, self.workers = project, store, progress, workers
        self.ledger_path = project / ".lectern" / "costs.json"
        self.ledger = read_cost_ledger(self.ledger_path)
        self.keys, self.journal = KeyMaker(project), Journal(project / ".lectern" / "journal")

    def make(self, tasks: Mapping[str, Task], datasets: Mapping[str, tuple[Path, str]]) -> Outcome:
        """Return the artifacts of `tasks`; `datasets` gives the file and the SHA-256 of each dataset's name.

        A task that fails does not stop the others; what needs it is left out.
        """
        self.datasets = datasets
        self.waiting: dict[str, tuple[Mapping[str, Artifact], str]] = {}  # by task: its inputs and its key
        costs = {name: self.ledger.guess(name, task_label(task)) for name, task in tasks.items()}
        schedule = Schedule(
            {task.id: [need for _, need in task.needs] for task in tasks.values()}, costs, self.workers.free_memory
        )
        self.progress.expect(
            {task_label(task): costs[name].seconds for name, task in tasks.items()}, self.workers.slots
        )
        outcome, running = Outcome(), Running()
        try:
            with ThreadPoolExecutor(max_workers=2 * self.workers.slots) as pool:
                try:
                    while not schedule.is_over:
                        self.look_up(tasks, outcome, schedule)
                        self.start(tasks, running, schedule, pool)
                        self.collect(running, outcome, schedule, pool)
                finally:
                    self.workers.close()
        finally:
            for future in running:
                discard(future)
            write_cost_ledger(self.ledger_path, self.ledger.past)
            self.keys.keep()
        return outcome

    def look_up(self, tasks: Mapping[str, Task], outcome: Outcome, schedule: Schedule) -> None:
        """Take from the store what it has of the tasks that could start now, and queue the others."""
        while arrived := schedule.arrivals():
            for task in map(tasks.__getitem__, arrived):
                inputs = {name: outcome.artifacts[need] for name, need in task.needs if need in outcome.artifacts}
                if len(inputs) < len(task.needs):
                    self.progress.finish(task_label(task), "skipped")
                    schedule.done(task.id)
                    continue
                parts = self.keys.parts(task, inputs, self.datasets)
                key = digest_key(parts)
                if (found := self.store.get(key)) is None:
                    self.waiting[task.id] = (inputs, key)
                    schedule.queue(task.id)
                    continue
                if not self.journal.has(task, key):
                    self.note(task, key, parts)
                self.progress.finish(task_label(task), "up to date")
                outcome.artifacts[task.id] = found
                schedule.done(task.id)

    def start(self, tasks: Mapping[str, Task], running: Running, schedule: Schedule, pool: ThreadPoolExecutor) -> None:
        """Start jobs while workers are free, and while what was made before goes into the store as fast as it comes."""
        free = self.workers.slots
        while len(schedule.running) < free and len(running) < 2 * free and (name := schedule.next()) is not None:
            self.progress.start(task_label(tasks[name]))
            running[pool.submit(self.run, tasks[name], *self.waiting.pop(name))] = tasks[name]

    def collect(self, running: Running, outcome: Outcome, schedule: Schedule, pool: ThreadPoolExecutor) -> None:
        """Wait for what ends next, if anything runs: keep what a job has made, and note what was kept or has failed."""
        for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
            task = running.pop(future)
            schedule.release(task.id)
            try:
                found = future.result()
            except FailureError as error:
                outcome.failures[task.id] = error.failure
                self.progress.finish(task_label(task), "failed")
            else:
                if isinstance(
                    found, FinishedJob
                ):  # a disk takes its time: the worker is free for the next job meanwhile
                    running[pool.submit(self.keep, found)] = task
                    continue
                outcome.artifacts[task.id] = found
                outcome.ran += 1
                self.progress.finish(task_label(task))
            schedule.done(task.id)

    def note(self, task: Task, key: str, parts: Mapping[str, Any]) -> None:
        """Write down what the key of a task is made of, for who asks why it is made again."""
        self.journal.note(task, key, parts, self.keys.code(task).parts, self.keys.engine(task).parts)

    def run(self, task: Task, inputs: Mapping[str, Artifact], key: str) -> FinishedJob:
        """Run `task` in a child in an empty folder; raise FailureError, and leave no folder, where it fails."""
        scratch = self.project / ".lectern" / "scratch"
        folder = scratch / "none yet"
        try:
            scratch.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=scratch))
            result = self.workers.run(folder, self.job_of(task, inputs), self.libraries_of(task))
            raise_if_failed(result)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise failure_of(error) if isinstance(error, OSError) else error from None
        return FinishedJob(task, inputs, key, folder, result)

    def keep(self, made: FinishedJob) -> Artifact:
        """Take what a job has made into the store, and write down of what it is made; its folder goes."""
        try:
            self.ledger.note(made.task.id, task_label(made.task), Cost(*made.result["cost"]))
            parts = self.keys.parts(made.task, made.inputs, self.datasets, anew=True)
            if digest_key(parts) != made.key:
                raise FailureError(Failure("its code has changed while it was made", "build again"))
            artifact = self.store.put(made.key, made.folder / "out", made.result["facts"], made.result["packages"])
        except OSError as error:
            raise failure_of(error) from None
        finally:
            shutil.rmtree(made.folder, ignore_errors=True)
        self.note(made.task, made.key, parts)
        return artifact

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
            "runner": task.runner,
            "module": task.module,
            "arguments": arguments,
            "results": results,
            "dataset": dataset,
            "project": str(self.project),
            "theme": task.theme,
        }


def failure_of(error: OSError) -> FailureError:
    """Return the failure of a task whose files could not be written or read."""
    return FailureError(Failure(str(error.strerror or error), "is the disk full?"))


def raise_if_failed(result: Mapping[str, Any]) -> None:
    """Raise FailureError for the result of a job that came to no good end."""
    if "facts" not in result:
        raise FailureError(Failure(result["problem"], result["hint"], result["traceback"], result.get("cell")))


def discard(future: Future[FinishedJob | Artifact]) -> None:
    """Remove what a job has made and nobody will keep: the build was stopped."""
    if not future.cancelled() and future.exception() is None and isinstance(made := future.result(), FinishedJob):
        shutil.rmtree(made.folder, ignore_errors=True)


def task_label(task: Task) -> str:
    """Return the name of a task with the place that asked for it, so that no two are the same."""
    return f"{task.name} ({task.where})"
