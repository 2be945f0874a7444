"""What a course costs by its lectures and workers: a model of three numbers, fitted to builds that were measured.

    python tests/bench/bench_cost.py [seconds of a task] [tasks a lecture]

    T(L, W) = a + (b · L) / W + c · L

a: the start; b: what workers share of a lecture, its tasks; c: what one process does for it: planning, keys, pages.
Each build is from an empty store, its tasks wait and compute nothing, so that two workers never share a core. Then the
first course's own tasks and pages are put in for b and c.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "bench")]

from bench_build import PROJECT  # noqa: E402
from bench_course import write_course  # noqa: E402

LECTURES, WORKERS = (25, 50, 100, 200), (1, 2)
LARGE = (1, 2, 8, 32, 128)
WAIT = '''"""Waits."""

import time


def measure(*, epochs: int = 0) -> dict:
    time.sleep({seconds})
    return {{"epochs": epochs}}
'''
BUILD = """
import os, sys
from generator import studio
from generator.child import Nursery
studio.find_crew = lambda project, scheduler: Nursery(project, int(sys.argv[1]))
sys.exit(studio.build_course(os.getcwd(), ["full", "build"], []))
"""


def measure(lectures: int, workers: int, seconds: float, tasks: int) -> float:
    """Return the wall seconds of a build of so many lectures from nothing."""
    with tempfile.TemporaryDirectory() as place:
        project = write_course(Path(place), lectures, tasks)
        (project / "lectures" / "experiments" / "toss.py").write_text(WAIT.format(seconds=seconds))
        begun = time.monotonic()
        command = [sys.executable, "-c", BUILD, str(workers)]
        subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - begun


def fit(grid: dict[tuple[int, int], float]) -> tuple[NDArray[np.float64], float]:
    """Return a, b and c, and the largest error of the model as a share of what was measured."""
    rows = np.array([[1, lectures / workers, lectures] for lectures, workers in grid])
    spent = np.array(list(grid.values()))
    # Weighted, so that an error of a tenth counts the same in a small course as in a large one.
    numbers = np.linalg.lstsq(rows / spent[:, None], np.ones(len(spent)), rcond=None)[0]
    return numbers, float(np.abs(rows @ numbers / spent - 1).max())


def seconds_of_first_course() -> float:
    """Return what the tasks of the course's lectures took when they were last made, in its costliest profile."""
    costs = json.loads((PROJECT / ".lectern" / "costs.json").read_bytes())
    return float(sum(seconds for seconds, _ in costs.values()))


def main() -> None:
    """Print the grid, the model, and what it says of 200 lectures like the first."""
    given = [float(word) for word in sys.argv[1:]]
    seconds, tasks = given + [0.1, 4][len(given) :]
    grid = {}
    for lectures in LECTURES:
        for workers in WORKERS:
            spent = grid[lectures, workers] = measure(lectures, workers, seconds, int(tasks))
            print(f"{lectures:4} lectures, {workers} workers: {spent:6.1f} s", flush=True)  # noqa: T201
    (a, b, c), worst = fit(grid)
    print(f"T(L, W) = {a:.2f} + {b:.3f} · L / W + {c:.3f} · L seconds, at most {worst:.0%} off")  # noqa: T201
    print(f"a lecture's tasks wait {seconds * tasks:.2f} s: {b - seconds * tasks:.3f} s besides")  # noqa: T201
    own = seconds_of_first_course()
    print(f"200 lectures whose tasks take {own:.0f} s each, as those of the first course have:")  # noqa: T201
    for workers in LARGE:
        hours = (a + 200 * (own / workers + c)) / 3600
        print(f"{workers:5} workers: {hours:6.2f} h")  # noqa: T201


if __name__ == "__main__":
    main()
