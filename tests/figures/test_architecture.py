"""A network's picture is read from its layers; nothing in it is typed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import flaws
from matplotlib.colors import to_rgba
from said_numbers import assert_says

from figures.architecture import describe, draw, trace
from generator.theme import DARK, LIGHT

LAYERS = [
    {"name": "conv1", "kind": "Conv2D", "input_shape": [8, 8, 1], "output_shape": [6, 6, 4], "parameters": 40,
     "macs": 1296, "kernel_size": 3, "activation": "relu"},
    {"name": "pool1", "kind": "MaxPooling2D", "input_shape": [6, 6, 4], "output_shape": [3, 3, 4], "parameters": 0,
     "macs": 0, "kernel_size": 2},
    {"name": "flatten", "kind": "Flatten", "input_shape": [3, 3, 4], "output_shape": [36], "parameters": 0, "macs": 0},
    {"name": "softmax", "kind": "Dense", "input_shape": [36], "output_shape": [3], "parameters": 111, "macs": 108,
     "activation": "softmax"},
]  # fmt: skip


def maps() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = {"input": (8, 8), **{str(layer["name"]): tuple(layer["output_shape"]) for layer in LAYERS}}
    return {name: random.random(shape, dtype=np.float32) for name, shape in shapes.items()}


def test_the_sums_are_those_of_the_layers() -> None:
    network = trace(layers=LAYERS)
    assert (network.parameters, network.macs) == (151, 1404)


def test_the_input_comes_first() -> None:
    first = trace(layers=LAYERS).layers[0]
    assert (first.kind, first.size) == ("Input", "8 × 8 × 1")


def test_the_text_names_every_layer_with_its_size() -> None:
    alt = describe(trace(layers=LAYERS)).alt
    assert "conv1 (Conv2D) gives 6 × 6 × 4, 40 parameters" in alt
    assert "151 parameters and 1,404 multiplications" in alt


def test_with_maps_the_text_says_the_answer() -> None:
    found = maps() | {"softmax": np.array([0.1, 0.7, 0.2], np.float32)}
    facts = describe(trace(layers=LAYERS, maps=found)).facts
    assert facts["answer"] == 1
    assert facts["probability"] == pytest.approx(0.7)


def test_maps_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match=r"pool1 gives \(3, 3, 4\), its map is \(2, 2, 4\); take"):
        trace(layers=LAYERS, maps=maps() | {"pool1": np.zeros((2, 2, 4))})


@pytest.mark.parametrize(("layers", "problem"), [([], "layers is empty;"), ([{"name": "a"}], "a layer has no kind;")])
def test_what_is_no_network_is_refused(layers: list, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(layers=layers)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("real", [True, False])
def test_the_picture_fits_a_slide_and_writes_every_size(theme, *, real: bool) -> None:
    figure = draw(trace(layers=LAYERS, maps=maps() if real else None), theme)
    assert figure.get_size_inches()[0] == pytest.approx(12.8)
    assert figure.get_size_inches()[1] <= 6
    written = {text.get_text() for text in figure.axes[0].texts}
    assert {"6 × 6 × 4", "3 × 3 × 4", "36", "3", "40", "111", "1,296"} <= written


def test_every_text_is_legible_from_the_last_row() -> None:
    figure = draw(trace(layers=LAYERS, maps=maps()), LIGHT)
    assert min(text.get_fontsize() for text in figure.axes[0].texts) >= 13


def chain(blocks: int) -> list[dict]:
    """Return `blocks` convolutions, each with a normalization, an activation and dropout behind it, then a dense layer."""
    layers = []
    for number in range(blocks):
        shapes = {"input_shape": [8, 8, 4], "output_shape": [8, 8, 4]}
        conv = {
            "name": f"conv2d_{number}",
            "kind": "Conv2D",
            "kernel_size": [3, 1],
            "parameters": 40,
            "macs": 9_000_000,
        }
        free = {"parameters": 0, "macs": 0}
        layers += [conv | shapes, {"name": f"norm_{number}", "kind": "BatchNormalization", "parameters": 16, "macs": 256} | shapes,
                   {"name": f"relu_{number}", "kind": "ReLU"} | free | shapes,
                   {"name": f"dropout_{number}", "kind": "Dropout"} | free | shapes]  # fmt: skip
    return [
        *layers,
        {"name": "dense", "kind": "Dense", "input_shape": [8, 8, 4], "output_shape": [10], "parameters": 9, "macs": 9},
    ]


@pytest.mark.parametrize("blocks", [1, 2, 3, 12])
def test_many_layers_fit_a_slide_those_that_keep_sizes_with_the_layer_before(blocks: int) -> None:
    network = trace(layers=chain(blocks))
    figure = draw(network, LIGHT)
    assert flaws(figure) == []
    assert len(network.columns) == (len(network.layers) if blocks < 2 else blocks + 2)
    assert sum(column.parameters for column in network.columns) == network.parameters == blocks * 56 + 9
    assert ("layers that keep the size are drawn with the layer before" in words(figure)) is (blocks > 1)


def test_a_column_gives_what_its_last_layer_gives() -> None:
    maps = {f"{name}_0": np.full((8, 8, 4), value) for value, name in enumerate(["conv2d", "norm", "relu", "dropout"])}
    column = trace(layers=chain(3), maps=maps).columns[1]
    assert column.name == "conv2d_0"
    assert column.values is maps["dropout_0"]


def test_more_columns_than_a_slide_has_room_for_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"the input and 14 layers stand side by side, and 14 columns fit a slide; give a part"
    ):
        trace(layers=chain(13))


def test_a_window_that_is_not_square_is_written_with_both_sides() -> None:
    assert "3 × 1 conv" in words(draw(trace(layers=chain(1)), LIGHT))


def test_scores_are_no_probabilities_and_their_bars_begin_at_zero_inside_the_frame() -> None:
    shown = trace(layers=LAYERS, maps=maps() | {"softmax": np.array([-2.0, 6, 2], np.float32)})
    assert describe(shown).facts["score"] == 6
    bars = [
        patch.get_bbox()
        for patch in draw(shown, LIGHT).axes[0].patches
        if patch.get_facecolor() == to_rgba(LIGHT.output)
    ]
    assert [round(bar.width, 3) for bar in bars] == [0.195, 0.585, 0.195]
    assert bars[0].x1 == pytest.approx(bars[1].x0)


def words(figure) -> set[str]:
    return {text.get_text() for text in figure.axes[0].texts}


@given(
    st.lists(st.integers(1, 3000), min_size=1, max_size=6),
    st.lists(st.sampled_from([0.0, 0.3, 0.999, 1.0]), min_size=3, max_size=3),
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(counts: list[int], answer: list[float]) -> None:

    layers = [{**LAYERS[3], "name": f"l{k}", "parameters": count, "macs": 7 * count} for k, count in enumerate(counts)]
    each = [number for count in counts for number in (3, count)]
    totals = [sum(counts), 7 * sum(counts)]
    best = [k for k in range(3) if answer[k] == max(answer)]
    words = describe(trace(layers=layers, maps={f"l{len(counts) - 1}": np.array(answer)}))
    assert_says(words.alt, [len(counts), 36, *each, *totals, *best, max(answer)])


def test_answers_that_tie_are_all_named() -> None:
    alt = describe(trace(layers=LAYERS, maps={"softmax": np.array([0.4, 0.2, 0.4])})).alt
    assert alt.endswith("The answer to the digit shown is 0 and 2 with probability 0.40.")
