"""A claim says in numbers only what was measured."""

import pytest

from generator.directives.claim.typed_numbers import typed_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It has 93,322 parameters.", [(0, "93,322")]),
        ("It reaches 99.1 % of them.", [(0, "99.1")]),
        ("Better,\nby *3* points\nof 10.", [(1, "3"), (2, "10")]),
        ("One\\\n2 of three", [(1, "2")]),
        ("A window of 3 × 3 or 3x3.", [(0, "3"), (0, "3"), (0, "3x3")]),
        ("About ½ of it, or ١٢ of it, or &#53;.", [(0, "½"), (0, "١٢"), (0, "5")]),
        ("In 1998, on 2016-11-30.", [(0, "1998"), (0, "2016-11-30")]),
        ("| a | b |\n|--|--|\n| {value}`net.a` | 0.9 |", [(2, "0.9")]),
        ("- one\n- **12** of them", [(1, "12")]),
        ("[All 12 of them](https://example.org/7).", [(0, "12")]),
        ("![12 digits](pictures/a.png)", [(0, "12")]),
        ("<div>12</div>", [(0, "12")]),
        ("So much: <b>12</b>.", [(0, "12")]),
        ("{value}`net.a`0 of them", [(0, "0")]),
    ],
)
def test_a_number_that_is_typed_is_found_with_its_line(text, found):
    assert list(typed_numbers(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "It has {value}`net.accuracy * 100:.1f` of them, {compare}`net.a, 0.9` that.",
        r"A window of $3 \times 3$, $$x = 7$$ and \(o = 2\).",
        "$$\nx = 7\n$$",
        "Written as `Conv2D(32, 3)`.",
        "```\n12\n```",
        "LeNet-5, conv1, ResNet50, GPT-3.5, pool_2 and x2 are names.",
        "The 1st, the 2nd, the 3rd and the 24th layer.",
        "Read https://example.org/2016/7 or [this](https://example.org/12).",
        "Three by three, and twice as many.",
        "Said before.[^1]\n\n[^1]: As it was.",
        "Nothing&nbsp;else.",
    ],
)
def test_what_is_no_typed_number_is_left_alone(text):
    assert list(typed_numbers(text)) == []
