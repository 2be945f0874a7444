"""In each stage what learns is what Keras counts as trainable, and every mark shows the locks of its stage."""

from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws, sheet_flaws, words_of
from said_numbers import assert_says

from figures import unfreeze
from figures.unfreeze import describe, draw, trace
from generator.theme import DARK, LIGHT

LAYERS = [
    {"name": "conv1", "kind": "Conv2D", "parameters": 320},
    {"name": "pool1", "kind": "MaxPooling2D", "parameters": 0},
    {"name": "conv2", "kind": "Conv2D", "parameters": 18_496},
    {"name": "conv3", "kind": "Conv2D", "parameters": 36_928},
    {"name": "flatten", "kind": "Flatten", "parameters": 0},
    {"name": "dense1", "kind": "Dense", "parameters": 36_928},
    {"name": "softmax", "kind": "Dense", "parameters": 325},
]
BASE = ["conv1", "conv2", "conv3"]
TWO: dict[str, Any] = {
    "layers": LAYERS,
    "names": ["feature extraction", "fine-tuning"],
    "stages": [BASE, []],
    "new": ["dense1", "softmax"],
}


def test_each_stage_says_what_is_frozen_and_how_many_parameters_learn() -> None:
    words = describe(trace(**TWO))
    assert words.steps == (
        "Feature extraction: conv1, conv2 and conv3 are frozen; 37,253 of 92,997 parameters learn (40.1 %).",
        "Fine-tuning: nothing is frozen; 92,997 of 92,997 parameters learn (100.0 %).",
    )
    assert words.facts == {"trainable": [37_253, 92_997], "frozen": [55_744, 0], "parameters": 92_997}
    assert words.alt.startswith("Taken from another task: conv1, conv2 and conv3; new: dense1 and softmax. Feature")


@given(st.lists(st.sets(st.sampled_from([layer["name"] for layer in LAYERS])), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_what_learns_is_what_is_not_frozen(stages: list[set[str]]) -> None:
    shown = trace(
        layers=LAYERS, names=[f"s{k}" for k in range(len(stages))], stages=[sorted(s) for s in stages], new=[]
    )
    wanted = [sum(layer["parameters"] for layer in LAYERS if layer["name"] not in frozen) for frozen in stages]
    assert describe(shown).facts["trainable"] == wanted


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_keras_counts_the_same() -> None:
    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.parts.probing import describe_network

    model = build_model(classes=5)
    shown = trace(**TWO | {"layers": describe_network(model)["layers"]})
    for stage, frozen in zip(shown.stages, TWO["stages"], strict=True):
        for layer in model.layers:
            layer.trainable = layer.name not in frozen
        assert stage.trainable == sum(int(np.prod(weights.shape)) for weights in model.trainable_weights)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"names": ["one"]}, "there are 1 names for 2 stages"),
        ({"names": [], "stages": []}, "1 to 5 stages"),
        ({"new": ["pool1"]}, "there is no layer .*pool1.* with parameters; there is conv1, conv2"),
        ({"stages": [["conv9"], []]}, "there is no layer 'conv9' to freeze"),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(**TWO | arguments)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_picture_fits_a_slide_and_a_panel_is_legible(theme: Any) -> None:
    shown = trace(**TWO)
    assert sheet_flaws(draw(shown, theme)) == []
    for step in range(2):
        assert flaws(draw(shown, theme, step), PANEL_TEXT) == []


def test_every_state_is_written_and_not_only_colored() -> None:
    shown = trace(**TWO | {"names": ["all", "extraction"], "stages": [[], BASE]})
    written = words_of(draw(shown, LIGHT))
    assert (written.count("frozen"), written.count("learns"), written.count("new")) == (3, 2, 2)


@pytest.fixture(scope="module")
def played() -> Played:
    return play(unfreeze, TWO)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_has_a_mark_for_each_stage_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []
    states = [[text.text for text in mark if text.text in ("frozen", "learns")] for mark in played.marks]
    assert [(mark.count("frozen"), mark.count("learns")) for mark in states] == [(0, 0), (3, 2), (0, 5)]


@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=6).filter(any),
    st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=3),
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(counts: list[int], stages: list[set[int]]) -> None:
    letters = "abcdef"
    layers = [{"name": letters[k], "kind": "Dense", "parameters": count} for k, count in enumerate(counts)]
    frozen = [[letters[k] for k in sorted(stage) if k < len(counts)] for stage in stages]
    names = ["before", "then", "last"][: len(stages)]
    said: list[float] = []
    for stage in stages:
        learning = sum(count for k, count in enumerate(counts) if k not in stage)
        said += [learning, sum(counts), 100 * learning / sum(counts)]
    assert_says(describe(trace(layers=layers, names=names, stages=frozen, new=[])).alt, said)
