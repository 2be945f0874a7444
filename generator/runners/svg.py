"""Rewrites Matplotlib's SVG: `inline_svg` for a place inside a page, `compact_svg` for a file of its own.

Matplotlib writes every glyph as an outline, repeats the style on every element and gives each figure the same ids. A
page holds hundreds of pictures, so `inline_svg` converts the tree of elements:

- text becomes `<text>`, in the fonts that the page embeds anyway;
- `style` attributes, which a strict content security policy forbids, become presentation attributes, and elements with
  the same style share one `<g>` or one path where the order of painting allows it;
- letters and digits that stand alone, such as the numbers of a grid, share one `<text>` for each row of them;
- units become CSS pixels of the figure's own width, with paths in relative steps of a tenth;
- images are made upright and stored as lossless WebP;
- every id starts with a placeholder that the page replaces, so that ids of different pictures do not clash.

The result is a fifth of the size and looks like the original to within a tenth of a pixel; only the markers of a cloud
stand at whole pixels. `compact_svg` only removes
characters that make no difference and works on text; it keeps the outlines, so that the file needs no fonts.
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

SCALE: Final = 100 / 72  # Matplotlib's SVG has 72 units per inch, a figure has 100 pixels
NAME: Final = "\ue000"  # placeholder before each id; a page replaces it by a prefix of its own for each picture
SVG: Final = "{http://www.w3.org/2000/svg}"
LINK: Final = "{http://www.w3.org/1999/xlink}href"
EM: Final = 100.0  # units per em of Matplotlib's glyph outlines, which it then scales to the text size
UPRIGHT: Final = 1e-9  # a text with less skew than that is horizontal
CROWD: Final = 4  # so many equal markers become one path
CLOUD: Final = 30  # so many equal markers stand at whole pixels
MITER: Final = 2.0  # line widths by which a mitered corner of at least 30 degrees may stick out
SLACK: Final = 0.2  # pixels by which rounding may have moved an edge
_MARKER: Final = {"markerUnits": "userSpaceOnUse", "overflow": "visible"}
_LENGTHS: Final = {"stroke-width", "stroke-dasharray", "stroke-dashoffset"}
_DEFAULTS: Final = {("stroke-dashoffset", "0"), ("stroke-linejoin", "miter"), ("stroke-linecap", "butt")}
_REFERENCE: Final = re.compile(r"(?<=url\(#)[^)]*(?=\))")


_STRAIGHT: Final = re.compile(r"M (\S+) (\S+)\s+L (\S+) (\S+)")


@dataclass(frozen=True, slots=True)
class NamedShapes:
    """The elements of a picture that have an id, by that id, and the new id of each that is referred to."""

    elements: Mapping[str, Element]
    names: Mapping[str, str]
    numbers: Iterator[int]  # for further ids that are made up


def inline_svg(svg: bytes) -> str:
    """Return a picture as `<svg viewBox="0 0 width height">` in pixels; a page adds a class and a description.

    Every id in it begins with NAME, which a page replaces. Raises ValueError for elements that are not supported.
    """
    root = fromstring(svg)  # noqa: S314 - Matplotlib wrote it
    elements = {element.get("id", ""): element for element in root.iter() if element.get("id")}
    used = {link[1:] for element in root.iter(f"{SVG}use") if (link := element.get(LINK))}
    used |= {name for element in root.iter() for value in element.attrib.values() for name in _REFERENCE.findall(value)}
    names = {name: f"{NAME}{number}" for number, name in enumerate(name for name in elements if name in used)}
    box = " ".join(_decimal(float(number)) for number in root.get("viewBox", "").split())
    return f'<svg viewBox="{box}">{write_nodes(_convert(root, NamedShapes(elements, names, count(len(names)))))}</svg>'


Box = tuple[float, float, float, float]  # left, top, right, bottom


# Converting elements: one function for each kind of element in Matplotlib's SVG, each yielding the nodes to write.


@dataclass(frozen=True, slots=True)
class Node:
    """An element to write, with `content` as markup inside it.

    `style` may also be written on a group around it, `attributes` only on itself. `box` contains everything that the
    element paints; without one it may paint anywhere.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    style: Mapping[str, str] = field(default_factory=dict)
    content: str = ""
    box: Box | None = None


