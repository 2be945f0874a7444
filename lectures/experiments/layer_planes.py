"""Follows test digits through the layers of a trained convnet, and keeps a plane of each layer for a film.

Takes the weights that `mnist_convnet` returned and trains nothing. A layer's plane is that of its largest variance, a
shadow of a space with many more dimensions. Such a plane may be turned and mirrored at will; here each is, so that the
digits move as little as possible from the layer before. They are also brought to one size, so distances in two planes
cannot be compared.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lectures.experiments.mnist_convnet import restore
from lectures.experiments.parts.separation import features
from lectures.experiments.parts.training import Data, as_input

Array = NDArray[Any]
LAYERS = ("pixels", "conv1", "pool1", "conv2", "pool2", "conv3", "dense1")


def measure(*, data: Data, weights: Mapping[str, Any], count: int = 600) -> dict[str, Any]:
    """Return where the first `count` test digits lie in a plane of each layer of the network with `weights`.

    count, wrong: how many digits, and how many of them the network gets wrong. In `tour`, for the figure `layer_tour`:
    positions: float32 (layers, count, 2), with a mean square distance of 1 from the middle. labels, answers: (count,),
    the true classes and the network's. levels: for each layer its name, how many values it has, the share of all
    variance that its plane shows, and in how many digits of a hundred (from 0 to 1) the nearest other digit, in the
    whole space, is of the same class.
    """
    model = restore(weights)
    images, labels = as_input(data.x_test[:count]), data.y_test[:count]
    levels: list[dict[str, Any]] = []
    planes: list[Array] = []
    for name in LAYERS:
        points = features(model, name, images)
        products = inner_products(points)
        plane, variance = plane_of(products)
        planes.append(turn(plane, planes[-1]) if planes else plane)
        same = float((labels[nearest_others(products)] == labels).mean())
        levels.append({"layer": name, "values": points.shape[1], "variance": variance, "same_class": same})
    answers = np.asarray(model(images, training=False)).argmax(axis=1)
    return {
        "count": len(labels),
        "wrong": int((answers != labels).sum()),
        "tour": {
            "labels": labels,
            "answers": answers,
            "levels": levels,
            "positions": np.stack(planes).astype(np.float32),
        },
    }


def inner_products(points: Array) -> Array:
    """Return the inner products (n, n), float64, of points (n, values) measured from their mean."""
    centered = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    products: Array = centered @ centered.T
    return products


def plane_of(products: Array) -> tuple[Array, float]:
    """Return points in their plane of largest variance (n, 2), and the plane's share of all variance.

    The mean square distance from the middle is 1. The sign of an axis is arbitrary and fixed here: the point that lies
    furthest along it does so on the positive side.
    """
    strengths, axes = np.linalg.eigh(products)  # rising
    plane = axes[:, :-3:-1] * np.sqrt(np.maximum(strengths[:-3:-1], 0))
    plane *= np.sign(np.take_along_axis(plane, np.abs(plane).argmax(axis=0)[None], axis=0))
    return scale(plane), float(strengths[-2:].sum() / strengths.sum())


def scale(plane: Array) -> Array:
    """Return points (n, 2) with a mean square distance of 1 from the middle."""
    scaled: Array = plane / np.sqrt((plane**2).sum(axis=1).mean())
    return scaled


def turn(plane: Array, before: Array) -> Array:
    """Return a plane (n, 2), turned or mirrored so that its points lie as near as can be to those `before`.

    This is the orthogonal Procrustes problem (Schönemann 1966): the turn is U V of the singular value decomposition of
    the planes' product.
    """
    left, _, right = np.linalg.svd(plane.T @ before)
    turned: Array = plane @ (left @ right)
    return turned


def nearest_others(products: Array) -> Array:
    """Return for each point the index of the nearest other one; |p - q|² = |p|² - 2 p·q + |q|²."""
    lengths = np.diag(products)
    squares = lengths[:, None] - 2 * products + lengths
    np.fill_diagonal(squares, np.inf)
    places: Array = squares.argmin(axis=1)
    return places
