"""Builds tasks: takes from the store what it has, runs the rest on workers once the tasks that they need have ended.

A failed task does not stop the build; its error points to the line of the lecture that asked for it.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from textwrap import indent
from traceback import format_exception
from types import MappingProxyType
from typing import Any

from generator.disk import canonical_json
from generator.engine.drafts import FILM, Drafts
from generator.engine.journal import Journal
from generator.engine.keys import KeyMaker, digest_key
from generator.engine.logs import Logs
from generator.engine.observed_files import Observed
from generator.engine.progress import Progress
from generator.engine.schedule import Cost, Schedule, read_cost_ledger, write_cost_ledger
from generator.engine.store import Artifact, Store
from generator.engine.task import EXPERIMENT_MINUTES, Task
from generator.engine.workers import Failure, FailureError, Workers
from generator.errors import NO_MEMORY, ArtifactError, SourceError, lacks_memory
from generator.theme import own_colors


@dataclass(slots=True)
class Outcome:
    """What a build made: artifacts and failures by task id, and how many tasks ran."""

    artifacts: dict[str, Artifact] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    ran: int = 0


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """A job that has run: its result, and the folder with its files, which are not in the store yet."""

    task: Task
    inputs: Mapping[str, Artifact]
    key: str
    folder: Path
    result: dict[str, Any]


OUTDATED_INTERVAL = 0.2  # seconds after which a build that may become outdated asks whether it is
Running = dict[Future[FinishedJob | Artifact], Task]  # jobs that run, and finished ones on their way into the store


def locate_failure(failure: Failure, task: Task, *, debug: bool = False) -> ArtifactError:
    """Return the error of a failed `task`, at the line of the lecture that asked for it.

    debug: whether to add the traceback to the hint.
    """
    where = task.where
    if task.cell_places and failure.cell is not None:
        where = task.cell_places[failure.cell]
    error = ArtifactError(f"{task.name}: {failure.problem}", where, failure.hint)
    error.hint += f"\n{failure.trace.rstrip()}" if debug else ""
    return error


class Executor:
    """Makes the artifacts of one project's tasks."""

    def __init__(
        self,
        project: Path,
        store: Store,
        progress: Progress,
        workers: Workers,
        limits: Mapping[str, float] = MappingProxyType({}),
        *,
        shows_printed: bool = False,
        drafts: Drafts | None = None,
        is_outdated: Callable[[], bool] | None = None,
    ) -> None:
        """Keep what the builds share.

        limits: the `hours` and the gigabytes of `memory` that a job may take. shows_printed: whether to show what jobs
        have printed, also those that do not fail. drafts: takes what is made in place of films that are missing;
        without it, films are made. is_outdated: asked now and then whether to stop, with a SourceError.
        """
        self.shows_printed, self.logs = shows_printed, Logs(project)
        self.drafts, self.is_outdated = drafts, is_outdated
        self.parts_within: dict[str, list[Task]] = {}  # by the id of the task whose job gives their results, too
        self.project, self.store, self.progress, self.workers, self.limits = project, store, progress, workers, limits
        self.ledger_path = project / ".lectern" / "costs"
        self.ledger = read_cost_ledger(self.ledger_path)
        self.keys, self.journal = KeyMaker(project), Journal(project / ".lectern" / "journal")

    def make(self, tasks: Mapping[str, Task], datasets: Mapping[str, tuple[Path, str]]) -> Outcome:
        """Return the artifacts of `tasks`; `datasets` gives the file and the SHA-256 of each dataset by name.

        A task that fails does not stop the others; tasks that need it are skipped.
        """
        self.datasets = datasets
        self.waiting: dict[str, tuple[Mapping[str, Artifact], str]] = {}  # queued tasks, by id: inputs and key
        costs = {name: self.ledger.guess(name, task_label(task)) for name, task in tasks.items()}
        schedule = Schedule(
            {task.id: [*(need for _, need in task.needs), *filter(None, [task.within])] for task in tasks.values()},
            costs,
            self.workers.free_memory,
        )
        for task in tasks.values():
            self.parts_within.setdefault(task.within, []).append(task)
        self.progress.expect(
            {task_label(task): costs[name].seconds for name, task in tasks.items()},
            self.workers.slots,
            {
                task_label(task): limits["minutes"]
                for task in tasks.values()
                if "minutes" in (limits := self.limits_of(task))
            },
        )
        if self.drafts:
            self.drafts.has_films = any(task.runner == FILM for task in tasks.values())
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
            self.keys.save()
        return outcome

    def look_up(self, tasks: Mapping[str, Task], outcome: Outcome, schedule: Schedule) -> None:
        """Of the tasks that have become ready, finish those whose artifact is in the store and queue the others."""
        while arrived := schedule.arrivals():
            for task in map(tasks.__getitem__, arrived):
                inputs = {name: outcome.artifacts[need] for name, need in task.needs if need in outcome.artifacts}
                parts = self.parts_of(task, inputs, outcome)
                if not parts:
                    self.progress.finish(task_label(task), "failed" if task.id in outcome.failures else "skipped")
                    schedule.done(task.id)
                    continue
                key = digest_key(parts)
                if (found := self.store.get(key)) is None and (found := self.older(task, parts)) is None:
                    self.waiting[task.id] = (inputs, key)
                    schedule.queue(task.id)
                    continue
                if found.key == key and not self.journal.has(task, key):
                    self.write_journal(task, key, parts)
                self.progress.finish(task_label(task), "up to date")
                outcome.artifacts[task.id] = found
                schedule.done(task.id)

    def older(self, task: Task, parts: Mapping[str, Any]) -> Artifact | None:
        """Return, for drafts, what the same cells gave before files that they may import were edited; else None."""
        entry = self.journal.read(task.id) if self.drafts and task.runner == "code" else None
        if not self.drafts or not entry:
            return None
        if canonical_json({**entry.parts, "engine": ""}) != canonical_json({**parts, "engine": ""}):
            return None
        if found := self.store.get(entry.key):
            self.drafts.made.add(task.id)
        return found

    def parts_of(self, task: Task, inputs: Mapping[str, Artifact], outcome: Outcome) -> dict[str, Any]:
        """Return what the key of `task` is made of; nothing if it lacks an input, or if its code cannot be read.

        The latter is a failure, which is added to `outcome`.
        """
        if len(inputs) < len(task.needs) or (task.within and task.within not in outcome.artifacts):
            return {}
        try:
            return self.keys.parts(task, inputs, self.datasets)
        except Exception as error:
            failure = failure_of(error).failure
            path = getattr(error, "filename", None)
            place = f"{os.path.relpath(str(path), self.project)}: " if path else ""
            problem = f"its code cannot be read: {place}{failure.problem}"
            outcome.failures[task.id] = replace(failure, problem=problem, hint="mend or remove the file")
            return {}

    def start(self, tasks: Mapping[str, Task], running: Running, schedule: Schedule, pool: ThreadPoolExecutor) -> None:
        """Start queued tasks while workers are free and finished jobs do not pile up on their way into the store."""
        slots = self.workers.slots
        while len(schedule.running) < slots and len(running) < 2 * slots and (name := schedule.next()) is not None:
            self.progress.start(task_label(tasks[name]))
            running[pool.submit(self.run, tasks[name], *self.waiting.pop(name))] = tasks[name]

    def collect(self, running: Running, outcome: Outcome, schedule: Schedule, pool: ThreadPoolExecutor) -> None:
        """Wait until a job has run or been stored, if there are any; store the first, count the second as done."""
        for future in self.wait_for(running):
            task = running.pop(future)
            schedule.release(task.id)
            try:
                found = future.result()
            except SourceError:  # no task can run any more, such as when the scheduler is gone
                raise
            except Exception as error:  # what nobody foresaw, too: it fails this task, and no other
                outcome.failures[task.id] = failure_of(error).failure
                self.progress.finish(task_label(task), "failed")
            else:
                # The job has run: its worker is free for the next one while another thread writes to the disk.
                if isinstance(found, FinishedJob):
                    running[pool.submit(self.keep, found)] = task
                    continue
                outcome.artifacts[task.id] = found
                outcome.ran += 1
                is_draft = self.drafts and task.id in self.drafts.made
                self.progress.finish(task_label(task), "draft" if is_draft else "done")
            schedule.done(task.id)

    def wait_for(self, running: Running) -> set[Future[FinishedJob | Artifact]]:
        """Return those that have ended once there are any; raise SourceError if the build is outdated before."""
        ended: set[Future[FinishedJob | Artifact]] = set()
        while running and not ended:
            ended = wait(running, OUTDATED_INTERVAL if self.is_outdated else None, FIRST_COMPLETED).done
            if not ended and self.is_outdated and self.is_outdated():
                raise SourceError("the sources have changed meanwhile")
        return ended

    def write_journal(self, task: Task, key: str, parts: Mapping[str, Any]) -> None:
        """Record what the key of a task is made of, so that `why` can say later why it is built again."""
        self.journal.note(task, key, parts, self.keys.code(task).parts, self.keys.engine(task).parts)

    def run(self, task: Task, inputs: Mapping[str, Artifact], key: str) -> FinishedJob:
        """Run `task` on a worker in an empty folder; if it fails, remove the folder and raise FailureError."""
        scratch = self.project / ".lectern" / "scratch"
        folder = scratch / "none yet"
        try:
            scratch.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=scratch))
            job = self.make_job(self.drafts.of(task) if self.drafts else task, inputs)
            result = self.workers.run(folder, job, self.libraries_of(task))
            if self.shows_printed and result.get("printed") and "facts" in result:
                self.progress.say(f"{task_label(task)} has printed:\n{indent(result['printed'], '  ')}")
            raise_if_failed(result, self.logs.keep(task, result))
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise failure_of(error) if isinstance(error, OSError) else error from None
        return FinishedJob(task, inputs, key, folder, result)

    def keep(self, job: FinishedJob) -> Artifact:
        """Move what a job has made into the store, record its key in the journal, and remove its folder.

        Raise FailureError if the key, or a file that the job has read, has changed while the job ran: it is not known
        which version the job has used.
        """
        try:
            if self.drafts and job.task.runner == FILM:
                return self.drafts.keep(job.task, job.folder / "out", job.result["facts"])
            self.ledger.note(job.task.id, task_label(job.task), Cost(*job.result["cost"]))
            parts = self.keys.parts(job.task, job.inputs, self.datasets, recheck=True)
            if digest_key(parts) != job.key:
                raise FailureError(Failure("its code has changed while it was made", "build again"))
            observed = self.observed_by(job, job.task)
            result, made = job.result, job.folder / "out"
            machine = result.get("machine", "")
            artifact = self.store.put(job.key, made, result["facts"], result["packages"], observed, machine)
            self.keep_parts(job)
            self.logs.forget(job.task)
        except OSError as error:
            raise failure_of(error) from None
        finally:
            shutil.rmtree(job.folder, ignore_errors=True)
        self.write_journal(job.task, job.key, parts)
        return artifact

    def keep_parts(self, job: FinishedJob) -> None:
        """Store the results of the tasks within that of a job, those that the store lacks: one that it has stays.

        Each has the files that its own job would have made: those of its blocks.
        """
        for task in self.parts_within.get(job.task.id, []):
            inputs = {name: job.inputs[name] for name, _ in task.needs}
            parts = self.keys.parts(task, inputs, self.datasets)
            key = digest_key(parts)
            if self.store.get(key) is None:
                folder = job.folder / f"within-{len(task.cell_places)}"
                folder.mkdir()
                for path in sorted((job.folder / "out").iterdir())[: len(task.cell_places)]:
                    shutil.copyfile(path, folder / path.name)
                result, observed = job.result, self.observed_by(job, task)
                self.store.put(key, folder, result["facts"], result["packages"], observed, result.get("machine", ""))
                self.ledger.note(task.id, task_label(task), Cost(0.0, 0.0))
                self.write_journal(task, key, parts)

    def observed_by(self, job: FinishedJob, task: Task) -> Observed:
        """Return the files of the project that a job was seen to read, without the code that a key has already.

        task: the one whose key that is, the job's own or one within it. Raise FailureError if a file has changed since.
        """
        code = {*self.keys.code(task).parts, *self.keys.engine(task).parts}
        seen = job.result.get("observed", {})
        observed = {name: digest for name, digest in seen.items() if not {name, module_of(name)} & code}
        self.store.observed.forget(observed)
        for name in self.store.observed.changed(observed):
            raise FailureError(Failure(f"{name}, which it reads, has changed while it was made", "build again"))
        return observed

    def states(self) -> dict[str, object]:
        """Return the stamps of the files and folders that keys and results depend on, from before they were read."""
        return {**self.keys.stamps(), **self.store.observed.stamps}

    def libraries_of(self, task: Task) -> list[str]:
        """Return the modules to import before the process of `task` is forked."""
        modules = [f"generator.runners.{task.runner}"]
        if task.module and "keras" in self.keys.packages(task.module):
            modules.append("keras")
        return modules

    def make_job(self, task: Task, inputs: Mapping[str, Artifact]) -> dict[str, Any]:
        """Return the job for `task` as plain values, for the process that runs it."""
        dataset = str(self.datasets[task.datasets[0]][0]) if task.datasets else ""
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
            "limits": self.limits_of(task),
            "colors": own_colors(),
        }

    def limits_of(self, task: Task) -> dict[str, float]:
        """Return what a task may take: `memory`, and `hours` or, of an experiment, the `minutes` that its lecture says.

        Where neither lecture nor course say it, an experiment has EXPERIMENT_MINUTES.
        """
        limits = dict(self.limits)
        if task.timeout or (task.runner == "experiment" and "hours" not in limits):
            limits["minutes"] = task.timeout or EXPERIMENT_MINUTES
        return limits


