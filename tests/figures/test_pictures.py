"""A picture changes only when somebody means it to: digests of the gallery's stills, those that no training decides.

Where one has changed, look at `build/gallery/index.html`, the contact sheet; `make golden` keeps the new digests.
"""

import json
import os
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from gallery_stills import JOB, STILLS

from generator.engine.task import Task
from generator.runners.job import resolve
from generator.runners.still import render_svg
from generator.theme import THEMES

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "pictures" / "stills.json"


def digest_of(task: Task, theme: str) -> str:
    """Return the digest of the still that a task draws."""
    kind: Any = import_module(task.module)
    trace = kind.trace(**{name: resolve(asdict(argument), JOB) for name, argument in task.arguments})
    return sha256(render_svg(kind.draw(trace, THEMES[theme]))).hexdigest()[:16]


def name_of(task: Task) -> str:
    """Return what tells one example from another: its kind and its arguments, wherever it stands."""
    arguments = json.dumps([[name, asdict(argument)] for name, argument in task.arguments], sort_keys=True)
    return f"{task.module.removeprefix('figures.')} {sha256(arguments.encode()).hexdigest()[:8]}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("theme", THEMES)
def test_no_picture_has_changed_unseen(theme: str) -> None:
    drawn = {name_of(task): digest_of(task, theme) for task in STILLS.values()}
    golden = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.is_file() else {}
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(json.dumps({**golden, theme: drawn}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        golden = {**golden, theme: drawn}
    assert drawn == golden[theme], "look at build/gallery/index.html, then run make golden"


def test_most_kinds_have_a_still_that_no_training_decides() -> None:
    assert len({task.module for task in STILLS.values()}) >= 15
