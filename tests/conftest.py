"""What the tests share: a small project of their own in a temporary folder, with figures and experiments that are quick."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HALF = '''"""A figure for tests: half of a number."""

from typing import Literal


def trace(*, number: int, mode: Literal["half", "third"] = "half", sizes: tuple[int, int] = (1, 2)) -> float:
    if number < 0:
        raise ValueError("the number is negative; take a positive one")
    return number / (2 if mode == "half" else 3)
'''

TOSS = '''"""An experiment for tests: tosses of a coin."""


def measure(*, seed: int = 0, epochs: int = 5) -> dict:
    return {"accuracy": 0.9 + seed / 100, "epochs": epochs}
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of a small project: one figure kind, one experiment, a course without lectures."""
    for folder in ("lectures/experiments", "figures", "generator/datasets", "generator/fonts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "figures" / "half.py").write_text(HALF)
    (tmp_path / "lectures" / "experiments" / "toss.py").write_text(TOSS)
    (tmp_path / "lectures" / "course.toml").write_text('title = "Test"\nlectures = []\n')
    return tmp_path


@pytest.fixture
def write_lecture(project: Path) -> Callable[..., Path]:
    """Return a function that writes a lecture with a title, the text given, and further front matter."""

    def write(text: str, front: str = "", name: str = "sample") -> Path:
        path = project / "lectures" / f"{name}.md"
        path.write_text(f"---\ntitle: Sample\n{front}---\n{text}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def full_project(project: Path) -> Path:
    """Return the small project with the generator's code in it, so that builds can run there."""
    shutil.copytree(
        ROOT / "generator", project / "generator", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.npz")
    )
    return project
