"""Manim helpers for films: text in the project's fonts, number grids, frames and maps, and a player for keyframes.

Positions are pixels from the top left corner of a 1536 x 720 frame, y downwards, the same as in the still of a slide.
LaTeX is never used. The outline of each string is made once and cached, because making text is what costs time.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import manim
import numpy as np
from manim import FadeIn, FadeOut, ReplacementTransform, Text, Transform, VGroup, VMobject
from matplotlib.font_manager import get_font
from matplotlib.textpath import TextPath
from numpy.typing import ArrayLike, NDArray

from figures.parts import still
from figures.parts.keyframes import BOLD, Box, Boxes, Item, Keyframe, Letters, Line, Rules, Shades, color_of, place_runs
from generator.theme import FILM_HEIGHT, FILM_WIDTH, SANS, Theme

PIXELS = FILM_HEIGHT / 8  # per Manim unit: the frame is 8 units high
HAIR, LINE, BOLD_LINE = 1.2, 2.6, 5.0  # pixels
EDGE = 2.0  # pixels of paper on either side of a line over a map
MASTER = 96.0  # font size at which Manim makes text before it is scaled; large, so that its spacing is exact

Point = tuple[float, float]


def spot(x: float, y: float) -> NDArray[np.float64]:
    """Return the Manim point of the pixel (x, y)."""
    return np.array([(x - FILM_WIDTH / 2) / PIXELS, (FILM_HEIGHT / 2 - y) / PIXELS, 0.0])


@lru_cache(maxsize=4096)
def text_bounds(text: str, *, bold: bool = False) -> tuple[float, float, float, float]:
    """Return (left, bottom, right, top) of the outline of `text` at size 1, relative to the start of its baseline."""
    outline = TextPath((0, 0), text, size=100, prop=still.font(100, bold=bold))
    (left, bottom), (right, top) = outline.get_extents().get_points() / 100
    return float(left), float(bottom), float(right), float(top)


class Lettering(VMobject):  # type: ignore[misc]    # Manim is untyped here
    """A text in a scene, as a single mobject; `text` is the string it shows."""

    def __init__(self, text: str, points: NDArray[np.float64], color: str) -> None:
        super().__init__(stroke_width=0, fill_color=color, fill_opacity=1)
        self.text = text
        self.set_points(points)


@lru_cache(maxsize=1024)
def _outline(text: str, *, bold: bool) -> NDArray[np.float64]:
    """Return the curves of `text` at a size of 1 pixel, in Manim units, with the start of its baseline at (0, 0).

    Raises ValueError for a text with letters that the font lacks: they would be drawn as boxes.
    """
    letters = get_font(str(still.font(bold=bold).get_file()))
    lacking = [letter for letter in text if not letter.isspace() and not letters.get_char_index(ord(letter))]
    if lacking:
        raise ValueError(f"the font of films lacks {', '.join(lacking)}; write '{text}' in letters that it has")
    weight = manim.SEMIBOLD if bold else manim.NORMAL
    made = Text(text, font=SANS, weight=weight, font_size=MASTER, disable_ligatures=True)
    left, bottom, right, top = text_bounds(text, bold=bold)
    made.scale((right - left) / PIXELS / made.width)
    made.move_to([(left + right) / 2 / PIXELS, (bottom + top) / 2 / PIXELS, 0.0])
    return np.concatenate([glyph.points for glyph in made.family_members_with_points()])


def write(text: str, x: float, y: float, size: float, color: str, *, bold: bool = False) -> Lettering:
    """Return a text of size `size` (pixels) whose baseline begins at the pixel (x, y)."""
    return Lettering(text, size * _outline(text, bold=bold) + spot(x, y), color)


def write_centered(text: str, x: float, y: float, size: float, color: str, *, bold: bool = False) -> Any:
    """Return a text centered at x on the baseline y."""
    left, _, right, _ = text_bounds(text, bold=bold)
    return write(text, x - size * (left + right) / 2, y, size, color, bold=bold)


def write_cells(texts: Sequence[Sequence[str]], left: float, top: float, cell: float, size: float, color: str) -> Any:
    """Return the texts of a table, each centered in its square cell; empty strings are skipped."""
    group = VGroup()
    for i, row in enumerate(texts):
        for j, text in enumerate(row):
            if text:
                x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell + 0.35 * size
                group.add(write_centered(text, x, y, size, color))
    return group


def box(
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    fill: str | None = None,
    opacity: float = 1.0,
    color: str | None = None,
    line: float = LINE,
) -> Any:
    """Return a rectangle filled with `fill` and outlined in `color`; None leaves either out."""
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height), (left, top)]
    made = VMobject(stroke_width=0, fill_opacity=0)
    made.set_points_as_corners([spot(*corner) for corner in corners])
    if fill:
        made.set_fill(fill, opacity)
    if color:
        made.set_stroke(color, width=_stroke(line), opacity=1)
    made.joint_type = manim.LineJointType.MITER
    return made


def double_box(left: float, top: float, width: float, height: float, color: str, theme: Theme) -> Any:
    """Return a bold rectangle on a wider line in the paper's color, which is seen on every shade of a map."""
    lines = ((theme.paper, BOLD_LINE + 2 * EDGE), (color, BOLD_LINE))
    return VGroup(*(box(left, top, width, height, color=shade, line=line) for shade, line in lines))


