"""A walk through a deck in Chromium: how each slide is laid out once all of it is shown, axe, and a picture of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bs4 import Tag

from generator.check.axe import find_barriers
from generator.check.chromium import Visit
from generator.check.contrast import DRAWING
from generator.check.finding import Finding
from generator.check.page import Page
from generator.check.sheet import Picture, read_picture
from generator.export.slides import WIDE

SIZES: Final = ((WIDE.width, WIDE.height), (1920, 1080))
TEXT_PIXELS: Final = 18
PICTURE_TEXT_PIXELS: Final = 17  # a picture is drawn for the whole width of a slide, and gets a little less
SHOT_SCALE: Final = 0.3
WAYS: Final = {"across": "horizontally", "down": "vertically"}
SHORTEN: Final = "shorten it, or break the slide in two with ---"
Fault = Mapping[str, Any]


@dataclass(slots=True)
class Tour:
    """What was found on the way, and a small picture of each slide."""

    findings: list[Finding] = field(default_factory=list)
    shots: list[Picture] = field(default_factory=list)


def tour_deck(browser: Any, page: Page, axe: str) -> Tour:
    """Return what a visitor finds who sees every slide, in every size, with all its fragments; `axe` may be empty."""
    width, height = SIZES[0]
    visit, tour = Visit(browser, page, width, height), Tour()
    try:
        visit.window.locator(".reveal.ready").wait_for(state="attached")
        visit.window.evaluate(axe)
        for number, place in enumerate(slides_of(page)):
            see_slide(visit, number, place, tour, has_axe=bool(axe))
        for other in SIZES[1:]:
            visit.resize(*other)
            tour.findings += see_again(visit, other, tour.findings)
    finally:
        visit.close()
    tour.findings += visit.findings
    return tour


def slides_of(page: Page) -> list[Tag]:
    """Return the sections of a deck, one a slide."""
    return list(page.tree.select(".slides > section"))


def see_slide(visit: Visit, number: int, place: Tag, tour: Tour, *, has_axe: bool) -> None:
    """Look at one slide, and take its picture."""
    visit.place = place
    visit.run("show.js", [number, True])
    seen = visit.run("probe.js", TEXT_PIXELS)
    tour.findings += layout_faults(visit, seen["faults"]) + small_pictures(visit, seen["pictures"])
    if has_axe:
        tour.findings += find_barriers(visit, is_whole=number == 0)
    tour.shots.append(read_picture(visit.shoot(0, *SIZES[0], SHOT_SCALE)))


def see_again(visit: Visit, size: tuple[int, int], known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what is wrong with the layout in another size, on slides that were in order in the first."""
    told = {finding.where for finding in known}
    for number, place in enumerate(slides_of(visit.page)):
        visit.place = place
        visit.run("show.js", [number, False])
        for finding in layout_faults(visit, visit.run("probe.js", TEXT_PIXELS)["faults"]):
            if finding.where not in told:
                problem = f"{finding.problem}, in a window of {size[0]} × {size[1]}"
                yield Finding(finding.where, problem, finding.hint)


def layout_faults(visit: Visit, faults: Iterable[Fault]) -> list[Finding]:
    """Return the worst fault of each kind that a slide has."""
    worst: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        key = fault["kind"], fault["axis"]
        sign = -1 if fault["kind"] == "small" else 1
        if key not in worst or sign * fault["pixels"] > sign * worst[key]["pixels"]:
            worst[key] = fault
    return [_tell(visit, fault) for fault in worst.values()]


def _tell(visit: Visit, fault: Fault) -> Finding:
    words, pixels, way = f"'{fault['words']}'", round(fault["pixels"], 1), WAYS.get(fault["axis"], "")
    problem, hint = {
        "overflow": (f"{words} leaves its room by {pixels:.0f} px {way}", SHORTEN),
        "clipped": (f"{words} is cut off by {pixels:.0f} px {way}", SHORTEN),
        "small": (f"{words} is set in {pixels:g} px, not {TEXT_PIXELS} or more", "the last row reads 18 px and more"),
        "missing": (f"the picture or film {words} does not load", "build the lecture again"),
    }[fault["kind"]]
    return visit.page.blame(visit.place_at(fault["place"]), problem, hint)


def small_pictures(visit: Visit, shown: Iterable[Mapping[str, float]]) -> list[Finding]:
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
