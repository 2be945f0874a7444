"""Gradient descent on a real loss, as it depends on two of a network's weights: slope, step, slope, step.

The gradient tells the slope at one place and nothing of what lies beyond it. So a step must be short: with too large a
step size the same rule leaps across the valley. All other weights are held where they are.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from figures.parts import arithmetic
from figures.parts.arithmetic import Array
from figures.parts.keyframes import BOLD, HAIR, THIN, Box, Item, Keyframe, Line, Rules, measure, say
from figures.parts.pictures import Picture, Room
from figures.parts.words import Description, count_noun, write_fixed

if TYPE_CHECKING:
    from manim import Scene
    from matplotlib.figure import Figure

    from generator.theme import Theme


SURFACE, WALK = ("names", "first", "second", "losses"), ("rate", "path", "gradients", "path_losses")
MOST_STEPS = 8
SIDES = (5, 200)  # fewest and most places along an axis
ALONE = 2  # steps that the film takes one by one


@dataclass(frozen=True, slots=True)
class Walk:
    """Gradient descent: places (steps + 1, 2), the start first, the gradient at each but the last, and the losses."""

    rate: float
    path: Array
    gradients: Array
    losses: Array

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.gradients)

    @property
    def rises(self) -> int:
        """How many steps led to a larger loss."""
        return int((np.diff(self.losses) > 0).sum())


@dataclass(frozen=True, slots=True)
class GradientStepTrace:
    """Losses (n, m) at n values of the first weight and m of the second, and one or two walks on them."""

    names: tuple[str, str]
    first: Array
    second: Array
    losses: Array
    descent: Walk
    overshoot: Walk | None

    @property
    def walks(self) -> tuple[Walk, ...]:
        """The descent, and the one with too large a step size if it is there."""
        return (self.descent,) if self.overshoot is None else (self.descent, self.overshoot)


def trace(*, descent: Mapping[str, Any], overshoot: Mapping[str, Any] | None = None) -> GradientStepTrace:
    """Return a loss over two weights and gradient descent on it.

    descent: `names` of the two weights, their evenly spaced values `first` (n,) and `second` (m,), `losses` (n, m), the
    step size `rate`, the `path` (steps + 1, 2) of 1 to 8 steps, the `gradients` (steps, 2) that they follow, and
    `path_losses` (steps + 1,). overshoot: the last four for another step size, on the same loss. Raises ValueError if a
    part is missing, a step is not minus the gradient times the rate, a place lies outside, or the loss of a place is
    not that of the surface.
    """
    _require(descent, (*SURFACE, *WALK), "descent")
    first, second = (_read_axis(descent[name], name) for name in ("first", "second"))
    losses = arithmetic.read_values(descent["losses"], "losses", "first, second").astype(np.float64)
    if losses.shape != (len(first), len(second)):
        raise ValueError(f"losses has shape {losses.shape}; give ({len(first)}, {len(second)}), as first and second")
    if losses.min() == losses.max():
        raise ValueError("all losses are equal; take weights on which the loss depends")
    names = tuple(str(name) for name in descent["names"])
    if len(names) != 2 or max(map(len, names)) > 12:
        raise ValueError(f"names is {list(names)}; give two names of up to 12 letters")
    walks = [_read_walk(descent, "descent", (first, second, losses))]
    if overshoot is not None:
        walks.append(_read_walk(overshoot, "overshoot", (first, second, losses)))
    return GradientStepTrace((names[0], names[1]), first, second, losses, walks[0], walks[1] if walks[1:] else None)


def _require(parts: Mapping[str, Any], needed: Sequence[str], name: str) -> None:
    if missing := [part for part in needed if part not in parts]:
        raise ValueError(f"{name} has no {missing[0]}; give {', '.join(needed)}")


def _read_axis(values: Any, name: str) -> Array:
    """Return the values along an axis; raise ValueError unless they rise in equal steps."""
    axis = arithmetic.read_values(values, name, "values").astype(np.float64)
    if not SIDES[0] <= len(axis) <= SIDES[1]:
        raise ValueError(f"{name} has {len(axis)} values; give {SIDES[0]} to {SIDES[1]}")
    gaps = np.diff(axis)
    if gaps.min() <= 0 or gaps.max() - gaps.min() > 1e-3 * gaps.max():
        raise ValueError(f"{name} does not rise in equal steps; give values as np.linspace returns them")
    return axis


def _read_walk(parts: Mapping[str, Any], name: str, surface: tuple[Array, Array, Array]) -> Walk:
    """Return a walk; raise ValueError if it is none, or does not fit the surface."""
    _require(parts, WALK, name)
    path = arithmetic.read_values(parts["path"], f"{name}.path", "steps + 1, 2").astype(np.float64)
    gradients = arithmetic.read_values(parts["gradients"], f"{name}.gradients", "steps, 2").astype(np.float64)
    losses = arithmetic.read_values(parts["path_losses"], f"{name}.path_losses", "steps + 1").astype(np.float64)
    steps = len(path) - 1
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"{name} takes {steps} steps; give 1 to {MOST_STEPS}")
    if path.shape != (steps + 1, 2) or gradients.shape != (steps, 2) or losses.shape != (steps + 1,):
        raise ValueError(f"{name} has {steps + 1} places, {len(gradients)} gradients and {len(losses)} losses; give "
                         "one place more than gradients, and a loss each")  # fmt: skip
    walk = Walk(float(parts["rate"]), path, gradients, losses)
    _check_walk(walk, name, surface)
    return walk


def _check_walk(walk: Walk, name: str, surface: tuple[Array, Array, Array]) -> None:
    """Raise ValueError if a step does not follow its gradient, a place lies outside, or a loss is another one's."""
    first, second, losses = surface
    spans = np.array([np.ptp(first), np.ptp(second)])
    if not walk.rate > 0:
        raise ValueError(f"the rate of {name} is {walk.rate}; give a number above zero")
    if (abs(np.diff(walk.path, axis=0) + walk.rate * walk.gradients) > 1e-3 * spans).any():
        raise ValueError(f"a step of {name} is not minus its rate times the gradient; give plain gradient descent")
    corners = (np.array([first[0], second[0]]), np.array([first[-1], second[-1]]))
    if ((walk.path < corners[0]) | (walk.path > corners[1])).any():
        raise ValueError(f"{name} leaves the surface; give wider first and second, or fewer steps")
    there = interpolate(surface, walk.path)
    if (abs(there - walk.losses) > 0.15 * np.ptp(losses)).any():
        raise ValueError(f"the losses of {name} are not those of the surface; losses[i, j] is at first[i], second[j]")


