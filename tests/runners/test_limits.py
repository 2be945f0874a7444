"""A job that takes too long, or too much memory, is told so, and ends."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest
from sample_project import ROOT

from generator.commands.build import build_course
from generator.errors import LectureError
from generator.runners.limits import machine_memory, within_limits

SECOND = 1 / 3600  # hours
DEAF = """
import signal, time
from generator.runners import limits
limits.GRACE = 0.1
with limits.within_limits({"hours": 0.1 / 3600}):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        time.sleep(1)
"""
HUNGRY = '''"""A figure that does what nobody can afford."""

from figures.parts.words import Description


def trace(*, count: int) -> list:
    while count < 0:
        pass
    return [0] * count


def describe(trace):
    return Description("Nothing.", (), {})


def draw(trace, theme): ...
'''


def test_work_without_end_is_stopped_with_words():
    with pytest.raises(LectureError) as caught, within_limits({"hours": 0.1 * SECOND}):
        time.sleep(60)
    assert caught.value.problem == "it has taken longer than 2.77778e-05 hours"
    assert "below [limits], hours = " in caught.value.hint


def test_memory_without_measure_is_refused_with_words():
    with pytest.raises(LectureError) as caught, within_limits({"memory": 2.5}):
        bytearray(3 << 30)
    assert caught.value.problem == "it needs more memory than the 2.5 GB that it may take"
    assert caught.value.hint.endswith("below [limits], memory = 5")


def test_the_limits_end_with_the_job():
    before = resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)
    with within_limits({}):
        limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
        assert 0.5 * machine_memory() < limit < machine_memory()
    assert (resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_what_does_not_listen_is_killed_with_its_words_in_the_log():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", DEAF], env=environment, capture_output=True, text=True, timeout=60, check=False,
        start_new_session=True,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL
    assert ended.stderr.splitlines()[-1].startswith("it has taken longer than")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "limit", "problem"),
    [
        (-1, f"hours = {SECOND}", "it has taken longer than 0.000277778 hours"),
        (1_000_000_000, "memory = 2", "it needs more memory than the 2 GB that it may take"),
    ],
)
def test_the_course_says_what_its_figures_may_take(project, full_project, write_lecture, capsys, count, limit, problem):
    (project / "figures" / "hungry.py").write_text(HUNGRY)
    (project / "lectures" / "course.toml").write_text(f"[limits]\n{limit}\n")
    write_lecture(f"## A\n\n:::{{figure}} hungry\n:count: {count}\n:::\n")
    assert build_course(str(full_project)) == 1
    assert f"lectures/sample.md:6: still hungry: {problem}\n" in capsys.readouterr().err
