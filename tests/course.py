"""Building all tasks of a small course without its pages, for tests of what lies below the pages."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.commands.task_status import Survey, survey_course
from generator.engine.executor import Builder, Made, Outcome
from generator.engine.local_workers import Nursery
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store
from generator.engine.task import Task
from generator.errors import Report

LECTURE = """## A

It is {value}`toss.accuracy`.

:::{figure} mark
:number: toss.accuracy
:::

:::{figure} mark
:number: 0.5
:::
"""


def survey(project: Path) -> Survey:
    report = Report()
    found = survey_course(project, "full", [], report)
    assert report.errors == []
    return found


def make_all(project: Path) -> Outcome:
    """Build what the lectures of `project` need, and return what came of it."""
    found = survey(project)
    tasks = {name: standing.task for name, standing in found.tasks.items()}
    store, progress = Store(project / ".lectern" / "store"), Progress(io.StringIO())
    return Builder(project, store, progress, Nursery(project)).make(tasks, found.datasets)


def run_nothing(patch: pytest.MonkeyPatch) -> None:
    """Let builds pretend: a task's facts are its name, and `accuracy`; its file is its name."""

    def run(builder: Builder, task: Task, inputs: Mapping[str, Artifact], key: str) -> Made:
        folder = builder.project / ".lectern" / "pretended" / key
        (folder / "out").mkdir(parents=True)
        (folder / "out" / "name.txt").write_text(task.id)
        facts = {"name": task.name, "accuracy": 0.9}
        return Made(task, inputs, key, folder, {"facts": facts, "packages": {}, "cost": [0.0, 0.0]})

    patch.setattr(Builder, "run", run)
