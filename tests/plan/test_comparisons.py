"""A comparison says what it varies, and nothing else may differ."""

from pathlib import Path

import pytest

from generator.errors import LectureError, Report
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lecture, plan_lectures

NET = '''"""A network for tests."""

IMAGES = 60_000


def measure(
    *, data: object, seed: int = 0, epochs: float = 1.5, pooling: str = "max", images: int = IMAGES, wide: bool = False
) -> dict:
    return {"accuracy": 0.9}
'''
DENSE = '''"""Another network for tests."""


def measure(*, data: object, seed: int = 0, epochs: float = 5, units: int = 512) -> dict:
    return {"accuracy": 0.8}
'''
LOOK = '''"""A look into a network, for tests."""


def measure(*, data: object, weights: object, deep: bool = False) -> dict:
    return {"silent": 0.1}
'''
FRONT = """experiments:
  max_pool: {recipe: net, seeds: 3}
  mean_pool: {recipe: net, seeds: 3, pooling: average}
  short: {recipe: net, seeds: 3, pooling: average, epochs: 1.25}
  short_max: {recipe: net, seeds: 3, epochs: 1.25}
  as_default: {recipe: net, seeds: 5, pooling: max, epochs: 1.50, images: 60_000}
  wide: {recipe: net, wide: yes, pooling: average}
  dense: {recipe: dense, seeds: 3}
  small: {recipe: dense, seeds: 3, units: 117}
  dense_as_long: {recipe: dense, epochs: 1.5}
  look_max: {recipe: look, weights: max_pool.weights}
  look_mean: {recipe: look, weights: mean_pool.weights}
  look_short: {recipe: look, weights: short.weights}
"""
CLAIM = 19  # the line on which the lectures of `claim` have theirs


@pytest.fixture
def plan(write_lecture, project):
    """Return a function that plans a text with the experiments in FRONT."""
    for name, source in (("net", NET), ("dense", DENSE), ("look", LOOK)):
        (project / "lectures" / "experiments" / f"{name}.py").write_text(source)

    def plan_text(text: str, profile: Profile | None = None) -> Plan:
        path: Path = write_lecture(f"## A\n\n{text}\n", FRONT)
        return plan_lecture(read_lecture(path, project), project, profile or Profile())

    return plan_text


def claim(condition: str, varies: str = "", sentence: str = "So it is.") -> str:
    """Return a claim; `varies` is its option, left out if empty."""
    option = f":varies: {varies}\n" if varies else ""
    return f":::{{claim}} {condition}\n{option}{sentence}\n:::"


def told(problems: list[LectureError]) -> list[tuple[int, str]]:
    """Return the line and the text of each problem."""
    return [(error.where.line if error.where else 0, error.problem) for error in problems]


@pytest.mark.parametrize(
    ("condition", "varies"),
    [
        ("max_pool.accuracy > mean_pool.accuracy", "pooling"),
        ("max_pool.accuracy > short.accuracy", "pooling, epochs"),
        ("max_pool.accuracy > short.accuracy", "epochs,pooling"),
        ("dense.accuracy > small.accuracy", "units"),
        ("max_pool.accuracy > dense.accuracy", "recipe, epochs"),
        ("max_pool.accuracy > dense_as_long.accuracy", "recipe"),
        ("look_max.silent > look_mean.silent", "pooling"),
        ("max_pool.accuracy > look_max.silent", "recipe"),
        ("max_pool.accuracy > dense.accuracy and dense.accuracy > small.accuracy", "recipe, epochs, units"),
    ],
)
def test_experiments_may_differ_in_what_a_claim_varies(plan, condition, varies):
    made = plan(claim(condition, varies))
    assert (made.errors, made.warnings) == ([], [])


