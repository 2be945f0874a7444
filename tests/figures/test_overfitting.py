"""Both losses, the moment of the lowest held-out one, and what is said of them."""

from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws, texts_of
from said_numbers import assert_says

from figures import overfitting
from figures.overfitting import PLOT, compose, describe, draw, draw_narrow, locate, trace
from figures.parts.keyframes import Boxes, Rules
from generator.check.pictures import faint_marks
from generator.runners.still import render_raw
from generator.runners.svg import inline_svg
from generator.theme import DARK, LIGHT


def history(training: list[float], held_out: list[float]) -> dict[str, list[float]]:
    """Return curves measured every ten steps."""
    return {"steps": [10 * k for k in range(len(training))], "loss": training, "validation_loss": held_out}


USUAL = history([2.3, 0.6, 0.1, 0.02, 0.004], [2.3, 0.8, 0.6, 0.65, 0.8])
CASES = {
    "it turns": USUAL,
    "it never turns": history([2.3, 1.0, 0.5], [2.3, 1.1, 0.6]),
    "it turns at once": history([0.5, 0.1, 0.0], [0.5, 0.9, 1.4]),
    "both end alike": history([2.0, 1.0, 0.5], [2.0, 0.4, 0.5]),
    "they end close": history(
        [2.3, 1.5, 0.8, 0.6, 0.42, 0.36, 0.36, 0.352, 0.347], [2.2, 1.4, 0.7, 0.58, 0.42, 0.39, 0.41, 0.405, 0.4]
    ),
    "many": history([2.3 / (1 + k) for k in range(60)], [2.3 / (1 + k) + 0.01 * k for k in range(60)]),
}


@pytest.mark.parametrize(
    ("curves", "problem"),
    [
        ({"steps": [0, 1, 2], "loss": [1, 1, 1]}, "history has no validation_loss; give the curves of few_curves"),
        (history([1, 1, 1], [1, 1]), "have 3, 3, 2 values; give 3 to 60 each"),
        (history([1, 1], [1, 1]), "have 2, 2, 2 values"),
        ({**USUAL, "steps": [0, 10, 10, 20, 30]}, "steps do not rise; give how many steps"),
        (history([1, -1, 1], [1, 1, 1]), "a loss is negative or not finite; look for a training that diverged"),
        (history([1, float("nan"), 1], [1, 1, 1]), "negative or not finite"),
    ],
)
def test_what_is_no_history_is_refused(curves: dict[str, list[float]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(history=curves)


def test_overfitting_begins_where_the_held_out_loss_is_lowest() -> None:
    facts = describe(trace(history=USUAL)).facts
    assert facts["best"] == {"step": 20, "training": 0.1, "held_out": 0.6}
    assert facts["last"]["gap"] == pytest.approx(0.796)
    assert facts["overfits"] is True


def test_a_loss_that_only_falls_is_not_called_overfitting() -> None:
    words = describe(trace(history=CASES["it never turns"]))
    assert words.facts["overfits"] is False
    assert "There is no overfitting to be seen by step 20" in words.steps[1]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", CASES)
def test_stills_and_panels_have_their_sizes_and_their_texts_stand_apart(theme: Any, name: str) -> None:
    shown = trace(history=CASES[name])
    figure = draw(shown, theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    for step in range(3):
        panel = draw(shown, theme, step=step)
        assert panel.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
        assert flaws(panel, PANEL_TEXT) == []


def test_every_training_loss_below_the_end_of_the_axis_has_a_mark_at_its_place() -> None:
    shown = trace(history=USUAL)
    marks = [item for item in compose(shown, 5, 3) if isinstance(item, Boxes) and item.name.startswith("training")]
    assert shown.top == pytest.approx(1.6)
    assert len(marks) == 4
    x, y = locate(shown, PLOT, 40, 0.004)
    assert marks[-1].corners[0] == pytest.approx((x - marks[-1].width / 2, y - marks[-1].width / 2))


def test_no_stroke_leaves_the_plot() -> None:
    for curves in CASES.values():
        shown = trace(history=curves)
        strokes = [item for item in compose(shown, len(shown.steps), 3) if isinstance(item, Rules)]
        heights = [y for item in strokes for line in item.lines for _, y in line]
        assert min(heights) >= PLOT.top - 1e-6
        assert max(heights) <= PLOT.bottom + 1e-6


def test_the_still_writes_both_last_losses_and_the_gap() -> None:
    words = [text.get_text() for text in texts_of(draw(trace(history=USUAL), LIGHT))]
    assert {"training 0.004", "held-out 0.800", "gap 0.796"} <= set(words)


@pytest.fixture(scope="module")
def played() -> Played:
    return play(overfitting, {"history": USUAL})


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=3, max_size=8))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(pairs: list[tuple[float, float]]) -> None:
    training, held_out = ([pair[side] for pair in pairs] for side in (0, 1))
    words = describe(trace(history=history(training, held_out)))
    best, last = int(np.argmin(held_out)), 10 * (len(pairs) - 1)
    assert_says(words.steps[0], [10 * best, training[0], training[best], held_out[0], held_out[best]])
    ends = [training[-1], held_out[-1]]
    assert_says(words.steps[1], ends if words.facts["overfits"] else [last, *ends])
    assert_says(words.steps[2], [last, abs(held_out[-1] - training[-1])])


@pytest.mark.parametrize("drawn", [draw, draw_narrow])
@pytest.mark.parametrize("name", CASES)
def test_no_text_of_either_drawing_stands_on_a_mark(name: str, drawn: Any) -> None:
    found = faint_marks(inline_svg(render_raw(drawn(trace(history=CASES[name]), LIGHT))))
    assert [fault for fault in found if "text" in fault] == []


def test_the_words_of_a_narrow_gap_stand_below_both_curves() -> None:
    shown = trace(history=CASES["they end close"])
    (words,) = (item for item in compose(shown, len(shown.steps), 3) if item.name == "gap words")
    near = [
        locate(shown, PLOT, step, loss)[1] for step, loss in zip(shown.steps[-4:], shown.training[-4:], strict=True)
    ]
    assert words.y - words.size > max(near)
