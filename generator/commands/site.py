"""The `site` command: builds the course and puts what students may have of it, and nothing else, into build/site.

The site is made beside the one that stands, judged by the rules of `check`, and only then put in its place, as a whole:
a fault leaves the last good site. A format says by its `published` whether its file is in the site, and under which
name; the deck is there without the speaker's notes.
"""

import contextlib
import ctypes
import filecmp
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from generator.check.page import read_page
from generator.commands.build import BuildContext, build, open_context, run_and_report, write_course_index
from generator.commands.check import RULES, CheckResult, check_in_browser, check_text
from generator.commands.output_folder import refuse_link
from generator.engine.progress import Progress
from generator.errors import PageError, Report, SourceError
from generator.formats import exercises, find_formats, handout, slides, student_slides
from generator.html.course_index import INDEX
from generator.lecture.blocks import Lecture
from generator.lecture.course import COURSE_FILE, read_lectures

SITE: Final = "build/site"
NEXT_SITE: Final = "build/.site"  # where a site is made
LAST_SITE: Final = (
    "build/.site.last"  # where the site that stood is for a moment, where two folders cannot be exchanged
)


def build_site(
    folder: str,
    *,
    profile: str = "full",
    debug: bool = False,
    words: list[str] | None = None,
    given: Sequence[str] = (),
) -> int:
    """Build the course of the project in `folder`, and its site; return the exit code.

    words: the command line under which a successful build is remembered. given: what is given from outside, as
    `name=path`.
    """

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        report.debug = debug
        formats = (student_slides.FORMAT.option, exercises.OPTION)
        context = open_context(project, progress, report, profile=profile, formats=formats, given=given)
        products = build(context, ())
        return products if report.errors else [*products, *publish_site(context)]

    return run_and_report(folder, words, make)


def publish_site(context: BuildContext) -> list[str]:
    """Put the site of pages that have just been built in its place, unless it has faults; return its path in a list.

    The faults go to the report of the context. Raises SourceError if there are files in the place of the site that are
    not of a site.
    """
    project = context.project
    site, new, last = (project / name for name in (SITE, NEXT_SITE, LAST_SITE))
    refuse_link(site)
    if last.exists() and not site.exists():  # a build was killed as it exchanged the two
        last.rename(site)
    refuse_others(site)
    shutil.rmtree(new, ignore_errors=True)
    try:
        lectures = read_lectures(project, context.course, (), Report())
        write_site(lectures, new, context)
        judge_site(lectures, new, site, context)
        if not context.report.errors and (changed := changed_files(new, site)):
            put_in_place(new, site, last)
            context.report.written += changed
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return [SITE]


def refuse_others(site: Path) -> None:
    """Raise SourceError if there is a file below `site` that no site has: it would be lost."""
    published = {output_format.published for output_format in find_formats() if output_format.published}
    for name in sorted(files_below(site)):
        lecture, _, file = name.rpartition("/")
        if name != INDEX and (file not in published or not lecture or "/" in lecture):
            hint = f"keep it elsewhere: {SITE} is replaced as a whole, and all of it is for students"
            raise SourceError(f"{SITE}/{name} is no file of the site", hint=hint)


def files_below(folder: Path) -> set[str]:
    """Return the paths of all files below a folder, relative to it; a link counts as a file."""
    found = (Path(place, name) for place, folders, names in os.walk(folder) for name in (*names, *folders))
    return {path.relative_to(folder).as_posix() for path in found if path.is_symlink() or not path.is_dir()}


def write_site(lectures: Sequence[Lecture], new: Path, context: BuildContext) -> None:
    """Copy what is for students into the folder `new`, and write the index of it; times are kept for who mirrors it."""
    built = context.project / context.output_folder
    for lecture in lectures:
        (new / lecture.name).mkdir(parents=True)
        for output_format in find_formats():
            source = built / lecture.name / output_format.file_name
            if output_format.published and source.is_file():
                shutil.copy2(source, new / lecture.name / output_format.published)
    write_course_index(context.course, [lecture.name for lecture in lectures], new)


def judge_site(lectures: Sequence[Lecture], new: Path, site: Path, context: BuildContext) -> None:
    """Apply the rules of `check` to the site in the folder `new`, and report what is wrong.

    A browser looks at those pages alone that the site in its place does not have: it has seen the others.
    """
    result = CheckResult()
    pages = []
    for lecture in lectures:
        names = (slides.FORMAT.published or slides.FORMAT.file_name, handout.FORMAT.file_name)
        sheets = [name for name in (exercises.FORMAT.file_name,) if (new / lecture.name / name).is_file()]
        built = [read_page(new / lecture.name / name, lecture.path) for name in (*names, *sheets)]
        check_text(lecture, built, result, has_speaker=False)
        pages += built
    if (new / INDEX).is_file():
        index = read_page(new / INDEX, COURSE_FILE)
        result.findings += (finding for rule in RULES for finding in rule(index))
        pages.append(index)
    changed = set(changed_files(new, site))
    unseen = [page for page in pages if site / page.path.relative_to(new) in changed]
    check_in_browser(unseen, context.project, result, is_pictured=False)
    report_result(result, context)


def report_result(result: CheckResult, context: BuildContext) -> None:
    """Report the result of a check as the errors and warnings of a build."""
    context.report.errors += result.errors
    for finding in dict.fromkeys(result.findings):
        problems = context.report.warnings if finding.is_warning else context.report.errors
        problems.append(PageError(finding.problem, finding.where, finding.hint))
    for reason in result.unchecked:
        context.progress.say(f"not checked: {reason}")


def changed_files(new: Path, site: Path) -> list[Path]:
    """Return the paths in `site` of the files that the two folders do not both have, or not with the same content."""
    names = files_below(new) | files_below(site)
    same, _, _ = filecmp.cmpfiles(new, site, names, shallow=False)
    return [site / name for name in sorted(names.difference(same))]


def put_in_place(new: Path, site: Path, last: Path) -> None:
    """Put the folder `new` in the place of `site`, in one step where the system has one; remove what stood there."""
    if site.exists() and not exchange(new, site):
        site.rename(last)
        new.rename(site)
    elif not site.exists():
        new.rename(site)
    shutil.rmtree(last, ignore_errors=True)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step; return whether the system and its C library can (those of Linux)."""
    here, exchanging = -100, 2  # AT_FDCWD and RENAME_EXCHANGE, as <linux/fcntl.h> and <linux/fs.h> number them
    with contextlib.suppress(AttributeError, OSError, TypeError):
        rename = ctypes.CDLL(None).renameat2
        return bool(rename(here, os.fsencode(first), here, os.fsencode(second), exchanging) == 0)
    return False
