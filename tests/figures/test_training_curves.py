"""Curves of a training: both kinds of images, told apart by more than color."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said_numbers import assert_says

from figures.training_curves import describe, draw, trace
from generator.theme import DARK, LIGHT

HISTORY = {
    "epochs": [1.0, 2.0, 3.0],
    "loss": [0.9, 0.3, 0.1],
    "accuracy": [0.7, 0.9, 0.99],
    "validation_loss": [0.5, 0.35, 0.4],
    "validation_accuracy": [0.8, 0.88, 0.87],
}


def test_the_gap_in_the_end_is_a_fact() -> None:
    facts = describe(trace(history=HISTORY)).facts
    assert facts["accuracy"]["gap"] == pytest.approx(0.12)
    assert facts["loss"]["validation"] == 0.4


def test_the_text_says_where_each_curve_ends() -> None:
    assert "from 80.0 % to 87.0 % on held-out images" in describe(trace(history=HISTORY)).alt


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"validation_loss": [1.0]}, "validation_loss has 1 values for 3 epochs; take"),
        ({"loss": [1.0, np.nan, 0.5]}, "loss is empty or not finite; look"),
        ({"epochs": []}, "epochs is empty"),
    ],
)
def test_curves_that_do_not_belong_together_are_refused(change: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(history=HISTORY | change)


def test_a_history_without_held_out_images_is_refused() -> None:
    with pytest.raises(ValueError, match="history has no validation_loss; give"):
        trace(history={name: values for name, values in HISTORY.items() if not name.startswith("validation")})


def test_an_unknown_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="quantities is"):
        trace(history=HISTORY, quantities=["speed"])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_quantity_has_its_own_axes_with_its_own_name(theme) -> None:
    figure = draw(trace(history=HISTORY), theme)
    titles = [axes.get_title("left") for axes in figure.axes]
    assert [title for title in titles if title] == ["loss (cross-entropy)", "accuracy in %"]


def test_the_two_lines_differ_in_dash_and_mark_too() -> None:
    training, validation = draw(trace(history=HISTORY, quantities=["loss"]), LIGHT).axes[1].lines
    assert training.get_linestyle() != validation.get_linestyle()
    assert training.get_marker() != validation.get_marker()


def test_the_names_at_the_lines_never_overlap() -> None:
    level = HISTORY | {"accuracy": HISTORY["validation_accuracy"]}
    figure = draw(trace(history=level, quantities=["accuracy"]), LIGHT)
    figure.draw_without_rendering()
    one, other = (text.get_window_extent() for text in figure.axes[1].texts)
    assert one.y1 <= other.y0 or other.y1 <= one.y0


def test_a_panel_shows_one_quantity() -> None:
    panel = draw(trace(history=HISTORY), LIGHT, step=1)
    assert [axes.get_title("left") for axes in panel.axes] == ["accuracy in %"]
    assert panel.get_size_inches().tolist() == pytest.approx([4.2, 3.2])


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 1)), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(points: Any) -> None:

    loss, accuracy = ([point[k] for point in points] for k in (0, 1))
    history = {"epochs": [0.5 * (k + 1) for k in range(len(points))], "loss": loss, "accuracy": accuracy}
    history |= {"validation_loss": loss[::-1], "validation_accuracy": accuracy[::-1]}
    ends = [loss[0], loss[-1], loss[-1], loss[0], *(100 * accuracy[k] for k in (0, -1, -1, 0))]
    assert_says(describe(trace(history=history)).alt, [0.5 * len(points), *ends])
    counted = describe(trace(history=history, images=1_000, batch_size=64)).alt
    assert_says(counted, [0.5 * len(points), 8 * len(points), *ends])  # 16 batches an epoch, the last one smaller


def test_an_axis_may_count_batches_and_mark_where_an_epoch_ends() -> None:
    axes = draw(trace(history=HISTORY, images=1_000, batch_size=64), LIGHT).axes[1]
    assert axes.get_xlabel() == "batches"
    assert axes.lines[0].get_xdata().tolist() == [16, 32, 48]
    assert [text.get_text().strip() for text in axes.texts if "epoch" in text.get_text()] == [
        "epoch 1",
        "epoch 2",
        "epoch 3",
    ]


def test_an_axis_may_count_the_images_that_were_shown() -> None:
    axes = draw(trace(history=HISTORY, images=55_000), LIGHT).axes[1]
    assert axes.get_xlabel() == "training images shown"
    assert axes.get_xlim() == (0, 165_000)


def test_the_picture_says_when_each_curve_was_measured() -> None:
    texts = [text.get_text() for axes in draw(trace(history=HISTORY), LIGHT).axes for text in axes.texts]
    assert any("while the network was still learning, so it lags" in text for text in texts)


@pytest.mark.parametrize(
    ("axis", "problem"),
    [
        ({"batch_size": 64}, "batch_size says nothing without images; give"),
        ({"images": 0.5}, "images is 0.5; give a whole number"),
        ({"images": 100, "batch_size": -1}, "batch_size is -1; give a whole number"),
    ],
)
def test_an_axis_that_cannot_be_counted_is_refused(axis: dict, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(history=HISTORY, **axis)
