"""A network's nodes stand in columns and rows, and no line runs through a node or along a line of another."""

from itertools import combinations

import pytest
from branching_networks import INCEPTION, RESIDUAL, made_up_networks, node
from hypothesis import given, settings

from figures.parts.graph import read_graph, refuse_branches
from figures.parts.graph_layout import Layout, arrange, count_crossings


def layout_of(layers: list[dict]) -> Layout | None:
    """Return the layout of layers, None for those of which too many stand side by side."""
    try:
        return arrange(read_graph(layers))
    except ValueError as error:
        assert "stand side by side" in str(error)  # noqa: PT017
        return None


@given(made_up_networks())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_line_leads_to_the_right_and_each_node_has_a_place_of_its_own(layers: list[dict]) -> None:
    graph = read_graph(layers)
    if placed := layout_of(layers):
        assert all(placed.columns[a] < placed.columns[b] for a, b in graph.edges)
        places = list(zip(placed.columns, placed.rows, strict=True))
        assert len(set(places)) == len(places)


@given(made_up_networks())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_a_line_that_passes_columns_has_a_free_row_or_a_track_of_its_own(layers: list[dict]) -> None:
    if not (placed := layout_of(layers)):
        return
    cells = set(zip(placed.columns, placed.rows, strict=True))
    spans = {wire: range(placed.columns[wire.source] + 1, placed.columns[wire.target]) for wire in placed.wires}
    assert all(spans.values())
    assert not [wire for wire, span in spans.items() if wire.row >= 0 for at in span if (at, wire.row) in cells]
    for one, other in combinations(placed.wires, 2):
        same = (one.row, one.gap, one.track) == (other.row, other.gap, other.track)
        assert not (same and one.source != other.source and set(spans[one]) & set(spans[other]))


@pytest.mark.parametrize("layers", [RESIDUAL, INCEPTION])
def test_in_the_usual_networks_no_lines_cross(layers: list[dict]) -> None:
    graph = read_graph(layers)
    placed = arrange(graph)
    short = [(placed.columns[a], placed.rows[a], placed.rows[b]) for a, b in graph.edges
             if placed.columns[b] - placed.columns[a] == 1]  # fmt: skip
    assert count_crossings(short) == 0


def test_each_branch_of_an_inception_block_runs_straight_in_its_row() -> None:
    graph = read_graph(INCEPTION)
    placed = arrange(graph)
    rows = dict(zip(graph.names, placed.rows, strict=True))
    assert (rows["squeeze3"], rows["squeeze5"], rows["pool"]) == (rows["three"], rows["five"], rows["project"])
    (wire,) = placed.wires
    assert wire.row == rows["one"]


def test_an_input_that_is_used_late_stands_right_before_its_first_taker() -> None:
    graph = read_graph([node("a", "left"), node("b", "a"), node("add", "b right", "Add")])
    assert dict(zip(graph.names, arrange(graph).columns, strict=True)) == {
        "left": 0,
        "right": 2,
        "a": 1,
        "b": 2,
        "add": 3,
    }


def test_facts_that_say_no_inputs_are_a_chain() -> None:
    graph = read_graph([{"name": "a"}, {"name": "b"}, {"name": "c"}])
    assert graph.is_chain
    assert graph.names == ("input", "a", "b", "c")


def test_what_shows_one_path_says_where_it_branches_and_what_can_be_given() -> None:
    told = (
        "add takes the outputs of conv1 and conv3, so the network branches, and a ladder shows one path; "
        r"give the layers before, such as net.layers\[:3\], or draw it with architecture"
    )
    refuse_branches(RESIDUAL[:3], "a ladder")
    with pytest.raises(ValueError, match=f"^{told}$"):
        refuse_branches(RESIDUAL, "a ladder")


def test_a_layer_that_does_not_take_the_one_before_branches_too() -> None:
    with pytest.raises(
        ValueError, match="c takes the output of a, so the network branches, and a ladder shows one path"
    ):
        refuse_branches([node("a", "input"), node("b", "a"), node("c", "a")], "a ladder")
