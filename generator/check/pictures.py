"""Checks the contrast of each text and line in a page's SVG pictures with what lies below it.

The ratios are those of WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (graphics). A picture is read into marks in
the order in which they are painted; the color below a point is then that of all marks painted before, blended.

Filled areas and lines over images are not checked, because their color may be data. Neither are thin gray lines, which
only guide the eye, nor lines in the color of the paper, which only separate others.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from typing import Final, Literal
from xml.etree.ElementTree import Element, ParseError, fromstring

import numpy as np
from bs4 import Tag
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path.parser import parse_path
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image

from generator.check.page import Finding, Page
from generator.runners.svg_parts import Matrix, matrix_of
from generator.theme import FONT_FOLDER, SANS, contrast_of

TEXT, LARGE_TEXT, GRAPHICS = 4.5, 3.0, 3.0  # smallest contrast ratios (WCAG 2.2)
ROUNDING: Final = 0.005  # tolerance of a ratio
LARGE: Final = 24.0  # pixels; text of this size or more is large
HAIRLINE, GRAY = 1.4, 24.0  # pixels of the widest thin line; largest spread of a gray's channels
MARKER: Final = 56.0  # pixels; a marker of this size or more is an area
SAMPLES: Final = 9  # about as many points of a line are checked
DRAWING: Final = "svg.drawing"
STATE: Final = "svg.bank > [data-box]"
HINT: Final = "draw with the theme's colors; figures/shades.py knows which go on a shade"

Color = tuple[float, float, float]  # red, green and blue, 0 to 255

Contrast = tuple[str, float, float, Color, Color]  # kind of mark, ratio, smallest ratio allowed, color, background


def find_faint_marks(page: Page) -> Iterator[Finding]:
    """Yield the faintest text, line and marker of each picture in a page, where the contrast is too low."""
    for drawing in page.tree.select(DRAWING):
        for problem in faint_marks(str(drawing)):
            yield page.blame(drawing, problem, HINT)
    for state in page.tree.select(STATE):
        for problem in faint_marks(drawing_of_state(state)):
            words = f"{problem}, with {state['data-words']}"
            yield page.blame(state, words, HINT)


def drawing_of_state(state: Tag) -> str:
    """Return the SVG of a state of a figure that varies, which in the page is a group in the bank of them all."""
    bank = "".join(str(part) for part in state.parent.find_all("defs", recursive=False)) if state.parent else ""
    return f'<svg viewBox="0 0 {state["data-box"]}">{bank}{state.decode_contents()}</svg>'


_ADAPTIVE: Final = re.compile(r"var\(--c([0-9a-f]{6}),(#[0-9a-f]{6})\)")  # the dark color, and the light one


@cache
def faint_marks(svg: str) -> tuple[str, ...]:
    """Return a message for the faintest text, line and marker of a picture, where the contrast is too low."""
    themes = ("light", "dark") if _ADAPTIVE.search(svg) or "on-dark" in svg else ("light",)
    try:
        contrasts = [contrast for theme in themes for contrast in _contrasts(read_drawing(svg, theme))]
    except ParseError:
        return ("a picture is no SVG",)
    faint = [contrast for contrast in contrasts if contrast[1] < contrast[2] - ROUNDING]
    # Sorted from the highest ratio down, so that the lowest of each kind is the last to enter the dictionary.
    worst = {contrast[0]: contrast for contrast in sorted(faint, key=lambda contrast: -contrast[1])}
    return tuple(
        f"a picture has {kind} in {hex_of(color)} on {hex_of(ground)}: {ratio:.2f}:1, not {least:g}:1"
        for kind, ratio, least, color, ground in worst.values()
    )


Points = NDArray[np.float64]  # n x 2


# A drawing: an SVG of our pages, as marks in the order in which they are painted.


@dataclass(frozen=True, slots=True)
class Mark:
    """One painted thing. Points and lengths are in the drawing's units, unless noted.

    rings: its outlines, n x 2 each; of a text, one ring of the midpoints of its glyphs.
    width, size: the width of a stroke, the size of a text.
    is_marker: whether it is a small symbol that a path or a `use` repeats.
    pixels: of an image, an array of shape (height, width, 4), RGBA.
    inverse: of an image, the matrix from the drawing to its pixels.
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
    """A picture: its size in its own units, and its marks in the order in which they are painted."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def _contrasts(drawing: Drawing) -> Iterator[Contrast]:
    """Yield the contrasts of all texts, lines and small markers of a drawing."""
    background = Background(drawing.marks)
    for index, mark in enumerate(drawing.marks):
        if mark.form == "text":
            yield from _text_contrasts(mark, background, index)
        elif mark.form == "shape" and _is_graphics(mark):
            yield from _line_contrast(mark, background, index)


# The background: what lies below a point of a drawing, which is paper, filled areas, and the pixels of images.


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The color below a point, and whether an image is the topmost cover there: then the color may be data."""

    color: Color
    is_image: bool = False