def interpolate(surface: tuple[Array, Array, Array], places: Array) -> Array:
    """Return the losses at `places` (k, 2), between the four nearest of the surface."""
    first, second, losses = surface
    whole, shares = [], []
    for axis, values in ((first, places[:, 0]), (second, places[:, 1])):
        at = (values - axis[0]) / (axis[-1] - axis[0]) * (len(axis) - 1)
        cell = np.clip(np.floor(at).astype(int), 0, len(axis) - 2)
        whole.append(cell)
        shares.append(at - cell)
    (i, j), (a, b) = whole, shares
    low = (1 - b) * losses[i, j] + b * losses[i, j + 1]
    high = (1 - b) * losses[i + 1, j] + b * losses[i + 1, j + 1]
    return np.asarray((1 - a) * low + a * high)


def write(value: float) -> str:
    """Return a number with three digits that count.

    >>> write(0.12345), write(-2.0), write(0.0000123), write(12345.6)
    ('0.123', '−2', '1.23e−5', '1.23e4')
    """
    digits, _, exponent = f"{value + 0.0:.3g}".partition("e")
    return (digits + (f"e{int(exponent)}" if exponent else "")).replace("-", "−")


def _write_place(place: Array) -> str:
    return f"({write(place[0])}, {write(place[1])})"


def describe(trace: GradientStepTrace) -> Description:
    """Return where the descent leads, and a sentence for each step of the film."""
    walk, other = trace.descent, trace.overshoot
    alt = (
        f"The loss over the weights {trace.names[0]} (from {write(trace.first[0])} to {write(trace.first[-1])}) and "
        f"{trace.names[1]} (from {write(trace.second[0])} to {write(trace.second[-1])}) as a map with lines of equal "
        f"loss, from {write(trace.losses.min())} to {write(trace.losses.max())}. {_say_walk(walk)}"
    )
    if other is not None:
        alt += f" {_say_walk(other)} {_say_rises(other)}"
    facts = {"names": list(trace.names), **_collect(walk)}
    if other is not None:
        facts["overshoot"] = _collect(other)
    return Description(alt, tuple(_sentences(trace)), facts)