def failure_of(error: Exception) -> FailureError:
    """Return the failure of a task whose files could not be written or read, or that met what nobody foresaw."""
    if isinstance(error, FailureError):
        return error
    if isinstance(error, OSError):
        return FailureError(Failure(str(error.strerror or error), "is the disk full?"))
    trace = "".join(format_exception(error))
    if lacks_memory(error):
        return FailureError(Failure(*NO_MEMORY, trace))
    problem = f"{type(error).__name__}: {error}"
    return FailureError(Failure(problem, "this is a fault of the generator: please report it", trace))


def raise_if_failed(result: Mapping[str, Any], log: str = "") -> None:
    """Raise FailureError if the result of a job says that it failed; what the job has printed goes to its traceback.

    log: the file that keeps what it has printed; empty if it has printed nothing.
    """
    if "facts" in result:
        return
    printed, trace, hint = result.get("printed", ""), result["traceback"], result["hint"]
    if printed and printed not in trace:
        trace = f"{trace.rstrip()}\nWhat it has printed:\n{printed}"
    if log:
        hint = f"{hint}; {log} has what it has printed" if hint else f"{log} has what it has printed"
    raise FailureError(Failure(result["problem"], hint, trace, result.get("cell")))


def discard(future: Future[FinishedJob | Artifact]) -> None:
    """Remove the folder of a finished job that will not be stored, because the build was stopped."""
    if not future.cancelled() and future.exception() is None and isinstance(job := future.result(), FinishedJob):
        shutil.rmtree(job.folder, ignore_errors=True)


def module_of(name: str) -> str:
    """Return the name of the module in a file of the project."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def task_label(task: Task) -> str:
    """Return the name of a task with the line that asked for it, so that no two labels are equal."""
    return f"{task.name} ({task.where})"