def rule(lines: Iterable[tuple[Point, Point]], color: str, line: float = HAIR) -> Any:
    """Return straight lines as a single mobject, which draws faster than one per line."""
    made = VMobject(stroke_color=color, stroke_width=_stroke(line), fill_opacity=0)
    for start, end in lines:
        made.start_new_path(spot(*start))
        made.add_line_to(spot(*end))
    return made


def rule_grid(rows: int, columns: int, left: float, top: float, cell: float, color: str) -> Any:
    """Return the lines between (not around) the cells of a grid."""
    right, bottom = left + columns * cell, top + rows * cell
    across = [((left, top + i * cell), (right, top + i * cell)) for i in range(1, rows)]
    down = [((left + j * cell, top), (left + j * cell, bottom)) for j in range(1, columns)]
    return rule(across + down, color)


def dashed_box(left: float, top: float, width: float, height: float, color: str, dash: float = 9.0) -> Any:
    """Return a dashed rectangle; its dashes are about `dash` pixels long and meet in the corners."""
    lines: list[tuple[Point, Point]] = []
    right, bottom = left + width, top + height
    for y in (top, bottom):
        lines += [((a, y), (b, y)) for a, b in _dash(left, right, dash)]
    for x in (left, right):
        lines += [((x, a), (x, b)) for a, b in _dash(top, bottom, dash)]
    return rule(lines, color, LINE)


def _dash(start: float, end: float, dash: float) -> list[tuple[float, float]]:
    """Return dashes between two ends: every second of an odd number of equal parts, so that both ends are drawn."""
    count = 2 * round((end - start) / dash / 2) + 1
    ticks = np.linspace(start, end, count + 1)
    return [(float(ticks[k]), float(ticks[k + 1])) for k in range(0, count, 2)]


def draw_map(values: ArrayLike, left: float, top: float, cell: float, limits: tuple[float, float] | None = None) -> Any:
    """Return `values` (height, width) as colored squares of `cell` pixels; cells below zero also carry a dash.

    Cells of the same color are one mobject. Whole numbers for `left`, `top` and `cell` keep edges sharp.
    """
    array = np.asarray(values)
    group = VGroup(*paint(still.color_cells(array, limits), left, top, cell, cell))
    dashes = still.place_dashes(array, array < 0, left, top, cell, limits)
    return group.add(*(rule(lines, color, max(1.0, 0.08 * cell)) for color, lines in dashes.items() if lines))


