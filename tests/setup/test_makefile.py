"""What is written behind a target of make comes to the command as one argument, whatever it holds; it is no shell text."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = """#!/usr/bin/env python3
import json, sys
print(json.dumps(sys.argv[3:]))
"""
EVIL = 'x\'; touch made; $(touch made) `touch made` "$HOME" $(shell touch made) & #'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the Makefile, in which Python prints its arguments and the set-up does nothing."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, program in ((".venv/bin/python", PYTHON), ("setup/setup.sh", "#!/bin/sh\n")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(program)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def make(project: Path, *words: str) -> list[str]:
    """Return the arguments that a command of the generator gets from make, which may itself be started by make."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    done = subprocess.run(["make", *words], cwd=project, env=environment, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("target", "name", "option"),
    [
        ("lecture", "PROFILE", "--profile"), ("lecture", "SCHEDULER", "--scheduler"), ("site", "PROFILE", "--profile"),
        ("watch", "PORT", "--port"), ("watch", "PROFILE", "--profile"), ("check", "INTO", "--into"),
        ("why", "PROFILE", "--profile"), ("why", "TARGET", "--"), ("gc", "DAYS", "--days"), ("gc", "MAX_SIZE", "--max-size"),
        ("verify", "PROFILE", "--profile"), ("verify", "SAMPLE", "--sample"),
    ],
)  # fmt: skip
def test_a_variable_is_one_argument_whatever_it_holds(project: Path, target: str, name: str, option: str) -> None:
    words = make(project, target, f"{name}={EVIL}")
    assert words[words.index(option) + 1] == EVIL
    assert not (project / "made").exists()


@pytest.mark.parametrize("target", ["lecture", "pdf", "pptx", "watch", "check"])
def test_each_name_of_a_lecture_is_an_argument_of_its_own(project: Path, target: str) -> None:
    words = make(project, target, "LECTURE=one $(shell touch made) two;touch made")
    assert words[words.index("--") + 1 :] == ["one", "$(shell", "touch", "made)", "two;touch", "made"]
    assert not (project / "made").exists()


@pytest.mark.parametrize("name", ["DEBUG", "DRY_RUN"])
def test_a_switch_is_never_run(project: Path, name: str) -> None:
    make(project, "gc" if name == "DRY_RUN" else "gallery", f"{name}={EVIL}")
    assert not (project / "made").exists()


def test_a_line_break_begins_no_command(project: Path) -> None:
    words = make(project, "why", "TARGET=a\ntouch made")
    assert words[-1] == "a touch made"
    assert not (project / "made").exists()
