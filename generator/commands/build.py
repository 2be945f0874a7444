"""The studio: one build of a course from texts to pages, and the report of it."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.commands import up_to_date
from generator.engine.executor import Builder, Crew, Outcome, blame
from generator.engine.local_workers import Nursery
from generator.engine.progress import Progress
from generator.engine.store import Store, using_results
from generator.engine.task import Task
from generator.errors import LectureError, Report, SourceError, Where, disk_error, tell
from generator.lecture.blocks import Lecture
from generator.lecture.course import Course, Profile, folder_inside, ordered_names, read_course, read_lectures
from generator.plan.planner import Plan, files_named, find_datasets, plan_lecture


@dataclass(frozen=True, slots=True)
class Desk:
    """What one build works with; `into` is the folder of the pages, relative to the project."""

    project: Path
    course: Course
    profile: Profile
    into: str
    progress: Progress
    report: Report
    crew: Crew
    formats: tuple[str, ...] = ()


Make = Callable[[Path, Progress, Report], list[str]]


def build_course(
    folder: str,
    request: list[str],
    names: Sequence[str],
    formats: Sequence[str] = (),
    *,
    scheduler: str = "",
    debug: bool = False,
) -> int:
    """Build the named lectures (all, when none is named) of the project in `folder`; return the exit code.

    formats: what to make of them besides the pages. scheduler: the address of the Dask scheduler whose workers do the
    work; this machine does it when there is none.
    """
    profile_name, into = request[:2]

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        course = read_course(project)
        profile = course.profile(profile_name)
        require_formats(formats)
        lectures = read_lectures(project, course, names, report)
        crew = find_crew(project, scheduler)
        place = folder_inside(project, into)
        desk = Desk(project, course, profile, place, progress, report, crew, tuple(formats))
        return make_pages(desk, lectures, debug=debug)

    return run_build(folder, request, make)


def find_crew(project: Path, scheduler: str) -> Crew:
    """Return who does the work: the workers of a Dask scheduler, or this machine."""
    if not scheduler:
        return Nursery(project)
    try:
        from generator.engine.dask_cluster import Cluster
    except ImportError as error:
        raise SourceError(f"Dask is not installed: {error}", hint="run make setup-cluster") from None
    return Cluster(project, scheduler)


def require_formats(formats: Sequence[str]) -> None:
    """Raise an error, before anything is trained, for a format that there is not or that cannot be made here."""
    if formats:
        from generator.commands.export import check_formats

        check_formats(formats)


def run_build(folder: str, request: list[str], make: Make, sources: tuple[str, ...] = up_to_date.SOURCES) -> int:
    """Let `make` make pages and note in the report what came of it, then tell that; return the exit code.

    `make` returns the folders of the pages. A good build is remembered, for who asks for the same again.
    """
    begun = time.monotonic()
    before = up_to_date.snapshot(folder, [], sources)
    report, progress = Report(), Progress()
    products: list[str] = []
    try:
        with using_results(Path(folder)):
            products = make(Path(folder), progress, report)
    except LectureError as error:
        report.errors.append(error)
    except OSError as error:
        report.errors.append(disk_error(error, folder))
    finally:
        progress.close()
    if not report.errors:
        with contextlib.suppress(OSError):  # then the next build looks at everything, and finds nothing to do
            up_to_date.remember(folder, request, products, {**before, **report.read}, sources)
    return tell(report, products, time.monotonic() - begun)


def make_pages(desk: Desk, lectures: Sequence[Lecture], *, debug: bool) -> list[str]:
    """Make every artifact of `lectures`, then the pages of each lecture that has all of its own."""
    project, report = desk.project, desk.report
    plans = [plan_lecture(lecture, project, desk.profile) for lecture in lectures]
    datasets = find_datasets(plans, project, report)
    for path in [*files_named(plans, project), *(path for path, _ in datasets.values())]:
        up_to_date.scan(str(path), report.read)
    plans = [plan for plan in plans if plan.lecture.dataset in datasets]
    tasks: dict[str, Task] = {name: task for plan in plans for name, task in plan.tasks.items()}
    outcome = Builder(project, Store(project / ".lectern" / "store"), desk.progress, desk.crew).make(tasks, datasets)
    for plan in plans:
        failed = [(task, outcome.failures[name]) for name, task in plan.tasks.items() if name in outcome.failures]
        report.errors += plan.errors + [blame(failure, task, debug=debug) for task, failure in failed]
    titles = {lecture.name: lecture.title for lecture in lectures}
    digests = {name: digest for name, (_, digest) in datasets.items()}
    for plan in plans:
        if not plan.errors and all(name in outcome.artifacts for name in plan.tasks):
            write_lecture(desk, plan, outcome, titles, digests)
    return [*(f"{desk.into}/{lecture.name}" for lecture in lectures), *write_index(desk)]


def write_index(desk: Desk) -> list[str]:
    """Write the course's index, from the pages that are there; return its path where there is one."""
    from generator.commands.export import INDEX, write_site

    folder = desk.project / desk.into
    desk.report.written += write_site(desk.course, ordered_names(desk.project, desk.course), folder)
    return [f"{desk.into}/{INDEX}"] if (folder / INDEX).is_file() else []


def write_lecture(
    desk: Desk, plan: Plan, outcome: Outcome, titles: Mapping[str, str], digests: Mapping[str, str]
) -> None:
    """Write the pages of one lecture, unless a sentence in it is not true."""
    from generator.commands.export import drop_outdated, export_document, write_changed
    from generator.document.compose import compose, neighbors_of

    report = desk.report
    around = {**neighbors_of(plan.lecture, desk.course, titles), "digests": digests}
    try:
        document = compose(plan, outcome.artifacts, desk.project, desk.profile, around)
        report.warnings += document.warnings
        report.errors += document.errors
        if not document.errors:
            folder = desk.project / desk.into / plan.lecture.name
            if desk.formats:
                desk.progress.say(f"making {' and '.join(desk.formats)} of {plan.lecture.name}")
            pages = export_document(document, desk.project, desk.formats)
            report.removed += drop_outdated(pages, folder)
            report.written += write_changed(pages, folder)
    except LectureError as error:
        report.errors.append(type(error)(error.problem, error.where or Where(plan.lecture.path), error.hint))
