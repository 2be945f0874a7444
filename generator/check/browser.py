"""Chromium, without a network, as a reader of the pages; remembers what they ask for and complain of."""

import math
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from generator.theme import FONT_FOLDER, LIGHT, WIDE

ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND")
LOCAL: Final = ("file:", "data:", "blob:", "about:")
PATIENCE: Final = 20_000  # milliseconds that one step of a page may take


def why_no_chromium() -> str:
    """Return what is missing for a look at the pages in a browser; nothing when all is there."""
    if find_spec("playwright") is None:
        return "Playwright is not installed"
    return "" if find_chromium() else "there is no Chromium"


@contextmanager
def start_chromium() -> Iterator[Any]:
    """Start Chromium, and end it afterwards; ask `why_no_chromium` first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class PageVisit:
    """A page opened in a window of its own. What goes wrong in it is blamed on `place`, where the visitor is."""

    def __init__(self, browser: Any, page: Page, width: int, height: int) -> None:
        self.page = page
        self.place: Tag | None = None
        self.findings: list[Finding] = []
        self.lined = page.tree.select("[data-line]")
        size = {"width": width, "height": height}
        self.context = browser.new_context(viewport=size, reduced_motion="reduce", service_workers="block")
        self.context.set_default_timeout(PATIENCE)
        self.window = self.context.new_page()
        self.window.on("request", lambda request: self.hear_request(request.url))
        self.window.on("pageerror", lambda error: self.complain(str(error)))
        self.window.on("console", self.hear_console)
        self.devtools = self.context.new_cdp_session(self.window)
        self.window.goto(page.path.resolve().as_uri())

    def hear_request(self, address: str) -> None:
        """Note what the page fetches from elsewhere."""
        if not address.startswith(LOCAL):
            problem = f"{self.page.name} asks the network for '{address[:60]}'"
            self.findings.append(self.page.blame(self.place, problem, "a page brings all it shows along: embed it"))

    def hear_console(self, message: Any) -> None:
        """Note an error in the console."""
        if message.type == "error":
            self.complain(message.text)

    def complain(self, text: str) -> None:
        """Note an error of a script, or one that the console shows."""
        first = text.splitlines()[0][:160] if text else "an error"
        self.findings.append(self.page.blame(self.place, f"{self.page.name} says '{first}'", "open the page's console"))

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self.window.set_viewport_size({"width": width, "height": height})

    def run(self, name: str, argument: object = None) -> Any:
        """Return what the function in the script `name`, a file of this folder, returns."""
        return self.window.evaluate((Path(__file__).parent / name).read_text(encoding="utf-8"), argument)

    def place_at(self, number: int) -> Tag | None:
        """Return the element that a script has named by its place among those with a line."""
        return self.lined[number] if number >= 0 else None

    def shoot(self, top: float, width: float, height: float, scale: float) -> bytes:
        """Return a part of the page as a PNG, `scale` times as large."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": scale}
        shot = self.devtools.send("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        return b64decode(shot["data"])

    def close(self) -> None:
        """Close the window."""
        self.context.close()


PROGRAM: Final = NODE_MODULES / "axe-core" / "axe.min.js"


# axe-core, which judges a page in a browser against WCAG 2.2 A and AA.


def read_axe(project: Path) -> str:
    """Return the text of axe-core; nothing when it is not installed."""
    path = project / PROGRAM
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def find_axe_violations(visit: PageVisit, *, is_whole: bool) -> list[Finding]:
    """Return a finding for each rule that the page breaks, or the slide that is shown."""
    findings = []
    for broken in visit.run("axe.js", is_whole):
        more = f" and {broken['count'] - 1} more" if broken["count"] > 1 else ""
        problem = f"axe '{broken['rule']}': {broken['html']}{more}"
        findings.append(visit.page.blame(visit.place_at(broken["place"]) or visit.place, problem, broken["help"]))
    return findings


SIZES: Final = ((WIDE.width, WIDE.height), (1920, 1080))
TEXT_PIXELS: Final = 18
PICTURE_TEXT_PIXELS: Final = 17  # a picture is drawn for the whole width of a slide, and gets a little less
SHOT_SCALE: Final = 0.3
WAYS: Final = {"across": "horizontally", "down": "vertically"}
SHORTEN: Final = "shorten it, or break the slide in two with ---"
Fault = Mapping[str, Any]

Picture = Image.Image


# A walk through a deck in Chromium: how each slide is laid out once all of it is shown, axe, and a picture of it.


@dataclass(slots=True)
class DeckVisit:
    """What was found on the way, and a small picture of each slide."""

    findings: list[Finding] = field(default_factory=list)
    shots: list[Picture] = field(default_factory=list)


def visit_deck(browser: Any, page: Page, axe: str) -> DeckVisit:
    """Return what a visitor finds who sees every slide, in every size, with all its fragments; `axe` may be empty."""
    width, height = SIZES[0]
    visit, visited = PageVisit(browser, page, width, height), DeckVisit()
    try:
        visit.window.locator(".reveal.ready").wait_for(state="attached")
        visit.window.evaluate(axe)
        for number, place in enumerate(slides_of(page)):
            inspect_slide(visit, number, place, visited, has_axe=bool(axe))
        for other in SIZES[1:]:
            visit.resize(*other)
            visited.findings += inspect_other_size(visit, other, visited.findings)
    finally:
        visit.close()
    visited.findings += visit.findings
    return visited


def slides_of(page: Page) -> list[Tag]:
    """Return the sections of a deck, one a slide."""
    return list(page.tree.select(".slides > section"))


def inspect_slide(visit: PageVisit, number: int, place: Tag, visited: DeckVisit, *, has_axe: bool) -> None:
    """Look at one slide, and take its picture."""
    visit.place = place
    visit.run("show.js", [number, True])
    seen = visit.run("probe.js", TEXT_PIXELS)
    visited.findings += layout_faults(visit, seen["faults"]) + small_pictures(visit, seen["pictures"])
    if has_axe:
        visited.findings += find_axe_violations(visit, is_whole=number == 0)
    visited.shots.append(read_picture(visit.shoot(0, *SIZES[0], SHOT_SCALE)))


def inspect_other_size(visit: PageVisit, size: tuple[int, int], known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what is wrong with the layout in another size, on slides that were in order in the first."""
    told = {finding.where for finding in known}
    for number, place in enumerate(slides_of(visit.page)):
        visit.place = place
        visit.run("show.js", [number, False])
        for finding in layout_faults(visit, visit.run("probe.js", TEXT_PIXELS)["faults"]):
            if finding.where not in told:
                problem = f"{finding.problem}, in a window of {size[0]} × {size[1]}"
                yield Finding(finding.where, problem, finding.hint)


def layout_faults(visit: PageVisit, faults: Iterable[Fault]) -> list[Finding]:
    """Return the worst fault of each kind that a slide has."""
    worst: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        key = fault["kind"], fault["axis"]
        sign = -1 if fault["kind"] == "small" else 1
        if key not in worst or sign * fault["pixels"] > sign * worst[key]["pixels"]:
            worst[key] = fault
    return [_tell(visit, fault) for fault in worst.values()]


def _tell(visit: PageVisit, fault: Fault) -> Finding:
    words, pixels, way = f"'{fault['words']}'", round(fault["pixels"], 1), WAYS.get(fault["axis"], "")
    problem, hint = {
        "overflow": (f"{words} leaves its room by {pixels:.0f} px {way}", SHORTEN),
        "clipped": (f"{words} is cut off by {pixels:.0f} px {way}", SHORTEN),
        "small": (f"{words} is set in {pixels:g} px, not {TEXT_PIXELS} or more", "the last row reads 18 px and more"),
        "missing": (f"the picture or film {words} does not load", "build the lecture again"),
    }[fault["kind"]]
    return visit.page.blame(visit.place_at(fault["place"]), problem, hint)


def small_pictures(visit: PageVisit, shown: Iterable[Mapping[str, float]]) -> list[Finding]:
    """Return the pictures whose smallest text is too small at the width that they are shown in."""
    drawings = visit.page.tree.select(DRAWING)
    return [
        visit.page.blame(
            drawings[int(picture["drawing"])],
            f"a picture has text of {picture['text']:.1f} px, not {PICTURE_TEXT_PIXELS} or more",
            "give it more room, or draw its text larger",
        )
        for picture in shown
        if picture["text"] < PICTURE_TEXT_PIXELS
    ]


DESK, PHONE, PAPER = (1280, 900), (390, 844), (794, 1123)  # pixels; paper is A4 at 96 dots an inch
TALLEST: Final = 14_000  # pixels that Chromium takes in one picture
WIDEST: Final = "() => document.documentElement.scrollWidth"
HEIGHT: Final = "() => document.documentElement.scrollHeight"


# A look at the handout in Chromium: on a desk, in the dark, on a phone and on paper.


def visit_handout(browser: Any, page: Page, axe: str) -> tuple[list[Finding], dict[str, list[Picture]]]:
    """Return what is found in the handout, and pictures of it by the names of the sheets that they go on."""
    visit, shots = PageVisit(browser, page, *DESK), {}
    try:
        visit.window.evaluate(axe)
        barriers = find_axe_violations(visit, is_whole=True) if axe else []
        visit.window.emulate_media(color_scheme="dark")
        barriers += find_axe_violations(visit, is_whole=True) if axe else []
        visit.window.emulate_media(color_scheme="light")
        shots["handout"] = shoot_all(visit, DESK[0], 3 * DESK[1], 0.25)
        visit.resize(*PHONE)
        narrow = find_excess_width(visit)
        shots["phone"] = shoot_all(visit, PHONE[0], 2 * PHONE[1], 0.4)
        visit.resize(*PAPER)
        visit.window.emulate_media(media="print")
        shots["print"] = shoot_all(visit, *PAPER, 0.3)
    finally:
        visit.close()
    return barriers + narrow + visit.findings, shots


def find_excess_width(visit: PageVisit) -> list[Finding]:
    """Return a finding when the handout must be scrolled sideways on a phone."""
    excess = visit.window.evaluate(WIDEST) - PHONE[0]
    if excess <= 0:
        return []
    problem = f"{visit.page.name} is {excess} px wider than a phone"
    return [visit.page.blame(None, problem, "look at the phone's pictures for what sticks out")]


def shoot_all(visit: PageVisit, width: int, height: int, scale: float) -> list[Picture]:
    """Return pictures of the whole page, from the top down, each of `height` pixels of it.

    A browser lays a page out anew for each shot, so a shot takes as many of these pictures as it can.
    """
    end = visit.window.evaluate(HEIGHT)
    tall = TALLEST // height * height
    shots = [visit.shoot(top, width, min(tall, end - top), scale) for top in range(0, end, tall)]
    return [part for shot in shots for part in cut(read_picture(shot), height * scale)]


WIDTH: Final = 2000  # pixels of a sheet, at most
GAP, LABEL = 12, 22  # pixels


# Contact sheets: many small pictures in a grid, each with its number.


def read_picture(png: bytes) -> Picture:
    """Return the picture in a PNG."""
    return Image.open(BytesIO(png)).convert("RGB")


def cut(picture: Picture, height: float) -> list[Picture]:
    """Return the parts of a picture from the top down, each `height` pixels high, the last perhaps less."""
    number = max(1, math.ceil(picture.height / height - 0.1))  # a pixel over is rounding, and no part of its own
    edges = [round(at * height) for at in range(number)] + [picture.height]
    return [picture.crop((0, top, picture.width, bottom)) for top, bottom in pairwise(edges)]


def contact_sheet(pictures: Sequence[Picture]) -> bytes:
    """Return one PNG of all `pictures` (alike in width), numbered from 1, in rows from the upper left."""
    width, height = pictures[0].width, max(picture.height for picture in pictures)
    columns = min(len(pictures), max(1, (WIDTH - GAP) // (width + GAP)))
    rows = -(-len(pictures) // columns)
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
