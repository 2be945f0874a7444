"""Checks built pages in Chromium, without a network, and takes screenshots of them.

Every page is checked for requests to the network, errors of scripts, and violations of WCAG 2.2 (axe-core); a deck
also for the layout of each slide, a handout for its width on a phone. Screenshots are put together into contact
sheets. The scripts that run inside the pages are the `.js` files of this folder.
"""

import math
import os
import threading
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from bs4 import Tag
from PIL import Image, ImageDraw, ImageFont

from generator.check.page import Finding, Page
from generator.check.pictures import DRAWING
from generator.html.pdf import find_chromium
from generator.html.reveal import NODE_MODULES
from generator.roots import library_of
from generator.runners.process_tree import children_of, descendants_of, kill
from generator.theme import FONT_FOLDER, LIGHT, WIDE

ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND")
LOCAL: Final = ("file:", "data:", "blob:", "about:")
PATIENCE: Final = 60_000  # milliseconds that a page may take for one step
STARTING: Final = threading.Lock()  # held while a thread learns which processes it has started


def why_no_chromium() -> str:
    """Return what is missing for checking pages in a browser; empty if nothing is."""
    if find_spec("playwright") is None:
        return "Playwright is not installed"
    return "" if find_chromium() else "there is no Chromium"


@dataclass(slots=True)
class Chromium:
    """A running Chromium: Playwright's `browser`, and the processes that have started it.

    has_hung: whether it was ended because it took longer than it may.
    """

    browser: Any
    starters: set[int]
    has_hung: bool = False

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """End the browser when the block takes longer than `seconds`; what waits for it then gets Playwright's Error.

        Playwright itself has limits for some of its steps only. Without /proc, the browser is not found, and not ended.
        """
        timer = threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def end(self) -> None:
        """Kill the browser with all of its processes."""
        self.has_hung = True
        for process in set[int]().union(*map(descendants_of, self.starters)):
            kill(process)


@contextmanager
def start_chromium(patience: float = 60) -> Iterator[Chromium]:
    """Start Chromium, and close it afterwards; it has `patience` seconds for each. Call `why_no_chromium` first.

    Raises Playwright's Error if it does not start.
    """
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        with STARTING:
            others = children_of(os.getpid())
            playwright = stack.enter_context(sync_playwright())
            starters = children_of(os.getpid()) - others
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(ARGUMENTS), timeout=1000 * patience
        )
        chromium = Chromium(browser, starters)
        try:
            yield chromium
        finally:
            with chromium.time_limit(patience):
                browser.close()


