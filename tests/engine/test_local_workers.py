"""Tasks run in children of a process that has imported their libraries; none outlives the build that asked for it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import PATIENCE, end_all_in, processes_in, running, wait_for

from generator.engine.local_workers import LocalWorkers

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
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    wait_for(lambda: not children.read_text())
    assert (server.ended, server.waiting) == (False, {})


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
