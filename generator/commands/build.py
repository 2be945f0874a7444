"""The `build` command: reads a course's lectures, plans, executes, composes, exports, and writes the pages.

`build` is the whole pipeline in one function. `run_and_report`, which the `gallery` command shares, is what surrounds
it: the lock on the results, the errors, the report, and what the fast check of the next build compares with.
"""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from generator.commands import up_to_date
from generator.commands.output_folder import check_output_folder, record_made, refuse_link, remove_made
from generator.disk import differs, write_changed
from generator.document.tree import Document
from generator.engine.drafts import Drafts
from generator.engine.executor import Executor, locate_failure
from generator.engine.keys import Datasets
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Artifact, Store, using_results
from generator.engine.workers import Scheduler, Workers
from generator.errors import LectureError, Report, SourceError, Where, disk_error, print_report, telling
from generator.lecture.blocks import Lecture, LectureTitle
from generator.lecture.course import (
    COURSE_FILE,
    Course,
    Profile,
    ordered_names,
    read_course,
    read_lectures,
    read_titles,
)
from generator.lecture.included_files import IncludedFiles
from generator.lecture.looks import read_looks
from generator.lecture.page_looks import NO_LOOKS, Looks
from generator.plan.planner import Plan, plan_lectures
from generator.roots import how_to_set_up
from generator.theme import recolor
from generator.words import ENGLISH, catalog_of, say, speaking


@dataclass(frozen=True, slots=True)
class Watching:
    """What a build is to do for `watch`: films as drafts, whose pages are not written, or stop when it is outdated."""

    drafts: Drafts | None = None
    is_outdated: Callable[[], bool] | None = None

    @property
    def workers(self) -> Workers | None:
        """The workers that go on after the build, if it makes drafts."""
        return self.drafts.workers if self.drafts else None

    def shows_draft(self, plan: Plan) -> bool:
        """Return whether the pages of a lecture show a draft."""
        return self.drafts is not None and not self.drafts.made.isdisjoint(plan.tasks)


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What one build works with.

    output_folder: where the pages go, relative to the project.
    formats: the optional formats to make, besides those that every build makes.
    debug: whether to show the traceback of a recipe that fails. looks: those of the course's pages.
    watching: what is asked of a build for someone who goes on writing.
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
    looks: Looks = NO_LOOKS
    watching: Watching = Watching()


NOBODY: Final = Watching()
BOOK_FILES = ("book.html", "book.pdf")  # beside the folders of the lectures
NO_TITLES: Mapping[str, LectureTitle] = {}
Make = Callable[[Path, Progress, Report], list[str]]


def build_course(  # noqa: PLR0913 - the options of the command
    folder: str,
    names: Sequence[str] | None = None,
    *,
    profile: str = "full",
    into: str = "build",
    formats: Sequence[str] = (),
    scheduler: Scheduler | None = None,
    debug: bool = False,
    words: list[str] | None = None,
    given: Sequence[str] = (),
    watching: Watching = NOBODY,
) -> int:
    """Build the lectures `names` of the project in `folder`; return the exit code.

    names: None for those that the course builds by default, empty for all. formats: the optional formats to make.
    scheduler: the Dask scheduler whose workers run the tasks; without an address, they run on this machine. words: the
    command line under which a successful build is remembered. given: what is given from outside, as `name=path`.
    watching: what `watch` asks for.
    """

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        report.debug = debug
        context = open_context(
            project, progress, report, profile=profile, into=into, formats=formats, scheduler=scheduler, given=given
        )
        context = replace(context, watching=watching, workers=watching.workers or context.workers)
        return build(context, context.course.default if names is None else names)

    def tell(report: Report, products: Sequence[str], seconds: float) -> int:
        if not watching.drafts or not watching.drafts.made or report.errors or report.written:
            return print_report(report, products, seconds)
        sys.stdout.write(f"drafts are shown after {seconds:.1f} s\n")
        return 0

    return run_and_report(folder, words, make, tell=tell)


