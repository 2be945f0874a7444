"""Rewrites Matplotlib's SVG for a place inside a page, at a fifth of its size.

Text becomes text, in the fonts that the page has anyway; style attributes, which a strict policy forbids, become
attributes; a unit is a CSS pixel of the figure's own width; images lie upright, as WebP without loss. It looks as the
picture on its own does, to a tenth of a pixel.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import Final
from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from generator.runners.svg_parts import (
    Matrix,
    extent,
    face_of,
    is_on_line,
    letters_of,
    matrix_of,
    place_image,
    shorten_curve,
    write_tenths,
)

SCALE: Final = 100 / 72  # a figure has 72 units an inch, and 100 pixels
NAME: Final = "\ue000"  # stands before each name in a fragment: a page has many, and gives each its own
SVG: Final = "{http://www.w3.org/2000/svg}"
LINK: Final = "{http://www.w3.org/1999/xlink}href"
EM: Final = 100.0  # units of a glyph's em: Matplotlib scales its glyphs from here
UPRIGHT: Final = 1e-9
CROWD: Final = 4  # markers
MITER: Final = 2.0  # widths of a line by which a corner of at least 30 degrees may stand out
SLACK: Final = 0.2  # pixels by which rounding may move an edge
_MARKER: Final = {"markerUnits": "userSpaceOnUse", "overflow": "visible"}
_LENGTHS: Final = {"stroke-width", "stroke-dasharray", "stroke-dashoffset"}
_DEFAULTS: Final = {("stroke-dashoffset", "0"), ("stroke-linejoin", "miter"), ("stroke-linecap", "butt")}
_REFERENCE: Final = re.compile(r"(?<=url\(#)[^)]*(?=\))")


@dataclass(frozen=True, slots=True)
class NamedShapes:
    """What the picture gives a name to, by that name: the element, and its name in the fragment."""

    places: Mapping[str, Element]
    names: Mapping[str, str]
    numbers: Iterator[int]  # for names that a fragment needs besides


def inline_svg(svg: bytes) -> str:
    """Return a picture as an `<svg viewBox="0 0 width height">`, in pixels, for a page to give a class and words.

    Every name in it begins with NAME, which a page replaces. Raises ValueError for what no page shows.
    """
    root = fromstring(svg)  # noqa: S314 - Matplotlib wrote it
    places = {place.get("id", ""): place for place in root.iter() if place.get("id")}
    used = {link[1:] for place in root.iter(f"{SVG}use") if (link := place.get(LINK))}
    used |= {name for place in root.iter() for value in place.attrib.values() for name in _REFERENCE.findall(value)}
    names = {name: f"{NAME}{number}" for number, name in enumerate(name for name in places if name in used)}
    box = " ".join(_decimal(float(number)) for number in root.get("viewBox", "").split())
    return f'<svg viewBox="{box}">{write_nodes(_paint(root, NamedShapes(places, names, count(len(names)))))}</svg>'


Box = tuple[float, float, float, float]  # left, top, right, bottom


# Elements of a picture as text, in which what some have in common is said once.
#
# What lies apart from all that was painted in between is painted with its like: a grid of frames becomes one path.


@dataclass(frozen=True, slots=True)
class Node:
    """An element to write: `style` may be told by a group around it, `place` is its own; `content` is markup.

    `box` is what it paints on, or more; without one it may be anywhere.
    """

    tag: str
    place: Mapping[str, str] = field(default_factory=dict)
    style: Mapping[str, str] = field(default_factory=dict)
    content: str = ""
    box: Box | None = None


def _paint(parent: Element, shapes: NamedShapes) -> Iterator[Node]:
    for place in parent:
        yield from _WRITE.get(place.tag.removeprefix(SVG), _refuse)(place, shapes)


def _refuse(place: Element, shapes: NamedShapes) -> Iterator[Node]:  # noqa: ARG001 - as the others
    name = place.tag.removeprefix(SVG)
    raise ValueError(f"a picture has a <{name}>, which no page shows; draw with lines, patches, texts and images")


def _skip(place: Element, shapes: NamedShapes) -> Iterator[Node]:  # noqa: ARG001
    return iter(())


def _group(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    if "scale(" in place.get("transform", ""):
        yield from _text(place, shapes)
        return
    inside = _stamp_all(place, shapes) if len(place) >= CROWD else list(_paint(place, shapes))
    clips = _REFERENCE.findall(place.get("clip-path", ""))
    if clips and not _is_idle(shapes.places[clips[0]], inside):
        yield Node("g", {"clip-path": f"url(#{shapes.names[clips[0]]})"}, content=write_nodes(inside))
    else:
        yield from inside


def _is_idle(clip: Element, nodes: list[Node]) -> bool:
    """Whether a clip cuts nothing off: there are only images, and they lie within its rectangle."""
    box = clip.find(f"{SVG}rect")
    if box is None or not all(node.tag == "image" for node in nodes):
        return False
    left, top, width, height = (float(box.get(key, 0)) * SCALE for key in ("x", "y", "width", "height"))
    boxes = ([float(node.place[key]) for key in ("x", "y", "width", "height")] for node in nodes)
    return all(
        x > left - SLACK and y > top - SLACK and x + wide < left + width + SLACK and y + high < top + height + SLACK
        for x, y, wide, high in boxes
    )


def _text(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield a run of glyphs as text, or as the outlines that it has where no font of a page can write it."""
    uses = list(place.iter(f"{SVG}use"))
    glyphs = [use.get(LINK, "")[1:] for use in uses]
    face = face_of(glyphs)
    letters = (
        letters_of(glyphs) if face is not None and all(is_on_line(use.get("transform", "")) for use in uses) else None
    )
    if face is None or letters is None or place.find(f"{SVG}path") is not None:
        yield from _outlines(place, shapes)
        return
    matrix = matrix_of(place.get("transform", ""))
    style = {**_style(place), **face, "font-size": _size(matrix)}
    yield Node("text", _baseline(matrix), style, escape(letters), _room(matrix, len(letters)))


