"""Cross-entropy: of all probabilities only that of the right class counts, and the loss is minus its logarithm.

Near certainty of the right class costs almost nothing, and the cost grows without bound as its probability falls to 0.
The logarithm is the natural one, as in Keras; the loss of several images is the mean of theirs.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.keyframes import HAIR, THIN, Box, Item, Keyframe, Line, Rules, say
from figures.parts.pictures import Picture, Room
from figures.parts.words import Description, are_rounded, write_fixed

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


NEEDED = ("images", "labels", "probabilities")
HINT = "give images, labels and probabilities, as an experiment returns them"
FEWEST, MOST = 2, 4  # images
CLASSES = (2, 12)
NAMES = "abcd"
MEAN_OF = {2: "both", 3: "all three", 4: "all four"}


@dataclass(frozen=True, slots=True)
class CrossEntropyTrace:
    """Images (n, height, width), their right classes, and probabilities (n, classes)."""

    images: Array
    labels: tuple[int, ...]
    probabilities: Array

    @property
    def right(self) -> tuple[float, ...]:
        """The probability that each image's right class gets."""
        return tuple(float(row[label]) for row, label in zip(self.probabilities, self.labels, strict=True))

    @property
    def answers(self) -> tuple[int, ...]:
        """The class with the largest probability, for each image."""
        return tuple(int(answer) for answer in self.probabilities.argmax(axis=1))

    @property
    def losses(self) -> tuple[float, ...]:
        """Minus the natural logarithm of each right class's probability."""
        return tuple(-math.log(p) + 0.0 for p in self.right)  # + 0.0 turns -0.0 into 0.0

    @property
    def loss(self) -> float:
        """The mean of the losses."""
        return sum(self.losses) / len(self.losses)


def trace(*, samples: Mapping[str, Any], count: int = 3) -> CrossEntropyTrace:
    """Return the first `count` images (2 to 4) of `samples`, with the probabilities that a network gave them.

    samples: images (n, height, width) of pixels from 0 to 255, labels (n,), and probabilities (n, classes) of 2 to 12
    classes. Raises ValueError if a part is missing or they do not match, if the probabilities of an image do not sum to
    one, or if a right class has none at all: its loss would be infinite.
    """
    if missing := [name for name in NEEDED if name not in samples]:
        raise ValueError(f"samples has no {missing[0]}; {HINT}")
    images = arithmetic.read_values(samples["images"], "images", "n, height, width")
    labels = arithmetic.read_values(samples["labels"], "labels", "n")
    shares = arithmetic.read_values(samples["probabilities"], "probabilities", "n, classes").astype(np.float64)
    if not len(images) == len(labels) == len(shares):
        raise ValueError(f"there are {len(images)} images, {len(labels)} labels and {len(shares)} rows; {HINT}")
    if not FEWEST <= count <= min(MOST, len(images)):
        raise ValueError(f"count is {count}, of {len(images)} images; {FEWEST} to {MOST} fit a slide")
    if not CLASSES[0] <= shares.shape[1] <= CLASSES[1]:
        raise ValueError(f"there are {shares.shape[1]} classes; {CLASSES[0]} to {CLASSES[1]} fit")
    if (shares < 0).any() or (abs(shares.sum(axis=1) - 1) > 1e-3).any():
        raise ValueError("the probabilities of an image do not sum to one; give what softmax returns")
    return CrossEntropyTrace(images[:count], _read_labels(labels[:count], shares[:count]), shares[:count])


def _read_labels(labels: Array, shares: Array) -> tuple[int, ...]:
    """Return the right classes; raise ValueError for what is no class, or has no probability."""
    if labels.dtype.kind != "i" or labels.min() < 0 or labels.max() >= shares.shape[1]:
        raise ValueError(f"labels are not classes; give whole numbers from 0 to {shares.shape[1] - 1}")
    if (shares[np.arange(len(labels)), labels] == 0).any():
        raise ValueError("a right class has probability 0, and its loss is infinite; give other images")
    return tuple(int(label) for label in labels)


SURE = 1e-6  # nearer to 1 than this, a probability is not told from it


def write_probability(value: float) -> str:
    """Return a probability with three decimals, and with so many near 0 and 1 that its logarithm can be computed.

    >>> write_probability(0.25), write_probability(0.00012), write_probability(0.999337), write_probability(1.0)
    ('0.250', '0.00012', '0.99934', '1')
    >>> write_probability(3.4e-9), write_probability(1 - 1e-9)
    ('3.4e−9', '> 0.999999')
    """
    if value == 1 or value > 1 - SURE:
        return "1" if value == 1 else "> 0.999999"
    if value >= 0.9:
        return f"{value:.{max(3, 1 - math.floor(math.log10(1 - value)))}f}"
    return f"{value:.3f}" if value >= 0.0995 else _write_small(value)


