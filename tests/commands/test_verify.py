import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from course import LECTURE, make_all

from generator.commands.verify import verify
from generator.disk import canonical_json


@pytest.fixture
def built(project: Path, full_project: Path, write_lecture) -> Path:
    """Return a project whose lecture has been built."""
    write_lecture(LECTURE)
    make_all(full_project)
    return full_project


def records(project: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (project / ".lectern" / "store").rglob("*") if path.is_file()}


def test_results_that_come_out_alike_are_right_and_the_store_is_left_alone(built, capsys):
    before = records(built)
    assert verify(str(built), "full", 9) == 0
    assert capsys.readouterr().out.endswith("made 3 of 3 results again: 0 differences\n")
    assert records(built) == before
    assert list((built / ".lectern" / "scratch").iterdir()) == []


def test_a_result_that_comes_out_otherwise_is_told_by_its_files_and_facts(built, capsys):
    for path, content in records(built).items():
        if path.suffix == ".json" and "accuracy" not in (record := json.loads(content))["facts"]:
            svg = record["files"]["still.svg"]
            stored = built / ".lectern" / "store" / "objects" / svg["digest"][:2] / svg["digest"][2:]
            stored.chmod(0o644)
            stored.write_bytes(b"?" * svg["size"])
            path.write_bytes(canonical_json({**record, "facts": {**record["facts"], "width": 7}}))
    assert verify(str(built), "full", 9) == 1
    said = capsys.readouterr().err
    assert "lectures/sample.md:12: still mark: still.svg differs\n" in said
    assert "lectures/sample.md:12: still mark: width is 100, and was 7\n" in said


def test_two_builds_at_once_leave_what_one_would(project, full_project, write_lecture):
    path = write_lecture(LECTURE)
    command = [sys.executable, "-m", "generator", "build"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(full_project)}
    builds = [
        subprocess.Popen(
            command, cwd=full_project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ended = [(*build.communicate(), build.returncode) for build in builds]
    assert [(errors, code) for _, errors, code in ended] == [("", 0), ("", 0)]
    assert make_all(full_project).ran == 0
    assert not list((full_project / "build").rglob(".*"))
    assert list((full_project / ".lectern" / "scratch").iterdir()) == []
    assert path.is_file()
