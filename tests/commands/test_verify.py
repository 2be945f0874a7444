import os
import subprocess
import sys
from pathlib import Path

import pytest
from course import LECTURE, course_status, make_all
from damage import flip_bit
from processes import PATIENCE, running

from generator.commands.verify import verify
from generator.engine.store import Store


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


def test_a_result_that_comes_out_otherwise_is_told_by_its_files_and_facts(built, tmp_path_factory, capsys):
    store, other = Store(built / ".lectern" / "store"), tmp_path_factory.mktemp("other")
    (other / "still.svg").write_bytes(b"?")
    for status in course_status(built).tasks.values():
        if status.task.runner == "still":
            for name, path in store.get(status.key).files.items():
                if name != "still.svg":
                    (other / name).write_bytes(path.read_bytes())
            record = store.read_record(status.key)
            store.put(status.key, other, {**record["facts"], "width": 7}, record["packages"])
    assert verify(str(built), "full", 9) == 1
    said = capsys.readouterr().err
    assert "lectures/sample.md:12: still mark: still.svg differs\n" in said
    assert "lectures/sample.md:12: still mark: width is 100, and was 7\n" in said


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("objects", "the bytes of this file of a result are not those that were stored"),
        ("records", "this record is not as it was written"),
    ],
)
def test_a_flipped_bit_anywhere_in_the_store_is_told_by_the_file(built, capsys, kind, problem):
    for path in [path for path in records(built) if kind in path.parts]:
        content = path.read_bytes()
        path.chmod(0o644)
        path.write_bytes(flip_bit(content, 4 * len(content)))
        assert verify(str(built), "full", 0) == 1
        assert f"{path.relative_to(built)}: {problem}\nhint: build again" in capsys.readouterr().err
        path.write_bytes(content)
    assert verify(str(built), "full", 0) == 0


def test_a_file_of_a_result_that_is_gone_is_told(built, capsys):
    gone = next(path for path in records(built) if "objects" in path.parts)
    gone.unlink()
    assert verify(str(built), "full", 0) == 1
    assert f"{gone.relative_to(built)}: this file of a result cannot be read: No such file" in capsys.readouterr().err


def test_what_a_killed_build_has_not_finished_writing_is_no_damage(built):
    (built / ".lectern" / "store" / "records" / "aa").mkdir(exist_ok=True)
    (built / ".lectern" / "store" / "records" / "aa" / ".half.json.x1").write_text("{")
    assert verify(str(built), "full", 0) == 0


def test_two_builds_at_once_leave_what_one_would(project, full_project, write_lecture):
    path = write_lecture(LECTURE)
    command = [sys.executable, "-m", "generator", "build"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(full_project)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with (
        running(command, cwd=full_project, env=environment, **pipes) as one,
        running(command, cwd=full_project, env=environment, **pipes) as other,
    ):
        ended = [(*build.communicate(timeout=PATIENCE), build.returncode) for build in (one, other)]
    assert [(errors, code) for _, errors, code in ended] == [("", 0), ("", 0)]
    assert make_all(full_project).ran == 0
    assert not list((full_project / "build").rglob(".*"))
    assert list((full_project / ".lectern" / "scratch").iterdir()) == []
    assert path.is_file()
