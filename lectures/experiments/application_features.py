"""Names digits by the features of a large network for photographs, one of `keras.applications`, from a weights file."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lectures.experiments.parts.few_images import Plan, draw_few, train_few
from lectures.experiments.parts.training import Data
from lectures.experiments.transferring import BATCH_SIZE, HEAD_RATE, NEW, of_classes, share_right

Array = NDArray[Any]
AT_ONCE = 100  # digits at once: they are enlarged
NETWORKS = {
    "MobileNet": (keras.applications.MobileNet, keras.applications.mobilenet.preprocess_input),
    "VGG16": (keras.applications.VGG16, keras.applications.vgg16.preprocess_input),
}


def measure(
    *,
    data: Data,
    weights: Path,
    seed: int = 0,
    network: str = "MobileNet",
    side: int = 64,
    shots: int = 20,
    steps: int = 150,
    judged: int = 1000,
) -> dict[str, Any]:
    """Return how well a head names the digits 5 to 9 on the frozen features of a network of `keras.applications`.

    weights: its file, without the top (`…_no_top.h5`). side: to how many pixels the digits are enlarged. judged: how
    many test digits are named. Raises ValueError for another network, and for weights that are not its own.
    """
    if network not in NETWORKS:
        raise ValueError(f"there is no network '{network}' here; there is {', '.join(NETWORKS)}")
    build, preprocess = NETWORKS[network]
    try:
        base = build(weights=str(weights), include_top=False, input_shape=(side, side, 3), pooling="avg")
    except (ValueError, OSError, KeyError) as error:
        problem = str(error).splitlines()[0].replace(";", ",")
        raise ValueError(
            f"{weights.name} is no weights file of {network}: {problem}; give one without the top"
        ) from None
    base.trainable = False
    split = of_classes(data, NEW)
    few = draw_few(split.y_train, shots, seed)
    keras.utils.set_random_seed(seed)
    x, tested = (features(base, preprocess, some, side) for some in (split.x_train[few], split.x_test[:judged]))
    head = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.Dense(split.classes, activation="softmax")])
    plan, optimizer = Plan(steps, BATCH_SIZE), keras.optimizers.Adam(HEAD_RATE)
    train_few(head, x, split.y_train[few], plan=plan, optimizer=optimizer, seed=seed)
    return {
        "seed": seed,
        "network": network,
        "shots": shots,
        "parameters": base.count_params(),
        "features": x.shape[1],
        "tested_on": len(tested),
        "accuracy": share_right(head, tested, split.y_test[:judged]),
    }


def features(base: keras.Model, preprocess: Any, images: Array, side: int) -> Array:
    """Return what the base makes of digits from 0 to 1, enlarged, in three equal channels, preprocessed as it wants.

    preprocess: the network's own `preprocess_input`, for pixels from 0 to 255.
    """
    made = []
    for start in range(0, len(images), AT_ONCE):
        large = keras.ops.image.resize(images[start : start + AT_ONCE] * np.float32(255), (side, side))
        colored = np.repeat(np.asarray(large), 3, axis=-1)
        made.append(np.asarray(base(preprocess(colored), training=False)))
    return np.concatenate(made)
