"""The `build` command: reads a course's lectures, plans, executes, composes, exports, and writes the pages.

`build` is the whole pipeline in one function. `run_and_report`, which the `gallery` command shares, is what surrounds
it: the lock on the results, the errors, the report, and what the fast check of the next build compares with.
"""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.commands import up_to_date
from generator.disk import differs, write_changed
from generator.document.tree import Document
from generator.engine.executor import Executor, locate_failure
from generator.engine.keys import Datasets
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store, using_results
from generator.engine.workers import Workers
from generator.errors import LectureError, Report, SourceError, Where, disk_error, print_report, telling
from generator.lecture.course import (
    COURSE_FILE,
    Course,
    Profile,
    folder_inside,
    ordered_names,
    read_course,
    read_lectures,
)
from generator.plan.planner import Plan, plan_lectures


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What one build works with.

    output_folder: where the pages go, relative to the project.
    formats: the optional formats to make, besides those that every build makes.
    debug: whether to show the traceback of a recipe that fails.
    """

    project: Path
    course: Course
    profile: Profile
    output_folder: str
    progress: Progress
    report: Report
    workers: Workers
    formats: tuple[str, ...] = ()
    debug: bool = False


Make = Callable[[Path, Progress, Report], list[str]]


def build_course(
    folder: str,
    names: Sequence[str] = (),
    *,
    profile: str = "full",
    into: str = "build",
    formats: Sequence[str] = (),
    scheduler: str = "",
    debug: bool = False,
    words: list[str] | None = None,
) -> int:
    """Build the lectures `names` (all, when empty) of the project in `folder`; return the exit code.

    formats: the optional formats to make. scheduler: the address of the Dask scheduler whose workers run the tasks; if
    it is empty, they run on this machine. words: the command line under which a successful build is remembered.
    """

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        report.debug = debug
        course = read_course(project)
        chosen = course.profile(profile)
        require_formats(formats)
        output_folder = folder_inside(project, into)
        workers = find_workers(project, scheduler)
        context = BuildContext(project, course, chosen, output_folder, progress, report, workers, tuple(formats), debug)
        return build(context, names)

    return run_and_report(folder, words, make)


def build(context: BuildContext, names: Sequence[str]) -> list[str]:
    """Build the lectures `names` (all, when empty) and return the paths of what was built, relative to the project.

    Errors, warnings and the files written go to the report of the context. A lecture with an error keeps its last
    pages, and the other lectures are still built.
    """
    lectures = read_lectures(context.project, context.course, names, context.report)
    plans, datasets = plan_lectures(lectures, context.project, context.profile, context.report)
    artifacts = execute(plans, datasets, context)
    titles = {lecture.name: lecture.title for lecture in lectures}
    for plan in plans:
        if not plan.errors and plan.tasks.keys() <= artifacts.keys():
            try:
                with telling(Where(plan.lecture.path, 1), "the pages cannot be made"):
                    document = compose_lecture(plan, artifacts, datasets, titles, context)
                    pages = export_lecture(document, context)
                write_pages(pages, plan.lecture.name, context)
            except LectureError as error:
                error.where = error.where or Where(plan.lecture.path)
                context.report.errors.append(error)
            except OSError as error:  # such as a folder in the place of a page
                context.report.errors.append(disk_error(error, str(context.project)))
    return [*(f"{context.output_folder}/{lecture.name}" for lecture in lectures), *write_index(context)]


def find_workers(project: Path, scheduler: str) -> Workers:
    """Return the workers of the Dask scheduler at this address, or local ones if the address is empty.

    Raises SourceError if Dask is not installed.
    """
    if not scheduler:
        return LocalWorkers(project)
    try:
        from generator.engine.dask_cluster import DaskCluster
    except ImportError as error:
        raise SourceError(f"Dask is not installed: {error}", hint="run make setup-cluster") from None
    return DaskCluster(project, scheduler)


def require_formats(formats: Sequence[str]) -> None:
    """Raise an error for a format that does not exist or cannot be made on this machine, before anything is trained."""
    if formats:
        from generator.formats import check_formats

        check_formats(formats)


def run_and_report(
    folder: str, words: list[str] | None, make: Make, sources: tuple[str, ...] = up_to_date.SOURCES
) -> int:
    """Call `make`, print the report that it has filled in, and return the exit code.

    make: makes pages and returns the paths of what it has built. words: the command line under which a successful build
    is remembered. sources: what the fast check of the next build compares.
    """
    started_at = time.monotonic()
    before = up_to_date.snapshot(folder, [], sources)
    report, progress = Report(), Progress()
    products: list[str] = []
    try:
        with using_results(Path(folder)), telling(Where(COURSE_FILE), "the course cannot be built"):
            products = make(Path(folder), progress, report)
    except LectureError as error:
        report.errors.append(error)
    except OSError as error:
        report.errors.append(disk_error(error, folder))
    finally:
        progress.close()
    if words and not report.errors:
        with contextlib.suppress(OSError):  # then the next build makes the full plan, and finds nothing to do
            used = up_to_date.outside_sources(folder, report.used, before, sources)
            up_to_date.remember_build(folder, words, products, {**before, **used, **report.read}, sources)
    return print_report(report, products, time.monotonic() - started_at)


def execute(plans: Sequence[Plan], datasets: Datasets, context: BuildContext) -> dict[str, Artifact]:
    """Return the artifacts of all tasks by task id, from the store or made now; report the tasks that fail."""
    store = Store(context.project / ".lectern" / "store")
    executor = Executor(context.project, store, context.progress, context.workers, context.course.limits)
    outcome = executor.make({name: task for plan in plans for name, task in plan.tasks.items()}, datasets)
    context.report.used |= executor.states()
    for plan in plans:
        failed = [(task, outcome.failures[name]) for name, task in plan.tasks.items() if name in outcome.failures]
        context.report.errors += [locate_failure(failure, task, debug=context.debug) for task, failure in failed]
    return outcome.artifacts


def compose_lecture(
    plan: Plan, artifacts: Mapping[str, Artifact], datasets: Datasets, titles: Mapping[str, str], context: BuildContext
) -> Document:
    """Return the document of one lecture, and report its warnings.

    Raises LectureError if the document has errors: the last of them, after reporting the others.
    """
    from generator.document.compose import compose, neighbors_of

    neighbors = neighbors_of(plan.lecture, context.course, titles)
    document = compose(plan, artifacts, context.profile, datasets, neighbors)
    context.report.warnings += document.warnings
    if document.errors:
        *others, last = document.errors
        context.report.errors += others
        raise last
    return document


def export_lecture(document: Document, context: BuildContext) -> dict[str, bytes]:
    """Return the pages of a lecture, and its files in other formats, by file name. Raises PageError."""
    from generator.formats import export_document

    if context.formats:
        context.progress.say(f"making {' and '.join(context.formats)} of {document.front['name']}")
    return export_document(document, context.project, context.formats)


def write_pages(pages: Mapping[str, bytes], lecture: str, context: BuildContext) -> None:
    """Write the pages that have changed, and remove the files in optional formats that are now outdated."""
    folder = context.project / context.output_folder / lecture
    context.report.removed += remove_outdated(pages, folder)
    context.report.written.extend(write_changed(pages, folder))  # one by one, as they are written


def remove_outdated(pages: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Remove the files in `folder` that were made from older pages, and return their paths.

    These are files in a format that is not among `pages`, beside a page of the same stem that has changed: an old
    `slides.pdf` next to a new `slides.html` would be taken for a new one. Only formats that every build makes count as
    pages here: a changed `slides.pptx` does not outdate `slides.pdf`.
    """
    from generator.formats import find_formats

    options = {output_format.file_name: output_format.option for output_format in find_formats()}
    files = [path for name in options if name not in pages and (path := folder / name).is_file()]
    if not files:  # most often; then no page need be compared
        return []
    changed = {
        Path(name).stem for name, content in pages.items() if not options[name] and differs(folder / name, content)
    }
    removed = [path for path in files if path.stem in changed]
    for path in removed:
        path.unlink()
    return removed


def write_index(context: BuildContext) -> list[str]:
    """Write the index of all pages in the output folder; return its path in a list, empty if there is no index."""
    from generator.html.course_index import INDEX

    folder = context.project / context.output_folder
    context.report.written += write_course_index(context.course, ordered_names(context.project, context.course), folder)
    return [f"{context.output_folder}/{INDEX}"] if (folder / INDEX).is_file() else []


def write_course_index(course: Course, names: Sequence[str], folder: Path) -> list[Path]:
    """Write the index of those lectures in `names`, in that order, that have pages below `folder`.

    Returns the path of the index in a list, which is empty if it has not changed or no lecture has pages. Raises
    PageError.
    """
    from generator.formats import find_formats, notebook
    from generator.html.course_index import INDEX, course_index_page, read_lecture_cards

    labels = {output_format.file_name: output_format.label for output_format in find_formats() if output_format.label}
    cards = list(read_lecture_cards(folder, names, labels, notebook.FORMAT.file_name))
    return list(write_changed({INDEX: course_index_page(course.title or "Lectures", cards)}, folder)) if cards else []
