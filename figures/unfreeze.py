"""A training in stages: which layers are locked in each, which learn, and how many parameters that are.

Layers that come from another task stand beside those that are new. A layer without parameters has nothing to lock and
is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from figures.parts.frozen_layers import FrozenLayers, read_layers
from figures.parts.keyframes import Box, Item, Keyframe, Line, Rules, say
from figures.parts.layout import PANEL, SLIDE, Sheet
from figures.parts.words import Description, join, write_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme

MOST_STAGES = 5
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnfreezeTrace:
    """The stages in order, each with its name and its locks, and the layers that are new to the network."""

    names: tuple[str, ...]
    stages: tuple[FrozenLayers, ...]
    new: frozenset[str]


def trace(
    *, layers: Sequence[Mapping[str, Any]], names: Sequence[str], stages: Sequence[Sequence[str]], new: Sequence[str]
) -> UnfreezeTrace:
    """Return a network (such as `mnist_convnet.layers`) in stages; of each, the layers that are frozen.

    names: of the stages. new: the layers that begin at random, while all others are taken from another task. Raises
    ValueError for what `freeze` refuses, for a layer that is not there, and if names and stages do not match.
    """
    if len(names) != len(stages) or not 1 <= len(stages) <= MOST_STAGES:
        raise ValueError(
            f"there are {len(names)} names for {len(stages)} stages; give one each, for 1 to {MOST_STAGES} stages"
        )
    found = tuple(_with_parameters(read_layers(layers=layers, frozen=frozen)) for frozen in stages)
    known = [layer.name for layer in found[0].layers]
    missing = [name for name in new if name not in known]
    if missing or not known:
        raise ValueError(f"there is no layer {missing[:1]} with parameters; there is {', '.join(known) or 'none'}")
    return UnfreezeTrace(tuple(str(name) for name in names), found, frozenset(map(str, new)))


def _with_parameters(found: FrozenLayers) -> FrozenLayers:
    """Return the network without the layers that have no parameters."""
    return FrozenLayers(tuple(layer for layer in found.layers if layer.parameters))


def describe(trace: UnfreezeTrace) -> Description:
    """Return for each stage which layers are frozen, and how many parameters learn."""
    sentences = tuple(_say(name, stage) for name, stage in zip(trace.names, trace.stages, strict=True))
    layers = trace.stages[0].layers
    fresh = [layer.name for layer in layers if layer.name in trace.new]
    taken = [layer.name for layer in layers if layer.name not in trace.new]
    start = f"Taken from another task: {join(taken) or 'nothing'}; new: {join(fresh) or 'nothing'}."
    facts = {
        "trainable": [stage.trainable for stage in trace.stages],
        "frozen": [stage.parameters - stage.trainable for stage in trace.stages],
        "parameters": trace.stages[0].parameters,
    }
    return Description(f"{start} {' '.join(sentences)}", sentences, facts)


def _say(name: str, stage: FrozenLayers) -> str:
    """Return the sentence of one stage."""
    frozen = [layer.name for layer in stage.layers if layer.is_frozen]
    locked = f"{join(frozen)} {'is' if len(frozen) == 1 else 'are'} frozen" if frozen else "nothing is frozen"
    share = write_percent(stage.trainable / stage.parameters, 1)
    learning = f"{stage.trainable:,} of {stage.parameters:,} parameters learn ({share})"
    return f"{name[0].upper()}{name[1:]}: {locked}; {learning}."


def draw(trace: UnfreezeTrace, theme: "Theme", step: int | None = None) -> "Figure":
    """Return the last stage, or the small panel of one."""
    from figures.parts.keyframes import draw_items

    if step is None:
        return draw_items(compose(trace, len(trace.stages), SLIDE), theme)
    return draw_items(compose(trace, step + 1, PANEL), theme, PANEL)


def draw_narrow(trace: UnfreezeTrace, theme: "Theme") -> "Figure":
    """Return the last stage for a narrow page, a line for each layer."""
    from figures.parts.keyframes import draw_items
    from figures.parts.narrow import narrow_sheet

    layers, text, line = trace.stages[-1].layers, 20.0, 66.0
    sheet = narrow_sheet(60 + line * len(layers) + 100)
    items: list[Item] = [say("stage", trace.names[-1], 280, 36, 24, is_bold=True)]
    for number, layer in enumerate(layers):
        top, is_new = 60 + line * number, layer.name in trace.new
        state = "frozen" if layer.is_frozen else "learns"
        items += _draw_layer(number, "", (20, top, 520, line - 10), text, is_new=False)
        items += _draw_lock(number, (50, top + 0.45 * line), 28, is_closed=layer.is_frozen)
        items += _write_line(layer.name, f"{layer.parameters:,}", state, top + 0.43 * line + 0.35 * text, is_new=is_new)
    bottom = 60 + line * len(layers)
    return draw_items([*items, *_draw_narrow_bar(trace, bottom, text)], theme, sheet)


def _write_line(name: str, count: str, state: str, y: float, *, is_new: bool) -> list[Item]:
    """Return the texts of a layer on one line: its name, its state, where its weights come from, its parameters."""
    role = "ink" if state == "learns" else "muted"
    words = "new" if is_new else "from before"
    return [
        Line(f"name {name}", ((name, "ink"),), 82, y, 20, "left", is_bold=True, limit=118),
        Line(f"state {name}", ((state, role),), 212, y, 20, "left", limit=80),
        Line(f"origin {name}", ((words, "output" if is_new else "muted"),), 300, y, 20, "left", limit=120),
        Line(f"count {name}", ((count, role),), 528, y, 20, "right", limit=110),
    ]


def _draw_narrow_bar(trace: UnfreezeTrace, top: float, text: float) -> list[Item]:
    """Return all parameters as a bar, layer by layer, solid where they learn, and their number."""
    stage = trace.stages[-1]
    words = f"{stage.trainable:,} of {stage.parameters:,} parameters learn"
    items: list[Item] = [say("sum", words, 20, top + 30, text, "ink", "left", is_bold=True)]
    left = 20.0
    for number, layer in enumerate(stage.layers):
        part = 520 * layer.parameters / stage.parameters
        role, fill = ("muted", "surface") if layer.is_frozen else ("kernel", "kernel")
        items.append(Box(f"part {number}", left, top + 45, part, 32, role, fill, line=2))
        left += part
    return items


def animate(trace: UnfreezeTrace, scene: Any) -> None:
    """Close and open the locks, one stage a mark."""
    from figures.parts.film import play_keyframes

    opening, *pictures = (compose(trace, shown, SLIDE) for shown in range(len(trace.stages) + 1))
    moments = [[Keyframe(tuple(picture), seconds=1.5)] for picture in pictures]
    play_keyframes(scene, opening, moments, describe(trace).steps, pictures[-1])


def compose(trace: UnfreezeTrace, shown: int, sheet: Sheet) -> list[Item]:
    """Return the network in stage number `shown`, counted from 1; 0 is the network before anything learns."""
    is_slide, count = sheet is SLIDE, len(trace.stages[0].layers)
    text = 30.0 if is_slide else sheet.min_text + 0.5
    gap = 28.0 if is_slide else 8.0
    width = min((sheet.width - 2 * sheet.margin + gap) / count, 290.0) - gap
    left = (sheet.width - count * (width + gap) + gap) / 2
    top, height = (150.0, 300.0) if is_slide else (70.0, 124.0)
    name = trace.names[shown - 1] if shown else "before anything learns"
    items: list[Item] = [say(f"stage {shown}", name, sheet.width / 2, 0.36 * top, 1.3 * text, is_bold=True)]
    for number, layer in enumerate(trace.stages[0].layers):
        x = left + number * (width + gap)
        is_new = layer.name in trace.new
        state = "" if not shown else "frozen" if trace.stages[shown - 1].layers[number].is_frozen else "learns"
        items += _draw_layer(number, state, (x, top, width, height), text, is_new=is_new)
        items += _write_layer(layer.name, layer.parameters, state, (x, top, width, height), text)
        items += _write_origin(number, (x, top, width, height), text, is_new=is_new, is_slide=is_slide)
    return [*items, *_draw_bar(trace, shown, sheet, text)]


Room = tuple[float, float, float, float]  # left, top, width, height


def _draw_layer(number: int, state: str, room: Room, text: float, *, is_new: bool) -> list[Item]:
    """Return the box of a layer, with its lock once there is a state."""
    left, top, width, height = room
    role = "kernel" if state == "learns" else "muted"
    fill = "kernel_tint" if state == "learns" else "surface"
    items: list[Item] = [Box(f"layer {number}", left, top, width, height, role, fill, is_dashed=is_new and not state)]
    if state:
        size = 54.0 if width > 200 else 1.1 * text
        items += _draw_lock(number, (left + width / 2, top + 0.57 * height), size, is_closed=state == "frozen")
    return items


def _draw_lock(number: int, middle: Point, size: float, *, is_closed: bool) -> list[Item]:
    """Return a padlock of `size` pixels, its shackle closed, or lifted on one side."""
    x, y = middle
    role = "muted" if is_closed else "kernel"
    half, rise, foot = 0.32 * size, 0.55 * size, y - 0.02 * size
    lift = 0.0 if is_closed else 0.3 * size
    right = foot if is_closed else foot - lift
    corners = ((x - half, foot), (x - half, foot - rise - lift), (x + half, foot - rise - lift), (x + half, right))
    strokes = tuple(pairwise(corners))
    return [
        Rules(f"shackle {number}", strokes, role, 5.0 if size > 30 else 3.0),
        Box(f"lock {number}", x - 0.5 * size, y, size, 0.75 * size, role, role),
    ]


def _write_layer(name: str, parameters: int, state: str, room: Room, text: float) -> list[Item]:
    """Return the name of a layer, its state and its parameters."""
    left, top, width, height = room
    middle, limit = left + width / 2, width - 6
    role = "ink" if state == "learns" else "muted"
    items: list[Item] = [
        Line(f"name {name}", ((name, "ink"),), middle, top + 0.17 * height, text, is_bold=True, limit=limit),
        Line(f"count {name}", ((f"{parameters:,}", role),), middle, top + 0.95 * height, text, limit=limit),
    ]
    if state:
        place = top + 0.32 * height
        items.append(Line(f"{state} {name}", ((state, role),), middle, place, text, limit=limit))
    return items


def _write_origin(number: int, room: Room, text: float, *, is_new: bool, is_slide: bool) -> list[Item]:
    """Return where a layer's weights come from, below its box."""
    left, top, width, height = room
    words = "new" if is_new else "from before" if is_slide else "before"
    role = "output" if is_new else "muted"
    place = top + height + 1.25 * text
    size = 0.9 * text if is_slide else text
    return [Line(f"origin {number}", ((words, role),), left + width / 2, place, size, limit=width + 4)]


def _draw_bar(trace: UnfreezeTrace, shown: int, sheet: Sheet, text: float) -> list[Item]:
    """Return all parameters as a bar, layer by layer, solid where they learn, and their number."""
    is_slide = sheet is SLIDE
    left, width = sheet.margin, sheet.width - 2 * sheet.margin
    top, height = (600.0, 44.0) if is_slide else (262.0, 24.0)
    stage = trace.stages[shown - 1] if shown else None
    learning = stage.trainable if stage else 0
    total = trace.stages[0].parameters
    words = f"{learning:,} of {total:,} parameters learn" if is_slide else f"{learning:,} of {total:,} learn"
    items: list[Item] = [say(f"sum {shown}", words, left, top - 0.5 * text, text, "ink", "left", is_bold=True)]
    for number, layer in enumerate(trace.stages[0].layers):
        part = width * layer.parameters / total
        learns = stage is not None and not stage.layers[number].is_frozen
        fill = "kernel" if learns else "surface"
        items.append(Box(f"part {number}", left, top, part, height, "kernel" if learns else "muted", fill, line=2))
        left += part
    return items
