"""A lecture with the two explorers, of small maps, drawn in this process by the real kinds."""

import shutil
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from sample_project import make_project

from generator.document.compose import compose
from generator.document.tree import Document
from generator.engine.task import Task
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lecture
from generator.runners import still
from generator.theme import THEMES
from lectures.experiments.page_values import measure

ROOT = Path(__file__).parents[1]
MAP = np.random.default_rng(0).integers(0, 10, (8, 8)).tolist()
CONVOLUTION = f""":::{{convolution_explorer}}
:input: {MAP}
:kernel: [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
:kernels: [[[0.25, 0, 0], [0, 0, 0], [0, 0, -0.5]]]
:strides: 2
:name: moving

A window moves.
:::
"""
POOLING = f""":::{{pooling_explorer}}
:input: {MAP}
:name: pooled

A map moves.
:::
"""
TEXT = f"# Windows\n\n## A window\n\n{CONVOLUTION}\n\n## A map\n\n{POOLING}\n\n## The end\n\nText.\n"


def plan_exploring(folder: Path, text: str = TEXT) -> Plan:
    """Return the plan of a lecture with this text, in a project of its own with what the explorers take."""
    project = make_project(folder)
    for name in ("figures/convolution.py", "figures/pooling.py", "lectures/experiments/page_values.py"):
        shutil.copy(ROOT / name, project / name)
    path = project / "lectures" / "explored.md"
    path.write_text(f"---\ntitle: Explored\n---\n{text}", encoding="utf-8")
    return plan_lecture(read_lecture(path, project), project, Profile())


def explored_document(folder: Path, text: str = TEXT) -> Document:
    """Return the document of a lecture with explorers; raise the first error in it."""
    plan = plan_exploring(folder, text)
    for error in plan.errors:
        raise error
    artifacts = {name: made(task, folder / f"task-{at}") for at, (name, task) in enumerate(plan.tasks.items())}
    document = compose(plan, artifacts, Profile(), {})
    for error in document.errors:
        raise error
    return document


def made(task: Task, folder: Path) -> Any:
    """Return what a task makes, as the store has it."""
    folder.mkdir()
    arguments = {name: argument.given for name, argument in task.arguments}
    facts: Any = {}
    if task.runner == "experiment":
        np.savez(folder / "arrays.npz", **measure(**arguments))
    else:
        facts = still.run(import_module(task.module), arguments, folder, theme=THEMES[task.theme])
    return SimpleNamespace(files={path.name: path for path in folder.iterdir()}, facts=facts, machine="", packages={})
