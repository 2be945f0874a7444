"""Trains the convnet of the course on a few images of each class, with or without a remedy against overfitting."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import build_model
from lectures.experiments.parts.few_images import Plan, draw_few, train_few
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]
PEAK = 6e-3  # of the learning rate
STEPS, BATCH_SIZE = 200, 32
WATCHED = 500  # training images at the end of the file that no draw takes: they may watch, as test images may not
SHIFT, TURN, ZOOM = 0.1, 1 / 24, 0.15  # shares of the image's sides, of a full turn (15 degrees), of the size
AT_ONCE = 200  # test images of one batch
SWAPS = {"two_five": (2, 5), "six_nine": (6, 9)}  # classes that a flip, or half a turn, makes look alike


@dataclass(frozen=True, slots=True)
class Way:
    """A way to train on few images: what is done to them, what share of values is dropped, how weights decay.

    augment: one of AUGMENTATIONS; dropout: behind `flatten` and behind `dense1`; weight_decay: of AdamW (Loshchilov &
    Hutter 2019), which draws every kernel (no bias) toward zero by this times the learning rate, in each step.
    """

    augment: str = "none"
    dropout: float = 0.0
    weight_decay: float = 0.0


def measure(
    *,
    data: Data,
    seed: int = 0,
    per_class: int = 20,
    steps: int = STEPS,
    augment: str = "none",
    dropout: float = 0.0,
    weight_decay: float = 0.0,
) -> dict[str, Any]:
    """Return how well the network names all test images after so many steps on `per_class` images of each class.

    training: loss and accuracy on the images that it has learned from, as at use. loss, accuracy, errors: on the test
    images, once. recall (classes,): the share of each class that is named rightly; confusion (classes, classes): rows
    are the true classes. swapped: for pairs of classes, as two_five, how many of the two are taken for each other.
    drawn: the images that were learned from, uint8, with their labels, class by class.
    """
    way = Way(augment, dropout, weight_decay)
    chosen = draw(data, per_class, seed)
    x, y = as_input(data.x_train[chosen]), data.y_train[chosen]
    model = build_way(way, seed)
    plan = Plan(steps, BATCH_SIZE)
    curves = train_few(model, x, y, plan=plan, optimizer=new_optimizer(way, steps), seed=seed)
    return {
        "seed": seed,
        "trained_on": len(chosen),
        "batch_size": BATCH_SIZE,
        "epochs": steps * BATCH_SIZE / len(chosen),
        "training": {name: curves[name][-1] for name in ("loss", "accuracy")},
        **judge_few(model, data),
        "drawn": in_classes(data, chosen),
    }


def draw(data: Data, per_class: int, seed: int) -> Array:
    """Return which training images to learn from; the last WATCHED of the file are never among them."""
    return draw_few(data.y_train[:-WATCHED], per_class, seed)


def in_classes(data: Data, chosen: Array) -> dict[str, Array]:
    """Return the chosen training images as they are stored, and their labels, in the order of their classes."""
    order = chosen[np.argsort(data.y_train[chosen], kind="stable")]
    return {"images": data.x_train[order], "labels": data.y_train[order]}


def augmentations(augment: str, seed: int) -> list[keras.layers.Layer]:
    """Return the layers that change images at random while a network learns, and only then; outside is paper.

    augment: "none", "translate" (by up to a tenth of the image), "move" (the same, turned by up to 15 degrees, and
    larger or smaller by up to 15 %), "flip" (left to right, half of the images), "turn" (by up to 180 degrees). Raises
    ValueError for any other.
    """
    paper = {"fill_mode": "constant", "fill_value": 0.0}
    translate = layers.RandomTranslation(SHIFT, SHIFT, seed=seed, **paper)
    turn = layers.RandomRotation(TURN, seed=seed + 1, **paper)
    zoom = layers.RandomZoom((-ZOOM, ZOOM), seed=seed + 2, **paper)
    known = {
        "none": [],
        "translate": [translate],
        "move": [translate, turn, zoom],
        "flip": [layers.RandomFlip("horizontal", seed=seed)],
        "turn": [layers.RandomRotation(0.5, seed=seed + 1, **paper)],
    }
    if augment not in known:
        raise ValueError(f"augment is '{augment}'; it is one of {', '.join(known)}")
    return known[augment]


def build_way(way: Way, seed: int) -> keras.Sequential:
    """Return the convnet, untrained, with the augmentation in front of it and dropout between its last layers."""
    keras.utils.set_random_seed(seed)
    plain = build_model()
    model = keras.Sequential([keras.Input(plain.input_shape[1:]), *augmentations(way.augment, seed)])
    for layer in plain.layers:
        model.add(layer)
        if way.dropout and layer.name in ("flatten", "dense1"):
            model.add(layers.Dropout(way.dropout, seed=seed + len(model.layers), name=f"dropout_{layer.name}"))
    return model


def new_optimizer(way: Way, steps: int) -> keras.Optimizer:
    """Return Adam for a training of so many steps, or AdamW where weights decay.

    Its rate rises to PEAK over a fifth of the steps, then falls to zero along a cosine (Smith & Topin 2018): with
    augmentation, a constant rate would take several times as many steps.
    """
    rise = max(1, steps // 5)
    rate = keras.optimizers.schedules.CosineDecay(
        PEAK / 10, max(1, steps - rise), warmup_target=PEAK, warmup_steps=rise
    )
    if not way.weight_decay:
        return keras.optimizers.Adam(rate)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=way.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


def judge_few(model: keras.Model, data: Data) -> dict[str, Any]:
    """Return what `measure` says of the test images."""
    probabilities = model.predict(as_input(data.x_test), batch_size=AT_ONCE, verbose=0)
    answers, labels = probabilities.argmax(axis=1), data.y_test.astype(int)
    confusion = np.zeros((probabilities.shape[1],) * 2, np.int64)
    np.add.at(confusion, (labels, answers), 1)
    right = np.diag(confusion)
    chances = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return {
        "tested_on": len(labels),
        "loss": float(-np.log(np.maximum(chances, keras.backend.epsilon())).mean()),
        "accuracy": right.sum() / len(labels),
        "errors": int(len(labels) - right.sum()),
        "recall": (right / np.maximum(1, confusion.sum(axis=1))).tolist(),
        "confusion": confusion,
        "swapped": {name: int(confusion[a, b] + confusion[b, a]) for name, (a, b) in SWAPS.items()},
    }
