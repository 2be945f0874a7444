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
from matplotlib.figure import Figure
from matplotlib.text import Text

from generator.engine.task import Task
from generator.html.figure import MOST_GROWTH, ROOM_HEIGHT, ROOM_WIDTH
from generator.runners.job import resolve
from generator.runners.still import ink_of, render_svg
from generator.theme import THEMES

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "pictures" / "stills.json"


def drawing_of(task: Task, theme: str) -> Figure:
    """Return the still that a task draws."""
    kind: Any = import_module(task.module)
    trace = kind.trace(**{name: resolve(asdict(argument), JOB) for name, argument in task.arguments})
    figure: Figure = kind.draw(trace, THEMES[theme])
    return figure


def digest_of(task: Task, theme: str) -> str:
    """Return the digest of the still that a task draws."""
    return sha256(render_svg(drawing_of(task, theme))).hexdigest()[:16]


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


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(STILLS))
def test_the_smallest_text_of_a_picture_alone_on_a_slide_can_be_read_from_the_last_row(name: str) -> None:
    figure = drawing_of(STILLS[name], "light")
    left, top, right, bottom = ink_of(figure)
    scale = min(MOST_GROWTH, ROOM_WIDTH / (right - left), ROOM_HEIGHT / (bottom - top))
    points = [text.get_fontsize() for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    assert min(points, default=36) * scale / 0.72 >= 17.95  # pixels


def test_most_kinds_have_a_still_that_no_training_decides() -> None:
    assert len({task.module for task in STILLS.values()}) >= 15