def write_loss(value: float) -> str:
    """Return a loss with two decimals, and with two digits that count where it is small.

    >>> write_loss(2.302), write_loss(0.0123), write_loss(4e-5), write_loss(1e-9), write_loss(0.0)
    ('2.30', '0.012', '0.000040', '< 0.000001', '0')
    """
    if value < SURE:
        return "< 0.000001" if value else "0"
    return write_fixed(value) if value >= 0.995 else _write_small(value)


def _write_small(value: float) -> str:
    """Return a number below one with two digits that count; below a millionth with an exponent."""
    size = math.floor(math.log10(float(f"{value:.1e}")))
    if size < -6:
        digits, _, exponent = f"{value:.1e}".partition("e")
        return f"{digits}e{int(exponent)}".replace("-", "−")
    return f"{value:.{1 - size}f}"


def describe(trace: CrossEntropyTrace) -> Description:
    """Return each image's probability and loss, and a sentence for each step."""
    each = "; ".join(
        f"{NAMES[k]}, a {label}, gets {write_probability(trace.right[k])}, and its loss is {write_loss(loss)}"
        for k, (label, loss) in enumerate(zip(trace.labels, trace.losses, strict=True))
    )
    alt = (
        f"The curve of minus the natural logarithm of p, from large at small probabilities down to 0 at 1, with a mark "
        f"for each of {len(trace.labels)} images at the probability of its right class: {each}. The loss is their "
        f"mean, {write_mean(trace)}."
    )
    sentences = [*(_say_image(trace, k) for k in range(len(trace.labels))), _say_mean(trace)]
    facts = {
        "labels": list(trace.labels),
        "answers": list(trace.answers),
        "probabilities": list(trace.right),
        "losses": list(trace.losses),
        "loss": trace.loss,
        "largest": max(trace.losses),
        "smallest": min(trace.losses),
    }
    return Description(alt, tuple(sentences), facts)


def _say_image(trace: CrossEntropyTrace, k: int) -> str:
    """Return the sentence of one image: what its right class gets, whether another gets more, and the loss."""
    label, answer, p = trace.labels[k], trace.answers[k], write_probability(trace.right[k])
    rival = "more than any other class"
    if trace.probabilities[k, answer] == trace.right[k]:
        rival = rival if (trace.probabilities[k] == trace.right[k]).sum() == 1 else "no less than any other class"
    else:
        rival = f"while class {answer} gets {write_probability(float(trace.probabilities[k, answer]))}"
    return f"The right class of {NAMES[k]}, {label}, gets {p}, {rival}. Loss: {_write_calculation(trace, k)}."


def _write_calculation(trace: CrossEntropyTrace, k: int) -> str:
    """Return the loss of one image as it is computed, or a bound where its probability is not told from 1."""
    if 0 < trace.losses[k] < SURE:
        return write_loss(trace.losses[k])
    return f"−ln {write_probability(trace.right[k])} {_sign(trace, k)} {write_loss(trace.losses[k])}"


def _sign(trace: CrossEntropyTrace, k: int) -> str:
    """Return the sign before the loss of one image: a logarithm is rounded, unless it is 0."""
    return "=" if trace.losses[k] == 0 else "≈"


def _say_mean(trace: CrossEntropyTrace) -> str:
    """Return the sentence of the last step."""
    return f"The loss is the mean of {MEAN_OF[len(trace.labels)]}: {_write_mean(trace)}."


def write_mean(trace: CrossEntropyTrace) -> str:
    """Return the mean, with so many decimals that two digits of the largest loss count."""
    return write_fixed(trace.loss, _decimals(trace))


def _decimals(trace: CrossEntropyTrace) -> int:
    most = max(trace.losses)
    return max(2, 1 - math.floor(math.log10(most))) if most else 2


def _write_mean(trace: CrossEntropyTrace) -> str:
    """Return the mean as it is computed, with equally many decimals for all losses."""
    digits = _decimals(trace)
    sign = "≈" if are_rounded([*trace.losses, trace.loss], digits) else "="
    losses = " + ".join(write_fixed(loss, digits) for loss in trace.losses)
    return f"({losses}) ÷ {len(trace.losses)} {sign} {write_mean(trace)}"


