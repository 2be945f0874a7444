"""What each layer makes of a digit is what Keras computed, in the order of the layers, up to the probabilities."""

from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws
from said_numbers import assert_says
from small_networks import build, data

from figures import forward_pass
from figures.forward_pass import compose, describe, draw, trace
from figures.parts.keyframes import Shades
from generator.theme import DARK, LIGHT

SHAPES = {
    "conv1": (26, 26, 32), "pool1": (13, 13, 32), "conv2": (11, 11, 64), "pool2": (5, 5, 64), "conv3": (3, 3, 64),
    "flatten": (576,), "dense1": (64,), "softmax": (10,),
}  # fmt: skip
WEIGHTED = ("conv1", "conv2", "conv3", "dense1", "softmax")


def network(seed: int = 0, shapes: dict[str, tuple[int, ...]] | None = None) -> dict[str, Any]:
    """Return made-up outputs of the layers, and facts about them."""
    random, sizes = np.random.default_rng(seed), shapes or SHAPES
    maps = {name: np.maximum(random.normal(size=shape), 0) for name, shape in sizes.items()}
    maps["input"] = random.random((28, 28))
    maps["softmax"] = random.dirichlet(np.full(sizes["softmax"], 0.3))
    names = ["input", *sizes]
    layers = [
        {"name": name, "inputs": [before], "parameters": 7 * (name in WEIGHTED)}
        for before, name in zip(names, sizes, strict=False)
    ]
    return {"maps": maps, "layers": layers}


def changed(name: str, values: Any) -> dict[str, Any]:
    """Return a network one of whose outputs is another."""
    given = network()
    return given | {"maps": given["maps"] | {name: np.asarray(values)}}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_outputs_and_the_answer_are_those_of_keras() -> None:
    from lectures.experiments.parts.probing import activations, layer_facts

    model, image = build(size=28), data().x_test[0][..., None].astype(np.float32) / 255
    shown = trace(maps=activations(model, image), layers=layer_facts(model))
    answer = model.predict(image[None], verbose=0)[0]
    np.testing.assert_allclose(shown.probabilities, answer, atol=1e-6)
    assert describe(shown).facts["answer"] == answer.argmax()
    assert [layer.name for layer in shown.layers] == [layer.name for layer in model.layers]


def test_a_step_begins_with_each_layer_that_has_weights() -> None:
    shown = trace(**network())
    assert shown.groups == [[0, 1], [2, 3], [4, 5], [6], [7]]
    assert len(describe(shown).steps) == 5


def test_a_pooling_shows_the_channels_of_the_convolution_before_it() -> None:
    shown = trace(**network(), channels=3)
    conv, pool, *_ = shown.layers
    assert len(conv.shown) == 3
    assert pool.shown == conv.shown
    spread = conv.output.std(axis=(0, 1))
    assert set(conv.shown) == set(np.argsort(-spread, kind="stable")[:3].tolist())


def test_maps_are_empty_until_their_layer_is_reached() -> None:
    shown = trace(**network())
    pictures = [
        {item.name: np.array(item.values) for item in compose(shown, *at) if isinstance(item, Shades)}
        for at in ((0, 0), (2, 1), (8, 0))
    ]
    full = [name for name, values in pictures[0].items() if values.any()]
    assert full == ["input"]
    lit = [name.split()[0] for name, values in pictures[1].items() if values.any()]
    assert lit == ["input"] + ["conv1"] * 4 + ["pool1"] * 4 + ["conv2"]
    assert all(values.any() for values in pictures[2].values())
    channel = shown.layers[0].shown[0]
    assert np.array_equal(pictures[2][f"conv1 {channel}"], shown.layers[0].output[..., channel])


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (network() | {"channels": 6}, "channels is 6; draw 1 to 5"),
        (network() | {"maps": {"input": np.ones((28, 28))}}, "maps has no conv1; give maps and layers of one network"),
        (changed("input", np.ones(28)), r"the image has shape \(28,\); give \(height, width\)"),
        (changed("softmax", np.ones(10)), "softmax does not give up to 10 probabilities"),
        (changed("conv2", np.ones((3, 3))), r"conv2 has an output of shape \(3, 3\)"),
        (changed("conv2", np.full((1, 1, 2), np.nan)), r"conv2 has an output of shape \(1, 1, 2\); give finite"),
        (
            network() | {"layers": [{"name": "conv1", "inputs": ["input", "pool1"]}]},
            "conv1 does not follow input alone; only one path",
        ),
        (
            network(shapes={f"c{k}": (26, 26, 8) for k in range(9)} | {"softmax": (10,)}),
            "10 layers do not fit a slide; give fewer",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("channels", [1, 4, 5])
def test_the_picture_fits_a_slide_and_its_texts_stand_apart(theme: Any, channels: int) -> None:
    figure = draw(trace(**network(), channels=channels), theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []


@pytest.mark.parametrize("step", range(5))
def test_a_panel_fits_its_sheet(step: int) -> None:
    figure = draw(trace(**network()), LIGHT, step)
    assert figure.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
    assert flaws(figure, PANEL_TEXT) == []


@pytest.fixture(scope="module")
def played() -> Played:
    return play(forward_pass, network(), DARK)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mark_follows_the_opening_and_each_step(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_is_legible(played: Played) -> None:
    assert faults(played) == []


@given(st.integers(0, 1000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(seed: int) -> None:
    given = network(seed)
    words, maps = describe(trace(**given)), given["maps"]
    said: dict[str, list[float]] = {
        name: [shape[2], shape[0], shape[1], maps[name].max()]
        if len(shape) == 3
        else [shape[0], (maps[name] > 0).sum(), 0]
        for name, shape in SHAPES.items()
    }
    best = int(maps["softmax"].argmax())
    said["softmax"] = [10, 100 * maps["softmax"][best], best]
    groups = [("conv1", "pool1"), ("conv2", "pool2"), ("conv3", "flatten"), ("dense1",), ("softmax",)]
    for sentence, names in zip(words.steps, groups, strict=True):
        assert_says(sentence, [number for name in names for number in said[name]])
    assert_says(words.alt, [28, 28, *(number for numbers in said.values() for number in numbers)])
