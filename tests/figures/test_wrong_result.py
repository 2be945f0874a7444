"""A published result is held against TensorFlow's, and what is said of its faults and their source is true."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import PANEL_TEXT, flaws, sheet_flaws, words_of
from plain_windows import plain_outputs, plain_padding, said_padding
from said_numbers import assert_says, quoted

from figures import wrong_result
from figures.wrong_result import describe, draw, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

# The animation of 2016 that is still on the web.
COPIED: dict[str, Any] = {
    "input": [[2, 2, 3, 3, 3], [0, 1, 3, 0, 3], [2, 3, 0, 1, 3], [3, 3, 2, 1, 2], [3, 3, 0, 2, 3]],
    "kernel": [[2, 0, 1], [1, 0, 0], [0, 1, 1]],
    "strides": 2,
    "padding": 1,
    "claimed": [[1, 6, 5], [7, 10, 9], [7, 10, 8]],
}
CASES = {
    "copied": COPIED,
    "no source": COPIED | {"claimed": [[1, 5, 6], [7, 8, 3], [3, 10, 5]], "label": "guessed"},
    "stride one": {"input": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 1]], "claimed": [[3, 5], [9, 12]]},
    "all wrong": {"input": np.arange(36).reshape(6, 6), "kernel": [[1]], "strides": 2, "claimed": np.ones((3, 3), int)},
}
TABLES = arrays(np.int64, st.tuples(st.integers(3, 6), st.integers(3, 6)), elements=st.integers(-9, 9))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-2, 2))


def test_six_of_the_nine_numbers_of_the_famous_animation_are_wrong() -> None:
    shown = trace(**COPIED)
    assert shown.output.tolist() == [[1, 5, 6], [7, 8, 3], [3, 10, 4]]
    assert shown.wrong == [(0, 1), (0, 2), (1, 1), (1, 2), (2, 0), (2, 2)]


def test_they_stand_in_the_corner_of_the_result_at_stride_one() -> None:
    shown = trace(**COPIED)
    assert shown.source == (0, 0)
    assert shown.unstrided[:3, :3].tolist() == COPIED["claimed"]


@given(TABLES, KERNELS, st.integers(1, 3), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_both_results_are_tensorflows_and_the_source_is_where_the_claim_stands(
    input: Any, kernel: Any, strides: int, data: Any
) -> None:
    image, weights = (tf.constant(a, tf.float64) for a in (input[None, :, :, None], kernel[:, :, None, None]))
    assume(all(a >= b for a, b in zip(input.shape, kernel.shape, strict=True)))
    output, whole = (tf.nn.conv2d(image, weights, s, "VALID")[0, :, :, 0].numpy() for s in (strides, 1))
    assume(max(output.shape) <= 4)
    down, across = (data.draw(st.integers(0, a - b)) for a, b in zip(whole.shape, output.shape, strict=True))
    claimed = whole[down : down + output.shape[0], across : across + output.shape[1]].astype(int)
    assume((claimed != output).any())
    shown = trace(input=input, kernel=kernel, strides=strides, claimed=claimed)
    np.testing.assert_array_equal(shown.output, output)
    np.testing.assert_array_equal(shown.unstrided, whole)
    if strides == 1:
        assert shown.source is None
    else:
        assert shown.source is not None
        i, j = shown.source
        np.testing.assert_array_equal(whole[i : i + output.shape[0], j : j + output.shape[1]], claimed)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"claimed": [[1, 2]]}, "claimed is 1 × 2 and the output 3 × 3; give as many numbers"),
        ({"claimed": [[1, 5, 6], [7, 8, 3], [3, 10, 4]]}, "claimed is the true output; give a result that is wrong"),
        ({"input": np.ones((9, 9), int), "claimed": np.ones((5, 5), int)}, "the padded input is 11 × 11; give a smaller"),
        ({"claimed": [[1234567, 6, 5], [7, 10, 9], [7, 10, 8]]}, "'1234567' is too long for a cell"),
        ({"padding": "half"}, "there is no padding 'half'"),
        ({"strides": 0}, "strides is 0; the smallest is 1"),
    ],
)  # fmt: skip
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**{**COPIED, **arguments})


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("case", CASES)
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, case: str) -> None:
    assert sheet_flaws(draw(trace(**CASES[case]), theme)) == []


@pytest.mark.parametrize("case", CASES)
def test_panels_fit_their_sheets(case: str) -> None:
    shown = trace(**CASES[case])
    for step in range(len(describe(shown).steps)):
        assert flaws(draw(shown, LIGHT, step), PANEL_TEXT) == []


def test_the_still_writes_every_number_of_both_results_and_counts_the_wrong_ones() -> None:
    shown = trace(**COPIED)
    written = words_of(draw(shown, LIGHT))
    assert "6 of 9" in written
    for table in (shown.claimed, shown.output, shown.unstrided):
        for value in table.flat:
            written.remove(str(value))


@pytest.fixture(scope="module", params=CASES)
def played(request: Any) -> Played:
    return play(wrong_result, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_wrong_numbers_lie_below_the_others_from_the_second_step_on(played: Played) -> None:
    shown, (_, before, after, *_) = played.trace, played.marks
    right = [str(value) for value in shown.claimed[~shown.is_wrong]]
    ground = 124 + 246  # the lower edge of the outputs
    assert "of" not in "".join(text.text for text in before)
    lying = sorted(text.text for text in after if text.top > ground and 516 < text.left < 516 + 246)
    assert lying == sorted(str(value) for value in shown.claimed[shown.is_wrong])
    standing = sorted(text.text for text in after if text.bottom < ground and 516 < text.left < 516 + 246)
    assert [text for text in standing if text.isdigit()] == sorted(right)


@given(TABLES, KERNELS, st.integers(1, 3), st.sampled_from(["valid", 1]), st.integers(0, 99))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any, strides: int, padding: Any, seed: int) -> None:
    around = [plain_padding(padding, *each, strides) for each in zip(input.shape, kernel.shape, strict=True)]
    padded = np.pad(input, around)
    assume(all(a >= b for a, b in zip(padded.shape, kernel.shape, strict=True)))
    output, whole = (plain_outputs(padded, kernel, (s, s)) for s in (strides, 1))
    assume(max(output.shape) <= 4 and max(whole.shape) <= 7)
    top, left = (seed % (a - b + 1) for a, b in zip(whole.shape, output.shape, strict=True))
    block = whole[top : top + output.shape[0], left : left + output.shape[1]]
    claimed = block if seed % 2 else output + np.random.default_rng(seed).integers(0, 2, output.shape)
    assume((claimed != output).any())
    words = describe(trace(input=input, kernel=kernel, strides=strides, padding=padding, claimed=claimed))
    wrong = np.argwhere(claimed != output)
    said = [[*said_padding(*around), strides, *quoted(output)]]
    each = [(i + 1, j + 1, output[i, j], claimed[i, j]) for i, j in wrong]
    said.append([len(wrong), output.size, *(number for four in each for number in four)])
    (rows, columns), source = output.shape, words.facts.get("source")
    if source:
        ends = [(start, start + many - 1) for start, many in zip(source.values(), output.shape, strict=True)]
        spans = [number for first, last in ends for number in ([first] if first == last else [first, last])]
        kept = [1 + strides * k for many in (rows, columns) for k in range(many)]
        found = whole[source["row"] - 1 :, source["column"] - 1 :][:rows, :columns]
        np.testing.assert_array_equal(found, claimed)
        said.append([1, *quoted(whole), *spans, strides, *kept])
    assert len(words.steps) == len(said)
    for sentence, numbers in zip(words.steps, said, strict=True):
        assert_says(sentence, numbers)
    assert_says(words.alt, [*quoted(claimed), *quoted(input), *quoted(kernel), *(n for part in said for n in part)])
