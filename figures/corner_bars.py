"""Networks trained with digits in one corner and tested as the digits move away from it: one bar for each place.

Above each bar is the test image as the network gets it, with the digit at its place: one, two and four pixels from
where the digits were in training, then seven, and last in the opposite corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from figures.parts.arithmetic import Array
from figures.parts.words import Description, QuestionWords, count_noun, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MOVES = (0, 1, 2, 4, 7, 14)  # pixels up and left of the bottom right; the experiment `corner` tests at these
MOST = 2  # networks
LEFT, COLUMN, CANVAS = 1.0, 1.95, 1.5  # inches: left of the first column, width of a column and of an image
BARS, HEIGHT = 2.55, 2.45  # inches: top of the bars' room, its height for 100 %


@dataclass(frozen=True, slots=True)
class Network:
    """One network's accuracy (0 to 1) at each of the places."""

    name: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CornerBarsTrace:
    """One or two networks, and the images (places, height, width) of the same digit at each place.

    chance: the share that is right if one of `classes` equally frequent classes is named for every image.
    """

    networks: tuple[Network, ...]
    images: Array
    chance: float


def trace(
    *,
    image: ArrayLike,
    names: Sequence[str],
    first: ArrayLike,
    first_off: ArrayLike,
    second: ArrayLike | None = None,
    second_off: ArrayLike | None = None,
    classes: int = 10,
) -> CornerBarsTrace:
    """Return the accuracies of one or two networks with the digit 0, 1, 2, 4, 7 and 14 pixels from its corner.

    image: a digit (28, 28), which is shown at half its size, as in the test. first, second: accuracies at nine places
    (3, 3), rows from the top, such as `corner.grid`. first_off, second_off: those 1, 2 and 4 pixels up and left of the
    bottom right, such as `corner.off`. Raises ValueError if there are more or fewer names than networks, or a table has
    another shape or holds no accuracies.
    """
    given = [(first, first_off)] + [(second, second_off)] * (second is not None or second_off is not None)
    if len(names) != len(given):
        raise ValueError(f"there are {len(names)} names for {len(given)} networks; give one name a network")
    if classes < 2:
        raise ValueError(f"classes is {classes}; give 2 or more")
    networks = tuple(Network(str(name), _read(name, *tables)) for name, tables in zip(names, given, strict=True))
    return CornerBarsTrace(networks, _place(np.asarray(image, dtype=float)), 1 / classes)


def _read(name: str, nine: ArrayLike | None, three: ArrayLike | None) -> tuple[float, ...]:
    """Return the accuracies at `MOVES`: at the bottom right, 1, 2 and 4 pixels off, in the middle, at the top left."""
    grid, off = np.asarray(nine, dtype=float), np.asarray(three, dtype=float)
    if grid.shape != (3, 3) or off.shape != (3,):
        raise ValueError(f"the tables of {name} have shapes {grid.shape} and {off.shape}; give (3, 3) and (3,)")
    shares = (grid[2, 2], *off, grid[1, 1], grid[0, 0])
    if not all(np.isfinite(share) and 0 <= share <= 1 for share in shares):
        raise ValueError(f"the tables of {name} hold a number that is no share; give accuracies from 0 to 1")
    return tuple(float(share) for share in shares)


def _place(image: Array) -> Array:
    """Return the image at half its size on an empty one, at each of the places, (places, height, width)."""
    if image.shape != (28, 28):
        raise ValueError(f"image has shape {image.shape}; give 28 rows of 28 pixels, such as digit(5)")
    small = image.reshape(14, 2, 14, 2).mean(axis=(1, 3))
    images = np.zeros((len(MOVES), 28, 28))
    for place, pixels in enumerate(MOVES):
        start = 14 - pixels
        images[place, start : start + 14, start : start + 14] = small
    return images


def describe(trace: CornerBarsTrace) -> Description:
    """Return every accuracy by place, and as facts those of each network in the order of the places."""
    words = "; ".join(
        f"{network.name} {', '.join(f'{write_percent(share, 1)} {_say(k)}' for k, share in enumerate(network.shares))}"
        for network in trace.networks
    )
    alt = (
        f"Accuracy on small digits, by how far up and left they are of the corner where they were in training: {words}."
    )
    facts = {"pixels": list(MOVES), "accuracies": [list(network.shares) for network in trace.networks]}
    return Description(alt, (), facts)


def _say(place: int) -> str:
    """Return a place in words."""
    if MOVES[place] == 0:
        return "in that corner"
    if place == len(MOVES) - 1:
        return f"in the opposite corner, {count_noun(MOVES[place], 'pixel')} away"
    return f"at {count_noun(MOVES[place], 'pixel')}"


