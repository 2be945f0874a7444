"""A network from left to right: a real digit goes in, real feature maps in between, probabilities out.

Every size and count is read from `layers`, which an experiment reads from its Keras model; nothing is typed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from figures.description import Description
from generator.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]
NEEDED = ("name", "kind", "output_shape", "parameters", "macs")
ROOMY, MOST = 9, 14  # columns: so many have room for whole words, and so many fit a slide


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as the drawing needs it; `shape` is what it gives, without the batch."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    window: tuple[int, ...]  # kernel or pool size, rows and columns; (): none
    activation: str
    values: Array | None

    @property
    def is_map(self) -> bool:
        """Whether the layer gives maps (height, width, channels) rather than a row of numbers."""
        return len(self.shape) == 3

    @property
    def keeps(self) -> bool:
        """Whether the layer only changes values in place: a normalization, an activation function, dropout."""
        return not self.window and self.kind not in ("Input", "Dense", "Flatten", "Reshape")

    @property
    def size(self) -> str:
        """The shape as it is said: 26 × 26 × 32."""
        return " × ".join(f"{n:,}" for n in self.shape)


@dataclass(frozen=True, slots=True)
class ArchitectureTrace:
    """The layers in order, the first one standing for the input."""

    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def macs(self) -> int:
        """Multiplications with a sum for one input."""
        return sum(layer.macs for layer in self.layers)

    @property
    def columns(self) -> tuple[Layer, ...]:
        """What is drawn: the layers; where they are many, those that keep shapes are one with the layer before."""
        if len(self.layers) <= ROOMY:
            return self.layers
        columns = [self.layers[0]]
        for layer in self.layers[1:]:
            if layer.keeps and layer.shape == columns[-1].shape:
                columns[-1] = _join(columns[-1], layer)
            else:
                columns.append(layer)
        return tuple(columns)


def trace(*, layers: Sequence[Mapping[str, Any]], maps: Mapping[str, Array] | None = None) -> ArchitectureTrace:
    """Return the network of `layers` (a list as `mnist_convnet.layers`), with what each gives for one digit.

    maps: arrays by layer name, and `input`, as `mnist_convnet.maps`; without it the stacks stay empty.
    Raises ValueError where a layer lacks something, a map has another shape than its layer, or a slide has no room.
    """
    if not layers:
        raise ValueError("layers is empty; give the layers of a network, such as mnist_convnet.layers")
    for layer in layers:
        missing = [name for name in (*NEEDED, "input_shape") if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
    maps = maps or {}
    first = Layer("input", "Input", tuple(layers[0]["input_shape"]), 0, 0, (), "", maps.get("input"))
    read = ArchitectureTrace((first, *(_read(layer, maps.get(layer["name"])) for layer in layers)))
    if len(read.columns) > MOST:
        raise ValueError(
            f"the input and {len(read.columns) - 1} layers stand side by side, and {MOST} columns fit a slide; "
            f"give a part of the layers, such as net.layers[:{MOST - 1}]"
        )
    return read


def _join(column: Layer, layer: Layer) -> Layer:
    """Return one column for two layers: what the second one gives, and what both cost; an input stays as it is."""
    values = column.values if column.kind == "Input" or layer.values is None else layer.values
    parameters, macs = column.parameters + layer.parameters, column.macs + layer.macs
    return replace(column, values=values, parameters=parameters, macs=macs)


def _read(layer: Mapping[str, Any], values: Array | None) -> Layer:
    shape = tuple(layer["output_shape"])
    if values is not None and values.shape != shape:
        raise ValueError(f"{layer['name']} gives {shape}, its map is {values.shape}; take layers and maps of one run")
    size = layer.get("kernel_size", ())
    window = (size, size) if isinstance(size, int) else tuple(size)
    return Layer(
        layer["name"], layer["kind"], shape, layer["parameters"], layer["macs"],
        window, layer.get("activation", ""), values,
    )  # fmt: skip


def describe(trace: ArchitectureTrace) -> Description:
    """Return the network in words: each layer's output and parameters, and the sums."""
    first, *rest = trace.layers
    each = (f"{layer.name} ({layer.kind}) gives {layer.size}, {layer.parameters:,} parameters" for layer in rest)
    alt = (
        f"A network of {len(rest)} layers takes {first.size}. {'; '.join(each)}. "
        f"In all {trace.parameters:,} parameters and {trace.macs:,} multiplications."
    )
    last = rest[-1]
    facts: dict[str, object] = {"parameters": trace.parameters, "macs": trace.macs, "layers": len(rest)}
    if last.values is not None and last.values.ndim == 1:
        measure = "probability" if is_odds(last.values) else "score"
        facts |= {"answer": int(last.values.argmax()), measure: float(last.values.max())}
        alt += f" The answer to the digit shown is {facts['answer']} with {measure} {facts[measure]:.2f}."
    return Description(alt, (), facts)


def is_odds(values: Array) -> bool:
    """Return whether a row of numbers are probabilities: none negative, all of them 1 together."""
    return bool(values.min() >= 0 and abs(float(values.sum()) - 1) < 0.01)


def draw(trace: ArchitectureTrace, theme: Theme) -> "Figure":
    """Return the network: pictures above, a column of numbers a layer below."""
    from figures import network

    return network.draw_network(trace.columns, theme, _sums(trace), _note(trace))


def _sums(trace: ArchitectureTrace) -> str:
    return f"{trace.parameters:,} parameters · {trace.macs:,} multiplications for one image"


def _note(trace: ArchitectureTrace) -> str:
    """Return which layers have no column of their own."""
    joined = len(trace.columns) < len(trace.layers)
    return "layers that keep sizes stand with the layer before" if joined else ""