def draw(trace: CrossEntropyTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the images with their bars beside the curve with all marks; or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL
    from figures.parts.pictures import draw_pictures

    if step is None:
        count = len(trace.labels)
        return draw_pictures(draw_items(compose(trace, count, with_mean=True), theme), place_images(trace, theme))
    figure = draw_items(compose_panel(trace, step), theme, PANEL)
    return draw_pictures(figure, place_images(trace, theme, step), PANEL) if step < len(trace.labels) else figure


def draw_narrow(trace: CrossEntropyTrace, theme: "Theme") -> "Figure":
    """Return the images with their bars above the curve with all marks, for a narrow page."""
    from figures.parts import still
    from figures.parts.keyframes import draw_items
    from figures.parts.narrow import narrow_sheet
    from figures.parts.pictures import draw_pictures

    count, pictures = len(trace.labels), []
    items: list[Item] = [
        say("head bars", "probabilities that the network gives", 20, 32, 20, "output", "left", is_bold=True)
    ]
    for k, image in enumerate(trace.images):
        top = 50.0 + NARROW_PITCH * k
        side = 92 * min(1.0, image.shape[1] / image.shape[0])
        pictures.append(Picture(still.image_colors(image, theme), 52, top + 30, side))
        items.append(say(f"name {k}", NAMES[k], 32, top + 84, 22, "ink", is_bold=True))
        items += _draw_bars(trace, k, Room(166, top + 34, 374, 92, 19), picked=True)
        for line, x in zip(_write_sums(trace, k), (166, 330), strict=True):
            items.append(replace(line, x=x, y=top + 182, size=20, limit=200))
    room = Room(62, 50 + NARROW_PITCH * count + 70, 440, 300, 19)
    items.append(say("head curve", "loss of an image: −ln p", 20, room.top - 26, 20, "window", "left", is_bold=True))
    items += [*_draw_curve(trace, room), *_draw_marks(trace, room, range(count)), *_draw_mean(trace, room)]
    items.append(say("mean", "loss: the mean,", 20, room.bottom + 84, 20, align="left"))
    items.append(Line("sum", ((_write_mean(trace), "ink"),), 20, room.bottom + 112, 20, "left", limit=530))
    sheet = narrow_sheet(room.bottom + 130)
    return draw_pictures(draw_items(items, theme, sheet), pictures, sheet)


def animate(trace: CrossEntropyTrace, scene: "Scene") -> None:
    """For one image after the other: show its bars, pick the right class's, and take that to the curve."""
    from figures.parts.film import play_keyframes
    from figures.parts.pictures import add_pictures

    add_pictures(scene, place_images(trace, scene.theme))
    steps = compose_steps(trace)
    play_keyframes(scene, compose(trace, 0), steps, describe(trace).steps, steps[-1][-1].items)


# Composition: images with their bars in rows on the left, the curve on the right. Pixels of `layout.SLIDE`.


TOP, BOTTOM = 76.0, 644.0  # of the rows
IMAGE, BARS, SUMS = 70.0, 250.0, 742.0  # left ends of the columns
HEAD = 476.0  # the middle of the bars
CURVE = Room(1096, 96, 370, 470, 24)
PANEL_IMAGE, PANEL_BARS, PANEL_CURVE = (
    Room(14, 64, 92, 92, 16),
    Room(126, 46, 284, 150, 15.5),
    Room(54, 34, 312, 206, 15.5),
)
NARROW_PITCH = 205.0  # from image to image on a narrow page
CAPTION = 697.0  # the baseline of the mean


def find_row(trace: CrossEntropyTrace, k: int) -> Room:
    """Return the room of one image's row, which is as high as the number of images allows."""
    pitch = (BOTTOM - TOP) / len(trace.labels)
    return Room(IMAGE, TOP + k * pitch, SUMS - IMAGE, pitch, 24)


def place_images(trace: CrossEntropyTrace, theme: "Theme", step: int | None = None) -> list[Picture]:
    """Return the images of the slide, or that of one panel."""
    from figures.parts import still

    pictures = []
    for k, image in enumerate(trace.images):
        row = find_row(trace, k) if step is None else PANEL_IMAGE
        side = min(150.0, row.height - 24) if step is None else row.width
        width = side * min(1.0, image.shape[1] / image.shape[0])
        if step in (None, k):
            top = row.top + (row.height - side) / 2 if step is None else row.top
            pictures.append(Picture(still.image_colors(image, theme), row.left, top, width))
    return pictures


def compose(
    trace: CrossEntropyTrace, done: int, moment: int = 0, *, with_mean: bool = False, guide: int | None = None
) -> list[Item]:
    """Return the slide with `done` images on the curve, and `moment` (0 to 2) of what comes before that for the next.

    guide: the image whose mark is led to both axes.
    """
    items = [*_head(trace), *_draw_curve(trace, CURVE)]
    for k in range(len(trace.labels)):
        shown = 3 if k < done else moment if k == done else 0
        items += _draw_row(trace, k, shown)
    items += _draw_marks(trace, CURVE, range(done))
    items += _lead(trace, CURVE, guide) if guide is not None else []
    if with_mean:
        items += _draw_mean(trace, CURVE)
        items.append(say("mean", f"loss: the mean, {_write_mean(trace)}", 768, CAPTION, 30))
    return items


def _head(trace: CrossEntropyTrace) -> list[Item]:
    """Return the headings of the columns, and the names of the images."""
    middle = CURVE.left + CURVE.width / 2
    items: list[Item] = [
        say("head bars", "probabilities that the network gives", HEAD, 46, 28, "output", is_bold=True),
        say("head curve", "loss of an image: −ln p", middle, 46, 28, "window", is_bold=True),
    ]
    for k in range(len(trace.labels)):
        row = find_row(trace, k)
        items.append(say(f"name {k}", NAMES[k], 40, row.top + row.height / 2 + 10, 28, "ink", is_bold=True))
    return items


def _draw_row(trace: CrossEntropyTrace, k: int, shown: int) -> list[Item]:
    """Return the bars of one image once `shown` is 1, with the right one picked from 2, and the loss from 3 on."""
    row = find_row(trace, k)
    room = Room(BARS, row.top + 30, SUMS - BARS - 40, row.height - 74, 22)
    items = _draw_bars(trace, k, room, picked=shown > 1) if shown else []
    if shown == 2:
        items.append(_mark(f"mark {k}", *_top_of(trace, k, room)))
    return [*items, *_write_sums(trace, k, row.top + row.height / 2)] if shown > 2 else items


def _write_sums(trace: CrossEntropyTrace, k: int, middle: float = 0) -> list[Line]:
    """Return the probability that counts and the loss, one below the other."""
    lines = (("p", write_probability(trace.right[k]), "output"), ("−ln p", write_loss(trace.losses[k]), "window"))
    items: list[Line] = []
    for number, (name, text, role) in enumerate(lines):
        result = text if text[0] in "<>" else f"{_sign(trace, k)} {text}"
        runs = ((f"{name} ", "ink"), (result, role))
        items.append(Line(f"{name} {k}", runs, SUMS, middle - 12 + 40 * number, 28, "left", limit=240))
    return items


def _draw_bars(trace: CrossEntropyTrace, k: int, room: Room, *, picked: bool) -> list[Item]:
    """Return a bar for each class above its name; the right one is solid, with its number, once it is picked."""
    pitch = room.width / trace.probabilities.shape[1]
    items: list[Item] = [Rules(f"zero {k}", (((room.left, room.bottom), (room.right, room.bottom)),), "muted")]
    for c, p in enumerate(trace.probabilities[k]):
        is_right, x = c == trace.labels[k], room.left + c * pitch
        tall = max(float(p) * room.height, 0.5)
        fill = "output" if picked and is_right else "output_tint"
        items.append(
            Box(f"bar {k} {c}", x + 0.14 * pitch, room.bottom - tall, 0.72 * pitch, tall, "output", fill, HAIR)
        )
        role = "output" if picked and is_right else "wrong" if picked and c == trace.answers[k] else "muted"
        y = room.bottom + 1.1 * room.text
        items.append(say(f"class {k} {c}", str(c), x + pitch / 2, y, room.text, role, is_bold=picked and is_right))
    if picked:
        x, y = _top_of(trace, k, room)
        text = write_probability(trace.right[k])
        half = 0.31 * room.text * len(text)
        x = min(max(x, room.left + half), room.right - half)
        items.append(say(f"picked {k}", text, x, y - 0.45 * room.text, room.text, "output", is_bold=True))
    return items


def _top_of(trace: CrossEntropyTrace, k: int, room: Room) -> tuple[float, float]:
    """Return the middle of the upper end of the right class's bar."""
    pitch = room.width / trace.probabilities.shape[1]
    return room.left + (trace.labels[k] + 0.5) * pitch, room.bottom - trace.right[k] * room.height


def _mark(name: str, x: float, y: float, size: float = 16) -> Box:
    return Box(name, x - size / 2, y - size / 2, size, size, "window", "window", HAIR)


def highest(trace: CrossEntropyTrace) -> int:
    """Return the largest loss on the axis: a whole number above all losses, at least 4."""
    return max(4, math.ceil(max(trace.losses) * 1.08))


def locate(trace: CrossEntropyTrace, room: Room, p: float, loss: float) -> tuple[float, float]:
    """Return the point of a probability and a loss in the curve's room."""
    return room.left + p * room.width, room.bottom - loss / highest(trace) * room.height


def _draw_curve(trace: CrossEntropyTrace, room: Room) -> list[Item]:
    """Return the curve of −ln p between its axes."""
    top = highest(trace)
    points = [locate(trace, room, math.exp(-loss), loss) for loss in top * np.linspace(0, 1, 121) ** 1.5]
    corner = (room.left, room.bottom)
    axes = ((corner, (room.right, room.bottom)), (corner, (room.left, room.top)))
    items: list[Item] = [
        Rules("axes", axes, "muted", HAIR),
        Rules("curve", tuple(itertools.pairwise(points)), "ink", THIN),
    ]
    for p in (0.0, 0.5, 1.0):
        x, y = locate(trace, room, p, 0)
        items.append(say(f"tick p {p}", f"{p:g}", x, y + 1.25 * room.text, room.text, "muted"))
    each = math.ceil(top / 6)
    for loss in range(each, top + 1, each):
        x, y = locate(trace, room, 0, loss)
        items.append(
            say(f"tick {loss}", str(loss), x - 0.5 * room.text, y + 0.35 * room.text, room.text, "muted", "right")
        )
    words = "p of the right class"
    middle = room.left + room.width / 2
    return [*items, say("axis", words, middle, room.bottom + 2.5 * room.text, room.text, "muted")]


def _draw_marks(trace: CrossEntropyTrace, room: Room, which: range) -> list[Item]:
    """Return the marks of some images on the curve, each with its name; names that would collide are stacked."""
    spots: list[tuple[float, float]] = []
    items: list[Item] = []
    for k in which:
        x, y = locate(trace, room, trace.right[k], trace.losses[k])
        items.append(_mark(f"mark {k}", x, y, 0.66 * room.text))
        at = (x + 0.85 * room.text, y - 0.4 * room.text)
        while any(abs(at[0] - a) < 0.9 * room.text and abs(at[1] - b) < 1.05 * room.text for a, b in spots):
            at = (at[0], at[1] - 0.3 * room.text)
        spots.append(at)
        items.append(say(f"mark name {k}", NAMES[k], *at, room.text, "window", is_bold=True))
    return items


def _lead(trace: CrossEntropyTrace, room: Room, k: int) -> list[Item]:
    """Return the lines from an image's mark to both axes."""
    x, y = locate(trace, room, trace.right[k], trace.losses[k])
    return [Rules("lead", (((x, y), (x, room.bottom)), ((x, y), (room.left, y))), "window", HAIR)]


def _draw_mean(trace: CrossEntropyTrace, room: Room) -> list[Item]:
    """Return the line across the plot at the mean loss, and its number."""
    x, y = locate(trace, room, 1, trace.loss)
    text = f"mean {write_mean(trace)}"
    return [
        Rules("mean line", (((room.left, y), (x, y)),), "kernel", THIN),
        say("mean number", text, x, y - 0.5 * room.text, room.text, "kernel", "right", is_bold=True),
    ]


def compose_panel(trace: CrossEntropyTrace, step: int) -> list[Item]:
    """Return the small panel of a step: an image with its bars and its loss, or the curve with all marks."""
    if step == len(trace.labels):
        marks = _draw_marks(trace, PANEL_CURVE, range(step))
        return [*_draw_curve(trace, PANEL_CURVE), *marks, *_draw_mean(trace, PANEL_CURVE)]
    name = say("name", NAMES[step], 60, 50, 18, "ink", is_bold=True)
    loss = say("loss", _write_calculation(trace, step), 210, 272, 22, "window", is_bold=True)
    return [name, *_draw_bars(trace, step, PANEL_BARS, picked=True), loss]


def compose_steps(trace: CrossEntropyTrace) -> list[list[Keyframe]]:
    """Return the keyframes of each step: three moments for each image, then the mean."""
    steps = []
    for k in range(len(trace.labels)):
        slow = 1.5 if k == 0 else 1.0
        bars = Keyframe(tuple(compose(trace, k, 1)), slow)
        picked = Keyframe(tuple(compose(trace, k, 2)), slow)
        steps.append([bars, picked, Keyframe(tuple(compose(trace, k + 1, guide=k)), slow)])
    steps.append([Keyframe(tuple(compose(trace, len(trace.labels), with_mean=True)), 1.5)])
    return steps
