import json
from pathlib import Path

import pytest

from generator.engine.task import Argument
from generator.errors import RecipeError, Where
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan import planner
from generator.plan.arguments import read_argument
from generator.plan.planner import Plan, plan_lecture
from generator.plan.profiles import find_idle_arguments
from generator.plan.recipes import accepts, read_recipe

HERE = Where("lectures/sample.md", 7)


def plan(path: Path, profile: Profile | None = None) -> Plan:
    project = path.parent.parent
    return plan_lecture(read_lecture(path, project), project, profile or Profile())


def only_error(path: Path) -> str:
    (error,) = plan(path).errors
    return str(error)


def figure(options: str, kind: str = "half") -> str:
    return f"## A\n\n:::{{figure}} {kind}\n{options}\n:::\n"


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("3", Argument("literal", 3)),
        ("-0.5", Argument("literal", -0.5)),
        ("same", Argument("literal", "same")),
        ("yes", Argument("literal", True)),
        ("(1, 2)", Argument("literal", [1, 2])),
        ("[[1, 0], [0, 1]]", Argument("literal", [[1, 0], [0, 1]])),
        ("digit(5)", Argument("digit", [5])),
        ("random(0, 6, 6)", Argument("random", [0, 6, 6])),
        ("toss.accuracy", Argument("result", "accuracy", "toss")),
        ("conv2.patches.each", Argument("result", "patches.each", "conv2")),
        ("net.maps.conv1[..., 3]", Argument("result", "maps.conv1[..., 3]", "net")),
        ("two words", Argument("literal", "two words")),
    ],
)
def test_an_argument_is_read_as_written(text, argument):
    assert read_argument(text, HERE) == argument


@pytest.mark.parametrize("text", ["digit()", "digit(five)", "digit(-1)", "random(1)", "open('x')"])
def test_a_call_that_is_no_input_is_refused(text):
    with pytest.raises(RecipeError):
        read_argument(text, HERE)


@pytest.mark.parametrize(
    ("annotation", "value", "fits"),
    [
        ("int", 3, True),
        ("int", True, False),
        ("int", 3.5, False),
        ("float", 3, True),
        ("bool", True, True),
        ("str", 3, False),
        ("int | None", None, True),
        ("Literal['valid', 'same']", "same", True),
        ("Literal['valid', 'same']", "full", False),
        ("tuple[int, int]", [1, 2], True),
        ("tuple[int, int]", [1, 2, 3], False),
        ("tuple[int, ...]", [1, 2, 3], True),
        ("list[int]", [1, "2"], False),
        ("Padding", "same", True),
        ("Padding", 3, True),
        ("Padding", [1], False),
        ("Unknown", object(), True),
    ],
)
def test_a_literal_is_checked_against_its_annotation(annotation, value, fits):
    assert accepts(annotation, value, {"Padding": "Literal['valid', 'same'] | int"}) is fits


def test_a_recipe_is_read_without_importing_it(project):
    (project / "figures" / "bomb.py").write_text("raise SystemExit\n\ndef trace(*, size: int = 3): ...\n")
    recipe = read_recipe("figure", "bomb", project, HERE)
    assert [(p.name, p.annotation, p.required) for p in recipe.parameters] == [("size", "int", False)]


def test_a_recipe_has_defaults_and_docstrings_as_written(project):
    usage = '    """Return a half."""\n'
    path = project / "figures" / "half.py"
    path.write_text(path.read_text().replace("-> float:\n", f"-> float:\n{usage}"))
    recipe = read_recipe("figure", "half", project, HERE)
    assert [(p.name, p.default) for p in recipe.parameters] == [("number", ""), ("mode", "'half'"), ("sizes", "(1, 2)")]
    assert (recipe.doc, recipe.usage) == ("A figure for tests: half of a number.", "Return a half.")


def test_a_recipe_that_is_not_python_is_told_with_its_line(project):
    (project / "figures" / "broken.py").write_text("x = 1\ndef trace(:\n")
    with pytest.raises(RecipeError) as caught:
        read_recipe("figure", "broken", project, HERE)
    assert str(caught.value).startswith("figures/broken.py:2: not Python")


def test_a_figure_makes_a_task_with_its_arguments(write_lecture):
    (task,) = plan(write_lecture(figure(":number: 3"))).tasks.values()
    assert (task.runner, task.module, task.arguments) == (
        "still",
        "figures.half",
        (("number", Argument("literal", 3)),),
    )


def test_a_kind_that_draws_for_phones_makes_a_task_of_that_too(project, write_lecture):
    kind = project / "figures" / "half.py"
    kind.write_text(kind.read_text() + "\n\ndef draw_narrow(trace, theme):\n    return None\n")
    made = plan(write_lecture(figure(":number: 3")))
    assert [task.runner for task in made.tasks.values()] == ["still", "narrow"]


