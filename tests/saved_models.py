"""Small models that are saved in files, and images of noise that they are shown."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SIZE, CLASSES = 16, 3


@dataclass(frozen=True)
class Noise:
    """Images of noise, each class brighter than the one before."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    digest: str = ""


def noise(count: int = 40) -> Noise:
    """Return `count` images to train on, and the same to be judged by."""
    random = np.random.default_rng(0)
    labels = (np.arange(count) % CLASSES).astype(np.uint8)
    images = random.integers(0, 86, (count, SIZE, SIZE)) + 85 * labels[:, None, None]
    return Noise(images.astype(np.uint8), labels, images.astype(np.uint8), labels)


def save(layers: list[Any], folder: Path, shape: tuple[Any, ...] = (SIZE, SIZE, 1)) -> tuple[Any, Path]:
    """Return a model of `layers`, with weights of one seed, and the file that it is saved in."""
    import keras

    model = keras.Sequential([keras.Input(shape), *layers])
    random = np.random.default_rng(2)
    for layer in model.layers:
        if type(layer).__name__ == "BatchNormalization":  # untrained, it would do nothing
            layer.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in layer.get_weights()])
        else:
            layer.set_weights([random.normal(0, 0.3, weight.shape) for weight in layer.get_weights()])
    model.save(folder / "mine.keras")
    return model, folder / "mine.keras"


def convnet() -> list[Any]:
    """Return the layers of a small network with a bit of everything."""
    from keras import layers

    return [
        layers.Conv2D(8, 3, use_bias=False, name="conv1"), layers.BatchNormalization(name="norm"),
        layers.Activation("relu", name="relu"), layers.MaxPooling2D(3, name="pool1"), layers.Dropout(0.2, name="drop"),
        layers.Conv2D(8, 3, padding="same", activation="tanh", name="conv2"),
        layers.AveragePooling2D(2, strides=1, name="pool2"), layers.Flatten(name="flatten"),
        layers.Dense(CLASSES, name="scores"),
    ]  # fmt: skip


def stacks() -> dict[str, list[Any]]:
    """Return stacks of windows of every kind."""
    from keras import layers

    return {
        "plain": convnet()[:-2],
        "strided": [layers.Conv2D(4, 3, strides=2, padding="same"), layers.Conv2D(4, 5, strides=(2, 1))],
        "narrow": [layers.Conv2D(4, (3, 1)), layers.AveragePooling2D((1, 2)), layers.Conv2D(4, (1, 5), padding="same")],
        "dilated": [layers.Conv2D(4, 3, dilation_rate=2), layers.Conv2D(4, 3, dilation_rate=(1, 2), padding="same")],
        "depthwise": [layers.DepthwiseConv2D(3, depth_multiplier=2), layers.Conv2D(4, 1, groups=2)],
        "separable": [layers.SeparableConv2D(4, 3), layers.SeparableConv2D(6, 3, padding="same", use_bias=False)],
    }


def measure(path: Path, **options: Any) -> dict[str, Any]:
    """Return what is measured of a file."""
    from lectures.experiments.keras_file import measure

    return measure(data=noise(), path=path, **({"digit": 4, "searched": 30} | options))


def refusal(path: Path, **options: Any) -> str:
    """Return what is said of a file that is not taken: one line, and one hint."""
    with pytest.raises(ValueError, match="; ") as caught:
        measure(path, **options)
    said = str(caught.value)
    assert "\n" not in said
    assert said.count("; ") == 1
    return said


def repack(path: Path, changes: dict[str, bytes | None], **compression: Any) -> Path:
    """Write a .keras file again, with other content in some of its parts; None leaves a part away."""
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()} | changes
    with zipfile.ZipFile(path, "w", **compression) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def traced(kind: str, arguments: Sequence[str], results: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the module of a figure kind and its trace of what was measured of a model.

    arguments: what the kind is given, such as `layers`, or `maps of conv1`.
    """
    wholes = {
        "layers": {"layers": results["layers"]}, "maps": {"maps": results["maps"]},
        "image": {"image": results["maps"]["input"]}, "influence": {"influence": results["border"]["influence"]},
        "costs": {"names": ["mine"], "parameters": [results["parameters"]], "macs": [results["macs"]]},
    }  # fmt: skip
    parameters = {"maps": "maps", "patches": "found"}  # of a single layer
    given: dict[str, Any] = {}
    for argument in arguments:
        group, _, layer = argument.partition(" of ")
        given |= {parameters[group]: results[group][layer]} if layer else wholes[argument]
    figure = import_module(f"figures.{kind}")
    return figure, figure.trace(**given)
