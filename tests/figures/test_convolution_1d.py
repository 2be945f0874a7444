"""A convolution along one axis is TensorFlow's and NumPy's sliding product, and each output stands under its window."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import view_flaws
from plain_windows import plain_padding, starts_of, unused_lines
from said_numbers import assert_adds_up, assert_says, find_numbers

from figures import convolution_1d
from figures.convolution_1d import SlideComposer, describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

EDGES = {"input": [0, 0, 1, 3, 3, 3, 1, 0, 0, 2, 0, 0], "kernel": [1, 0, -1]}
SMOOTH = {"input": [3, 5, 2, 6, 4, 9, 3, 4], "kernel": [1 / 3, 1 / 3, 1 / 3], "padding": "same"}
LONG = {"input": [k % 5 for k in range(20)], "kernel": [1, -1], "strides": 2, "padding": "causal", "steps": [0, 3, 9]}
CASES = {"edges": EDGES, "moving average": SMOOTH, "long, strided, causal": LONG}
SIGNALS = arrays(np.int64, st.integers(4, 14), elements=st.integers(-9, 9))
KERNELS = arrays(np.int64, st.integers(1, 4), elements=st.integers(-9, 9))
PADDINGS = st.sampled_from(["valid", "same", "causal"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SIGNALS, KERNELS, st.integers(1, 3), PADDINGS)
def test_the_output_is_tensorflows_exactly(signal: Any, kernel: Any, strides: int, padding: str) -> None:
    seen = np.pad(signal, (len(kernel) - 1, 0)) if padding == "causal" else signal
    named = "VALID" if padding == "causal" else padding.upper()
    values = tf.constant(seen[None, :, None], tf.float64)
    theirs = tf.nn.conv1d(values, tf.constant(kernel[:, None, None], tf.float64), strides, named)[0, :, 0].numpy()
    ours = trace(input=signal, kernel=kernel, strides=strides, padding=padding).output
    np.testing.assert_array_equal(ours, theirs)
    assert ours.dtype == np.int64


@settings(max_examples=100, deadline=None, derandomize=True)
@given(SIGNALS, KERNELS, st.sampled_from(["valid", "full"]))
def test_the_output_is_numpys_correlation(signal: Any, kernel: Any, padding: str) -> None:
    ours = trace(input=signal, kernel=kernel, padding=padding).output
    np.testing.assert_array_equal(ours, np.correlate(signal, kernel, padding))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SIGNALS, KERNELS, st.integers(1, 3), PADDINGS)
def test_each_steps_products_make_its_number(signal: Any, kernel: Any, strides: int, padding: str) -> None:
    shown = trace(input=signal, kernel=kernel, strides=strides, padding=padding)
    for step in shown.steps:
        assert step.products.sum() == step.result == shown.output[step.index]


def test_a_causal_output_never_looks_ahead() -> None:
    early, late = trace(input=[1, 2, 3, 4], kernel=[1, 1], padding="causal"), [1, 2, 3, 9]
    assert trace(input=late, kernel=[1, 1], padding="causal").output[:3].tolist() == early.output[:3].tolist()


def test_each_output_stands_under_the_middle_of_its_window() -> None:
    plate = SlideComposer(trace(**LONG))
    for index in range(10):
        assert plate._output(index).middle == pytest.approx(plate._kernel(index).middle)


def test_the_bars_of_signal_and_output_have_one_scale() -> None:
    plate = SlideComposer(trace(**EDGES))
    bars = {item.name: item.height for item in plate.compose_still() if " bar " in item.name}
    assert bars["signal bar 3"] == pytest.approx(bars["output bar 5"])  # both are 3
    assert bars["signal bar 3"] == pytest.approx(1.5 * bars["signal bar 9"])  # 3 and 2


def test_the_words_say_the_sums() -> None:
    words = describe(trace(**EDGES))
    assert words.steps[0] == "Output 1: 0 × 1 + 0 × 0 + 1 × −1 = −1."
    assert "The output is [−1, −3, −2, 0, 2, 3, 1, −2, 0, 2]." in words.alt
    assert words.facts["length"] == {"input": 12, "kernel": 3, "output": 10}
    assert "≈ 2.67" in describe(trace(**SMOOTH)).steps[0]


def test_of_a_long_output_the_extremes_are_steps() -> None:
    assert [step.index for step in trace(**EDGES).steps] == [0, 1, 2, 5, 9]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"input": [[1, 2], [3, 4]]}, r"input has shape \(2, 2\); give \(length\)"),
        ({"input": [1, float("inf"), 2]}, "input holds a value that is not finite"),
        ({"input": ["a", "b"]}, "input is not made of numbers"),
        ({"input": [1, 2]}, "a window of 1 × 3 does not fit into 1 × 2 cells"),
        ({"input": [1] * 25}, "the signal with its padding has 25 numbers; at most 24"),
        ({"input": [99999] * 5}, "input holds 99999, which is too long"),
        ({"kernel": []}, r"kernel .*"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
        ({"padding": "even"}, "there is no padding 'even'; there is 'valid', 'same', 'full' and 'causal'"),
        ({"steps": [10]}, r"steps are \[10\]; give rising numbers from 0 to 9"),
    ],
)
def test_a_bad_argument_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**EDGES, **change})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_stills_and_panels_are_legible(case: dict[str, Any], theme: Any) -> None:
    assert view_flaws(draw, trace(**case), theme) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_film_says_the_steps_and_ends_with_every_number(case: dict[str, Any]) -> None:
    from figures.parts.words import write_number

    played = play(convolution_1d, case)
    assert faults(played) == []
    assert played.sentences[1:] == list(describe(played.trace).steps)
    written = [text.text for text in played.marks[-1]]
    for value in [*played.trace.padded, *played.trace.kernel, *played.trace.output]:
        written.remove(write_number(value))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_film_of_few_steps_still_ends_with_the_whole_output(monkeypatch: pytest.MonkeyPatch) -> None:
    from figures.parts import film

    shown: list[Any] = []
    show = film.Player.show
    monkeypatch.setattr(film.Player, "show", lambda self, beat: (shown.append(beat), show(self, beat)))
    play(convolution_1d, {**EDGES, "steps": 1})
    names = {item.name for item in shown[-1].items}
    assert {f"output {i} 0 0" for i in range(10)} <= names


@given(
    SIGNALS,
    KERNELS,
    st.integers(1, 6),
    st.sampled_from(["valid", "same", "full", "causal"]),
    st.sampled_from([1, 0.5, 0.25]),
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(signal: Any, kernel: Any, strides: int, padding: str, scale: float) -> None:

    weights, reach = kernel * scale, len(kernel)
    around = (reach - 1, 0) if padding == "causal" else plain_padding(padding, len(signal), reach, strides)
    padded = [0] * around[0] + list(signal) + [0] * around[1]
    starts = starts_of(len(padded), reach, strides)
    output = [sum(padded[at + k] * weights[k] for k in range(reach)) for at in starts]
    last, between = unused_lines(len(signal), around, reach, strides)
    unused = [number for number in (last, between) if number]
    try:
        words = describe(trace(input=signal, kernel=weights, strides=strides, padding=padding))
    except ValueError as problem:
        assert "at most" in str(problem)  # noqa: PT017 - too many numbers, or too long ones
        return
    pads = [*around] if sum(around) else []
    assert_says(words.alt, [*weights, *signal, *pads, strides, *output, *unused])
    for sentence in words.steps:
        index = int(find_numbers(sentence)[0]) - 1
        terms = [number for k in range(reach) for number in (padded[starts[index] + k], weights[k])]
        assert_says(sentence, [index + 1, *terms, output[index]])
    assert assert_adds_up(words.steps) == len(words.steps)


def test_what_a_long_stride_leaves_out_is_said() -> None:
    words = describe(trace(input=[1, 2, 3, 4, 5, 6], kernel=[1, 1], strides=3))
    assert "The output is [3, 9]. No window uses the last 1 number and 1 between the windows. Below," in words.alt
