"""Colors of data are told from colors of roles, by every eye and in gray; a map's colors say what its scale says."""

import numpy as np
import pytest
from color_vision import EYES, difference, to_lab
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from figures.parts import still
from generator.theme import DARK, LIGHT, Theme

ROLES = ("input", "kernel", "output", "window", "wrong")
APART = 15
ENDS = still.color_cells([[-1.0, 1.0]])[0]
# Pairs and their difference from Sharma's table of test data.
PAIRS = (
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
)


def roles_of(theme: Theme, eye: str) -> np.ndarray:
    return to_lab([np.multiply(to_rgb(getattr(theme, role)), 255) for role in ROLES], eye)


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS)
def test_a_difference_is_that_of_the_papers_table(one: tuple[float], other: tuple[float], expected: float) -> None:
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ends_of_the_scale_are_told_from_every_role(theme: Theme, eye: str) -> None:
    apart = difference(to_lab(ENDS, eye)[:, None], roles_of(theme, eye)[None])
    assert apart.min() >= APART


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_shade_of_data_is_taken_for_a_role(theme: Theme) -> None:
    shades = still.color_cells(np.linspace(-1, 1, 401)[None])[0]
    assert difference(to_lab(shades)[:, None], roles_of(theme, "all cones")[None]).min() >= APART


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 1.0])
def test_the_signs_are_told_apart_by_color_alone(share: float, eye: str) -> None:
    negative, positive = to_lab(still.color_cells([[-share, share]], (-1, 1))[0], eye)
    assert difference(negative, positive) >= APART


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_farther_from_zero_is_never_lighter_in_gray(one: float, other: float) -> None:
    low, high = sorted((one, other), key=abs)
    if low * high >= 0:
        light, dark = to_lab(still.color_cells([[low, high]], (-1, 1))[0])[:, 0]
        assert dark <= light + 1e-9


def test_zero_is_white_on_every_scale() -> None:
    for limits in ((0.0, 2.0), (-2.0, 2.0)):
        assert still.color_cells([[0.0]], limits).tolist() == [[[255, 255, 255]]]


@given(st.floats(0, 1))
def test_a_value_has_the_same_color_whether_or_not_others_are_negative(value: float) -> None:
    assert still.color_cells([[value]], (0, 1)).tolist() == still.color_cells([[value]], (-1, 1)).tolist()


def test_a_faint_value_is_seen_on_white() -> None:
    """A twentieth of the largest value is as far from white as it takes to be seen at a glance in a bright room."""
    for value in (0.05, -0.05):
        faint, white = to_lab(still.color_cells([[value, 0.0]], (-1, 1))[0])
        assert difference(faint, white) >= 8


def test_a_scale_has_the_color_of_each_value_at_its_place() -> None:
    sheet = still.new_sheet(still.new_figure(LIGHT))
    still.draw_scale(sheet, (-2.0, 2.0), left=1, top=1, width=2, theme=LIGHT)
    ramp = np.asarray(sheet.images[0].get_array())
    values = np.linspace(-2, 2, ramp.shape[1])
    assert (ramp[0] == still.color_cells(values[None], (-2.0, 2.0))[0]).all()
