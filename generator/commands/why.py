"""The `why` command: says why a task will be made again, that is, which parts of its key have changed since.

What the key was made of at the last build is in the journal; what it is made of now is in the status of the course.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.disk import installed_version
from generator.engine.code_digest.reachable import Parts
from generator.engine.executor import task_label
from generator.engine.journal import Journal, JournalEntry
from generator.engine.store import Store
from generator.errors import LectureError, Report, SourceError, Where, suggest
from generator.plan.planner import Plan
from generator.plan.status import CourseStatus, TaskStatus, read_course_status

MESSAGES = {
    "format": "how keys are made has changed", "python": "the interpreter: {old} before, {new} now",
    "fonts": "the fonts have changed", "theme": "the theme has changed",
    "colors": "the colors in theme.toml have changed",
}  # fmt: skip


def explain(folder: str, profile: str, target: str, given: Sequence[str] = ()) -> int:
    """Print whether the tasks that `target` names are up to date and, if not, why; return the exit code.

    given: what is given from outside the project, as `name=path`.
    """
    report = Report()
    try:
        course = read_course_status(Path(folder), profile, [], report, given)
        ids = tasks_named(target, course.plans)
    except LectureError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in [*report.errors, error]))
        return 1
    journal = Journal(course.project / ".lectern" / "journal")
    for name in with_missing(ids, course):
        sys.stdout.write("\n".join(describe_status(course.tasks[name], course, journal)) + "\n")
    return 0


def with_missing(ids: Sequence[str], course: CourseStatus) -> list[str]:
    """Return the given ids of tasks and those of the tasks they wait for, each once."""
    found = list(dict.fromkeys(ids))
    for name in found:
        found += [need for need in course.tasks[name].missing if need not in found]
    return found


def tasks_named(target: str, plans: Sequence[Plan]) -> list[str]:
    """Return the ids of the tasks that `target` names: `lecture:line`, a figure kind or an experiment.

    Raises SourceError if it names none.
    """
    lecture, _, line = target.rpartition(":")
    if lecture and line.isdigit():
        return tasks_at(lecture, int(line), plans)
    found, known = [], []
    for plan in plans:
        found += plan.experiments.get(target, [])
        known += list(plan.experiments)
        for where in plan.figures:
            for name in plan.tasks_of_figure(where):
                kind = plan.tasks[name].module.rpartition(".")[2]
                known.append(kind)
                found += [name] if kind == target else []
    if not found:
        raise SourceError(
            f"no lecture has a figure or an experiment '{target}'", hint=suggest(target, sorted({*known}))
        )
    return found


def tasks_at(name: str, line: int, plans: Sequence[Plan]) -> list[str]:
    """Return the ids of the tasks of a line of a lecture or, if it has none, of the nearest line above that has some.

    Raises SourceError if the lecture does not exist, or no line up to this one has a task.
    """
    stem = Path(name).name.removesuffix(".md")
    known = [plan.lecture.name for plan in plans]
    if stem not in known:
        raise SourceError(f"there is no lecture '{stem}'", Where("lectures"), suggest(stem, known))
    plan = plans[known.index(stem)]
    places: dict[int, list[str]] = {where.line: plan.tasks_of_figure(where) for where in plan.figures
                                    if where.path == plan.lecture.path}  # fmt: skip
    for task in plan.tasks.values():
        if task.runner in ("experiment", "code") and task.where.path == plan.lecture.path:
            places.setdefault(task.where.line, []).append(task.id)
    above = [number for number in places if number <= line]
    if not above:
        raise SourceError("nothing is made for this line", plan.lecture.where(line), "name the line of a figure")
    return places[max(above)]


def describe_status(status: TaskStatus, course: CourseStatus, journal: Journal) -> Iterator[str]:
    """Yield the lines to print about one task."""
    if status.artifact is not None:
        yield f"{task_label(status.task)}: up to date"
        return
    yield f"{task_label(status.task)}: will be made"
    entry, is_same = journal.read(status.task.id), True
    if entry is None:
        entry, is_same = closest_entry(status, course, journal), False
    lines = [f"it waits for {course.tasks[need].task.name}" for need in status.missing]
    if entry is None:
        lines.append("it has never been built")
    else:
        lines += [] if is_same else ["it has never been built with these arguments; since the last one of its name:"]
        lines += differences(entry, status)
        if entry.key == status.key:
            lines += distrust_reasons(Store(course.project / ".lectern" / "store"), status.key)
    yield from (f"  {line}" for line in lines)


def closest_entry(status: TaskStatus, course: CourseStatus, journal: Journal) -> JournalEntry | None:
    """Return the journal entry to compare a task with that has never been built, None if there is none.

    When arguments are edited, a task gets a new id, and its former self is no longer planned. So this is, among the
    entries of unplanned tasks of the same name and lecture, the one nearest in the text; of several, the latest.
    """
    task = status.task
    entries = [
        entry
        for entry in journal.entries()
        if (entry.name, entry.path) == (task.name, task.where.path) and entry.task not in course.tasks
    ]
    return min(entries, key=lambda entry: abs(entry.line - task.where.line), default=None)


def differences(entry: JournalEntry, status: TaskStatus) -> Iterator[str]:
    """Yield a line for each part of the key that differs between the last build and now."""
    old, new = entry.parts, status.parts
    for name, message in MESSAGES.items():
        if old.get(name) != new.get(name):
            yield message.format(old=old.get(name), new=new.get(name))
    if old["code"] != new["code"]:
        yield from code_differences("code", entry.code, status.code)
    if old["engine"] != new["engine"]:
        yield from code_differences("runner", entry.engine, status.engine)
    yield from argument_differences(dict(old["arguments"]), dict(new["arguments"]), status)
    needs = {name: need for name, need in status.task.needs if need not in status.missing}
    for name in needs:
        if old["inputs"].get(name) != new["inputs"][name]:
            yield f"input: the results of experiment {name} have changed"


def code_differences(label: str, old: Parts, new: Parts) -> Iterator[str]:
    """Yield a line for each module with changed statements, new and gone ones included; `label` begins each line."""
    for module in sorted({*old, *new}):
        before, after = old.get(module, {}), new.get(module, {})
        changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
        named = [name for name in changed if name != "the order"] or changed
        words = [f"{name}{' (new)' * (name not in before)}{' (gone)' * (name not in after)}" for name in named]
        if words:
            more = f" and {len(words) - 8} more" if len(words) > 8 else ""
            yield f"{label}: {module}: {', '.join(words[:8])}{more}"


def argument_differences(old: Mapping[str, Any], new: Mapping[str, Any], status: TaskStatus) -> Iterator[str]:
    """Yield a line for each argument that has changed. In a key, a dataset is its digest, not its name."""
    now = dict(status.task.arguments)
    for name in sorted({*old, *new}):
        before, after = plain(old.get(name)), plain(new.get(name))
        if before == after:
            continue
        form = now[name].form if name in now else ""
        if form in ("dataset", "data") or (form == "digit" and isinstance(before, list) and before[0] == after[0]):
            yield f"data set: {now[name].source or now[name].value} has changed"
        else:
            yield f"argument: {name}: {shorten(old.get(name))} before, {shorten(new.get(name))} now"


def plain(argument: Any) -> Any:
    """Return an argument as it is read back from JSON, to compare it with one from the journal."""
    return json.loads(json.dumps(argument))


def shorten(argument: Any) -> str:
    """Return an argument as text: its source, if it has one, and its value, cut to 40 characters."""
    if argument is None:
        return "not given"
    value = argument["value"] if isinstance(argument, dict) else argument[0] if isinstance(argument, list) else argument
    source = f"{argument['source'][:12]} " if isinstance(argument, dict) and argument["source"] else ""
    text = json.dumps(value, ensure_ascii=False)
    return source + (text if len(text) <= 40 else f"{text[:39]}…")


def distrust_reasons(store: Store, key: str) -> Iterator[str]:
    """Yield the reasons why the store does not use the result that it has under the same key."""
    try:
        record = store.read_record(key)
    except (OSError, ValueError) as error:
        yield "its result has been removed" if isinstance(error, OSError) else "the record of its result is damaged"
        return
    changed = {name: version for name, version in record["packages"].items() if installed_version(name) != version}
    for name, version in changed.items():
        yield f"package: {name} {version} before, {installed_version(name) or 'not installed'} now"
    edited = store.observed.changed(record["observed"])
    for name in edited:
        yield f"file: {name}, which it reads, has changed"
    if not changed and not edited:
        yield "files of its result are damaged or gone"
