"""Takes channels out of a trained network: their values become zero, whatever they were, and nothing else changes."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np


class Mask(keras.layers.Layer):  # type: ignore[misc]
    """Multiplies each channel by a number, at first 1."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Add the numbers, one for each channel."""
        self.kept = self.add_weight(shape=(shape[-1],), initializer="ones", trainable=False, name="kept")

    def call(self, inputs: Any) -> Any:
        """Return the inputs with each channel times its number."""
        return inputs * self.kept


def silence_channels(model: keras.Model, name: str) -> tuple[keras.Model, Callable[[int | None], None]]:
    """Return a network with the same layers and weights, and a function that silences a channel of layer `name` in it.

    The function takes the number of the channel, from 0, or None for none; before it is called all channels speak.
    Silenced is what the layer hands on, behind its own activation function.
    """
    mask = Mask()

    def call(layer: keras.Layer, *inputs: Any, **options: Any) -> Any:
        output = layer(*inputs, **options)
        return mask(output) if layer.name == name else output

    whole = keras.Model(model.inputs, model.outputs)
    silenced = keras.models.clone_model(whole, clone_function=lambda layer: layer, call_function=call)

    def choose(channel: int | None) -> None:
        kept = np.ones(mask.kept.shape, np.float32)
        if channel is not None:
            kept[channel] = 0
        mask.kept.assign(kept)

    return silenced, choose
