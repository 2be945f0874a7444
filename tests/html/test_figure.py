"""Sentences under the panels of a filmstrip break where a reader would pause."""

import pytest

from generator.html.figure import keep_together, shorten_sentence


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


DRAWN = "<svg><text x='1'>3</text><text>×</text><text>−1</text><text>0.5</text><text>7</text><text>1</text></svg>"


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("Output 4: 3 × −1 + 7 = 1.", "Output 4: 1."),
        ("Output 4: 3 × −1 ≈ 0.5.", "Output 4: about 0.5."),
        ("Map 1: the sums of its channels, 3 + 7 + bias 1 = 0.5.", "Map 1: 0.5."),
        ("Row 1, column 2: max(3, 7, 1) = 7.", ""),  # the picture has one seven, not two
        ("Output 4: 3 × −2 = 1.", ""),
        ("The window stands at the upper left.", ""),
    ],
)
def test_a_calculation_is_left_out_of_a_sentence_where_the_picture_shows_all_of_it(sentence: str, short: str) -> None:
    assert shorten_sentence(keep_together(sentence), DRAWN) == short


def test_digits_that_share_a_text_are_numbers_of_their_own() -> None:
    row = '<svg><text x="1 2 3" y="1">237</text><text x="9" y="1">13</text></svg>'
    assert shorten_sentence("Output 1: 2 × 3 + 7 = 13.", row) == "Output 1: 13."
    assert shorten_sentence("Output 1: 237 × 1 = 13.", row) == ""
