"""Whether a picture can be read: each text and each line against its ground (WCAG 2.2, 1.4.3 and 1.4.11).

Not judged, since the color may be what the data says: filled areas, and lines over images. Nor are thin gray lines,
which only help the eye, and lines in the paper's own color, which only keep others apart.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Final, Literal
from xml.etree.ElementTree import Element, ParseError, fromstring

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path.parser import parse_path
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image

from generator.check.page import Finding, Page
from generator.runners.svg_parts import Matrix, matrix_of
from generator.theme import FONT_FOLDER, SANS, contrast_of

TEXT, LARGE_TEXT, GRAPHICS = 4.5, 3.0, 3.0  # least ratios
ROUNDING: Final = 0.005
LARGE: Final = 24.0  # pixels from which a text is large
HAIRLINE, GRAY = 1.4, 24.0  # the widest thin line; the largest spread of a gray's channels
MARKER: Final = 56.0  # pixels: what is larger is an area
SAMPLES: Final = 9  # places of a line that are looked at
DRAWING: Final = "svg.drawing"
HINT: Final = "draw with the theme's colors; figures/shades.py knows which go on a shade"

Color = tuple[float, float, float]  # red, green and blue, 0 to 255

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


Points = NDArray[np.float64]  # n x 2


# An SVG as it stands in our pages, read as marks in the order they are painted. Knows no rules about them.


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing painted. `rings` are its outlines; a text has the middles of its glyphs for one ring.

    `size` is a text's, `width` a stroke's, both in the drawing's units; an image has `pixels` (height, width, RGBA)
    and the `inverse` of its matrix.
    """

    form: Literal["text", "shape", "image"]
    rings: tuple[Points, ...]
    fill: Color | None = None
    stroke: Color | None = None
    opacity: float = 1.0
    width: float = 1.0
    size: float = 0.0
    is_marker: bool = False
    pixels: NDArray[np.uint8] | None = None
    inverse: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its size in its own units, and what is painted, the lowest first."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def _judge(drawing: Drawing) -> Iterator[Judgment]:
    layers = Background(drawing.marks)
    for at, mark in enumerate(drawing.marks):
        if mark.form == "text":
            yield from _judge_text(mark, layers, at)
        elif mark.form == "shape" and _is_graphics(mark):
            yield from _judge_graphics(mark, layers, at)


# What lies below a place of a drawing: paper, filled areas, the pixels of images.


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The color at a place, and whether an image has a part in it: then it is what the data says."""

    color: Color
    is_image: bool = False


class Background:
    """The marks of a drawing that cover others: filled areas and images, with the box of each for a quick look."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        covers = [at for at, mark in enumerate(marks) if mark.rings and _is_cover(mark)]
        self.covers = [(at, marks[at]) for at in covers]
        boxes = [_box(mark) for _, mark in self.covers]
        self.low = np.array([low for low, _ in boxes]).reshape(-1, 2)
        self.high = np.array([high for _, high in boxes]).reshape(-1, 2)

    def at(self, point: Points, before: int) -> Backdrop:
        """Return the ground at a point when as many marks as `before` are painted, on white."""
        color, is_image = WHITE, False
        near = ((self.low <= point) & (point <= self.high)).all(axis=1)
        for number in np.flatnonzero(near):
            at, mark = self.covers[number]
            if at >= before:
                break
            if _is_inside(mark, point):
                fill, opacity = _color(mark, point)
                color, is_image = blend(fill, color, opacity), mark.pixels is not None
        return Backdrop(color, is_image)


def _judge_text(mark: Mark, layers: Background, at: int) -> Iterator[Judgment]:
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


def _judge_graphics(mark: Mark, layers: Background, at: int) -> Iterator[Judgment]:
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


_PAINT: Final = {
    "fill", "stroke", "opacity", "fill-opacity", "stroke-opacity", "stroke-width",
    "font-size", "font-weight", "font-family",
}  # fmt: skip
EM_UP: Final = 0.35  # of a letter's em, from the baseline to about its middle


@dataclass(frozen=True, slots=True)
class _Brush:
    """What an element inherits."""

    matrix: Matrix = field(default_factory=lambda: np.eye(3))
    style: Mapping[str, str] = field(default_factory=dict)


def read_drawing(svg: str) -> Drawing:
    """Return the drawing in the text of an SVG, in pixels; raises ParseError where it is none."""
    root = fromstring(svg)  # noqa: S314 - written by our own runner
    for place in root.iter():
        place.tag = place.tag.rpartition("}")[2].lower()  # as an HTML parser leaves it
    box = [float(number) for number in (root.get("viewBox") or root.get("viewbox") or "0 0 1 1").split()]
    shapes = {place.get("id", ""): place for place in root.iter() if place.get("id") and place.tag != "clippath"}
    return Drawing(box[2], box[3], tuple(_paint(root, _Brush(), shapes)))


