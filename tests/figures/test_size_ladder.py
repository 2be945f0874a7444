"""Every size of the ladder is one that Keras says, and what it calls dropped changes nothing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from plain_windows import plain_padding, starts_of, unused_lines
from said_numbers import assert_adds_up, assert_says

from figures.size_ladder import describe, draw, trace
from generator.theme import DARK, LIGHT


def layer(name: str, kind: str, size: int, window: int = 0, strides: int = 1, padding: str = "valid") -> dict[str, Any]:
    """Return a layer as an experiment reads it from a model."""
    after = size if not window else -(-size // strides) if padding == "same" else (size - window) // strides + 1
    made = {"name": name, "kind": kind, "input_shape": [size, size, 8], "output_shape": [after, after, 8]}
    return made | ({"kernel_size": window, "strides": strides, "padding": padding} if window else {})


def chain(*links: tuple[str, int, int, str], size: int = 28) -> list[dict[str, Any]]:
    """Return layers (kind, window, strides, padding), each on the output of the one before."""
    layers: list[dict[str, Any]] = []
    for number, link in enumerate(links):
        layers.append(layer(f"layer{number}", link[0], size, *link[1:]))
        size = layers[-1]["output_shape"][0]
    return layers


CONV, POOL = ("Conv2D", 3, 1, "valid"), ("MaxPooling2D", 2, 2, "valid")
LECTURE = chain(CONV, POOL, CONV, POOL, CONV)
MIXED = chain(("Conv2D", 3, 1, "same"), ("Conv2D", 3, 2, "same"), ("Dropout", 0, 1, ""), ("AveragePooling2D", 3, 2, "valid"),
              ("Conv2D", 3, 3, "valid"), ("MaxPooling2D", 2, 2, "valid"), size=33)  # fmt: skip
LONG = chain(CONV, CONV, POOL, CONV, CONV, POOL, CONV, CONV, size=64)


def test_28_becomes_26_13_11_5_3_and_the_second_pooling_drops_a_row_and_a_column() -> None:
    facts = describe(trace(layers=LECTURE)).facts
    assert facts["sizes"] == [28, 26, 13, 11, 5, 3]
    assert [place["rows"] for place in facts["dropped"].values()] == [0, 0, 0, 1, 0]
    assert (
        "layer3 (2 × 2 max) makes 5 × 5 from 11 × 11 and drops 1 row and 1 column"
        in describe(trace(layers=LECTURE)).alt
    )
    assert facts["formula"]["layer3"] == "⌊11 / 2⌋ = 5"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_sizes_of_real_models_are_their_layers_output_shapes_and_drops_are_what_windows_leave() -> None:
    import keras
    from keras import layers

    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.parts.probing import layer_facts

    other = keras.Sequential([
        keras.Input((30, 23, 3)), layers.Conv2D(4, 5, strides=3), layers.Dropout(0.5),
        layers.Conv2D(4, 3, strides=2, padding="same"), layers.MaxPooling2D(2), layers.GlobalAveragePooling2D(),
    ])  # fmt: skip
    for model in (build_model(), other):
        shown = trace(layers=layer_facts(model))
        windows = [layer for layer in model.layers if hasattr(layer, "kernel_size") or hasattr(layer, "pool_size")]
        windows = [layer for layer in windows if len(layer.output.shape) == 4]
        assert [rung.after for rung in shown.rungs] == [tuple(layer.output.shape[1:3]) for layer in windows]
        assert [rung.channels for rung in shown.rungs] == [layer.output.shape[3] for layer in windows]
        for rung, made in zip(shown.rungs, windows, strict=True):
            assert rung.dropped == _blind(made)


def _blind(layer: Any) -> tuple[int, int]:
    """Return how many last rows and columns of a layer's input change nothing of its output."""
    import keras

    shape = (1, *layer.input.shape[1:])
    part = keras.Sequential([keras.Input(shape[1:]), layer])
    still = np.asarray(part(np.zeros(shape, np.float32)))
    row, column = 0, 0
    while row < shape[1] and _is_blind(part, still, np.s_[:, shape[1] - 1 - row :]):
        row += 1
    while column < shape[2] and _is_blind(part, still, np.s_[:, :, shape[2] - 1 - column :]):
        column += 1
    return row, column


