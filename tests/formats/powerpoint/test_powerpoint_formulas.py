"""Formulas as pictures of a presentation: all that pages show is drawn, or told to be missing."""

import pytest
from usual_formulas import USUAL_FORMULAS

from generator.errors import PageError
from generator.formats.powerpoint.formulas import draw_formula
from generator.html.formulas import mathml
from generator.theme import DARK, LIGHT


def draw(latex: str) -> str:
    return draw_formula(mathml(latex, display=True), DARK)


@pytest.mark.parametrize("latex", [latex for latex in USUAL_FORMULAS if r"\hline" not in latex])
def test_usual_formulas_are_drawn_in_the_theme_s_colors(latex: str) -> None:
    svg = draw(latex)
    assert DARK.ink in svg
    assert '"black"' not in svg


def test_a_color_is_that_of_the_theme() -> None:
    assert DARK.output in draw(r"\textcolor{output}{y}")
    assert LIGHT.output in draw_formula(mathml(r"\textcolor{output}{y}"), LIGHT)


@pytest.mark.parametrize("latex", [r"\boxed{x}", r"\fbox{x}"])
def test_a_frame_is_drawn(latex: str) -> None:
    assert "<rect" in draw(latex)


def test_a_smashed_term_is_not_cut_off() -> None:
    assert draw(r"\smash{x}") == draw("x")


@pytest.mark.parametrize(
    ("latex", "problem"),
    [
        (r"\begin{array}{c|c} a & b \end{array}", "lines between its columns or rows"),
        (r"\begin{array}{c} a \\ \hline b \end{array}", "lines between its columns or rows"),
        (r"\text{日}", "a letter that the font of presentations lacks"),
    ],
)
def test_what_is_not_drawn_is_told(latex: str, problem: str) -> None:
    with pytest.raises(PageError, match=problem) as error:
        draw(latex)
    assert error.value.hint