def _say_walk(walk: Walk) -> str:
    """Return the sentence of a whole walk: its rate, its steps, and all its losses."""
    losses = ", ".join(map(write, walk.losses))
    return (
        f"With step size {write(walk.rate)}, {count_noun(walk.steps, 'step')} of gradient descent from "
        f"{_write_place(walk.path[0])} to {_write_place(walk.path[-1])} give the losses {losses}."
    )


def _say_rises(walk: Walk) -> str:
    """Return the sentence that says how often a step made the loss larger."""
    return f"The loss rises in {walk.rises} of {count_noun(walk.steps, 'step')}."


def _collect(walk: Walk) -> dict[str, object]:
    """Return the numbers of a walk that a lecture may quote."""
    ends = ({"first": float(at[0]), "second": float(at[1]), "loss": float(loss)}
            for at, loss in ((walk.path[0], walk.losses[0]), (walk.path[-1], walk.losses[-1])))  # fmt: skip
    start, end = ends
    losses = [float(loss) for loss in walk.losses]
    return {
        "rate": walk.rate, "steps": walk.steps, "start": start, "end": end, "losses": losses, "rises": walk.rises,
    }  # fmt: skip


def find_moments(trace: GradientStepTrace) -> list[tuple[int, range]]:
    """Return what each step of the film takes: a walk's number, and which of its steps."""
    steps = trace.descent.steps
    moments = [(0, range(k, k + 1)) for k in range(min(ALONE, steps))]
    moments += [(0, range(ALONE, steps))] if steps > ALONE else []
    return [*moments, *([(1, range(trace.overshoot.steps))] if trace.overshoot else [])]


def _sentences(trace: GradientStepTrace) -> list[str]:
    """Return a sentence for each step of the film."""
    return [_say_moment(trace.walks[number], steps, number) for number, steps in find_moments(trace)]


def _say_moment(walk: Walk, steps: range, number: int) -> str:
    """Return the sentence of one step, of the rest of a walk, or of the walk with the other step size."""
    before, after = walk.losses[steps.start], walk.losses[steps.stop]
    if number:
        losses = ", ".join(map(write, walk.losses))
        return f"With step size {write(walk.rate)} the losses are {losses}. {_say_rises(walk)}"
    if len(steps) > 1 or steps.start >= ALONE:
        more = f"{count_noun(len(steps), 'more step')},{' each' if len(steps) > 1 else ''}"
        return f"{more} along the slope where it begins: the loss goes from {write(before)} to {write(after)}."
    change = "falls" if after < before else "rises" if after > before else "stays"
    place, gradient, there = (
        _write_place(at) for at in (walk.path[steps.start], walk.gradients[steps.start], walk.path[steps.stop])
    )
    return (
        f"At {place} the gradient is {gradient}; a step of minus {write(walk.rate)} times that leads to {there}, and "
        f"the loss {change} from {write(before)} to {write(after)}."
    )


