import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from course import LECTURE, course_status, make_all, run_nothing
from damage import flip_bit

from generator.commands.why import explain
from generator.disk import content_digest
from generator.engine.store import Store

Why = Callable[..., str]
STILL = "still mark (lectures/sample.md:12)"
DRAWN = "still mark (lectures/sample.md:8)"


@pytest.fixture
def why(project: Path, full_project: Path, write_lecture, monkeypatch, capsys) -> Why:
    """Return a function that says why what a target names is made again; the course has been built."""
    write_lecture(LECTURE)
    run_nothing(monkeypatch)
    make_all(full_project)

    def ask(target: str, code: int = 0) -> str:
        capsys.readouterr()
        assert explain(str(full_project), "full", target) == code
        said = capsys.readouterr()
        return said.out + said.err

    return ask


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_what_has_not_changed_is_up_to_date(why):
    assert why("sample:12") == f"{STILL}: up to date\n"


def test_a_line_of_an_option_names_its_figure(why):
    assert why("lectures/sample.md:13") == f"{STILL}: up to date\n"


def test_a_figure_kind_names_all_its_figures(why):
    assert why("mark") == f"{DRAWN}: up to date\n{STILL}: up to date\n"


def test_an_experiment_is_named(why):
    assert why("toss").startswith("experiment toss, seed 0")


def test_a_changed_function_is_named_with_its_module(why, full_project):
    edit(full_project / "figures" / "mark.py", "figsize=(1, 1)", "figsize=(2, 1)")
    assert why("sample:12") == f"{STILL}: will be made\n  code: figures.mark: draw\n"


def test_a_new_function_is_named_as_new(why, full_project):
    edit(full_project / "figures" / "mark.py", "(1, 1))", "size())\n\ndef size():\n    return (1, 1)\n")
    assert "  code: figures.mark: draw, size (new)\n" in why("sample:12")


def test_a_changed_runner_is_named(why, full_project):
    edit(
        full_project / "generator" / "runners" / "still.py",
        "round(100 * float(inches)) for inches in still",
        "round(101 * float(inches)) for inches in still",
    )
    assert why("sample:12") == f"{STILL}: will be made\n  runner: generator.runners.still: run\n"


def test_a_changed_argument_is_named_with_its_values(why, write_lecture):
    write_lecture(LECTURE.replace("0.5", "0.25"))
    assert "  argument: number: 0.5 before, 0.25 now\n" in why("sample:12")


def test_tasks_that_reach_the_same_code_share_the_note_of_it(why, full_project):
    journal = full_project / ".lectern" / "journal"
    tasks = [path for path in journal.iterdir() if path.is_file()]
    assert len(list((journal / "reached").iterdir())) < 2 * len(tasks)


def test_a_note_of_code_that_is_lost_costs_the_answer_alone(why, full_project):
    edit(full_project / "figures" / "mark.py", "figsize=(1, 1)", "figsize=(2, 1)")
    shutil.rmtree(full_project / ".lectern" / "journal" / "reached")
    assert why("sample:12") == f"{STILL}: will be made\n  it has never been built\n"


@pytest.mark.parametrize("kind", ["journal", "journal/reached"])
def test_a_note_with_a_flipped_bit_costs_the_answer_alone(why, full_project, kind):
    edit(full_project / "figures" / "mark.py", "figsize=(1, 1)", "figsize=(2, 1)")
    for path in (full_project / ".lectern" / kind).iterdir():
        if path.is_file():
            path.write_bytes(flip_bit(path.read_bytes(), 8 * 80))
    assert why("sample:12") == f"{STILL}: will be made\n  it has never been built\n"


def test_the_next_build_writes_a_damaged_note_anew(why, full_project):
    journal = full_project / ".lectern" / "journal"
    notes = {path: path.read_bytes() for path in journal.iterdir() if path.is_file()}
    for path, content in notes.items():
        path.write_bytes(flip_bit(content, 8 * 80))
    assert make_all(full_project).ran == 0
    assert {path: path.read_bytes() for path in notes} == notes


def test_a_figure_waits_for_its_experiment_and_says_why(why, full_project):
    edit(full_project / "lectures" / "experiments" / "toss.py", "0.9", "0.8")
    said = why("sample:8")
    assert f"{DRAWN}: will be made\n  it waits for experiment toss, seed 0\n" in said
    assert said.endswith("will be made\n  code: lectures.experiments.toss: measure\n")