class Background:
    """The marks of a drawing that cover others, filled areas and images, each with its bounding box.

    The boxes rule out most covers for a point at once; only the rest are tested exactly.
    """

    def __init__(self, marks: Sequence[Mark]) -> None:
        covers = [index for index, mark in enumerate(marks) if mark.rings and _is_cover(mark)]
        self.covers = [(index, marks[index]) for index in covers]
        boxes = [_bounding_box(mark) for _, mark in self.covers]
        self.edges = [edges_of(mark.rings) for _, mark in self.covers]
        self.low = np.array([low for low, _ in boxes]).reshape(-1, 2)
        self.high = np.array([high for _, high in boxes]).reshape(-1, 2)

    def at(self, point: Points, before: int) -> Backdrop:
        """Return what is at `point` after the first `before` marks have been painted on white."""
        color, is_image = WHITE, False
        near = ((self.low <= point) & (point <= self.high)).all(axis=1)
        for number in np.flatnonzero(near):
            index, mark = self.covers[number]
            if index >= before:
                break
            if is_inside(self.edges[number], point):
                fill, opacity = _color_at(mark, point)
                color, is_image = blend(fill, color, opacity), mark.pixels is not None
        return Backdrop(color, is_image)


def _text_contrasts(mark: Mark, background: Background, index: int) -> Iterator[Contrast]:
    """Yield the contrasts of the first, the middle and the last letter of a text."""
    if mark.fill is None:
        return
    glyphs = mark.rings[0]
    least = LARGE_TEXT if mark.size >= LARGE else TEXT
    for glyph in glyphs[sorted({0, len(glyphs) // 2, len(glyphs) - 1})]:
        ground = background.at(glyph, index).color
        color = blend(mark.fill, ground, mark.opacity)
        yield "text", ratio_of(color, ground), least, color, ground


def _is_graphics(mark: Mark) -> bool:
    """Return whether a shape is a line or a small marker that must be seen.

    Neither faint shapes (opacity below one half) nor hairlines in gray need to be.
    """
    is_line = mark.stroke is not None and mark.fill is None and not mark.is_marker
    extent = max((float(np.ptp(ring, axis=0).max()) for ring in mark.rings), default=MARKER)
    if mark.opacity < 0.5 or not (is_line or (mark.is_marker and extent < MARKER)):
        return False
    return mark.width > HAIRLINE or any(np.ptp(color) > GRAY for color in _colors(mark))


def _line_contrast(mark: Mark, background: Background, index: int) -> Iterator[Contrast]:
    """Yield the median contrast over the points of a line, or that of a marker.

    At each point of a line, the side with the higher contrast counts, since a line may border on two areas; and the
    better of fill and stroke. Points next to an image do not count.
    """
    # The first mark of a picture is its paper, here looked up in the upper left corner.
    if background.at(np.array([1.4, 1.4]), 1).color in _colors(mark):
        return
    contrasts = []
    for sides in _sample_points(mark):
        grounds = [background.at(side, index) for side in sides]
        if not any(ground.is_image for ground in grounds):
            contrasts.append(max(_best_contrast(mark, ground.color) for ground in grounds))
    if contrasts:
        ratio, color, ground = sorted(contrasts)[len(contrasts) // 2]
        yield "a marker" if mark.is_marker else "a line", ratio, GRAPHICS, color, ground


def _best_contrast(mark: Mark, ground: Color) -> tuple[float, Color, Color]:
    """Return the higher ratio of fill and stroke to `ground`, with the color as it shows there, and `ground`."""
    shown = [blend(color, ground, mark.opacity) for color in _colors(mark)]
    return max((ratio_of(color, ground), color, ground) for color in shown)


def _colors(mark: Mark) -> list[Color]:
    return [color for color in (mark.fill, mark.stroke) if color is not None]


def _sample_points(mark: Mark) -> list[tuple[Points, ...]]:
    """Return points along a line, as pairs of one on either side of it; of a marker, its center alone."""
    if mark.is_marker:
        points = np.concatenate(mark.rings)
        return [((points.min(axis=0) + points.max(axis=0)) / 2,)]
    pairs = [(ring[index], ring[index + 1]) for ring in mark.rings for index in range(len(ring) - 1)]
    # Of many segments, take some; of few, take several points on each.
    pairs = [(start, end) for start, end in pairs if np.any(start != end)][:: max(1, len(pairs) // SAMPLES)]
    fractions = np.linspace(0, 1, max(1, SAMPLES // max(1, len(pairs))) + 2)[1:-1]
    return [_sides(start, end, fraction, mark.width / 2 + 1.1) for start, end in pairs for fraction in fractions]


def _sides(start: Points, end: Points, fraction: float, distance: float) -> tuple[Points, Points]:
    """Return the points at `distance` on both sides of a segment, at a fraction of its length."""
    normal = np.array([start[1] - end[1], end[0] - start[0]]) / float(np.hypot(*(end - start))) * distance
    center = start + fraction * (end - start)
    return center + normal, center - normal


# Reading an SVG into marks.

_PAINT_ATTRIBUTES: Final = {
    "fill", "stroke", "opacity", "fill-opacity", "stroke-opacity", "stroke-width",
    "font-size", "font-weight", "font-family",
}  # fmt: skip
EM_UP: Final = 0.35  # em, from the baseline up to about the middle of a letter


@dataclass(frozen=True, slots=True)
class _State:
    """What an element inherits from its parents: the matrix to the drawing's units, and the paint attributes."""

    matrix: Matrix = field(default_factory=lambda: np.eye(3))
    style: Mapping[str, str] = field(default_factory=dict)


def read_drawing(svg: str, theme: str = "light") -> Drawing:
    """Return the drawing in the text of an SVG, in pixels, as a page of this theme shows it.

    Raises ParseError if it is not XML.
    """
    colored = _ADAPTIVE.sub(lambda found: f"#{found[1]}" if theme == "dark" else found[2], svg)
    root = fromstring(colored)  # noqa: S314 - written by our own runner
    _remove(root, "on-light" if theme == "dark" else "on-dark")
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2].lower()  # lower case, as an HTML parser leaves it
    box = [float(number) for number in (root.get("viewBox") or root.get("viewbox") or "0 0 1 1").split()]
    shapes = {
        element.get("id", ""): element for element in root.iter() if element.get("id") and element.tag != "clippath"
    }
    return Drawing(box[2], box[3], tuple(_marks_in(root, _State(), shapes)))


def _remove(parent: Element, name: str) -> None:
    """Remove all elements of the class `name` below an element."""
    for element in list(parent):
        if element.get("class") == name:
            parent.remove(element)
        else:
            _remove(element, name)


def _marks_in(parent: Element, outer: _State, shapes: Mapping[str, Element]) -> Iterator[Mark]:
    """Yield the marks of the elements in `parent`; `shapes` are the elements that can be referred to, by id."""
    for element in parent:
        state = _State(outer.matrix @ matrix_of(element.get("transform", "")), {**outer.style, **_style(element)})
        if element.get("class") == "letters":
            yield _outlined_text(element, state)
        elif element.tag == "use" and (group := _group_named(element, shapes)) is not None:
            yield from _marks_in(group, state, shapes)
        elif element.tag == "g":
            yield from _marks_in(element, state, shapes)
        elif element.tag == "text" and element.text:
            yield from _texts(element, element.text, state)
        elif element.get("marker-mid"):
            yield from _path_markers(element, state, shapes)
        elif mark := _mark(element, state, shapes):
            yield mark


def _group_named(use: Element, shapes: Mapping[str, Element]) -> Element | None:
    """Return the group of elements that a `use` shows where it stands; None if it shows something else."""
    shape = shapes.get(use.get("href", "").removeprefix("#"))
    return shape if shape is not None and shape.tag == "g" else None


def _mark(element: Element, state: _State, shapes: Mapping[str, Element]) -> Mark | None:
    """Return the mark of one element, or None for an element that paints nothing."""
    if element.tag == "path" and element.get("d"):
        return _shape(element, state)
    if element.tag == "rect":
        x, y, width, height = (float(element.get(key, 0)) for key in ("x", "y", "width", "height"))
        return _outline([np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])], state)
    if element.tag == "use" and (shape := shapes.get(element.get("href", "").removeprefix("#"))) is not None:
        return _instance((float(element.get("x", 0)), float(element.get("y", 0))), shape, state)
    if element.tag in ("image", "svg"):
        return _image(element, state) if element.tag == "image" else _part(element, state, shapes)
    return None


def _texts(element: Element, letters: str, state: _State) -> Iterator[Mark]:
    """Yield a text; if it lists a place for each letter, each letter as a text of its own."""
    places, y = [float(x) for x in element.get("x", "0").split()], float(element.get("y", 0))
    if len(places) == 1:
        yield _text((places[0], y), letters, state)
    else:
        yield from (_text((x, y), letter, state) for x, letter in zip(places, letters, strict=True))


def _text(where: tuple[float, float], letters: str, state: _State) -> Mark:
    """Return a text as the midpoints of its letters, from the widths in the font."""
    style = state.style
    size = float(style.get("font-size", 16))
    starts = letter_starts(letters, style.get("font-family", SANS), style.get("font-weight", "400")) * size
    centers = (starts[:-1] + starts[1:]) / 2 + where[0]
    local = np.stack([centers, np.full(len(letters), where[1] - EM_UP * size)], axis=1)
    points = local @ state.matrix[:2, :2].T + state.matrix[:2, 2]
    scale = float(np.sqrt(abs(np.linalg.det(state.matrix[:2, :2]))))
    return Mark(
        "text", (points,), color_of(style.get("fill", "#000000")), None, _opacity(style, "fill"), size=scale * size
    )


def _outlined_text(element: Element, state: _State) -> Mark:
    """Return a text whose letters are paths, as the centers of their bounding boxes."""
    centers = []
    for letter in element.iter("path"):
        matrix = state.matrix @ matrix_of(letter.get("transform", ""))
        points = np.concatenate(rings_of(letter.get("d", "")))
        centers.append(_transform((points.min(axis=0) + points.max(axis=0))[None] / 2, matrix)[0])
    fill = color_of(state.style.get("fill", "#000000"))
    return Mark(
        "text", (np.array(centers),), fill, None, _opacity(state.style, "fill"), size=float(state.style["font-size"])
    )


def _shape(element: Element, state: _State, *, is_marker: bool = False) -> Mark:
    return _outline(rings_of(element.get("d", "")), state, is_marker=is_marker)


def _outline(outlines: Sequence[Points], state: _State, *, is_marker: bool = False) -> Mark:
    """Return the shape with these outlines, which are in units of the element."""
    style = state.style
    rings = tuple(_transform(ring, state.matrix) for ring in outlines)
    stroke = color_of(style.get("stroke", "none"))
    fill = color_of(style.get("fill", "#000000"))
    opacity = _opacity(style, "fill" if fill else "stroke")
    return Mark("shape", rings, fill, stroke, opacity, float(style.get("stroke-width", 1)), is_marker=is_marker)


def _path_markers(element: Element, state: _State, shapes: Mapping[str, Element]) -> Iterator[Mark]:
    """Yield the marker that a path shows at each of its points; a marker inherits no color from its path."""
    # The attribute is `url(#id)`.
    marker = shapes[element.get("marker-mid", "")[5:-1]]
    for ring in rings_of(element.get("d", "")):
        for point in ring:
            yield from (_instance((point[0], point[1]), shape, _State(state.matrix, {})) for shape in marker)


def _instance(position: tuple[float, float], shape: Element, state: _State) -> Mark:
    """Return a copy of `shape` at `position`, as a `use` or a marker paints it."""
    offset = np.eye(3)
    offset[:2, 2] = position
    own = matrix_of(shape.get("transform", ""))
    return _shape(shape, _State(state.matrix @ offset @ own, {**state.style, **_style(shape)}), is_marker=True)


def _part(element: Element, state: _State, shapes: Mapping[str, Element]) -> Mark:
    """Return the part of a shared image that a nested SVG shows: the pixels in its view box."""
    image = shapes[element[0].get("href", "").removeprefix("#")]
    box = element.get("viewBox") or element.get("viewbox") or ""
    left, top, width, height = (int(number) for number in box.split())
    return _placed(_pixels(image)[top : top + height, left : left + width], element, state)


def _image(element: Element, state: _State) -> Mark:
    return _placed(_pixels(element), element, state)


def _pixels(element: Element) -> NDArray[np.uint8]:
    return _decoded(element.get("href", ""))


@lru_cache(64)
def _decoded(address: str) -> NDArray[np.uint8]:
    """Return the pixels of the image in a data address; the parts of a shared one ask again and again."""
    with Image.open(BytesIO(b64decode(address.partition("base64,")[2]))) as image:
        return np.asarray(image.convert("RGBA"))


def _placed(pixels: NDArray[np.uint8], element: Element, state: _State) -> Mark:
    """Return pixels as the mark in the box of an element."""
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    width, height = float(element.get("width", 1)), float(element.get("height", 1))
    # From pixels of the image to the box in which the element shows it.
    fit = np.array([[width / pixels.shape[1], 0, x], [0, height / pixels.shape[0], y], [0, 0, 1]])
    matrix = state.matrix @ fit
    corners = np.array([[0, 0], [pixels.shape[1], 0], [pixels.shape[1], pixels.shape[0]], [0, pixels.shape[0]]], float)
    return Mark(
        "image",
        (_transform(corners, matrix),),
        opacity=_opacity(state.style, "fill"),
        pixels=pixels,
        inverse=np.linalg.inv(matrix),
    )


def _transform(points: Points, matrix: Matrix) -> Points:
    """Return `points`, n x 2, transformed by an affine matrix, 3 x 3."""
    return points @ matrix[:2, :2].T + matrix[:2, 2]


@lru_cache(10_000)
def rings_of(data: str) -> tuple[Points, ...]:
    """Return the outlines in the data of a path, n x 2 each; of a curve, only its ends."""
    pen = RecordingPen()
    parse_path(data, pen)
    rings: list[list[tuple[float, float]]] = []
    for command, points in pen.value:
        if command == "moveTo":
            rings.append([])
        if points:
            rings[-1].append(points[-1])
    return tuple(np.array(ring) for ring in rings if ring)


def _style(element: Element) -> dict[str, str]:
    """Return the paint attributes that an element has itself."""
    return {name: value for name, value in element.attrib.items() if name in _PAINT_ATTRIBUTES}


def _opacity(style: Mapping[str, str], kind: str) -> float:
    return float(style.get("opacity", 1)) * float(style.get(f"{kind}-opacity", 1))


def _is_cover(mark: Mark) -> bool:
    """Return whether a mark hides what is below it: an image, or a filled shape that is not a marker."""
    return mark.form == "image" or (mark.form == "shape" and mark.fill is not None and not mark.is_marker)


def _bounding_box(mark: Mark) -> tuple[Points, Points]:
    """Return the lower and the upper corner, in x and y, of a mark's bounding box."""
    points = np.concatenate(mark.rings)
    return points.min(axis=0), points.max(axis=0)


def _color_at(mark: Mark, point: Points) -> tuple[Color, float]:
    """Return the color of a covering mark at `point`, and its opacity there."""
    if mark.pixels is None or mark.inverse is None:
        return mark.fill or WHITE, mark.opacity
    height, width = mark.pixels.shape[:2]
    column, row = (mark.inverse @ [*point, 1.0])[:2]
    pixel = mark.pixels[min(int(row), height - 1), min(int(column), width - 1)]
    red, green, blue, alpha = (float(channel) for channel in pixel)
    return (red, green, blue), mark.opacity * alpha / 255


def edges_of(rings: Sequence[Points]) -> tuple[Points, Points]:
    """Return where each edge of closed outlines begins and where it ends, n x 2 each."""
    return np.concatenate(rings), np.concatenate([np.concatenate([ring[1:], ring[:1]]) for ring in rings])


def is_inside(edges: tuple[Points, Points], point: Points) -> bool:
    """Return whether `point` is inside outlines, by the even-odd rule: inside an odd number of them.

    A ray from the point to the right is intersected with every edge; an odd number of crossings means inside.
    """
    x, y = point
    (x0, y0), (x1, y1) = edges[0].T, edges[1].T
    crosses = (y0 > y) != (y1 > y)
    x0, y0, x1, y1 = x0[crosses], y0[crosses], x1[crosses], y1[crosses]
    return bool(np.count_nonzero(x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)) % 2)


# Colors: mixed as a screen does, and their contrast.

WHITE: Final[Color] = (255.0, 255.0, 255.0)


def color_of(text: str) -> Color | None:
    """Return the color of `#rrggbb` or `#rgb`; None for any other text, such as `none` or the name of a color."""
    digits = text.removeprefix("#")
    if not text.startswith("#") or len(digits) not in (3, 6):
        return None
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return int(full[:2], 16), int(full[2:4], 16), int(full[4:], 16)


def hex_of(color: Color) -> str:
    """Return a color as `#rrggbb`."""
    return "#" + "".join(f"{round(channel):02x}" for channel in color)


def blend(color: Color, ground: Color, opacity: float) -> Color:
    """Return the color that results when `color` is painted over `ground` with an opacity of 0 to 1."""
    red, green, blue = (opacity * c + (1 - opacity) * g for c, g in zip(color, ground, strict=True))
    return red, green, blue


def ratio_of(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colors, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    first, second = ((red / 255, green / 255, blue / 255) for red, green, blue in (one, other))
    return contrast_of(first, second)


# The widths of letters in the project's fonts.


def letter_starts(letters: str, family: str, weight: str) -> NDArray[np.float64]:
    """Return where each letter of a text begins, in ems from its start, and where the last one ends.

    The result has n + 1 numbers. Letters that the font lacks count as 0.6 em.
    """
    widths = _widths(f"{family.replace(' ', '')}-{'SemiBold' if weight == '600' else 'Regular'}.ttf")
    return np.concatenate([[0.0], np.cumsum([widths.get(ord(letter), 0.6) for letter in letters])])


@cache
def _widths(name: str) -> dict[int, float]:
    """Return the advance width of each character in a font, in ems, by its code point."""
    font = TTFont(FONT_FOLDER / name)
    em = font["head"].unitsPerEm
    return {code: font["hmtx"][glyph][0] / em for code, glyph in font.getBestCmap().items()}
