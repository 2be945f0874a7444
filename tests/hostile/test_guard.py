"""Whatever goes wrong in one lecture is told in a line and a hint, and the other lectures are built."""

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_project import make_full_project

from generator import formats
from generator.commands.build import build_course
from generator.commands.watch import State, Watcher
from generator.directives.incremental import Incremental
from generator.lecture.directive import find_directives

BROKEN = "## A\n\ntext\n\n:::{incremental}\n- item\n:::\n"
ODD_FIGURE = "## A\n\ntext\n\n:::{figure} odd\n:::\n"
SOUND = "## A\n\ntext\n"
PAGES = ["handout.html", "notebook.ipynb", "slides.html", "teacher.html", "teacher.ipynb"]
Build = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_full_project(tmp_path_factory.mktemp("guard") / "project")


@pytest.fixture
def course(shared: Path) -> Iterator[Path]:
    """Return a project with a sound lecture, which has not been built yet."""
    before = {path for path in shared.rglob("*") if "build" not in path.parts and ".lectern" not in path.parts}
    write(shared, "sound", SOUND)
    yield shared
    for path in (shared / "build").rglob("*"):
        if path.is_file():
            path.unlink()
    for path in (shared / "lectures", shared / "figures"):
        for file in {*path.rglob("*")} - before:
            if file.is_file() or file.is_symlink():
                file.unlink()


def write(project: Path, name: str, text: str) -> None:
    (project / "lectures" / f"{name}.md").write_text(f"---\ntitle: Sample\n---\n{text}", encoding="utf-8")


