"""Each step is minus the gradient times the rate, TensorFlow's gradient; every view shows the walk where it went."""

import warnings
from typing import Any

import numpy as np
import pytest
from filming import Played, faults, play
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from legibility import PANEL_TEXT, flaws
from said_numbers import assert_says

from figures import gradient_step
from figures.gradient_step import (
    MAP,
    compose,
    describe,
    draw,
    find_levels,
    interpolate,
    locate,
    place_surface,
    trace,
    write_losses,
)
from figures.parts.keyframes import Box, Rules
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

FIRST, SECOND = np.linspace(-3, 3, 41), np.linspace(-2, 3, 35)


def loss(first: Any, second: Any) -> Any:
    """Return a narrow valley."""
    return 0.3 + (first + 0.6 * second) ** 2 + 0.25 * (second - 1) ** 2


def walk(rate: float, steps: int, start: tuple[float, float] = (1.2, 1.3)) -> dict[str, Any]:
    """Return gradient descent with TensorFlow's gradients."""
    place, path, gradients = tf.Variable(start, dtype=tf.float64), [np.array(start)], []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = loss(place[0], place[1])
        gradients.append(tape.gradient(value, place).numpy())
        place.assign_sub(rate * gradients[-1])
        path.append(place.numpy())
    return {"rate": rate, "path": path, "gradients": gradients, "path_losses": [loss(*place) for place in path]}


SURFACE = {"names": ["w1", "w2"], "first": FIRST, "second": SECOND, "losses": loss(FIRST[:, None], SECOND)}
DESCENT = {**SURFACE, **walk(0.15, 6)}
CASES: dict[str, dict[str, Any]] = {
    "descent": {"descent": DESCENT},
    "both": {"descent": DESCENT, "overshoot": walk(0.68, 4)},
    "longest": {"descent": {**SURFACE, **walk(0.1, 8)}, "overshoot": walk(0.6, 8)},
    "one step": {"descent": {**SURFACE, **walk(0.1, 1)}, "overshoot": walk(0.6, 1)},
    "small": {
        "descent": {
            **SURFACE, **walk(0.1, 8), "losses": 1e-4 * SURFACE["losses"], "gradients": walk(0.1, 8)["gradients"],
            "path_losses": 1e-4 * np.array(walk(0.1, 8)["path_losses"]),
            "names": ["conv1[0,0]", "dense bias"],
        }
    },
}  # fmt: skip


@given(st.floats(-3, 3), st.floats(-2, 3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_between_its_places_the_surface_is_straight(first: float, second: float) -> None:
    plane = (FIRST, SECOND, 2 * FIRST[:, None] - SECOND)
    assert interpolate(plane, np.array([[first, second]]))[0] == pytest.approx(2 * first - second, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"names": None}, "descent has no names; give names, first, second, losses, rate"),
        ({"first": FIRST[::-1]}, "first does not rise in equal steps; give values as np.linspace"),
        ({"second": SECOND**3}, "second does not rise in equal steps"),
        ({"first": FIRST[:4]}, "first has 4 values; give 5 to 200"),
        ({"losses": SURFACE["losses"].T}, r"losses has shape \(35, 41\); give \(41, 35\), as first and second"),
        ({"losses": np.ones((41, 35))}, "all losses are equal"),
        ({"names": ["w1"]}, r"names is \['w1'\]; give two names"),
        ({"path": [[1, 1]] * 10}, "descent takes 9 steps; give 1 to 8"),
        ({"path_losses": [1, 2]}, "descent has 7 places, 6 gradients and 2 losses; give one place more"),
        ({"rate": 0}, "the rate of descent is 0.0; give a number above zero"),
        ({"rate": 0.2}, "a step of descent is not minus its rate times the gradient; give plain gradient descent"),
        ({"first": FIRST / 3}, "descent leaves the surface; give wider first and second"),
        ({"losses": SURFACE["losses"][::-1]}, "the losses of descent are not those of the surface; losses"),
    ],
)
def test_what_is_no_descent_on_the_surface_is_refused(change: dict[str, Any], problem: str) -> None:
    changed = {name: value for name, value in (DESCENT | change).items() if value is not None}
    with pytest.raises(ValueError, match=problem):
        trace(descent=changed)


def test_a_second_walk_is_held_to_the_same_rules() -> None:
    with pytest.raises(ValueError, match="overshoot leaves the surface"):
        trace(descent=DESCENT, overshoot=walk(0.9, 4))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", CASES)
