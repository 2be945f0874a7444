"""Batch normalization in a frozen base: what its moving averages do while a head learns on top of it."""

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import BATCH_SIZE, LEARNING_RATE
from lectures.experiments.parts.few_images import draw_few, shown_images
from lectures.experiments.parts.training import Data, Shape, train, warm_up_and_decay
from lectures.experiments.transferring import HEAD_RATE, NEW, OLD, of_classes, share_right

Array = NDArray[Any]
FEW = 32  # images of a batch while the head learns
MOMENTUM = 0.9  # of the moving averages: how much of them stays at each step


def build_base(shape: Shape = (28, 28, 1)) -> keras.Sequential:
    """Return an untrained base: three convolutions, each normalized before ReLU."""
    found: list[keras.Layer] = [keras.Input(shape)]
    for number, filters in ((1, 16), (2, 32), (3, 32)):
        found += [
            layers.Conv2D(filters, 3, use_bias=False, name=f"conv{number}"),
            layers.BatchNormalization(momentum=MOMENTUM, name=f"norm{number}"),
            layers.ReLU(name=f"relu{number}"),
        ]
        found += [layers.MaxPooling2D(2, name=f"pool{number}")] if number < 3 else []
    return keras.Sequential([*found, layers.Flatten(name="flatten")], name="base")


def build_head(classes: int) -> keras.Sequential:
    """Return an untrained head of one layer."""
    return keras.Sequential([layers.Dense(classes, activation="softmax", name="softmax")], name="head")


def measure(
    *,
    data: Data,
    seed: int = 0,
    epochs: float = 0.5,
    shots: int = 20,
    steps: int = 150,
    train_images: int = 60_000,
) -> dict[str, Any]:
    """Return what becomes of a normalized base, trained on the digits 0 to 4, while a head learns 5 to 9 on top of it.

    In all ways only the head's weights take steps. frozen: `base.trainable = False`, so that Keras runs its
    normalization with the moving averages. adapting: the base's weights are merely left out of the steps, and it runs
    in training mode: its moving averages go on moving. Of each: accuracy on the test digits 5 to 9; old, that of the
    base under its first head on the digits 0 to 4; moved: how far the moving means moved, in standard deviations.
    """
    old, new = of_classes(data, OLD, train_images), of_classes(data, NEW)
    keras.utils.set_random_seed(seed)
    base, first_head = build_base(old.shape), build_head(old.classes)
    whole = keras.Sequential([keras.Input(old.shape), base, first_head])
    rate = warm_up_and_decay(old, peak=LEARNING_RATE, epochs=epochs, batch_size=BATCH_SIZE)
    train(whole, old, optimizer=keras.optimizers.Adam(rate), epochs=epochs, batch_size=BATCH_SIZE, seed=seed)
    before, start = share_right(whole, old.x_test, old.y_test), base.get_weights()
    few = draw_few(new.y_train, shots, seed)
    found: dict[str, Any] = {}
    for way in ("frozen", "adapting"):
        base.set_weights(start)
        keras.utils.set_random_seed(seed)
        head = build_head(new.classes)
        learn_head(base, head, new.x_train[few], new.y_train[few], is_frozen=way == "frozen", steps=steps, seed=seed)
        found[way] = {
            "accuracy": share_right(keras.Sequential([base, head]), new.x_test, new.y_test),
            "old": share_right(whole, old.x_test, old.y_test),
            "moved": moved(base, start),
            "changed": count_changed(base, start),
        }
    return {
        "seed": seed,
        "shots": shots,
        "steps": steps,
        "old_before": before,
        "normalizations": 3,
        "averages": sum(int(np.prod(layer.moving_mean.shape)) * 2 for layer in norms_of(base)),
        **found,
    }


def learn_head(
    base: keras.Sequential, head: keras.Sequential, x: Array, y: Array, *, is_frozen: bool, steps: int, seed: int
) -> None:
    """Train the head in place on what the base makes of images; the base's own weights take no step.

    is_frozen: whether the base is also told so (`trainable = False`); else it runs as in training.
    """
    import tensorflow as tf

    base.trainable = not is_frozen
    head.build((None, *base.output_shape[1:]))
    optimizer = keras.optimizers.Adam(HEAD_RATE)
    loss_of = keras.losses.SparseCategoricalCrossentropy()

    def step(images: Any, labels: Any) -> None:
        with tf.GradientTape() as tape:
            loss = loss_of(labels, head(base(images, training=True), training=True))
        optimizer.apply_gradients(
            zip(tape.gradient(loss, head.trainable_variables), head.trainable_variables, strict=True)
        )

    compiled = tf.function(step)
    order = shown_images(len(x), steps * FEW, seed).reshape(steps, FEW)
    optimizer.build(head.trainable_variables)
    for part in order:
        compiled(tf.constant(x[part]), tf.constant(y[part]))
    base.trainable = True


def norms_of(base: keras.Sequential) -> list[Any]:
    """Return the layers of a base that normalize."""
    return [layer for layer in base.layers if isinstance(layer, layers.BatchNormalization)]


def moved(base: keras.Sequential, start: list[Array]) -> float:
    """Return how far the moving means are from those in `start`, in standard deviations, the mean over channels."""
    now = {id(variable): value for variable, value in zip(base.weights, start, strict=True)}
    distances = [
        np.abs(np.asarray(norm.moving_mean) - now[id(norm.moving_mean)])
        / np.sqrt(now[id(norm.moving_variance)] + norm.epsilon)
        for norm in norms_of(base)
    ]
    return float(np.concatenate(distances).mean())


def count_changed(base: keras.Sequential, start: list[Array]) -> int:
    """Return how many of the base's numbers differ from those in `start`."""
    return sum(int((now != then).sum()) for now, then in zip(base.get_weights(), start, strict=True))
