import pytest

from generator.document.facts import Scope, check_claim, claim_error, format_value, merge_seeds
from generator.errors import FactError, Where
from generator.lecture.expressions import Seeds, Unmerged
from generator.lecture.roles import Role, read_role
from generator.lecture.syntax import replace_spans

HERE = Where("lectures/sample.md", 7)
NAMES = {"net": {"accuracy": Seeds((0.97, 0.98)), "parameters": 93322}, "rival": {"accuracy": 0.99}}
SCOPE = Scope(NAMES, {"net": "experiment mnist_convnet, seed 0, 1"})


def test_equal_facts_of_several_seeds_stay_one_number():
    assert merge_seeds([{"parameters": 5, "accuracy": 0.1}, {"parameters": 5, "accuracy": 0.2}]) == {
        "parameters": 5,
        "accuracy": Seeds((0.1, 0.2)),
    }


def test_a_fact_that_is_true_for_some_seeds_only_is_not_the_firsts():
    net = merge_seeds([{"converged": True, "sound": True}, {"converged": False, "sound": True}])
    assert format_value(net["converged"], "", HERE) == "for 1 of 2 seeds"
    for condition, held in [("net.converged", False), ("not net.converged", False), ("net.sound", True)]:
        assert check_claim(condition, Scope({"net": net}, {}), HERE) is held
    assert not check_claim("net.sound and net.converged", Scope({"net": net}, {}), HERE)


def test_a_list_is_merged_item_by_item():
    assert merge_seeds([{"curve": [0.9, 0.5]}, {"curve": [0.9, 0.6]}]) == {"curve": [0.9, Seeds((0.5, 0.6))]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2], [1, 2, 3]),
        ("max", "mean"),
        (0.9, "none"),
        (True, 1),
        (1, True),
        (None, 0.5),
        ({"a": 1}, 1),
        (1, [1]),
    ],
)
def test_what_differs_and_is_no_number_is_not_the_firsts(first, second):
    scope = Scope({"net": merge_seeds([{"fact": first}, {"fact": second}])}, {})
    with pytest.raises(FactError, match=r"'net.fact' differs from seed to seed, and is no number"):
        scope.value_of("net.fact", HERE)
    assert scope.value_of("net.fact.each", HERE) == [first, second]


@pytest.mark.parametrize("runs", [({"a": 1}, {"a": 1, "b": 2}), ({"a": 1, "b": 2}, {"a": 1})])
def test_a_fact_that_only_some_seeds_have_is_told(runs):
    scope = Scope({"net": merge_seeds(runs)}, {})
    assert scope.value_of("net.a", HERE) == 1
    with pytest.raises(FactError, match=r"'net.b' differs from seed to seed"):
        scope.value_of("net.b", HERE)


@pytest.mark.parametrize("equal", ["max", True, None, [1, "a"], {"a": [1.5]}])
def test_what_is_the_same_for_every_seed_is_one_fact(equal):
    assert merge_seeds([equal, equal, equal]) == equal


def test_numbers_of_both_kinds_are_merged():
    assert merge_seeds([1, 0.5]) == Seeds((1, 0.5))
    assert merge_seeds([{"a": "x"}, {"a": "y"}]) == {"a": Unmerged(("x", "y"))}


@pytest.mark.parametrize(
    ("value", "spec", "shown"),
    [
        (93322, "", "93,322"),
        (0.98765, "percent", "98.77\u202f%"),
        (0.98765, "percent1", "98.8\u202f%"),
        (Seeds((0.97, 0.98)), "percent", "97.50\u202f%"),
        (0.5, ".1f", "0.5"),
        (True, "", "yes"),
        ("max", "", "max"),
        ([26, 26, 32], "", "26, 26, 32"),
        (1, "percent0", "100\u202f%"),
        (-0.02, "percent0", "-2\u202f%"),
        (1 + 2**-52, "percent", "100.00\u202f%"),
        (2**60, "", "1,152,921,504,606,846,976"),
        (2.0**60, ".3e", "1.153e+18"),
        ("max", ">5", "  max"),
    ],
)
def test_a_value_is_written_for_people(value, spec, shown):
    assert format_value(value, spec, HERE) == shown


