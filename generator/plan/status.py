"""Reads the status of a course's tasks: what each key is made of, and whether the store has a result; runs nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

from generator.engine.code_digest.reachable import Parts
from generator.engine.keys import Datasets, KeyMaker, KeyParts, digest_key
from generator.engine.store import Artifact, Store
from generator.engine.task import Task
from generator.errors import Report
from generator.lecture.course import Profile, read_course, read_lectures
from generator.lecture.looks import read_looks
from generator.plan.planner import Plan, plan_lectures
from generator.theme import recolor


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """A task, and whether its result is there.

    key: its key; parts: what that is made of; code, engine: what the digests of that name in `parts` stand for.
    artifact: what the store has under the key. missing: the ids of the tasks it needs that have no result yet; while
    there are any, its key lacks their results, and so is not the key that it will have.
    """

    task: Task
    key: str
    parts: KeyParts
    code: Parts
    engine: Parts
    artifact: Artifact | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseStatus:
    """The plans of a course in one profile, the status of each task by its id, and the limits of tasks."""

    project: Path
    profile: Profile
    plans: Sequence[Plan]
    datasets: Datasets
    tasks: Mapping[str, TaskStatus]
    limits: Mapping[str, float] = field(default_factory=dict)


def read_course_status(
    project: Path, profile_name: str, names: Sequence[str], report: Report, given: Sequence[str] = ()
) -> CourseStatus:
    """Return the status of the lectures `names` (all, when empty); errors go to the report.

    given: what is given from outside the project, as `name=path`.
    """
    course = read_course(project, given)
    recolor(read_looks(project).colors)
    profile = course.profile(profile_name)
    lectures = read_lectures(project, course, names, report)
    plans, datasets = plan_lectures(lectures, project, profile, report)
    return CourseStatus(project, profile, plans, datasets, task_statuses(plans, project, datasets), course.limits)


def task_statuses(plans: Sequence[Plan], project: Path, datasets: Datasets) -> Mapping[str, TaskStatus]:
    """Return the status of each task of `plans` by its id, ordered so that a task comes after all that it needs."""
    keys, store = KeyMaker(project), Store(project / ".lectern" / "store")
    tasks = {name: task for plan in plans for name, task in plan.tasks.items()}
    order = TopologicalSorter({task.id: [need for _, need in task.needs] for task in tasks.values()}).static_order()
    found: dict[str, TaskStatus] = {}
    for name in order:
        task = tasks[name]
        available = {key: found[need].artifact for key, need in task.needs}
        inputs = {key: artifact for key, artifact in available.items() if artifact is not None}
        missing = tuple(need for _, need in task.needs if found[need].artifact is None)
        parts = keys.parts(task, inputs, datasets)
        key = digest_key(parts)
        artifact = None if missing else store.get(key)
        found[name] = TaskStatus(task, key, parts, keys.code(task).parts, keys.engine(task).parts, artifact, missing)
    return found
