import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import FactError
from generator.lecture.expressions import Seeds, Unmerged, check_condition, evaluate, names_in, parse_expression

SCOPE = {
    "net": {
        "accuracy": 0.99,
        "layers": [{"units": 10}],
        "shape": [3, 4],
        "best": "max",
        "sound": True,
        "lost": math.nan,
    },
    "twice": {
        "accuracy": Seeds((0.97, 0.98)),
        "sound": Seeds((True, False)),
        "curve": [0.9, Seeds((0.5, 0.6))],
        "best": Unmerged(("max", "mean")),
    },
}


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
        ("net['depth']", "'net' has no states", "only a figure with :vary: has them"),
        (f"1{'0' * 400} / 2", "cannot be computed", "look at the facts"),
        ("(" * 400 + ")" * 400, "is not an expression", "write for example"),
        ("1 + " * 300 + "1", "is too long", "at most 1000 characters"),
        ("round(1, -999999999)", "it rounds to at most 100 digits", "look at the facts"),
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


@pytest.mark.parametrize(
    "text",
    [
        "True",
        "2",
        "0.9",
        "net.accuracy - 0.9",
        "1 + net.accuracy",
        "max(net.accuracy)",
        "[1 < 2]",
        "net.accuracy < 2 and 3",
    ],
)
def test_a_condition_compares_something(text):
    with pytest.raises(FactError, match="a claim needs a comparison") as caught:
        check_condition(text)
    assert caught.value.hint == "write for example convnet.accuracy > 0.9"


@pytest.mark.parametrize("text", ["1 == 1", "1 < 2", "not 1 < 2", "net.accuracy > 0.5 or 1 < 2", "[True][0]"])
def test_a_condition_that_names_no_fact_claims_nothing(text):
    with pytest.raises(FactError, match="names no fact, so it claims nothing") as caught:
        check_condition(text)
    assert "compare something that was measured" in caught.value.hint


@pytest.mark.parametrize("text", ["net.accuracy == net.accuracy", "0 < net.accuracy <= net.accuracy"])
def test_a_fact_is_not_compared_with_itself(text):
    with pytest.raises(FactError, match=r"compares 'net.accuracy' with itself"):
        check_condition(text)


@pytest.mark.parametrize(
    "text", ["net.a < 2", "not net.a < 2", "net.a < 2 or 2 < net.b", "net.converged", "net.flags[0] and 1 < net.b"]
)
def test_a_comparison_or_a_fact_may_be_a_condition(text):
    check_condition(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("net.shape < [3, 5]", "compares what is a list, and only numbers are more or less"),
        ("net.best > 'a'", "compares what is a text, and only numbers are more or less"),
        ("net.sound > False", "compares what is yes or no, and only numbers are more or less"),
        ("net.layers[0] == net.layers[0]", "compares what is a group of facts"),
        ("net.accuracy == 'max'", "compares a number with a text"),
        ("net.sound == 1", "compares yes or no with a number"),
        ("twice.sound < 0.7", "compares yes or no with a number"),
        ("net.shape != 3", "compares a list with a number"),
        ("0 > net.accuracy > 'max'", "compares a number with a text"),
        ("twice.curve == [0.9, 0.5]", "compares lists whose items differ from seed to seed"),
        ("not net.lost > 0.5", "compares with nan"),
        ("net.sound + 1", "it takes numbers, and this is yes or no"),
        ("-net.sound", "it takes numbers, and this is yes or no"),
        ("net.best + 'a'", "it takes numbers, and this is a text"),
        ("net.shape * 2", "it takes numbers, and this is a list"),
        ("max(net.sound, 0.5)", "it takes numbers, and this is yes or no"),
        ("mean(twice.sound)", "it takes numbers, and this is yes or no"),
        ("twice.sound.mean", "it takes numbers, and this is yes or no"),
        ("abs(net.best)", "it takes numbers, and this is a text"),
        ("net.sound and 3", "'3' is a number, and neither true nor false"),
        ("not net.accuracy", "'net.accuracy' is a number, and neither true nor false"),
        ("~net.accuracy", "cannot stand in a lecture"),
    ],
)
def test_only_what_is_alike_is_compared_and_only_numbers_are_reckoned_with(text, problem):
    with pytest.raises(FactError) as caught:
        value(text)
    assert problem in caught.value.problem
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("net.shape == [3, 4]", True),
        ("net.best == 'max'", True),
        ("net.best != 'mean'", True),
        ("net.sound == True", True),
        ("sum([net.sound, net.sound])", 2),
        ("+net.accuracy", 0.99),
        ("twice.best.each[1] == 'mean'", True),
        ("len(twice.best.each)", 2),
    ],
)
def test_what_is_alike_is_compared(text, made):
    assert value(text) == made


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("net.accuracy > 0.5 or net.acuracy > 0.5", "'net' has no fact 'acuracy'"),
        ("net.accuracy < 0.5 and net.acuracy > 0.5", "'net' has no fact 'acuracy'"),
        ("net.accuracy > 0.5 or nett.accuracy > 0.5", "nothing here is named 'nett'"),
        ("not (net.accuracy > 0.5 or nett.accuracy > 0.5)", "nothing here is named 'nett'"),
        ("0.5 > net.accuracy > nett.accuracy", "nothing here is named 'nett'"),
        ("1 if net.sound else nett.accuracy", "cannot stand in a lecture"),
    ],
)
def test_no_part_of_a_condition_hides_a_name_that_there_is_not(text, problem):
    with pytest.raises(FactError) as caught:
        value(text)
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    "text", ["twice.best", "twice.best == 'max'", "[twice.best]", "twice.best.mean", "twice.best.a"]
)
def test_a_text_that_differs_from_seed_to_seed_is_not_the_firsts(text):
    with pytest.raises(FactError, match=r"'twice.best' differs from seed to seed, and is no number") as caught:
        value(text)
    assert caught.value.hint.startswith("twice.best.each[0] is that of the first seed")
