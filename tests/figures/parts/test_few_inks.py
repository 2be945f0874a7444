"""Images in few shades: how many there are, and how far a value moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.parts.few_inks import with_few_inks


@given(st.lists(st.integers(0, 255), min_size=1, max_size=40), st.integers(2, 64))
def test_no_more_inks_than_asked_for_and_no_value_moves_by_more_than_half_a_step(values: list[int], inks: int) -> None:
    drawn = with_few_inks(np.array([values]), largest=255, inks=inks)
    assert len(np.unique(drawn)) <= inks
    assert np.abs(drawn - [values]).max() <= 255 / (inks - 1) / 2 + 1e-9


def test_paper_stays_paper_and_ink_stays_ink() -> None:
    assert with_few_inks(np.array([[0.0, 1.0]]), largest=1.0, inks=16).tolist() == [[0.0, 1.0]]


def test_one_ink_is_refused() -> None:
    with pytest.raises(ValueError, match="takes 2 at least"):
        with_few_inks(np.zeros((2, 2)), largest=1.0, inks=1)
