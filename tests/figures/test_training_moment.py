"""One moment of a training: what is drawn and said is that of the step which is asked for, on scales of all moments."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws, words_of
from said_numbers import assert_says

from figures.parts.still import color_cells
from figures.training_moment import describe, draw, trace
from generator.theme import DARK, LIGHT

STEPS = (0, 5, 40)


def example(channels: int = 8, layers: int = 2, classes: int = 10, seed: int = 0) -> dict[str, Any]:
    """Return the record of a training with three moments."""
    random = np.random.default_rng(seed)
    maps = {"conv1": random.random((3, 26, 26, channels)), "conv2": random.random((3, 11, 11, 12))}
    answers = random.random((3, classes))
    return {
        "steps": np.array(STEPS),
        "kernels": random.normal(size=(3, channels, 3, 3)),
        "image": random.integers(0, 256, (28, 28), dtype=np.uint8),
        "label": 1,
        "maps": dict(list(maps.items())[:layers]),
        "answers": answers / answers.sum(axis=1, keepdims=True),
        "confusion": random.integers(0, 600, (3, classes, classes)),
    }


RECORD = example()
CASES: dict[str, dict[str, Any]] = {
    "usual": {"record": RECORD, "step": 5},
    "before training": {"record": RECORD},
    "one channel, one layer": {"record": example(1, 1), "count": 1, "step": 40},
    "most channels and classes": {"record": example(7, 2, 12), "count": 7, "step": 40},
}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", CASES)
def test_the_still_has_its_size_and_its_texts_stand_apart(theme: Any, name: str) -> None:
    assert sheet_flaws(draw(trace(**CASES[name]), theme)) == []


def test_each_kernel_stands_over_the_map_that_it_makes() -> None:
    shown = trace(record=RECORD, step=5, count=3)
    channels = list(shown.maps[0].channels)
    images = draw(shown, LIGHT).axes[0].images
    kernels, maps = images[:3], images[3:6]
    reach = np.abs(RECORD["kernels"]).max()
    for channel, kernel, made in zip(channels, kernels, maps, strict=True):
        assert (kernel.get_array() == color_cells(RECORD["kernels"][1, channel], (-reach, reach))).all()
        largest = RECORD["maps"]["conv1"].max()
        assert (made.get_array() == color_cells(RECORD["maps"]["conv1"][1, ..., channel], (0, largest))).all()
        assert kernel.get_extent()[0] == made.get_extent()[0]


def test_the_kernels_are_those_that_change_most_over_the_whole_training() -> None:
    kernels = np.zeros((3, 8, 3, 3))
    kernels[2, [6, 1]] = 1
    kernels[1, 3] = 9  # far away for a while
    assert trace(record=RECORD | {"kernels": kernels}, count=2, step=5).maps[0].channels == (1, 6)


def test_a_row_of_the_matrix_has_the_shares_of_its_class() -> None:
    matrix = draw(trace(record=RECORD, step=40), LIGHT).axes[0].images[-1]
    counts = RECORD["confusion"][2]
    assert (matrix.get_array() == color_cells(counts / counts.sum(axis=1, keepdims=True), (0.0, 1.0))).all()


@pytest.mark.parametrize("moment", range(3))
def test_what_is_said_is_counted(moment: int) -> None:
    shown = trace(record=RECORD, step=STEPS[moment])
    words, counts = describe(shown), RECORD["confusion"][moment]
    right, answer = int(np.trace(counts)), int(RECORD["answers"][moment].argmax())
    assert re.search(rf": {right:,} of {counts.sum():,} held-out digits are right", words.alt)
    assert f"The digit shown, a 1, is answered with {answer} (" in words.alt
    moved = np.linalg.norm(RECORD["kernels"][moment] - RECORD["kernels"][0], axis=(1, 2))[list(shown.maps[0].channels)]
    assert words.facts["mean_change"] == pytest.approx(moved.mean())
    wrong = counts * (1 - np.eye(10, dtype=int))
    mistaken: Any = words.facts["mistaken"]
    assert mistaken["count"] == wrong.max() == counts[mistaken["true"], mistaken["answered"]]
    assert f"{right:,}" in words_of(draw(shown, LIGHT))


@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(1, 7), st.integers(0, 2), st.integers(1, 1500))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(seed: int, classes: int, count: int, moment: int, most: int) -> None:
    record = example(classes=classes, seed=seed)
    counts = np.random.default_rng(seed).integers(0, most + 1, (classes, classes))
    counts[0, :2] += 1  # some digit was right, and some was not
    record["confusion"] = np.stack([counts] * 3)
    record["label"] = seed % 10
    answers = record["answers"][moment]
    moved = np.sqrt(((record["kernels"] - record["kernels"][0]) ** 2).sum(axis=(2, 3)))
    shown = np.argsort(-moved[-1])[:count]
    wrong = counts - np.diag(np.diag(counts))
    true, answered = divmod(int(wrong.argmax()), classes)
    right, total, step = int(np.trace(counts)), int(counts.sum()), STEPS[moment]
    said = describe(trace(record=record, step=step, count=count)).alt
    expected = [
        right,
        total,
        100 * right / total,
        seed % 10,
        int(answers.argmax()),
        100 * float(answers.max()),
        count,
        8,
    ]
    expected = [step, *expected, moved[moment, shown].mean()] if step else expected
    assert_says(said, [*expected, true, answered, *([wrong.max()] if wrong.max() > 1 else [])])


def test_a_network_without_a_mistake_is_said_to_have_none() -> None:
    perfect = RECORD | {"confusion": np.stack([np.eye(10, dtype=int) * 3] * 3)}
    assert describe(trace(record=perfect)).alt.endswith("No digit is mistaken.")


@pytest.mark.parametrize(
    ("changed", "arguments", "problem"),
    [
        ({}, {"step": 6}, "step is 6; recorded is the training after 0, 5, 40 steps"),
        ({}, {"count": 9}, "count is 9, of 8 kernels; 1 to 7 fit a slide"),
        ({"maps": {}}, {}, "there are maps of 0 layers; give those of one or two"),
        ({"answers": np.ones((2, 10))}, {}, "there are 3 steps and 2 moments of answers; give as many of both"),
        ({"kernels": np.ones((3, 5, 3, 3))}, {}, "5 kernels make 8 maps; give both of the same layer"),
        ({"answers": np.ones((3, 9))}, {}, "answers have 9 classes, confusion is 10 × 10; give the same, 2 to 12"),
        ({"confusion": np.zeros((3, 10, 10), int)}, {}, "confusion is not made of counts"),
        ({"confusion": np.ones((3, 10, 10)) / 2}, {}, "confusion is not made of counts"),
    ],
)
def test_what_cannot_be_shown_is_refused(changed: dict[str, Any], arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(record=RECORD | changed, **arguments)


def test_a_record_that_lacks_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match="record has no confusion; give the record of an experiment like"):
        trace(record={name: value for name, value in RECORD.items() if name != "confusion"})
