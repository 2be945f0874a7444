"""Examines a trained convnet: what it relies on, how its units are built, how it separates classes, what it sees.

Takes the weights that `mnist_convnet` returned and trains nothing: five examinations of the same network.
"""

from collections.abc import Mapping
from typing import Any

import keras

from lectures.experiments.mnist_convnet import build_model, restore
from lectures.experiments.parts.hierarchy import trace_unit
from lectures.experiments.parts.maximizing import ascend_carelessly, maximize
from lectures.experiments.parts.occluding import first_right, occlude
from lectures.experiments.parts.patches import top_patches
from lectures.experiments.parts.reaching import reach
from lectures.experiments.parts.separation import separate
from lectures.experiments.parts.training import Data, as_input

KNOWN, ASKED = 4000, 2000  # images whose classes are given, and images classified by their neighbors
AVERAGED = 500  # images over which a unit's effective receptive field is averaged


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any],
    seed: int = 0,
    size: int = 5,
    traced: int = 8,
    steps: int = 200,
    channels: int = 6,
) -> dict[str, Any]:
    """Return what is found in the network with `weights`, given as `mnist_convnet.weights`: layer -> kernel and bias.

    seed: for the noise that generated images start from, and for the untrained network that serves as a control (the
    same digits with the same squares hidden). size: side of the hidden square, in pixels. traced: the class of the
    digit whose strongest unit is traced back to its parts. steps, channels: for the images generated to excite a
    channel.
    """
    model = restore(weights)
    images, labels = as_input(data.x_test), data.y_test
    known = as_input(data.x_train[:KNOWN]), data.y_train[:KNOWN]
    numbers = first_right(model, images, labels)
    number = digit_of(traced, numbers, labels)
    keras.utils.set_random_seed(seed)
    untrained = build_model(classes=len(weights["softmax"]["bias"]))
    best = top_patches(model, "conv3", data.x_test, labels, channels=channels)
    return {
        "seed": seed,
        "tested_on": len(images),
        "occlusion": occlude(model, images, labels, numbers, size=size),
        "occlusion_control": occlude(untrained, images, labels, numbers, size=size),
        "hierarchy": {"label": traced, "number": number, **trace_unit(model, images[number])},
        "separation": separate(model, known, (images[:ASKED], labels[:ASKED])),
        "maximized": maximize(model, best, channels=channels, steps=steps, seed=seed),
        "careless": ascend_carelessly(model, images, seed=seed),
        "reach": reach(model, images[:AVERAGED]),
    }


def digit_of(label: int, numbers: Any, labels: Any) -> int:
    """Return the first of the image `numbers` whose class is `label`; raise ValueError if there is none."""
    found = [int(number) for number in numbers if labels[number] == label]
    if not found:
        raise ValueError(f"traced is {label}; the network gets none of that class right, take another")
    return found[0]
