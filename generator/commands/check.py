"""The `check` command: applies every rule of `generator.check` to built pages, and prints the findings.

The rules in RULES need only the files. Layout, requests, script errors and accessibility are checked in Chromium, which
also takes the pictures for the contact sheets. Without Chromium, the report says what was not checked.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from generator.book import BOOK
from generator.check import films, pictures, text
from generator.check.browser import contact_sheet, read_axe, slides_of, why_no_chromium
from generator.check.page import Finding, Page, read_cells, read_page, unique
from generator.check.visits import joined_shots, visit_pages
from generator.commands.output_folder import record_made, refuse_link
from generator.disk import write_atomically
from generator.errors import LectureError, PageError, Report, Where
from generator.formats import exercises, handout, notebook, slides, solutions, teacher
from generator.lecture.blocks import Lecture
from generator.lecture.course import (
    COURSE_FILE,
    Course,
    Profile,
    folder_inside,
    ordered_names,
    read_course,
    read_lectures,
)
from generator.lecture.looks import read_looks
from generator.plan.planner import plan_lecture
from generator.theme import recolor

BROWSER_CHECKS: Final = "layout, requests, script errors, axe and contact sheets"
CONTACT_SHEETS: Final = "check"  # the folder for them, beside the pages
RULES: Final[tuple[Callable[[Page], Iterator[Finding]], ...]] = (
    text.find_dead_links, text.find_lost_anchors, text.find_repeated_ids, text.find_external_resources,
    text.find_wordless_pictures, text.find_broken_formulas, films.find_misplaced_marks, pictures.find_faint_marks,
    text.find_late_notes, text.find_oversized_pages,
)  # fmt: skip


@dataclass(slots=True)
class CheckResult:
    """The result of a check.

    findings: what the rules found. errors: lectures that could not be read, and pages that have not been built.
    unchecked: what could not be checked, with the reason. written: the contact sheets. slides, lectures: how many were
    checked.
    """

    findings: list[Finding] = field(default_factory=list)
    errors: list[LectureError] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    slides: int = 0
    lectures: int = 0


def check_course(
    folder: str, into: str, names: Sequence[str], *, as_json: bool = False, given: Sequence[str] = ()
) -> int:
    """Check the pages below `into` of the lectures `names`; return the exit code.

    names: when empty, those that the course builds by default, and all others that have pages.

    as_json: whether to print the findings as one JSON list, for editors and scripts, instead of text. given: what the
    build was given from outside the project, as `name=path`.
    """
    started_at = time.monotonic()
    project, result = Path(folder), CheckResult()
    try:
        folder_of_pages = folder_inside(project, into)
        course = read_course(project, given)
        recolor(read_looks(project).colors)
        pages = read_all(course, project, folder_of_pages, names, result)
        for lecture, built in pages:
            result.errors += plan_lecture(lecture, project, Profile()).errors
            check_text(lecture, built, result)
        book = [] if names else check_book(project / folder_of_pages / BOOK, [lecture for lecture, _ in pages], result)
        check_in_browser([*(page for _, built in pages for page in built), *book], project, result)
        sheets = (path.relative_to(project / folder_of_pages).as_posix() for path in result.written)
        record_made(project, folder_of_pages, sheets)
    except LectureError as error:
        result.errors.append(error)
    return print_json(result) if as_json else print_result(result, time.monotonic() - started_at)


def read_all(
    course: Course, project: Path, into: str, names: Sequence[str], result: CheckResult
) -> list[tuple[Lecture, list[Page]]]:
    """Return the lectures `names`, each with its pages; a lecture without pages is an error.

    names: when empty, those that the course builds by default, and all others that have pages.
    """
    report = Report()
    built = [name for name in ordered_names(project, course) if (project / into / name).is_dir()]
    wanted = names or [*course.default, *(name for name in built if name not in course.default)]
    found = []
    for lecture in read_lectures(project, course, wanted if course.default else names, report):
        paths = [project / into / lecture.name / module.FORMAT.file_name for module in (slides, handout, teacher)]
        if missing := [path for path in paths if not path.is_file()]:
            problem = f"there is no {missing[0].relative_to(project)} to check"
            result.errors.append(PageError(problem, Where(lecture.path), "build the lecture first"))
        else:
            sheets = [project / into / lecture.name / module.FORMAT.file_name for module in (exercises, solutions)]
            paths += [path for path in sheets if path.is_file()]
            found.append((lecture, [read_page(path, lecture.path) for path in paths]))
    result.errors += report.errors
    told = [(warning.where, warning) for warning in report.warnings if warning.where]
    result.findings += [Finding(where, warning.problem, warning.hint, is_warning=True) for where, warning in told]
    return found


def check_book(path: Path, lectures: Sequence[Lecture], result: CheckResult) -> list[Page]:
    """Apply the rules that need no browser to the book of the course, if it is at `path`; return it in a list."""
    if not path.is_file():
        return []
    page = read_page(path, COURSE_FILE)
    result.findings += (finding for rule in RULES for finding in rule(page))
    result.findings += text.find_leaks(page, [secret for lecture in lectures for secret in text.secrets_of(lecture)])
    return [page]


def check_text(lecture: Lecture, pages: Sequence[Page], result: CheckResult, *, has_speaker: bool = True) -> None:
    """Apply the rules that need no browser to the pages and the notebook of one lecture.

    has_speaker: whether the deck is the speaker's, with notes in it.
    """
    secrets = text.secrets_of(lecture)
    for page in pages:
        for rule in RULES:
            result.findings += rule(page)
        result.findings += text.find_leaks(page, secrets, has_speaker=has_speaker)
    cells = pages[0].path.with_name(notebook.FORMAT.file_name)
    if cells.is_file():
        result.findings += text.find_leaks(read_cells(cells, lecture.path), secrets)
    result.lectures += 1
    result.slides += len(slides_of(pages[0]))


def check_in_browser(pages: Sequence[Page], project: Path, result: CheckResult, *, is_pictured: bool = True) -> None:
    """Apply the rules that need a browser; without one, record what is not checked.

    is_pictured: whether to write contact sheets beside the pages.
    """
    if not pages:
        return
    if reason := why_no_chromium():
        result.unchecked.append(f"{BROWSER_CHECKS} ({reason})")
        return
    axe = read_axe(project)
    if not axe:
        result.unchecked.append("WCAG 2.2 (axe-core is not installed)")
    visits = visit_pages(pages, axe)
    result.findings += [finding for visit in visits for finding in visit.findings]
    if failures := [visit.failure for visit in visits if visit.failure]:
        result.unchecked.append(f"{BROWSER_CHECKS} (Chromium fails: {failures[0]})")
    for page in (page for page in pages if is_pictured and page.name != BOOK):  # whose pictures are those of handouts
        sheets = joined_shots([visit for visit in visits if visit.page is page])
        own = page.path.stem if page.name not in (slides.FORMAT.file_name, handout.FORMAT.file_name) else ""
        named = {"-".join(dict.fromkeys((own, name))) if own else name: shots for name, shots in sheets.items()}
        write_sheets(page.path.parent / CONTACT_SHEETS, named, result)


def write_sheets(folder: Path, shots_by_name: Mapping[str, Sequence[Any]], result: CheckResult) -> None:
    """Write a contact sheet of each list of pictures into the folder."""
    refuse_link(folder)
    for name, shots in shots_by_name.items():
        path = folder / f"{name}.png"
        write_atomically(path, contact_sheet(shots))
        result.written.append(path)


def print_result(result: CheckResult, seconds: float) -> int:
    """Print the result and return the exit code: 1 for any fault or error, 0 for warnings alone."""
    findings = unique(result.findings)
    warnings = [finding for finding in findings if finding.is_warning]
    faults = [str(finding) for finding in findings if not finding.is_warning]
    for warning in warnings:
        sys.stderr.write(f"warning: {warning}\n")
    for line in [*map(str, result.errors), *faults]:
        sys.stderr.write(f"{line}\n")
    for path in result.written:
        sys.stdout.write(f"wrote {os.path.relpath(path)}\n")
    for reason in result.unchecked:
        sys.stdout.write(f"not checked: {reason}\n")
    fault_count = len(faults) + len(result.errors)
    sys.stdout.write(
        f"checked {_count(result.slides, 'slide')} of {_count(result.lectures, 'lecture')} in {seconds:.0f} s: "
        f"{_count(fault_count, 'fault')}, {_count(len(warnings), 'warning')}\n"
    )
    return 1 if fault_count else 0


def print_json(result: CheckResult) -> int:
    """Print what was found as a JSON list of objects, and return the exit code as `print_result` does.

    Each has `file`, `line` (0 for the whole file), `column` (0 for the whole line), `level` (error, warning, or
    unchecked), `problem` and `hint`.
    """
    findings: list[LectureError | Finding] = [*result.errors, *unique(result.findings)]
    entries = [
        {
            "file": finding.where.path if finding.where else "",
            "line": finding.where.line if finding.where else 0,
            "column": finding.where.column if finding.where else 0,
            "level": "warning" if isinstance(finding, Finding) and finding.is_warning else "error",
            "problem": finding.problem,
            "hint": finding.hint,
        }
        for finding in findings
    ]
    unchecked = [
        {"file": "", "line": 0, "column": 0, "level": "unchecked", "problem": reason, "hint": ""}
        for reason in result.unchecked
    ]
    sys.stdout.write(json.dumps([*entries, *unchecked], ensure_ascii=False, indent=2) + "\n")
    return 1 if any(entry["level"] == "error" for entry in entries) else 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
