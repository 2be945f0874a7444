"""What a second worker is worth, and what a Dask cluster costs: the same small films by one worker, by two, by Dask's two.

    python tests/bench/bench_workers.py [films]

Wall seconds from an empty store to the last film in it: planning, the import of Manim and, for Dask, the sending of
code and films are in them. The scheduler and its workers, one thread each, stand already. The floor is what the machine
gives without any engine: a bare process that films them all, and two that film half of them each. Of two rounds the
better counts for each: other work on the machine only ever adds to it. There are as many films as in a first lecture.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from dask_cluster import standing_cluster  # noqa: E402
from distributed import Client  # noqa: E402
from sample_project import make_full_project  # noqa: E402

from generator.engine.dask_cluster import DaskCluster  # noqa: E402
from generator.engine.executor import Executor, Workers  # noqa: E402
from generator.engine.local_workers import ENVIRONMENT, LocalWorkers  # noqa: E402
from generator.engine.progress import Progress  # noqa: E402
from generator.engine.store import Store  # noqa: E402
from generator.engine.task import Task  # noqa: E402
from generator.engine.workers import Scheduler  # noqa: E402
from generator.lecture.course import Profile  # noqa: E402
from generator.lecture.parser import read_lecture  # noqa: E402
from generator.plan.planner import plan_lecture  # noqa: E402

FILM = ":::{{figure}} pooling\n:input: random({seed}, 4, 4)\n:pool_size: 2\n:strides: 2\n:view: film\n:::\n\n"

BARE = """
import sys
from pathlib import Path
import figures.pooling
import generator.runners.film
import numpy

for seed in map(int, sys.argv[2:]):
    given = numpy.random.default_rng(seed).integers(0, 10, (4, 4))
    out = Path(sys.argv[1], str(seed))
    out.mkdir()
    generator.runners.film.run(figures.pooling, {"input": given, "pool_size": 2, "strides": 2}, out)
"""


def write_films(folder: Path, films: int) -> Path:
    """Return a project with a lecture of so many films of a few seconds each."""
    project = make_full_project(folder / "project")
    shutil.copytree(ROOT / "figures", project / "figures", dirs_exist_ok=True)
    text = "---\ntitle: Films\n---\n## A\n\n" + "".join(FILM.format(seed=seed) for seed in range(films))
    (project / "lectures" / "films.md").write_text(text, encoding="utf-8")
    return project


def build(project: Path, runner: str, make_crew: Callable[[], Workers]) -> float:
    """Return the seconds in which the crew makes the lecture's tasks of one runner, from an empty store."""
    store = project / ".lectern" / "store"
    shutil.rmtree(store, ignore_errors=True)
    begun = time.monotonic()
    plan = plan_lecture(read_lecture(project / "lectures" / "films.md", project), project, Profile())
    tasks: dict[str, Task] = {name: task for name, task in plan.tasks.items() if task.runner == runner}
    with open(os.devnull, "w") as silence:  # noqa: PTH123
        outcome = Executor(project, Store(store, project), Progress(silence), make_crew()).make(tasks, {})
    spent = time.monotonic() - begun
    if plan.errors or outcome.failures or outcome.ran != len(tasks):
        raise SystemExit(f"the films were not made: {plan.errors} {outcome.failures}")
    return spent


def film_bare(project: Path, films: int, processes: int) -> float:
    """Return the seconds in which bare processes film the same, each its share."""
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(project)}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        shares = [list(map(str, range(first, films, processes))) for first in range(processes)]
        running = [Popen([sys.executable, "-c", BARE, place, *share], cwd=place, env=environment) for share in shares]
        if sum(process.wait() for process in running):  # all of them, before their folder goes
            raise SystemExit("a bare process made no film")
    return time.monotonic() - begun


def main() -> None:
    """Print the table."""
    films = int(sys.argv[1]) if sys.argv[1:] else 12
    with tempfile.TemporaryDirectory() as place, standing_cluster(Path(place), workers=2) as (address, _):
        project = write_films(Path(place), films)
        build(project, "still", lambda: LocalWorkers(project, 2))  # what is read off the code is kept
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2)
        crews: list[Callable[[], Workers]] = [
            lambda: LocalWorkers(project, 1), lambda: LocalWorkers(project, 2), lambda: DaskCluster(project, Scheduler(address)),
        ]  # fmt: skip
        rounds = [
            [*(build(project, "film", workers) for workers in crews), *(film_bare(project, films, n) for n in (1, 2))]
            for _ in range(2)
        ]
    one, two, dask, bare_one, bare_two = map(min, zip(*rounds, strict=True))
    print(f"{films} films, one worker:             {one:6.1f} s")  # noqa: T201
    print(f"{films} films, two workers:            {two:6.1f} s, {one / two:.2f} times as fast as one")  # noqa: T201
    print(f"{films} films, two workers of a Dask cluster: {dask:6.1f} s, {dask / two:.2f} of the two here")  # noqa: T201
    print(f"{films} films, one bare process:       {bare_one:6.1f} s")  # noqa: T201
    print(f"{films} films, two bare processes:     {bare_two:6.1f} s, {bare_one / bare_two:.2f} times as fast as one")  # noqa: T201


if __name__ == "__main__":
    main()
