"""What a course costs by its lectures and workers: a model of three numbers, fitted to builds that were measured.

    python tests/bench/bench_cost.py [profile]

    T(L, W) = a + (b · L) / W + c · L

a: the start; b: what workers share of a lecture, its tasks; c: what one process does for it: planning, keys, pages.
Each build is from an empty store; its tasks wait and compute nothing, so that they do not share a core. Then what the
tasks of the course's own lectures took in a profile, and what their pages take, is put in for b and c: the project has
to be built in that profile.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "bench")]

from bench_build import PROJECT, copy_project, edit_one_word  # noqa: E402
from bench_course import BUILD, write_course  # noqa: E402

from generator.engine.schedule import read_cost_ledger  # noqa: E402
from generator.errors import Report  # noqa: E402
from generator.plan.status import read_course_status  # noqa: E402

LECTURES, WORKERS = (25, 50, 100, 200), (1, 2)
LARGE = (1, 2, 8, 32, 128)
SECONDS, TASKS = 0.05, 4  # of a task that waits; of a lecture
WAIT = '''"""Waits."""

import time


def measure(*, epochs: int = 0) -> dict:
    time.sleep({seconds})
    return {{"epochs": epochs}}
'''
WITH_WORKERS = """
import os, sys
from generator.commands import build
from generator.engine.local_workers import LocalWorkers
build.find_workers = lambda project, *_: LocalWorkers(project, int(sys.argv[1]))
sys.exit(build.build_course(os.getcwd()))
"""


def measure(lectures: int, workers: int) -> float:
    """Return the wall seconds of a build of so many lectures from nothing."""
    with tempfile.TemporaryDirectory() as place:
        project = write_course(Path(place), lectures, TASKS)
        (project / "lectures" / "experiments" / "toss.py").write_text(WAIT.format(seconds=SECONDS))
        return time_of([sys.executable, "-c", WITH_WORKERS, str(workers)], project)


def time_of(command: list[str], folder: Path) -> float:
    """Return the wall seconds of a command."""
    begun = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begun


def fit(grid: dict[tuple[int, int], float]) -> tuple[NDArray[np.float64], float]:
    """Return a, b and c, and the largest error of the model as a share of what was measured."""
    rows = np.array([[1, lectures / workers, lectures] for lectures, workers in grid])
    spent = np.array(list(grid.values()))
    # Weighted, so that an error of a tenth counts the same in a small course as in a large one; no number is negative.
    numbers, _ = nnls(rows / spent[:, None], np.ones(len(spent)))
    return numbers, float(np.abs(rows @ numbers / spent - 1).max())


def own_lecture(profile: str) -> tuple[float, float]:
    """Return what a lecture of the project takes: the seconds of its tasks when they were made, and of its pages."""
    course = read_course_status(PROJECT, profile, [], Report())
    past = read_cost_ledger(PROJECT / ".lectern" / "costs").past
    if course.tasks.keys() - past.keys():
        raise SystemExit(f"the course has not been built\nhint: run make lecture PROFILE={profile}")
    with tempfile.TemporaryDirectory() as place:
        copy = copy_project(Path(place))
        time_of([*BUILD, "--profile", profile], copy)
        edit_one_word(copy, "Whatever")
        pages = time_of([*BUILD, "--profile", profile], copy)
    return sum(past[name].seconds for name in course.tasks) / len(course.plans), pages


def main() -> None:
    """Print the grid, the model, and what it says of 200 lectures like the first."""
    profile = sys.argv[1] if sys.argv[1:] else "full"
    grid = {}
    for lectures in LECTURES:
        for workers in WORKERS:
            spent = grid[lectures, workers] = measure(lectures, workers)
            print(f"{lectures:4} lectures, {workers} workers: {spent:6.1f} s", flush=True)  # noqa: T201
    (a, b, c), worst = fit(grid)
    print(f"T(L, W) = {a:.2f} + {b:.3f} · L / W + {c:.3f} · L seconds, at most {worst:.0%} off")  # noqa: T201
    print(f"its tasks wait {SECONDS * TASKS:.2f} s a lecture")  # noqa: T201
    tasks, pages = own_lecture(profile)
    print(f"200 lectures like the project's own: tasks of {tasks:.0f} s, pages of {pages:.1f} s")  # noqa: T201
    for workers in LARGE:
        print(f"{workers:5} workers: {(a + 200 * (tasks / workers + pages)) / 3600:6.2f} h")  # noqa: T201


if __name__ == "__main__":
    main()
