"""Activation functions are Keras's, and their slopes are those that TensorFlow and a small step find."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from said_numbers import assert_says

from figures.activation_curve import FUNCTIONS, describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

ALL = tuple(FUNCTIONS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", ALL)
def test_values_and_slopes_are_keras_own(name: str) -> None:
    import keras

    shown = trace(functions=[name])
    (activation,) = shown.activations
    x = tf.constant(shown.x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = getattr(keras.activations, name)(x)
    np.testing.assert_allclose(activation.values, values.numpy(), atol=1e-5)
    np.testing.assert_allclose(activation.slopes, tape.gradient(values, x).numpy(), atol=1e-5)


@pytest.mark.parametrize("name", ALL)
def test_slopes_are_what_a_small_step_changes(name: str) -> None:
    shown = trace(functions=[name])
    value, _ = FUNCTIONS[name]
    (activation,), step = shown.activations, 1e-6
    away = np.abs(shown.x) > 2 * step  # at the kink two sides disagree
    numeric = (value(shown.x + step, 0.2) - value(shown.x - step, 0.2)) / (2 * step)
    np.testing.assert_allclose(activation.slopes[away], numeric[away], atol=1e-5)


def test_large_inputs_do_not_overflow() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert FUNCTIONS["sigmoid"][0](np.array([-1e4, 1e4]), 0).tolist() == [0, 1]


def test_the_sigmoid_is_never_steeper_than_a_quarter() -> None:
    facts = describe(trace()).facts
    assert facts["sigmoid"]["steepest"] == pytest.approx(0.25)
    assert facts["tanh"]["steepest"] == pytest.approx(1)
    assert facts["relu"]["values"] == [0, 0.5, 2]


def test_the_words_say_each_mark_and_where_the_slope_jumps() -> None:
    alt = describe(trace(functions=["relu", "tanh"], marks=[-1])).alt
    assert "relu (max(0, x)): at −1 it is 0 with slope 0; its steepest slope is 1; at 0 its slope jumps." in alt
    assert "at −1 it is −0.76 with slope 0.42; its steepest slope is 1." in alt


def test_the_slope_of_leaky_relu_can_be_chosen() -> None:
    (activation,) = trace(functions=["leaky_relu"], marks=[-2], negative_slope=0.1).activations
    assert activation.marked.tolist() == [-0.2]
    assert activation.formula == "x, below 0: 0.1 × x"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"functions": ["swish"]}, "there is no activation 'swish' here; there is relu, sigmoid"),
        ({"functions": []}, r"functions is \[\]; give one to 5 different ones"),
        ({"functions": ["relu", "relu"]}, "give one to 5 different ones"),
        ({"marks": [4]}, r"marks is \[4\]; give up to 4 different numbers from −3 to 3"),
        ({"marks": [1, 1]}, "give up to 4 different numbers"),
        ({"marks": []}, "marks has shape"),
        ({"negative_slope": 1}, "negative_slope is 1; give a number from 0"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "arguments",
    [{}, {"functions": ALL, "marks": [-2.75, -1, 0, 2]}, {"functions": ["gelu"], "marks": [1]}, {"functions": ["relu", "sigmoid"]}],
)  # fmt: skip
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, arguments: dict[str, Any]) -> None:
    figure = draw(trace(**arguments), theme)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


@given(
    st.lists(st.sampled_from(ALL), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from([-3, -0.7, 0, 0.5, 2.25]), min_size=1, max_size=4, unique=True),
    st.sampled_from([0.0, 0.001, 0.2]),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(names: Any, marks: Any, slope: float) -> None:

    curves = {
        "relu": lambda x: max(x, 0),
        "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
        "tanh": math.tanh,
        "leaky_relu": lambda x: x if x > 0 else slope * x,
        "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    }
    formulas = {"relu": [0], "sigmoid": [1, 1], "tanh": [2, 2, 1], "leaky_relu": [0, slope], "gelu": []}
    kinks, tiny, said = ("relu", "leaky_relu"), 1e-6, [-3, 3]
    for name in names:
        value = curves[name]
        steepest = max((value(x + tiny) - value(x - tiny)) / (2 * tiny) for x in np.linspace(-2.9, 2.9, 581))
        said += formulas[name]
        for x in sorted(marks):
            left = (value(x) - value(x - tiny)) / tiny  # at a kink the slope is the one from the left
            said += [x, value(x), left]
        said += [steepest, *([0] if name in kinks else [])]
    assert_says(describe(trace(functions=names, marks=marks, negative_slope=slope)).alt, said)
