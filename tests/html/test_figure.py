"""Sentences under the panels of a filmstrip break where a reader would pause."""

import pytest

from generator.html.figure import keep_together


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Output 4: 3 × −1 + 3 × 0 + 3 × 1 = 0.", "Output 4: 3~×~−1~+~3~×~0~+~3~×~1~=~0."),
        ("(7 + 1 + 2 + 5) ÷ 4 = 3.75.", "(7~+~1~+~2~+~5)~÷~4~=~3.75."),
        ("the sums of its 2 channels, 9 + 2 + bias 1 = 12.", "the sums of its 2 channels, 9~+~2~+~bias~1~=~12."),
        ("A window of 3 × 3 cells.", "A window of 3~×~3 cells."),
        (
            "254 × −1 + 149 × 0 + 0 × 1 + 254 × −2 = −762.",
            "254~×~−1 +~149~×~0 +~0~×~1 +~254~×~−2 =~−762.",
        ),
        ("The window stands at the upper left.", "The window stands at the upper left."),
    ],
)
def test_no_line_breaks_inside_a_product_or_behind_a_sign(sentence: str, kept: str) -> None:
    assert keep_together(sentence) == kept.replace("~", "\u00a0")
