"""A lecture whose figures vary, drawn in this process by the real kinds: small inputs, so that it is quick."""

import shutil
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sample_project import make_project

from generator.document.compose import compose
from generator.document.tree import Document
from generator.engine.task import Task
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import Plan, plan_lecture
from generator.runners import still
from generator.theme import THEMES

ROOT = Path(__file__).parents[1]
KINDS = ("pooling",)
NUMBERS = "[[1, 3, 2, 0, 4], [5, 4, 1, 1, 2], [0, 2, 6, 3, 1], [1, 1, 2, 8, 0], [2, 0, 1, 1, 3]]"
EXPLORE = f""":::{{figure}} pooling
:input: {NUMBERS}
:pool_size: 2
:steps: 1
:vary: strides = 1, 2, 3; padding = valid, same, label=edges
:except: strides = 3; padding = same
:print: padding = valid
:play: yes
:name: explore
:view: still

A window over five columns.
:::
"""
FOLLOWS = f""":::{{figure}} pooling
:input: {NUMBERS}
:pool_size: 3
:steps: 1
:vary: shared strides
:name: follower
:view: still
:::
"""
LEADS = FOLLOWS.replace("shared strides", "strides = 1, 2").replace("follower", "leader").replace("size: 3", "size: 2")
TEXT = f"""# Windows

## A window moves

{EXPLORE}

## Two windows move at once

::::{{columns}}
{LEADS}
+++
{FOLLOWS}
::::

With stride 3 {{value}}`explore[strides=3].shape.height` rows are left.
"""


def plan_text(text: str, folder: Path) -> Plan:
    """Return the plan of a lecture with this text, in a project of its own with the kinds that it shows."""
    project = make_project(folder) if not (folder / "figures").is_dir() else folder
    for kind in KINDS:
        shutil.copy(ROOT / "figures" / f"{kind}.py", project / "figures")
    path = project / "lectures" / "varied.md"
    path.write_text(f"---\ntitle: Varied\n---\n{text}", encoding="utf-8")
    return plan_lecture(read_lecture(path, project), project, Profile())


def made(task: Task, folder: Path) -> Any:
    """Return what the still of a task is: its files and facts, as the store has them."""
    folder.mkdir()
    arguments = {name: argument.given for name, argument in task.arguments}
    facts = still.run(import_module(task.module), arguments, folder, theme=THEMES[task.theme])
    return SimpleNamespace(files={path.name: path for path in folder.iterdir()}, facts=facts, machine="", packages={})


def compose_text(text: str, folder: Path) -> Document:
    """Return the document of a lecture with this text; raise the first error in it."""
    plan = plan_text(text, folder)
    for error in plan.errors:
        raise error
    artifacts = {name: made(task, folder / f"task-{at}") for at, (name, task) in enumerate(plan.tasks.items())}
    document = compose(plan, artifacts, Profile(), {})
    for error in document.errors:
        raise error
    return document


@cache
def varied_document(folder: Path) -> Document:
    """Return the document of a lecture with figures that vary."""
    return compose_text(TEXT, folder)
