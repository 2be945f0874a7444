"""One digit shifted, rotated and zoomed as augmentation does it, and the changes that are wrong for digits.

Augmentation must not change the class: a flipped digit is not a digit, and half a turn makes a 6 a 9. Each tile shows
one fixed strength; in training, every image gets a random strength up to that limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


SIDE, STEP = 1.52, 1.79  # inches: side of a tile, distance from one to the next
LEFT, TOPS = 0.17, (0.66, 3.62)  # inches: left edge, tops of the two rows


@dataclass(frozen=True, slots=True)
class Variant:
    """One changed image (height, width), what was done to it, and why that is wrong (empty if it is not)."""

    name: str
    image: Array
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AugmentationSheetTrace:
    """The original image and its variants, those that keep the class first."""

    image: Array
    variants: tuple[Variant, ...]

    @property
    def harmless(self) -> tuple[Variant, ...]:
        """The variants that are still the same digit."""
        return tuple(variant for variant in self.variants if not variant.reason)

    @property
    def harmful(self) -> tuple[Variant, ...]:
        """The variants that are wrong for digits."""
        return tuple(variant for variant in self.variants if variant.reason)


def trace(*, image: ArrayLike, shift: float = 3, angle: float = 15, zoom: float = 0.2) -> AugmentationSheetTrace:
    """Return variants of an image (height, width): `shift` in pixels, `angle` in degrees, `zoom` as a fraction.

    Values between pixels are interpolated linearly, and pixels from outside the image are 0. A strength of 0 gives the
    image itself. Raises ValueError for strengths that would leave little of the digit.
    """
    values = arithmetic.read_matrix(image, "image").astype(float)
    for name, strength, most in (("shift", shift, min(values.shape) / 2), ("angle", angle, 45), ("zoom", zoom, 0.5)):
        if not 0 <= strength <= most:
            raise ValueError(f"{name} is {strength}; give a strength from 0 to {most:g}")
    turn = f"turned {angle:g}°"
    harmless = (
        Variant(f"{shift:g} px right", transform(values, shift=(0, shift))),
        Variant(f"{shift:g} px up", transform(values, shift=(-shift, 0))),
        Variant(f"{turn} left", transform(values, angle=angle)),
        Variant(f"{turn} right", transform(values, angle=-angle)),
        Variant(f"{100 * zoom:g} % larger", transform(values, zoom=1 + zoom)),
        Variant(f"{100 * zoom:g} % smaller", transform(values, zoom=1 - zoom)),
    )
    harmful = (
        Variant("flipped left to right", values[:, ::-1], "few digits survive it"),
        Variant("flipped upside down", values[::-1], "few digits survive it"),
        Variant("turned 180°", values[::-1, ::-1], "6 and 9 trade places"),
    )
    return AugmentationSheetTrace(values, (*harmless, *harmful))


def transform(image: Array, *, shift: tuple[float, float] = (0, 0), angle: float = 0, zoom: float = 1) -> Array:
    """Return an image zoomed, turned counterclockwise by `angle` degrees about its middle, then shifted (down, right).

    Interpolates linearly between the four nearest pixels, with 0 outside, as TensorFlow's ImageProjectiveTransformV3.
    """
    height, width = image.shape
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    if angle == 0:
        cosine, sine = 1.0, 0.0
    rows, columns = np.indices((height, width))
    # Work backward: each pixel of the result takes the value at the place it comes from, so that none stays empty.
    down, across = rows - middle[0] - shift[0], columns - middle[1] - shift[1]
    return sample(
        image, (cosine * down + sine * across) / zoom + middle[0], (-sine * down + cosine * across) / zoom + middle[1]
    )


def sample(image: Array, rows: Array, columns: Array) -> Array:
    """Return the image's values at fractional `rows` and `columns`, interpolated linearly; outside the image, 0."""
    padded = np.pad(image, 1)  # a border of zeros, to which all places outside are clipped below
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    below, beside = rows - top, columns - left
    result = np.zeros(rows.shape)
    for i, j, weight in (
        (0, 0, (1 - below) * (1 - beside)),
        (0, 1, (1 - below) * beside),
        (1, 0, below * (1 - beside)),
        (1, 1, below * beside),
    ):
        near_row, near_column = (
            np.clip(place + 1 + step, 0, size + 1)
            for place, step, size in ((top, i, image.shape[0]), (left, j, image.shape[1]))
        )
        result += weight * padded[near_row, near_column]
    return result


