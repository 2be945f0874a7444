"""Pages say what their numbers were measured with, the arithmetic of the machine included."""

from collections.abc import Callable
from pathlib import Path

from generator.document.compose import compose
from generator.engine.store import Artifact
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture


def lines(project: Path, path: Path, *machines: str) -> list[str]:
    """Return what the lecture at `path` says it was made from, if its runs were made on these machines, in turn."""
    plan = plan_lecture(read_lecture(path, project), project, Profile())
    assert plan.errors == []
    made = zip(plan.tasks, machines, strict=True)
    artifacts = {task: Artifact(task, "0", {}, {"accuracy": 0.5}, machine) for task, machine in made}
    found: list[str] = compose(plan, artifacts, Profile(), {}).front["provenance"]
    return found


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
