"""Compare the convnet's training with the settings of the original notebook: CPU time and accuracy, one run each.

    python tests/bench/bench_training.py [images] [seed]

Theirs: RMSprop at its default rate, batches of 64, five epochs. Ours: as `lectures/experiments/mnist_convnet.py`.
Both on one thread and on the same images, so that the ratio means something on a busy machine too.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

from generator.dataset import load_dataset  # noqa: E402
from generator.runners.data import DETERMINISM  # noqa: E402

os.environ.update(DETERMINISM)

from lectures.experiments import mnist_convnet, training  # noqa: E402


def train_as_the_notebook(split: training.Split, seed: int) -> Any:
    """Return the network after five epochs of RMSprop."""
    import keras

    keras.utils.set_random_seed(seed)
    model = mnist_convnet.build_model()
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(split.x_train, split.y_train, epochs=5, batch_size=64, verbose=0)
    return model


def train_as_we(split: training.Split, seed: int) -> Any:
    """Return the network as the lecture trains it, curves included."""
    return mnist_convnet.fit(split, seed=seed, epochs=2)[0]


def measure(name: str, train: Callable[[training.Split, int], Any], split: training.Split, seed: int) -> float:
    """Print accuracy and CPU seconds of one training; return the seconds."""
    start = time.process_time()
    model = train(split, seed)
    seconds = time.process_time() - start
    accuracy = training.judge(model, split)["accuracy"]
    print(f"{name:10} {accuracy:.2%} on {len(split.y_test):,} test images, {seconds:6.1f} CPU seconds", flush=True)  # noqa: T201
    return seconds


def main() -> None:
    """Run both trainings and print the ratio."""
    given = [int(argument) for argument in sys.argv[1:]]
    images, seed = given + [60_000, 0][len(given) :]
    split = training.prepare(load_dataset(PROJECT / "generator/datasets/mnist.npz"), images)
    ours = measure("ours", train_as_we, split, seed)
    theirs = measure("notebook's", train_as_the_notebook, split, seed)
    print(f"ours takes {ours / theirs:.2f} of the notebook's time")  # noqa: T201


if __name__ == "__main__":
    main()