def build(project: Path, **options: Any) -> tuple[int, str]:
    """Build a course, and return the exit code and what was said on standard error."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = build_course(str(project), **options)
    return code, said.getvalue()


def fail(*_: object, **__: object) -> Any:
    raise ZeroDivisionError("division by zero")


def break_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_directives()["incremental"], "read", fail)


def break_planning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Incremental, "plan", fail)


def break_composing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Incremental, "compose", fail)


def break_exporting(monkeypatch: pytest.MonkeyPatch) -> None:
    def export(document: Any, project: Path, whole: Any) -> bytes:
        return fail() if document.front["name"] == "broken" else whole(document, project)

    broken = [
        replace(each, export=lambda document, project, whole=each.export: export(document, project, whole))
        for each in formats.find_formats()
    ]
    monkeypatch.setattr(formats, "find_formats", lambda: broken)


@pytest.mark.parametrize(
    ("stage", "line", "what"),
    [
        (break_reading, 1, "the lecture cannot be read"), (break_planning, 8, "this cannot be planned"),
        (break_composing, 8, "this cannot be composed"), (break_exporting, 1, "the pages cannot be made"),
    ],
)  # fmt: skip
def test_what_nobody_foresaw_in_one_lecture_leaves_the_others(course, monkeypatch, stage, line, what):
    write(course, "broken", BROKEN)
    stage(monkeypatch)
    code, said = build(course)
    assert (code, sorted(path.name for path in (course / "build" / "sound").iterdir())) == (1, PAGES)
    assert said == (
        f"lectures/broken.md:{line}: {what}: ZeroDivisionError: division by zero\n"
        "hint: this is a fault of the generator, not of the text: please report it, with what DEBUG=1 shows\n"
        "1 error; all other pages are the last good ones\n"
    )


def test_its_traceback_is_shown_to_who_asks(course, monkeypatch):
    write(course, "broken", BROKEN)
    break_composing(monkeypatch)
    assert "Traceback (most recent call last)" in build(course, debug=True)[1]


def test_what_nobody_foresaw_in_the_whole_course_is_a_line(course, monkeypatch):
    monkeypatch.setattr("generator.commands.build.plan_lectures", fail)
    code, said = build(course)
    assert code == 1
    assert said.startswith("lectures/course.toml: the course cannot be built: ZeroDivisionError: division by zero\n")


def test_watching_goes_on_after_what_nobody_foresaw(course, monkeypatch):
    state = State()
    watcher = Watcher(course, "build", lambda: build_course(str(course)), state)
    with monkeypatch.context() as broken:
        broken.setattr("generator.commands.build.plan_lectures", fail)
        watcher.look({})
    assert (state.version, state.building) == (1, False)
    assert "ZeroDivisionError" in state.errors
    watcher.look({})
    assert (state.version, state.errors) == (2, "")


def test_a_folder_in_the_place_of_a_page_leaves_the_other_lectures(course):
    write(course, "broken", SOUND)
    (course / "build" / "broken" / "slides.html").mkdir(parents=True)
    try:
        code, said = build(course)
    finally:
        (course / "build" / "broken" / "slides.html").rmdir()
    assert (code, sorted(path.name for path in (course / "build" / "sound").iterdir())) == (1, PAGES)
    assert said.startswith("build/broken/slides.html: Is a directory\nhint: ")


ODD_FILES = {
    "null": b"def trace():\n    return '\0'\n",
    "not_utf8": b"def trace():\n    return '\xff'\n",
    "not_python": b"def trace(:\n",
    "deep": b"def trace():\n    return " + b"(" * 300 + b"1" + b")" * 300 + b"\n",
    "deeper": b"X = " + b"-" * 100_000 + b"1\n\ndef trace():\n    return 1\n",
    "raises": b"def trace():\n    raise KeyError('odd')\n\ndef describe(t): ...\n\ndef draw(t, theme): ...\n",
    "exits": b"import os\n\ndef trace():\n    os._exit(3)\n\ndef describe(t): ...\n\ndef draw(t, theme): ...\n",
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_a_figure_of_odd_code_leaves_the_other_lectures(course, name):
    (course / "figures" / "odd.py").write_bytes(ODD_FILES[name])
    write(course, "broken", ODD_FIGURE)
    code, said = build(course)
    assert (code, sorted(path.name for path in (course / "build" / "sound").iterdir())) == (1, PAGES)
    assert said.startswith(("lectures/broken.md:8: ", "figures/odd.py: ", "figures/odd.py:"))
    assert "Traceback" not in said
    assert "hint: " in said


@pytest.mark.parametrize("kind", ["deep", "link", "folder"])
def test_a_module_that_cannot_be_read_leaves_the_other_lectures(course, kind):
    path, figure = (
        course / "figures" / "parts" / "odd_part.py",
        "def trace(*, number: int) -> int:\n    return number\n\n\ndef describe(t): ...\n\n\ndef draw(t, theme): ...\n",
    )
    (course / "figures" / "odd.py").write_text(f"from figures.parts import odd_part\n\n\n{figure}", encoding="utf-8")
    write(course, "broken", ODD_FIGURE.replace("odd\n", "odd\n:number: 1\n"))
    if kind == "deep":
        path.write_text(f"X = {'-' * 100_000}1\n", encoding="utf-8")
    elif kind == "link":
        path.symlink_to("odd_part.py")
    else:
        path.mkdir()
    try:
        code, said = build(course)
    finally:
        path.rmdir() if kind == "folder" else path.unlink()
    assert (code, sorted(path.name for path in (course / "build" / "sound").iterdir())) == (1, PAGES)
    assert said.startswith("lectures/broken.md:8: still odd: its code cannot be read: ")


def run(project: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator", "build"]
    return subprocess.run(command, cwd=project, text=True, timeout=300, check=False, **options)


def test_output_that_cannot_be_written_is_told(course):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = run(course, stdout=full, stderr=subprocess.PIPE)
    problem = "what is printed cannot be written: No space left on device\nhint: the pages that were made are kept\n"
    assert (ended.returncode, ended.stderr) == (1, problem)
    assert (course / "build" / "sound" / "slides.html").is_file()


def test_nobody_who_reads_the_output_is_told(course):
    command = f"exec {sys.executable} -m generator build"
    ended = subprocess.run(
        ["/bin/sh", "-c", f"( sleep 0; {command}; echo $? >&2 ) | true"],
        cwd=course, stderr=subprocess.PIPE, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert "Traceback" not in ended.stderr


def test_closed_streams_are_as_good_as_empty_ones(course):
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m generator build <&- >&- 2>&-"], cwd=course, timeout=300, check=False
    )
    assert ended.returncode == 0
    assert (course / "build" / "sound" / "slides.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("megabytes", [35, 45, 55, 65])
def test_little_memory_is_told_in_a_line(course, megabytes):
    limit = f"ulimit -v {megabytes << 10}; exec {sys.executable} -m generator build"
    ended = subprocess.run(
        ["/bin/sh", "-c", limit], cwd=course, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode in (0, 1)
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 0 or "hint: " in ended.stderr