def test_changed_results_of_an_experiment_are_an_input_that_changed(why, full_project, monkeypatch):
    edit(full_project / "lectures" / "experiments" / "toss.py", "0.9", "0.8")
    toss = next(
        standing for standing in course_status(full_project).tasks.values() if standing.task.runner == "experiment"
    )
    (full_project / "empty").mkdir()
    Store(full_project / ".lectern" / "store").put(toss.key, full_project / "empty", {"accuracy": 0.8}, {})
    assert why("sample:8") == f"{DRAWN}: will be made\n  input: the results of experiment toss have changed\n"


def test_a_changed_data_set_is_named(why, full_project, write_lecture):
    data = "import numpy\ndef measure(*, data, seed: int = 0):\n    return {'accuracy': 0.5}\n"
    (full_project / "lectures" / "experiments" / "toss.py").write_text(data)
    make_all(full_project)
    path = full_project / "generator" / "datasets" / "mnist.npz"
    with np.load(path) as arrays:
        parts = dict(arrays)
    np.savez(path, **{**parts, "x_test": parts["x_test"][::-1]})
    assert "  data set: mnist has changed\n" in why("toss")


def test_another_digit_is_an_argument(why, full_project, write_lecture):
    mark = full_project / "figures" / "mark.py"
    mark.write_text(mark.read_text().replace("number: float", "number"))
    write_lecture(LECTURE.replace("0.5", "digit(1)"))
    make_all(full_project)
    write_lecture(LECTURE.replace("0.5", "digit(2)"))
    assert "  argument: number: [1] before, [2] now\n" in why("sample:12")


def test_changed_fonts_and_another_interpreter_are_named(why, full_project, monkeypatch):
    (full_project / "generator" / "fonts" / "new.txt").write_text("new")
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    said = why("sample:12")
    assert "  the fonts have changed\n" in said
    assert "before, 3.99.0 now\n" in said


def test_another_version_of_a_package_is_named(why, full_project, monkeypatch):
    still = next(standing for standing in course_status(full_project).tasks.values() if standing.task.where.line == 12)
    (full_project / "empty").mkdir()
    Store(full_project / ".lectern" / "store").put(still.key, full_project / "empty", {}, {"numpy": "0.1"})
    assert "  package: numpy 0.1 before, " in why("sample:12")


def test_a_result_that_was_removed_is_said_to_be(why, full_project):
    for path in (full_project / ".lectern" / "store" / "records").rglob("*.json"):
        path.unlink()
    assert why("sample:12") == f"{STILL}: will be made\n  its result has been removed\n"


def test_what_was_never_built_is_said_to_be(why, write_lecture):
    write_lecture(LECTURE + "\n:::{figure} reel\n:number: 0.5\n:view: still\n:::\n")
    assert "  it has never been built\n" in why("reel")


def test_a_changed_file_that_a_task_reads_is_named(why, full_project):
    toss = next(status for status in course_status(full_project).tasks.values() if status.task.runner == "experiment")
    (full_project / "empty").mkdir()
    (full_project / "data.txt").write_text("0.7")
    store = Store(full_project / ".lectern" / "store")
    observed = {"data.txt": content_digest(full_project / "data.txt")}
    store.put(toss.key, full_project / "empty", {"name": "toss", "accuracy": 0.9}, {}, observed)
    assert "up to date" in why("toss")
    (full_project / "data.txt").write_text("0.9")
    assert "\n  file: data.txt, which it reads, has changed\n" in why("toss")


def test_a_damaged_record_is_named(why, full_project):
    toss = next(status for status in course_status(full_project).tasks.values() if status.task.runner == "experiment")
    path = Store(full_project / ".lectern" / "store").record_path(toss.key)
    path.write_bytes(path.read_bytes().replace(b"0.9", b"0.7"))
    assert "\n  the record of its result is damaged\n" in why("toss")


def test_undoing_an_edit_is_up_to_date_again(why, full_project):
    path = full_project / "figures" / "mark.py"
    before = path.read_text()
    edit(path, "figsize=(1, 1)", "figsize=(2, 1)")
    make_all(full_project)
    path.write_text(before)
    assert why("sample:12") == f"{STILL}: up to date\n"
    assert make_all(full_project).ran == 0


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("marc", "no lecture has a figure or an experiment 'marc'\nhint: did you mean 'mark'?\n"),
        ("simple:12", "lectures: there is no lecture 'simple'\nhint: did you mean 'sample'?\n"),
        ("sample:2", "lectures/sample.md:2: nothing is made for this line\nhint: name the line of a figure\n"),
    ],
)
def test_a_target_that_is_not_there_is_told(why, target, words):
    assert why(target, code=1) == words