def open_context(
    project: Path,
    progress: Progress,
    report: Report,
    *,
    profile: str,
    into: str = "build",
    formats: Sequence[str] = (),
    scheduler: Scheduler | None = None,
    given: Sequence[str] = (),
) -> BuildContext:
    """Return what a build works with; see `build_course`. Raises LectureError for what is not there or may not be."""
    course = read_course(project, given)
    files = IncludedFiles(project)
    looks = read_looks(project, files)
    report.read |= files.states
    recolor(looks.colors)
    chosen = course.profile(profile)
    require_formats(formats)
    output_folder = check_output_folder(project, into, "build")
    workers = find_workers(project, scheduler, progress)
    formats = tuple(formats)
    return BuildContext(project, course, chosen, output_folder, progress, report, workers, formats, report.debug, looks)


@dataclass(frozen=True, slots=True)
class Made:
    """What the pages of lectures are made of: their plans, the results of all their tasks, and the data behind them.

    titles: those of the lectures of the course, by name. Results are missing where tasks have failed.
    """

    lectures: Sequence[Lecture]
    plans: Sequence[Plan]
    datasets: Datasets
    artifacts: Mapping[str, Artifact]
    titles: Mapping[str, LectureTitle]

    def is_complete(self, plan: Plan) -> bool:
        """Return whether there is all that the pages of a lecture are made of."""
        return not plan.errors and plan.tasks.keys() <= self.artifacts.keys()


def build(context: BuildContext, names: Sequence[str]) -> list[str]:
    """Build the lectures `names` (all, when empty) and return the paths of what was built, relative to the project.

    Errors, warnings and the files written go to the report of the context. A lecture with an error keeps its last
    pages, and the other lectures are still built.
    """
    return write_lectures(make_results(context, names), context)


def make_results(context: BuildContext, names: Sequence[str]) -> Made:
    """Read the lectures `names` (all, when empty), plan them, and run what the store has no results of."""
    lectures = read_lectures(context.project, context.course, names, context.report)
    for slide in (slide for lecture in lectures for slide in lecture.left_out):
        context.progress.say(str(slide))
    plans, datasets = plan_lectures(lectures, context.project, context.profile, context.report)
    artifacts = execute(plans, datasets, context)
    return Made(lectures, plans, datasets, artifacts, read_titles(context.project, context.course, lectures))


def write_lectures(made: Made, context: BuildContext) -> list[str]:
    """Write the pages of lectures and the index; return the paths of what was built, relative to the project."""
    for plan in made.plans:
        if made.is_complete(plan):
            with reporting(plan, context), speaking(catalog_of(plan.lecture.lang, context.project)):
                document = compose_lecture(plan, made.artifacts, made.datasets, made.titles, context)
                pages = export_lecture(document, context, is_draft=context.watching.shows_draft(plan))
                show_pages(pages, plan, context)
    index = write_index(context, made.titles)
    remove_lost_lectures(context)
    return [*(f"{context.output_folder}/{lecture.name}" for lecture in made.lectures), *index]


@contextlib.contextmanager
def reporting(plan: Plan, context: BuildContext) -> Iterator[None]:
    """Report, at the lecture of `plan`, why its pages cannot be made or written."""
    try:
        with telling(Where(plan.lecture.path, 1), "the pages cannot be made"):
            yield
    except LectureError as error:
        error.where = error.where or Where(plan.lecture.path)
        context.report.errors.append(error)
    except OSError as error:  # such as a folder in the place of a page
        context.report.errors.append(disk_error(error, str(context.project)))


def find_workers(project: Path, scheduler: Scheduler | None, progress: Progress) -> Workers:
    """Return the workers of the Dask scheduler, or local ones if there is none.

    Raises SourceError if Dask is not installed, or if the scheduler cannot be reached.
    """
    if scheduler and scheduler.has_certificates and not scheduler.address:
        raise SourceError("certificates are given, and no scheduler", hint="--scheduler tls://host:8786 names one")
    if scheduler is None or not scheduler.address:
        return LocalWorkers(project)
    try:
        from generator.engine.dask_cluster import DaskCluster
    except ImportError as error:
        raise SourceError(f"Dask is not installed: {error}", hint=how_to_set_up("cluster")) from None
    return DaskCluster(project, scheduler, progress.say)


def require_formats(formats: Sequence[str]) -> None:
    """Raise an error for a format that does not exist or cannot be made on this machine, before anything is trained."""
    if formats:
        from generator.formats import check_formats

        check_formats(formats)


