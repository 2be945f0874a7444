"""What a trained convnet relies on, what its units are made of, how it untangles its classes, what it can see.

Takes the weights that `mnist_convnet` has measured and trains nothing: five looks at one and the same network.
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

KNOWN, ASKED = 4000, 2000  # images with and without a class, when neighbors are looked for
AVERAGED = 500  # images over which the reach of a unit is measured


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
    """Return what is found in the network of `weights`, as `mnist_convnet.weights`: layer -> kernel and bias.

    seed: of the noise that images are made from, and of the untrained network that is the control: the same digits with
    the same squares hidden. size: of the square, in pixels. traced: the class of the digit whose strongest unit is
    taken apart. steps, channels: of the images made to excite a channel.
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
    """Return which of the images `numbers` is of class `label`; raise ValueError where none is."""
    found = [int(number) for number in numbers if labels[number] == label]
    if not found:
        raise ValueError(f"traced is {label}; the network gets none of that class right, take another")
    return found[0]
