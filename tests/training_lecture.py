"""A lecture in which the page trains a network: with pictures of bars, so that it takes a moment, or with real digits."""

import shutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from sample_project import make_project
from small_networks import bars

from generator.document.compose import compose
from generator.document.tree import Document
from generator.engine.task import Task
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lecture
from generator.runners import still
from generator.runners.inputs import look_up
from generator.theme import THEMES
from lectures.experiments.parts.page_pictures import pack_pictures

ROOT = Path(__file__).parents[1]
MEASURE = "def measure(*, seed: int = 0) -> dict[str, object]: ...\n"
TEXT = """# Learning

## A page trains

:::{train_here} tiny
:name: tried

Three trainings.
:::

## Another slide

Text.
"""
NETWORK = (
    {"kind": "Conv2D", "filters": 4, "kernel_size": 3},
    {"kind": "ReLU"},
    {"kind": "MaxPooling2D", "pool_size": 4},
    {"kind": "Flatten"},
    {"kind": "Dense", "units": 3},
)


def facts_of(network: Sequence[Mapping[str, Any]], learned_from: int, judged_on: int, steps: int, passes: int) -> Any:
    """Return what an experiment says that has trained; its curves are made up."""
    measured = list(range(5, 31, 5))
    losses = [1 / (1 + step) for step in measured]
    return {
        "seed": 0, "network": [dict(layer) for layer in network], "shape": [28, 28, 1], "levels": 4,
        "batch_size": learned_from * passes // steps, "momentum": 0.9, "passes": passes, "steps": steps, "every": 5,
        "trained_on": learned_from, "validated_on": judged_on, "rate": 0.03, "offered": [0.001, 0.01, 0.03, 1000.0],
        "curves": {"steps": measured, "names": ["a", "b", "c"], "first": losses, "second": losses, "third": losses},
        "runs": [{"rate": rate, "right": [7] * 3} for rate in (0.001, 0.03, 1000.0)],
    }  # fmt: skip


def of_bars(passes: int = 3) -> tuple[Any, np.ndarray]:
    """Return the facts of a training on 120 bars with 40 others, ten steps a pass, and the packed pictures."""
    images, labels = bars(160, 0)
    return facts_of(NETWORK, 120, 40, 10 * passes, passes), pack_pictures(
        np.rint(images / 85).astype(np.uint8), labels, 4
    )


def plan_training(folder: Path, text: str = TEXT) -> Plan:
    """Return the plan of a lecture with this text, and with an experiment `tiny`, in a project of its own."""
    project = make_project(folder)
    shutil.copy(ROOT / "figures" / "loss_curves.py", project / "figures")
    (project / "lectures" / "experiments" / "tiny.py").write_text(MEASURE)
    path = project / "lectures" / "trained.md"
    path.write_text(f"---\ntitle: Trained\n---\n{text}", encoding="utf-8")
    return plan_lecture(read_lecture(path, project), project, Profile())


def trained_document(folder: Path, facts: Any, packed: np.ndarray | None, text: str = TEXT) -> Document:
    """Return the document of a lecture with these results of its experiment; raise the first error in it."""
    plan = plan_training(folder, text)
    for error in plan.errors:
        raise error
    arrays = folder / "arrays.npz"
    np.savez(arrays, **({} if packed is None else {"packed": packed}))
    experiment = SimpleNamespace(files={"arrays.npz": arrays}, facts=facts, machine="", packages={})
    artifacts = {name: experiment if task.runner == "experiment" else drawn(task, facts, folder / f"task-{at}")
                 for at, (name, task) in enumerate(plan.tasks.items())}  # fmt: skip
    document = compose(plan, artifacts, Profile(), {})
    for error in document.errors:
        raise error
    return document


def drawn(task: Task, facts: Any, folder: Path) -> Any:
    """Return the still of a task as the store has it."""
    folder.mkdir()
    arguments = {
        name: look_up(str(argument.value), facts, argument.source) if argument.form == "result" else argument.given
        for name, argument in task.arguments
    }
    found = still.run(import_module(task.module), arguments, folder, theme=THEMES[task.theme])
    return SimpleNamespace(files={path.name: path for path in folder.iterdir()}, facts=found, machine="", packages={})
