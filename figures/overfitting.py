"""How a network overfits: its loss on the images that it learns from keeps falling, and on held-out ones it turns up.

Both losses are measured at the same moments, with the weights of that moment. Overfitting begins where the held-out
loss is lowest: from there on, what is still learned helps on the images that it is learned from, and on no others.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from figures.parts.keyframes import BOLD, HAIR, THIN, Boxes, Item, Keyframe, Line, Rules, say
from figures.parts.pictures import Room
from figures.parts.words import Description

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


MOMENTS = (3, 60)  # how many measurements are drawn
ROOMY_GAP = 2.0  # heights of its words, from which a gap has room for them
ROOMIER = 2.0  # the axis ends at so many times the largest held-out loss from the lowest one on


@dataclass(frozen=True, slots=True)
class OverfittingTrace:
    """Both losses after so many steps of training, and at which measurement the held-out one is lowest."""

    steps: tuple[int, ...]
    training: tuple[float, ...]
    held_out: tuple[float, ...]

    @property
    def best(self) -> int:
        """The measurement with the lowest held-out loss, the first of several."""
        return self.held_out.index(min(self.held_out))

    @property
    def overfits(self) -> bool:
        """Whether the held-out loss has risen since it was lowest, while the training loss has fallen."""
        return self.held_out[-1] > self.held_out[self.best] and self.training[-1] < self.training[self.best]

    @property
    def gap(self) -> float:
        """How far the two losses are apart after the last step."""
        return self.held_out[-1] - self.training[-1]

    @property
    def top(self) -> float:
        """The loss at which the axis ends; what lies above is not drawn."""
        return min(max(*self.training, *self.held_out), ROOMIER * max(self.held_out[self.best :]))


def trace(*, history: Mapping[str, Sequence[float]]) -> OverfittingTrace:
    """Return the losses in an experiment's `history`: steps (rising), loss and validation_loss at these.

    Raises ValueError if one is missing, if they are not equally long, if there are fewer than 3 or more than 60, or if
    a loss is negative or not finite.
    """
    values = {}
    for name in ("steps", "loss", "validation_loss"):
        if name not in history:
            raise ValueError(f"history has no {name}; give the curves of few_curves, as watched.history")
        values[name] = tuple(float(value) for value in history[name])
    steps, training, held_out = values.values()
    if not len(steps) == len(training) == len(held_out) or not MOMENTS[0] <= len(steps) <= MOMENTS[1]:
        lengths = ", ".join(str(len(each)) for each in values.values())
        raise ValueError(
            f"steps, loss and validation_loss have {lengths} values; give {MOMENTS[0]} to {MOMENTS[1]} each"
        )
    if any(step % 1 for step in steps) or any(a >= b for a, b in itertools.pairwise(steps)):
        raise ValueError("steps do not rise; give how many steps were taken at each measurement")
    if not np.isfinite([*training, *held_out]).all() or min(*training, *held_out) < 0:
        raise ValueError("a loss is negative or not finite; look for a training that diverged")
    return OverfittingTrace(tuple(int(step) for step in steps), training, held_out)


def describe(trace: OverfittingTrace) -> Description:
    """Return where both losses begin, turn and end; three steps: it learns, it turns, the gap."""
    sentences = (_say_fall(trace), _say_turn(trace), _say_gap(trace))
    best = trace.best
    facts = {
        "steps": trace.steps[-1],
        "overfits": trace.overfits,
        "best": {"step": trace.steps[best], "training": trace.training[best], "held_out": trace.held_out[best]},
        "last": {"training": trace.training[-1], "held_out": trace.held_out[-1], "gap": trace.gap},
    }
    return Description(
        f"Two curves of the loss over {trace.steps[-1]:,} steps. {' '.join(sentences)}", sentences, facts
    )


def _say_fall(trace: OverfittingTrace) -> str:
    best = trace.best
    return (
        f"Up to step {trace.steps[best]:,} the network fits: the training loss goes from {trace.training[0]:.3f} to "
        f"{trace.training[best]:.3f}, the held-out loss from {trace.held_out[0]:.3f} to {trace.held_out[best]:.3f}, "
        f"its lowest."
    )


def _say_turn(trace: OverfittingTrace) -> str:
    ends = f"training loss {trace.training[-1]:.3f}, held-out loss {trace.held_out[-1]:.3f}"
    if trace.overfits:
        return f"From there on it overfits: at the end, {ends}."
    return f"There is no overfitting to be seen by step {trace.steps[-1]:,}: {ends}."


def _say_gap(trace: OverfittingTrace) -> str:
    return f"After step {trace.steps[-1]:,} the two losses are {abs(trace.gap):.3f} apart."


def draw(trace: OverfittingTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return both curves with their marks; or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL

    if step is None:
        return draw_items(compose(trace, len(trace.steps), 3), theme)
    shown = trace.best + 1 if step == 0 else len(trace.steps)
    return draw_items(compose(trace, shown, step + 1, SMALL), theme, PANEL)


def draw_narrow(trace: OverfittingTrace, theme: "Theme") -> "Figure":
    """Return both curves with their marks for a narrow page."""
    from figures.parts.keyframes import draw_items
    from figures.parts.narrow import narrow_sheet

    room = Room(62, 50, 318, 320, 18.75)
    return draw_items(compose(trace, len(trace.steps), 3, room), theme, narrow_sheet(440))


def animate(trace: OverfittingTrace, scene: "Scene") -> None:
    """Draw the curves up to the turn, mark it; then to the end; then the gap."""
    from figures.parts.film import play_keyframes

    count, best = len(trace.steps), trace.best + 1
    fall = [Keyframe(tuple(compose(trace, shown, 0)), 0.3) for shown in range(2, best)]
    turn = [Keyframe(tuple(compose(trace, shown, 1)), 0.3) for shown in range(best + 1, count)]
    moments = [
        [*fall, Keyframe(tuple(compose(trace, best, 1)), 1.2)],
        [*turn, Keyframe(tuple(compose(trace, count, 2)), 1.2)],
        [Keyframe(tuple(compose(trace, count, 3)), 1.2)],
    ]
    play_keyframes(scene, compose(trace, 1, 0), moments, describe(trace).steps, moments[-1][-1].items)


# Composition: one plot, the curves named at their right ends. Pixels of `layout.SLIDE` or `layout.PANEL`.


PLOT = Room(120, 84, 1130, 520, 26)
SMALL = Room(46, 40, 236, 210, 15.5)


def compose(trace: OverfittingTrace, shown: int, done: int, room: Room = PLOT) -> list[Item]:
    """Return the plot with the first `shown` measurements, and the marks of the first `done` steps."""
    items = [*_draw_axes(trace, room), *_draw_curves(trace, shown, room)]
    if done >= 1:
        items += _mark_turn(trace, room, is_past=done > 1)
    if done >= 2 and shown == len(trace.steps):
        items += _name_curves(trace, room)
    return [*items, *_mark_gap(trace, room)] if done >= 3 else items


def locate(trace: OverfittingTrace, room: Room, step: float, loss: float) -> tuple[float, float]:
    """Return the point of a loss after so many steps."""
    return room.left + step / trace.steps[-1] * room.width, room.bottom - loss / trace.top * room.height


def _draw_axes(trace: OverfittingTrace, room: Room) -> list[Item]:
    """Return the axes with some numbers, and what they are of."""
    corner = (room.left, room.bottom)
    items: list[Item] = [
        Rules("axes", ((corner, (room.right, room.bottom)), (corner, (room.left, room.top))), "muted", HAIR),
        say(
            "what",
            "loss (cross-entropy)",
            room.left,
            room.top - 0.9 * room.text,
            room.text,
            "ink",
            "left",
            is_bold=True,
        ),
    ]
    last = trace.steps[-1]
    for place in (0, last // 2, last):
        x, y = locate(trace, room, place, 0)
        items.append(say(f"step {place}", f"{place:,}", x, y + 1.25 * room.text, room.text, "muted"))
    words = say(
        "unit", "steps of training", room.left + room.width / 2, room.bottom + 2.4 * room.text, room.text, "muted"
    )
    each = _tick(trace.top)
    for k in range(1, int(trace.top / each) + 1):
        x, y = locate(trace, room, 0, k * each)
        items.append(Rules(f"line {k}", (((x, y), (room.right, y)),), "rule", HAIR))
        number = f"{k * each:g}"
        items.append(say(f"loss {k}", number, x - 0.4 * room.text, y + 0.35 * room.text, room.text, "muted", "right"))
    return [*items, words]


def _tick(top: float) -> float:
    """Return the distance between numbers on the axis: 1, 2 or 5 times a power of ten, for two to five of them."""
    power = 10.0 ** np.floor(np.log10(top / 2))
    return float(max(each * power for each in (1, 2, 5) if each * power <= top / 2))


def _draw_curves(trace: OverfittingTrace, shown: int, room: Room) -> list[Item]:
    """Return both curves up to a measurement, a stroke between each two; training has marks besides."""
    items: list[Item] = []
    for name, values, role, line in (
        ("training", trace.training, "kernel", THIN),
        ("held-out", trace.held_out, "input", BOLD),
    ):
        points = list(zip(trace.steps, values, strict=True))[:shown]
        for k, (a, b) in enumerate(itertools.pairwise(points)):
            if min(a[1], b[1]) < trace.top:
                ends = (_clip(trace, a, b), _clip(trace, b, a))
                items.append(Rules(f"{name} {k}", (tuple(locate(trace, room, *end) for end in ends),), role, line))  # type: ignore[arg-type]
        size = 0.42 * room.text
        for k, (step, loss) in enumerate(points):
            if name == "training" and loss <= trace.top:
                x, y = locate(trace, room, step, loss)
                items.append(Boxes(f"{name} mark {k}", ((x - size / 2, y - size / 2),), size, size, role))
    return items


def _clip(trace: OverfittingTrace, point: tuple[int, float], other: tuple[int, float]) -> tuple[float, float]:
    """Return `point`, or where the stroke to `other` passes the end of the axis if it lies above it."""
    if point[1] <= trace.top:
        return point
    share = (point[1] - trace.top) / (point[1] - other[1])
    return point[0] + share * (other[0] - point[0]), trace.top


def _mark_turn(trace: OverfittingTrace, room: Room, *, is_past: bool) -> list[Item]:
    """Return the line at the lowest held-out loss, with what lies to its left and, once seen, to its right."""
    step = trace.steps[trace.best]
    x, low = locate(trace, room, step, trace.held_out[trace.best])
    size, y = 0.34 * room.text, room.top + 0.9 * room.text
    items: list[Item] = [
        Rules("turn", (((x, room.top), (x, room.bottom)),), "window", THIN),
        Boxes("lowest", ((x - size, low - size),), 2 * size, 2 * size, "window"),
    ]
    rest = room.right - x
    if rest >= 9 * room.text:
        items.append(say("fits", "← it fits", x + 0.5 * room.text, y, room.text, "window", "left", is_bold=True))
        words = "it overfits →" if trace.overfits else "no overfitting →"
        if is_past:
            items.append(
                say(
                    "overfits",
                    words,
                    x + 0.5 * room.text,
                    y + 1.4 * room.text,
                    room.text,
                    "wrong",
                    "left",
                    is_bold=True,
                )
            )
    else:
        items.append(say("fits", "it fits", x - 0.5 * room.text, y, room.text, "window", "right", is_bold=True))
    return items


def _name_curves(trace: OverfittingTrace, room: Room) -> list[Item]:
    """Return the names of both curves with their last losses, beside their ends and apart from each other."""
    named = [("training", trace.training[-1], "kernel"), ("held-out", trace.held_out[-1], "input")]
    named.sort(key=lambda each: -each[1])
    upper, lower = (locate(trace, room, 0, loss)[1] for _, loss, _ in named)
    lower = min(max(lower + 0.35 * room.text, upper + 1.6 * room.text), room.bottom - 0.1 * room.text)
    upper = min(upper + 0.35 * room.text, lower - 1.25 * room.text)
    x, limit = room.right + 0.7 * room.text, 9 * room.text
    return [
        Line(f"name {name}", ((f"{name} {loss:.3f}", role),), x, y, room.text, "left", is_bold=True, limit=limit)
        for (name, loss, role), y in zip(named, (upper, lower), strict=True)
    ]


def _mark_gap(trace: OverfittingTrace, room: Room) -> list[Item]:
    """Return a line between the ends of both curves, and how long it is."""
    x, y = locate(trace, room, trace.steps[-1], trace.held_out[-1])
    bottom = locate(trace, room, trace.steps[-1], trace.training[-1])[1]
    words, right = f"gap {abs(trace.gap):.3f}", x - 0.6 * room.text
    return [
        Rules("gap", (((x, y), (x, bottom)),), "wrong", BOLD),
        say("gap words", words, right, _place_gap(trace, room, words), room.text, "wrong", "right", is_bold=True),
    ]


def _place_gap(trace: OverfittingTrace, room: Room, words: str) -> float:
    """Return the baseline of the gap's words: between the ends, or below both curves where these are close."""
    ends = [locate(trace, room, trace.steps[-1], curve[-1])[1] for curve in (trace.held_out, trace.training)]
    if abs(ends[0] - ends[1]) >= ROOMY_GAP * room.text:
        return sum(ends) / 2 + 0.35 * room.text
    left = room.right - (0.6 + 0.62 * len(words)) * room.text  # a bold letter is narrower than that on average
    points = [
        locate(trace, room, step, loss)
        for curve in (trace.held_out, trace.training)
        for step, loss in zip(trace.steps, curve, strict=True)
    ]
    lowest = max(y for x, y in points if x >= left)
    return min(lowest + 1.5 * room.text, room.bottom - 0.3 * room.text)