def _paint(parent: Element, above: _Brush, shapes: Mapping[str, Element]) -> Iterator[Mark]:
    """Yield the marks of what stands in `parent`."""
    for place in parent:
        brush = _Brush(above.matrix @ matrix_of(place.get("transform", "")), {**above.style, **_style(place)})
        if place.get("class") == "letters":
            yield _outlined_text(place, brush)
        elif place.tag == "g":
            yield from _paint(place, brush, shapes)
        elif place.get("marker-mid"):
            yield from _stamps(place, brush, shapes)
        elif mark := _mark(place, brush, shapes):
            yield mark


def _mark(place: Element, brush: _Brush, shapes: Mapping[str, Element]) -> Mark | None:
    if place.tag == "path" and place.get("d"):
        return _shape(place, brush)
    if place.tag == "rect":
        x, y, width, height = (float(place.get(key, 0)) for key in ("x", "y", "width", "height"))
        return _outline([np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])], brush)
    if place.tag == "use" and (shape := shapes.get(place.get("href", "").removeprefix("#"))) is not None:
        return _stamp((float(place.get("x", 0)), float(place.get("y", 0))), shape, brush)
    if place.tag == "image":
        return _image(place, brush)
    if place.tag == "text" and place.text:
        return _text(place, place.text, brush)
    return None


def _text(place: Element, letters: str, brush: _Brush) -> Mark:
    """Return a text by the middles of its letters."""
    style = brush.style
    size = float(style.get("font-size", 16))
    starts = letter_starts(letters, style.get("font-family", SANS), style.get("font-weight", "400")) * size
    middles = (starts[:-1] + starts[1:]) / 2 + float(place.get("x", 0))
    own = np.stack([middles, np.full(len(letters), float(place.get("y", 0)) - EM_UP * size)], axis=1)
    places = own @ brush.matrix[:2, :2].T + brush.matrix[:2, 2]
    scale = float(np.sqrt(abs(np.linalg.det(brush.matrix[:2, :2]))))
    return Mark(
        "text", (places,), color_of(style.get("fill", "#000000")), None, _opacity(style, "fill"), size=scale * size
    )


def _outlined_text(place: Element, brush: _Brush) -> Mark:
    """Return a text whose letters are paths, by the middles of these."""
    places = []
    for letter in place.iter("path"):
        matrix = brush.matrix @ matrix_of(letter.get("transform", ""))
        points = np.concatenate(rings_of(letter.get("d", "")))
        places.append(_move((points.min(axis=0) + points.max(axis=0))[None] / 2, matrix)[0])
    fill = color_of(brush.style.get("fill", "#000000"))
    return Mark(
        "text", (np.array(places),), fill, None, _opacity(brush.style, "fill"), size=float(brush.style["font-size"])
    )


def _shape(place: Element, brush: _Brush, *, is_marker: bool = False) -> Mark:
    return _outline(rings_of(place.get("d", "")), brush, is_marker=is_marker)


def _outline(outlines: list[Points], brush: _Brush, *, is_marker: bool = False) -> Mark:
    style = brush.style
    rings = tuple(_move(ring, brush.matrix) for ring in outlines)
    stroke = color_of(style.get("stroke", "none"))
    fill = color_of(style.get("fill", "#000000"))
    opacity = _opacity(style, "fill" if fill else "stroke")
    return Mark("shape", rings, fill, stroke, opacity, float(style.get("stroke-width", 1)), is_marker=is_marker)


def _stamps(place: Element, brush: _Brush, shapes: Mapping[str, Element]) -> Iterator[Mark]:
    """Yield the marker that a path shows at each of its points; it takes no color from the path."""
    marker = shapes[place.get("marker-mid", "")[5:-1]]
    for ring in rings_of(place.get("d", "")):
        for point in ring:
            yield from (_stamp((point[0], point[1]), shape, _Brush(brush.matrix, {})) for shape in marker)


def _stamp(at: tuple[float, float], shape: Element, brush: _Brush) -> Mark:
    step = np.eye(3)
    step[:2, 2] = at
    own = matrix_of(shape.get("transform", ""))
    return _shape(shape, _Brush(brush.matrix @ step @ own, {**brush.style, **_style(shape)}), is_marker=True)