def paint(colors: NDArray[np.uint8], left: float, top: float, width: float, height: float) -> Iterator[Any]:
    """Yield one mobject per color, made of all cells of that color; neighbors in a row are joined."""
    shapes: dict[str, Any] = {}
    for i, row in enumerate(colors):
        j = 0
        for color, run in itertools.groupby("#" + bytes(cell).hex() for cell in row):
            end = j + len(list(run))
            x, y, x_end, y_end = left + j * width, top + i * height, left + end * width, top + (i + 1) * height
            made = shapes.setdefault(color, VMobject(stroke_width=0, fill_color=color, fill_opacity=1))
            made.start_new_path(spot(x, y))
            for corner in ((x_end, y), (x_end, y_end), (x, y_end), (x, y)):
                made.add_line_to(spot(*corner))
            j = end
    yield from shapes.values()


def draw_scale(limits: tuple[float, float], left: float, top: float, width: float, theme: Theme, size: float) -> Any:
    """Return a color scale with its ends, and zero if it is diverging, written below it."""
    low, high = limits
    steps = int(width) // 4
    ramp = still.color_cells(np.linspace(low, high, steps)[None, :], limits)
    group = VGroup(*paint(ramp, left, top, width / steps, 16), box(left, top, width, 16, color=theme.muted, line=HAIR))
    for value, place in ((low, 0.0), (high, 1.0), *([(0.0, 0.5)] if low < 0 else [])):
        text = (f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}").replace("-", "−")
        ink = size * (text_bounds(text)[2] - text_bounds(text)[0])
        group.add(write(text, left + place * (width - ink), top + 20 + size, size, theme.muted))
    return group


def _stroke(pixels: float) -> float:
    """Return the Manim stroke width, in hundredths of a unit, of a line `pixels` wide."""
    return 100 * pixels / PIXELS


LONGEST_MOVE = 0.6  # seconds; for the rest of a keyframe the picture stands still


# Playing keyframes with Manim: an item with the same name in two of them stays or moves, others fade in or out.


def play_keyframes(
    scene: Any,
    opening: Sequence[Item],
    steps: Sequence[Sequence[Keyframe]],
    sentences: Sequence[str],
    closing: Sequence[Item],
) -> None:
    """Play a film: the opening picture and a mark, the keyframes and a mark of each step, then the closing picture.

    `sentences` has one sentence per step. The closing picture is skipped if it has the same items as the last keyframe.
    """
    player = Player(scene)
    player.open(opening)
    scene.mark("Nothing has been computed yet.")
    for keyframes, sentence in zip(steps, sentences, strict=True):
        for keyframe in keyframes:
            player.show(keyframe)
        scene.mark(sentence)
    if {item.name for item in closing} != {item.name for item in steps[-1][-1].items}:
        player.show(Keyframe(tuple(closing), 1.5))


class Player:
    """Plays keyframes in a scene; keeps the items that are on screen and the mobject of each, by name."""

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.theme: Theme = scene.theme
        self.items: dict[str, Item] = {}
        self.shapes: dict[str, Any] = {}

    def open(self, items: Sequence[Item]) -> None:
        """Add the items to the scene without animation."""
        for item in items:
            self.items[item.name], self.shapes[item.name] = item, make(item, self.theme)
        self.scene.add(*self.shapes.values())

    def show(self, keyframe: Keyframe) -> None:
        """Animate from the current picture to the keyframe's, then wait for the rest of its seconds.

        Raises ValueError if two of its items have the same name.
        """
        after = {item.name: item for item in keyframe.items}
        if len(after) != len(keyframe.items):
            raise ValueError("two things of a tableau have one name")
        moves = [FadeOut(self.shapes.pop(name)) for name in [*self.shapes] if name not in after]
        for name, item in after.items():
            if self.items.get(name) != item or name not in self.shapes:
                moves += self._change(name, item)
        self.items = after
        quick = min(keyframe.seconds, LONGEST_MOVE)
        if moves:
            self.scene.play(*moves, run_time=quick)
        rest = keyframe.seconds - (quick if moves else 0)
        if rest > 0.04:
            self.scene.wait(rest)

    def _change(self, name: str, item: Item) -> list[Any]:
        """Return the animations that bring one item to its new state."""
        before, old, new = self.items.get(name), self.shapes.get(name), make(item, self.theme)
        if old is not None and before is not None and _is_same_shape(before, item):
            return [Transform(old, new)]
        self.shapes[name] = new
        gone = [FadeOut(old)] if old is not None else []
        origin = self.shapes.get(item.origin) if isinstance(item, Line) and item.origin else None
        if origin is None:
            return [*gone, FadeIn(new)]
        return [*gone, ReplacementTransform(VGroup(origin[-1].copy()), new)]


