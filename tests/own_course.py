"""Courses of their own for tests: folders without a generator, which find in the library what they lack."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COURSE = 'title = "Mine"\nlectures = []\n'
KIND = '''"""A figure of one's own: {words}."""


def trace(*, number: int) -> int:
    return number
'''


def make_own_course(folder: Path, **kinds: str) -> Path:
    """Fill `folder` with a course of its own that has these figure kinds, each with its words; return the folder."""
    for name in ("lectures/experiments", "figures"):
        (folder / name).mkdir(parents=True)
    (folder / "lectures" / "course.toml").write_text(COURSE)
    for kind, words in kinds.items():
        (folder / "figures" / f"{kind}.py").write_text(KIND.format(words=words))
    return folder


def run_lectern(program: list[str], folder: Path, *words: str, code: int = 0) -> str:
    """Return what a command of Lectern prints in a folder, on both streams; fail unless it ends with the exit code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*program, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def pages_in(folder: Path) -> dict[str, bytes]:
    """Return the pages of the lecture `first` by name."""
    return {path.name: path.read_bytes() for path in sorted((folder / "build" / "first").glob("*.*"))}


def made_in(output: str) -> list[str]:
    """Return the kinds of tasks that a build says it has made, in the order of their names."""
    return sorted(re.findall(r"^\[\d+/\d+\] (\w+)", output, re.MULTILINE))


CLONE = [sys.executable, str(ROOT / "setup" / "lectern.py")]