def _size(matrix: Matrix) -> str:
    """Return how large a text is whose glyphs are laid out so."""
    return _fine(float(np.hypot(*matrix[:2, 0])) * EM)


def _room(matrix: Matrix, letters: int) -> Box | None:
    """Return a box that holds a text for sure: no letter is wider than its em; None for one that is turned."""
    if abs(matrix[1, 0]) > UPRIGHT:
        return None
    (left, base), em = matrix[:2, 2] * SCALE, matrix[0, 0] * EM * SCALE
    return left - em / 4, base - em, left + letters * em, base + em / 3


def _baseline(matrix: Matrix) -> dict[str, str]:
    """Return where a text begins, and how it is turned."""
    x, y = (_decimal(number) for number in matrix[:2, 2])
    if abs(matrix[1, 0]) < UPRIGHT:
        return {"x": x, "y": y}
    cos, sin = matrix[:2, 0] / np.hypot(*matrix[:2, 0])
    return {"transform": f"matrix({cos:.5g},{sin:.5g},{-sin:.5g},{cos:.5g},{x},{y})"}


def _outlines(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield the glyphs of a text as paths, in a group that lays them out and says how large they are."""
    inside = []
    for part in place:
        if part.tag == f"{SVG}defs":
            continue
        link = part.get(LINK, "")[1:]
        shape = shapes.places[link] if link else part
        if not shape.get("d", "").strip():  # a blank
            continue
        steps = part.get("transform", "") + shape.get("transform", "")
        inside.append(Node("path", {"transform": steps, "d": shorten_curve(shape.get("d", ""), 1)}))
    steps = f"scale({SCALE:.6g}){place.get('transform', '')}"
    size = _size(matrix_of(place.get("transform", "")))
    yield Node("g", {"class": "letters", "transform": steps}, {**_style(place), "font-size": size}, write_nodes(inside))


def _path(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    data, style = place.get("d", ""), _style(place, shapes)
    if data.strip():  # a line without points has none
        reach = float(style.get("stroke-width", 0)) * MITER if style.get("stroke") else 0.0
        where = {**_name(place, shapes), "d": shorten_curve(data, SCALE)}
        yield Node("path", where, style, box=extent(data, SCALE, reach))


def _box(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    yield Node("rect", {**_name(place, shapes), **_lengths(place, "x", "y", "width", "height")}, _style(place))


def _stamp(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    link = f"#{shapes.names[place.get(LINK, '')[1:]]}"
    yield Node("use", {"href": link, **_lengths(place, "x", "y")}, _style(place, shapes))


def _stamp_all(place: Element, shapes: NamedShapes) -> list[Node]:
    """Return a crowd of equal markers as one path, whose every point shows the marker; else each thing for itself."""
    looks = {(use.tag, use.get(LINK), use.get("style")) for use in place}
    if len(looks) > 1 or place[0].tag != f"{SVG}use" or place[0].get(LINK, "")[1:] not in shapes.names:
        return list(_paint(place, shapes))
    shape = shapes.places[place[0].get(LINK, "")[1:]]
    name = f"{NAME}{next(shapes.numbers)}"
    drawn = Node("path", {"d": shorten_curve(shape.get("d", ""), SCALE)}, {**_style(shape), **_style(place[0], shapes)})
    marker = Node("marker", {"id": name, **_MARKER}, content=write_nodes([drawn]))
    points = "L".join(f"{use.get('x', 0)} {use.get('y', 0)}" for use in place)
    at_each = {f"marker-{where}": f"url(#{name})" for where in ("start", "mid", "end")}
    return [marker, Node("path", {"d": shorten_curve(f"M{points}", SCALE), **at_each}, {"fill": "none"})]


def _image(place: Element, shapes: NamedShapes) -> Iterator[Node]:  # noqa: ARG001
    x, y, width, height = (float(place.get(key, 0)) for key in ("x", "y", "width", "height"))
    matrix = matrix_of(f"{place.get('transform', '')}translate({x},{y})")
    image = place_image(place.get(LINK, ""), matrix, width, height)
    size = {"x": image.x, "y": image.y, "width": image.width, "height": image.height}
    fit = {"preserveAspectRatio": "none"} if abs(image.width / image.height * height / width - 1) > 0.001 else {}
    where = {**{key: _decimal(number) for key, number in size.items()}, **fit}
    left, top = image.x * SCALE, image.y * SCALE
    box = left, top, left + image.width * SCALE, top + image.height * SCALE
    yield Node("image", {**where, "href": image.address}, _style(place), box=box)


def _define(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield what has a name that is used; the glyphs, which are text now, are not."""
    if inside := [node for node in _paint(place, shapes) if "id" in node.place]:
        yield Node("defs", content=write_nodes(inside))


def _frame(place: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield a clip, or a pattern with its size."""
    name = place.tag.removeprefix(SVG)
    size = _lengths(place, "x", "y", "width", "height") if name == "pattern" else {}
    units = {"patternUnits": place.get("patternUnits", "")} if name == "pattern" else {}
    yield Node(name, {**_name(place, shapes), **units, **size}, content=write_nodes(_paint(place, shapes)))


_WRITE: Final[Mapping[str, Callable[[Element, NamedShapes], Iterator[Node]]]] = {
    "style": _skip, "metadata": _skip, "g": _group, "a": _group, "defs": _define, "clipPath": _frame, "pattern": _frame,
    "path": _path, "rect": _box, "use": _stamp, "image": _image,
}  # fmt: skip


def _name(place: Element, shapes: NamedShapes) -> dict[str, str]:
    name = shapes.names.get(place.get("id", ""))
    return {"id": name} if name else {}


def _lengths(place: Element, *names: str) -> dict[str, str]:
    return {name: _decimal(float(place.get(name, 0))) for name in names}


def _style(place: Element, shapes: NamedShapes | None = None) -> dict[str, str]:
    """Return an element's declarations as attributes, with lengths in pixels, and without what is so anyway."""
    pairs = (pair.partition(":") for pair in place.get("style", "").split(";") if ":" in pair)
    style = {name.strip(): value.strip() for name, _, value in pairs}
    style |= {name: place.get(name, "") for name in ("fill", "stroke", "opacity") if place.get(name)}
    style.pop("image-rendering", None)  # the page's style sheet says it for all
    if style.get("stroke", "none") != "none":
        style.setdefault("stroke-linejoin", "round")  # as Matplotlib's own style sheet says
        style.setdefault("stroke-width", "1")
    for name in style.keys() & _LENGTHS:
        style[name] = " ".join(_fine(float(number)) for number in re.split(r"[\s,]+", style[name]))
    if shapes:
        style = {name: _REFERENCE.sub(lambda found: shapes.names[found[0]], value) for name, value in style.items()}
    return {name: value for name, value in style.items() if (name, value) not in _DEFAULTS}


def _decimal(number: float) -> str:
    return write_tenths(round(number * SCALE * 10))


def _fine(number: float) -> str:
    return f"{number * SCALE:.2f}".rstrip("0").rstrip(".")


LOOK_BACK: Final = 80  # runs
_OWN: Final = {"opacity"}  # a group has it for itself and does not hand it down
_LINE: Final = {"stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "fill"}


def write_nodes(nodes: Iterable[Node]) -> str:
    """Return elements as XML that paints what they paint in their order."""
    return "".join(_write_run(list(_join(run))) for run in group_by_style(nodes))


def group_by_style(nodes: Iterable[Node]) -> list[list[Node]]:
    """Return runs of nodes in one style: a node joins an earlier run unless it may lie on what came after that."""
    runs: list[list[Node]] = []
    for node in nodes:
        for run in islice(reversed(runs), LOOK_BACK):
            if run[0].style == node.style:
                run.append(node)
                break
            if any(may_overlap(node, other) for other in run):
                runs.append([node])
                break
        else:
            runs.append([node])
    return runs


def may_overlap(one: Node, other: Node) -> bool:
    """Whether two nodes may paint on the same place."""
    if one.box is None or other.box is None:
        return True
    return (
        one.box[0] < other.box[2]
        and other.box[0] < one.box[2]
        and one.box[1] < other.box[3]
        and other.box[1] < one.box[3]
    )


def _join(run: list[Node]) -> Iterator[Node]:
    """Yield a run's nodes, those that one path may paint as one: lines, and areas that do not touch each other."""
    joined: list[Node] = []
    for node in run:
        if joined and not (
            _is_line(node) or (_is_area(node) and not any(may_overlap(node, other) for other in joined))
        ):
            yield _one(joined)
            joined = []
        joined.append(node)
    if joined:
        yield _one(joined)


def _one(nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    return replace(nodes[0], place={"d": "".join(node.place["d"] for node in nodes)})


def _is_line(node: Node) -> bool:
    return _is_bare(node) and node.style.keys() <= _LINE and node.style.get("fill") == "none"


def _is_area(node: Node) -> bool:
    return _is_bare(node) and node.style.keys() <= {"fill"}


def _is_bare(node: Node) -> bool:
    return node.tag == "path" and node.place.keys() == {"d"}


def _write_run(run: list[Node]) -> str:
    style = run[0].style
    if len(run) == 1 or not style or _OWN & style.keys():
        return "".join(map(_write, run))
    return f"<g{_attributes(style)}>{''.join(_write(replace(node, style={})) for node in run)}</g>"


def _write(node: Node) -> str:
    head = f"<{node.tag}{_attributes(node.place)}{_attributes(node.style)}"
    return f"{head}>{node.content}</{node.tag}>" if node.content else f"{head}/>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


# A coordinate keeps two decimals of a point; a scale keeps all of its own, for it multiplies thousands of units.
DECIMALS = re.compile(r"(scale\([^)]*\))|(?<=\d\.\d\d)\d+")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
GROUP_NAME = re.compile(r'<g id="[^"]*"')
BETWEEN_TAGS = re.compile(r">\s+<")
ALONE = re.compile(r"<g>(<(?:path|use|image)\b[^>]*/>)</g>")
GLYPH = re.compile(r'(?<=id=")[A-Za-z0-9_ -]*-[0-9a-f]+(?=")')


# Takes out of Matplotlib's SVG what changes nothing on the page, where pictures stand as text by the hundred.


def attribute(name: str, shorten: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that shortens every attribute `name` of an SVG."""
    pattern = re.compile(rf'(?<=\s){name}="([^"]*)"')
    return lambda text: pattern.sub(lambda match: f'{name}="{shorten(match[1])}"', text)


def shorten_path(data: str) -> str:
    """Return path data with commas for blanks, and none around letters: `M 1 2 L 3 4` is `M1,2L3,4`."""
    return re.sub(r"\s+", ",", re.sub(r"\s*([A-Za-z])\s*", r"\1", data.strip()))


def shorten_transform(data: str) -> str:
    """Return a transform, or a view box, with commas for blanks: `scale(1 -1) translate(0 5)`."""
    return re.sub(r"\s+", ",", re.sub(r"\)\s+", ")", data.strip()))


def shorten_style(data: str) -> str:
    """Return declarations without blanks around their signs."""
    return re.sub(r"\s*([:;,])\s*", r"\1", data.strip())


SHORTEN = (
    attribute("d", shorten_path),
    attribute("transform", shorten_transform),
    attribute("viewBox", shorten_transform),
    attribute("style", shorten_style),
)


def rename_glyphs(text: str) -> str:
    """Return an SVG whose glyphs have short names, in the order of their appearance."""
    for number, name in enumerate(dict.fromkeys(GLYPH.findall(text))):
        text = text.replace(f'id="{name}"', f'id="g{number}"').replace(f'href="#{name}"', f'href="#g{number}"')
    return text


def compact_svg(svg: bytes) -> bytes:
    """Return a picture that looks the same to a hundredth of a point, from `<svg` on and on one line."""
    text = DECIMALS.sub(r"\1", svg.decode("utf-8"))
    text = GROUP_NAME.sub("<g", COMMENT.sub("", text[text.index("<svg") :]))
    for shorten in SHORTEN:
        text = shorten(text)
    text = rename_glyphs(BETWEEN_TAGS.sub("><", text))
    while ALONE.search(text):
        text = ALONE.sub(r"\1", text)
    return re.sub(r"\s+", " ", text).strip().encode()
