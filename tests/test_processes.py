"""A test that hangs ends, and what tests have started ends with them."""

import subprocess
from pathlib import Path

import pytest
from processes import PATIENCE, end_all_in, processes_in, running, wait_for

SPAWN = ["sh", "-c", "sleep 1000 & echo started; exec sleep 1000"]


def test_every_test_has_a_limit_beyond_that_of_what_it_waits_for(pytestconfig: pytest.Config) -> None:
    assert float(pytestconfig.getini("timeout")) > PATIENCE


def test_what_a_test_that_fails_has_started_ends_with_all_that_it_started(tmp_path: Path) -> None:
    def fail() -> None:
        with running(SPAWN, cwd=tmp_path, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            assert processes_in(tmp_path) == []

    with pytest.raises(AssertionError):
        fail()
    wait_for(lambda: not processes_in(tmp_path))


def test_what_has_left_its_group_ends_too(tmp_path: Path) -> None:
    with running(["setsid", "--fork", *SPAWN], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
    assert len(processes_in(tmp_path)) == 2
    end_all_in(tmp_path)
    wait_for(lambda: not processes_in(tmp_path))
