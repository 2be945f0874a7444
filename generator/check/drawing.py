"""An SVG as it stands in our pages, read as marks in the order they are painted. Knows no rules about them."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final, Literal
from xml.etree.ElementTree import Element, fromstring

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path.parser import parse_path
from numpy.typing import NDArray
from PIL import Image

from generator.check.color import Color, color_of
from generator.check.lettering import letter_starts
from generator.theme import SANS
from generator.transform import Matrix, matrix_of

Points = NDArray[np.float64]  # n x 2

_PAINT: Final = {
    "fill", "stroke", "opacity", "fill-opacity", "stroke-opacity", "stroke-width",
    "font-size", "font-weight", "font-family",
}  # fmt: skip
EM_UP: Final = 0.35  # of a letter's em, from the baseline to about its middle


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
    return Mark("image", (_move(corners, matrix),), opacity=_opacity(brush.style, "fill"), pixels=pixels,
                inverse=np.linalg.inv(matrix))  # fmt: skip


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