@pytest.mark.parametrize(
    ("condition", "varies", "problem"),
    [
        ("max_pool.accuracy > short.accuracy", "pooling", "'max_pool' and 'short' differ in epochs too (1.5, 1.25)"),
        ("wide.accuracy > mean_pool.accuracy.mean and max_pool.accuracy > 0.9", "pooling",
         "'max_pool', 'mean_pool' and 'wide' differ in wide too (no, yes)"),
        ("dense.accuracy < max_pool.accuracy", "epochs", "'dense' and 'max_pool' differ in recipe too (dense, net)"),
        ("look_max.silent > look_short.silent", "pooling", "'look_max' and 'look_short' differ in epochs too (1.5, 1.25)"),
        ("max_pool.accuracy > 0.9 and short.accuracy < 0.9", "pooling",
         "'max_pool' and 'short' differ in epochs too (1.5, 1.25)"),
    ],
)  # fmt: skip
def test_whatever_else_differs_is_an_error_at_the_line_of_the_option(plan, condition, varies, problem):
    assert told(plan(claim(condition, varies)).errors) == [(CLAIM + 1, problem)]


def test_the_hint_says_both_ways_out(plan):
    (error,) = plan(claim("max_pool.accuracy > short.accuracy", "pooling")).errors
    assert error.hint == "give them the same epochs, or add it to what varies, if that is what you compare"


@pytest.mark.parametrize(
    ("varies", "problem", "hint"),
    [
        ("pooling, epochs", "'max_pool' and 'mean_pool' do not differ in epochs", "leave epochs away"),
        ("pooling, epoch", "'max_pool' and 'mean_pool' have no parameter 'epoch'", "did you mean 'epochs'?"),
    ],
)
def test_what_varies_differs(plan, varies, problem, hint):
    (error,) = plan(claim("max_pool.accuracy > mean_pool.accuracy", varies)).errors
    assert (error.problem, error.hint, error.where.line) == (problem, hint, CLAIM + 1)


@pytest.mark.parametrize("text", ["pooling,", "pooling epochs", "1.5", "pooling, pooling", "pooling, seed"])
def test_what_varies_is_a_list_of_names_other_than_the_seed(write_lecture, project, text):
    path = write_lecture(f"## A\n\n{claim('1 < 2', text)}\n")
    with pytest.raises(LectureError) as caught:
        read_lecture(path, project)
    assert caught.value.where.line == 7


def test_nothing_varies_in_a_claim_about_one_experiment(plan):
    assert told(plan(claim("max_pool.accuracy > 0.9", "pooling")).errors) == [
        (CLAIM + 1, "nothing varies here, where fewer than two experiments are compared")
    ]


def test_seeds_are_no_difference_nor_is_a_default_that_is_written(plan):
    made = plan(claim("max_pool.accuracy == as_default.accuracy"))
    assert (made.errors, made.warnings) == ([], [])


def test_a_claim_that_does_not_say_what_varies_is_warned_of(plan):
    made = plan(claim("max_pool.accuracy > short.accuracy"))
    problem = "'max_pool' and 'short' are compared, and nothing says that they differ in epochs and pooling"
    assert (made.errors, told(made.warnings)) == ([], [(CLAIM, problem)])
    assert made.warnings[0].hint.startswith("write :varies: epochs, pooling if all of that is meant to differ")


def test_a_build_reports_the_warning(plan, project):
    lecture = plan(claim("max_pool.accuracy > short.accuracy")).lecture
    report = Report()
    plan_lectures([lecture], project, Profile(), report)
    assert len(report.warnings) == 1


def test_the_comparisons_of_a_claim_vary_what_the_claim_says(plan):
    sentence = "It is {compare}`max_pool.accuracy, mean_pool.accuracy` that, {compare}`max_pool.accuracy, short.accuracy` this."
    made = plan(claim("max_pool.accuracy > 0.9", "pooling", sentence))
    assert told(made.errors) == [(CLAIM + 1, "'max_pool' and 'short' differ in epochs too (1.5, 1.25)")]


def test_each_comparison_of_a_claim_is_controlled_by_itself(plan):
    sentence = "It was {compare}`short_max.accuracy, short.accuracy` that."
    assert plan(claim("max_pool.accuracy > mean_pool.accuracy", "pooling", sentence)).errors == []


