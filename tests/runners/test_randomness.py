"""What an experiment draws without a seed of its own is drawn by the seed of the run."""

import json
import subprocess
import sys

import pytest
from own_course import ROOT
from processes import PATIENCE

BEGINNING = """
import json, random
import numpy as np
{loaded}
from generator.runners.randomness import seed_what_has_no_seed
seed_what_has_no_seed({seed})
"""
DRAWS = BEGINNING + "print(json.dumps({draws}))"
WAYS = {
    "random": "random.random()",
    "a generator of random": "[random.Random().random() for _ in range(2)]",
    "numpy": "np.random.rand(2).tolist()",
    "a generator of numpy": "[np.random.default_rng().random() for _ in range(2)]",
    "the older generator of numpy": "np.random.RandomState().rand()",
    "random, seeded with nothing": "[random.seed(), random.random()]",
}
KERAS = {
    "layers": "keras.layers.Dense(2)(np.ones((1, 3))).numpy().tolist()",
    "keras": "keras.random.uniform((2,)).numpy().tolist()",
    "tensorflow": "tf.random.uniform((2,)).numpy().tolist()",
}


def draw(ways: dict[str, str], seed: int, loaded: str = "") -> dict[str, object]:
    """Return what a process draws that was given this seed, by way."""
    draws = "{" + ", ".join(f"{name!r}: {way}" for name, way in ways.items()) + "}"
    text = DRAWS.format(seed=seed, loaded=loaded, draws=draws)
    command = [sys.executable, "-W", "ignore", "-c", text]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def check_drawn(ways: dict[str, str], loaded: str = "") -> None:
    """Fail unless each way draws the same for the same seed, and something else for another one."""
    first, again, other = (draw(ways, seed, loaded) for seed in (3, 3, 4))
    assert first == again
    assert [name for name in ways if first[name] == other[name]] == []


def test_what_draws_without_a_seed_draws_by_the_seed_of_the_run():
    check_drawn(WAYS)


def test_generators_that_are_made_without_a_seed_differ_from_each_other():
    for way in ("a generator of random", "a generator of numpy"):
        one, other = draw(WAYS, 0)[way]
        assert one != other


def test_a_seed_of_ones_own_counts():
    ways = {"numpy": "np.random.default_rng(7).random()", "random": "random.Random(7).random()"}
    assert draw(ways, 0) == draw(ways, 1)


@pytest.mark.slow
def test_keras_draws_by_the_seed_of_the_run():
    check_drawn(KERAS, "import keras, tensorflow as tf")
