"""Text on a shade stays legible, and a text that is too long keeps within its width."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.parts import still
from figures.parts.still import blend, color_on, contrast, make_legible, write_fitted
from generator.theme import DARK, LIGHT


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("role", ["output", "wrong"])
def test_a_number_is_legible_on_every_shade(theme: Any, role: str) -> None:
    """Text needs 4.5:1 (WCAG 2.2, 1.4.3); a shade that carries neither ink nor paper is made lighter until it does."""
    for percent in range(101):
        shade = make_legible(blend(theme.paper, getattr(theme, role), 0.9 * percent / 100), theme)
        assert contrast(color_on(shade, theme), shade) >= 4.5


@given(st.text("abcdefghijk wm", min_size=1, max_size=60), st.floats(0.6, 4))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_text_keeps_within_its_width_and_stays_legible(text: str, limit: float) -> None:
    sheet = still.new_sheet(still.new_figure(LIGHT))
    made = write_fitted(sheet, (6, 3, limit), text, color=LIGHT.ink)
    assert made.get_fontsize() >= still.MIN_TEXT
    assert still.text_width(made.get_text(), made.get_fontsize()) <= limit + 1e-3
    assert made.get_text() == text or made.get_text().endswith("…")