def test_equal_figures_share_one_task(write_lecture):
    assert len(plan(write_lecture(figure(":number: 3") + figure(":number: 3"))).tasks) == 1


def test_a_value_makes_its_experiment_run(write_lecture):
    (task,) = plan(write_lecture("## A\n\n{value}`toss.accuracy`\n")).tasks.values()
    assert (task.module, dict(task.arguments)["seed"].value) == ("lectures.experiments.toss", 0)


def test_an_experiment_runs_once_a_seed(write_lecture):
    front = "experiments:\n  many: {recipe: toss, seeds: 3}\n"
    made = plan(write_lecture("## A\n", front))
    assert [dict(made.tasks[task].arguments)["seed"].value for task in made.experiments["many"]] == [0, 1, 2]


def test_a_profile_replaces_seeds_and_parameters(write_lecture):
    front = "experiments:\n  many: {recipe: toss, seeds: 3}\n"
    made = plan(write_lecture("## A\n", front), Profile("quick", {"epochs": 1, "unknown": 2}, (0,)))
    (task,) = made.tasks.values()
    assert {name: argument.value for name, argument in task.arguments} == {"epochs": 1, "seed": 0}


def test_a_parameter_of_a_profile_that_no_experiment_has_is_told(project):
    (project / "lectures" / "course.toml").write_text('title = "A"\nlectures = []\n\n[profiles.quick]\nepoch = 2\n')
    (told,) = find_idle_arguments(Profile("quick", {"epoch": 2, "epochs": 1}, (0,)), project)
    assert str(told) == (
        "lectures/course.toml:5: no experiment has the parameter 'epoch' of the profile 'quick'\n"
        "hint: did you mean 'epochs'?"
    )


def test_nothing_is_told_of_a_profile_while_an_experiment_is_broken(project):
    (project / "lectures" / "experiments" / "broken.py").write_text("def measure(:\n")
    assert list(find_idle_arguments(Profile("quick", {"epoch": 2}), project)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a]: https://a.b", ["nothing refers to the link '[a]'"]),
        (":::{notes}\n[A b]: https://a.b\n\nWords.\n:::", ["nothing refers to the link '[A b]'"]),
        ("[//]: # (a comment)", ["nothing refers to the link '[//]'"]),
        ("> [a]: https://a.b\n\n![x][a]", ["'https://a.b' is not in the project"]),
        (":::{claim} toss.accuracy < 2\nIt is.\n\n[a]: https://a.b\n:::", ["nothing refers to the link '[a]'"]),
        ("[x][a] and [B]\n\n[a]: https://a.b\n[b]: https://a.c", []),
        (":::{handout}\n- see [a]\n:::\n\n[a]: https://a.b", []),
    ],
)
def test_a_link_definition_that_nothing_refers_to_is_told(write_lecture, text, told):
    assert [error.problem for error in plan(write_lecture(f"## A\n\n{text}\n")).errors] == told


def test_a_figure_needs_the_experiment_whose_result_it_takes(write_lecture):
    made = plan(write_lecture(figure(":number: toss.accuracy")))
    still = next(task for task in made.tasks.values() if task.runner == "still")
    assert [name for name, _ in still.needs] == ["toss"]


def test_a_plan_is_the_same_from_run_to_run(write_lecture):
    path = write_lecture(figure(":number: toss.accuracy"))
    assert json.dumps(list(plan(path).tasks)) == json.dumps(list(plan(path).tasks))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (figure(":number: 3", "haf"), "lectures/sample.md:6: there is no figure 'haf'\nhint: did you mean 'half'?"),
        (figure(":numbr: 3\n:number: 3"), "lectures/sample.md:7: figure 'half' has no parameter 'numbr'\nhint: did you mean 'number'?"),
        (figure(":mode: third"), "lectures/sample.md:6: figure 'half' needs 'number'\nhint: add :number: (int)"),
        (figure(":number: three"), "lectures/sample.md:7: 'number' of figure 'half' cannot be 'three'\nhint: it takes int"),
        (figure(":number: tos.accuracy"), "lectures/sample.md:7: there is no experiment 'tos'\nhint: did you mean 'toss'?"),
        (figure(":number: 3\n:view: film"), "lectures/sample.md:6: figure 'half' has no film\nhint: leave :view: film away"),
        ("## A\n\n{valeu}`toss.accuracy`\n", "lectures/sample.md:6: there is no role '{valeu}'\nhint: did you mean 'value'?"),
        ("## A\n\n\n{value}`toss.`\n", "lectures/sample.md:7: 'toss.' is not an expression"),
        ("## A\n\n:::{claim} toss.accuracy + 1\nSo.\n:::\n", "lectures/sample.md:6: a claim needs a comparison, and 'toss.accuracy + 1'"),
        ("## A\n\n:::{claim} 1 == 1\nSo.\n:::\n", "lectures/sample.md:6: '1 == 1' names no fact, so it claims nothing"),
        ("## A\n\n:::{claim} toss.accuracy > 0.5 and 1 == 1\nSo.\n:::\n", "lectures/sample.md:6: '1 == 1' names no fact"),
        ("## A\n\n:::{claim} toss.accuracy > 0.5\nMore than\n50 of them.\n:::\n", "lectures/sample.md:8: the claim says '50', which is typed and not measured\nhint: write {value}`…`"),
        ("## A\n\n:::{code} nowhere.py\n:::\n", "lectures/sample.md:6: there is no file 'nowhere.py'"),
        ("## A\n\n:::{code} ../outside.py\n:::\n", "lectures/sample.md:6: '../outside.py' lies outside the project"),
    ],
)  # fmt: skip
def test_what_does_not_fit_its_recipe_is_told_with_its_line(write_lecture, text, told):
    assert only_error(write_lecture(text)).startswith(told)