def draw(trace: CornerBarsTrace, theme: Theme) -> "Figure":
    """Return a column for each place: its name, the image, and below it a bar for each network."""
    figure, sheet = _draw_places(trace, theme)
    for number, network in enumerate(trace.networks):
        for place, share in enumerate(network.shares):
            _draw_bar(sheet, theme, (place, number, len(trace.networks)), share)
    if len(trace.networks) > 1:
        _draw_key(sheet, trace, theme)
    return figure


def draw_question(trace: CornerBarsTrace, theme: Theme) -> "Figure":
    """Return the same picture without its bars: where the digits are, and room for a guess."""
    return _draw_places(trace, theme)[0]


def describe_question(trace: CornerBarsTrace) -> QuestionWords:
    """Return what the places are, and the names of the networks."""
    names = " and ".join(network.name for network in trace.networks)
    alt = (
        f"The same small digit at {len(MOVES)} places, from the corner where the digits were in training to the "
        f"opposite corner. Below each is room for the accuracy of {names}, from 0 to 100 %."
    )
    return QuestionWords(alt, "lower")


def _draw_places(trace: CornerBarsTrace, theme: Theme) -> "tuple[Figure, Axes]":
    """Return the figure with all that is known before the test: the images, the scale and the line of guessing."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    right = LEFT + COLUMN * len(MOVES)
    for share in (0.0, 0.5, 1.0):
        y = BARS + HEIGHT * (1 - share)
        color = theme.muted if share == 0 else theme.rule
        still.rule(sheet, [((LEFT, y), (right, y))], color=color, linewidth=still.HAIR)
        label = f"{100 * share:.0f} %"
        still.write(sheet, LEFT - 0.1, y + 0.07, label, color=theme.muted, points=still.MIN_TEXT, align="right")
    y = BARS + HEIGHT * (1 - trace.chance)
    still.rule(sheet, [((LEFT, y), (right, y))], color=theme.padding, linewidth=still.LINE, linestyle=(0, (2, 2)))
    still.write(sheet, LEFT - 0.1, y + 0.07, "guessing", color=theme.padding, points=still.MIN_TEXT, align="right")
    for place, image in enumerate(trace.images):
        _draw_place(sheet, theme, place, image)
    return figure, sheet


def _draw_place(sheet: "Axes", theme: Theme, place: int, image: Array) -> None:
    """Draw the name of a place and the image with the digit there; a thick frame marks where it was in training."""
    from figures.parts import still

    middle = LEFT + (place + 0.5) * COLUMN
    is_home, is_last = MOVES[place] == 0, place == len(MOVES) - 1
    words = "trained here" if is_home else "opposite corner" if is_last else f"{count_noun(MOVES[place], 'pixel')} away"
    color = theme.window if is_home else theme.ink
    still.write_fitted(sheet, (middle, 0.32, COLUMN - 0.1), words, color=color, bold=is_home or is_last)
    left = middle - CANVAS / 2
    still.draw_image(sheet, image, left=left, top=0.5, width=CANVAS, theme=theme)
    if is_home:
        still.box(sheet, left, 0.5, CANVAS, CANVAS, edgecolor=theme.window, linewidth=still.BOLD_LINE)


def _draw_bar(sheet: "Axes", theme: Theme, where: tuple[int, int, int], share: float) -> None:
    """Draw one bar; where: the place, which network it is of, and of how many."""
    from figures.parts import still

    place, number, networks = where
    width = 0.95 if networks == 1 else 0.72
    left = LEFT + (place + 0.5) * COLUMN - networks * width / 2 + number * width
    top = BARS + HEIGHT * (1 - share)
    face, edge = _colors(theme, number, networks)
    still.box(sheet, left, top, width - 0.06, HEIGHT * share, facecolor=face, edgecolor=edge, linewidth=still.LINE)
    x = left + (width - 0.06) / 2
    still.box(sheet, x - 0.33, top - 0.31, 0.66, 0.28, facecolor=theme.paper)  # keeps lines out of the number
    still.write(sheet, x, top - 0.1, f"{100 * share:.0f} %", color=edge, points=still.TEXT, align="center", bold=True)


def _colors(theme: Theme, number: int, networks: int) -> tuple[str, str]:
    """Return the fill and the edge of a network's bars: the only one and the second are full, the first is pale."""
    return (theme.input_tint, theme.input) if number == 0 and networks > 1 else (theme.output, theme.output)


def _draw_key(sheet: "Axes", trace: CornerBarsTrace, theme: Theme) -> None:
    """Name the two networks below the bars, each beside a sample of its bar."""
    from figures.parts import still

    y, x = BARS + HEIGHT + 0.5, LEFT
    for number, network in enumerate(trace.networks):
        face, edge = _colors(theme, number, len(trace.networks))
        still.box(sheet, x, y - 0.2, 0.26, 0.26, facecolor=face, edgecolor=edge, linewidth=still.LINE)
        still.write_fitted(sheet, (x + 0.4, y, 5.4), network.name, color=theme.ink, align="left")
        x += 0.4 + min(5.4, still.text_width(network.name)) + 0.7
