"""A new course is a copy of the starter, named after its folder, and its Makefile runs the generator that wrote it."""

import re
import shlex
import tomllib

import pytest
from own_course import CLONE, ROOT, run_lectern

from generator.__main__ import COMMANDS, main
from generator.commands.new import course_files, title_of

NAMES = {
    ".gitignore", "Makefile", "figures/walk.py", "lectures/course.toml", "theme.toml", "lectures/experiments/random_walk.py",
    "lectures/first.md",
}  # fmt: skip


def test_a_course_has_all_that_it_takes_to_be_built(tmp_path, capsys):
    assert main(["new", str(tmp_path / "my-course")]) == 0
    files = (path for path in (tmp_path / "my-course").rglob("*") if path.is_file())
    assert {path.relative_to(tmp_path / "my-course").as_posix() for path in files} == NAMES
    assert capsys.readouterr().out.endswith(f"next: cd {tmp_path}/my-course && make lecture\n")


def test_a_course_is_called_after_its_folder():
    assert tomllib.loads(course_files('my "own"')["lectures/course.toml"].decode())["title"] == 'My "own"'


@pytest.mark.parametrize(("name", "title"), [("my-course", "My course"), ("k_means", "K means"), ("-", "My course")])
def test_a_title_is_made_of_words(name, title):
    assert title_of(name) == title


def test_a_new_course_names_only_commands_that_there_are():
    makefile = course_files("x")["Makefile"].decode()
    called = {*re.findall(r"\$\(LECTERN\) (\w+)", makefile)}
    assert called <= {*COMMANDS}
    assert {"build", "watch", "check", "gallery", "why", "gc", "verify", "site"} <= called


def test_the_makefile_of_a_course_runs_this_clone_from_any_folder():
    line = re.search(r"^LECTERN \?= (.*)$", course_files("x")["Makefile"].decode(), re.MULTILINE)
    assert line
    assert shlex.split(line[1]) == CLONE


def test_a_folder_that_holds_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["new", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path}: the folder is not empty\nhint: name a new folder\n"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_repository_without_files_may_become_a_course(tmp_path):
    (tmp_path / ".git").mkdir()
    assert main(["new", str(tmp_path)]) == 0


def test_no_course_is_written_into_a_clone(capsys):
    assert main(["new", str(ROOT / "build" / "course_in_here")]) == 1
    assert "the folder lies in a clone of Lectern" in capsys.readouterr().err
    assert not (ROOT / "build" / "course_in_here").exists()


def test_a_file_is_no_place_for_a_course(tmp_path, capsys):
    (tmp_path / "taken").write_text("mine")
    assert main(["new", str(tmp_path / "taken")]) == 1
    assert "there is a file of this name" in capsys.readouterr().err


def test_the_command_of_one_generator_does_not_build_another(tmp_path):
    (tmp_path / "generator").mkdir()
    assert "a generator of its own" in run_lectern(CLONE, tmp_path, "build", code=1)
