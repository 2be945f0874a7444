"""Measures how far the layers of a network pull the classes apart, by the simplest classifiers there are.

At each layer, images are points. Two ways to classify a new point need no training: take the class of the nearest known
point, or of the nearest class mean. If a layer improves these, it has moved images of a class together. The plane of a
principal component analysis is only a shadow of such a space; its share of the variance says how much it shows.
"""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.probing import BATCH

Array = NDArray[Any]


def separate(
    model: keras.Sequential,
    known: tuple[Array, Array],
    asked: tuple[Array, Array],
    *,
    layers: tuple[str, ...] = ("conv1", "conv2", "conv3", "dense1"),
    plotted: int = 1000,
) -> dict[str, Any]:
    """Return how well nearest neighbors and class means classify images at each layer, and two planes to look at.

    known, asked: images float32 (count, height, width, 1) with classes: those whose classes may be used, and those to
    classify. Returned: levels (a list: layer, values, nearest_neighbor and nearest_mean, accuracies from 0 to 1); and
    for the pixels and the last layer, of the first `plotted` images asked: plane (n, 2), means (classes, 2), variance
    (the plane's share of all variance), wrong (n,): misclassified by the nearest neighbor.
    """
    (known_images, known_labels), (asked_images, asked_labels) = known, asked
    levels, planes = [], {}
    for name in ("pixels", *layers):
        answers, values = answers_of(features(model, name, known_images), known_labels, model, name, asked_images)
        right = {way: float((given == asked_labels).mean()) for way, given in answers.items()}
        levels.append({"layer": name, "values": values, **right})
        if name in ("pixels", layers[-1]):
            wrong = (answers["nearest_neighbor"] != asked_labels)[:plotted]
            points = features(model, name, asked_images[:plotted])
            planes["pixels" if name == "pixels" else "last"] = {
                "layer": name,
                **right,
                "wrong": wrong,
                **plane_of(points, asked_labels[:plotted]),
            }
    facts = {"known": len(known_images), "asked": len(asked_images), "labels": asked_labels[:plotted]}
    return {**facts, "levels": levels, **planes}


def features(model: keras.Sequential, name: str, images: Array) -> Array:
    """Return layer `name`'s output for images, one row each, float32 (count, values); "pixels" are the images."""
    if name == "pixels":
        return images.reshape(len(images), -1)
    part = keras.Model(model.inputs[0], model.get_layer(name).output)
    batches = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    return np.concatenate([np.asarray(part(batch, training=False)).reshape(len(batch), -1) for batch in batches])


def answers_of(
    known: Array, labels: Array, model: keras.Sequential, name: str, images: Array
) -> tuple[dict[str, Array], int]:
    """Return the classes of `images` by nearest neighbor and by nearest mean, and how many values a point has.

    `known` are points (count, values) with classes `labels`. Images are taken in batches, because a layer's values fill
    memory.
    """
    classes = np.unique(labels)
    means = np.stack([known[labels == label].mean(axis=0) for label in classes])
    near, mean = [], []
    for start in range(0, len(images), BATCH):
        points = features(model, name, images[start : start + BATCH])
        near.append(labels[nearest(points, known)])
        mean.append(classes[nearest(points, means)])
    return {"nearest_neighbor": np.concatenate(near), "nearest_mean": np.concatenate(mean)}, known.shape[1]


def nearest(points: Array, others: Array) -> Array:
    """Return for each of `points` (n, values) the index of the nearest of `others` (m, values), the first of equals.

    By Euclidean distance: |p - o|² = |p|² - 2 p·o + |o|², where |p|² is the same for all others and can be left out.
    """
    lengths = np.einsum("ij,ij->i", others, others)
    places: Array = (lengths - 2 * (points @ others.T)).argmin(axis=1)
    return places


def plane_of(points: Array, labels: Array) -> dict[str, Any]:
    """Return `points` (n, values) in their plane of largest variance: plane (n, 2), classes, means, variance.

    means: (classes, 2). variance: the plane's share of all variance. The sign of an axis is arbitrary and fixed here:
    its largest component is positive. Needs at least two values for each point.
    """
    centered = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    _, strengths, axes = np.linalg.svd(centered, full_matrices=False)
    axes = axes[:2]
    axes *= np.sign(np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1))
    plane = centered @ axes.T
    classes = np.unique(labels)
    return {
        "plane": plane.astype(np.float32),
        "classes": classes,
        "means": np.stack([plane[labels == label].mean(axis=0) for label in classes]).astype(np.float32),
        "variance": float((strengths[:2] ** 2).sum() / (strengths**2).sum()),
    }
