"""Generates images that excite a channel, by gradient ascent: once with care, and once carelessly.

With care: the objective is the channel's value before ReLU, which has a gradient from the start; the image is as large
as the receptive field, no stronger than a real patch, and slightly blurred at each step, so that the result can be
compared with real patches (Erhan et al. 2009, "Visualizing Higher-Layer Features of a Deep Network", who also hold the
norm).

Carelessly: the objective is the value after ReLU, from noise. Where the channel is silent there, the gradient is
exactly zero, the image never changes, and noise is shown as what a filter looks for.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from lectures.experiments.parts.probing import BATCH, before_activation, receptive_fields

Array = NDArray[Any]
STEP = 0.1  # length of the first step, as a share of the image's norm
BLUR = 0.2  # share of each pixel that is replaced by its neighbors' mean, at the first step


def maximize(
    model: keras.Sequential,
    best: dict[str, Any],
    *,
    name: str = "conv3",
    channels: int = 6,
    steps: int = 200,
    seed: int = 0,
) -> dict[str, Any]:
    """Return an image for each of the first `channels` channels of `best`, the `top_patches` of layer `name`.

    Returned arrays, channels first: channels, images float32 (channels, size, size) from 0 to 1, values (channels,)
    before ReLU, curves (channels, steps + 1): the value as it rises, patches uint8 and patch_values: the best real one,
    norms (channels,): of both.
    """
    chosen = np.asarray(best["channels"][:channels])
    patches = best["patches"][: len(chosen), 0]
    norms = np.linalg.norm(patches.reshape(len(chosen), -1) / 255.0, axis=1)
    part = for_one_place(model, name)
    images, curves = ascend(part, chosen, norms, steps=steps, seed=seed)
    return {
        "layer": name,
        "steps": steps,
        "channels": chosen,
        "images": images,
        "values": curves[:, -1],
        "curves": curves,
        "patches": patches,
        "patch_values": np.asarray(best["activations"])[: len(chosen), 0],
        "norms": norms,
    }


def for_one_place(model: keras.Sequential, name: str) -> keras.Model:
    """Return the network up to layer `name`, before its ReLU, for images as large as the layer's receptive field.

    Works only for layers without padding: the output then has one place, (1, 1, channels).
    """
    size = next(field.size for field in receptive_fields(model) if field.layer == name)
    small = keras.Sequential([keras.Input((size, size, model.input_shape[-1]))])
    for layer in model.layers[: model.layers.index(model.get_layer(name)) + 1]:
        copy = type(layer).from_config(layer.get_config())
        small.add(copy)
        copy.set_weights(layer.get_weights())
    return before_activation(small, name)


def ascend(part: keras.Model, channels: Array, norms: Array, *, steps: int, seed: int) -> tuple[Array, Array]:
    """Return the images (channels, size, size) that excite the channels of `part` most, and their values at each step.

    norms: the Euclidean norm of each image, held at every step. Raises ValueError if a gradient is zero at the start,
    because there is then no direction to go.
    """
    size = part.input_shape[1]
    start = np.random.default_rng(seed).random((1, size, size)).repeat(len(channels), axis=0)
    images, curve = keep_norm(start, norms), []
    for step in range(steps):
        values, gradients = climb(part, images, channels)
        lengths = np.linalg.norm(gradients.reshape(len(channels), -1), axis=1)
        if step == 0 and not lengths.all():
            raise ValueError(f"channel {channels[lengths == 0][0]} has no gradient at the start; take another seed")
        curve.append(values)
        remaining = 1 - step / steps  # step length and blur shrink together, so that neither wins in the end
        distances = remaining * STEP * norms / np.maximum(lengths, 1e-12)
        images = keep_norm(blurred(images + distances[:, None, None] * gradients, remaining * BLUR), norms)
    curve.append(climb(part, images, channels)[0])
    return images.astype(np.float32), np.stack(curve, axis=1)


def climb(part: keras.Model, images: Array, channels: Array) -> tuple[Array, Array]:
    """Return the mean of one channel's map for each image, and its gradient for each pixel."""
    shown = tf.convert_to_tensor(images[..., None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(shown)
        values = tf.gather(tf.reduce_mean(part(shown, training=False), axis=(1, 2)), channels, axis=1, batch_dims=1)
    return values.numpy(), tape.gradient(values, shown).numpy()[..., 0]


def blurred(images: Array, share: float) -> Array:
    """Return images (n, height, width) with a `share` of each pixel replaced by the mean of its four neighbors."""
    around = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="edge")
    mean = (around[:, :-2, 1:-1] + around[:, 2:, 1:-1] + around[:, 1:-1, :-2] + around[:, 1:-1, 2:]) / 4
    mixed: Array = (1 - share) * images + share * mean
    return mixed


def keep_norm(images: Array, norms: Array) -> Array:
    """Return `images` (n, height, width) clipped to 0 to 1, with Euclidean norms `norms`.

    Clipping changes the norm, and scaling can leave the range, so the two alternate until both nearly hold.
    """
    scaled = images
    for _ in range(20):
        lengths = np.linalg.norm(np.maximum(scaled, 0).reshape(len(scaled), -1), axis=1)
        scaled = np.clip(scaled * (norms / np.maximum(lengths, 1e-12))[:, None, None], 0, 1)
    return scaled


def ascend_carelessly(
    model: keras.Sequential, images: Array, *, name: str = "conv3", steps: int = 30, seed: int = 0
) -> dict[str, Any]:
    """Return what the usual recipe makes of layer `name`'s channels: ascent of the mean after ReLU, from gray noise.

    images: real ones (count, height, width, 1), to tell silent channels from dead ones. Returned: images float32
    (channels, height, width) from 0 to 1 after `steps` steps; moved bool (channels,): whether the gradient was nonzero
    at the start; start (height, width): the noise that all begin with; stuck: how many never moved, and alive: how many
    of these respond to one of the real images.
    """
    layer = model.get_layer(name)
    part = keras.Model(model.inputs[0], layer.output)
    height, width = model.input_shape[1:3]
    start = np.random.default_rng(seed).uniform(0.4, 0.6, (height, width)).astype(np.float32)
    channels = np.arange(layer.output.shape[-1])
    made = start[None].repeat(len(channels), axis=0)
    moved = np.zeros(len(channels), bool)
    for step in range(steps):
        _, gradients = climb(part, made, channels)
        lengths = np.linalg.norm(gradients.reshape(len(channels), -1), axis=1)
        moved = lengths > 0 if step == 0 else moved
        made = np.clip(made + 0.1 * height * gradients / np.maximum(lengths, 1e-12)[:, None, None], 0, 1)
    answering = np.max([peaks(part, batch) for batch in np.split(images, range(BATCH, len(images), BATCH))], axis=0) > 0
    return {
        "layer": name,
        "steps": steps,
        "start": start,
        "images": made.astype(np.float32),
        "moved": moved,
        "channels": len(channels),
        "stuck": int((~moved).sum()),
        "alive": int((~moved & answering).sum()),
    }


def peaks(part: keras.Model, images: Array) -> Array:
    """Return the largest value of each channel over all `images`."""
    largest: Array = np.asarray(part(images, training=False)).max(axis=(0, 1, 2))
    return largest
