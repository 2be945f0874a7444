"""Moves a network from five classes of digits to five others: which layers it takes along, and which of them learn.

The network is the course's convnet with five outputs. Its three convolutions are the base, its two dense layers the
head, which is new for every task. A frozen base computes the same features of an image each time, so that they are
computed once, and the head trains on them alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import build_model
from lectures.experiments.parts.few_images import AT_ONCE, Plan, draw_few, train_few
from lectures.experiments.parts.training import Data, Split, prepare

Array = NDArray[Any]
CONVOLUTIONS = ("conv1", "conv2", "conv3")
OLD, NEW = (0, 1, 2, 3, 4), (5, 6, 7, 8, 9)  # the classes of the first task and of the second
HEAD_RATE = 3e-3  # the learning rate of a new head on frozen features
BATCH_SIZE = 32


def of_classes(data: Data, classes: Sequence[int], train_images: int = 0) -> Split:
    """Return the images of some classes alone, labeled 0, 1, … in the order of `classes`; parts as `prepare` has them.

    train_images: how many training images of all classes to look at; 0 for all. Raises ValueError for a class without
    images to learn from, and as `prepare` does.
    """
    split = prepare(data, train_images or len(data.x_train))
    parts: dict[str, Array] = {}
    for name in ("train", "validation", "test"):
        labels = getattr(split, f"y_{name}")
        kept = np.isin(labels, classes)
        parts |= {f"x_{name}": getattr(split, f"x_{name}")[kept], f"y_{name}": np.searchsorted(classes, labels[kept])}
    if missing := set(range(len(classes))) - set(parts["y_train"].tolist()):
        raise ValueError(f"there are no images of class {classes[min(missing)]}; take more training images")
    return replace(split, **parts)


def begin(weights: Mapping[str, Any], split: Split, *, taken: int, seed: int) -> keras.Sequential:
    """Return a network for `split` whose first `taken` convolutions have trained weights; all else is random.

    weights: those of some trained networks by name, as `digits_base` returns them; seed k takes the k-th, and begins
    again behind the last. Raises ValueError for more convolutions than there are.
    """
    check_count("taken", taken)
    keras.utils.set_random_seed(seed)
    model = build_model(split.shape, split.classes)
    trained = network_of(weights, seed)
    for name in CONVOLUTIONS[:taken]:
        model.get_layer(name).set_weights([trained[name]["kernel"], trained[name]["bias"]])
    return model


def network_of(weights: Mapping[str, Any], seed: int) -> Mapping[str, Any]:
    """Return the weights of the trained network that a seed takes."""
    names = sorted(weights)
    chosen: Mapping[str, Any] = weights[names[seed % len(names)]]
    return chosen


def check_count(name: str, count: int) -> None:
    """Raise ValueError unless `count` convolutions can be taken, or frozen."""
    if not 0 <= count <= len(CONVOLUTIONS):
        raise ValueError(f"{name} is {count}; the network has {len(CONVOLUTIONS)} convolutions")


def cut(model: keras.Sequential, frozen: int) -> tuple[keras.Sequential | None, keras.Sequential]:
    """Return the network up to its `frozen`-th convolution, and the rest, as networks of the same layers.

    The first is None if nothing is frozen. Raises ValueError for more convolutions than there are.
    """
    check_count("frozen", frozen)
    if not frozen:
        return None, model
    names = [layer.name for layer in model.layers]
    place = names.index(CONVOLUTIONS[frozen - 1]) + 1
    base = keras.Sequential([keras.Input(model.input_shape[1:]), *model.layers[:place]])
    return base, keras.Sequential([keras.Input(base.output_shape[1:]), *model.layers[place:]])


def features_of(base: keras.Sequential | None, images: Array) -> Array:
    """Return what a frozen base makes of images; without one, the images."""
    return images if base is None else base.predict(images, batch_size=AT_ONCE, verbose=0)


def learn(
    model: keras.Sequential, x: Array, y: Array, *, frozen: int, rate: float, steps: int, seed: int
) -> dict[str, list[float]]:
    """Train all behind the `frozen`-th convolution in place, Adam's rate falling from `rate` along a cosine.

    Returned are the curves of `train_few`.
    """
    base, rest = cut(model, frozen)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))
    plan = Plan(steps, BATCH_SIZE)
    return train_few(rest, features_of(base, x), y, plan=plan, optimizer=optimizer, seed=seed)


def transfer(
    weights: Mapping[str, Any], split: Split, *, taken: int, frozen: int, shots: int, rate: float, steps: int, seed: int
) -> keras.Sequential:
    """Return a network that has learned from `shots` images of each class, drawn by `seed`.

    taken: how many convolutions begin with trained weights. frozen: how many do not learn. Where more are taken than
    frozen, the taken ones are frozen for `steps` first, while the head learns; then all learn that may.
    """
    model = begin(weights, split, taken=taken, seed=seed)
    few = draw_few(split.y_train, shots, seed)
    x, y = split.x_train[few], split.y_train[few]
    if taken > frozen:
        learn(model, x, y, frozen=taken, rate=HEAD_RATE, steps=steps, seed=seed)
    learn(model, x, y, frozen=frozen, rate=rate, steps=steps, seed=seed)
    return model


def share_right(model: keras.Model, images: Array, labels: Array) -> float:
    """Return the share of the images that a network names correctly."""
    answers = model.predict(images, batch_size=AT_ONCE, verbose=0).argmax(axis=1)
    return float((answers == labels).mean())


def trainable(model: keras.Sequential, frozen: int) -> int:
    """Return how many parameters learn while the first `frozen` convolutions do not."""
    return int(cut(model, frozen)[1].count_params())


def back_on_old_task(model: keras.Sequential, weights: Mapping[str, Any], seed: int) -> keras.Sequential:
    """Return the network's convolutions under the head of the first task, to see what they still know of it."""
    trained = network_of(weights, seed)
    old = build_model(model.input_shape[1:], trained["softmax"]["bias"].shape[0])
    for name in CONVOLUTIONS:
        old.get_layer(name).set_weights(model.get_layer(name).get_weights())
    for name in ("dense1", "softmax"):
        old.get_layer(name).set_weights([trained[name]["kernel"], trained[name]["bias"]])
    return old
