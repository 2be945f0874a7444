"""Gives whatever an experiment draws at random without a seed of its own the seed of the run.

People write `np.random.rand(3)`, `random.choice(ways)`, `layers.Dense(10)` or `default_rng()`; of each the result would
be another one every time, and nobody could make it again. Whoever sets a seed overrides this.
"""

import random
import sys
from typing import Any


def seed_what_has_no_seed(seed: int) -> None:
    """Let the generators of Python, NumPy, Keras, TensorFlow and PyTorch draw the same for the same `seed`.

    Those that are made later without a seed (`default_rng()`, `random.Random()`) get one each, in the order in which
    they are made. A library counts if it is loaded. What asks the system itself (`os.urandom`, `secrets`) still
    differs.
    """
    seeds = random.Random(seed)  # noqa: S311 - no secret
    seed_keras(seed % 2**32)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(seed % 2**32)
        numpy.random.bit_generator.randbits = seeds.getrandbits  # asked for the entropy of a generator without a seed
    seed_later_ones(seeds)


def seed_keras(seed: int) -> None:
    """Seed Keras with all that it draws by, or TensorFlow where that is loaded without it."""
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(seed)
    elif tensorflow := sys.modules.get("tensorflow"):
        tensorflow.random.set_seed(seed)


def seed_later_ones(seeds: random.Random) -> None:
    """Let `random.Random()` and `random.seed()` take the next number of `seeds` where they are given none."""
    original = random.Random.seed

    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        original(self, seeds.getrandbits(128) if a is None else a, version)

    random.Random.seed = seed  # type: ignore[method-assign]
    random.seed = random._inst.seed
