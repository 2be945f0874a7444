"""A look at the handout in Chromium: on a desk, in the dark, on a phone and on paper."""

from typing import Any, Final

from generator.check.axe import find_barriers
from generator.check.chromium import Visit
from generator.check.finding import Finding
from generator.check.page import Page
from generator.check.sheet import Picture, cut, read_picture

DESK, PHONE, PAPER = (1280, 900), (390, 844), (794, 1123)  # pixels; paper is A4 at 96 dots an inch
TALLEST: Final = 14_000  # pixels that Chromium takes in one picture
WIDEST: Final = "() => document.documentElement.scrollWidth"
HEIGHT: Final = "() => document.documentElement.scrollHeight"


def look_at_handout(browser: Any, page: Page, axe: str) -> tuple[list[Finding], dict[str, list[Picture]]]:
    """Return what is found in the handout, and pictures of it by the names of the sheets that they go on."""
    visit, shots = Visit(browser, page, *DESK), {}
    try:
        visit.window.evaluate(axe)
        barriers = find_barriers(visit, is_whole=True) if axe else []
        visit.window.emulate_media(color_scheme="dark")
        barriers += find_barriers(visit, is_whole=True) if axe else []
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


def find_excess_width(visit: Visit) -> list[Finding]:
    """Return a finding when the handout must be scrolled sideways on a phone."""
    excess = visit.window.evaluate(WIDEST) - PHONE[0]
    if excess <= 0:
        return []
    problem = f"{visit.page.name} is {excess} px wider than a phone"
    return [visit.page.blame(None, problem, "look at the phone's pictures for what sticks out")]


def shoot_all(visit: Visit, width: int, height: int, scale: float) -> list[Picture]:
    """Return pictures of the whole page, from the top down, each of `height` pixels of it.

    A browser lays a page out anew for each shot, so a shot takes as many of these pictures as it can.
    """
    end = visit.window.evaluate(HEIGHT)
    tall = TALLEST // height * height
    shots = [visit.shoot(top, width, min(tall, end - top), scale) for top in range(0, end, tall)]
    return [part for shot in shots for part in cut(read_picture(shot), height * scale)]
