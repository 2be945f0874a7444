"""A network that branches is drawn as it branches: no line crosses what it passes, and every number is true."""

from itertools import chain, pairwise

import numpy as np
import pytest
from branching_networks import INCEPTION, RESIDUAL, made_up_networks, node
from hypothesis import given, settings
from legibility import flaws, sheet_flaws, words_of
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from said_numbers import assert_says

from figures.architecture import describe, draw, trace
from generator.theme import DARK, LIGHT

HALF_PIXEL, WIRE = 0.5, 0.5  # WIRE: the zorder of lines between layers


def crossed(figure: Figure) -> list[str]:
    """Return what the lines between layers cross: the texts and the frames of a figure."""
    figure.draw_without_rendering()
    sheet = figure.axes[0]
    things = [(text.get_text(), text.get_window_extent()) for text in sheet.texts if text.get_text().strip()]
    frames = [patch for patch in sheet.patches if not isinstance(patch, PathPatch)]
    things += [("a frame", patch.get_window_extent()) for patch in frames]
    points = np.vstack([points_of(line) for line in sheet.patches if line.get_zorder() == WIRE])
    return [name for name, box in things if _touches(points, box)]


def points_of(line: PathPatch) -> np.ndarray:
    """Return points of a line, less than two pixels apart, in pixels."""
    (polygon,) = line.get_path().transformed(line.get_transform()).to_polygons(closed_only=False)
    return np.vstack([np.linspace(a, b, 2 + int(np.hypot(*(b - a)))) for a, b in pairwise(polygon)])


def _touches(points: np.ndarray, box) -> bool:
    x, y = points.T
    inside = (
        (x > box.x0 + HALF_PIXEL) & (x < box.x1 - HALF_PIXEL) & (y > box.y0 + HALF_PIXEL) & (y < box.y1 - HALF_PIXEL)
    )
    return bool(inside.any())


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("layers", [RESIDUAL, INCEPTION, RESIDUAL[:5]])
def test_a_network_that_branches_fits_a_slide(theme, layers: list[dict]) -> None:
    figure = draw(trace(layers=layers), theme)
    assert sheet_flaws(figure) == []
    assert crossed(figure) == []


def test_the_line_of_a_skip_connection_passes_above_what_it_skips() -> None:
    figure = draw(trace(layers=RESIDUAL), LIGHT)
    lines = [patch.get_path().vertices for patch in figure.axes[0].patches if patch.get_zorder() == WIRE]
    (skip,) = [line for line in lines if np.ptp(line[:, 1]) > 0.1]
    frames = [patch.get_bbox() for patch in figure.axes[0].patches if not isinstance(patch, PathPatch)]
    passed = [box for box in frames if skip[0, 0] < box.x0 and box.x1 < skip[-1, 0]]
    assert len(passed) > 1
    assert skip[:, 1].min() < min(box.y0 for box in passed)


def test_the_text_says_what_is_added_and_where_the_network_branches() -> None:
    alt = describe(trace(layers=RESIDUAL)).alt
    assert "conv1 (Conv2D) takes the input and gives 8 × 8 × 4, 40 parameters" in alt
    assert "add (Add) adds the output of conv1 to that of conv3 and gives 8 × 8 × 4" in alt
    assert "The output of conv1 goes to conv2 and add." in alt


@pytest.mark.parametrize(
    ("kind", "said", "written"),
    [
        ("Add", "adds up the outputs of a, b and c", "a + b + c"),
        ("Multiply", "multiplies the outputs of a, b and c", "a · b · c"),
        ("Average", "takes the mean of the outputs of a, b and c", "mean"),
        ("Maximum", "takes the largest of the outputs of a, b and c", "largest"),
        ("Minimum", "takes the smallest of the outputs of a, b and c", "smallest"),
        ("Concatenate", "puts side by side the channels of the outputs of a, b and c", "joined"),
    ],
)
def test_each_merge_says_what_it_does(kind: str, said: str, written: str) -> None:
    network = trace(layers=[node("a", "input"), node("b", "input"), node("c", "input"), node("m", "a b c", kind)])
    assert f"m ({kind}) {said} and gives" in describe(network).alt
    assert written in words_of(draw(network, LIGHT))


def test_a_difference_says_what_is_taken_from_what() -> None:
    network = trace(layers=[node("a", "input"), node("b", "a"), node("m", "b a", "Subtract")])
    assert "m (Subtract) takes from the output of b that of a and gives" in describe(network).alt
    assert "b − a" in words_of(draw(network, LIGHT))