def test_a_difference_between_two_comparisons_is_not_what_varies(plan):
    sentence = "It was {compare}`short_max.accuracy, short.accuracy` that."
    (error,) = plan(claim("max_pool.accuracy > mean_pool.accuracy", "pooling, epochs", sentence)).errors
    assert error.problem.endswith("do not differ in epochs")


def test_a_comparison_outside_claims_says_what_varies_behind_a_colon(plan):
    made = plan("It is {compare}`max_pool.accuracy, short.accuracy: varies pooling, epochs` that.")
    assert (made.errors, made.warnings) == ([], [])


def test_a_comparison_in_which_more_differs_is_an_error_at_its_line(plan):
    made = plan("It is\n{compare}`max_pool.accuracy, short.accuracy: varies pooling` that.")
    assert told(made.errors) == [(CLAIM + 1, "'max_pool' and 'short' differ in epochs too (1.5, 1.25)")]


def test_a_comparison_that_does_not_say_what_varies_is_warned_of(plan):
    (warning,) = plan("It is {compare}`max_pool.accuracy, mean_pool.accuracy` that.").warnings
    assert warning.hint.startswith("write {compare}`a, b: varies pooling` if all of that is meant to differ")


def test_a_comparison_in_a_claim_does_not_say_itself_what_varies(plan):
    sentence = "It is {compare}`max_pool.accuracy, mean_pool.accuracy: varies pooling` that."
    made = plan(claim("max_pool.accuracy > mean_pool.accuracy", "pooling", sentence))
    assert told(made.errors) == [(CLAIM + 2, "the claim says what varies in its comparisons")]


def test_a_comparison_takes_no_format(plan):
    (error,) = plan("It is {compare}`max_pool.accuracy, mean_pool.accuracy:percent` that.").errors
    assert error.problem == "a comparison has no format 'percent'"


def test_a_profile_changes_nothing_about_what_varies(plan):
    text = claim("max_pool.accuracy > dense.accuracy", "recipe, epochs")
    made = plan(text, Profile("quick", {"epochs": 2}, (0,)))
    assert (made.errors, made.warnings) == ([], [])


def figure(*experiments: str, varies: str = "") -> str:
    """Return a figure of what some experiments measured; `varies` is its option, left out if empty."""
    options = [f":first: {experiments[0]}.accuracy.each", f":second: {experiments[1]}.accuracy.each"]
    said = [f":varies: {varies}"] if varies else []
    return "\n".join([":::{figure} pair", *options, *said, ":::"])


PAIR = '''"""A figure of two results, for tests."""


def trace(*, first: object, second: object) -> object:
    return first, second


def describe(trace): ...


def draw(trace, theme): ...
'''


@pytest.fixture
def plan_figure(plan, project):
    """Return `plan`, with a figure kind that shows two results."""
    (project / "figures" / "pair.py").write_text(PAIR)
    return plan


def test_a_figure_of_the_same_fact_of_two_experiments_says_what_varies(plan_figure):
    made = plan_figure(figure("max_pool", "mean_pool", varies="pooling"))
    assert (made.errors, made.warnings) == ([], [])


def test_a_figure_that_compares_may_differ_in_nothing_else(plan_figure):
    made = plan_figure(figure("max_pool", "short", varies="pooling"))
    assert told(made.errors) == [(22, "'max_pool' and 'short' differ in epochs too (1.5, 1.25)")]


def test_a_figure_that_does_not_say_what_varies_is_warned_of(plan_figure):
    made = plan_figure(figure("max_pool", "mean_pool"))
    problem = "'max_pool' and 'mean_pool' are compared, and nothing says that they differ in pooling"
    assert told(made.warnings) == [(CLAIM, problem)]


def test_a_figure_of_different_facts_compares_nothing(plan_figure):
    text = ":::{figure} pair\n:first: max_pool.accuracy.each\n:second: mean_pool.accuracy.mean\n:::"
    assert plan_figure(text).warnings == []


def test_a_figure_of_one_experiment_has_nothing_that_varies(plan_figure):
    made = plan_figure(figure("max_pool", "max_pool", varies="pooling"))
    assert told(made.errors) == [(22, "nothing varies here, where fewer than two experiments are compared")]
