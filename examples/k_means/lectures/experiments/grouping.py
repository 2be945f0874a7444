"""k-means on three heaps of points: how close it gets, and the way there."""

from typing import Any

import numpy as np

HEAPS = np.array([[-2.0, -1.0], [0.0, 1.6], [2.0, -1.0]])


def measure(*, seed: int = 0, groups: int = 3, points: int = 90, rounds: int = 6) -> dict[str, Any]:
    """Return the mean squared distance to the nearest center after each round, the points, and the centers."""
    data = np.random.default_rng(1)  # the same points for all seeds: those choose where the centers begin
    cloud = HEAPS[np.arange(points) % len(HEAPS)] + data.normal(0, 0.5, (points, 2))
    left = cloud[cloud[:, 0].argsort()[: points // 2]]  # a bad start: no center is on the right
    centers = left[np.random.default_rng(seed).permutation(len(left))[:groups]]
    history, losses = [centers], []
    for _ in range(rounds):
        distances = ((cloud[:, None] - centers) ** 2).sum(axis=-1)
        nearest, losses = distances.argmin(axis=1), [*losses, distances.min(axis=1).mean()]
        members = [cloud[nearest == group] for group in range(groups)]
        centers = np.array(
            [some.mean(axis=0) if len(some) else old for some, old in zip(members, centers, strict=True)]
        )
        history.append(centers)
    return {"groups": groups, "points": points, "loss": losses[-1], "first": losses[0], "cloud": cloud,
            "history": np.array(history)}  # fmt: skip
