"""Makes a few results again, as a build would, and compares them with those in the store, which it leaves alone."""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.disk import canonical_json
from generator.engine.executor import Executor, task_label
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store, using_results
from generator.engine.workers import FailureError
from generator.errors import LectureError, Report
from generator.plan.status import CourseStatus, TaskStatus, read_course_status


def verify(folder: str, profile: str, sample: int) -> int:
    """Make `sample` of the results that the course uses again; print what differs, and return 1 if anything does."""
    report = Report()
    project = Path(folder)
    try:
        with using_results(project):
            course = read_course_status(project, profile, [], report)
            made = [status for status in course.tasks.values() if status.artifact is not None]
            chosen = random.sample(made, min(sample, len(made)))
            faults = list(verify_all(chosen, course))
    except LectureError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"made {len(chosen)} of {len(made)} results again: {len(faults)} differences\n")
    return 1 if faults else 0


def verify_all(chosen: list[TaskStatus], course: CourseStatus) -> Iterator[str]:
    """Yield a line for each difference between what the store has and what is made now."""
    home = course.project / ".lectern" / "scratch"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="verify-", dir=home))
    progress = Progress()
    builder = Executor(course.project, Store(folder), progress, LocalWorkers(course.project))
    builder.datasets = course.datasets
    try:
        progress.expect(
            {task_label(part.task): builder.ledger.guess(part.task.id, part.task.name).seconds for part in chosen}, 1
        )
        for status in chosen:
            yield from compare(status, course, builder)
    finally:
        progress.close()
        builder.workers.close()
        shutil.rmtree(folder, ignore_errors=True)


def compare(status: TaskStatus, course: CourseStatus, builder: Executor) -> Iterator[str]:
    """Yield the differences of one task."""
    task, old = status.task, status.artifact
    inputs = {name: artifact for name, need in task.needs if (artifact := course.tasks[need].artifact) is not None}
    builder.progress.start(task_label(task))
    try:
        new = builder.keep(builder.run(task, inputs, status.key))
    except FailureError as error:
        builder.progress.finish(task_label(task), "failed")
        yield f"{task.where}: {task.name} cannot be made again: {error.failure.problem}\nhint: {error.failure.hint}"
        return
    builder.progress.finish(task_label(task))
    if old is not None:
        yield from (f"{task.where}: {task.name}: {what}" for what in differences(old, new))


def differences(old: Artifact, new: Artifact) -> Iterator[str]:
    """Yield which files and facts two artifacts do not share."""
    if old.digest == new.digest:
        return
    for name in sorted({*old.files, *new.files}):
        if name not in old.files or name not in new.files:
            yield f"{name} is {'new' if name in new.files else 'no longer made'}"
        elif old.files[name].read_bytes() != new.files[name].read_bytes():
            yield f"{name} differs"
    yield from fact_differences(old.facts, new.facts, "")


def fact_differences(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Yield the facts that differ, by their dotted names."""
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from fact_differences(before, after, f"{prefix}{name}.")
        elif (now := canonical_json(after)) != (then := canonical_json(before)):
            yield f"{prefix}{name} is {now.decode()[:60]}, and was {then.decode()[:60]}"
