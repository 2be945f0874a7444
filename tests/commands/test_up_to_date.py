"""What a build with nothing to do knows: every file that its pages depend on, wherever in the project that is."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.commands import up_to_date

pytestmark = pytest.mark.slow

LECTURE = "## A\n\nIt is {value}`count.share`.\n"
FIXED = """from pathlib import Path


def measure(*, seed: int = 0) -> dict:
    return {"share": float((Path(__file__).parents[2] / "data" / "x.txt").read_text())}
"""
COMPUTED = FIXED.replace('"x.txt"', "'.'.join(['x', 'txt'])")
TRIED = """from pathlib import Path


def measure(*, seed: int = 0) -> dict:
    for path in [Path(__file__).parents[2] / "data" / f"{name}.txt" for name in "xy"]:
        if text := read(path):
            return {"share": float(text)}
    return {"share": 0.5}


def read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""
"""
OWN = "def measure(*, seed: int = 0) -> dict:\n    return {'share': 0.711}\n"
SHADOWED = """import colorsys


def measure(*, seed: int = 0) -> dict:
    return {"share": getattr(colorsys, "SHARE", 0.5)}
"""
HELPED = "from tools.shares import share\n\n\ndef measure(*, seed: int = 0) -> dict:\n    return {'share': share()}\n"
HELPER = "def share():\n    return 0.711\n"
FOUND = """import sys
from importlib import import_module
from pathlib import Path


def measure(*, seed: int = 0) -> dict:
    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    return {"share": import_module("sha" + "res").share()}
"""
Run = Callable[[], str]


@pytest.fixture
def run(project: Path, full_project: Path, write_lecture, monkeypatch, capsys) -> Run:
    """Return a function that builds the lecture with good success and tells what was said."""
    monkeypatch.chdir(full_project)
    write_lecture(LECTURE)
    for folder in ("data", "tools"):
        (full_project / folder).mkdir()
    (full_project / "data" / "x.txt").write_text("0.711")
    (full_project / "tools" / "shares.py").write_text(HELPER)

    def build() -> str:
        capsys.readouterr()
        assert main(["build"]) == 0
        return capsys.readouterr().out

    return build


def write_experiment(project: Path, text: str) -> None:
    (project / "lectures" / "experiments" / "count.py").write_text(text)


def edit_unseen(path: Path, before: str, after: str) -> None:
    """Edit a file to another text of the same size, and set back its time."""
    status = path.stat()
    assert len(before) == len(after)
    path.write_text(path.read_text().replace(before, after))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def slides(project: Path) -> str:
    return (project / "build" / "sample" / "slides.html").read_text()


@pytest.mark.parametrize(
    ("experiment", "edited"),
    [
        (FIXED, "data/x.txt"),
        (COMPUTED, "data/x.txt"),
        (HELPED, "tools/shares.py"),
        (FOUND, "tools/shares.py"),
        (OWN, "lectures/experiments/count.py"),
    ],
    ids=["a file", "a file by a computed name", "a module", "a module by a computed name", "its own"],
)
def test_an_edit_of_what_an_experiment_reads_is_seen_be_it_of_equal_size_and_time(run, project, experiment, edited):
    write_experiment(project, experiment)
    run()
    assert run().startswith("Nothing to do")
    edit_unseen(project / edited, "0.711", "0.911")
    assert "wrote build/sample/slides.html" in run()
    assert "0.911" in slides(project)
    assert run().startswith("Nothing to do")


def test_a_file_that_appears_where_an_experiment_has_looked_for_one_is_seen(run, project):
    write_experiment(project, TRIED)
    (project / "data" / "x.txt").unlink()
    run()
    assert run().startswith("Nothing to do")
    (project / "data" / "x.txt").write_text("0.911")
    run()
    assert "0.911" in slides(project)


def test_a_module_that_appears_in_front_of_an_installed_one_is_seen(run, project):
    write_experiment(project, SHADOWED)
    run()
    assert run().startswith("Nothing to do")
    (project / "colorsys.py").write_text("SHARE = 0.911\n")
    run()
    assert "0.911" in slides(project)


def test_a_touch_and_a_copy_of_the_project_cost_a_plan_and_make_nothing_again(run, project, monkeypatch):
    write_experiment(project, COMPUTED)
    run()
    for path in (project / "data" / "x.txt", project / "lectures" / "experiments" / "count.py"):
        path.touch()
    assert run().startswith("Nothing to do")
    copy = project.with_name("copy")
    shutil.copytree(project, copy, symlinks=True)
    monkeypatch.chdir(copy)
    assert up_to_date.find_up_to_date(str(copy), ["build"]) is None
    assert run().startswith("Nothing to do")
    assert run().startswith("Nothing to do: build/sample, build/index.html up to date.\n")


def test_a_page_that_was_edited_is_written_again_be_it_of_equal_size_and_time(run, project):
    write_experiment(project, FIXED)
    run()
    good = slides(project)
    edit_unseen(project / "build" / "sample" / "slides.html", "0.711", "0.911")
    run()
    assert slides(project) == good


def test_a_broken_link_hides_no_other_file_of_its_folder(run, project):
    (project / "lectures" / "gone").symlink_to("nowhere")
    write_experiment(project, FIXED)
    run()
    edit_unseen(project / "lectures" / "sample.md", "It is", "He is")
    run()
    assert "He is" in slides(project)


@pytest.mark.parametrize("place", [0, 8, 40, -1])
def test_a_damaged_state_is_not_believed(run, project, place):
    write_experiment(project, FIXED)
    run()
    (path,) = (project / ".lectern" / "fresh").iterdir()
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)
    assert up_to_date.find_up_to_date(str(project), ["build"]) is None
