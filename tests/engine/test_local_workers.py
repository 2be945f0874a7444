"""Tasks run in children of a process that has imported their libraries; none outlives the build that asked for it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import PATIENCE, end_all_in, processes_in, running, wait_for
from sample_project import make_full_project

from generator.engine.executor import raise_if_failed
from generator.engine.local_workers import LocalWorkers
from generator.engine.workers import FailureError
from generator.errors import SourceError
from generator.runners.process_tree import descendants_of

JOB = {"runner": "experiment", "module": "lectures.experiments.toss", "arguments": {}, "results": {}, "dataset": ""}
SLEEP = "import time\n\n\ndef measure(*, seed: int = 0) -> dict:\n    open('begun', 'w').close()\n    time.sleep(600)\n"


@pytest.fixture
def workers(full_project: Path):
    workers = LocalWorkers(full_project)
    yield workers
    workers.close()


def job_in(folder: Path, project: Path) -> tuple[Path, dict]:
    folder.mkdir()
    return folder, {**JOB, "project": str(project), "theme": "light"}


def test_two_jobs_share_what_their_process_has_imported(workers, full_project, tmp_path):
    results = [workers.run(*job_in(tmp_path / name, full_project), ["generator.runners.experiment"]) for name in "ab"]
    assert [result["facts"]["accuracy"] for result in results] == [0.9, 0.9]
    assert len(workers.servers.running) == 1


def test_a_library_that_cannot_be_imported_is_told(workers, full_project, tmp_path):
    result = workers.run(*job_in(tmp_path / "a", full_project), ["no_such_library"])
    assert "No module named 'no_such_library'" in result["problem"]


def test_a_child_whose_result_is_there_ends_and_is_answered_for_once(workers, full_project, tmp_path):
    for name in "ab":
        assert "facts" in workers.run(*job_in(tmp_path / name, full_project), ["generator.runners.experiment"])
    (server,) = workers.servers.running.values()
    wait_for(lambda: len(descendants_of(server.process.pid)) == 1)  # the server, which the process guards
    assert (server.ended, server.waiting) == (False, {})


def test_a_project_in_whose_path_python_finds_no_modules_is_told(tmp_path):
    with pytest.raises(SourceError, match="the path of the project has a ':'"):
        LocalWorkers(tmp_path / "a:b").run(tmp_path, JOB, [])


def test_what_an_experiment_prints_before_it_fails_is_kept_with_its_place(workers, full_project, tmp_path):
    lost = "def measure(*, seed: int = 0) -> dict:\n    print('step', seed)\n    return {'share': 1 / 0}\n"
    (full_project / "lectures" / "experiments" / "toss.py").write_text(lost)
    result = workers.run(*job_in(tmp_path / "a", full_project), ["generator.runners.experiment"])
    assert result["problem"] == "lectures/experiments/toss.py:3: ZeroDivisionError: division by zero"
    with pytest.raises(FailureError) as caught:
        raise_if_failed(result, "log.txt")
    assert result["printed"] == "step 0"
    assert caught.value.failure.hint == "DEBUG=1 shows the traceback; log.txt has what it has printed"
    assert caught.value.failure.trace.endswith("What it has printed:\nstep 0")


def test_a_server_that_was_ended_is_started_again(workers, full_project, tmp_path):
    workers.run(*job_in(tmp_path / "a", full_project), ["generator.runners.experiment"])
    (server,) = workers.servers.running.values()
    server.process.kill()
    wait_for(lambda: server.ended)
    assert "facts" in workers.run(*job_in(tmp_path / "b", full_project), ["generator.runners.experiment"])


def test_a_build_that_is_killed_leaves_no_process_behind(full_project, tmp_path):
    (full_project / "lectures" / "experiments" / "toss.py").write_text(SLEEP)
    script = (
        "import sys; from pathlib import Path; from generator.engine.local_workers import LocalWorkers; "
        f"LocalWorkers(Path({str(full_project)!r})).run(Path(sys.argv[1]), {JOB | {'project': str(full_project)}!r}, [])"
    )
    folder, _ = job_in(tmp_path / "a", full_project)
    environment = {**os.environ, "PYTHONPATH": str(full_project)}
    build = subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=full_project, env=environment)
    try:
        wait_for((folder / "begun").exists)
        assert processes_in(tmp_path)
        build.send_signal(signal.SIGKILL)
        build.wait(PATIENCE)
        wait_for(lambda: not processes_in(tmp_path))
    finally:
        end_all_in(tmp_path)


# What an experiment does, and the one line that comes of it: the fact that it has measured, or what is wrong.
STARTS = "subprocess.Popen(['sleep', '600'], start_new_session=True)"
DAEMON = "os.waitpid(process, 0) if (process := os.fork()) else os.setsid() or subprocess.Popen(['sleep', '600']) and os._exit(0)"
STRAYS = {
    "a program in a session of its own": (STARTS, ""),
    "a process in a session of its own": ("multiprocessing.get_context('fork').Process(target=nap).start()", ""),
    "a program whose parent has ended": (DAEMON, ""),
    "a pool that is never closed": ("multiprocessing.get_context('fork').Pool(1).apply_async(time.sleep, [600])", ""),
    "a program, and is killed": (f"{STARTS}; os.kill(os.getpid(), 9)", "the process ended before its end"),
    "a fork, and is killed": (
        "os.fork() or time.sleep(600); os.kill(os.getpid(), 9)",
        "the process ended before its end",
    ),
    "a program, and stops": (f"{STARTS}; os.kill(os.getpid(), 19)", "its process was stopped by a signal"),
    "a program, and stops its server": (
        f"{STARTS}; os.kill(os.getppid(), 19)",
        "it was stopped by a signal, and ended",
    ),
    "a program, and kills its server": (f"{STARTS}; os.kill(os.getppid(), 9)", "the process ended before its end"),
    "a fork, which returns": ("os.fork()", "it forks itself, and the fork goes on"),
    "a fork, which raises": ("if os.fork() == 0: raise OSError", ""),
    "a fork, which outlives it and returns": ("os.fork() or time.sleep(1)", "it forks itself, and the fork goes on"),
}
STRAY = """import multiprocessing, os, subprocess, time


