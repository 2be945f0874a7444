"""Pictures made of pixels that lie below the items of keyframes, a digit or a surface, and the room that parts have.

Positions are pixels of a `layout.Sheet`, as in `figures.parts.keyframes`, whose items are drawn over them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from figures.parts.arithmetic import Array
from figures.parts.layout import SLIDE, Sheet


@dataclass(frozen=True, slots=True)
class Picture:
    """RGB bytes (height, width, 3), drawn as sharp squares from the corner (left, top) on, `width` pixels wide."""

    colors: Array
    left: float
    top: float
    width: float

    @property
    def height(self) -> float:
        """The height in pixels."""
        rows, columns, _ = self.colors.shape
        return self.width * float(rows / columns)


@dataclass(frozen=True, slots=True)
class Room:
    """A part of a sheet, in pixels, and the size of the text in it."""

    left: float
    top: float
    width: float
    height: float
    text: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """The x of the middle."""
        return self.left + self.width / 2


def draw_pictures(figure: Figure, pictures: Iterable[Picture], sheet: Sheet = SLIDE) -> Figure:
    """Draw pictures below all else on a figure that `keyframes.draw_items` has made, and return it."""
    inch = 1 / sheet.per_inch
    for picture in pictures:
        right, bottom = picture.left + picture.width, picture.top + picture.height
        extent = (picture.left * inch, right * inch, bottom * inch, picture.top * inch)
        figure.axes[0].imshow(picture.colors, extent=extent, interpolation="none", aspect="auto", zorder=0)
    return figure


def add_pictures(scene: Any, pictures: Iterable[Picture]) -> None:
    """Put pictures into a Manim scene, below all else, where they stay."""
    from manim import VGroup

    from figures.parts.film import paint

    for picture in pictures:
        cell = picture.width / picture.colors.shape[1]
        made = paint(picture.colors, picture.left, picture.top, cell, cell)
        scene.add(VGroup(*made).set_z_index(-1))
