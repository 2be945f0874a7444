"""A tree of units shows the sums that were measured, and says how much it leaves out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws, texts_of
from said_numbers import assert_says

from figures.unit_trace import describe, draw, share, trace
from generator.theme import DARK, LIGHT


def node(layer: str, channel: int, parent: int, contribution: float, shown: float, **where: int) -> dict:
    given = {"top": 4, "left": 8, "size": 18} | where
    return {
        "layer": layer, "channel": channel, "row": 0, "column": 0, "value": 2.5, "bias": 0.1, "weight": 0.2,
        "contribution": contribution, "parent": parent, "shown": shown, "others": 2.4 - shown, **given,
    }  # fmt: skip


def found(fan: int = 3, depth: int = 3, *, same: bool = False) -> dict:
    image = np.zeros((28, 28), np.uint8)
    image[6:22, 10:16] = 255
    nodes = [node("conv3", 1, -1, 0.0, 0.3 * fan if depth > 1 else 0.0)]
    for i in range(fan if depth > 1 else 0):
        where = {"top": 4 + 2 * i * (not same), "left": 8 + i * (not same), "size": 8}
        nodes.append(node("conv2", 10 + i, 0, 0.3, 0.1 * fan if depth > 2 else 0.0, **where))
    for i in range(fan if depth > 2 else 0):
        signs = [(-1) ** j for j in range(fan)]
        nodes += [
            node("conv1", 20 + j, 1 + i, 0.1 * sign, 0.0, top=5 + i + j, left=9, size=3) for j, sign in enumerate(signs)
        ]
    return {"image": image, "nodes": nodes, "terms": {"conv1": 9, "conv2": 288, "conv3": 576}}


def test_the_text_says_what_is_shown_and_what_is_not() -> None:
    words = describe(trace(found=found()))
    assert "Conv3, channel 1 has 2.50 before ReLU; the largest parts: conv2, channel 10 0.30" in words.alt
    assert words.alt.endswith("The 3 values shown bring 36 % of 2.50, the 573 others 1.50, the bias 0.10.")
    assert words.facts["others"] == {"count": 573, "sum": 1.5, "share": 0.6, "mean": pytest.approx(1.5 / 573)}


def test_levels_follow_from_the_parents() -> None:
    assert [unit.level for unit in trace(found=found(2)).nodes] == [0, 1, 1, 2, 2, 2, 2]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-1, 1))
def test_a_node_that_is_not_the_sum_of_its_parts_is_refused(shown: float, others: float, bias: float) -> None:
    source = found(1, 1)
    source["nodes"][0] |= {"shown": shown, "others": others, "bias": bias, "value": shown + others + bias}
    assert trace(found=source).nodes[0].value == pytest.approx(shown + others + bias)
    source["nodes"][0]["value"] += 1 + abs(shown + others + bias)
    with pytest.raises(ValueError, match=r"sums to .*; measure the tree again"):
        trace(found=source)


def broken(change: str) -> dict:
    source = found()
    match change:
        case "terms" | "image":
            del source[change]
        case "nodes":
            source["nodes"] = []
        case "order":
            source["nodes"][1]["parent"] = 5
        case "part":
            del source["nodes"][2]["bias"]
        case "leaves":
            source["nodes"] += [source["nodes"][-1]]
    return source


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("terms", "found has no terms; give it the tree of a unit"),
        ("image", "found has no image; give it the tree of a unit"),
        ("nodes", "found has no nodes; give it the tree of a unit"),
        ("order", "node 1 has parent 5; list parents before children"),
        ("part", "node 2 has no bias; give a tree"),
        ("leaves", "the tree has 3 levels and 10 leaves; follow fewer: at most 3 and 9 fit"),
    ],
)
def test_what_is_no_tree_is_refused(change: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(found=broken(change))


def test_a_share_of_nothing_is_nothing() -> None:
    assert (share(1, 0), share(1, 3)) == ("0 %", "33 %")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("fan", "depth"), [(1, 1), (1, 2), (3, 2), (1, 3), (2, 3), (3, 3)])
@pytest.mark.parametrize("same", [False, True])
def test_the_tree_fits_a_slide(theme, fan: int, depth: int, *, same: bool) -> None:
    figure = draw(trace(found=found(fan, depth, same=same)), theme)
    assert sheet_flaws(figure) == []


def test_every_line_carries_its_number_and_thicker_ones_bring_more() -> None:
    figure = draw(trace(found=found()), LIGHT)
    written = [text.get_text() for text in texts_of(figure)]
    assert written.count("+0.30") == 3
    assert written.count("−0.10") == 3
    thick = [
        patch.get_linewidth()
        for patch in figure.axes[0].patches
        if patch.get_edgecolor()[:3] == (0, 112 / 255, 79 / 255)
    ]
    assert sorted(set(thick)) == pytest.approx([3, 9])


def test_boxes_at_one_place_share_their_letters() -> None:
    written = {text.get_text() for text in texts_of(draw(trace(found=found(same=True)), LIGHT))}
    assert "A B C" in written


@given(st.integers(1, 3), st.integers(2, 3), st.booleans(), st.sampled_from([2.5, -0.5, 0.0]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(fan: int, depth: int, same: bool, value: float) -> None:

    source = found(fan, depth, same=same)
    top = source["nodes"][0]
    top |= {"value": value, "others": value - 0.1 - top["shown"]}
    said = [top["channel"], 18, 18, 5, 9]
    for place, each in enumerate(source["nodes"]):
        parts = [child for child in source["nodes"] if child["parent"] == place]
        if parts:
            said += [each["channel"], each["value"]]
            said += [number for child in parts for number in (child["channel"], child["contribution"])]
    share = 100 * top["shown"] / value if value > 0 else top["shown"]
    alt = describe(trace(found=source)).alt
    assert_says(alt, [*said, fan, share, value, 576 - fan, top["others"], top["bias"]])


def test_a_unit_at_the_border_is_said_to_see_padding() -> None:
    source = found()
    source["nodes"][0]["top"] = -2
    assert "18 × 18 pixels of a digit and of the padding around it, from row −1" in describe(trace(found=source)).alt
