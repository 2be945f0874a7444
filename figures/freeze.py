"""Which layers of a network still learn: a closed lock on those that are frozen, an open one on those that are not.

A frozen layer computes as before, but its parameters no longer change; freezing saves no multiplications when the
network is used. A layer without parameters has nothing to freeze, and so no lock.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from figures.parts.frozen_layers import FrozenLayers, Layer, read_layers
from figures.parts.words import Description, count_noun, write_percent
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


TOP, HEIGHT = 0.75, 2.5  # inches: top and height of the boxes
WIDTH, GAP = 12.3, 0.3  # inches: width of the row and of the bar, gap between boxes
BAR = 4.75  # inches: top of the bar


def trace(*, layers: Sequence[Mapping[str, Any]], frozen: Sequence[str] = ()) -> FrozenLayers:
    """Return the layers of a network (such as `mnist_convnet.layers`); those in `frozen` have `trainable = False`.

    All parameters of a layer that is not frozen must be trainable. Raises ValueError for BatchNormalization, whose
    moving averages are not, for branches, and for a name in `frozen` that is not a layer's.
    """
    return read_layers(layers=layers, frozen=frozen)


def describe(trace: FrozenLayers) -> Description:
    """Return each layer's state in words, and how many of all parameters still learn."""
    each = "; ".join(f"{layer.name} ({layer.kind}) {_say(layer)}" for layer in trace.layers)
    share = trace.trainable / max(1, trace.parameters)
    alt = (
        f"A network of {count_noun(len(trace.layers), 'layer')}: {each}. {trace.trainable:,} of "
        f"{trace.parameters:,} parameters learn ({write_percent(share, 1)})."
    )
    facts = {
        "trainable": trace.trainable,
        "frozen": trace.parameters - trace.trainable,
        "parameters": trace.parameters,
        "share": share,
    }
    return Description(alt, (), facts)


def _say(layer: Layer) -> str:
    """Return the state of one layer in words."""
    if not layer.parameters:
        return "has no parameters"
    return (
        f"is frozen, {layer.parameters:,} parameters" if layer.is_frozen else f"learns {layer.parameters:,} parameters"
    )


def draw(trace: FrozenLayers, theme: Theme) -> "Figure":
    """Return the layers as a row of boxes with locks, and below it a bar that shows what share of them learns."""
    from figures.parts import still

    figure = still.new_figure(theme, height=5.75)
    sheet = still.new_sheet(figure)
    step = min(2.2, (WIDTH + GAP) / len(trace.layers))
    left = (12.8 - step * len(trace.layers) + GAP) / 2
    for place, layer in enumerate(trace.layers):
        x, width = left + place * step, step - GAP
        _draw_layer(sheet, layer, theme, (x, width))
        if place:
            arrow = ((x - GAP + 0.04, TOP + HEIGHT / 2), (x - 0.04, TOP + HEIGHT / 2))
            head = [((arrow[1][0] - 0.08, arrow[1][1] + side), arrow[1]) for side in (-0.06, 0.06)]
            still.rule(sheet, [arrow, *head], color=theme.muted, linewidth=still.LINE)
    _draw_bar(sheet, trace, theme)
    return figure


def _draw_layer(sheet: "Axes", layer: Layer, theme: Theme, where: tuple[float, float]) -> None:
    """Draw one box: name, lock, state, parameters; only a layer that learns is colored."""
    from figures.parts import still
    from figures.parts.still import write_fitted

    (left, width), has_lock = where, layer.parameters > 0
    middle = left + width / 2
    color = theme.padding if layer.is_frozen or not has_lock else theme.kernel
    fill = theme.kernel_tint if has_lock and not layer.is_frozen else theme.surface
    still.box(sheet, left, TOP, width, HEIGHT, facecolor=fill, edgecolor=color, linewidth=still.LINE)
    write_fitted(sheet, (middle, TOP - 0.16, width + GAP - 0.06), layer.name, color=theme.ink, bold=True)
    if has_lock:
        draw_lock(sheet, theme, (middle, TOP + 1.05), is_closed=layer.is_frozen)
        state, shade = ("frozen", theme.muted) if layer.is_frozen else ("learns", theme.ink)
        write_fitted(sheet, (middle, TOP + 1.75, width - 0.08), state, color=shade, bold=True)
        write_fitted(sheet, (middle, TOP + 2.15, width - 0.08), f"{layer.parameters:,}", color=theme.ink)
    else:
        write_fitted(sheet, (middle, TOP + 2.15, width - 0.08), "0", color=theme.muted)


def draw_lock(sheet: "Axes", theme: Theme, middle: tuple[float, float], *, is_closed: bool) -> None:
    """Draw a padlock 0.5 inches wide, its shackle closed, or lifted and turned aside."""
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path

    x, y = middle
    color = theme.padding if is_closed else theme.kernel
    body = Rectangle((x - 0.25, y - 0.06), 0.5, 0.4, facecolor=color, edgecolor="none", clip_on=False)
    sheet.add_patch(body)
    start, end, lift = (x - 0.16, x + 0.16, 0.0) if is_closed else (x + 0.13, x + 0.45, 0.06)
    foot = y - 0.06
    top = foot - 0.42 - lift
    corners = [(start, foot), (start, foot - 0.2 - lift), (start, top), (end, top), (end, foot - 0.2 - lift)]
    codes = [Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO]
    shackle = Path([*corners, (end, foot if is_closed else foot - 0.12 - lift)], codes)
    sheet.add_patch(PathPatch(shackle, facecolor="none", edgecolor=color, linewidth=5, capstyle="butt", clip_on=False))
    hole = Rectangle((x - 0.03, y + 0.07), 0.06, 0.15, facecolor=theme.paper, edgecolor="none", clip_on=False)
    sheet.add_patch(hole)


def _draw_bar(sheet: "Axes", trace: FrozenLayers, theme: Theme) -> None:
    """Draw all parameters as one bar, in the order of the layers: hatched if frozen, solid if they learn."""
    from figures.parts import still

    left = (12.8 - WIDTH) / 2
    words = [(f"{trace.trainable:,}", theme.kernel), (f" of {trace.parameters:,} parameters learn", theme.ink)]
    still.write_runs(sheet, left, BAR - 0.3, words, points=still.HEADING + 3, bold=True)
    x = left
    for layer in trace.layers:
        width = WIDTH * layer.parameters / max(1, trace.parameters)
        color = theme.padding if layer.is_frozen else theme.paper
        fill = theme.surface if layer.is_frozen else theme.kernel
        hatch = "//" if layer.is_frozen else ""
        if width:
            still.box(sheet, x, BAR, width, 0.4, facecolor=fill, edgecolor=color, linewidth=still.HAIR, hatch=hatch)
        x += width
    note = "in each box: its parameters; the bar: all of them, layer by layer, the frozen ones hatched"
    still.write(sheet, left, BAR + 0.72, note, color=theme.muted, points=still.MIN_TEXT)
