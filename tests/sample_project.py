"""Small projects of their own for tests, in folders that vanish, with figures and experiments that are quick."""

import shutil
from pathlib import Path

import numpy as np
import sample

ROOT = Path(__file__).parent.parent

HALF = '''"""A figure for tests: half of a number."""

from typing import Literal


def trace(*, number: int, mode: Literal["half", "third"] = "half", sizes: tuple[int, int] = (1, 2)) -> float:
    if number < 0:
        raise ValueError("the number is negative; take a positive one")
    return number / (2 if mode == "half" else 3)


def describe(trace): ...


def draw(trace, theme): ...
'''


def make_project(folder: Path) -> Path:
    """Fill `folder` with a small project: the sample's recipes, a course without lectures."""
    for name in ("lectures/experiments", "figures", "generator/datasets", "generator/fonts"):
        (folder / name).mkdir(parents=True)
    (folder / "figures" / "half.py").write_text(HALF)
    sample.fill(folder)
    (folder / "lectures" / "course.toml").write_text('title = "Test"\nlectures = []\n')
    return folder


def make_full_project(folder: Path) -> Path:
    """Fill `folder` with a small project, the generator's code, a dataset of noise and the installed node modules."""
    make_project(folder)
    left_out = shutil.ignore_patterns("*.npz", "*.toml", "__pycache__")
    shutil.copytree(ROOT / "generator", folder / "generator", dirs_exist_ok=True, ignore=left_out)
    (folder / "setup").mkdir()
    (folder / "setup" / "node_modules").symlink_to(ROOT / "setup" / "node_modules")
    share_fonts(folder)
    noise = np.random.default_rng(0)
    parts = {f"x_{part}": noise.integers(0, 256, (20, 28, 28)).astype(np.uint8) for part in ("train", "test")}
    labels = {f"y_{part}": (np.arange(20) % 10).astype(np.uint8) for part in ("train", "test")}
    np.savez(folder / "generator" / "datasets" / "mnist.npz", **parts, **labels)
    return folder


def share_fonts(folder: Path) -> None:
    """Let a project find the fonts that others have cut: cutting them takes longer than all else in a small one."""
    fonts = ROOT / ".lectern" / "cache" / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    (folder / ".lectern" / "cache").mkdir(parents=True)
    (folder / ".lectern" / "cache" / "fonts").symlink_to(fonts)
