"""The studio: one build of a course from texts to pages, and the report of it."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import fresh
from generator.block import Code
from generator.build import Builder, Crew, Outcome, blame
from generator.child import Nursery
from generator.course import Course, Profile, check_topics, ordered_names, read_course
from generator.datafile import find_dataset
from generator.errors import LectureError, SourceError, Where, suggest
from generator.image import images_in
from generator.lecture import Lecture, walk
from generator.lock import using_results
from generator.plan import Plan, Task, plan_lecture
from generator.progress import Progress
from generator.reader import read_lecture
from generator.report import Report, disk_error, tell
from generator.role import texts_of
from generator.store import Store


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


def folder_inside(project: Path, name: str) -> str:
    """Return the folder `name` relative to the project; raise SourceError for one outside."""
    path = (project / name).resolve()
    if not path.is_relative_to(project.resolve()) or path == project.resolve():
        raise SourceError(f"'{name}' lies outside the project", hint="name a folder inside the project: build")
    return path.relative_to(project.resolve()).as_posix()


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
        from generator.cluster import Cluster
    except ImportError as error:
        raise SourceError(f"Dask is not installed: {error}", hint="run make setup-cluster") from None
    return Cluster(project, scheduler)


def require_formats(formats: Sequence[str]) -> None:
    """Raise an error, before anything is trained, for a format that there is not or that cannot be made here."""
    if formats:
        from generator.press import check_formats

        check_formats(formats)


def run_build(folder: str, request: list[str], make: Make, sources: tuple[str, ...] = fresh.SOURCES) -> int:
    """Let `make` make pages and note in the report what came of it, then tell that; return the exit code.

    `make` returns the folders of the pages. A good build is remembered, for who asks for the same again.
    """
    begun = time.monotonic()
    before = fresh.snapshot(folder, [], sources)
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
            fresh.remember(folder, request, products, {**before, **report.read}, sources)
    return tell(report, products, time.monotonic() - begun)


def read_lectures(project: Path, course: Course, names: Sequence[str], report: Report) -> list[Lecture]:
    """Return the lectures to build, in the course's order; one that cannot be read is an error of its own."""
    order = ordered_names(project, course)
    for name in names:
        if name not in order:
            raise SourceError(f"there is no lecture '{name}'", Where("lectures"), suggest(name, sorted(order)))
    lectures = []
    for name in [name for name in order if not names or name in names]:
        try:
            lecture = read_lecture(project / "lectures" / f"{name}.md", project)
            check_topics(course.topics.get(name, ()), [slide.title for slide in lecture.slides], name)
            report.warnings += filter(None, [lecture.overrun()])
            lectures.append(lecture)
        except LectureError as error:
            report.errors.append(error)
    return lectures


def make_pages(desk: Desk, lectures: Sequence[Lecture], *, debug: bool) -> list[str]:
    """Make every artifact of `lectures`, then the pages of each lecture that has all of its own."""
    project, report = desk.project, desk.report
    plans = [plan_lecture(lecture, project, desk.profile) for lecture in lectures]
    datasets = find_datasets(plans, project, report)
    for path in [*files_named(plans, project), *(path for path, _ in datasets.values())]:
        fresh.scan(str(path), report.read)
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
    from generator.export.site import INDEX
    from generator.press import write_site

    folder = desk.project / desk.into
    desk.report.written += write_site(desk.course, ordered_names(desk.project, desk.course), folder)
    return [f"{desk.into}/{INDEX}"] if (folder / INDEX).is_file() else []


def files_named(plans: Sequence[Plan], project: Path) -> Iterator[Path]:
    """Yield the project files that lectures take arguments, code, works or images from, wherever these lie."""
    for plan in plans:
        if plan.lecture.bibliography:
            yield project / plan.lecture.bibliography
        for block in (block for slide in plan.lecture.slides for block in walk(slide.blocks)):
            yield from [project / block.path] if isinstance(block, Code) and block.path else []
            yield from (project / name for text, line in texts_of(block) for name, _ in images_in(text, line))
        for task in plan.tasks.values():
            yield from (project / argument.value for _, argument in task.arguments if argument.form == "file")


def find_datasets(plans: Sequence[Plan], project: Path, report: Report) -> dict[str, tuple[Path, str]]:
    """Return the file and the SHA-256 of every dataset that a lecture names; a missing one is its lecture's error."""
    found: dict[str, tuple[Path, str]] = {}
    for plan in plans:
        name = plan.lecture.dataset
        try:
            found[name] = found.get(name) or find_dataset(name, project, plan.lecture.where_of("dataset"))
        except LectureError as error:
            report.errors.append(error)
    return found


def write_lecture(
    desk: Desk, plan: Plan, outcome: Outcome, titles: Mapping[str, str], digests: Mapping[str, str]
) -> None:
    """Write the pages of one lecture, unless a sentence in it is not true."""
    from generator.press import compose, drop_outdated, export_document, neighbors_of, write_changed

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