def nap():
    os.setsid()
    time.sleep(600)


def measure(*, seed: int = 0) -> dict:
    {lines}
    return {{"accuracy": 0.9}}
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[LocalWorkers]:
    """Return the workers of a project that all of a module's tests may use, at a path of two lines."""
    workers = LocalWorkers(make_full_project(tmp_path_factory.mktemp("two\nlines") / "project"))
    yield workers
    workers.close()


@pytest.mark.parametrize("started", STRAYS)
def test_what_a_job_starts_ends_with_it_whatever_becomes_of_it(shared, started):
    lines, problem = STRAYS[started]
    name = f"stray_{list(STRAYS).index(started)}"
    (shared.project / "lectures" / "experiments" / f"{name}.py").write_text(STRAY.format(lines=lines))
    folder, job = job_in(shared.project / name, shared.project)
    result = shared.run(folder, {**job, "module": f"lectures.experiments.{name}"}, ["generator.runners.experiment"])
    assert problem or len(processes_in(folder)) <= 1  # the job itself: its result is said when nothing else runs
    assert problem in result["problem"] if problem else result["facts"] == {"accuracy": 0.9}
    wait_for(lambda: not processes_in(folder))


def test_ctrl_c_ends_a_build_and_all_that_it_started(project, full_project, write_lecture):
    write_lecture("## A\n\nThe toss: {value}`toss.accuracy`.\n")
    (full_project / "lectures" / "experiments" / "toss.py").write_text(SLEEP)
    environment = {**os.environ, "PYTHONPATH": str(full_project)}
    command = [sys.executable, "-m", "generator", "build"]
    with running(command, cwd=full_project, env=environment, stderr=subprocess.PIPE, text=True) as build:
        try:
            wait_for(lambda: list((full_project / ".lectern" / "scratch").glob("*/begun")))
            build.send_signal(signal.SIGINT)
            assert "stopped; what was finished is kept" in build.communicate(timeout=PATIENCE)[1]
            assert build.returncode == 130
            assert processes_in(full_project) == []
        finally:
            end_all_in(full_project)