def run_and_report(
    folder: str,
    words: list[str] | None,
    make: Make,
    sources: tuple[str, ...] = up_to_date.SOURCES,
    tell: Callable[[Report, Sequence[str], float], int] = print_report,
) -> int:
    """Call `make`, let `tell` print the report that it has filled in, and return the exit code.

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
    return tell(report, products, time.monotonic() - started_at)


def execute(plans: Sequence[Plan], datasets: Datasets, context: BuildContext) -> dict[str, Artifact]:
    """Return the artifacts of all tasks by task id, from the store or made now; report the tasks that fail."""
    refuse_far(plans, datasets, context)
    store = Store(context.project / ".lectern" / "store")
    limits = context.course.limits
    watching = context.watching
    executor = Executor(
        context.project, store, context.progress, context.workers, limits,
        shows_printed=context.debug, drafts=watching.drafts, is_outdated=watching.is_outdated,
    )  # fmt: skip
    outcome = executor.make({name: task for plan in plans for name, task in plan.tasks.items()}, datasets)
    context.report.used |= executor.states()
    for plan in plans:
        failed = [(task, outcome.failures[name]) for name, task in plan.tasks.items() if name in outcome.failures]
        context.report.errors += [locate_failure(failure, task, debug=context.debug) for task, failure in failed]
    return outcome.artifacts


def refuse_far(plans: Sequence[Plan], datasets: Datasets, context: BuildContext) -> None:
    """Raise SourceError if a task that may run on another machine reads what is given on this one, or a folder."""
    if not isinstance(context.workers, LocalWorkers) and any(path.is_dir() for path, _ in datasets.values()):
        problem, hint = "a folder of images is not sent to other machines", "save them as an .npz, or build here once"
        raise SourceError(problem, hint=hint)
    arguments = [argument for plan in plans for task in plan.tasks.values() for _, argument in task.arguments]
    if not isinstance(context.workers, LocalWorkers) and any(
        argument.form == "file" and Path(argument.value).is_absolute() for argument in arguments
    ):
        hint = "build without a scheduler once, and all machines have the results"
        raise SourceError("what is given from outside the project is on this machine alone", hint=hint)


def compose_lecture(
    plan: Plan,
    artifacts: Mapping[str, Artifact],
    datasets: Datasets,
    titles: Mapping[str, LectureTitle],
    context: BuildContext,
) -> Document:
    """Return the document of one lecture, and report its warnings.

    Raises LectureError if the document has errors: the last of them, after reporting the others.
    """
    from generator.document.compose import compose, neighbors_of

    neighbors = neighbors_of(plan.lecture, context.course, titles)
    document = compose(plan, artifacts, context.profile, datasets, neighbors, context.looks)
    context.report.warnings += document.warnings
    for note in document.notes:
        context.progress.say(str(note))
    if document.errors:
        *others, last = document.errors
        context.report.errors += others
        raise last
    return document


def export_lecture(document: Document, context: BuildContext, *, is_draft: bool = False) -> dict[str, bytes]:
    """Return the pages of a lecture, and its files in other formats, by file name. Raises PageError.

    is_draft: whether to make only the pages that are watched.
    """
    from generator.formats import export_document, find_formats

    drafts = context.watching.drafts
    if is_draft and drafts:
        return export_document(document, context.project, is_wanted=drafts.is_watched)

    if context.formats:
        files = [output_format.file_name for output_format in find_formats() if output_format.option in context.formats]
        context.progress.say(f"making {' and '.join(files)} of {document.front['name']}")
    return export_document(document, context.project, context.formats)


def show_pages(pages: Mapping[str, bytes], plan: Plan, context: BuildContext) -> None:
    """Write the pages of a lecture; those that show a draft are only handed on, to whoever watches."""
    drafts, lecture = context.watching.drafts, plan.lecture.name
    if drafts and context.watching.shows_draft(plan):
        drafts.pages |= {f"{lecture}/{name}": page for name, page in pages.items()}
    else:
        write_pages(pages, lecture, context)


def write_pages(pages: Mapping[str, bytes], lecture: str, context: BuildContext) -> None:
    """Write the pages that have changed, and remove the files in optional formats that are now outdated."""
    folder = context.project / context.output_folder / lecture
    refuse_link(folder)
    context.report.removed += [*remove_outdated(pages, folder), *remove_outdated_book(pages, folder)]
    context.report.written.extend(write_changed(pages, folder))  # one by one, as they are written
    record_made(context.project, context.output_folder, [f"{lecture}/{name}" for name in pages])


def remove_outdated(pages: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Remove the files in `folder` that were made from older pages, and return their paths.

    These are files in a format that is not among `pages`, made from one that has changed, or beside a page of the same
    stem that has: an old `slides.pdf` next to a new `slides.html` would be taken for a new one. Only formats that every
    build makes count as pages here: a changed `slides.pptx` does not outdate `slides.pdf`.
    """
    from generator.formats import find_formats

    formats = {output_format.file_name: output_format for output_format in find_formats()}
    files = [path for name in formats if name not in pages and (path := folder / name).is_file()]
    if not files:  # most often; then no page need be compared
        return []
    changed = {
        stem(name) for name, content in pages.items() if not formats[name].option and differs(folder / name, content)
    }
    removed = [path for path in files if stem(formats[path.name].made_from or path.name) in changed]
    for path in removed:
        path.unlink()
    return removed


