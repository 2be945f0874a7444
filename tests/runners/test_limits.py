"""A job that takes too long, or too much memory, is told so, and ends."""

import resource
import signal
import time

import pytest
from dask_cluster import standing_cluster

from generator.commands.build import build_course
from generator.engine.workers import Scheduler
from generator.errors import LectureError
from generator.runners.limits import machine_memory, within_limits

SECOND = 1 / 3600  # hours
HUNGRY = '''"""A figure that does what nobody can afford, in one of several ways."""

import ctypes
import signal
import time

from figures.parts.words import Description


def trace(*, way: str) -> list:
    if way == "loop":
        while True:
            pass
    if way == "deaf":
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        time.sleep(3600)
    if way == "in C":
        ctypes.PyDLL(None).sleep(3600)  # holds Python's lock: no other thread of Python gets to run
    return [0] * (1_000_000_000 if way == "memory" else 1)


def describe(trace):
    return Description("Nothing.", (), {})


def draw(trace, theme):
    from matplotlib.figure import Figure

    return Figure(figsize=(1, 1))


def animate(trace, scene):
    while True:
        scene.wait(1)
'''
EXPERIMENT = "def measure(*, seed: int = 0):\n    while True:\n        pass\n"
FIGURE = "## A\n\n:::{{figure}} hungry\n:way: {way}\n:view: {view}\n:::\n"
CODE = "## A\n\n:::{code}\nwhile True:\n    pass\n:::\n"
TOO_LONG = "it has taken longer than 0.000277778 hours"
ONE_SECOND = f"hours = {SECOND}"


def test_work_without_end_is_stopped_with_words():
    with pytest.raises(LectureError) as caught, within_limits({"hours": 0.1 * SECOND}):
        time.sleep(60)
    assert caught.value.problem == "it has taken longer than 2.77778e-05 hours"
    assert "below [limits], hours = " in caught.value.hint


def test_an_experiment_out_of_its_minutes_is_told_where_to_give_it_more():
    with pytest.raises(LectureError) as caught, within_limits({"hours": 24, "minutes": 60 * 0.1 * SECOND}):
        time.sleep(60)
    assert caught.value.problem == "it has taken longer than 0.00166667 minutes"
    assert caught.value.hint == "make it smaller, or give it more time in the front matter: {…, timeout: 0.00333333}"


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "limit", "problem"),
    [
        (FIGURE.format(way="loop", view="still"), ONE_SECOND, f"lectures/sample.md:6: still hungry: {TOO_LONG}\n"),
        (FIGURE.format(way="deaf", view="still"), ONE_SECOND, f"lectures/sample.md:6: still hungry: {TOO_LONG}\n"),
        (FIGURE.format(way="in C", view="still"), ONE_SECOND, f"lectures/sample.md:6: still hungry: {TOO_LONG}\n"),
        (
            FIGURE.format(way="film", view="film"),
            "hours = 0.002",
            "lectures/sample.md:6: film hungry: it has taken longer than 0.002 hours\n",
        ),
        ("## A\n\n{value}`toss.accuracy`\n", ONE_SECOND, f"experiment toss, seed 0: {TOO_LONG}\n"),
        (CODE, ONE_SECOND, TOO_LONG),
        (
            FIGURE.format(way="memory", view="still"),
            "memory = 2",
            "still hungry: it needs more memory than the 2 GB that it may take\n",
        ),
    ],
)
def test_the_course_says_what_its_tasks_may_take(project, full_project, write_lecture, capsys, text, limit, problem):
    (project / "figures" / "hungry.py").write_text(HUNGRY)
    (project / "lectures" / "experiments" / "toss.py").write_text(EXPERIMENT)
    (project / "lectures" / "course.toml").write_text(f"[limits]\n{limit}\n")
    write_lecture(text)
    assert build_course(str(full_project)) == 1
    assert problem in capsys.readouterr().err


@pytest.mark.slow
def test_the_lecture_says_how_long_a_run_may_take(project, full_project, write_lecture, capsys):
    (project / "lectures" / "experiments" / "toss.py").write_text(EXPERIMENT)
    write_lecture("## A\n\n{value}`coin.accuracy`\n", "experiments: {coin: {recipe: toss, timeout: 0.02}}\n")
    assert build_course(str(full_project)) == 1
    assert "experiment coin, seed 0: it has taken longer than 0.02 minutes\n" in capsys.readouterr().err


@pytest.mark.slow
def test_a_worker_of_a_cluster_keeps_to_the_limits(project, full_project, write_lecture, capsys, tmp_path_factory):
    (project / "figures" / "hungry.py").write_text(HUNGRY)
    (project / "lectures" / "course.toml").write_text(f"[limits]\n{ONE_SECOND}\n")
    write_lecture(FIGURE.format(way="in C", view="still"))
    with standing_cluster(tmp_path_factory.mktemp("cluster"), workers=1) as (address, _):
        assert build_course(str(full_project), scheduler=Scheduler(address)) == 1
    assert f"lectures/sample.md:6: still hungry: {TOO_LONG}\n" in capsys.readouterr().err
