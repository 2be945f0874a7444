"""Asks of each channel of a network in a page what it looks for, and what is lost without it.

Trains nothing. Takes the network that `page_network` takes, and rounds it likewise, so that both speak of one network.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.keras_file import brightest
from lectures.experiments.mnist_convnet import restore
from lectures.experiments.page_network import classify
from lectures.experiments.parts.page_network import round_weights, write_network
from lectures.experiments.parts.page_pictures import pack_pictures
from lectures.experiments.parts.patches import answering_layer, cut_patches, strongest_places
from lectures.experiments.parts.probing import Field, layers_of, receptive_fields
from lectures.experiments.parts.saved_model import load_network
from lectures.experiments.parts.silencing import silence_channels
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]
LEVELS = 4  # shades of gray that are left of a patch: a page holds a thousand of them in some ten kB


def measure(
    *,
    data: Data,
    weights: Mapping[str, Any] | None = None,
    path: Path | None = None,
    digit: int = 23,
    judged_on: int = 1000,
    patches: int = 4,
) -> dict[str, Any]:
    """Return what each channel of every layer with weights and maps looks for, and the answers without it.

    weights, path: as for `page_network`. digit: the test image that is answered without a channel. judged_on: how many
    test images, the first, are. patches: how many are kept of each channel.

    network, digit: digests of its rounded weights and of the image. layers: their name, how many channels they have,
    and the height and width of a patch. packed: by layer the patches of real test images that excite each channel most,
    channel by channel, strongest first, as `pack_pictures` packs them, with their classes; searched: in how many images
    they were looked for. silenced: of all channels, and of the channel of each layer without which the fewest answers
    are right (numbered from 1, as in the page): how many of the `judged_on` are right, the answer to the digit, and the
    probability of its class. Raises ValueError if both or neither network is given, for one that a page cannot compute,
    for one without such layers, and for more images than there are.
    """
    if (weights is None) == (path is None):
        raise ValueError("one network is needed; give either weights or path")
    if not 1 <= judged_on <= len(data.x_test):
        raise ValueError(f"judged_on is {judged_on}; the data have {len(data.x_test)} test images")
    model = restore(weights) if weights is not None else load_network(Path(str(path)), (*data.x_test.shape[1:], 1))
    white = np.float32(brightest(model))
    round_weights(model)
    images, labels = as_input(data.x_test) * white, data.y_test
    fields = [field for field in receptive_fields(model) if has_channels(model, field.layer)]
    if not fields:
        raise ValueError("no layer of the network has weights and maps; take one with a convolution")
    across = {field.layer: field for field in receptive_fields(model, 1)}
    found = {field.layer: cut(model, field, across[field.layer], images, data, patches) for field in fields}
    return {
        "network": sha256(write_network(model)["weights"].tobytes()).hexdigest(),
        "digit": sha256(images[digit].tobytes()).hexdigest(),
        "searched": len(images),
        "patches": patches,
        "levels": LEVELS,
        "layers": [describe(name, cuts) for name, (cuts, _) in found.items()],
        "packed": {name: pack(cuts, classes) for name, (cuts, classes) in found.items()},
        "silenced": {
            "judged_on": judged_on,
            "label": int(labels[digit]),
            **judge(model, list(found), images[:judged_on], labels[:judged_on], (images[digit], int(labels[digit]))),
        },
    }


def has_channels(model: keras.Model, name: str) -> bool:
    """Return whether a layer has weights, and maps behind it."""
    layers = {layer.name: layer for layer in layers_of(model)}
    is_normalization = name in layers and isinstance(layers[name], keras.layers.BatchNormalization)
    return (
        name in layers and bool(layers[name].weights) and len(layers[name].output.shape) == 4 and not is_normalization
    )


def cut(model: keras.Model, field: Field, across: Field, images: Array, data: Data, count: int) -> tuple[Array, Array]:
    """Return the strongest patches of each channel, uint8 (channels, count, height, width), and their classes."""
    places = strongest_places(model, answering_layer(model, field.layer), images, count)
    return cut_patches(data.x_test, places, field, across), data.y_test[places.numbers]


def describe(name: str, cuts: Array) -> dict[str, Any]:
    """Return the facts of a layer whose channels have patches."""
    return {"name": name, "channels": len(cuts), "patch": list(cuts.shape[2:])}


def pack(cuts: Array, classes: Array) -> Array:
    """Return patches as `pack_pictures` packs them, with `LEVELS` shades of gray."""
    rounded = np.rint(cuts / 255 * (LEVELS - 1)).astype(np.uint8)
    return pack_pictures(rounded.reshape(-1, *cuts.shape[2:]), classes.ravel(), LEVELS)


def judge(
    model: keras.Model, names: list[str], images: Array, labels: Array, digit: tuple[Array, int]
) -> dict[str, Any]:
    """Return how a network answers with all channels (`all`), and without the most needed one of each layer, `rows`."""
    image, label = digit
    rows = []
    for name in names:
        silenced, choose = silence_channels(model, name)
        right = []
        for channel in range(model.get_layer(name).output.shape[-1]):
            choose(channel)
            right.append(int((classify(silenced, images).argmax(axis=1) == labels).sum()))
        most = int(np.argmin(right))
        choose(most)
        rows.append({"layer": name, "channel": most + 1, "right": right[most], **answer(silenced, image, label)})
    right_with_all = int((classify(model, images).argmax(axis=1) == labels).sum())
    return {"all": {"right": right_with_all, **answer(model, image, label)}, "rows": rows}


def answer(model: keras.Model, image: Array, label: int) -> dict[str, Any]:
    """Return what a network answers for one image, and how probable it says its class is."""
    shares = classify(model, image[None])[0]
    return {"answer": int(shares.argmax()), "share": float(shares[label])}
