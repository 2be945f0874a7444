"""Draws a Manim scene with less work: of pictures only what differs; equal texts are shaped, equal letters read once.

This is the only place that knows Manim's internals; VERSION is the one whose internals it knows. Pixels are equal to
those of Manim's own camera: shapes are drawn with the same calls of Cairo, in the same order. A scene that holds what
is not drawn here (images, clouds of points, shapes with a picture for their color) raises UnknownShapeError, and is
then drawn by Manim's camera.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any
from xml.etree import ElementTree as ET

import cairo
import manim
import numpy as np
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP
from manim.camera.moving_camera import MovingCamera
from manim.constants import RIGHT
from manim.mobject.mobject import Mobject
from manim.mobject.svg.svg_mobject import SVGMobject, VMobjectFromSVGPath, se
from manim.mobject.text import tex_mobject
from manim.mobject.text.text_mobject import Text
from manim.mobject.types.image_mobject import AbstractImageMobject
from manim.mobject.types.point_cloud_mobject import PMobject
from manim.mobject.types.vectorized_mobject import VMobject
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.color import ManimColor
from manim.utils.iterables import list_update
from numpy.typing import NDArray

from generator.theme import FILM_HEIGHT, FILM_WIDTH

VERSION = "0.22.0"  # of Manim
TILE = (30, 32)  # height and width, in pixels, of the parts of a picture that are drawn anew or left
TILES = (FILM_HEIGHT // TILE[0], FILM_WIDTH // TILE[1])
PAD = 2.0  # pixels around a shape that its soft edge may reach
# What Manim's camera asks a shape for; a class that answers otherwise than VMobject does is not known here.
ASKED = (
    "get_fill_rgbas", "get_stroke_rgbas", "get_stroke_width", "get_background_image",
    "get_subpath_split_indices_from_points",
)  # fmt: skip

SEEN = (VMobject, PMobject, AbstractImageMobject)  # of other mobjects Manim's camera draws nothing

Tiles = NDArray[np.bool_]  # (TILES): which parts of a picture have changed


class UnknownShapeError(Exception):
    """A scene holds what only Manim's own camera draws."""


@cache
def is_known(kind: type[Any]) -> bool:
    """Return whether shapes of this class look as VMobject says."""
    return issubclass(kind, VMobject) and all(getattr(kind, name) is getattr(VMobject, name) for name in ASKED)


class Shape:
    """A mobject as it was drawn: its path, its colors, and the tiles that it may touch."""

    __slots__ = ("box", "paint", "paints", "path", "points")

    def __init__(self) -> None:
        """Begin with a shape that shows nothing."""
        self.points: bytes | None = None
        self.paint: tuple[Any, ...] = ()
        self.path: Any = None
        self.paints: list[tuple[Any, ...]] = []
        self.box: tuple[int, int, int, int] | None = None

    def update(self, mobject: Any, pen: "Pen") -> bool:
        """Take over what the mobject looks like now; return whether that differs from before."""
        points, paint = mobject.points.tobytes(), look_of(mobject)
        if points == self.points and paint == self.paint:
            return False
        if points != self.points:
            self.path = pen.trace(mobject)
        self.points, self.paint = points, paint
        self.paints = list(pen.paints_of(mobject)) if self.path is not None else []
        self.box = pen.box_of(self.path, self.paints) if self.paints else None
        return True


def look_of(mobject: Any) -> tuple[Any, ...]:
    """Return all that decides how a mobject is painted, to be compared; raises UnknownShapeError."""
    state: Any = mobject.__dict__
    kind: Any = type(mobject)
    if not is_known(kind) or state["background_image"] is not None:
        raise UnknownShapeError(type(mobject).__name__)
    fill, stroke, behind = mobject.fill_rgbas, mobject.stroke_rgbas, mobject.background_stroke_rgbas
    plain = (
        fill.tobytes(), stroke.tobytes(), behind.tobytes(), float(mobject.stroke_width),
        float(mobject.background_stroke_width), state["joint_type"], state["cap_style"],
    )  # fmt: skip
    if len(fill) == len(stroke) == len(behind) == 1:
        return plain
    return (*plain, np.asarray(mobject.sheen_direction).tobytes(), float(mobject.sheen_factor))