def test_stills_and_panels_have_their_sizes_and_their_texts_stand_apart(theme: Any, name: str) -> None:
    shown = trace(**CASES[name])
    figure = draw(shown, theme)
    assert figure.get_size_inches().tolist() == pytest.approx([12.8, 6.0])
    assert flaws(figure) == []
    for step in range(len(describe(shown).steps)):
        panel = draw(shown, theme, step=step)
        assert panel.get_size_inches().tolist() == pytest.approx([4.2, 3.2])
        assert flaws(panel, PANEL_TEXT) == []


def test_the_first_weight_runs_to_the_right_and_the_second_upward() -> None:
    shown = trace(descent=DESCENT)
    assert locate(shown, MAP, np.array([-3, -2])) == pytest.approx((MAP.left, MAP.bottom))
    assert locate(shown, MAP, np.array([3, 3])) == pytest.approx((MAP.right, MAP.top))


def test_every_line_of_equal_loss_lies_where_the_loss_is_that() -> None:
    shown = trace(descent=DESCENT)
    lines = {item.name: item for item in compose(shown, [0]) if isinstance(item, Rules)}
    for k, level in enumerate(find_levels(shown)):
        for (x, y), _ in lines[f"level {k}"].lines[::9]:
            first = FIRST[0] + (x - MAP.left) / MAP.width * np.ptp(FIRST)
            second = SECOND[0] + (MAP.bottom - y) / MAP.height * np.ptp(SECOND)
            assert loss(first, second) == pytest.approx(level, rel=0.02, abs=0.02)


def test_the_shades_are_those_of_the_surface() -> None:
    shown = trace(descent=DESCENT)
    colors = place_surface(shown, LIGHT, MAP)[0].colors
    low = locate(shown, MAP, np.array([-0.6, 1.0]))
    at = [int((low[0] - MAP.left) / 4), int((low[1] - MAP.top) / 4)]
    assert colors[at[1], at[0]].tolist() == [255, 255, 255]
    assert colors[0, -1].sum() == colors.sum(axis=2).min()  # upper right, where both weights are largest


def test_the_arrow_points_along_the_step_that_follows() -> None:
    shown = trace(descent=DESCENT)
    arrow = next(item for item in compose(shown, [2], (0, 2)) if item.name == "arrow")
    (start, tip), *_ = arrow.lines
    here, there = (np.array(locate(shown, MAP, shown.descent.path[k])) for k in (2, 3))
    assert start == pytest.approx(tuple(here))
    one, other = np.array(tip) - here, there - here
    assert one @ other == pytest.approx(np.linalg.norm(one) * np.linalg.norm(other))


def test_a_bar_is_as_high_as_its_loss_and_has_its_number() -> None:
    shown = trace(**CASES["both"])
    bars = {item.name: item.height for item in compose(shown, [6, 4]) if isinstance(item, Box)}
    ratio = shown.overshoot.losses[2] / shown.descent.losses[1]
    assert bars["bar 1 2"] / bars["bar 0 1"] == pytest.approx(ratio)
    assert write_losses(shown, 85)[0][:3] == ["4.24", "1.64", "0.80"]
    assert write_losses(shown, 50)[0][:3] == ["4.2", "1.6", "0.8"]
    assert write_losses(shown, 30)[0][:3] == ["4.2", "", ""]


@pytest.fixture(scope="module", params=["both", "one step"])
def played(request: pytest.FixtureRequest) -> Played:
    return play(gradient_step, CASES[request.param])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_film_says_its_steps_and_its_texts_stand_apart(played: Played) -> None:
    assert played.sentences[1:] == list(describe(played.trace).steps)
    assert faults(played) == []


@given(st.floats(0.02, 0.7), st.integers(1, 5), st.floats(0.02, 0.7), st.integers(1, 4), st.booleans())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(rate: float, steps: int, other: float, more: int, two: bool) -> None:
    one, second = walk(rate, steps), walk(other, more)
    try:
        shown = trace(descent={**SURFACE, **one}, overshoot=second if two else None)
    except ValueError:
        assume(False)
    surface = SURFACE["losses"]
    said = [-3, 3, -2, 3, surface.min(), surface.max()]
    for each, number in ((one, steps), (second, more))[: 1 + two]:
        said += [each["rate"], number, *each["path"][0], *each["path"][-1], *each["path_losses"]]
    rises = [int((np.diff(each["path_losses"]) > 0).sum()) for each in (one, second)]
    words = describe(shown)
    assert_says(words.alt, [*said, *([rises[1], more] if two else [])])
    for k in range(min(2, steps)):
        expected = [*one["path"][k], *one["gradients"][k], rate, *one["path"][k + 1], *one["path_losses"][k : k + 2]]
        assert_says(words.steps[k], expected)
    if steps > 2:
        assert_says(words.steps[2], [steps - 2, one["path_losses"][2], one["path_losses"][-1]])
    if two:
        assert_says(words.steps[-1], [other, *second["path_losses"], rises[1], more])
