"""What a page learns with is right: slopes are those of differences and of Keras, and so is each step of a training."""

import json
import subprocess
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers
from small_networks import data

from lectures.experiments.page_training import NETWORK, build_model, measure, random_from, set_weights, shuffled

RUNNER = Path(__file__).with_name("learn.mjs")
Case = dict[str, Any]


def computed(asked: Case) -> dict[str, Any]:
    done = subprocess.run(["node", RUNNER], input=json.dumps(asked), text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a network of drawn layers, weights and pictures."""
    height, width, channels = draw(st.integers(6, 9)), draw(st.integers(6, 9)), draw(st.integers(1, 3))
    size, classes = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    first = {"kind": "Conv2D", "filters": draw(st.integers(1, 6)), "kernel_size": size}
    between = draw(
        st.sampled_from([
            [{"kind": "ReLU"}],
            [{"kind": "ReLU"}, {"kind": "MaxPooling2D", "pool_size": 2}],
            [{"kind": "MaxPooling2D", "pool_size": 3}, {"kind": "ReLU"}],
            [{"kind": "ReLU"}, {"kind": "MaxPooling2D", "pool_size": 2}, {"kind": "Conv2D", "filters": 5, "kernel_size": 2}],
        ])
    )  # fmt: skip
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    return {
        "shape": [height, width, channels], "layers": [first, *between, {"kind": "Flatten"}, {"kind": "Dense", "units": classes}],
        "seed": draw(st.integers(0, 2**31)), "pictures": random.normal(0, 1, 3 * height * width * channels).tolist(),
        "labels": random.integers(0, classes, 3).tolist(), "batch": [0, 2],
    }  # fmt: skip


def keras_model(case: Case) -> Any:
    made = {
        "Conv2D": lambda layer: layers.Conv2D(layer["filters"], layer["kernel_size"]),
        "MaxPooling2D": lambda layer: layers.MaxPooling2D(layer["pool_size"]),
        "Dense": lambda layer: layers.Dense(layer["units"]),
        "ReLU": lambda _: layers.ReLU(),
        "Flatten": lambda _: layers.Flatten(),
    }
    model = keras.Sequential([keras.Input(case["shape"]), *(made[layer["kind"]](layer) for layer in case["layers"])])
    set_weights(model, random_from(case["seed"]))
    return model


@settings(max_examples=12)
@given(cases())
def test_slopes_are_those_that_differences_of_the_loss_say(case: Case) -> None:
    found = computed(case)
    for slope, difference in zip(found["slopes"], found["differences"], strict=True):
        np.testing.assert_allclose(slope, difference, atol=1e-7, rtol=1e-5)


@settings(max_examples=12)
@given(cases())
def test_slopes_and_first_weights_are_those_of_keras(case: Case) -> None:
    model, found = keras_model(case), computed(case)
    pictures = np.reshape(case["pictures"], (3, *case["shape"]))[case["batch"]].astype(np.float32)
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(
            np.array(case["labels"])[case["batch"]], model(pictures), from_logits=True
        )
        loss = tf.reduce_mean(losses)
    slopes = tape.gradient(loss, model.trainable_weights)
    assert found["loss"] == pytest.approx(float(loss), rel=1e-5)
    for ours, theirs, values, weights in zip(
        found["slopes"], slopes, found["values"], model.get_weights(), strict=True
    ):
        np.testing.assert_allclose(values, weights.ravel(), atol=1e-6)
        np.testing.assert_allclose(ours, theirs.numpy().ravel(), atol=1e-5, rtol=1e-4)


def test_ten_steps_with_momentum_end_at_the_weights_of_keras() -> None:
    x, y = data(60).x_train / 255, data(60).y_train
    batches = np.random.default_rng(0).permutation(60)[:50].reshape(10, 5)
    model = build_model((28, 28, 1))
    set_weights(model, random_from(3))
    model.compile(
        keras.optimizers.SGD(0.05, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    losses = [float(model.train_on_batch(x[batch, ..., None].astype(np.float32), y[batch])) for batch in batches]
    found = computed({"shape": [28, 28, 1], "layers": [dict(layer) for layer in NETWORK], "seed": 3, "pictures": x.ravel().tolist(),
                      "labels": y.tolist(), "batches": batches.tolist(), "rate": 0.05, "momentum": 0.9})  # fmt: skip
    np.testing.assert_allclose(found["losses"], losses, rtol=1e-4, atol=1e-6)
    for ours, theirs in zip(found["values"], model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs.ravel(), atol=1e-5)


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**31])
def test_page_and_experiment_draw_the_same_numbers(seed: int) -> None:
    found, random = computed({"seed": seed, "draw": 200}), random_from(seed)
    assert found["numbers"] == [next(random) for _ in range(200)]
    assert found["order"] == shuffled(200, random)


def test_a_training_that_comes_apart_gets_no_digit_right() -> None:
    x, y = data(20).x_train / 255, data(20).y_train
    found = computed({"shape": [28, 28, 1], "layers": [dict(layer) for layer in NETWORK], "seed": 0, "pictures": x.ravel().tolist(),
                      "labels": y.tolist(), "batches": [[0, 1, 2, 3]] * 30, "rate": 1e200, "momentum": 0.9})  # fmt: skip
    assert found["losses"][-1] is None  # JSON's form of what is no number
    assert found["judged"] == {"loss": None, "right": 0}


def test_a_layer_that_cannot_be_trained_is_refused_by_name() -> None:
    asked = {"shape": [4, 4, 1], "layers": [{"kind": "Dropout"}], "seed": 0, "pictures": [], "labels": [], "batch": [0]}
    done = subprocess.run(["node", RUNNER], input=json.dumps(asked), text=True, capture_output=True, check=False)
    assert "a layer 'Dropout' cannot be trained here" in done.stderr


def test_the_experiment_gives_the_page_its_pictures_and_three_trainings() -> None:
    found = measure(data=data(240), learned_from=200, judged_on=40, passes=2, step_sizes=(0.003, 0.03, 0.1))
    assert found["packed"].dtype == np.uint8
    assert found["shape"] == [28, 28, 1]
    assert [len(found["curves"][way]) for way in ("first", "second", "third")] == [1, 1, 1]
    assert [len(run["right"]) for run in found["runs"]] == [2, 2, 2]
    assert found["runs"][1]["validation_accuracy"] == found["runs"][1]["right"][-1] / 40


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [({"learned_from": 300}, "340 pictures are asked for, and the dataset has 240"),
     ({"learned_from": 200, "judged_on": 40, "step_sizes": (0.1, 0.01, 0.3)}, "give three of"),
     ({"learned_from": 200, "judged_on": 40, "step_sizes": (0.1, 0.2, 0.3)}, "give three of")],
)  # fmt: skip
def test_what_cannot_be_trained_is_told(wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        measure(data=data(240), **{"judged_on": 40, **wrong})