def draw(trace: GradientStepTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the surface with the whole walks beside their losses; or the small panel of one step."""
    from figures.parts.keyframes import draw_items
    from figures.parts.layout import PANEL
    from figures.parts.pictures import draw_pictures

    if step is None:
        done = [walk.steps for walk in trace.walks]
        return draw_pictures(draw_items(compose(trace, done), theme), place_surface(trace, theme, MAP))
    figure = draw_items(compose_panel(trace, step), theme, PANEL)
    return draw_pictures(figure, place_surface(trace, theme, PANEL_MAP), PANEL)


def draw_narrow(trace: GradientStepTrace, theme: "Theme") -> "Figure":
    """Return the surface with the whole walks above their losses, for a narrow page."""
    from figures.parts.keyframes import draw_items
    from figures.parts.narrow import move_items, narrow_sheet
    from figures.parts.pictures import draw_pictures

    room, below = Room(76, 84, 456, 326, 18.75), 506.0
    last = _bar_room(trace, len(trace.walks) - 1)
    sheet = narrow_sheet(below + NARROWER * (last.bottom + 64 - 20) + 10)
    shades = f"shades: loss from {write(trace.losses.min())}, as paper, to {write(trace.losses.max())}, blue"
    items = [
        *_draw_map(trace, room),
        say("head", "loss, as it depends on two weights", 280, 30, 20, is_bold=True),
        Line("shades", ((shades, "muted"),), 280, room.bottom + 58, room.text, limit=530),
    ]
    for number, walk in reversed(list(enumerate(trace.walks))):
        items += _draw_walk(trace, room, number, walk.steps)
        bars = _draw_bars(trace, number, walk.steps)
        items += move_items(bars, (BARS.left, 20), (20, below), NARROWER)
    return draw_pictures(draw_items(items, theme, sheet), place_surface(trace, theme, room), sheet)


def animate(trace: GradientStepTrace, scene: "Scene") -> None:
    """Show the slope where the descent stands, take the step, and so on; then do it with the other step size."""
    from figures.parts.film import play_keyframes
    from figures.parts.pictures import add_pictures

    add_pictures(scene, place_surface(trace, scene.theme, MAP))
    steps = compose_steps(trace)
    play_keyframes(scene, compose(trace, [0]), steps, describe(trace).steps, steps[-1][-1].items)


# Composition: the surface on the left, the losses of each walk as bars on the right. Pixels of `layout.SLIDE`.

MAP, PANEL_MAP = Room(120, 96, 700, 500, 24), Room(46, 28, 360, 220, 15.5)
BARS = Room(904, 0, 600, 0, 24)
BAR_TEXT = 22.0
NARROWER = 520 / 600  # of the bars on a narrow page
BANDS = 10  # shades of the surface
PIXEL = 4.0  # pixels of the slide for each of the surface
DARKEST = 0.5  # of the way from paper to the color of the largest loss
ROLES = ("window", "wrong")  # of the two walks
LONGEST = 150.0  # pixels of the longest arrow


def find_levels(trace: GradientStepTrace) -> Array:
    """Return the losses at which the shade changes: close together where the loss is small, as a valley needs it."""
    low, high = trace.losses.min(), trace.losses.max()
    return np.asarray(low + (high - low) * (np.arange(1, BANDS) / BANDS) ** 2)


def place_surface(trace: GradientStepTrace, theme: "Theme", room: Room) -> list[Picture]:
    """Return the loss as shades, in bands between the lines of equal loss."""
    from figures.parts import still

    columns, rows = round(room.width / PIXEL), round(room.height / PIXEL)
    first = np.linspace(trace.first[0], trace.first[-1], columns)
    second = np.linspace(trace.second[-1], trace.second[0], rows)
    places = np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)
    losses = interpolate((trace.first, trace.second, trace.losses), places).reshape(rows, columns)
    shares = DARKEST * np.digitize(losses, find_levels(trace)) / (BANDS - 1)
    paper, full = still.image_colors([[0, 255]], _swap_ink(theme))[0].astype(float)
    colors = np.rint(paper + shares[..., None] * (full - paper)).astype(np.uint8)
    return [Picture(colors, room.left, room.top, room.width)]


def _swap_ink(theme: "Theme") -> "Theme":
    """Return the theme with the color of inputs as its ink."""
    from dataclasses import replace

    return replace(theme, ink=theme.input)


def locate(trace: GradientStepTrace, room: Room, place: Array) -> tuple[float, float]:
    """Return the point of two weights on the map: the first to the right, the second upward."""
    x = (place[0] - trace.first[0]) / np.ptp(trace.first)
    y = (place[1] - trace.second[0]) / np.ptp(trace.second)
    return room.left + float(x) * room.width, room.bottom - float(y) * room.height


def compose(trace: GradientStepTrace, done: Sequence[int], arrow: tuple[int, int] | None = None) -> list[Item]:
    """Return the slide with so many steps `done` of each walk; arrow: the walk and the step whose slope is shown."""
    shades = f"shades: loss from {write(trace.losses.min())}, as paper, to {write(trace.losses.max())}, blue"
    items = [
        *_draw_map(trace, MAP),
        say("head", "loss, as it depends on two weights", MAP.middle, 46, 28, is_bold=True),
        say("shades", shades, MAP.middle, 672, MAP.text, "muted"),
    ]
    for number, steps in reversed(list(enumerate(done))):  # the descent lies on top
        items += _draw_walk(trace, MAP, number, steps)
        items += _draw_bars(trace, number, steps)
    if arrow is not None:
        items += _draw_arrow(trace, MAP, *arrow)
    return items


def _draw_map(trace: GradientStepTrace, room: Room) -> list[Item]:
    """Return the lines of equal loss in their frame, and the axes' names and ends."""
    items: list[Item] = [Box("frame", room.left, room.top, room.width, room.height, "muted", line=HAIR)]
    items += [Rules(f"level {k}", lines, "muted", 0.9) for k, lines in enumerate(_find_lines(trace, room)) if lines]
    y, left = room.bottom + 1.25 * room.text, room.left - 0.4 * room.text
    for name, text, x, align in (
        ("low", write(trace.first[0]), room.left, "left"),
        ("high", write(trace.first[-1]), room.right, "right"),
        ("first", trace.names[0], room.middle, "center"),
    ):
        role = "ink" if align == "center" else "muted"
        items.append(say(f"{name} x", text, x, y, room.text, role, align, is_bold=align == "center"))
    for name, text, down in (
        ("low", write(trace.second[0]), room.bottom),
        ("high", write(trace.second[-1]), room.top + 0.75 * room.text),
    ):
        items.append(say(f"{name} y", text, left, down, room.text, "muted", "right"))
    above = room.top - 0.5 * room.text
    return [*items, say("second y", trace.names[1], room.left, above, room.text, "ink", "left", is_bold=True)]


def _find_lines(trace: GradientStepTrace, room: Room) -> list[tuple[Any, ...]]:
    """Return the lines of each level, as pairs of points."""
    from contourpy import contour_generator

    maker = contour_generator(trace.first, trace.second, trace.losses.T)
    found = []
    for level in find_levels(trace):
        curves = [[locate(trace, room, place) for place in np.asarray(curve)] for curve in maker.lines(level)]
        found.append(tuple(pair for curve in curves for pair in itertools.pairwise(curve)))
    return found


def _draw_walk(trace: GradientStepTrace, room: Room, number: int, steps: int) -> list[Item]:
    """Return the start of a walk and its first steps: lines on a wider line of paper, and a mark at each place."""
    walk, role, size = trace.walks[number], ROLES[number], 0.7 * room.text
    spots = [locate(trace, room, place) for place in walk.path[: steps + 1]]
    items: list[Item] = []
    for k, ends in enumerate(itertools.pairwise(spots)):
        items.append(Rules(f"halo {number} {k}", (ends,), "paper", BOLD + 3))
        items.append(Rules(f"leg {number} {k}", (ends,), role, THIN))
    for k, (x, y) in enumerate(spots):
        wide = size if k == len(spots) - 1 else 0.55 * size
        name = f"here {number}" if k == len(spots) - 1 else f"place {number} {k}"
        items.append(_mark(name, x, y, wide, role))
    return items


def _mark(name: str, x: float, y: float, wide: float, role: str) -> Box:
    """Return a full square that lies over lines: a frame so thick that nothing is left within."""
    return Box(name, x - wide / 4, y - wide / 4, wide / 2, wide / 2, role, line=wide / 2)


def _draw_arrow(trace: GradientStepTrace, room: Room, number: int, k: int) -> list[Item]:
    """Return the arrow down the slope at one place; all arrows of a picture have one scale."""
    walk = trace.walks[number]
    reach = np.array([np.ptp(trace.first), np.ptp(trace.second)])
    sides = np.array([room.width, -room.height])
    lengths = [np.linalg.norm(each.gradients / reach * sides, axis=1).max() for each in trace.walks]
    x, y = locate(trace, room, walk.path[k])
    slope = -walk.gradients[k] / reach * sides * (LONGEST / max(*lengths, 1e-12))
    long = float(np.hypot(*slope))
    if long < 1:
        return []
    ahead, aside = slope / long, np.array([-slope[1], slope[0]]) / long
    tip, side = np.array([x, y]) + slope, min(16.0, 0.5 * long)
    wings = [tip - side * ahead + turn * 0.7 * side * aside for turn in (1, -1)]
    lines = tuple(((float(a[0]), float(a[1])), (float(tip[0]), float(tip[1]))) for a in (np.array([x, y]), *wings))
    return [Rules("arrow halo", lines, "paper", BOLD + 6), Rules("arrow", lines, "kernel", BOLD)]


def _bar_room(trace: GradientStepTrace, number: int) -> Room:
    """Return the room of one walk's bars."""
    height = 470.0 if trace.overshoot is None else 190.0
    return Room(BARS.left, 104 + number * 326, BARS.width, height, BARS.text)


def write_losses(trace: GradientStepTrace, wide: float) -> list[list[str]]:
    """Return the losses of each walk with equally many decimals: as many as fit above bars `wide` pixels apart.

    Where even two digits do not fit, only the first and the last loss of a walk have a text.
    """
    most = max(float(walk.losses.max()) for walk in trace.walks)
    size = math.floor(math.log10(most)) if most > 0 else 0
    for digits in (3, 2):
        decimals = max(0, digits - 1 - size)
        texts = [[write_fixed(float(loss), decimals) for loss in walk.losses] for walk in trace.walks]
        if max(measure(text, BAR_TEXT, is_bold=False) for row in texts for text in row) <= wide - 6:
            return texts
    return [[row[0], *[""] * (len(row) - 2), row[-1]] for row in texts]


def _draw_bars(trace: GradientStepTrace, number: int, steps: int) -> list[Item]:
    """Return the losses before and after the first steps of a walk as bars, each with its number."""
    walk, role, room = trace.walks[number], ROLES[number], _bar_room(trace, number)
    most = max(float(each.losses.max()) for each in trace.walks) or 1.0
    pitch = room.width / max(5, *(each.steps + 1 for each in trace.walks))
    words = (("step size ", "ink"), (write(walk.rate), role))
    items: list[Item] = [
        Line(f"rate {number}", words, room.left, room.top - 58, 28, "left", is_bold=True),
        Rules(f"zero {number}", (((room.left, room.bottom), (room.right, room.bottom)),), "muted"),
        say(f"steps {number}", "loss after so many steps", room.right, room.bottom + 58, room.text, "muted", "right"),
    ]
    texts = write_losses(trace, pitch)[number]
    for k, loss in enumerate(walk.losses[: steps + 1]):
        x, tall = room.left + k * pitch, max(0.5, float(loss) / most * (room.height - 34))
        fill = role if k == steps else f"{role}_tint" if role == "window" else "surface"
        box = (x + 0.12 * pitch, room.bottom - tall, 0.76 * pitch, tall)
        items.append(Box(f"bar {number} {k}", *box, role, fill, HAIR))
        items.append(say(f"step {number} {k}", str(k), x + pitch / 2, room.bottom + 28, room.text, "muted"))
        if texts[k]:
            items.append(say(f"loss {number} {k}", texts[k], x + pitch / 2, room.bottom - tall - 8, BAR_TEXT))
    return items


def compose_panel(trace: GradientStepTrace, step: int) -> list[Item]:
    """Return the small panel of a step: the walk so far on the map, and the loss before and after."""
    number, steps = find_moments(trace)[step]
    walk = trace.walks[number]
    items = [*_draw_map(trace, PANEL_MAP), *_draw_walk(trace, PANEL_MAP, number, steps.stop)]
    text = f"step size {write(walk.rate)}: loss {write(walk.losses[steps.start])} → {write(walk.losses[steps.stop])}"
    return [*items, say("losses", text, 210, 300, 17, ROLES[number], is_bold=True)]


def compose_steps(trace: GradientStepTrace) -> list[list[Keyframe]]:
    """Return the keyframes of each step of the film: for each step of a walk its slope, then where it leads."""
    moments = []
    for number, steps in find_moments(trace):
        slow = 1.4 if len(steps) == 1 and not number else 0.7
        before = [trace.descent.steps] if number else []
        moment = []
        for k in steps:
            moment.append(Keyframe(tuple(compose(trace, [*before, k], (number, k))), slow))
            moment.append(Keyframe(tuple(compose(trace, [*before, k + 1])), slow))
        moments.append(moment)
    return moments
