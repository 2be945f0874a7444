"""The set-up installs what is locked, once, and writes through no link; all that it would call is pretended here."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/bash
case "$*" in
  *"-m venv"*) mkdir -p .venv/bin .venv/lib/python3/site-packages; cp "$0" .venv/bin/python ;;
  *sysconfig*) echo "$0" ;;
  *"pip install"*) echo "pip ${@: -1}" >> "$LOG"; [ ! -e broken ] ;;
esac
"""
NPM = """#!/bin/bash
echo "npm $*" >> "$LOG"
mkdir -p setup/node_modules
touch setup/node_modules/.package-lock.json
case "$*" in *omit=dev*) ;; *) mkdir -p setup/node_modules/axe-core ;; esac
"""
Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of a set-up alone, beside tools that only write down that they were called."""
    shutil.copytree(ROOT / "setup", tmp_path / "project/setup", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "project/generator").mkdir()
    (tmp_path / "tools").mkdir()
    for name, program in {
        "python3": PYTHON,
        "npm": NPM,
        **dict.fromkeys(("gcc", "pkg-config"), "#!/bin/bash\n"),
    }.items():
        (tmp_path / "tools" / name).write_text(program)
        (tmp_path / "tools" / name).chmod(0o755)
    return tmp_path / "project"


@pytest.fixture
def run(project: Path) -> Run:
    """Return a function that sets up, and tells the exit code, what was said, and what was installed with which tool."""

    def set_up(what: str = "lecture") -> tuple[int, str, list[str]]:
        log = project.parent / "log"
        log.write_text("")
        environment = {"PATH": f"{project.parent / 'tools'}:{os.environ['PATH']}", "LOG": str(log)}
        done = subprocess.run(
            ["setup/setup.sh", what], check=False, cwd=project, env=environment, capture_output=True, text=True
        )
        return done.returncode, done.stderr, log.read_text().splitlines()

    return set_up


def test_what_is_locked_is_installed(run: Run) -> None:
    code, said, installed = run()
    assert (code, said.splitlines()[-1]) == (0, "set up")
    assert [line.split()[0] for line in installed] == ["pip", "npm"]


def test_where_the_locks_are_the_same_nothing_is_done_whatever_the_times_say(project: Path, run: Run) -> None:
    run()
    for path in (project / "setup").iterdir():
        os.utime(path)
    assert run() == (0, "", [])


def test_a_lock_that_has_changed_is_installed_however_old_it_is(project: Path, run: Run) -> None:
    run()
    lock = project / "setup/requirements.txt"
    lock.write_text(lock.read_text() + "# more\n")
    os.utime(lock, (0, 0))
    assert len(run()[2]) == 2


@pytest.mark.parametrize("name", [".venv", "setup/node_modules"])
def test_what_was_removed_is_installed_again(project: Path, run: Run, name: str) -> None:
    run()
    shutil.rmtree(project / name)
    assert len(run()[2]) == 2


def test_what_was_broken_off_is_done_again(project: Path, run: Run) -> None:
    run()
    (project / "setup/requirements.txt").write_text("# another\n")
    (project / "broken").touch()
    assert run()[0] == 1
    (project / "broken").unlink()
    assert (len(run()[2]), run()[2]) == (2, [])


@pytest.mark.parametrize("name", [".venv", "setup/node_modules"])
def test_nothing_is_installed_through_a_link(project: Path, run: Run, name: str) -> None:
    elsewhere = project.parent / "elsewhere"
    elsewhere.mkdir()
    (project / name).symlink_to(elsewhere)
    code, said, installed = run()
    assert (code, installed, [*elsewhere.iterdir()]) == (1, [], [])
    assert said.startswith(f"{name} is a link to {elsewhere}, and nothing is installed through links\nhint: ")


def test_what_is_ready_may_be_shared_by_a_link(project: Path, run: Run) -> None:
    run()
    for name in (".venv", "setup/node_modules"):
        (project / name).rename(project.parent / Path(name).name)
        (project / name).symlink_to(project.parent / Path(name).name)
    assert run() == (0, "", [])


def test_a_further_set_up_keeps_what_the_tests_need(project: Path, run: Run) -> None:
    for what in ("lecture", "test", "cluster"):
        run(what)
    assert (project / "setup/node_modules/axe-core").is_dir()
    assert run("test") == (0, "", [])


def test_what_there_is_not_to_set_up_is_told(run: Run) -> None:
    assert run("nothing") == (2, "there is nothing called 'nothing' to set up\n", [])
