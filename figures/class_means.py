"""The mean image of each class: what its images share is dark, what they differ in is gray.

Below each mean may stand the image of its class that is farthest from it, with the class whose mean is nearest to that
image: where this is another one, a comparison with means must fail. No image of a class need look like its mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.words import Description, times, write_fixed, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


NEEDED = ("images", "distances", "nearest")
FEWEST, MOST = 2, 12  # classes
LARGEST = 255  # the number of full ink
WIDTH, LEFT = 12.5, 0.15  # inches: of the rows, and where they begin
HEAD, LABEL, CAPTION = 0.52, 0.3, 0.62  # inches: height of a heading, of a class's name, of two lines below an image


@dataclass(frozen=True, slots=True)
class Farthest:
    """The image of a class that is farthest from its mean, how far, and the class whose mean is nearest to it."""

    image: Array
    distance: float
    nearest: int


@dataclass(frozen=True, slots=True)
class ClassMeansTrace:
    """The mean of each class (classes, height, width), and for each its farthest image, or none at all."""

    means: Array
    farthest: tuple[Farthest, ...]

    @property
    def misread(self) -> tuple[int, ...]:
        """The classes whose farthest image is nearest to the mean of another class."""
        return tuple(k for k, far in enumerate(self.farthest) if far.nearest != k)

    @property
    def ink(self) -> Array:
        """How much ink the mean of each class has, as a share of a picture that is all ink."""
        return np.asarray(self.means.mean(axis=(1, 2)) / LARGEST)


def trace(*, means: ArrayLike, farthest: Mapping[str, Any] | None = None) -> ClassMeansTrace:
    """Return the means (classes, height, width) of 2 to 12 classes, of pixels from 0 to 255; class k is at place k.

    farthest: of each class the image farthest from its mean: `images` (classes, height, width), `distances` (classes,)
    to the mean of the class, square roots of sums of squares of pixels or of pixels divided by 255, and `nearest`
    (classes,), the class whose mean is nearest. Raises ValueError if they do not match the means, or are not true of
    them.
    """
    values = _read_images(means, "means")
    if not FEWEST <= len(values) <= MOST:
        raise ValueError(f"there are means of {len(values)} classes; {FEWEST} to {MOST} fit a slide")
    return ClassMeansTrace(values, () if farthest is None else _read_farthest(values, farthest))


def _read_images(images: ArrayLike, name: str) -> Array:
    """Return images as numbers; raise ValueError unless they are pixels from 0 to 255."""
    values = arithmetic.read_values(images, name, "classes, height, width").astype(np.float64)
    if values.min() < 0 or values.max() > LARGEST:
        raise ValueError(f"{name} are not made of pixels; give numbers from 0 to {LARGEST}")
    if values.max() <= 1:
        raise ValueError(f"{name} go up to {values.max():g} only; give pixels from 0 to {LARGEST}, not divided by it")
    return values


def _read_farthest(means: Array, farthest: Mapping[str, Any]) -> tuple[Farthest, ...]:
    """Return the farthest images; raise ValueError if something is missing, of another size, or not so."""
    if missing := [name for name in NEEDED if name not in farthest]:
        raise ValueError(f"farthest has no {missing[0]}; give {', '.join(NEEDED)}")
    images = _read_images(farthest["images"], "the farthest images")
    distances = arithmetic.read_values(farthest["distances"], "distances", "classes").astype(np.float64)
    nearest = arithmetic.read_values(farthest["nearest"], "nearest", "classes").astype(int)
    if images.shape != means.shape or not len(distances) == len(nearest) == len(means):
        raise ValueError(
            f"there are means {times(means.shape)}, images {times(images.shape)}, {len(distances)} distances and "
            f"{len(nearest)} nearest; give one of each a class, of one size"
        )
    if nearest.min() < 0 or nearest.max() >= len(means):
        raise ValueError(f"nearest are not classes; give whole numbers from 0 to {len(means) - 1}")
    apart = np.sqrt(((images[:, None] - means[None]) ** 2).sum(axis=(2, 3)))
    _check(apart, distances, nearest)
    return tuple(Farthest(i, float(d), int(n)) for i, d, n in zip(images, distances, nearest, strict=True))


def _check(apart: Array, distances: Array, nearest: Array) -> None:
    """Raise ValueError unless the distances (images, means) are as they are said to be."""
    own, places = apart.diagonal(), np.arange(len(apart))
    if not any(np.allclose(distances, own / unit, rtol=1e-3) for unit in (1, LARGEST)):
        raise ValueError("the distances are not those of the images from their means; give both of the same images")
    wrong = np.flatnonzero(apart[places, nearest] > apart.min(axis=1) * (1 + 1e-3))
    if len(wrong):
        raise ValueError(
            f"the image of class {wrong[0]} is nearer to the mean of class {apart[wrong[0]].argmin()}; compute nearest "
            "from these means"
        )


def write_distance(value: float) -> str:
    """Return a distance with one decimal, or with none from 100 on.

    >>> write_distance(9.234), write_distance(2354.6)
    ('9.2', '2,355')
    """
    return write_fixed(value, 0 if value >= 99.95 else 1)


def describe(trace: ClassMeansTrace) -> Description:
    """Return which mean has most and least ink, and how far and how misleading the farthest images are."""
    count, size, ink = len(trace.means), times(trace.means.shape[1:]), trace.ink
    most, least = int(ink.argmax()), int(ink.argmin())
    alt = (
        f"The mean images of the {count} classes 0 to {count - 1}, {size} pixels each. That of {most} has the most "
        f"ink, {write_percent(float(ink[most]))} of what the picture can hold, that of {least} the least, "
        f"{write_percent(float(ink[least]))}."
    )
    facts: dict[str, object] = {"classes": count, "ink": [float(share) for share in ink], "most": most, "least": least}
    if trace.farthest:
        each = "; ".join(
            f"{k}: {write_distance(far.distance)}, nearest {far.nearest}" for k, far in enumerate(trace.farthest)
        )
        alt += (
            f" Below each is the image of its class that is farthest from it, with its distance and the class whose "
            f"mean is nearest: {each}. {_say_misread(trace)}"
        )
        facts |= _collect(trace)
    return Description(alt, (), facts)


def _say_misread(trace: ClassMeansTrace) -> str:
    """Return the sentence that counts the farthest images which another class's mean is nearest to."""
    wrong = len(trace.misread)
    return f"{wrong} of {len(trace.farthest)} {'is' if wrong == 1 else 'are'} nearest to the mean of another class."


