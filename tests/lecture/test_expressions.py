import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import FactError
from generator.lecture.expressions import Seeds, check_condition, evaluate, names_in, parse_expression

SCOPE = {"net": {"accuracy": 0.99, "layers": [{"units": 10}]}, "twice": {"accuracy": Seeds((0.97, 0.98))}}


def value(text: str) -> object:
    return evaluate(parse_expression(text), SCOPE)


def test_a_dotted_name_is_a_fact():
    assert value("net.accuracy") == 0.99


def test_a_list_is_reached_by_its_place():
    assert value("net.layers[0].units") == 10


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 99))
def test_arithmetic_is_that_of_python(a, b, c):
    assert value(f"({a} + {b}) * {c} - {a} // {c}") == (a + b) * c - a // c


def test_a_comparison_holds_only_for_every_seed():
    assert value("twice.accuracy > 0.96") is True
    assert value("twice.accuracy > 0.975") is False
    assert value("twice.accuracy < 0.975") is False


def test_statistics_over_seeds_have_names():
    assert value("twice.accuracy.mean") == pytest.approx(0.975)
    assert (value("twice.accuracy.min"), value("twice.accuracy.max")) == (0.97, 0.98)


def test_statistics_of_a_single_seed_are_that_seed():
    assert (value("net.accuracy.mean"), value("net.accuracy.each")) == (0.99, [0.99])


def test_arithmetic_goes_seed_by_seed():
    assert value("1 - twice.accuracy") == Seeds((1 - 0.97, 1 - 0.98))


def test_names_are_found_without_those_of_functions():
    assert names_in(parse_expression("max(net.accuracy, twice.accuracy) + round(3.2)")) == {"net", "twice"}


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("net.acuracy", "'net' has no fact 'acuracy'", "did you mean 'accuracy'?"),
        ("nett.accuracy", "nothing here is named 'nett'", "did you mean 'net'?"),
        ("net.accuracy.depth", "'net.accuracy' has no parts", "use 'net.accuracy' itself"),
        ("exp(1)", "there is no function 'exp'", "there is"),
        ("1 / 0", "cannot be computed", "look at the facts"),
        ("1 +", "is not an expression", "write for example"),
        ("lambda: 1", "cannot stand in a lecture", "use facts"),
        ("net.accuracy in [1]", "cannot stand in a lecture", "compare with"),
        ("2 ** 9", "cannot stand in a lecture", "use + - *"),
        ("net.layers[4]", "cannot be computed", "look at the facts"),
        ("net['depth']", "cannot be computed", "look at the facts"),
        (f"1{'0' * 400} / 2", "cannot be computed", "look at the facts"),
        ("(" * 999 + ")" * 999, "is not an expression", "write for example"),
    ],
)
def test_what_is_no_fact_is_told(text, problem, hint):
    with pytest.raises(FactError) as caught:
        value(text)
    assert problem in caught.value.problem
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["().__class__", "net.__class__", "__import__('os')", "net.layers.append(1)", "[x for x in [1]]", "open('x')"],
)
def test_no_expression_reaches_an_object_of_python(text):
    with pytest.raises(FactError):
        value(text)


@pytest.mark.parametrize("text", ["True", "0.9", "1 + net.accuracy", "max(net.accuracy)", "[1 < 2]", "1 < 2 and 3"])
def test_a_condition_compares_something(text):
    with pytest.raises(FactError, match="a claim needs a comparison") as caught:
        check_condition(text)
    assert caught.value.hint == "write for example convnet.accuracy > 0.9"


@pytest.mark.parametrize("text", ["1 < 2", "not 1 < 2", "1 < 2 or 2 < 3", "net.converged", "net.flags[0] and 1 < 2"])
def test_a_comparison_or_a_fact_may_be_a_condition(text):
    check_condition(text)
