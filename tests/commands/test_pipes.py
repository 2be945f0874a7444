"""A pipe in the place of a file is told at once: a build that opened it would wait for ever for somebody who writes to it."""

import contextlib
import io
import os
from pathlib import Path

import pytest
from sample_project import make_full_project

from generator.commands.build import build_course
from generator.commands.up_to_date import find_up_to_date, state_file

LECTURE = """---
title: Sample
bibliography: lectures/references.bib
---
## A walk

:::{figure} mark
:number: toss.accuracy
:::
"""
READING = "from pathlib import Path\n\n\ndef measure(*, seed: int = 0):\n    return {'accuracy': float(Path(__file__, '../../../data/x.txt').resolve().read_text())}\n"
LOCK_FAULT = "'.lectern/lock' is no file, but a folder, a pipe or a device"
# By the path of the pipe: a line that is added to the lecture, and what is said.
PIPES = {
    "lectures/sample.md": ("", "lectures/sample.md: the file cannot be read: it is no file, but a folder, a pipe or a device"),
    "lectures/course.toml": ("", "lectures/course.toml: the file cannot be read: it is no file"),
    "lectures/glossary.md": ("A {term}`stride`.", "lectures/glossary.md: the file cannot be read: it is no file"),
    "lectures/references.bib": ("{cite}`lecun1998`", "lectures/sample.md:3: 'lectures/references.bib' is a pipe or a device"),
    "data/point.png": ("![A point](data/point.png)", "lectures/sample.md:11: 'data/point.png' is a pipe or a device"),
    "data/mine.npz": ("dataset: data/mine.npz", "lectures/sample.md:4: 'data/mine.npz' is a pipe or a device"),
    "data/part.md": (":::{include} data/part.md\n:::", "lectures/sample.md:11: 'data/part.md' is a pipe or a device"),
    "figures/mark.py": ("", "figures/mark.py: it is no file"),
    "figures/other.py": (":::{figure} otter\n:number: 1\n:::", "figures/other.py: it is no file"),
    "lectures/experiments/toss.py": ("", "lectures/experiments/toss.py: it is no file"),
    "figures/parts/words.py": ("", "figures/parts/words.py: it is no file"),
    "data/x.txt": ("", "experiment toss, seed 0: it opens 'data/x.txt', which is a pipe"),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_full_project(tmp_path_factory.mktemp("course"))
    (project / "data").mkdir()
    (project / "data" / "x.txt").write_text("0.5")
    return project


@contextlib.contextmanager
def pipe_at(path: Path):
    """Put a pipe into the place of a file while the block runs."""
    kept = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    try:
        yield
    finally:
        path.unlink()
        if kept is not None:
            path.write_bytes(kept)


def build(project: Path) -> tuple[int, str]:
    """Return the exit code of a build, and what it says of errors."""
    with contextlib.redirect_stderr(io.StringIO()) as said, contextlib.redirect_stdout(io.StringIO()):
        code = build_course(str(project))
    return code, said.getvalue()


def test_a_pipe_in_the_place_of_the_lock_is_told(project):
    (project / "lectures" / "sample.md").write_text(LECTURE)
    with pipe_at(project / ".lectern" / "lock"):
        code, said = build(project)
    assert (code, said) == (1, f"{LOCK_FAULT}\nhint: remove it\n1 error; the last good pages are untouched\n")


@pytest.mark.parametrize("name", PIPES)
def test_a_pipe_in_the_place_of_a_file_is_told(project, name):
    line, problem = PIPES[name]
    front, text = (f"{line}\n", "") if line.startswith("dataset") else ("", f"\n{line}\n")
    (project / "lectures" / "sample.md").write_text(LECTURE.replace("---\n##", f"{front}---\n##") + text)
    (project / "lectures" / "experiments" / "toss.py").write_text(READING)
    with pipe_at(project / name):
        code, said = build(project)
    assert (code, problem in said, said.count("hint: ")) == (1, True, 1), said


def test_a_pipe_in_the_place_of_what_the_fast_check_remembers_counts_for_nothing(project):
    path = Path(state_file(str(project), ["build"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with pipe_at(path):
        assert find_up_to_date(str(project), ["build"]) is None
