"""The map moves with its input, and the pooled map at multiples of the stride only, as Keras's layers agree."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from legibility import PANEL_TEXT, flaws
from plain_windows import plain_outputs
from said_numbers import assert_says

from figures import shift_and_pool
from figures.parts.shifting import move
from figures.shift_and_pool import describe, draw, find_steps, trace, write_error
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

SIDES = st.tuples(st.integers(1, 6), st.integers(1, 6))
TABLES = arrays(np.int64, SIDES, elements=st.integers(-9, 9))
KERNELS = arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.integers(-9, 9))
MODES = st.sampled_from(["max", "average", "strided"])
RING = [[0, 0, 0, 0, 0], [0, 9, 9, 9, 0], [0, 9, 0, 9, 0], [0, 9, 9, 9, 0], [0, 0, 0, 0, 0]]
EDGE = [[-1, 1], [-1, 1]]


def shown_of(**arguments: Any) -> Any:
    """Return the trace, or None where there is nothing to be seen."""
    try:
        return trace(**arguments)
    except ValueError as problem:
        assert "0 everywhere" in str(problem)  # noqa: PT017
        return None


@given(TABLES, KERNELS, st.integers(2, 3), MODES)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_maps_are_those_of_tensorflow(input: Any, kernel: Any, size: int, mode: Any) -> None:
    shown = shown_of(input=input, kernel=kernel, pool_size=size, mode=mode)
    for shift in shown.shifts if shown else ():
        image, weights = tf.constant(shift.input, tf.float64), tf.constant(kernel, tf.float64)
        maps = tf.nn.relu(tf.nn.conv2d(image[None, :, :, None], weights[:, :, None, None], 1, "VALID"))
        if mode == "strided":
            pooled = maps[:, ::size, ::size]
        else:
            pooled = (tf.nn.max_pool2d if mode == "max" else tf.nn.avg_pool2d)(maps, size, size, "VALID")
        np.testing.assert_array_equal(shift.map, maps[0, :, :, 0])
        np.testing.assert_allclose(shift.pooled, pooled[0, :, :, 0], atol=1e-12)


@given(TABLES, KERNELS, st.integers(2, 3), MODES)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_map_moves_along_and_the_pooled_map_does_so_at_multiples_of_its_stride(
    input: Any, kernel: Any, size: int, mode: Any
) -> None:
    shown = shown_of(input=input, kernel=kernel, pool_size=size, mode=mode, furthest=6)
    for shift in shown.shifts if shown else ():
        np.testing.assert_array_equal(shift.map, move(shown.shifts[0].map, (0, shift.distance)))
        assert shift.is_exact or shift.distance % size
        assert shift.input.sum() == input.sum()
        if shift.distance % size == 0:
            assert shift.moved == shift.distance // size


@given(TABLES, KERNELS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_whole_number_of_cells_fits_better(input: Any, kernel: Any) -> None:
    shown = shown_of(input=input, kernel=kernel)
    for shift in shown.shifts if shown else ():
        near = [cells for cells in range(4) if abs(2 * cells - shift.distance) < 2]
        rest = shown.shifts[0].pooled
        least = min(np.linalg.norm(shift.pooled - move(rest, (0, cells))) for cells in near)
        assert np.linalg.norm(shift.difference) == least


def test_the_still_shows_the_last_shift_that_is_not_exact() -> None:
    assert trace(input=RING, kernel=[[1, 1], [1, 1]], furthest=4).key == 3
    assert trace(input=RING, kernel=EDGE, furthest=4).key == 4  # an edge one pixel wide only moves, by good luck


def test_a_step_for_the_map_one_for_pooling_and_three_for_pooled_shifts() -> None:
    assert find_steps(trace(input=RING, kernel=EDGE)) == [(-1,), (0,), (1,), (2,), (3, 4)]
    assert find_steps(trace(input=RING, kernel=EDGE, pool_size=3, furthest=3)) == [(-1,), (0,), (1,), (2, 3)]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"pool_size": 1}, "pool_size is 1 and furthest 4; pool at least 2 × 2"),
        ({"furthest": 2, "pool_size": 3}, "pool_size is 3 and furthest 2; .* move at least that far"),
        ({"pool_size": 5}, "pool_size is 5; give a whole number from 1 to 4"),
        ({"furthest": 7}, "furthest is 7; give a whole number from 1 to 6"),
        ({"input": np.zeros((3, 3))}, "the input is 0 everywhere; give an object"),
        ({"input": np.ones((40, 40))}, "need 45 × 49 pixels; at most 44 × 44 fit"),
        ({"kernel": [[-1]]}, "the pooled map is 0 everywhere, so no shift can be seen"),
        ({"mode": "median"}, "there is no pooling mode 'median'"),
    ],
)
def test_a_bad_argument_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**({"input": RING, "kernel": EDGE} | arguments))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("size", "furthest"), [(2, 2), (2, 4), (2, 6), (3, 6), (4, 4)])
def test_the_picture_fits_a_slide_and_no_words_overlap(theme: Any, size: int, furthest: int) -> None:
    figure = draw(trace(input=RING, kernel=EDGE, pool_size=size, furthest=furthest), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


@pytest.mark.parametrize("step", range(5))
def test_a_panel_fits_its_sheet(step: int) -> None:
    figure = draw(trace(input=RING, kernel=EDGE), LIGHT, step)
    assert figure.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
    assert flaws(figure, PANEL_TEXT) == []


@pytest.fixture(scope="module", params=[(2, 4), (3, 6)])
def played(request: Any) -> Played:
    size, furthest = request.param
    return play(
        shift_and_pool,
        {"input": RING, "kernel": EDGE, "pool_size": size, "furthest": furthest, "mode": "average"},
        DARK,
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mark_follows_the_opening_and_each_step(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_is_legible_and_says_the_numbers_of_the_trace(played: Played) -> None:
    assert faults(played) == []
    written = [text.text for text in played.marks[-1]]
    for shift in played.trace.shifts[1:]:
        assert write_error(shift) in written


@given(TABLES, KERNELS, st.integers(2, 3), st.integers(3, 6))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(input: Any, kernel: Any, size: int, furthest: int) -> None:
    shown = shown_of(input=input, kernel=kernel, pool_size=size, furthest=furthest)
    if not shown:
        return
    words, image = describe(shown), shown.shifts[0].input
    pools, errors, said = [], [], {}
    for way in range(furthest + 1):
        values = np.maximum(plain_outputs(move(image, (0, way)), kernel, (1, 1)), 0)
        height, width = values.shape
        pools.append(values.reshape(height // size, size, width // size, size).max(axis=(1, 3)))
    for way in range(1, furthest + 1):
        fits = [(float(np.linalg.norm(pools[way] - move(pools[0], (0, n)))), n) for n in (way // size, -(-way // size))]
        error, cells = min(fits, key=lambda fit: fit[0])
        errors.append(error / np.linalg.norm(move(pools[0], (0, cells))))
        said[way] = [way, *([way / size] if error else []), cells, errors[-1]]
    rows = [*image.shape, 1, furthest, height, width, 0, size, size, *pools[0].shape]
    assert_says(words.alt, [*rows, *(n for way, error in enumerate(errors, 1) for n in (error, way))])
    beats = [[furthest, 0], [size, size, *pools[0].shape, height, width, size], said[1]]
    beats += [[number for way in range(2, size + 1) for number in said[way]]]
    beats += [[number for way in range(size + 1, furthest + 1) for number in said[way]]] if furthest > size else []
    for sentence, numbers in zip(words.steps, beats, strict=True):
        assert_says(sentence, numbers)