def _image(place: Element, brush: _Brush) -> Mark:
    content = b64decode(place.get("href", "").partition("base64,")[2])
    with Image.open(BytesIO(content)) as image:
        pixels = np.asarray(image.convert("RGBA"))
    x, y = float(place.get("x", 0)), float(place.get("y", 0))
    width, height = float(place.get("width", 1)), float(place.get("height", 1))
    fit = np.array([[width / pixels.shape[1], 0, x], [0, height / pixels.shape[0], y], [0, 0, 1]])
    matrix = brush.matrix @ fit
    corners = np.array([[0, 0], [pixels.shape[1], 0], [pixels.shape[1], pixels.shape[0]], [0, pixels.shape[0]]], float)
    return Mark(
        "image",
        (_move(corners, matrix),),
        opacity=_opacity(brush.style, "fill"),
        pixels=pixels,
        inverse=np.linalg.inv(matrix),
    )


def _move(points: Points, matrix: Matrix) -> Points:
    return points @ matrix[:2, :2].T + matrix[:2, 2]


def rings_of(data: str) -> list[Points]:
    """Return the outlines of path data; of a curve only its ends."""
    pen = RecordingPen()
    parse_path(data, pen)
    rings: list[list[tuple[float, float]]] = []
    for step, points in pen.value:
        if step == "moveTo":
            rings.append([])
        if points:
            rings[-1].append(points[-1])
    return [np.array(ring) for ring in rings if ring]


def _style(place: Element) -> dict[str, str]:
    """Return how an element paints; opacity is its own and not inherited."""
    return {name: value for name, value in place.attrib.items() if name in _PAINT}


def _opacity(style: Mapping[str, str], kind: str) -> float:
    return float(style.get("opacity", 1)) * float(style.get(f"{kind}-opacity", 1))


def _is_cover(mark: Mark) -> bool:
    return mark.form == "image" or (mark.form == "shape" and mark.fill is not None and not mark.is_marker)


def _box(mark: Mark) -> tuple[Points, Points]:
    points = np.concatenate(mark.rings)
    return points.min(axis=0), points.max(axis=0)


def _color(mark: Mark, point: Points) -> tuple[Color, float]:
    if mark.pixels is None or mark.inverse is None:
        return mark.fill or WHITE, mark.opacity
    height, width = mark.pixels.shape[:2]
    column, row = (mark.inverse @ [*point, 1.0])[:2]
    pixel = mark.pixels[min(int(row), height - 1), min(int(column), width - 1)]
    red, green, blue, alpha = (float(channel) for channel in pixel)
    return (red, green, blue), mark.opacity * alpha / 255


def _is_inside(mark: Mark, point: Points) -> bool:
    """Whether a point lies in an odd number of a mark's outlines."""
    x, y = point
    crossings = 0
    for ring in mark.rings:
        (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
        crosses = (y0 > y) != (y1 > y)
        rise = np.where(crosses, y1 - y0, 1.0)
        crossings += int(np.count_nonzero(crosses & (x < x0 + (y - y0) / rise * (x1 - x0))))
    return crossings % 2 == 1


WHITE: Final[Color] = (255.0, 255.0, 255.0)


# Colors as a screen mixes them, and how well they stand out from one another.


def color_of(text: str) -> Color | None:
    """Return the color that `#rrggbb` or `#rgb` names; None for none, or for a name we do not read."""
    digits = text.removeprefix("#")
    if not text.startswith("#") or len(digits) not in (3, 6):
        return None
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return int(full[:2], 16), int(full[2:4], 16), int(full[4:], 16)


def hex_of(color: Color) -> str:
    """Return a color as `#rrggbb`."""
    return "#" + "".join(f"{round(channel):02x}" for channel in color)


def blend(color: Color, ground: Color, opacity: float) -> Color:
    """Return what shows of `color` when it is painted over `ground`."""
    red, green, blue = (opacity * c + (1 - opacity) * g for c, g in zip(color, ground, strict=True))
    return red, green, blue


def ratio_of(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colors, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    first, second = ((red / 255, green / 255, blue / 255) for red, green, blue in (one, other))
    return contrast_of(first, second)


# How wide the letters of the project's fonts are.


def letter_starts(letters: str, family: str, weight: str) -> NDArray[np.float64]:
    """Return where each letter of a text begins, in ems from its start, and where the last one ends; n + 1 numbers."""
    widths = _widths(f"{family.replace(' ', '')}-{'SemiBold' if weight == '600' else 'Regular'}.ttf")
    return np.concatenate([[0.0], np.cumsum([widths.get(ord(letter), 0.6) for letter in letters])])


@cache
def _widths(name: str) -> dict[int, float]:
    font = TTFont(FONT_FOLDER / name)
    em = font["head"].unitsPerEm
    return {code: font["hmtx"][glyph][0] / em for code, glyph in font.getBestCmap().items()}
