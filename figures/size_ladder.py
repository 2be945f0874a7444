"""How a network's maps shrink: every map as a square to scale, and the cells that a layer drops hatched in its input.

Sizes do not halve: 11 pools to 5, and the eleventh row and column are never looked at. Not to be mistaken for the
network's cost: a small map with many channels can be the dearest layer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from figures import plates
from figures.arithmetic import Pair
from figures.description import Description
from figures.sliding import times

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from generator.theme import Theme

NEEDED = ("name", "kind", "input_shape", "output_shape")
MOST = 8  # rungs that fit a slide
WORDS = {"Conv2D": "conv", "DepthwiseConv2D": "depthwise", "MaxPooling2D": "max", "AveragePooling2D": "average"}


@dataclass(frozen=True, slots=True)
class Rung:
    """One layer with a window: sizes are (height, width). dropped: last rows and columns of the input never seen.

    kernel_size: how far the window reaches, the holes of a dilated one included.
    """

    name: str
    kind: str
    kernel_size: int
    strides: int
    padding: str
    before: Pair
    after: Pair
    channels: int
    dilation: int = 1

    @property
    def used(self) -> Pair:
        """How many rows and columns from the first on the windows reach over, zeros of the padding included."""
        return self._reach(self.after[0]), self._reach(self.after[1])

    def _reach(self, places: int) -> int:
        return (places - 1) * self.strides + self.kernel_size

    @property
    def dropped(self) -> Pair:
        """How many last rows and columns of the input no window reaches."""
        return max(0, self.before[0] - self.used[0]), max(0, self.before[1] - self.used[1])

    @property
    def drops(self) -> tuple[str, ...]:
        """What is dropped in words: 1 row, 1 column; nothing where all is used."""
        pairs = zip(self.dropped, ("row", "column"), strict=True)
        return tuple(plates.count_noun(number, noun) for number, noun in pairs if number)

    @property
    def operation(self) -> str:
        """The window and what it does: 3 × 3 conv."""
        word = WORDS.get(self.kind, self.kind)
        step = "" if self.strides == (1 if "Conv" in self.kind else self.kernel_size) else f", stride {self.strides}"
        holes = "" if self.dilation == 1 else f", dilation {self.dilation}"
        side = (self.kernel_size - 1) // self.dilation + 1
        return f"{side} × {side} {word}{step}{holes}"

    @property
    def formula(self) -> str:
        """The calculation of the height."""
        size, reach, step = self.before[0], self.kernel_size, self.strides
        if self.padding == "same":
            return f"⌈{size} / {step}⌉" if step > 1 else "same"
        if step == 1:
            return f"{size} − {reach} + 1"
        return f"⌊{size} / {step}⌋" if step == reach else f"⌊({size} − {reach}) / {step}⌋ + 1"


@dataclass(frozen=True, slots=True)
class SizeLadderTrace:
    """The first map's size and channels, and a rung for each layer with a window."""

    size: Pair
    channels: int
    rungs: tuple[Rung, ...]

    @property
    def maps(self) -> tuple[Pair, ...]:
        """The sizes of all maps, the input's first."""
        return self.size, *(rung.after for rung in self.rungs)


def trace(*, layers: Sequence[Mapping[str, Any]]) -> SizeLadderTrace:
    """Return the sizes of all maps of a network: `layers` is a list as `mnist_convnet.layers`, read from a Keras model.

    Layers without a window (dropout, activation) are passed over; the ladder ends where maps end (Flatten, Dense).
    Raises ValueError where a layer lacks something, sizes contradict the layer, or there are too many for a slide.
    """
    if isinstance(layers, Mapping) or not len(layers):
        raise ValueError("layers is no list of layers; give the layers of a network, such as mnist_convnet.layers")
    for layer in layers:
        missing = [name for name in NEEDED if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
    rungs = tuple(_read(layer) for layer in _take_maps(layers) if "kernel_size" in layer)
    if not 1 <= len(rungs) <= MOST:
        raise ValueError(f"{len(rungs)} layers have windows; give a network with 1 to {MOST} convolutions and poolings")
    *size, channels = layers[0]["input_shape"]
    return SizeLadderTrace((int(size[0]), int(size[1])), int(channels), rungs)


def _take_maps(layers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the first layers that take and give maps (height, width, channels)."""
    taken = []
    for layer in layers:
        if len(layer["input_shape"]) != 3 or len(layer["output_shape"]) != 3:
            break
        taken.append(layer)
    return taken


def _read(layer: Mapping[str, Any]) -> Rung:
    """Return a layer as a rung, its output's size checked against its window."""
    size, step, holes = (plates.read_side(layer, name) for name in ("kernel_size", "strides", "dilation"))
    size, padding = (size - 1) * holes + 1, str(layer.get("padding", "valid"))
    before, after = (_pair(layer[key]) for key in ("input_shape", "output_shape"))
    room = [-(-n // step) if padding == "same" else (n - size) // step + 1 for n in before]
    if (room[0], room[1]) != after:
        raise ValueError(
            f"{layer['name']} gives {times(after)}, but a window of {size} with stride {step} makes "
            f"{times(room)} of {times(before)}; give the layers as the model says them"
        )
    return Rung(layer["name"], layer["kind"], size, step, padding, before, after, int(layer["output_shape"][2]), holes)


def _pair(shape: Sequence[int]) -> Pair:
    return int(shape[0]), int(shape[1])


def describe(trace: SizeLadderTrace) -> Description:
    """Return every layer with its window, the sizes before and after, and what it drops."""
    words = "; ".join(_say(rung) for rung in trace.rungs)
    sizes = [height for height, _ in trace.maps]
    alt = f"The maps of a network as squares to scale, {' → '.join(map(str, sizes))} cells high: {words}."
    facts: dict[str, object] = {
        "sizes": sizes,
        "first": sizes[0],
        "last": sizes[-1],
        "dropped": {rung.name: {"rows": rung.dropped[0], "columns": rung.dropped[1]} for rung in trace.rungs},
        "formula": {rung.name: f"{rung.formula} = {rung.after[0]}" for rung in trace.rungs},
    }
    return Description(alt, (), facts)


def _say(rung: Rung) -> str:
    """Return one layer in words."""
    dropped = f" and drops {' and '.join(rung.drops)}" if rung.drops else ""
    return f"{rung.name} ({rung.operation}) makes {times(rung.after)} of {times(rung.before)}{dropped}"


def draw(trace: SizeLadderTrace, theme: "Theme") -> "Figure":
    """Return the maps on one line from left to right, each layer over its arrow, sizes and what is dropped below."""
    from figures.size_ladder_plate import draw_ladder

    return draw_ladder(trace, theme)
