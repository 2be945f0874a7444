"""Makes a few results again, as a build would, and compares them with those in the store, which it leaves alone."""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.commands.task_status import Standing, Survey, survey_course
from generator.disk import canonical
from generator.engine.executor import Builder, label
from generator.engine.local_workers import FailureError, Nursery
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store, using_results
from generator.errors import LectureError, Report


def recheck(folder: str, profile: str, sample: int) -> int:
    """Make `sample` of the results that the course uses again; print what differs, and return 1 if anything does."""
    report = Report()
    project = Path(folder)
    try:
        with using_results(project):
            survey = survey_course(project, profile, [], report)
            made = [standing for standing in survey.tasks.values() if standing.artifact is not None]
            chosen = random.sample(made, min(sample, len(made)))
            faults = list(compare_all(chosen, survey))
    except LectureError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"made {len(chosen)} of {len(made)} results again: {len(faults)} differences\n")
    return 1 if faults else 0


def compare_all(chosen: list[Standing], survey: Survey) -> Iterator[str]:
    """Yield a line for each difference between what the store has and what is made now."""
    home = survey.project / ".lectern" / "scratch"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="verify-", dir=home))
    progress = Progress()
    builder = Builder(survey.project, Store(folder), progress, Nursery(survey.project))
    builder.datasets = survey.datasets
    try:
        progress.expect(
            {label(part.task): builder.ledger.guess(part.task.id, part.task.name).seconds for part in chosen}, 1
        )
        for standing in chosen:
            yield from compare(standing, survey, builder)
    finally:
        progress.close()
        builder.crew.close()
        shutil.rmtree(folder, ignore_errors=True)


def compare(standing: Standing, survey: Survey, builder: Builder) -> Iterator[str]:
    """Yield the differences of one task."""
    task, old = standing.task, standing.artifact
    inputs = {name: artifact for name, need in task.needs if (artifact := survey.tasks[need].artifact) is not None}
    builder.progress.start(label(task))
    try:
        new = builder.keep(builder.run(task, inputs, standing.key))
    except FailureError as error:
        builder.progress.finish(label(task), "failed")
        yield f"{task.where}: {task.name} cannot be made again: {error.failure.problem}\nhint: {error.failure.hint}"
        return
    builder.progress.finish(label(task))
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
        elif canonical(before) != canonical(after):
            yield f"{prefix}{name} is {canonical(after).decode()[:60]}, and was {canonical(before).decode()[:60]}"
