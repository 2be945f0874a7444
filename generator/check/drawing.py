"""An SVG as Matplotlib writes it, read as marks in the order they are painted. Knows no rules about them."""

import math
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element, fromstring

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.check.color import Color, color_of

Matrix = NDArray[np.float64]  # 3 x 3, affine
Points = NDArray[np.float64]  # n x 2

SVG: Final = "{http://www.w3.org/2000/svg}"
LINK: Final = "{http://www.w3.org/1999/xlink}href"
EM: Final = 100.0  # units of a glyph's em: Matplotlib scales its glyphs from here
_GLYPH: Final = re.compile(r"#g\d+")  # as our runner names them
_STEP: Final = re.compile(r"(\w+)\(([^)]*)\)")
_PIECE: Final = re.compile(r"([MLHVCQZz])([^A-Za-z]*)")


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

    @property
    def smallest_text(self) -> float:
        """Return the size of the smallest text, in the drawing's units; infinity where there is none."""
        return min((mark.size for mark in self.marks if mark.form == "text"), default=math.inf)


@dataclass(frozen=True, slots=True)
class _Brush:
    """What an element inherits."""

    matrix: Matrix = field(default_factory=lambda: np.eye(3))
    style: Mapping[str, str] = field(default_factory=dict)


def read_drawing(svg: str) -> Drawing:
    """Return the drawing in the text of an SVG; raises ParseError where it is none."""
    root = fromstring(svg)  # noqa: S314 - written by our own runner
    box = [float(number) for number in re.split(r"[\s,]+", root.get("viewBox", "0 0 1 1").strip())]
    shapes = {place.get("id", ""): place for place in root.iter() if place.get("id") and place.tag != f"{SVG}clipPath"}
    return Drawing(box[2], box[3], tuple(_paint(root, _Brush(), shapes)))


def _paint(parent: Element, above: _Brush, shapes: Mapping[str, Element]) -> Iterator[Mark]:
    """Yield the marks of what stands in `parent`; the glyphs that stand in one group are one text."""
    glyphs: list[Element] = []
    for place in parent:
        brush = _Brush(above.matrix @ matrix_of(place.get("transform", "")), {**above.style, **_style(place)})
        if place.tag in (f"{SVG}g", f"{SVG}a"):
            yield from _paint(place, brush, shapes)
        elif place.tag == f"{SVG}use" and _GLYPH.fullmatch(place.get(LINK, "")):
            glyphs.append(place)
        elif mark := _mark(place, brush, shapes):
            yield mark
    if glyphs:
        yield _text(glyphs, above, EM)


def _mark(place: Element, brush: _Brush, shapes: Mapping[str, Element]) -> Mark | None:
    name = place.tag.removeprefix(SVG)
    if name == "path" and place.get("d"):
        return _shape(place, brush)
    if name == "rect":
        x, y, width, height = (float(place.get(key, 0)) for key in ("x", "y", "width", "height"))
        return _outline([np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])], brush)
    if name == "use" and (shape := shapes.get(place.get(LINK, "").removeprefix("#"))) is not None:
        return _stamp(place, shape, brush)
    if name == "image":
        return _image(place, brush)
    if name == "text":
        return _text([place], brush, float(brush.style.get("font-size", "16").removesuffix("px")))
    return None


def _text(glyphs: list[Element], brush: _Brush, em: float) -> Mark:
    """Return a run of glyphs as a text; the middle of a glyph is near 0.3 em to the right and 0.35 em up."""
    up = 0.35 * em if em == EM else -0.35 * em  # a glyph's own axis points up, a page's down
    places = []
    for glyph in glyphs:
        start = matrix_of(glyph.get("transform", ""))
        own = np.array([float(glyph.get("x", 0)) + 0.3 * em, float(glyph.get("y", 0)) + up, 1.0])
        places.append((brush.matrix @ start @ own)[:2])
    scale = float(np.sqrt(abs(np.linalg.det(brush.matrix[:2, :2]))))
    fill = color_of(brush.style.get("fill", "#000000"))
    return Mark("text", (np.array(places),), fill, None, _opacity(brush.style, "fill"), size=scale * em)


def _shape(place: Element, brush: _Brush, *, is_marker: bool = False) -> Mark:
    return _outline(rings_of(place.get("d", "")), brush, is_marker=is_marker)


