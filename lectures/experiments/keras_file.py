"""Evaluates a lecturer's own model from a `.keras` file and examines it like the networks of the course.

Trains nothing. The file is `path`, written `file(models/net.keras)` in a lecture; `parts/saved_model.py` says which
models are accepted.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from lectures.experiments.parts.patches import top_patches
from lectures.experiments.parts.probing import (
    activations,
    describe_network,
    influence,
    layers_of,
    output_layers,
    receptive_fields,
    silence,
    sources_of,
)
from lectures.experiments.parts.saved_model import load_network
from lectures.experiments.parts.training import Data, Split, as_input, judge

WATCHED, TOUCHED = 2000, 5  # images for counting silent channels; for turning pixels white one by one


def measure(
    *, data: Data, path: Path, digit: int = 23, images: bool = True, white: float | None = None, searched: int = 10_000
) -> dict[str, Any]:
    """Return costs and test results of the model in the `.keras` file at `path`, and what its layers respond to.

    digit: the test image whose feature maps are returned (`maps`). images: False leaves out everything that needs
    images, for a model whose input is not the dataset's. white: the model's value for the brightest pixel; by default
    the value from which a Rescaling layer at its start makes 1, else 1. searched: how many test images are searched for
    patches.

    Returned with images: label, maps (layer -> array), border (influence: height, width), silence, patches (convolution
    -> as `top_patches`; only those with square receptive fields), judged, and if it is true, what `judge` returns: the
    model is judged if it has one output, a value for each class. Raises ValueError for a file that is not accepted, or
    images that do not fit.
    """
    height, width = data.x_test.shape[1:]
    model = load_network(path, (height, width, 1) if images else None)
    facts = {"file": path.name, **describe_network(model)}
    if not images:
        return facts
    if not 0 <= digit < len(data.x_test):
        raise ValueError(f"digit is {digit}; the dataset has test images 0 to {len(data.x_test) - 1:,}")
    bright = brightest(model) if white is None else white
    return facts | {"white": bright} | look_into(model, data, digit, bright, searched) | score(model, data, bright)


def brightest(model: keras.Model) -> float:
    """Return the pixel value that the model sees as 1: 255 if it begins with Rescaling(1 / 255), 1 if unknown."""
    sources = sources_of(model)
    first, *others = (layer for layer in layers_of(model) if "input" in sources[layer.name])
    known = (
        not others and isinstance(first, keras.layers.Rescaling) and np.ndim(first.scale) == np.ndim(first.offset) == 0
    )
    return float(round((1 - first.offset) / first.scale, 6)) if known and first.scale else 1.0


def look_into(model: keras.Model, data: Data, digit: int, white: float, searched: int) -> dict[str, Any]:
    """Return the maps of one test image, the influence of each pixel, silent channels, and top patches."""
    shown = as_input(data.x_test[:WATCHED]) * np.float32(white)
    image = as_input(data.x_test[digit : digit + 1])[0] * np.float32(white)
    effect = influence(model, shown[:TOUCHED], white)
    some = slice(max(1, searched))
    found = {name: top_patches(model, name, data.x_test[some], data.y_test[some], white=white) for name in seen(model)}
    unseen = effect == 0
    return {
        "label": int(data.y_test[digit]),
        "maps": activations(model, image),
        "silence": silence(model, shown),
        "border": {
            "influence": effect,
            "digits": len(shown[:TOUCHED]),
            "pixels": effect.size,
            "unseen_pixels": int(unseen.sum()),
            "unseen_share": float(unseen.mean()),
        },
        "patches": found,
    }


def seen(model: keras.Model) -> list[str]:
    """Return the names of the convolutions whose receptive fields are square."""
    down, across = ({field.layer: field.size for field in receptive_fields(model, axis)} for axis in (0, 1))
    square = {name for name, size in down.items() if across.get(name) == size}
    return [layer.name for layer in layers_of(model) if layer.name in square and "Conv" in type(layer).__name__]


def score(model: keras.Model, data: Data, white: float) -> dict[str, Any]:
    """Return test results if the model has one output, a value for each class; raw scores go through softmax first."""
    no_images, no_labels = as_input(data.x_test[:0]), data.y_train[:0]
    # `judge` needs the test images alone; y_train helps to count the classes.
    split = Split(no_images, data.y_train, no_images, no_labels, as_input(data.x_test), data.y_test)
    if [tuple(tensor.shape[1:]) for tensor in model.outputs] != [(split.classes,)]:
        return {"judged": False}
    shown = keras.Input(split.x_test.shape[1:])
    answers = model(keras.layers.Rescaling(white)(shown))
    if gives_scores(output_layers(model)[0]):
        answers = keras.layers.Softmax()(answers)
    return {"judged": True, **judge(keras.Model(shown, answers), split)}


def gives_scores(last: keras.Layer) -> bool:
    """Return whether the last layer gives raw scores (logits), from which softmax makes probabilities."""
    linear = keras.activations.linear
    return not isinstance(last, keras.layers.Softmax) and getattr(last, "activation", linear) is linear
