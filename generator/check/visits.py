"""Visits built pages in Chromium, with as many browsers side by side as there are processors; a deck in parts."""

import os
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from generator.book import BOOK
from generator.check.browser import Chromium, slides_of, start_chromium, visit_deck, visit_handout
from generator.check.page import Finding, Page
from generator.formats import exercises, handout, slides

if TYPE_CHECKING:
    from concurrent.futures import Future

SLIDES_A_VISIT: Final = 24
LEAST_SECONDS: Final = 300  # that a visit may take on any machine
SECONDS_A_SLIDE: Final = 5


@dataclass(slots=True)
class Visit:
    """A page to be seen in the browser, of a deck the slides with the indices `numbers` alone, and what came of it.

    findings: the faults that were found. shots: the pictures taken, by the name of the contact sheet they belong to.
    failure: why the browser failed; empty if it did not.
    """

    page: Page
    numbers: range
    findings: list[Finding] = field(default_factory=list)
    shots: dict[str, list[Any]] = field(default_factory=dict)
    failure: str = ""


def visit_pages(pages: Iterable[Page], axe: str) -> list[Visit]:
    """Check the decks and handouts among the pages in Chromium; return the visits in the order of pages and slides.

    axe: the source of axe-core; empty for not running it. Once a browser fails, nothing else is begun in it. Call
    `why_no_chromium` first.
    """
    visits = [visit for page in pages for visit in visits_to(page)]
    waiting, count = deque(visits), min(len(os.sched_getaffinity(0)), len(visits))
    if not visits:
        return []
    with ThreadPoolExecutor(count) as threads:
        ends: list[Future[None]] = [threads.submit(visit_in_turn, waiting, axe) for _ in range(count)]
    for end in ends:
        end.result()
    return visits


def visits_to(page: Page) -> list[Visit]:
    """Return the visits that check a page: none for one that is neither a deck nor a handout, a sheet or a book."""
    if page.name in (handout.FORMAT.file_name, exercises.FORMAT.file_name, BOOK):
        return [Visit(page, range(0))]
    count = len(slides_of(page)) if page.name == slides.FORMAT.file_name else 0
    return [Visit(page, range(count)[first : first + SLIDES_A_VISIT]) for first in range(0, count, SLIDES_A_VISIT)]


def visit_in_turn(waiting: deque[Visit], axe: str) -> None:
    """Start a browser and pay visits with it, while any are waiting and it does not fail."""
    from playwright.sync_api import Error

    visit = waiting[0] if waiting else None
    try:
        with start_chromium() as chromium:
            while waiting:
                visit = waiting.popleft()
                visit_in_time(chromium, visit, axe)
    except Error as error:
        if visit:
            visit.failure = first_line(error)


def visit_in_time(chromium: Chromium, visit: Visit, axe: str) -> None:
    """Pay a visit; if it takes longer than it may, that is what is found. Raises Playwright's Error if that fails."""
    from playwright.sync_api import Error

    seconds = seconds_for(visit.page)
    try:
        with chromium.time_limit(seconds):
            see(chromium.browser, visit, axe)
    except Error:
        if chromium.has_hung:
            problem = f"the browser has not come to an end with the page in {seconds:.0f} s"
            visit.findings.append(visit.page.blame(None, problem, "does a script of the page run for ever?"))
        raise


def seconds_for(page: Page) -> float:
    """Return how long the browser may take for a page: ten times as long as it takes on a slow machine."""
    chapters = len(page.tree.select("section.chapter"))
    return LEAST_SECONDS * max(1, chapters) + SECONDS_A_SLIDE * len(slides_of(page))


def see(browser: Any, visit: Visit, axe: str) -> None:
    """Look at the page in the browser, and note in the visit what is found and the pictures that were taken."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeout

    try:
        if visit.page.name == slides.FORMAT.file_name:
            seen = visit_deck(browser, visit.page, axe, visit.numbers)
            visit.findings, visit.shots = seen.findings, {"slides": seen.shots}
        else:
            visit.findings, visit.shots = visit_handout(browser, visit.page, axe)
    except PlaywrightTimeout as error:
        hint = "open the page, and its console"
        visit.findings.append(visit.page.blame(None, f"the page does not get ready: {first_line(error)}", hint))


def joined_shots(visits: Sequence[Visit]) -> dict[str, list[Any]]:
    """Return the pictures of the visits to one page, by the name of their contact sheet; none if any is not done."""
    sheets: dict[str, list[Any]] = {}
    if not all(visit.shots for visit in visits):
        return sheets
    for visit in visits:
        for name, shots in visit.shots.items():
            sheets.setdefault(name, []).extend(shots)
    return sheets


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or its type if it has none."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
