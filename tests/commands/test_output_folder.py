"""Pages are written where nothing of anybody else is, and those of lectures that are gone leave; nothing else does."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_project import make_full_project

from generator.__main__ import main, make_parser
from generator.commands.build import build_course
from generator.commands.output_folder import (
    OWNERS,
    check_output_folder,
    read_record,
    record_made,
    remove_made,
)
from generator.errors import SourceError
from generator.lecture.course import RESERVED_NAMES

LECTURE = "---\ntitle: Sample\n---\n## A\n\nWords.\n"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("lectures", "it holds sources, or is hidden"),
        ("lectures/new", "it holds sources, or is hidden"),
        ("generator", "it holds sources, or is hidden"),
        ("docs", "it holds sources, or is hidden"),
        (".git", "it holds sources, or is hidden"),
        (".lectern/pages", "it holds sources, or is hidden"),
        ("build/.hidden", "it holds sources, or is hidden"),
        ("build/../lectures", "it holds sources, or is hidden"),
        ("link", "it holds sources, or is hidden"),
        ("mine", "'mine' holds files that no build has made"),
        ("mine/page.html", "'mine/page.html' holds files that no build has made"),
        ("build/site", "'build/site' is for the pages of the command 'site'"),
        ("build/gallery", "'build/gallery' is for the pages of the command 'gallery'"),
        ("..", "'..' lies outside the project"),
        (".", "'.' lies outside the project"),
        ("", "'' lies outside the project"),
        ("out", "'out' lies outside the project"),
        ("x\0y", "'x\\x00y' is no name of a folder"),
        ("round", "'round'"),
    ],
)
@pytest.mark.parametrize("command", ["build", "watch"])
def test_a_folder_that_is_not_for_pages_is_a_wrong_command_line(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    name: str,
    problem: str,
) -> None:
    (project / "mine").mkdir()
    (project / "mine" / "page.html").write_text("mine")
    (project / "link").symlink_to("lectures")
    (project / "out").symlink_to("/")
    (project / "round").symlink_to("round")
    monkeypatch.chdir(project)
    assert main([command, "--into", name]) == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("name", ["build", "build/draft", "new", "empty", "made"])
def test_a_folder_of_our_own_is_taken(project: Path, name: str) -> None:
    (project / "build").mkdir()
    (project / "build" / "notes.txt").write_text("mine")
    (project / "empty").mkdir()
    (project / "made").mkdir()
    (project / "made" / "index.html").write_text("made")
    record_made(project, "made", ["index.html"])
    assert check_output_folder(project, name, "build") == name


def test_the_gallery_takes_no_folder_of_lectures(project: Path) -> None:
    with pytest.raises(SourceError, match="'build' is for the pages of the command 'build'"):
        check_output_folder(project, "build", "gallery")


def test_no_lecture_has_the_name_of_a_folder_that_is_made_beside_those_of_lectures() -> None:
    defaults = {make_parser().parse_args([name]).into for name in ("watch", "gallery")}
    assert {Path(folder).name for folder in defaults | (OWNERS.keys() - {"build"})} <= {*RESERVED_NAMES}


def test_what_was_changed_since_is_not_removed(tmp_path: Path) -> None:
    for name in ("a/ours.html", "a/changed.html", "a/new.html", "b/c/ours.png", "kept/ours.html"):
        (tmp_path / "build" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "build" / name).write_text("ours")
    record_made(tmp_path, "build", ["a/ours.html", "a/changed.html", "b/c/ours.png", "kept/ours.html"])
    (tmp_path / "build/a/changed.html").write_text("mine!")
    removed = remove_made(tmp_path, "build", lambda name: not name.startswith("kept"))
    assert sorted(removed) == ["a/ours.html", "b/c/ours.png"]
    left = {path.relative_to(tmp_path / "build").as_posix() for path in (tmp_path / "build").rglob("*")}
    assert left == {"a", "a/changed.html", "a/new.html", "kept", "kept/ours.html"}
    assert read_record(tmp_path, "build").keys() == {"kept/ours.html"}


def test_a_damaged_record_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "page.html").write_text("ours")
    record_made(tmp_path, "build", ["page.html"])
    (record,) = (tmp_path / ".lectern" / "pages").iterdir()
    record.write_bytes(record.read_bytes()[:-1])
    assert remove_made(tmp_path, "build", lambda _: True) == []


Build = Callable[[], tuple[int, str]]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a project with two lectures."""
    project = make_full_project(tmp_path / "project")
    for name in ("first", "second"):
        (project / "lectures" / f"{name}.md").write_text(LECTURE)
    return project


@pytest.fixture
def build(course: Path) -> Build:
    """Return a function that builds the course, and tells the exit code and what was said."""

    def run() -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = build_course(str(course))
        return code, said.getvalue()

    return run


@pytest.mark.slow
def test_the_pages_of_a_lecture_that_is_renamed_leave_and_what_others_put_there_stays(
    course: Path, build: Build
) -> None:
    build()
    (course / "build/first/mine.txt").write_text("mine")
    (course / "build/archive").mkdir()
    (course / "build/second/handout.html").rename(course / "build/archive/handout.html")
    (course / "lectures/first.md").rename(course / "lectures/third.md")
    code, said = build()
    assert code == 0
    assert "removed build/first: there is no such lecture any more; what no build has made there stays\n" in said
    assert [path.name for path in (course / "build/first").iterdir()] == ["mine.txt"]
    assert (course / "build/archive/handout.html").is_file()
    assert (course / "build/third/slides.html").is_file()


@pytest.mark.slow
def test_a_build_with_an_error_removes_no_pages(course: Path, build: Build) -> None:
    build()
    (course / "lectures/first.md").unlink()
    (course / "lectures/second.md").write_text(f"{LECTURE}\n:::{{nothing}}\n:::\n")
    assert build()[0] == 1
    assert (course / "build/first/slides.html").is_file()
    (course / "lectures/second.md").write_text(LECTURE)
    assert "removed build/first: there is no such lecture any more\n" in build()[1]
    assert not (course / "build/first").exists()


@pytest.mark.slow
def test_no_pages_are_written_through_a_link(course: Path, build: Build, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (course / "build").mkdir()
    (course / "build/first").symlink_to(tmp_path / "elsewhere")
    code, said = build()
    assert (code, "build/first is a link, and nothing is written through links" in said) == (1, True)
    assert [*(tmp_path / "elsewhere").iterdir()] == []
    assert (course / "build/second/slides.html").is_file()
