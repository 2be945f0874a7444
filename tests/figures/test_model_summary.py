"""The table has Keras's counts, and a formula stands only before the number that it gives."""

import math
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from legibility import sheet_flaws, words_of
from said_numbers import assert_says, find_numbers, read

from figures.model_summary import compute, describe, draw, find_columns, trace
from generator.theme import DARK, LIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

    from lectures.experiments.mnist_convnet import build_model
    from lectures.experiments.parts.probing import describe_network


def dense(name: str, taken: int, units: int) -> dict[str, Any]:
    """Return the facts of a dense layer."""
    return {
        "name": name, "kind": "Dense", "output_shape": [units],
        "parameters": (taken + 1) * units, "formula": f"({taken:,} + 1) · {units:,} = {(taken + 1) * units:,}",
        "macs": taken * units, "macs_formula": f"{taken:,} · {units:,} = {taken * units:,}",
    }  # fmt: skip


def free(name: str) -> dict[str, Any]:
    """Return the facts of a layer that costs nothing."""
    cost = {"parameters": 0, "macs": 0, "formula": "0", "macs_formula": "0"}
    return {"name": name, "kind": "Dropout", "output_shape": [7, 5, 3], **cost}


LAYERS = [dense("hidden", 784, 2000), free("drop"), dense("softmax", 2000, 10)]
ROWS = st.lists(st.one_of(st.just(None), st.tuples(st.integers(1, 3000), st.integers(1, 3000))), min_size=1, max_size=6)


def test_the_totals_are_keras_own() -> None:
    model = build_model()
    shown = trace(layers=describe_network(model)["layers"])
    assert shown.parameters == model.count_params()
    assert [row.shape for row in shown.rows] == [tuple(layer.output.shape[1:]) for layer in model.layers]
    assert [row.parameters.number for row in shown.rows] == [layer.count_params() for layer in model.layers]


def test_a_separable_convolution_and_a_normalization_have_their_formulas() -> None:
    kinds = keras.layers
    layers = [kinds.SeparableConv2D(4, 3), kinds.BatchNormalization(), kinds.DepthwiseConv2D(3)]
    model = keras.Sequential([keras.Input((9, 9, 2)), *layers])
    shown = trace(layers=describe_network(model)["layers"])
    assert shown.parameters == model.count_params()
    assert shown.rows[0].parameters.formula == "3 · 3 · 2 · 1 + (2 + 1) · 4"


@pytest.mark.parametrize(
    ("formula", "result"),
    [("(3 · 3 · 1 + 1) · 32", 320), ("0", 0), ("1,024 · 2", 2048), ("2 - 1", None), ("f(2)", None), ("", None)],
)
def test_a_formula_of_sums_and_products_is_computed(formula: str, result: int | None) -> None:
    assert compute(formula) == result


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        ([], "there are 0 layers; 1 to 12 fit a slide"),
        ([free("a")] * 13, r"there are 13 layers; 1 to 12 fit a slide, as in convnet.layers\[:12\]"),
        ({"name": "conv1"}, "layers is no list of layers; give the layers of a network"),
        ([{"name": "conv1"}], "a layer has no kind; give the layers of a network"),
        (["conv1"], "a layer has no name; give the layers of a network"),
        ([dense("d", 3, 4) | {"parameters": 17}], r"d has 17 of what '\(3 \+ 1\) · 4' computes"),
        ([dense("d", 3, 4) | {"macs": -1}], "a cost of d is -1; give a whole number"),
    ],
)
def test_what_is_no_table_of_layers_is_refused(layers: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        trace(layers=layers)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("layers", [LAYERS, LAYERS * 4, [free("nothing")], [dense("d", 10**5, 10**5)]])
def test_the_table_fits_a_slide(theme: Any, layers: list[dict[str, Any]]) -> None:
    assert sheet_flaws(draw(trace(layers=layers), theme)) == []


def test_formulas_are_left_out_where_they_do_not_fit_and_never_cut_off() -> None:
    long = dense("a_layer_with_a_name_that_is_long", 784, 2000) | {"kind": "GlobalAveragePooling2D"}
    long["macs_formula"] = f"{' · '.join(['1'] * 40)} · {784 * 2000} = {784 * 2000}"
    shown = trace(layers=[long, *LAYERS])
    assert find_columns(shown).formulas == (True, False)
    figure = draw(shown, LIGHT)
    assert sheet_flaws(figure) == []
    assert not any("·" in word and "…" in word for word in words_of(figure))


@given(ROWS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_number_that_is_said_is_true(rows: list[tuple[int, int] | None]) -> None:
    layers = [dense("d", *row) if row else free("f") for row in rows]
    said: list[float] = [len(rows)]
    for row in rows:
        said += [row[1], row[0], 1, row[1], (row[0] + 1) * row[1], *row, math.prod(row)] if row else [7, 5, 3]
    parameters = [(row[0] + 1) * row[1] for row in rows if row]
    macs = [math.prod(row) for row in rows if row]
    said += [sum(parameters), sum(macs)]
    for costs in (parameters, macs):
        said += [max(costs), 100 * max(costs) / sum(costs)] if costs else []
    words = describe(trace(layers=layers))
    assert_says(words.alt, said)
    assert (words.facts["parameters"], words.facts["macs"]) == (sum(parameters), sum(macs))


def test_layers_that_tie_share_the_most() -> None:
    words = describe(trace(layers=[dense("a", 3, 4), dense("b", 3, 4), dense("c", 1, 4)]))
    assert "a and b have the most parameters, 16 each (40 %)." in words.alt
    assert words.facts["most_parameters"] == {"layer": "a and b", "share": 0.4}


def test_each_number_of_the_picture_is_one_of_the_facts() -> None:
    words = words_of(draw(trace(layers=LAYERS), LIGHT))
    numbers = {read(number) for word in words for number in find_numbers(word)}
    assert {784, 2000, 10, 1_570_000, 1_568_000, 20_010, 20_000, 1_590_010, 1_588_000} <= numbers
