"""Measures training times as ratios of processor time: the only measurement here that depends on the machine."""

import time
from statistics import median
from typing import Any

import keras

from lectures.experiments.mnist_dense import build_model as build_dense
from lectures.experiments.parts.training import Data, Split, prepare
from lectures.experiments.variants import POOLINGS, build_variant

IMAGES = 6_400
ROUNDS = 3


def measure(*, data: Data, images: int = IMAGES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return the processor time of one pass over `images` training images, compared with the max-pooling convnet's.

    average, strided, dense (512 units): as multiples of the convnet's time. convnet_to_dense: the convnet's time as a
    multiple of the dense network's. All are rounded to a tenth and are ratios of medians over `rounds` rounds, in which
    the networks take turns, so that whatever slows the machine down slows all of them.
    """
    split = prepare(data, images)
    models = {name: build_variant(split.shape, split.classes, pooling=name) for name in POOLINGS}
    models["dense"] = build_dense(split.shape, split.classes)
    for model in models.values():
        model.compile("adam", loss="sparse_categorical_crossentropy")
        run(model, split, 256)  # untimed: the first call of fit also traces the training step
    seconds = [{name: run(model, split, images) for name, model in models.items()} for _ in range(rounds)]
    middle = {name: median(turn[name] for turn in seconds) for name in models}
    ratios = {name: round(value / middle["max"], 1) for name, value in middle.items()}
    to_dense = round(middle["max"] / middle["dense"], 1)
    return {
        "average": ratios["average"],
        "strided": ratios["strided"],
        "dense": ratios["dense"],
        "convnet_to_dense": to_dense,
        "images": images,
        "rounds": rounds,
    }


def run(model: keras.Sequential, split: Split, images: int) -> float:
    """Return the processor seconds that a training pass over the first `images` images takes."""
    begun = time.process_time()
    model.fit(split.x_train[:images], split.y_train[:images], batch_size=128, shuffle=False, verbose=0)
    return time.process_time() - begun