class Pen:
    """Draws shapes on an array of pixels (height, width, RGBA) of its own, as Manim's camera does.

    It is a sheet to draw on, from which layers take what they need: to clip what is drawn would change soft edges.
    """

    def __init__(self, camera: Any) -> None:
        """Begin with an empty sheet, and the region of space that the camera shows."""
        self.camera = camera
        self.pixels = np.zeros((FILM_HEIGHT, FILM_WIDTH, 4), np.uint8)
        surface = cairo.ImageSurface.create_for_data(self.pixels.data, cairo.FORMAT_ARGB32, FILM_WIDTH, FILM_HEIGHT)
        self.context = cairo.Context(surface)
        self.look_through(camera.frame_width, camera.frame_height, camera.frame_center)

    def look_through(self, width: float, height: float, center: Sequence[float]) -> None:
        """Show this part of space."""
        x, y = FILM_WIDTH / width, FILM_HEIGHT / height
        self.matrix = cairo.Matrix(x, 0, 0, -y, FILM_WIDTH / 2 - center[0] * x, FILM_HEIGHT / 2 + center[1] * y)
        self.context.set_matrix(self.matrix)

    def trace(self, mobject: Any) -> Any:
        """Return the outline of a mobject as a path of Cairo; None if it has none."""
        points = mobject.points
        if len(points) < 4 or not np.isfinite(points).all():
            return None
        context = self.context
        context.new_path()
        flat = points[:, :2].ravel().tolist()
        for start, end in mobject.get_subpath_split_indices_from_points(points, n_dims=2).tolist():
            if end - start < 4:
                continue
            context.move_to(flat[2 * start], flat[2 * start + 1])
            for k in range(2 * start + 2, 2 * (end - 3) + 2, 8):
                context.curve_to(*flat[k : k + 6])
            if mobject.consider_points_equals_2d(points[start], points[end - 1]):
                context.close_path()
        return context.copy_path()

    def paints_of(self, mobject: Any) -> Iterable[tuple[Any, ...]]:
        """Yield what is painted for a mobject: (color, 0) to fill it, and (color, width, joint, cap) of a line."""
        for behind in (True, False):
            if not behind and (color := self.color_of(mobject, mobject.fill_rgbas)):
                yield color, 0.0
            width = mobject.get_stroke_width(behind)
            if width and (color := self.color_of(mobject, mobject.get_stroke_rgbas(behind))):
                ends = LINE_JOIN_MAP[mobject.joint_type], CAP_STYLE_MAP[mobject.cap_style]
                yield color, float(width) * self.camera.cairo_line_width_multiple, *ends

    def color_of(self, mobject: Any, rgbas: NDArray[np.float64]) -> Any:
        """Return a color or a gradient for Cairo, which holds red where we hold blue; None if it cannot be seen."""
        if not rgbas[:, 3].any():
            return None
        if len(rgbas) == 1:
            red, green, blue, alpha = rgbas[0].tolist()
            return cairo.SolidPattern(blue, green, red, alpha)
        ends = self.camera.transform_points_pre_display(mobject, mobject.get_gradient_start_and_end_points())
        gradient = cairo.LinearGradient(*ends[0][:2], *ends[1][:2])
        for place, (red, green, blue, alpha) in zip(np.linspace(0, 1, len(rgbas)), rgbas, strict=True):
            gradient.add_color_stop_rgba(place, blue, green, red, alpha)
        return gradient

    def box_of(self, path: Any, paints: list[tuple[Any, ...]]) -> tuple[int, int, int, int] | None:
        """Return the rows and columns of tiles, first and after the last, that the painted path may touch."""
        context = self.context
        context.new_path()
        context.append_path(path)
        boxes = []
        for _, width, *ends in paints:
            if width:
                self.take_line(width, *ends)
            left, low, right, high = context.stroke_extents() if width else context.path_extents()
            boxes += [self.matrix.transform_point(left, low), self.matrix.transform_point(right, high)]
        (left, *_, right), (top, *_, bottom) = (sorted(along) for along in zip(*boxes, strict=True))
        rows = int(max(top - PAD, 0) // TILE[0]), int(min(bottom + PAD, FILM_HEIGHT - 1) // TILE[0]) + 1
        columns = int(max(left - PAD, 0) // TILE[1]), int(min(right + PAD, FILM_WIDTH - 1) // TILE[1]) + 1
        return (*rows, *columns) if rows[0] < rows[1] and columns[0] < columns[1] else None

    def take_line(self, width: float, joint: Any, cap: Any) -> None:
        """Set how the next line is drawn."""
        self.context.set_line_width(width)
        self.context.set_line_join(joint)
        self.context.set_line_cap(cap)

    def draw(self, shape: Shape) -> None:
        """Draw a shape."""
        context = self.context
        context.new_path()
        context.append_path(shape.path)
        for color, width, *ends in shape.paints:
            context.set_source(color)
            if width:
                self.take_line(width, *ends)
                context.stroke_preserve()
            else:
                context.fill_preserve()


class Layer:
    """A picture that is kept: the shapes that were drawn last, in their order, over the pixels of what lies below."""

    def __init__(self, pixels: NDArray[np.uint8], pen: Pen) -> None:
        """Begin with `pixels`, which are written to."""
        self.pixels, self.pen = pixels, pen
        self.order: list[Any] = []
        self.shapes: dict[Any, Shape] = {}

    def forget_paths(self) -> None:
        """Take all shapes for new: the camera has moved."""
        for shape in self.shapes.values():
            shape.points = None

    def show(self, mobjects: list[Any], below: NDArray[np.uint8], changed: Tiles) -> Tiles:
        """Draw these mobjects over `below`, of which `changed` has changed; return which tiles have changed here."""
        dirty, before = changed.copy(), self.shapes
        if mobjects != self.order:
            kept = dict.fromkeys(mobjects)
            for mobject in [mobject for mobject in before if mobject not in kept]:
                mark(dirty, before.pop(mobject).box)
            self.mark_reordered(mobjects, dirty)
            self.order = mobjects
        for mobject in mobjects:
            shape = before.get(mobject)
            if shape is None:
                shape = before[mobject] = Shape()
            box = shape.box
            if shape.update(mobject, self.pen):
                mark(dirty, box)
                mark(dirty, shape.box)
        if dirty.any():
            self.draw(below, dirty)
        return dirty

    def mark_reordered(self, mobjects: list[Any], dirty: Tiles) -> None:
        """Mark the tiles of all shapes if those that stay have changed their order."""
        new = set(mobjects)
        stay = [mobject for mobject in self.order if mobject in new]
        old = set(stay)
        if stay != [mobject for mobject in mobjects if mobject in old]:
            for mobject in stay:
                mark(dirty, self.shapes[mobject].box)

    def draw(self, below: NDArray[np.uint8], dirty: Tiles) -> None:
        """Draw the dirty tiles anew."""
        areas = list(areas_of(dirty))
        for area in areas:
            self.pen.pixels[area] = below[area]
        sums = np.zeros((TILES[0] + 1, TILES[1] + 1), int)
        sums[1:, 1:] = dirty.cumsum(0).cumsum(1)
        count = sums.tolist()
        for mobject in self.order:
            shape = self.shapes[mobject]
            if shape.box is not None:
                top, bottom, left, right = shape.box
                if count[bottom][right] - count[top][right] - count[bottom][left] + count[top][left]:
                    self.pen.draw(shape)
        for area in areas:
            self.pixels[area] = self.pen.pixels[area]


def mark(tiles: Tiles, box: tuple[int, int, int, int] | None) -> None:
    """Mark the tiles in a box."""
    if box:
        tiles[box[0] : box[1], box[2] : box[3]] = True


def areas_of(tiles: Tiles) -> Iterable[tuple[slice, slice]]:
    """Yield the areas of pixels that the marked tiles make: rows of tiles that are marked alike are one."""
    row = 0
    while row < len(tiles):
        after = row + 1
        while after < len(tiles) and (tiles[after] == tiles[row]).all():
            after += 1
        edges = np.flatnonzero(np.diff(np.concatenate([[False], tiles[row], [False]]).astype(np.int8)))
        for start, end in edges.reshape(-1, 2).tolist():
            yield slice(row * TILE[0], after * TILE[0]), slice(start * TILE[1], end * TILE[1])
        row = after


class QuickRenderer(CairoRenderer):  # type: ignore[misc]    # Manim is untyped here
    """Takes the place of Manim's renderer, with two layers: what stands still while an animation plays, and the rest.

    `changed` holds the tiles in which the picture differs from the last one that was written.
    """

    def __init__(self, **options: Any) -> None:
        """Begin with an empty picture."""
        super().__init__(camera_class=MovingCamera, **options)
        self.view: Any = None
        self.ground: Any = None
        self.moved = np.ones(TILES, bool)  # tiles in which the still layer has changed, for the one above it
        self.changed = np.ones(TILES, bool)

    def start_layers(self) -> None:
        """Begin with new layers where there are none, or the background is another; else see if the camera moved."""
        camera = self.camera
        view = (camera.frame_width, camera.frame_height, *camera.frame_center)
        if self.ground is not camera.background:
            self.ground = camera.background
            self.pen = Pen(camera)
            self.still, self.front = (Layer(self.ground.copy(), self.pen) for _ in range(2))
            camera.pixel_array = self.front.pixels
            self.moved = np.ones(TILES, bool)
            self.changed[:] = True
        elif view != self.view:
            self.moved = np.ones(TILES, bool)
            self.pen.look_through(view[0], view[1], view[2:])
            self.still.forget_paths()
            self.front.forget_paths()
        self.view = view

    def save_static_frame_data(self, scene: Any, static_mobjects: Iterable[Any]) -> None:
        """Draw what stands still while the next animation plays."""
        del scene
        self.static_image = None
        if self.skip_animations:
            return
        self.start_layers()
        static = self.shapes_of(list(static_mobjects or ()))
        self.moved |= self.still.show(static, self.ground, self.moved)

    def update_frame(self, scene: Any, mobjects: Any = None, **_: Any) -> None:
        """Draw what moves, over what stands still; without `mobjects`, all of the scene, as Manim does."""
        if self.skip_animations:
            return
        if self.view is None:
            self.save_static_frame_data(scene, ())
        self.start_layers()
        shown = self.shapes_of(mobjects or list_update(scene.mobjects, scene.foreground_mobjects))
        self.changed |= self.front.show(shown, self.still.pixels, self.moved)
        self.moved = np.zeros(TILES, bool)

    def shapes_of(self, mobjects: Iterable[Any]) -> list[Any]:
        """Return the members of these families that can be seen, in the order in which they are drawn."""
        members = self.camera.get_mobjects_to_display(mobjects)
        return [member for member in members if isinstance(member, SEEN)]

    def get_frame(self) -> NDArray[np.uint8]:
        """Return the picture itself, which the next one is drawn into; whoever keeps it makes a copy."""
        pixels: NDArray[np.uint8] = self.camera.pixel_array
        return pixels

    def add_frame(self, frame: NDArray[np.uint8], num_frames: int = 1) -> None:
        """Hand a picture on, with the tiles that have changed."""
        if self.skip_animations:
            return
        self.time += num_frames / self.camera.frame_rate
        self.file_writer.write_changed(frame, self.changed, repeat=num_frames)
        self.changed = np.zeros(TILES, bool)


# Types of values that copies share, for nobody changes them: also the path of an SVG that an outline was read from.
CLOSED = 0.0001  # how near the end of an outline is to its start where Manim takes it for closed
PLAIN = frozenset({int, float, str, bool, NoneType, np.float64, ManimColor, se.Path})


@contextmanager
def less_work() -> Iterator[None]:
    """Let Manim shape each text and read each letter once, and copy mobjects with less ceremony."""
    shape, duplicate, read = Text.__init__, Mobject.__deepcopy__, Text.generate_mobject
    Text.__init__, Mobject.__deepcopy__ = shape_once(shape), duplicate_quickly(duplicate)
    Text.generate_mobject = read_letters_once(read)
    try:
        yield
    finally:
        Text.__init__, Mobject.__deepcopy__ = shape, duplicate
        del Text.generate_mobject  # it is that of its base class again


@contextmanager
def no_latex() -> Iterator[None]:
    """Let what Manim sets with LaTeX be refused, whether the machine has that or not."""
    write = tex_mobject.tex_to_svg_file
    tex_mobject.tex_to_svg_file = refuse_latex
    try:
        yield
    finally:
        tex_mobject.tex_to_svg_file = write


def refuse_latex(*_: object, **__: object) -> None:
    """Raise NotImplementedError, with what to use instead."""
    raise NotImplementedError(
        "a film is drawn without LaTeX, which Manim asks for; use Text, or for formulas MathTypst (pip install typst), "
        "and in place of DecimalNumber a Text of the number"
    )


def shape_once(shape: Callable[..., None]) -> Callable[..., None]:
    """Return an initializer of texts that takes the outlines of an equal text, where there was one."""
    known: dict[Any, Any] = {}

    def initialize(self: Any, *arguments: Any, **named: Any) -> None:
        key = freeze([arguments, named]) if type(self) is Text else None
        defaults = (VMobject.__init__, SVGMobject.__init__)  # `set_default` puts others in their place
        if key is None:
            shape(self, *arguments, **named)
        elif (key, defaults) in known:
            self.__dict__.update(known[key, defaults].copy().__dict__)
            self.__dict__.pop("original_id", None)
        else:
            shape(self, *arguments, **named)
            known[key, defaults] = self.copy()

    return initialize


def read_letters_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return what reads the SVG of a text, and takes for each letter a copy of the same letter that was read before.

    An SVG with anything but letters, and the first with a letter, is read by Manim.
    """
    known: dict[Any, Any] = {}

    def generate(self: Any) -> Any:
        defaults = VMobject.__init__, VMobjectFromSVGPath.__init__  # `set_default` puts others in their place
        letters = find_letters(self.get_file_path()) if not self.path_string_config else None
        if letters is None:
            return read(self)
        if all((*key, *defaults) in known for key, _ in letters):
            for key, (x, y) in letters:
                outline, letter = known[(*key, *defaults)]
                made = letter.copy()
                made.points = outline.at(x, y)
                self.add(made)
            self.flip(RIGHT)
            return self

        def keep(svg: Any) -> Any:
            made, groups = type(self).get_mobjects_from(self, svg)
            for (key, place), letter in zip(letters, made, strict=False):
                outline = Outline(key[1])
                if len(made) == len(letters) and np.array_equal(letter.points, outline.at(*place)):
                    known.setdefault((*key, *defaults), (outline, letter.copy()))
            return made, groups

        self.get_mobjects_from = keep
        read(self)
        del self.get_mobjects_from
        return self

    return generate


SVG_NAMES = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
PATH = re.compile(r"[MLCZ]|-?[\d.]+(?:e-?\d+)?")
Letters = list[tuple[tuple[str, str], tuple[float, float]]]  # of each its style and outline, and where it stands


def find_letters(path: Path) -> Letters | None:
    """Return the letters that Pango has written to an SVG file, in their order; None if it holds anything else."""
    svg, link = SVG_NAMES
    outlines: dict[str, str] = {}
    letters: Letters = []
    for top in ET.parse(path).getroot():  # noqa: S314 - written by Pango
        if top.tag == f"{svg}defs":
            for symbol in top.iter(f"{svg}symbol"):
                outlines[f"#{symbol.get('id')}"] = symbol[0].get("d", "") if len(symbol) == 1 else "?"
            continue
        for group in top if top.tag == f"{svg}g" and top.keys() == ["id"] else [top]:
            uses = [use for use in group if use.tag == f"{svg}use"]
            if group.tag != f"{svg}g" or group.keys() != ["style"] or len(uses) != len(group):
                return None
            for use in uses:
                key = group.get("style", ""), outlines[use.get(f"{link}href", "")]
                letters.append((key, (float(use.get("x", "")), float(use.get("y", "")))))
    letters = [letter for letter in letters if letter[0][1]]  # without spaces
    return letters if all(set(PATH.sub("", outline)) <= {" "} for (_, outline), _ in letters) else None


class Outline:
    """The outline of a letter: where its curves begin, bend and end, as (n, 2), and which of them are lines."""

    def __init__(self, path: str) -> None:
        """Read the `d` of an SVG path that Pango has written: absolute moves, lines and cubic curves."""
        curves: list[list[float]] = []
        words = PATH.findall(path)
        at = 0
        here = first = [0.0, 0.0]
        while at < len(words):
            command, count = words[at], {"M": 2, "L": 2, "C": 6, "Z": 0}[words[at]]
            numbers = [float(word) for word in words[at + 1 : at + 1 + count]]
            at += 1 + count
            if command == "M":
                here = first = numbers
            elif command == "C":
                curves.append([0, *here, *numbers])
                here = numbers[4:]
            elif command == "L" or np.hypot(here[0] - first[0], here[1] - first[1]) > CLOSED:
                here, start = numbers or first, here
                curves.append([1, *start, 0, 0, 0, 0, *here])
        table = np.array(curves).reshape(-1, 9)
        self.is_line, self.corners = table[:, :1] == 1, table[:, 1:].reshape(-1, 4, 2)

    def at(self, x: float, y: float) -> NDArray[np.float64]:
        """Return the outline at a place as Manim's points (4 n, 3): in the steps in which Manim computes them."""
        start, one, two, end = (self.corners + np.array([x, y])).swapaxes(0, 1)
        one = np.where(self.is_line, (start + start + end) / 3, one)
        two = np.where(self.is_line, (start + end + end) / 3, two)
        points = np.zeros((4 * len(start), 3))
        points[:, :2] = np.stack([start, one, two, end], axis=1).reshape(-1, 2)
        return points


def freeze(value: Any) -> Any:
    """Return what stands for an argument in a key; None if it is not known how to compare it."""
    if isinstance(value, ManimColor):
        return "color", value.to_rgba().tobytes()
    if isinstance(value, str | int | float | NoneType):
        return type(value), value
    if isinstance(value, dict):
        return freeze(list(value.items()))
    if isinstance(value, list | tuple):
        parts = tuple(map(freeze, value))
        return None if None in parts else parts
    return None


def duplicate_quickly(duplicate: Callable[..., Any]) -> Callable[..., Any]:
    """Return the deep copying of mobjects, which takes plain values and arrays without a look at their insides."""

    def copied(self: Any, memo: dict[int, Any]) -> Any:
        kind: Any = type(self)
        if kind.__setattr__ is not object.__setattr__:
            return duplicate(self, memo)
        result: Any = object.__new__(kind)
        memo[id(self)] = result
        state = result.__dict__
        for name, value in self.__dict__.items():
            if type(value) in PLAIN:
                state[name] = value
            elif type(value) is np.ndarray and not value.dtype.hasobject:
                found = memo.get(id(value))
                state[name] = memo[id(value)] = value.copy() if found is None else found
            else:
                state[name] = deepcopy(value, memo)
        state["original_id"] = str(id(self))
        return result

    return copied


def is_known_version() -> bool:
    """Return whether Manim has the version whose internals are known here; another one draws films itself."""
    return bool(manim.__version__ == VERSION)
