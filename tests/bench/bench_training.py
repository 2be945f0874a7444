"""Compare the convnet's training with the settings of the original notebook: CPU time and accuracy, over seeds.

    python tests/bench/bench_training.py [images] [seeds]

Theirs: RMSprop at its default rate, batches of 64, five epochs. Ours: as `lectures/experiments/mnist_convnet.py`.
Both on one thread and on the same images, in turn, so that the ratio means something on a busy machine too.
"""

import inspect
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

from generator.runners.dataset import load_dataset  # noqa: E402
from generator.runners.experiment import DETERMINISM  # noqa: E402

os.environ.update(DETERMINISM)

from lectures.experiments import mnist_convnet  # noqa: E402
from lectures.experiments.parts import training  # noqa: E402

Train = Callable[[training.Split, int], Any]


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
    epochs = inspect.signature(mnist_convnet.measure).parameters["epochs"].default
    return mnist_convnet.fit(split, seed=seed, epochs=epochs)[0]


def measure(name: str, train: Train, split: training.Split, seed: int) -> tuple[float, float]:
    """Print and return the CPU seconds of one training and the accuracy that came of it."""
    start = time.process_time()
    model = train(split, seed)
    seconds = time.process_time() - start
    accuracy = training.judge(model, split)["accuracy"]
    print(f"{name:10} seed {seed}: {accuracy:.2%}, {seconds:6.1f} CPU seconds", flush=True)  # noqa: T201
    return seconds, accuracy


def main() -> None:
    """Run both trainings for every seed; print the means and the ratio."""
    given = [int(argument) for argument in sys.argv[1:]]
    images, seeds = given + [60_000, 3][len(given) :]
    split = training.prepare(load_dataset(PROJECT / "generator/datasets/mnist.npz"), images)
    trainings: dict[str, Train] = {"ours": train_as_we, "notebook's": train_as_the_notebook}
    runs = {name: [measure(name, train, split, seed) for seed in range(seeds)] for name, train in trainings.items()}
    ours, theirs = ([mean(column) for column in zip(*runs[name], strict=True)] for name in trainings)
    print(  # noqa: T201
        f"ours: {ours[1]:.2%} in {ours[0]:.1f} s; notebook's: {theirs[1]:.2%} in {theirs[0]:.1f} s; "
        f"{ours[0] / theirs[0]:.2f} of its time"
    )


if __name__ == "__main__":
    main()