def test_one_error_does_not_hide_the_next(write_lecture):
    made = plan(write_lecture(figure(":number: x") + figure(":number: 3", "nothing") + figure(":number: 3")))
    assert (len(made.errors), len(made.tasks)) == (2, 1)


def test_what_stops_the_planner_is_told_at_its_line_and_the_rest_is_planned(write_lecture, monkeypatch):
    monkeypatch.setattr(planner, "find_faults", lambda text, *_: {}["x"] if text == "wrong" else [])
    made = plan(write_lecture(figure(":number: 3") + "\nwrong\n\n## B\n\n{value}`toss.accuracy`\n"))
    assert [str(error).partition("\n")[0] for error in made.errors] == [
        "lectures/sample.md:10: this cannot be planned: KeyError: 'x'"
    ]
    assert len(made.tasks) == 2


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ('subtitle: "a <!-- b -->"\n', "3: 'subtitle' cannot hold a comment"),
        ("subtitle: a[^1]\n", "3: 'subtitle' cannot hold a footnote"),
        ("author: |\n  one\n  two\n", "3: 'author' is one line"),
        ("subtitle: from $x to y\n", "3: a formula is not closed: '$x to y'"),
        ("author: '[us](about.md)'\n", "3: the link to 'about.md' leads nowhere from a page"),
    ],
)
def test_front_matter_holds_no_more_than_a_title_can(write_lecture, front, problem):
    assert only_error(write_lecture("## A\n", front)).startswith(f"lectures/sample.md:{problem}")


def test_a_footnote_and_its_text_are_for_the_same_readers(write_lecture):
    made = plan(write_lecture("## A\n\n:::{notes}\nSecret[^1]\n:::\n\n[^1]: its text\n"))
    assert [error.problem for error in made.errors] == [
        "nothing refers to the footnote '[^1]'", "the footnote '[^1]' has no text"
    ]  # fmt: skip


def test_an_argument_is_finite(write_lecture):
    assert "holds a number that is not finite" in only_error(write_lecture(figure(":number: 1e999")))


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("def trace(*, number): ...\ndef discribe(trace): ...\ndef draw(trace, theme): ...\n",
         "has no function 'describe'", "its function 'discribe' may be meant: rename it"),
        ("def trace(*, number): ...\ndef describe(trace): ...\n", "has no function 'draw'", "write def draw(trace, theme)"),
        ("def tracing(*, number): ...\n", "has no function 'trace'", "its function 'tracing' may be meant: rename it"),
    ],
)  # fmt: skip
def test_a_kind_that_lacks_a_function_is_told_before_anything_runs(project, write_lecture, text, problem, hint):
    (project / "figures" / "half.py").write_text(text)
    assert (
        only_error(write_lecture(figure(":number: 3")))
        == f"lectures/sample.md:6: 'figures/half.py' {problem}\nhint: {hint}"
    )


def test_an_experiment_that_lacks_its_function_is_told(project, write_lecture):
    (project / "lectures" / "experiments" / "toss.py").write_text("def mesure(*, seed=0): ...\n")
    said = only_error(write_lecture("## A\n\n{value}`mine.accuracy`\n", "experiments: {mine: toss}\n"))
    assert "'lectures/experiments/toss.py' has no function 'measure'" in said
    assert said.endswith("hint: its function 'mesure' may be meant: rename it")


def test_several_seeds_want_an_experiment_that_takes_one(project, write_lecture):
    (project / "lectures" / "experiments" / "fixed.py").write_text(
        "def measure(*, size=3):\n    return {'size': size}\n"
    )
    said = only_error(write_lecture("## A\n\n{value}`mine.size`\n", "experiments: {mine: {recipe: fixed, seeds: 3}}\n"))
    assert (
        "experiment 'fixed' takes no seed, so that its 3 runs would be the same\nhint: give measure a parameter seed"
        in said
    )