def describe(trace: AugmentationSheetTrace) -> Description:
    """Return the variants in words: how much ink each harmless one retains, and why the harmful ones are wrong."""
    valid = "; ".join(
        f"{variant.name} ({write_percent(_share(trace, variant))} of the ink)" for variant in trace.harmless
    )
    wrong = "; ".join(f"{variant.name} ({variant.reason})" for variant in trace.harmful)
    height, width = trace.image.shape
    alt = (
        f"One image, {height} × {width}, and changes that augmentation may make: {valid}. Wrong for digits, and marked "
        f"as such: {wrong}."
    )
    facts: Mapping[str, object] = {
        "harmless": [variant.name for variant in trace.harmless],
        "harmful": [variant.name for variant in trace.harmful],
        "ink": [_share(trace, variant) for variant in trace.harmless],
    }
    return Description(alt, (), facts)


def _share(trace: AugmentationSheetTrace, variant: Variant) -> float:
    """Return a variant's total brightness relative to the original's."""
    return float(variant.image.sum() / (trace.image.sum() or 1))


def draw(trace: AugmentationSheetTrace, theme: Theme) -> "Figure":
    """Return two rows: the image and its harmless variants; the harmful ones, each marked and with its reason."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.85)
    sheet = still.new_sheet(figure)
    first = Variant("as it is", trace.image)
    points = still.HEADING
    still.write(sheet, LEFT, 0.42, "still the same digit", color=theme.output, points=points, bold=True)
    still.write(sheet, LEFT, TOPS[1] - 0.24, "wrong for digits", color=theme.wrong, points=points, bold=True)
    for place, variant in enumerate((first, *trace.harmless)):
        color = theme.output if place else theme.input
        _draw_tile(sheet, trace, variant, theme, (LEFT + place * STEP, TOPS[0]), color)
    for place, variant in enumerate(trace.harmful):
        left = LEFT + place * 2.4 * STEP
        _draw_tile(sheet, trace, variant, theme, (left, TOPS[1]), theme.wrong)
        _mark_wrong(sheet, theme, (left, TOPS[1]))
        still.write(sheet, left + SIDE + 0.2, TOPS[1] + SIDE / 2, "wrong:", color=theme.wrong, bold=True)
        for row, words in enumerate(_halve(variant.reason)):
            still.write(sheet, left + SIDE + 0.2, TOPS[1] + SIDE / 2 + 0.3 * (row + 1), words, color=theme.ink)
    return figure


def _draw_tile(
    sheet: "Axes", trace: AugmentationSheetTrace, variant: Variant, theme: Theme, where: tuple[float, float], color: str
) -> None:
    """Draw one image with its name below."""
    from figures.parts import still

    left, top = where
    largest = float(trace.image.max()) or 1.0
    rows, columns = variant.image.shape
    width = SIDE * min(1.0, columns / rows)
    left += (SIDE - width) / 2
    place = {"left": left, "top": top, "width": width}
    height = still.draw_image(sheet, variant.image, theme=theme, largest=largest, color=color, **place)
    still.box(sheet, left, top, width, height, edgecolor=color, linewidth=still.LINE)
    still.write(
        sheet,
        left + SIDE / 2,
        top + height + 0.3,
        variant.name,
        color=theme.ink,
        points=still.MIN_TEXT + 0.5,
        align="center",
    )


def _mark_wrong(sheet: "Axes", theme: Theme, where: tuple[float, float]) -> None:
    """Put a cross into the upper right corner of a tile."""
    from figures.parts import still

    side, inset = 0.34, 0.1
    left, top = where[0] + SIDE - side, where[1]
    still.box(sheet, left, top, side, side, facecolor=theme.wrong)
    ends = [(left + inset, left + side - inset), (top + inset, top + side - inset)]
    (x, x_end), (y, y_end) = ends
    still.rule(
        sheet, [((x, y), (x_end, y_end)), ((x_end, y), (x, y_end))], color=theme.paper, linewidth=still.BOLD_LINE
    )


def _halve(words: str) -> tuple[str, str]:
    """Return a reason split into two lines."""
    parts = words.split()
    middle = (len(parts) + 1) // 2
    return " ".join(parts[:middle]), " ".join(parts[middle:])
