"""The studio: one build of a course from texts to pages, and the report of it."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator import fresh
from generator.build import Builder, Outcome
from generator.course import Course, Profile, read_course
from generator.datafile import find_dataset
from generator.errors import LectureError, SourceError, Where, suggest
from generator.lecture import Lecture
from generator.plan import Plan, Task, plan_lecture
from generator.progress import Progress
from generator.reader import read_lecture
from generator.store import Store

BUILD = "build"


@dataclass(slots=True)
class Report:
    """What a build has to say at its end."""

    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)


def build_course(folder: str, request: list[str], names: Sequence[str], *, debug: bool) -> int:
    """Build the named lectures (all, when none is named) of the project in `folder`; return the exit code."""
    project, begun = Path(folder), time.monotonic()
    before = fresh.snapshot(folder, [])
    report = Report()
    progress = Progress()
    products: list[str] = []
    try:
        course = read_course(project)
        profile = course.profile(request[0])
        lectures = read_lectures(project, course, names, report)
        products = make_pages(project, course, profile, lectures, progress, report, debug=debug)
    except LectureError as error:
        report.errors.append(error)
    finally:
        progress.close()
    if not report.errors:
        fresh.remember(folder, request, products, before)
    return tell(report, products, time.monotonic() - begun)


def read_lectures(project: Path, course: Course, names: Sequence[str], report: Report) -> list[Lecture]:
    """Return the lectures to build, in the course's order; one that cannot be read is an error of its own."""
    known = [path.stem for path in sorted((project / "lectures").glob("*.md"))]
    for name in names:
        if name not in known:
            raise SourceError(f"there is no lecture '{name}'", Where("lectures"), suggest(name, known))
    order = [*course.lectures, *(name for name in known if name not in course.lectures)]
    lectures = []
    for name in [name for name in order if not names or name in names]:
        try:
            lectures.append(read_lecture(project / "lectures" / f"{name}.md", project))
        except LectureError as error:
            report.errors.append(error)
    return lectures


def make_pages(
    project: Path, course: Course, profile: Profile, lectures: Sequence[Lecture], progress: Progress, report: Report,
    *, debug: bool,
) -> list[str]:  # fmt: skip
    """Make every artifact of `lectures`, then the pages of each lecture that has all of its own."""
    plans = [plan_lecture(lecture, project, profile) for lecture in lectures]
    datasets = find_datasets(plans, project, report)
    plans = [plan for plan in plans if plan.lecture.dataset in datasets]
    tasks: dict[str, Task] = {name: task for plan in plans for name, task in plan.tasks.items()}
    builder = Builder(project, Store(project / ".lectern" / "store"), progress)
    outcome = builder.make(tasks, datasets)
    for plan in plans:
        failed = [(task, outcome.failures[name]) for name, task in plan.tasks.items() if name in outcome.failures]
        report.errors += plan.errors + [failure.blame(task, debug=debug) for task, failure in failed]
    titles = {lecture.name: lecture.title for lecture in lectures}
    digests = {name: digest for name, (_, digest) in datasets.items()}
    for plan in plans:
        if not plan.errors and all(name in outcome.artifacts for name in plan.tasks):
            write_lecture(project, course, profile, plan, outcome, titles, digests, report)
    return [f"{BUILD}/{lecture.name}" for lecture in lectures]


def find_datasets(plans: Sequence[Plan], project: Path, report: Report) -> dict[str, tuple[Path, str]]:
    """Return the file and the SHA-256 of every dataset that a lecture names; a missing one is its lecture's error."""
    found: dict[str, tuple[Path, str]] = {}
    for plan in plans:
        name = plan.lecture.dataset
        try:
            found[name] = found.get(name) or find_dataset(name, project)
        except LectureError as error:
            report.errors.append(type(error)(error.problem, Where(plan.lecture.path, 2), error.hint))
    return found


def write_lecture(
    project: Path, course: Course, profile: Profile, plan: Plan, outcome: Outcome, titles: Mapping[str, str],
    digests: Mapping[str, str], report: Report,
) -> None:  # fmt: skip
    """Write the pages of one lecture, unless a sentence in it is not true."""
    from generator.press import compose, neighbors_of, write_pages

    around = {**neighbors_of(plan.lecture, course, titles), "digests": digests}
    try:
        document = compose(plan, outcome.artifacts, project, profile, around)
        report.warnings += document.warnings
        report.errors += document.errors
        if not document.errors:
            report.written += write_pages(document, project / BUILD / plan.lecture.name, project)
    except LectureError as error:
        report.errors.append(type(error)(error.problem, error.where or Where(plan.lecture.path), error.hint))


def tell(report: Report, products: Sequence[str], seconds: float) -> int:
    """Print the end of a build and return its exit code."""
    errors = sorted(report.errors, key=lambda error: (error.where or Where(""), error.problem))
    unique = list(dict.fromkeys(str(error) for error in errors))
    for warning in report.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    for text in unique:
        sys.stderr.write(f"{text}\n")
    if unique:
        sys.stderr.write(f"{len(unique)} error{'s' * (len(unique) > 1)}; the last good pages are untouched\n")
        return 1
    for path in report.written:
        sys.stdout.write(f"wrote {os.path.relpath(path)}\n")
    if not report.written:
        sys.stdout.write(f"Nothing to do: {', '.join(products)} up to date.\n")
    sys.stdout.write(f"built in {seconds:.1f} s\n")
    return 0
