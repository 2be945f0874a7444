"""The judgment of a course: every rule on every page of the lectures asked for, and the report of it."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from generator.check import films, pictures, text
from generator.check.browser import (
    contact_sheet,
    read_axe,
    slides_of,
    start_chromium,
    visit_deck,
    visit_handout,
    why_no_chromium,
)
from generator.check.page import Finding, Page, read_cells, read_page, unique
from generator.disk import write_atomically
from generator.errors import LectureError, PageError, Report, Where
from generator.formats import handout, notebook, slides, teacher
from generator.lecture.blocks import Lecture
from generator.lecture.course import folder_inside, read_course, read_lectures

LOOKED_AT: Final = "layout, requests, script errors, axe and contact sheets"
PICTURES: Final = "check"  # the folder of the contact sheets, beside the pages
RULES: Final[tuple[Callable[[Page], Iterator[Finding]], ...]] = (
    text.find_dead_links, text.find_lost_anchors, text.find_repeated_ids, text.find_foreign_parts,
    text.find_wordless_pictures, text.find_unknown_signs, films.find_false_marks, pictures.find_faint_marks,
    text.find_excess,
)  # fmt: skip


@dataclass(slots=True)
class CheckResult:
    """What a check has found, what it could not look at, and how much it has looked at."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[LectureError] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    slides: int = 0
    lectures: int = 0


def check_course(folder: str, into: str, names: Sequence[str]) -> int:
    """Judge the pages below `into` of the named lectures (all, when none is named); return the exit code."""
    begun = time.monotonic()
    project, result = Path(folder), CheckResult()
    try:
        pages = read_all(project, folder_inside(project, into), names, result)
        for lecture, built in pages:
            check_text(lecture, built, result)
        look_at_pages([page for _, built in pages for page in built], project, result)
    except LectureError as error:
        result.errors.append(error)
    return print_result(result, time.monotonic() - begun)


def read_all(project: Path, into: str, names: Sequence[str], result: CheckResult) -> list[tuple[Lecture, list[Page]]]:
    """Return the lectures asked for, each with its pages; a lecture without pages is an error."""
    report = Report()
    found = []
    for lecture in read_lectures(project, read_course(project), names, report):
        paths = [project / into / lecture.name / module.FORMAT.file_name for module in (slides, handout, teacher)]
        if lost := [path for path in paths if not path.is_file()]:
            problem = f"there is no {lost[0].relative_to(project)} to check"
            result.errors.append(PageError(problem, Where(lecture.path), "build the lecture first"))
        else:
            found.append((lecture, [read_page(path, lecture.path) for path in paths]))
    result.errors += report.errors
    return found


def check_text(lecture: Lecture, pages: Sequence[Page], result: CheckResult) -> None:
    """Apply all rules that need no browser to the pages of one lecture."""
    secrets = text.secrets_of(lecture)
    for page in pages:
        for rule in RULES:
            result.findings += rule(page)
        result.findings += text.find_leaks(page, secrets)
    cells = pages[0].path.with_name(notebook.FORMAT.file_name)
    if cells.is_file():
        result.findings += text.find_leaks(read_cells(cells, lecture.path), secrets)
    result.lectures += 1
    result.slides += len(slides_of(pages[0]))


def look_at_pages(pages: Sequence[Page], project: Path, result: CheckResult) -> None:
    """Apply the rules that need a browser, and write the contact sheets; note what there is no browser for."""
    if not pages:
        return
    if reason := why_no_chromium():
        result.unchecked.append(f"{LOOKED_AT} ({reason})")
        return
    axe = read_axe(project)
    if not axe:
        result.unchecked.append("WCAG 2.2 (axe-core is not installed)")
    from playwright.sync_api import Error

    try:
        with start_chromium() as browser:
            for page in pages:
                look_at_page(browser, page, axe, result)
    except Error as error:
        result.unchecked.append(f"{LOOKED_AT} (Chromium fails: {first_line(error)})")


def look_at_page(browser: Any, page: Page, axe: str, result: CheckResult) -> None:
    """Look at one page in the browser; the teacher's edition is a handout, and gets no pictures."""
    from playwright.sync_api import TimeoutError as Patience

    try:
        if page.name == slides.FORMAT.file_name:
            visited = visit_deck(browser, page, axe)
            findings, shots = visited.findings, {"slides": visited.shots}
        elif page.name == handout.FORMAT.file_name:
            findings, shots = visit_handout(browser, page, axe)
        else:
            return
    except Patience as error:
        hint = "open the page, and its console"
        result.findings.append(page.blame(None, f"the page does not get ready: {first_line(error)}", hint))
        return
    result.findings += findings
    for name, shown in shots.items():
        path = page.path.parent / PICTURES / f"{name}.png"
        write_atomically(path, contact_sheet(shown))
        result.written.append(path)


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def print_result(result: CheckResult, seconds: float) -> int:
    """Print what was found and return the exit code: 1 for any fault, 0 for warnings alone."""
    findings = unique(result.findings)
    warnings = [finding for finding in findings if finding.is_warning]
    faults = [str(finding) for finding in findings if not finding.is_warning]
    for warning in warnings:
        sys.stderr.write(f"warning: {warning}\n")
    for line in [*map(str, result.errors), *faults]:
        sys.stderr.write(f"{line}\n")
    for path in result.written:
        sys.stdout.write(f"wrote {os.path.relpath(path)}\n")
    for what in result.unchecked:
        sys.stdout.write(f"not checked: {what}\n")
    number = len(faults) + len(result.errors)
    sys.stdout.write(
        f"checked {_count(result.slides, 'slide')} of {_count(result.lectures, 'lecture')} in {seconds:.0f} s: "
        f"{_count(number, 'fault')}, {_count(len(warnings), 'warning')}\n"
    )
    return 1 if number else 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