def test_a_format_that_does_not_fit_is_told():
    with pytest.raises(FactError, match="'q' is not a format"):
        format_value(3, "q", HERE)


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        (0.5, "percentage"),
        (0.5, "percentx"),
        (0.5, "percent-1"),
        (0.5, "percent999"),
        (0.5, "d"),
        (0.5, "999999999f"),
        (-1, "c"),
        (10**400, ".2f"),
        (10**400, "percent"),
        ("max", "percent"),
        ("max", ".2f"),
        (True, "percent"),
        (True, "d"),
        ([0.5, "max"], "percent"),
    ],
)
def test_no_value_is_shown_in_a_format_that_is_not_for_it(value, spec):
    with pytest.raises(FactError, match=f"'{spec}' is not a format for"):
        format_value(value, spec, HERE)


@pytest.mark.parametrize("spec", [",.0f", ".2f", "%", "percent"])
def test_digits_that_a_large_float_has_lost_are_not_shown(spec):
    with pytest.raises(FactError, match=f"is too large for '{spec}'"):
        format_value(2.0**53, spec, HERE)


@pytest.mark.parametrize(
    ("value", "spec"),
    [(93_322, "percent"), (1.5, "percent1"), (-1.01, "percent"), (93_322, ".1%"), ([0.5, 2], "percent")],
)
def test_what_is_no_share_is_not_shown_in_percent(value, spec):
    with pytest.raises(FactError, match=f"is no share, so '{spec}' cannot show it") as caught:
        format_value(value, spec, HERE)
    assert "between 0 and 1" in caught.value.hint


@pytest.mark.parametrize("value", [None, {"a": 1}, list(range(13)), float("inf"), float("nan"), [None]])
def test_a_value_that_means_nothing_to_readers_is_refused(value):
    with pytest.raises(FactError, match="this value is"):
        format_value(value, "", HERE)


def test_a_value_in_prose_says_where_it_comes_from():
    text = SCOPE.fill(Role("value", ("net.parameters",), "", 7), "lectures/sample.md")
    assert text == '<data class="value" value="93322" title="experiment mnist_convnet, seed 0, 1">93,322</data>'


def test_a_value_cannot_smuggle_markup():
    scope = Scope({"net": {"name": "<b>&"}}, {})
    assert "&lt;b&gt;&amp;</data>" in scope.fill(Role("value", ("net.name",), "", 7), "lectures/sample.md")


def test_a_text_among_the_facts_is_no_markdown():
    scope = Scope({"net": {"name": "__a__ | `$x$`"}}, {})
    shown = scope.fill(Role("value", ("net.name",), "", 7), "lectures/sample.md")
    assert "*" not in shown
    assert not any(mark in shown for mark in "_`$|")


def test_a_claim_holds_while_every_seed_carries_it():
    assert check_claim("rival.accuracy > net.accuracy", SCOPE, HERE)
    assert not check_claim("net.accuracy > 0.975", SCOPE, HERE)


@pytest.mark.parametrize(
    "condition", ["net.parameters", "net.accuracy", "rival.accuracy > 0.5 and net.parameters", "not net.parameters"]
)
def test_a_claim_that_compares_nothing_is_no_claim(condition):
    with pytest.raises(FactError, match="a claim needs a comparison, and 'net"):
        check_claim(condition, SCOPE, HERE)


def test_a_fact_that_is_true_or_false_can_be_claimed_by_itself():
    scope = Scope({"net": {"converged": True}}, {})
    assert check_claim("net.converged", scope, HERE)
    assert not check_claim("not net.converged", scope, HERE)


def test_a_refuted_claim_tells_its_numbers():
    error = claim_error("net.accuracy > 0.975", SCOPE, HERE)
    assert error.problem == "the claim 'net.accuracy > 0.975' does not hold: net.accuracy = 0.97, 0.98"


def test_facts_of_the_figure_at_hand_have_short_names():
    scope = SCOPE.with_figure({"shape": {"height": 3}})
    assert scope.fill(Role("value", ("shape.height",), "", 7), "x.md", plain=True) == "3"


def test_roles_are_filled_where_they_stand():
    text = "of {value}`net.parameters` weights"
    filled = replace_spans(text, lambda span: SCOPE.fill(read_role(span, 7, "x.md"), "x.md", plain=True))
    assert filled == "of 93,322 weights"
