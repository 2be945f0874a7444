"""Takes the first images of a dataset as they are, for pictures of the data; trains nothing."""

from typing import Any

from lectures.experiments.parts.training import Data


def measure(*, data: Data, count: int = 100) -> dict[str, Any]:
    """Return the first `count` training images, uint8 (count, height, width), and the classes of all of them (n,).

    Raises ValueError if the dataset has fewer.
    """
    if not 1 <= count <= len(data.x_train):
        raise ValueError(f"count is {count}; the dataset has {len(data.x_train):,} training images")
    return {"images": data.x_train[:count], "labels": data.y_train}