def remove_outdated_book(pages: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Remove the book beside the folder of a lecture whose handout has changed, and return the paths of its files."""
    from generator.formats import handout

    files = [path for name in BOOK_FILES if (path := folder.parent / name).is_file()]
    name = handout.FORMAT.file_name
    if not files or not differs(folder / name, pages[name]):
        return []
    for path in files:
        path.unlink()
    return files


def stem(name: str) -> str:
    """Return the name of a file up to its first dot: `slides` for slides.html and for slides.students.html."""
    return name.partition(".")[0]


def write_index(context: BuildContext, titles: Mapping[str, LectureTitle]) -> list[str]:
    """Write the index of all pages in the output folder; return its path in a list, empty if there is no index.

    titles: those of the lectures of the course.
    """
    from generator.html.course_index import INDEX

    folder = context.project / context.output_folder
    names = ordered_names(context.project, context.course)
    first = next((titles[name].lang for name in names if name in titles), ENGLISH)
    lang = first if context.course.lang == ENGLISH else context.course.lang
    with speaking(catalog_of(lang, context.project)):
        context.report.written += write_course_index(context.course, names, folder, titles, context.looks)
    if not (folder / INDEX).is_file():
        return []
    record_made(context.project, context.output_folder, [INDEX])
    return [f"{context.output_folder}/{INDEX}"]


def remove_lost_lectures(context: BuildContext) -> None:
    """Remove what builds have made of lectures that are no longer there, unless this build has errors; say so."""
    from generator.html.course_index import INDEX

    names = ordered_names(context.project, context.course)
    kept = {*names, INDEX, *BOOK_FILES} if names else set()
    if context.report.errors:
        return
    removed = remove_made(context.project, context.output_folder, lambda name: name.partition("/")[0] not in kept)
    for name in sorted({name.partition("/")[0] for name in removed}):
        is_left = (context.project / context.output_folder / name).exists()
        rest = "; what no build has made there stays" if is_left else ""
        context.progress.say(f"removed {context.output_folder}/{name}: there is no such lecture any more{rest}")


def write_course_index(
    course: Course,
    names: Sequence[str],
    folder: Path,
    titles: Mapping[str, LectureTitle] = NO_TITLES,
    looks: Looks = NO_LOOKS,
) -> list[Path]:
    """Write the index of those lectures in `names`, in that order, that have pages below `folder`, or a title.

    Returns the path of the index in a list, which is empty if it has not changed or no lecture has pages. Raises
    PageError.
    """
    from generator.formats import find_formats, notebook
    from generator.html.course_index import INDEX, course_index_page, read_lecture_cards

    labels = {output_format.file_name: output_format.label for output_format in find_formats() if output_format.label}
    cards = list(read_lecture_cards(folder, names, labels, notebook.FORMAT.file_name, titles))
    if not any(card.files for card in cards):
        return []
    return list(write_changed({INDEX: course_index_page(course.title or say("Lectures"), cards, looks)}, folder))
