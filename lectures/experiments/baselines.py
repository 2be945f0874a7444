"""What can be reached without a network: by guessing, by the mean image of each class, by the most similar image."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.training import Data, Split, prepare

Array = NDArray[Any]
AT_ONCE = 250  # test images that are compared with all training images at once: 55 MB of distances


def measure(*, data: Data, train_images: int = 60_000) -> dict[str, Any]:
    """Return how many of the test images each rule names correctly; nothing here is random.

    guess: always the class that is most common among the training images. nearest_mean: the class whose mean image is
    nearest. nearest_neighbor: the class of the nearest training image. class_means: the means (classes, height, width)
    and, of each class, the training image farthest from its own mean. counts: how many training images each class has.
    """
    split = prepare(data, train_images)
    classes = split.classes
    counts = np.bincount(split.y_train, minlength=classes)
    means = np.array([split.x_train[split.y_train == label, ..., 0].mean(axis=0) for label in range(classes)])
    tests, labels = flatten(split.x_test), split.y_test
    by_mean = nearest(tests, flatten(means))
    by_neighbor = split.y_train[nearest(tests, flatten(split.x_train))]
    answers = {"guess": np.full(len(labels), counts.argmax()), "nearest_mean": by_mean, "nearest_neighbor": by_neighbor}
    return {
        **split.facts,
        "counts": counts.tolist(),
        **{name: judge_answers(answer, labels) for name, answer in answers.items()},
        "class_means": {"means": means * 255, "farthest": farthest_images(split, means)},
    }


def judge_answers(answers: Array, labels: Array) -> dict[str, Any]:
    """Return the share of right answers, `accuracy` (0 to 1), and the number of wrong ones, `errors`."""
    return {"accuracy": float((answers == labels).mean()), "errors": int((answers != labels).sum())}


def flatten(images: Array) -> Array:
    """Return images (n, ...) as rows (n, pixels)."""
    return images.reshape(len(images), -1)


def nearest(rows: Array, candidates: Array) -> Array:
    """Return of each row (n, pixels) which of the candidates (m, pixels) is nearest, by the Euclidean distance (n,)."""
    half_squares = (candidates**2).sum(axis=1) / 2
    places = [
        (part @ candidates.T - half_squares).argmax(axis=1)
        for part in np.array_split(rows, max(1, len(rows) // AT_ONCE))
    ]
    return np.concatenate(places)


def farthest_images(split: Split, means: Array) -> dict[str, Any]:
    """Return of each class the training image farthest from its mean.

    images (classes, height, width) from 0 to 255, distances (classes,) in pixels of full ink, and nearest (classes,),
    the class whose mean is nearest to it.
    """
    images, distances = [], []
    for label, mean in enumerate(means):
        members = split.x_train[split.y_train == label, ..., 0]
        apart = np.linalg.norm(flatten(members - mean), axis=1)
        images.append(members[apart.argmax()])
        distances.append(float(apart.max()))
    found = np.array(images)
    return {
        "images": found * 255,
        "distances": np.array(distances),
        "nearest": nearest(flatten(found), flatten(means)),
        "unit": "pixels of full ink",
    }