def _collect(trace: ClassMeansTrace) -> dict[str, object]:
    """Return the numbers of the farthest images that a lecture may quote."""
    distances = [far.distance for far in trace.farthest]
    return {
        "distances": distances,
        "nearest": [far.nearest for far in trace.farthest],
        "misread": len(trace.misread),
        "farthest": {"class": int(np.argmax(distances)), "distance": max(distances)},
    }


def draw(trace: ClassMeansTrace, theme: Theme) -> "Figure":
    """Return the means in one row above their farthest images, or alone in one or two rows."""
    from figures.parts import still

    rows = 1 if trace.farthest or len(trace.means) <= 5 else 2
    columns = -(-len(trace.means) // rows)
    step = WIDTH / columns
    tile = min(step - 0.12, 1.75 if trace.farthest else 2.2)
    step = min(step, tile + 0.6)
    bottom = HEAD + rows * (LABEL + tile + 0.12)
    figure = still.new_figure(theme, height=bottom + (HEAD + tile + CAPTION if trace.farthest else 0.05))
    sheet = still.new_sheet(figure)
    still.write(sheet, LEFT, 0.34, "the mean of each class", color=theme.ink, points=still.HEADING, bold=True)
    for k, mean in enumerate(trace.means):
        down, across = divmod(k, columns)
        left, top = LEFT + across * step, HEAD + down * (LABEL + tile + 0.12)
        place = {"color": theme.input, "points": still.HEADING, "align": "center", "bold": True}
        still.write(sheet, left + tile / 2, top + 0.22, str(k), **place)  # type: ignore[arg-type]
        _draw_fitted(sheet, mean, (left, top + LABEL, tile), theme)
    if trace.farthest:
        _draw_farthest(sheet, trace, theme, (bottom, step, tile))
    return figure


def _draw_fitted(sheet: "Axes", image: Array, where: tuple[float, float, float], theme: Theme) -> None:
    """Draw an image in the middle of a square."""
    from figures.parts import still

    left, top, side = where
    rows, columns = image.shape
    pixel = side / max(rows, columns)
    corner = {"left": left + (side - columns * pixel) / 2, "top": top + (side - rows * pixel) / 2}
    still.draw_image(sheet, image, width=columns * pixel, theme=theme, **corner)


def _draw_farthest(sheet: "Axes", trace: ClassMeansTrace, theme: Theme, where: tuple[float, float, float]) -> None:
    """Draw the second row: the farthest images, and below each its distance and the nearest mean."""
    from figures.parts import still

    top, step, tile = where
    words = "of each class the image farthest from it, its distance, and the mean nearest to it"
    still.write_fitted(
        sheet, (LEFT, top + 0.36, WIDTH), words, color=theme.ink, points=still.HEADING, align="left", bold=True
    )
    for k, far in enumerate(trace.farthest):
        left, y = LEFT + k * step, top + HEAD
        _draw_fitted(sheet, far.image, (left, y, tile), theme)
        is_wrong = k in trace.misread
        lines: Sequence[tuple[str, str, bool]] = (
            (write_distance(far.distance), theme.ink, False),
            (f"nearest {far.nearest}", theme.wrong if is_wrong else theme.muted, is_wrong),
        )
        for number, (text, color, bold) in enumerate(lines):
            place = (left + tile / 2, y + tile + 0.26 + 0.27 * number, step)
            still.write_fitted(sheet, place, text, color=color, points=still.MIN_TEXT, bold=bold)