def _outline(outlines: list[Points], brush: _Brush, *, is_marker: bool = False) -> Mark:
    style = brush.style
    rings = tuple(_move(ring, brush.matrix) for ring in outlines)
    stroke = color_of(style.get("stroke", "none"))
    fill = color_of(style.get("fill", "#000000"))
    opacity = _opacity(style, "fill" if fill else "stroke")
    return Mark("shape", rings, fill, stroke, opacity, float(style.get("stroke-width", 1)), is_marker=is_marker)


def _stamp(place: Element, shape: Element, brush: _Brush) -> Mark:
    step = np.eye(3)
    step[:2, 2] = float(place.get("x", 0)), float(place.get("y", 0))
    own = matrix_of(shape.get("transform", ""))
    return _shape(shape, _Brush(brush.matrix @ step @ own, {**_style(shape), **brush.style}), is_marker=True)


def _image(place: Element, brush: _Brush) -> Mark:
    content = b64decode(place.get(LINK, "").partition("base64,")[2])
    with Image.open(BytesIO(content)) as image:
        pixels = np.asarray(image.convert("RGBA"))
    x, y = float(place.get("x", 0)), float(place.get("y", 0))
    width, height = float(place.get("width", 1)), float(place.get("height", 1))
    fit = np.array([[width / pixels.shape[1], 0, x], [0, height / pixels.shape[0], y], [0, 0, 1]])
    matrix = brush.matrix @ fit
    corners = np.array([[0, 0], [pixels.shape[1], 0], [pixels.shape[1], pixels.shape[0]], [0, pixels.shape[0]]], float)
    return Mark("image", (_move(corners, matrix),), opacity=_opacity(brush.style, "fill"), pixels=pixels,
                inverse=np.linalg.inv(matrix))  # fmt: skip


def _move(points: Points, matrix: Matrix) -> Points:
    return points @ matrix[:2, :2].T + matrix[:2, 2]


def matrix_of(transform: str) -> Matrix:
    """Return the matrix of a transform attribute."""
    whole = np.eye(3)
    for name, text in _STEP.findall(transform):
        numbers = [float(number) for number in re.split(r"[\s,]+", text.strip())]
        whole = whole @ _step(name, numbers)
    return whole


def _step(name: str, numbers: list[float]) -> Matrix:
    if name == "matrix":
        a, b, c, d, e, f = numbers
        return np.array([[a, c, e], [b, d, f], [0, 0, 1]])
    if name == "translate":
        return np.array([[1, 0, numbers[0]], [0, 1, (*numbers, 0.0)[1]], [0, 0, 1]])
    if name == "scale":
        return np.diag([numbers[0], numbers[-1], 1.0])
    if name == "rotate":
        cos, sin = np.cos(np.radians(numbers[0])), np.sin(np.radians(numbers[0]))
        return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return np.eye(3)


def rings_of(data: str) -> list[Points]:
    """Return the outlines of path data; of a curve only its ends."""
    rings: list[list[tuple[float, float]]] = []
    for letter, text in _PIECE.findall(data):
        numbers = [float(number) for number in re.split(r"[\s,]+", text.strip(" ,\n")) if number]
        if letter in "Zz":
            continue
        if letter == "M":
            rings.append([])
        step = {"C": 6, "Q": 4}.get(letter, 2)
        pairs = [(numbers[at - 2], numbers[at - 1]) for at in range(step, len(numbers) + 1, step)]
        rings[-1].extend(pairs)
    return [np.array(ring) for ring in rings if ring]


def _style(place: Element) -> dict[str, str]:
    """Return the declarations of an element, its attributes among them; opacity is its own and not inherited."""
    own: dict[str, Any] = {name: place.get(name) for name in ("fill", "stroke", "opacity", "stroke-width", "font-size")}
    pairs = (pair.partition(":") for pair in place.get("style", "").split(";") if ":" in pair)
    declared = {name.strip(): value.strip() for name, _, value in pairs}
    return {**{name: value for name, value in own.items() if value is not None}, **declared}


def _opacity(style: Mapping[str, str], kind: str) -> float:
    return float(style.get("opacity", 1)) * float(style.get(f"{kind}-opacity", 1))
