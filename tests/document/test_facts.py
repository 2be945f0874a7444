import pytest

from generator.document.facts import Scope, check_claim, claim_error, compare, format_value, merge_seeds
from generator.errors import FactError, Where
from generator.lecture.expressions import Seeds
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
    for condition, held in [("net.converged", False), ("not net.converged", False), ("net.sound and 1 < 2", True)]:
        assert check_claim(condition, Scope({"net": net}, {}), HERE) is held
    assert not check_claim("net.sound and net.converged", Scope({"net": net}, {}), HERE)


def test_a_list_is_merged_item_by_item():
    assert merge_seeds([{"curve": [0.9, 0.5]}, {"curve": [0.9, 0.6]}]) == {"curve": [0.9, Seeds((0.5, 0.6))]}


def test_lists_of_other_lengths_are_the_firsts():
    assert merge_seeds([[1, 2], [1, 2, 3]]) == [1, 2]


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
        (3, "percent0", "300\u202f%"),
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


@pytest.mark.parametrize("value", [None, {"a": 1}, list(range(13)), float("inf"), float("nan"), [None]])
def test_a_value_that_means_nothing_to_readers_is_refused(value):
    with pytest.raises(FactError, match="this value is"):
        format_value(value, "", HERE)


@pytest.mark.parametrize(("left", "right"), [(1, "max"), ([], 1), ({"a": 1}, 1), (None, 1)])
def test_what_cannot_be_compared_is_told(left, right):
    with pytest.raises(FactError, match="the two cannot be compared"):
        compare(left, right, HERE)


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


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (Seeds((0.98, 0.99)), Seeds((0.96, 0.97)), "higher than"),
        (Seeds((0.96, 0.97)), Seeds((0.98, 0.99)), "lower than"),
        (Seeds((0.96, 0.99)), Seeds((0.97, 0.98)), "no different, beyond the spread of the seeds, from"),
    ],
)
def test_higher_is_said_only_where_the_seeds_do_not_overlap(left, right, words):
    assert compare(left, right, HERE) == words


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
