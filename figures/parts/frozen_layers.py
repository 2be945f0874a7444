"""A network's layers, of which some are frozen: their parameters no longer change in training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from figures.parts.graph import refuse_branches

NEEDED = ("name", "kind", "parameters")
MOST = 10  # layers in a row


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name, its class in Keras, its number of weights and biases, and whether they are frozen."""

    name: str
    kind: str
    parameters: int
    is_frozen: bool

    @property
    def trainable(self) -> int:
        """How many of its parameters still learn."""
        return 0 if self.is_frozen else self.parameters


@dataclass(frozen=True, slots=True)
class FrozenLayers:
    """The layers of a network in order."""

    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """The number of all weights and biases."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def trainable(self) -> int:
        """How many of them still learn: the size of Keras's `trainable_weights`."""
        return sum(layer.trainable for layer in self.layers)


def read_layers(*, layers: Sequence[Mapping[str, Any]], frozen: Sequence[str] = ()) -> FrozenLayers:
    """Return the layers of a network (such as `mnist_convnet.layers`); those in `frozen` have `trainable = False`.

    All parameters of a layer that is not frozen must be trainable. Raises ValueError for BatchNormalization, whose
    moving averages are not, for branches, and for a name in `frozen` that is not a layer's.
    """
    if not 1 <= len(layers) <= MOST:
        raise ValueError(f"there are {len(layers)} layers; 1 to {MOST} fit a slide")
    for layer in layers:
        missing = [name for name in NEEDED if name not in layer]
        if missing:
            raise ValueError(f"a layer has no {missing[0]}; give the layers of a network, such as mnist_convnet.layers")
        if layer["kind"] == "BatchNormalization":
            raise ValueError("BatchNormalization has numbers that never learn by gradient; give a network without it")
    refuse_branches(layers, "a row of locks")
    names = [str(layer["name"]) for layer in layers]
    for name in frozen:
        if name not in names:
            near = get_close_matches(name, names, 1) or [", ".join(names)]
            raise ValueError(f"there is no layer {name!r} to freeze; there is {near[0]}")
    return FrozenLayers(tuple(_read(layer, frozen) for layer in layers))


def _read(layer: Mapping[str, Any], frozen: Sequence[str]) -> Layer:
    """Return one layer."""
    return Layer(str(layer["name"]), str(layer["kind"]), int(layer["parameters"]), layer["name"] in frozen)
