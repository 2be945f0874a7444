"""Pages say what their numbers were measured with, the arithmetic of the machine included."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from generator.document.compose import compose
from generator.engine.store import Artifact
from generator.errors import Report
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture, plan_lectures

DATASETS = {"mnist": (Path("mnist.npz"), "0123456789abcdef" * 4)}


def front(project: Path, path: Path, machines: Sequence[str], packages: Mapping[str, str] | None = None) -> Any:
    """Return the front matter of the pages of the lecture at `path`, if its runs were made so, in turn."""
    plan = plan_lecture(read_lecture(path, project), project, Profile())
    assert plan.errors == []
    made = zip(plan.tasks, machines, strict=True)
    facts = {"accuracy": 0.5}
    artifacts = {task: Artifact(task, "0", {}, facts, machine, packages or {}) for task, machine in made}
    return compose(plan, artifacts, Profile(), DATASETS).front


def lines(project: Path, path: Path, *machines: str, packages: Mapping[str, str] | None = None) -> list[str]:
    """Return what the lecture at `path` says it was made from."""
    return list(front(project, path, machines, packages)["provenance"])


def test_pages_say_on_what_machines_networks_learned(project: Path, write_lecture: Callable[..., Path]) -> None:
    path = write_lecture("## A\n\n{value}`coin.accuracy`\n", "experiments: {coin: {recipe: toss, seeds: 3}}\n")
    said = lines(project, path, "x with AVX2, oneDNN on", "x with AVX2, oneDNN on", "x with AVX-512, oneDNN on")
    assert [line for line in said if line.startswith("learned on")] == [
        f"learned on x with {kind}, oneDNN on; elsewhere the last digits differ, and with them perhaps a close verdict"
        for kind in ("AVX2", "AVX-512")
    ]


def test_pages_on_which_nothing_was_learned_name_no_machine(project: Path, write_lecture: Callable[..., Path]) -> None:
    path = write_lecture("## A\n\n{value}`coin.accuracy`\n", "experiments: {coin: toss}\n")
    assert not [line for line in lines(project, path, "") if line.startswith("learned on")]


def test_pages_name_the_libraries_that_were_used_and_no_others(
    project: Path, write_lecture: Callable[..., Path]
) -> None:
    path = write_lecture("## A\n\n{value}`coin.accuracy`\n", "experiments: {coin: toss}\n")
    used = {"numpy": "2.4", "scikit-learn": "1.9", "six": "1.0"}
    last = lines(project, path, "", packages=used)[-1]
    assert last == f"made with scikit-learn 1.9, numpy 2.4, nbconvert {version('nbconvert')}"


def test_pages_name_no_data_that_nothing_has_read(project: Path, write_lecture: Callable[..., Path]) -> None:
    path = write_lecture("## A\n\n{value}`coin.accuracy`\n", "experiments: {coin: {recipe: toss, seeds: 2}}\n")
    made = front(project, path, ("", ""))
    assert not [line for line in made["provenance"] if line.startswith("data:")]
    assert "data" not in made["rule_of_verdicts"]


def test_pages_name_the_data_that_an_experiment_has_read(project: Path, write_lecture: Callable[..., Path]) -> None:
    reader = "def measure(*, data, seed=0):\n    return {'accuracy': 0.5}\n"
    (project / "lectures" / "experiments" / "reader.py").write_text(reader)
    path = write_lecture("## A\n\n{value}`found.accuracy`\n", "experiments: {found: {recipe: reader, seeds: 2}}\n")
    made = front(project, path, ("", ""))
    assert "data: mnist, SHA-256 0123456789abcdef…" in made["provenance"]
    assert "judged on the same test data" in made["rule_of_verdicts"]


def test_pages_say_what_an_experiment_was_run_with(project: Path, write_lecture: Callable[..., Path]) -> None:
    uses = "experiments: {short: {recipe: toss, epochs: 1, seeds: 2}, long: {recipe: toss, epochs: 9}}\n"
    path = write_lecture("## A\n\n{value}`short.accuracy + long.accuracy`\n", uses)
    said = [line for line in lines(project, path, "", "", "") if line.startswith("experiment")]
    assert [line.partition(", code")[0] for line in said] == [
        "experiment toss, epochs 1, seed 0, 1", "experiment toss, epochs 9, seed 0"
    ]  # fmt: skip


def test_a_lecture_without_data_takes_none(project: Path, write_lecture: Callable[..., Path]) -> None:
    reader = "def measure(*, data):\n    return {}\n"
    (project / "lectures" / "experiments" / "reader.py").write_text(reader)
    path = write_lecture("## A\n\n{value}`reader.x`\n\n:::{figure} half\n:number: digit(1)\n:::\n", "dataset: none\n")
    problems = [error.problem for error in plan_lecture(read_lecture(path, project), project, Profile()).errors]
    assert [problem.partition(",")[0] for problem in problems] == [
        "experiment 'reader' takes data", "digit(…) is an image of the data"
    ]  # fmt: skip


def test_a_lecture_that_says_it_has_no_data_is_planned(project: Path, write_lecture: Callable[..., Path]) -> None:
    path, report = write_lecture("## A\n\n{value}`toss.accuracy`\n", "dataset: none\n"), Report()
    plans, datasets = plan_lectures([read_lecture(path, project)], project, Profile(), report)
    assert (len(plans), datasets, report.errors) == (1, {}, [])
