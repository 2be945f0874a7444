"""A convolution over channels: each channel's own sum, their total and the bias are Keras's number, exactly."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import view_flaws
from plain_windows import plain_outputs, plain_padding, said_padding, said_pair, said_unused, unused_lines
from said_numbers import assert_adds_up, assert_says, find_numbers, quoted

from figures import multi_channel
from figures.multi_channel import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

WHOLE = st.integers(-3, 3)
COLORED = {
    "layout": "tables",
    "input": [
        [[1, 0, 2, 1], [0, 1, 1, 0], [2, 1, 0, 1], [1, 0, 1, 2]],
        [[0, 1, 0, 1], [1, 2, 0, 0], [0, 1, 1, 0], [2, 0, 0, 1]],
        [[1, 1, 0, 0], [0, 1, 0, 2], [1, 0, 2, 0], [0, 0, 1, 1]],
    ],
    "kernels": [
        [[[1, 0, 1], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [1, -1, 1], [0, 1, 0]], [[0, 0, 0], [0, 2, 0], [0, 0, 0]]],
        [[[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], [[0, 0, 0], [1, 1, 1], [0, 0, 0]], [[1, 0, 0], [0, -1, 0], [0, 0, 1]]],
    ],
    "biases": [1, -2],
}
GREY = {"input": np.arange(25).reshape(5, 5, 1) % 7, "kernels": np.arange(4).reshape(2, 2, 1, 1)}
PADDED = {
    "input": (np.arange(50) % 4).reshape(5, 5, 2),
    "kernels": (np.arange(18) % 3 - 1).reshape(3, 3, 2, 1),
    "padding": "same",
    "strides": 2,
}
CASES = {"three channels": COLORED, "one channel": GREY, "same padding": PADDED}


@st.composite
def layers(draw: Any) -> dict[str, Any]:
    """Draw a layer that Keras accepts and a slide can show."""
    depth, filters = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    shape = (draw(st.integers(3, 4)), draw(st.integers(3, 4)), depth)
    return {
        "input": draw(arrays(np.int64, shape, elements=WHOLE)),
        "kernels": draw(arrays(np.int64, (height, width, depth, filters), elements=st.integers(-1, 1))),
        "biases": draw(arrays(np.int64, filters, elements=WHOLE)),
        "strides": draw(st.integers(1, 2)),
        "padding": draw(st.sampled_from(["valid", "same"])) if max(shape) + max(height, width) < 7 else "valid",
    }


@settings(max_examples=150, deadline=None, derandomize=True)
@given(layers())
def test_the_output_is_tensorflows_exactly(layer: dict[str, Any]) -> None:
    image, kernels = (tf.constant(layer[name], tf.float64) for name in ("input", "kernels"))
    theirs = tf.nn.conv2d(image[None], kernels, layer["strides"], layer["padding"].upper())[0].numpy() + layer["biases"]
    ours = trace(**layer).output
    np.testing.assert_array_equal(ours, theirs)
    assert ours.dtype == np.int64


@settings(max_examples=60, deadline=None, derandomize=True)
@given(layers())
def test_the_sums_of_the_channels_and_the_bias_make_the_number(layer: dict[str, Any]) -> None:
    shown = trace(**layer)
    for step in shown.steps:
        assert step.products.sum(axis=(0, 1)).tolist() == step.sums.tolist()
        assert step.sums.sum() + step.bias == step.result == shown.output[step.row, step.column, step.filter]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_parameters_are_those_that_keras_counts(case: dict[str, Any]) -> None:
    import keras

    shown = trace(**case)
    layer = keras.layers.Conv2D(shown.output.shape[2], shown.kernels.shape[:2])
    layer.build((None, *shown.input.shape))
    assert shown.parameters == layer.count_params() == describe(shown).facts["parameters"]


def test_tables_one_a_channel_are_the_same_layer_as_channels_last() -> None:
    image, kernels = np.moveaxis(COLORED["input"], 0, 2), np.transpose(COLORED["kernels"], (2, 3, 1, 0))
    last = trace(input=image, kernels=kernels, biases=COLORED["biases"])
    np.testing.assert_array_equal(last.output, trace(**COLORED).output)


def test_there_is_one_map_a_filter_however_many_channels_there_are() -> None:
    assert trace(**COLORED).output.shape == (2, 2, 2)
    assert trace(**PADDED).output.shape == (3, 3, 1)


def test_by_default_each_map_has_a_step_then_the_next_place_and_the_last_number() -> None:
    at = [(step.row, step.column, step.filter) for step in trace(**COLORED).steps]
    assert at == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 1, 1)]


def test_the_words_say_the_sums_and_the_count() -> None:
    words = describe(trace(**COLORED))
    assert words.steps[1] == "Map 2, row 1, column 1: the sums of its 3 channels, 0 + 3 + 2 − bias 2 = 3."
    assert words.alt.endswith("(3 × 3 × 3 weights + 1 bias) × 2 filters = 56 parameters.")
    assert words.facts["sum"]["first"] == "4 + 1 + 2 + bias 1 = 8"
    assert describe(trace(**GREY)).steps[0] == "Map 1, row 1, column 1: the sum of its one channel is 29."


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [[1, 2], [3, 4]]}, r"input has shape \(2, 2\); give \(channels, height, width\)"),
        ({"input": [[[1, float("nan")]]] * 3}, "input holds a value that is not finite"),
        ({"input": [[[1, 2], [3]]]}, "the rows of input differ in length"),
        ({"input": [[["a"]]]}, "input is not made of numbers"),
        (
            {"input": COLORED["input"][:2]},
            "kernels have 3 channels and the input has 2; a kernel is as deep as its input",
        ),
        ({"input": np.ones((3, 6, 6), int)}, "the input with its padding is 6 × 6; at most 5 × 5"),
        ({"biases": [999, 0]}, "the output holds 1006, which is too long"),
        ({"biases": [1]}, "there are 1 biases and 2 output maps"),
        ({"layout": "channels_first"}, "there is no layout 'channels_first'"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
        ({"padding": "even"}, "there is no padding 'even'"),
        ({"steps": [8]}, r"steps are \[8\]; give rising numbers from 0 to 7"),
        ({"kernels": np.ones((1, 3, 4, 4), int), "biases": None}, "the kernels are 4 × 4; at most 3 × 3"),
        ({"kernels": np.ones((4, 3, 3, 3), int), "biases": None}, "4 maps of 2 × 2 do not fit; take fewer filters"),
        ({"input": np.full((3, 4, 4), 999)}, "input holds 999, which is too long"),
    ],
)
def test_a_bad_argument_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**COLORED, **change})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_stills_and_panels_are_legible(case: dict[str, Any], theme: Any) -> None:
    assert view_flaws(draw, trace(**case), theme) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_film_says_the_steps_and_ends_with_every_number(case: dict[str, Any]) -> None:
    played = play(multi_channel, case)
    assert faults(played) == []
    assert played.sentences[1:] == list(describe(played.trace).steps)
    written = [text.text for text in played.marks[-1]]
    for array in (played.trace.padded, played.trace.output):
        for value in array.ravel():
            written.remove(str(value).replace("-", "−"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_film_of_few_steps_still_ends_with_the_whole_output(monkeypatch: pytest.MonkeyPatch) -> None:
    from figures.parts import film

    shown: list[Any] = []
    show = film.Player.show
    monkeypatch.setattr(film.Player, "show", lambda self, beat: (shown.append(beat), show(self, beat)))
    play(multi_channel, {**COLORED, "steps": 1})
    names = {item.name for item in shown[-1].items}
    assert {f"map {f} {i} {j}" for f in (0, 1) for i in (0, 1) for j in (0, 1)} <= names


@given(layers(), st.sampled_from([1, 0.5]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(layer: dict[str, Any], scale: float) -> None:

    kernels, biases, step = layer["kernels"] * scale, layer["biases"], (layer["strides"],) * 2
    image = layer["input"]
    around = [
        plain_padding(layer["padding"], *each) for each in zip(image.shape[:2], kernels.shape[:2], step, strict=True)
    ]
    padded = np.pad(image, [*around, (0, 0)])

    depth, filters = kernels.shape[2:]
    sums = [[plain_outputs(padded[:, :, c], kernels[:, :, c, f], step) for c in range(depth)] for f in range(filters)]
    output = [sum(sums[f]) + biases[f] for f in range(filters)]
    said = [*image.shape, *[number for c in range(depth) for number in (c + 1, *quoted(image[:, :, c]))], filters]
    said += kernels.shape[:3]
    for f in range(filters):
        tables = [number for c in range(depth) for number in quoted(kernels[:, :, c, f])]
        said += [f + 1, *tables, *([biases[f]] if biases.any() else [])]
    said += [*said_padding(*around), *said_pair(step)]
    said += [number for f in range(filters) for number in (f + 1, *quoted(output[f]))]
    lines = zip(image.shape[:2], around, kernels.shape[:2], step, strict=True)
    unused = said_unused([unused_lines(*each) for each in lines])
    weights = kernels.shape[0] * kernels.shape[1] * depth
    try:
        words = describe(trace(**{**layer, "kernels": kernels}))
    except ValueError as problem:
        assert "too long" in str(problem) or "do not fit" in str(problem)  # noqa: PT017 - too long, or too large
        return
    assert_says(words.alt, [*said, *kernels.shape[:3], 1, filters, (weights + 1) * filters, *unused])
    for sentence in words.steps:
        f, row, column = (int(number) - 1 for number in find_numbers(sentence)[:3])
        parts = [abs(each[row, column]) if k else each[row, column] for k, each in enumerate(sums[f])]
        alone = depth == 1 and not biases.any()
        count = [depth] if depth > 1 else []
        terms = [] if alone else [*count, *parts, *([abs(biases[f])] if biases.any() else [])]
        assert_says(sentence, [f + 1, row + 1, column + 1, *terms, output[f][row, column]])
    assert_adds_up([words.alt, *words.steps])