def _convert(parent: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield the nodes for the children of an element; raise ValueError for those that are not supported."""
    for element in parent:
        yield from _CONVERTERS.get(element.tag.removeprefix(SVG), _refuse)(element, shapes)


def _refuse(element: Element, shapes: NamedShapes) -> Iterator[Node]:  # noqa: ARG001 - the signature of all converters
    name = element.tag.removeprefix(SVG)
    raise ValueError(f"a picture has a <{name}>, which no page shows; draw with lines, patches, texts and images")


def _skip(element: Element, shapes: NamedShapes) -> Iterator[Node]:  # noqa: ARG001
    return iter(())


def _group(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    if "scale(" in element.get("transform", ""):  # Matplotlib scales only groups that hold the glyphs of a text
        yield from _text(element, shapes)
        return
    inside = _merge_markers(element, shapes) if len(element) >= CROWD else list(_convert(element, shapes))
    clips = _REFERENCE.findall(element.get("clip-path", ""))
    if clips and not _cuts_nothing_off(shapes.elements[clips[0]], inside):
        yield Node("g", {"clip-path": f"url(#{shapes.names[clips[0]]})"}, content=write_nodes(inside))
    else:
        yield from inside


def _cuts_nothing_off(clip: Element, nodes: list[Node]) -> bool:
    """Whether a clip can be dropped, because there are only images and they lie inside its rectangle."""
    box = clip.find(f"{SVG}rect")
    if box is None or not all(node.tag == "image" for node in nodes):
        return False
    left, top, width, height = (float(box.get(key, 0)) * SCALE for key in ("x", "y", "width", "height"))
    boxes = ([float(node.attributes[key]) for key in ("x", "y", "width", "height")] for node in nodes)
    return all(
        x > left - SLACK and y > top - SLACK and x + wide < left + width + SLACK and y + high < top + height + SLACK
        for x, y, wide, high in boxes
    )


def _text(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield a run of glyphs as text, or as outlines if it is a formula or no font of a page has its glyphs."""
    uses = list(element.iter(f"{SVG}use"))
    glyphs = [use.get(LINK, "")[1:] for use in uses]
    face = face_of(glyphs)
    letters = (
        letters_of(glyphs) if face is not None and all(is_on_line(use.get("transform", "")) for use in uses) else None
    )
    if face is None or letters is None or element.find(f"{SVG}path") is not None:
        yield from _outlines(element, shapes)
        return
    matrix = matrix_of(element.get("transform", ""))
    style = {**_style(element), **face, "font-size": _font_size(matrix)}
    yield Node("text", _baseline(matrix), style, escape(letters), _text_box(matrix, len(letters)))


def _font_size(matrix: Matrix) -> str:
    """Return the size in pixels of a text whose glyphs are scaled by `matrix`."""
    return _fine(float(np.hypot(*matrix[:2, 0])) * EM)


def _text_box(matrix: Matrix, letters: int) -> Box | None:
    """Return a box that contains a text, as no letter is wider than its em; None for a rotated one."""
    if abs(matrix[1, 0]) > UPRIGHT:
        return None
    (left, base), em = matrix[:2, 2] * SCALE, matrix[0, 0] * EM * SCALE
    return left - em / 4, base - em, left + letters * em, base + em / 3


def _baseline(matrix: Matrix) -> dict[str, str]:
    """Return the attributes for the start of a text, and for its rotation if it has one."""
    x, y = (_decimal(number) for number in matrix[:2, 2])
    if abs(matrix[1, 0]) < UPRIGHT:
        return {"x": x, "y": y}
    cos, sin = matrix[:2, 0] / np.hypot(*matrix[:2, 0])
    return {"transform": f"matrix({cos:.5g},{sin:.5g},{-sin:.5g},{cos:.5g},{x},{y})"}


def _outlines(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield the glyphs of a text as paths, in a group that places them.

    The group's class and font size do not change how it looks; they let the checks of pictures measure the text.
    """
    inside = []
    for part in element:
        if part.tag == f"{SVG}defs":
            continue
        link = part.get(LINK, "")[1:]
        shape = shapes.elements[link] if link else part
        if not shape.get("d", "").strip():  # a space
            continue
        steps = part.get("transform", "") + shape.get("transform", "")
        inside.append(Node("path", {"transform": steps, "d": shorten_curve(shape.get("d", ""), 1)}))
    steps = f"scale({SCALE:.6g}){element.get('transform', '')}"
    size = _font_size(matrix_of(element.get("transform", "")))
    style = {**_style(element), "font-size": size}
    yield Node("g", {"class": "letters", "transform": steps}, style, write_nodes(inside))


def _path(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    data, style = element.get("d", ""), _style(element, shapes)
    if data.strip():  # Matplotlib writes a path without data for a line without points
        reach = float(style.get("stroke-width", 0)) * MITER if style.get("stroke") else 0.0
        attributes = {**_id(element, shapes), "d": shorten_curve(data, SCALE)}
        yield Node("path", attributes, style, box=extent(data, SCALE, reach))


def _rect(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    yield Node("rect", {**_id(element, shapes), **_lengths(element, "x", "y", "width", "height")}, _style(element))


def _use(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    link = f"#{shapes.names[element.get(LINK, '')[1:]]}"
    yield _tick(element, shapes) or Node("use", {"href": link, **_lengths(element, "x", "y")}, _style(element, shapes))


def _tick(element: Element, shapes: NamedShapes) -> Node | None:
    """Return a `<use>` of a straight line, such as the tick of an axis, as a line; None if it shows something else."""
    shape = shapes.elements[element.get(LINK, "")[1:]]
    line = _STRAIGHT.fullmatch(shape.get("d", "").strip())
    if line is None or shape.get("transform") or element.get("transform"):
        return None
    x, y = (float(element.get(key, 0)) for key in ("x", "y"))
    starts, ends = ((float(line[k]) + x, float(line[k + 1]) + y) for k in (1, 3))
    data = f"M {starts[0]} {starts[1]} L {ends[0]} {ends[1]}"
    style = {**_style(shape, shapes), **_style(element, shapes), "fill": "none"}
    reach = float(style.get("stroke-width", 1)) * MITER
    return Node("path", {"d": shorten_curve(data, SCALE)}, style, box=extent(data, SCALE, reach))


def _merge_markers(element: Element, shapes: NamedShapes) -> list[Node]:
    """Return many equal markers as one path with an SVG marker at each point; other elements one by one.

    A scatter plot with hundreds of dots is then a list of points instead of hundreds of `<use>` elements.
    """
    looks = {(use.tag, use.get(LINK), use.get("style")) for use in element}
    if len(looks) > 1 or element[0].tag != f"{SVG}use" or element[0].get(LINK, "")[1:] not in shapes.names:
        return list(_convert(element, shapes))
    shape = shapes.elements[element[0].get(LINK, "")[1:]]
    name = f"{NAME}{next(shapes.numbers)}"
    style = {**_style(shape), **_style(element[0], shapes)}
    drawn = Node("path", {"d": shorten_curve(shape.get("d", ""), SCALE)}, style)
    marker = Node("marker", {"id": name, **_MARKER}, content=write_nodes([drawn]))
    points = "L".join(_place(use, is_exact=len(element) < CLOUD) for use in element)
    at_each = {f"marker-{position}": f"url(#{name})" for position in ("start", "mid", "end")}
    return [marker, Node("path", {"d": shorten_curve(f"M{points}", SCALE), **at_each}, {"fill": "none"})]


def _place(use: Element, *, is_exact: bool) -> str:
    """Return where a marker stands, in Matplotlib's units: as it is, or at the nearest whole pixel."""
    x, y = (float(use.get(key, 0)) for key in ("x", "y"))
    return f"{x} {y}" if is_exact else f"{round(x * SCALE) / SCALE} {round(y * SCALE) / SCALE}"


def _image(element: Element, shapes: NamedShapes) -> Iterator[Node]:  # noqa: ARG001
    x, y, width, height = (float(element.get(key, 0)) for key in ("x", "y", "width", "height"))
    matrix = matrix_of(f"{element.get('transform', '')}translate({x},{y})")
    image = place_image(element.get(LINK, ""), matrix, width, height)
    size = {"x": image.x, "y": image.y, "width": image.width, "height": image.height}
    fit = {"preserveAspectRatio": "none"} if abs(image.width / image.height * height / width - 1) > 0.001 else {}
    attributes = {**{key: _decimal(number) for key, number in size.items()}, **fit}
    left, top = image.x * SCALE, image.y * SCALE
    box = left, top, left + image.width * SCALE, top + image.height * SCALE
    yield Node("image", {**attributes, "href": image.address}, _style(element), box=box)


def _defs(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield the definitions that are still referred to; glyphs are not, since they have become text."""
    if inside := [node for node in _convert(element, shapes) if "id" in node.attributes]:
        yield Node("defs", content=write_nodes(inside))


def _clip_or_pattern(element: Element, shapes: NamedShapes) -> Iterator[Node]:
    """Yield a clip path, or a pattern with its size."""
    name = element.tag.removeprefix(SVG)
    size = _lengths(element, "x", "y", "width", "height") if name == "pattern" else {}
    units = {"patternUnits": element.get("patternUnits", "")} if name == "pattern" else {}
    yield Node(name, {**_id(element, shapes), **units, **size}, content=write_nodes(_convert(element, shapes)))


_CONVERTERS: Final[Mapping[str, Callable[[Element, NamedShapes], Iterator[Node]]]] = {
    "style": _skip, "metadata": _skip, "g": _group, "a": _group, "defs": _defs,
    "clipPath": _clip_or_pattern, "pattern": _clip_or_pattern, "path": _path,
    "rect": _rect, "use": _use, "image": _image,
}  # fmt: skip


def _id(element: Element, shapes: NamedShapes) -> dict[str, str]:
    name = shapes.names.get(element.get("id", ""))
    return {"id": name} if name else {}


def _lengths(element: Element, *names: str) -> dict[str, str]:
    return {name: _decimal(float(element.get(name, 0))) for name in names}


def _style(element: Element, shapes: NamedShapes | None = None) -> dict[str, str]:
    """Return an element's style as presentation attributes, with lengths in pixels, leaving out defaults."""
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";") if ":" in pair)
    style = {name.strip(): value.strip() for name, _, value in pairs}
    style |= {name: element.get(name, "") for name in ("fill", "stroke", "opacity") if element.get(name)}
    style.pop("image-rendering", None)  # set for all images by the page's style sheet
    if style.get("stroke", "none") != "none":
        style.setdefault("stroke-linejoin", "round")  # as in Matplotlib's own <style>, which is dropped
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


# Writing nodes: elements with the same style share a group or a path, without any visible change.
#
# SVG paints in document order, so a node may be moved to an earlier run only if nothing painted in between may overlap
# it. A grid of frames with a number in each becomes one path and one group of texts, as no frame overlaps the number in
# another.

LOOK_BACK: Final = 80  # runs; without a limit, the time would grow with the square of the number of elements
_NOT_INHERITED: Final = {"opacity"}  # applies to a group as a whole instead of being inherited by its elements
_LINE_STYLE: Final = {"stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "fill"}


def write_nodes(nodes: Iterable[Node]) -> str:
    """Return nodes as XML that looks as if they were painted in the given order."""
    return "".join(_write_run(_merge_letters(list(_merge_paths(run)))) for run in group_by_style(nodes))


def group_by_style(nodes: Iterable[Node]) -> list[list[Node]]:
    """Return runs of nodes that have one style each.

    A node joins the latest run of its style, unless a node in a later run may overlap it: then it would be painted
    below that node instead of above it.
    """
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
    """Whether two nodes may paint on the same pixels."""
    if one.box is None or other.box is None:
        return True
    return (
        one.box[0] < other.box[2]
        and other.box[0] < one.box[2]
        and one.box[1] < other.box[3]
        and other.box[1] < one.box[3]
    )


def _merge_paths(run: list[Node]) -> Iterator[Node]:
    """Yield the nodes of a run, merged into one path where that looks the same: lines, and areas that do not overlap.

    Overlapping areas of one path could cancel each other out under SVG's fill rule.
    """
    joined: list[Node] = []
    for node in run:
        if joined and not (
            _is_bare(joined[0])
            and (_is_line(node) or (_is_area(node) and not any(may_overlap(node, other) for other in joined)))
        ):
            yield _merge(joined)
            joined = []
        joined.append(node)
    if joined:
        yield _merge(joined)


def _merge(nodes: list[Node]) -> Node:
    """Return bare paths as one path; this needs no changes, because the first point of each is absolute."""
    if len(nodes) == 1:
        return nodes[0]
    return replace(nodes[0], attributes={"d": "".join(node.attributes["d"] for node in nodes)})


def _merge_letters(run: list[Node]) -> list[Node]:
    """Return the nodes of a run with the texts of one letter on a line as one text, which lists where each stands."""
    if _NOT_INHERITED & run[0].style.keys():
        return run
    merged: dict[object, Node] = {}
    for node in run:
        is_letter = node.tag == "text" and len(node.content) == 1 and node.attributes.keys() == {"x", "y"}
        key: object = node.attributes["y"] if is_letter else id(node)
        if key in merged:
            first, x = merged[key], f"{merged[key].attributes['x']} {node.attributes['x']}"
            node = replace(first, attributes={**first.attributes, "x": x}, content=first.content + node.content)  # noqa: PLW2901
        merged[key] = node
    return list(merged.values())


def _is_line(node: Node) -> bool:
    return _is_bare(node) and node.style.keys() <= _LINE_STYLE and node.style.get("fill") == "none"


def _is_area(node: Node) -> bool:
    return _is_bare(node) and node.style.keys() <= {"fill"}


def _is_bare(node: Node) -> bool:
    return node.tag == "path" and node.attributes.keys() == {"d"}


def _write_run(run: list[Node]) -> str:
    style = run[0].style
    if len(run) == 1 or not style or _NOT_INHERITED & style.keys():
        return "".join(map(_write, run))
    return f"<g{_attributes(style)}>{''.join(_write(replace(node, style={})) for node in run)}</g>"


def _write(node: Node) -> str:
    head = f"<{node.tag}{_attributes(node.attributes)}{_attributes(node.style)}"
    return f"{head}>{node.content}</{node.tag}>" if node.content else f"{head}/>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


# The compact form, for pictures that stand alone: only text is replaced, and only where it makes no visible difference.

# Coordinates keep two decimals of a point; a scale keeps all of its decimals, because it multiplies thousands of units.
DECIMALS = re.compile(r"(scale\([^)]*\))|(?<=\d\.\d\d)\d+")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
GROUP_NAME = re.compile(r'<g id="[^"]*"')
BETWEEN_TAGS = re.compile(r">\s+<")
ALONE = re.compile(r"<g>(<(?:path|use|image)\b[^>]*/>)</g>")
GLYPH = re.compile(r'(?<=id=")[A-Za-z0-9_ -]*-[0-9a-f]+(?=")')


def attribute(name: str, shorten: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that applies `shorten` to every attribute `name` in the text of an SVG."""
    pattern = re.compile(rf'(?<=\s){name}="([^"]*)"')
    return lambda text: pattern.sub(lambda match: f'{name}="{shorten(match[1])}"', text)


def shorten_path(data: str) -> str:
    """Return path data with commas for spaces, and without spaces around letters: `M 1 2 L 3 4` is `M1,2L3,4`."""
    return re.sub(r"\s+", ",", re.sub(r"\s*([A-Za-z])\s*", r"\1", data.strip()))


def shorten_transform(data: str) -> str:
    """Return a transform or view box with commas for spaces: `scale(1 -1) translate(0 5)` has `scale(1,-1)`."""
    return re.sub(r"\s+", ",", re.sub(r"\)\s+", ")", data.strip()))


def shorten_style(data: str) -> str:
    """Return CSS declarations without spaces around `:`, `;` and `,`."""
    return re.sub(r"\s*([:;,])\s*", r"\1", data.strip())


SHORTEN = (
    attribute("d", shorten_path),
    attribute("transform", shorten_transform),
    attribute("viewBox", shorten_transform),
    attribute("style", shorten_style),
)


def rename_glyphs(text: str) -> str:
    """Return an SVG whose glyphs are renamed `g0`, `g1`, … in order of appearance."""
    for number, name in enumerate(dict.fromkeys(GLYPH.findall(text))):
        text = text.replace(f'id="{name}"', f'id="g{number}"').replace(f'href="#{name}"', f'href="#g{number}"')
    return text


def compact_svg(svg: bytes) -> bytes:
    """Return a picture on one line, from `<svg` on, that looks the same to within a hundredth of a point."""
    text = DECIMALS.sub(r"\1", svg.decode("utf-8"))
    text = GROUP_NAME.sub("<g", COMMENT.sub("", text[text.index("<svg") :]))
    for shorten in SHORTEN:
        text = shorten(text)
    text = rename_glyphs(BETWEEN_TAGS.sub("><", text))
    while ALONE.search(text):
        text = ALONE.sub(r"\1", text)
    return re.sub(r"\s+", " ", text).strip().encode()
