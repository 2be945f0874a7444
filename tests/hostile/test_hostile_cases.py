"""Whatever a file of a lecture holds, its build ends soon, takes little, and says in a line what is wrong.

The cases are data: `cases/`, and those of `generated.py`, which are too large for files. `outcomes.toml` has how what is
said of each begins; it is empty for those that are built.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sample_project import ROOT, make_full_project

FOLDER = Path(__file__).parent
OUTCOMES: dict[str, str] = tomllib.loads((FOLDER / "outcomes.toml").read_text(encoding="utf-8"))
MOST_MEMORY = 1500 << 20  # bytes of address space
MOST_SECONDS = 5  # of work
LONGEST_LINE = 700  # characters
SAID = re.compile(r"lectures(/[\w.]+)?(:\d+)?: [^\n]+\nhint: [^\n]+\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Build all cases, one after another in one process of little memory, and return how each went."""
    project = tmp_path_factory.mktemp("hostile") / "project"
    project.mkdir()
    make_full_project(project)
    command = [sys.executable, str(FOLDER / "child.py"), str(project), str(MOST_MEMORY)]
    paths = {"PYTHONPATH": f"{ROOT}:{FOLDER}", "PATH": "/usr/bin:/bin", "HOME": str(project.parent)}
    ended = subprocess.run(command, cwd=project, env=paths, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    return {case["case"]: case for case in map(json.loads, ended.stdout.splitlines())}


@pytest.mark.parametrize("case", OUTCOMES)
def test_a_hostile_file_is_told_in_a_line_or_built_and_takes_little(built, case):
    went, begins = built[case], OUTCOMES[case]
    assert went["said"].startswith(begins)
    assert went["code"] == bool(begins)
    errors = re.sub(r"\d+ errors?; the last good pages are untouched\n\Z", "", went["said"])
    assert SAID.sub("", errors) == ""
    assert max(map(len, went["said"].splitlines()), default=0) < LONGEST_LINE
    assert "a fault of the generator" not in went["said"]
    assert went["seconds"] < MOST_SECONDS
    assert went["elsewhere"] == []


def test_every_hostile_case_has_an_outcome(built):
    assert set(built) - {""} == set(OUTCOMES)


def test_hostile_cases_take_little_memory(built):
    assert built[""]["peak"] < MOST_MEMORY