def _is_same_shape(before: Item, after: Item) -> bool:
    """Whether one mobject can be transformed into the other: the same text, the same shades, or two solid boxes."""
    if isinstance(before, Line) and isinstance(after, Line):
        return before.runs == after.runs
    if isinstance(before, Shades) and isinstance(after, Shades):
        return (before.values, before.limits) == (after.values, after.limits)
    return isinstance(before, Box) and isinstance(after, Box) and not before.is_dashed and not after.is_dashed


def make(item: Item, theme: Theme) -> Any:
    """Return an item as a mobject; z-indices put areas at the bottom, then lines, then frames, then text."""
    match item:
        case Line():
            return VGroup(*_write(item, theme)).set_z_index(3)
        case Letters():
            return _repeat(item, theme).set_z_index(3)
        case Rules():
            return rule(item.lines, color_of(item.role, theme), item.line).set_z_index(1)
        case Boxes():
            return _fill(item, theme).set_z_index(0.5 if item.opacity < 1 else 0)
        case Shades():
            return _shade(item, theme)
    return _frame(item, theme)


def _frame(item: Box, theme: Theme) -> Any:
    """Return a rectangle; a bold frame lies above others."""
    corner = (item.left, item.top, item.width, item.height)
    color = color_of(item.role, theme) if item.role else None
    if item.is_dashed:
        return dashed_box(*corner, color or theme.padding).set_z_index(2)
    fill = color_of(item.fill, theme) if item.fill else None
    made = box(*corner, fill=fill, opacity=item.opacity, color=color, line=item.line)
    return made.set_z_index((2.5 if item.line >= BOLD else 2) if not fill else 0.5 if item.opacity < 1 else 0)


def _repeat(item: Letters, theme: Theme) -> Any:
    """Return the same text at several places as one mobject."""
    color = color_of(item.role, theme)
    points = [write_centered(item.text, x, y, item.size, color).points for x, y in item.places]
    return VMobject(stroke_width=0, fill_color=color, fill_opacity=1).set_points(np.concatenate(points))


def _fill(item: Boxes, theme: Theme) -> Any:
    """Return equal rectangles as one mobject."""
    made = VMobject(stroke_width=0, fill_color=color_of(item.fill, theme), fill_opacity=item.opacity)
    for x, y in item.corners:
        made.start_new_path(spot(x, y))
        for right, down in ((1, 0), (1, 1), (0, 1), (0, 0)):
            made.add_line_to(spot(x + right * item.width, y + down * item.height))
    return made


def _shade(item: Shades, theme: Theme) -> Any:
    """Return a map or an image with its frame as one mobject, below all areas."""
    height, width = len(item.values) * item.cell, len(item.values[0]) * item.cell
    if item.is_image:
        colors = still.image_colors(item.values, theme, item.limits[1])
        made = VGroup(*paint(colors, item.left, item.top, item.cell, item.cell))
    else:
        made = draw_map(item.values, item.left, item.top, item.cell, item.limits)
    made.add(box(item.left, item.top, width, height, color=color_of(item.role, theme)))
    return made.set_z_index(-1)


def _write(line: Line, theme: Theme) -> list[Any]:
    """Return the runs of a line of text as mobjects."""
    size, runs = place_runs(line)
    return [write(text, x, line.y, size, color_of(role, theme), bold=line.is_bold) for text, role, x in runs]
