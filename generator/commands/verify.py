"""The `verify` command: reads every byte of the store, then makes a few results again, as a build would, and compares.

The new results go into a temporary store; those in the project's store are left as they are.
"""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
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


def verify(folder: str, profile: str, sample: int, given: Sequence[str] = ()) -> int:
    """Read the store, make a random `sample` of the course's results again, and print all differences.

    given: what is given from outside the project, as `name=path`. Returns the exit code: 1 if there is a difference or
    an error, else 0.
    """
    report = Report()
    project = Path(folder)
    damage: list[str] = []
    try:
        with using_results(project):
            damage += describe_damage(project)
            course = read_course_status(project, profile, [], report, given)
            made = [status for status in course.tasks.values() if status.artifact is not None]
            chosen = random.sample(made, min(sample, len(made)))
            faults = list(verify_all(chosen, course))
    except LectureError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in [*damage, error]))
        return 1
    sys.stderr.write("".join(f"{problem}\n" for problem in [*damage, *faults]))
    sys.stdout.write(f"read the store: {len(damage)} files are damaged\n")
    sys.stdout.write(f"made {len(chosen)} of {len(made)} results again: {len(faults)} differences\n")
    return 1 if damage or faults else 0


def describe_damage(project: Path) -> list[str]:
    """Return a line, and a hint, for each file of the store whose bytes are not those that were stored."""
    hint = "build again: what the lectures need of it is made anew"
    damage = Store(project / ".lectern" / "store").damage()
    return [f"{path.relative_to(project)}: {problem}\nhint: {hint}" for path, problem in damage]


def verify_all(chosen: list[TaskStatus], course: CourseStatus) -> Iterator[str]:
    """Yield a line for each difference between the `chosen` results in the store and those made now."""
    scratch = course.project / ".lectern" / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="verify-", dir=scratch))
    progress = Progress()
    store, workers = Store(folder, course.project), LocalWorkers(course.project)
    executor = Executor(course.project, store, progress, workers, course.limits)
    executor.datasets = course.datasets
    try:
        progress.expect(
            {
                task_label(status.task): executor.ledger.guess(status.task.id, status.task.name).seconds
                for status in chosen
            },
            1,
        )
        for status in chosen:
            yield from compare(status, course, executor)
    finally:
        progress.close()
        executor.workers.close()
        shutil.rmtree(folder, ignore_errors=True)


def compare(status: TaskStatus, course: CourseStatus, executor: Executor) -> Iterator[str]:
    """Yield a line for each difference in the result of one task, or one line if it cannot be made again."""
    task, old = status.task, status.artifact
    inputs = {name: artifact for name, need in task.needs if (artifact := course.tasks[need].artifact) is not None}
    executor.progress.start(task_label(task))
    try:
        new = executor.keep(executor.run(task, inputs, status.key))
    except FailureError as error:
        executor.progress.finish(task_label(task), "failed")
        yield f"{task.where}: {task.name} cannot be made again: {error.failure.problem}\nhint: {error.failure.hint}"
        return
    executor.progress.finish(task_label(task))
    if old is not None:
        yield from (f"{task.where}: {task.name}: {difference}" for difference in differences(old, new))


def differences(old: Artifact, new: Artifact) -> Iterator[str]:
    """Yield a phrase for each file and each fact in which two artifacts differ."""
    if old.digest == new.digest:
        return
    for name in sorted({*old.files, *new.files}):
        if name not in old.files or name not in new.files:
            yield f"{name} is {'new' if name in new.files else 'no longer made'}"
        elif old.files[name].read_bytes() != new.files[name].read_bytes():
            yield f"{name} differs"
    yield from fact_differences(old.facts, new.facts, "")


def fact_differences(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Yield a phrase for each fact that differs, with its dotted name, which begins with `prefix`."""
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from fact_differences(before, after, f"{prefix}{name}.")
        elif (now := canonical_json(after)) != (then := canonical_json(before)):
            yield f"{prefix}{name} is {now.decode()[:60]}, and was {then.decode()[:60]}"
