"""Whether a picture can be read: each text and each line against its ground (WCAG 2.2, 1.4.3 and 1.4.11).

Not judged, since the color may be what the data says: filled areas, and lines over images. Nor are thin gray lines,
which only help the eye, and lines in the paper's own color, which only keep others apart.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final
from xml.etree.ElementTree import ParseError

import numpy as np

from generator.check.color import Color, blend, hex_of, ratio_of
from generator.check.drawing import Drawing, Mark, Points, read_drawing
from generator.check.finding import Finding
from generator.check.ground import Layers
from generator.check.page import Page

TEXT, LARGE_TEXT, GRAPHICS = 4.5, 3.0, 3.0  # least ratios
ROUNDING: Final = 0.005
LARGE: Final = 24.0  # pixels from which a text is large
HAIRLINE, GRAY = 1.4, 24.0  # the widest thin line; the largest spread of a gray's channels
MARKER: Final = 56.0  # pixels: what is larger is an area
SAMPLES: Final = 9  # places of a line that are looked at
DRAWING: Final = "svg.drawing"
HINT: Final = "draw with the theme's colors; figures/shades.py knows which go on a shade"

Judgment = tuple[str, float, float, Color, Color]  # what, its ratio, the least ratio, its color, its ground


def find_faint_marks(page: Page) -> Iterator[Finding]:
    """Yield the pictures of a page that have a text or a line too faint to see, by the faintest of each."""
    for drawing in page.tree.select(DRAWING):
        for problem in faint_marks(str(drawing)):
            yield page.blame(drawing, problem, HINT)


@cache
def faint_marks(svg: str) -> tuple[str, ...]:
    """Return a sentence on the faintest text of a picture, and on the faintest line, where they are too faint."""
    try:
        judged = list(_judge(read_drawing(svg)))
    except ParseError:
        return ("a picture is no SVG",)
    faint = [judgment for judgment in judged if judgment[1] < judgment[2] - ROUNDING]
    worst = {judgment[0]: judgment for judgment in sorted(faint, key=lambda judgment: -judgment[1])}
    return tuple(
        f"a picture has {what} in {hex_of(color)} on {hex_of(ground)}: {ratio:.2f}:1, not {least:g}:1"
        for what, ratio, least, color, ground in worst.values()
    )


def _judge(drawing: Drawing) -> Iterator[Judgment]:
    layers = Layers(drawing.marks)
    for at, mark in enumerate(drawing.marks):
        if mark.form == "text":
            yield from _judge_text(mark, layers, at)
        elif mark.form == "shape" and _is_graphics(mark):
            yield from _judge_graphics(mark, layers, at)


def _judge_text(mark: Mark, layers: Layers, at: int) -> Iterator[Judgment]:
    if mark.fill is None:
        return
    glyphs = mark.rings[0]
    least = LARGE_TEXT if mark.size >= LARGE else TEXT
    for glyph in glyphs[sorted({0, len(glyphs) // 2, len(glyphs) - 1})]:
        ground = layers.at(glyph, at).color
        color = blend(mark.fill, ground, mark.opacity)
        yield "text", ratio_of(color, ground), least, color, ground


def _is_graphics(mark: Mark) -> bool:
    """Whether a shape is a line or a small marker that one must see."""
    is_line = mark.stroke is not None and mark.fill is None and not mark.is_marker
    extent = max((float(np.ptp(ring, axis=0).max()) for ring in mark.rings), default=MARKER)
    if mark.opacity < 0.5 or not (is_line or (mark.is_marker and extent < MARKER)):
        return False
    return mark.width > HAIRLINE or any(np.ptp(color) > GRAY for color in _colors(mark))


def _judge_graphics(mark: Mark, layers: Layers, at: int) -> Iterator[Judgment]:
    """Yield the judgment of the middling place of a line, or of a marker, which its fill or its stroke may carry."""
    if layers.at(np.array([1.4, 1.4]), 1).color in _colors(mark):
        return
    judged = []
    for sides in _places(mark):
        grounds = [layers.at(side, at) for side in sides]
        if not any(ground.is_image for ground in grounds):
            judged.append(max(_compare(mark, ground.color) for ground in grounds))
    if judged:
        ratio, color, ground = sorted(judged)[len(judged) // 2]
        yield "a marker" if mark.is_marker else "a line", ratio, GRAPHICS, color, ground


def _compare(mark: Mark, ground: Color) -> tuple[float, Color, Color]:
    shown = [blend(color, ground, mark.opacity) for color in _colors(mark)]
    return max((ratio_of(color, ground), color, ground) for color in shown)


def _colors(mark: Mark) -> list[Color]:
    return [color for color in (mark.fill, mark.stroke) if color is not None]


def _places(mark: Mark) -> list[tuple[Points, ...]]:
    """Return places along a line, each as a point on either side of it; of a marker its middle."""
    if mark.is_marker:
        points = np.concatenate(mark.rings)
        return [((points.min(axis=0) + points.max(axis=0)) / 2,)]
    pairs = [(ring[at], ring[at + 1]) for ring in mark.rings for at in range(len(ring) - 1)]
    pairs = [(start, end) for start, end in pairs if np.any(start != end)][:: max(1, len(pairs) // SAMPLES)]
    shares = np.linspace(0, 1, max(1, SAMPLES // max(1, len(pairs))) + 2)[1:-1]
    return [_sides(start, end, share, mark.width / 2 + 1.1) for start, end in pairs for share in shares]


def _sides(start: Points, end: Points, share: float, far: float) -> tuple[Points, Points]:
    """Return the points that lie `far` to the left and to the right of a segment, at a share of its length."""
    away = np.array([start[1] - end[1], end[0] - start[0]]) / float(np.hypot(*(end - start))) * far
    middle = start + share * (end - start)
    return middle + away, middle - away