class PageVisit:
    """A page open in its own window, `width` by `height` pixels.

    findings: the requests and errors of the page so far, each reported at `slide`, which was shown at the time.
    """

    def __init__(self, browser: Any, page: Page, width: int, height: int) -> None:
        self.page = page
        self.slide: Tag | None = None
        self.findings: list[Finding] = []
        self.elements_with_line = page.tree.select("[data-line]")
        size = {"width": width, "height": height}
        self.context = browser.new_context(viewport=size, reduced_motion="reduce", service_workers="block")
        self.context.set_default_timeout(PATIENCE)
        self.window = self.context.new_page()
        self.window.on("request", lambda request: self.record_request(request.url))
        self.window.on("pageerror", lambda error: self.record_error(str(error)))
        self.window.on("console", self.record_console)
        self.devtools = self.context.new_cdp_session(self.window)
        self.window.goto(page.path.resolve().as_uri())

    def record_request(self, address: str) -> None:
        """Record a request that leaves the page."""
        if not address.startswith(LOCAL):
            problem = f"{self.page.name} asks the network for '{address[:60]}'"
            self.findings.append(self.page.blame(self.slide, problem, "a page brings all it shows along: embed it"))

    def record_console(self, message: Any) -> None:
        """Record a message in the console, if it is an error."""
        if message.type == "error":
            self.record_error(message.text)

    def record_error(self, text: str) -> None:
        """Record an error of a script, or one that the console shows."""
        first = text.splitlines()[0][:160] if text else "an error"
        self.findings.append(self.page.blame(self.slide, f"{self.page.name} says '{first}'", "open the page's console"))

    def resize(self, width: int, height: int) -> None:
        """Resize the window, in pixels."""
        self.window.set_viewport_size({"width": width, "height": height})

    def run(self, name: str, argument: object = None) -> Any:
        """Call the JavaScript function in the file `name` of this folder, and return its result."""
        return self.window.evaluate((Path(__file__).parent / name).read_text(encoding="utf-8"), argument)

    def element_at(self, number: int) -> Tag | None:
        """Return the element with index `number` among those that carry a line; None for -1.

        This is how the scripts name elements, since they see the same page through the browser's own tree.
        """
        return self.elements_with_line[number] if number >= 0 else None

    def screenshot(self, top: float, width: float, height: float, scale: float) -> bytes:
        """Return a screenshot of the page from `top` down, `width` by `height` pixels of it, as a scaled PNG."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": scale}
        answer = self.devtools.send("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        return b64decode(answer["data"])

    def close(self) -> None:
        """Close the window and discard its session."""
        self.context.close()


# axe-core, which checks a page in a browser against WCAG 2.2, levels A and AA.

AXE_FILE: Final = NODE_MODULES / "axe-core" / "axe.min.js"


def read_axe(project: Path) -> str:
    """Return the source of axe-core; empty if it is not installed."""
    path = library_of(project) / AXE_FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def find_axe_violations(visit: PageVisit, *, is_whole: bool) -> list[Finding]:
    """Return a finding for each axe rule that is violated, by the whole page or by the slide that is shown.

    The source of axe-core must have been evaluated in the page before.
    """
    findings = []
    for broken in visit.run("axe.js", is_whole):
        more = f" and {broken['count'] - 1} more" if broken["count"] > 1 else ""
        problem = f"axe '{broken['rule']}': {broken['html']}{more}"
        findings.append(visit.page.blame(visit.element_at(broken["place"]) or visit.slide, problem, broken["help"]))
    return findings


# Decks: each slide is shown with all its fragments, its layout is checked, axe runs, and a screenshot is taken.

SIZES: Final = ((WIDE.width, WIDE.height), (1920, 1080))
TEXT_PIXELS: Final = 18
SHOT_SCALE: Final = 0.3
QUESTION_STEP: Final = ".ask-step"  # with which a slide shows the answer to its question
DIRECTIONS: Final = {"across": "horizontally", "down": "vertically"}
SHORTEN: Final = "shorten it, or break the slide in two with ---"
Fault = Mapping[str, Any]

Picture = Image.Image


@dataclass(slots=True)
class DeckVisit:
    """The findings about a deck, and a small screenshot of each slide."""

    findings: list[Finding] = field(default_factory=list)
    shots: list[Picture] = field(default_factory=list)


def visit_deck(browser: Any, page: Page, axe: str, numbers: range | None = None) -> DeckVisit:
    """Check the slides of a deck, with all their fragments, in a window of each of the SIZES.

    axe: the source of axe-core; empty for not running it. numbers: the indices of the slides; None for all of them.

    Raises Playwright's TimeoutError when the deck does not become ready in time.
    """
    width, height = SIZES[0]
    visit, result = PageVisit(browser, page, width, height), DeckVisit()
    try:
        visit.window.locator(".reveal.ready").wait_for(state="attached")
        visit.window.evaluate(axe)
        wanted = [(number, slide) for number, slide in enumerate(slides_of(page)) if not numbers or number in numbers]
        for number, slide in wanted:
            inspect_slide(visit, number, slide, result, has_axe=bool(axe))
        for other in SIZES[1:]:
            visit.resize(*other)
            result.findings += inspect_other_size(visit, wanted, other, result.findings)
    finally:
        visit.close()
    result.findings += visit.findings
    return result


def slides_of(page: Page) -> list[Tag]:
    """Return the sections of a deck, one per slide."""
    return list(page.tree.select(".slides > section"))


def inspect_slide(visit: PageVisit, number: int, slide: Tag, result: DeckVisit, *, has_axe: bool) -> None:
    """Show the slide with index `number`, and add what is wrong with it and its screenshot to `result`."""
    visit.slide = slide
    if slide.select_one(QUESTION_STEP):
        inspect_question(visit, number, result, has_axe=has_axe)
    visit.run("show.js", [number, True])
    layout = visit.run("probe.js", TEXT_PIXELS)
    result.findings += layout_faults(visit, layout["faults"]) + small_pictures(visit, layout["pictures"])
    if has_axe:
        # With the first slide, axe checks the whole page, for what lies outside the slides.
        result.findings += find_axe_violations(visit, is_whole=number == 0)
    result.shots.append(read_picture(visit.screenshot(0, *SIZES[0], SHOT_SCALE)))


def inspect_question(visit: PageVisit, number: int, result: DeckVisit, *, has_axe: bool) -> None:
    """Add what is wrong with a slide before the answer to its question is shown, and its screenshot, to `result`."""
    visit.run("show.js", [number, True, -1])
    layout = visit.run("probe.js", TEXT_PIXELS)
    found = layout_faults(visit, layout["faults"]) + small_pictures(visit, layout["pictures"])
    found += find_axe_violations(visit, is_whole=False) if has_axe else []
    result.findings += [replace(finding, problem=f"{finding.problem}, while it asks") for finding in found]
    result.shots.append(read_picture(visit.screenshot(0, *SIZES[0], SHOT_SCALE)))


def inspect_other_size(
    visit: PageVisit, wanted: Iterable[tuple[int, Tag]], size: tuple[int, int], known: Iterable[Finding]
) -> Iterator[Finding]:
    """Yield what is wrong with the layout in a window of another `size`, except at lines with a `known` finding.

    wanted: the slides to look at, each with its index.
    """
    known_lines = {finding.where for finding in known}
    for number, slide in wanted:
        visit.slide = slide
        visit.run("show.js", [number, False])
        for finding in layout_faults(visit, visit.run("probe.js", TEXT_PIXELS)["faults"]):
            if finding.where not in known_lines:
                problem = f"{finding.problem}, in a window of {size[0]} × {size[1]}"
                yield replace(finding, problem=problem)


def layout_faults(visit: PageVisit, faults: Iterable[Fault]) -> list[Finding]:
    """Return a finding for the worst of the `faults` of each kind and direction, as `probe.js` describes them."""
    worst: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        # More pixels are worse, except for text that is too small.
        key = fault["kind"], fault["axis"]
        sign = -1 if fault["kind"] == "small" else 1
        if key not in worst or sign * fault["pixels"] > sign * worst[key]["pixels"]:
            worst[key] = fault
    return [_finding_of(visit, fault) for fault in worst.values()]


def _finding_of(visit: PageVisit, fault: Fault) -> Finding:
    words, pixels, direction = f"'{fault['words']}'", round(fault["pixels"], 1), DIRECTIONS.get(fault["axis"], "")
    problem, hint = {
        "overflow": (f"{words} leaves its room by {pixels:.0f} px {direction}", SHORTEN),
        "clipped": (f"{words} is cut off by {pixels:.0f} px {direction}", SHORTEN),
        "small": (f"{words} is set in {pixels:g} px, not {TEXT_PIXELS} or more", "the last row reads 18 px and more"),
        "white": (f"{pixels:.0f} % of its room lies white below what it shows", "say more, or join it with a neighbor"),
        "missing": (f"the picture or film {words} does not load", "build the lecture again"),
    }[fault["kind"]]
    return visit.page.blame(visit.element_at(fault["place"]), problem, hint, is_warning=fault["kind"] == "white")


def small_pictures(visit: PageVisit, shown: Iterable[Mapping[str, float]]) -> list[Finding]:
    """Return a finding for each picture whose smallest text is too small at the size in which it is shown."""
    drawings = visit.page.tree.select(DRAWING)
    return [
        visit.page.blame(
            drawings[int(picture["drawing"])],
            f"a picture has text of {picture['text']:.1f} px, not {TEXT_PIXELS} or more",
            "give it more room, or draw its text larger",
        )
        for picture in shown
        if picture["text"] < TEXT_PIXELS - 0.05
    ]


# Handouts: seen on a desktop in light and dark colors, on a phone, and as printed.

DESKTOP, PHONE, PAPER = (1280, 900), (390, 844), (794, 1123)  # pixels; paper is A4 at 96 dots an inch
TALLEST: Final = 14_000  # pixels that one screenshot of Chromium can have in height
PAGE_WIDTH: Final = "() => document.documentElement.scrollWidth"
PAGE_HEIGHT: Final = "() => document.documentElement.scrollHeight"


def visit_handout(browser: Any, page: Page, axe: str) -> tuple[list[Finding], dict[str, list[Picture]]]:
    """Return the findings about a handout, and its screenshots by the name of the contact sheet they belong to.

    axe: the source of axe-core; empty for not running it.
    """
    visit, shots = PageVisit(browser, page, *DESKTOP), {}
    try:
        visit.window.evaluate(axe)
        barriers = find_axe_violations(visit, is_whole=True) if axe else []
        visit.window.emulate_media(color_scheme="dark")
        barriers += find_axe_violations(visit, is_whole=True) if axe else []
        visit.window.emulate_media(color_scheme="light")
        small = find_small_text(visit, DESKTOP[0])
        shots["handout"] = take_screenshots(visit, DESKTOP[0], 3 * DESKTOP[1], 0.25)
        visit.resize(*PHONE)
        narrow = find_excess_width(visit)
        small += find_small_text(visit, PHONE[0])
        narrow += find_scrolling_pictures(visit)
        shots["phone"] = take_screenshots(visit, PHONE[0], 2 * PHONE[1], 0.4)
        visit.resize(*PAPER)
        visit.window.emulate_media(media="print")
        shots["print"] = take_screenshots(visit, *PAPER, 0.3)
    finally:
        visit.close()
    return barriers + narrow + small + visit.findings, shots


LEAST_TEXT: Final = {DESKTOP[0]: 12, PHONE[0]: 11}  # pixels of a figure's text, by the width of the window


def find_small_text(visit: PageVisit, width: int) -> list[Finding]:
    """Return a warning for each drawing in which a reader meets text that is too small in a window this wide."""
    drawings, least = visit.page.tree.select(DRAWING), LEAST_TEXT[width]
    return [
        visit.page.blame(
            drawings[int(shown["drawing"])],
            f"a picture has text of {shown['text']:.1f} px in a window {width} px wide, not {least} or more",
            "draw its smallest text larger, or give it more room",
            is_warning=True,
        )
        for shown in visit.run("small_text.js", least)
    ]


def find_scrolling_pictures(visit: PageVisit) -> list[Finding]:
    """Return a warning for each picture that a phone does not show whole."""
    drawings = visit.page.tree.select(DRAWING)
    return [
        visit.page.blame(
            drawings[number],
            f"a picture scrolls sideways in a window {PHONE[0]} px wide",
            "give its kind a draw_narrow, or show less",
            is_warning=True,
        )
        for number in visit.run("scrolling.js")
    ]


def find_excess_width(visit: PageVisit) -> list[Finding]:
    """Return a finding if the handout has to be scrolled sideways on a phone."""
    excess = visit.window.evaluate(PAGE_WIDTH) - PHONE[0]
    if excess <= 0:
        return []
    problem = f"{visit.page.name} is {excess} px wider than a phone"
    return [visit.page.blame(None, problem, "look at the phone's pictures for what sticks out")]


def take_screenshots(visit: PageVisit, width: int, height: int, scale: float) -> list[Picture]:
    """Return screenshots of the whole page, from the top down, each showing `height` pixels of it.

    The browser lays the page out anew for each screenshot, which is slow. So each is taken as tall as possible, in
    whole multiples of `height`, and cut up afterwards.
    """
    end = visit.window.evaluate(PAGE_HEIGHT)
    tall = TALLEST // height * height
    shots = [visit.screenshot(top, width, min(tall, end - top), scale) for top in range(0, end, tall)]
    return [part for shot in shots for part in cut(read_picture(shot), height * scale)]


# Contact sheets: many small pictures in a grid, each with its number.

WIDTH: Final = 2000  # pixels, the largest width of a sheet
GAP, LABEL = 12, 22  # pixels between two pictures, and of the number above each


def read_picture(png: bytes) -> Picture:
    """Return the picture in a PNG."""
    return Image.open(BytesIO(png)).convert("RGB")


def cut(picture: Picture, height: float) -> list[Picture]:
    """Return `picture` cut into parts from the top down, each `height` pixels high, the last one possibly less."""
    count = max(1, math.ceil(picture.height / height - 0.1))  # a remainder of a tenth is rounding, not another part
    edges = [round(index * height) for index in range(count)] + [picture.height]
    return [picture.crop((0, top, picture.width, bottom)) for top, bottom in pairwise(edges)]


def contact_sheet(pictures: Sequence[Picture]) -> bytes:
    """Return one PNG of all `pictures`, which are equally wide, numbered from 1, in rows from the upper left."""
    width, height = pictures[0].width, max(picture.height for picture in pictures)
    columns = min(len(pictures), max(1, (WIDTH - GAP) // (width + GAP)))
    rows = -(-len(pictures) // columns)  # rounded up
    size = GAP + columns * (width + GAP), GAP + rows * (height + LABEL + GAP)
    sheet = Image.new("RGB", size, LIGHT.rule)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT_FOLDER / "IBMPlexSans-SemiBold.ttf", 15)
    for number, picture in enumerate(pictures):
        left = GAP + number % columns * (width + GAP)
        top = GAP + number // columns * (height + LABEL + GAP)
        draw.text((left, top), str(number + 1), LIGHT.ink, font)
        sheet.paste(picture, (left, top + LABEL))
    stream = BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()