def test_several_inputs_and_outputs_are_named_and_no_answer_is_said() -> None:
    layers = [node("both", "left right", "Add"), node("x", "both", "Dense", (3,)), node("y", "both", "Dense", (2,))]
    network = trace(layers=layers, maps={"y": np.array([0.25, 0.75])})
    said = describe(network)
    assert said.alt.startswith("A network of 3 layers takes left of 8 × 8 × 4 and right of 8 × 8 × 4. both (Add) adds")
    assert "It gives the outputs of x and y." in said.alt
    assert "answer" not in said.facts
    assert flaws(draw(network, LIGHT)) == []


def test_an_answer_alone_in_the_last_column_has_a_bar_for_each_class() -> None:
    answer = node("softmax", "mean", "Dense", (10,), input_shape=[4])
    branch = [node("a", "input"), node("b", "input"), node("m", "a b", "Add"),
              node("mean", "m", "GlobalAveragePooling2D", (4,)), answer]  # fmt: skip
    figure = draw(trace(layers=branch), LIGHT)
    assert set("0123456789") <= set(words_of(figure))
    assert sheet_flaws(figure) == crossed(figure) == []


def test_a_part_of_a_network_begins_with_what_comes_in() -> None:
    network = trace(layers=RESIDUAL[3:5])
    assert [layer.name for layer in network.layers] == ["conv1", "conv3", "add", "relu"]
    assert [layer.kind for layer in network.layers] == ["Input", "Input", "Add", "ReLU"]


def test_what_comes_into_a_part_of_a_chain_is_not_called_the_image() -> None:
    maps = {"input": np.ones((28, 28)), "conv2": np.ones((8, 8, 4))}
    first = trace(layers=RESIDUAL[1:3], maps=maps).layers[0]
    assert (first.name, first.shape, first.values) == ("conv1", (8, 8, 4), None)
    assert "comes in" in words_of(draw(trace(layers=RESIDUAL[1:3], maps=maps), LIGHT))


def long_network(blocks: int) -> list[dict]:
    """Return residual blocks with a normalization and an activation in each, 5 layers, on top of one another."""
    layers, below = [], "input"
    for k in range(blocks):
        layers += [node(f"conv{k}", below), node(f"norm{k}", f"conv{k}", "BatchNormalization"), node(f"relu{k}", f"norm{k}", "ReLU"),
                   node(f"add{k}", f"{below} relu{k}", "Add"), node(f"out{k}", f"add{k}", "ReLU")]  # fmt: skip
        below = f"out{k}"
    return layers


def test_of_many_layers_those_that_keep_sizes_join_the_only_layer_before() -> None:
    network = trace(layers=long_network(3))
    assert [layer.name for layer in network.drawn.layers] == [
        "input",
        "conv0",
        "add0",
        "conv1",
        "add1",
        "conv2",
        "add2",
    ]
    assert network.drawn.parameters == network.parameters
    figure = draw(network, LIGHT)
    assert "layers that keep the size are drawn with the layer before" in words_of(figure)
    assert sheet_flaws(figure) == crossed(figure) == []


def test_a_layer_joins_none_whose_output_also_goes_elsewhere() -> None:
    layers = [*long_network(2), node("end", "conv1 out1", "Add")]
    assert "norm1" in [layer.name for layer in trace(layers=layers).drawn.layers]


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        (long_network(60), "the longest path has 121 columns, and 14 fit a slide; give a part of the layers"),
        (long_network(8), "the longest path has 17 columns, and 14 fit a slide; give a part of the layers"),
        ([node(f"a{k}", "input") for k in range(5)], "5 layers stand side by side, and 4 fit a slide; give a part"),
        ([node("add", "a b", "Add"), node("a", "input"), node("b", "input")], "add takes the output of a, which stands behind it; give"),
    ],
)  # fmt: skip
def test_what_does_not_fit_or_is_out_of_order_is_refused(layers: list[dict], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        trace(layers=layers)


@given(made_up_networks())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_no_line_crosses_a_picture_or_a_text_and_every_number_is_true(layers: list[dict]) -> None:
    try:
        network = trace(layers=layers)
    except ValueError as error:
        assert "; give a part of the layers" in str(error)  # noqa: PT017
        return
    counts = [[8, 8, 4, layer["parameters"]] for layer in layers]
    totals = [sum(layer[cost] for layer in layers) for cost in ("parameters", "macs")]
    assert_says(describe(network).alt, [len(layers), 8, 8, 4, *chain(*counts), *totals])
    figure = draw(network, LIGHT)
    assert sheet_flaws(figure) == []
    if not network.graph.is_chain:
        assert crossed(figure) == []
