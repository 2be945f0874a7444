"""Building all tasks of a small course without its pages, for tests of what lies below the pages."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.engine.executor import Executor, FinishedJob, Outcome
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store
from generator.engine.task import Task
from generator.errors import Report
from generator.plan.status import CourseStatus, read_course_status

LECTURE = """## A

It is {value}`toss.accuracy`.

:::{figure} mark
:number: toss.accuracy
:::

:::{figure} mark
:number: 0.5
:::
"""


def course_status(project: Path) -> CourseStatus:
    report = Report()
    found = read_course_status(project, "full", [], report)
    assert report.errors == []
    return found


def make_all(project: Path) -> Outcome:
    """Build what the lectures of `project` need, and return what came of it."""
    found = course_status(project)
    tasks = {name: status.task for name, status in found.tasks.items()}
    store, progress = Store(project / ".lectern" / "store"), Progress(io.StringIO())
    return Executor(project, store, progress, LocalWorkers(project)).make(tasks, found.datasets)


def run_nothing(patch: pytest.MonkeyPatch) -> None:
    """Let builds pretend: a task's facts are its name, and `accuracy`; its file is its name."""

    def run(builder: Executor, task: Task, inputs: Mapping[str, Artifact], key: str) -> FinishedJob:
        folder = builder.project / ".lectern" / "pretended" / key
        (folder / "out").mkdir(parents=True)
        (folder / "out" / "name.txt").write_text(task.id)
        facts = {"name": task.name, "accuracy": 0.9}
        return FinishedJob(task, inputs, key, folder, {"facts": facts, "packages": {}, "cost": [0.0, 0.0]})

    patch.setattr(Executor, "run", run)