def _is_blind(part: Any, still: Any, where: Any) -> bool:
    changed = np.zeros((1, *part.inputs[0].shape[1:]), np.float32)
    changed[where] = np.random.default_rng(0).uniform(1, 2, changed[where].shape)
    return bool((np.asarray(part(changed)) == still).all())


def test_layers_without_a_window_are_passed_over_and_the_ladder_ends_where_maps_end() -> None:
    flat = {"name": "flatten", "kind": "Flatten", "input_shape": [3, 3, 8], "output_shape": [72]}
    assert len(trace(layers=[*LECTURE, flat]).rungs) == 5
    assert [rung.name for rung in trace(layers=MIXED).rungs] == ["layer0", "layer1", "layer3", "layer4", "layer5"]


def test_same_padding_at_a_stride_rounds_up_and_drops_nothing() -> None:
    (rung,) = trace(layers=chain(("Conv2D", 3, 2, "same"), size=11)).rungs
    assert (rung.after, rung.dropped, rung.formula) == ((6, 6), (0, 0), "⌈11 / 2⌉")


def test_maps_are_drawn_to_one_scale_and_every_size_is_written() -> None:
    from figures.size_ladder import arrange

    shown = trace(layers=LECTURE)
    scale, lefts = arrange(shown)
    assert 28 * scale == pytest.approx(3.0)
    assert all(
        right - left > scale * width for left, right, (_, width) in zip(lefts, lefts[1:], shown.maps, strict=False)
    )
    written = [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
    assert {f"{size} × {size}" for size in (28, 26, 13, 11, 5, 3)} <= set(written)
    assert "layer3 drops" in written
    assert "1 row, 1 column" in written


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        ([], "layers is no list of layers; give"),
        ({"name": "conv1"}, "layers is no list of layers; give"),
        ([{"name": "conv1"}], "a layer has no kind; give the layers"),
        (LONG + LONG, "16 layers have windows; give a network with 1 to 8"),
        ([LECTURE[0], LECTURE[1] | {"output_shape": [14, 14, 8]}], "layer1 gives 14 × 14, but a window of 2 with stride 2 makes 13 × 13"),
        ([layer("drop", "Dropout", 9)], "0 layers have windows; give"),
    ],
)  # fmt: skip
def test_what_is_no_ladder_is_refused(layers: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(layers=layers)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("layers", [LECTURE, LECTURE[:1], MIXED, LONG])
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, layers: Any) -> None:
    figure = draw(trace(layers=layers), theme)
    assert figure.get_size_inches()[1] <= 6
    assert flaws(figure) == []


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.sampled_from(["valid", "same"])), min_size=1, max_size=5
    )
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(stack: Any) -> None:

    size, links, said, heights = 28, [], [], [28]
    for window, strides, padding in stack:
        around = plain_padding(padding, size, window, strides)
        places = len(starts_of(size + sum(around), window, strides))
        if not places:
            break
        lines = unused_lines(size, around, window, strides)
        said += [window, window, *([strides] if strides > 1 else []), places, places, size, size]
        said += [count for count in lines for _ in "rc" if count]
        links.append(("Conv2D", window, strides, padding))
        size = places
        heights.append(size)
    words = describe(trace(layers=chain(*links)))
    assert_says(words.alt, [*heights, *said])
    sizes = {key: text for key, text in words.facts["formula"].items() if "same" not in text and "⌈" not in text}
    assert assert_adds_up([*sizes.values()]) == len(sizes)


def test_what_a_long_stride_skips_is_said_and_hatched() -> None:
    shown = trace(layers=chain(("Conv2D", 1, 2, "valid"), size=6))
    assert (
        "makes 3 × 3 from 6 × 6 and drops 1 row and 1 column and skips 2 rows and 2 columns between"
        in describe(shown).alt
    )
    written = [text.get_text() for text in draw(shown, LIGHT).axes[0].texts]
    assert {"layer0 leaves out", "3 rows, 3 columns", "no window uses it"} <= {*written}
