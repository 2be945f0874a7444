"""A synthetic course of 200 lectures and 4,000 artifacts: what a task costs besides itself, and a build with nothing to do.

    python tests/bench/bench_course.py [lectures] [artifacts a lecture]

A task's own seconds are those of its child from the reading of its recipe to its facts; what it costs besides is the
rest of the build of all tasks without any page: per task, the seconds that the workers had (one, then two) less its own,
and the processor seconds of all processes less its own. Beside the build with nothing to do, in the same run and over the same
pages: make, ninja, doit, and nbconvert, which knows no "nothing to do": one page, times their number.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "bench")]

import bench_build  # noqa: E402
import rules  # noqa: E402
from bench_build import cpu_seconds  # noqa: E402
from sample_project import make_full_project  # noqa: E402

from generator.disk import MIN_STAMP_AGE  # noqa: E402
from generator.engine.executor import Executor  # noqa: E402
from generator.engine.local_workers import LocalWorkers  # noqa: E402
from generator.engine.progress import Progress  # noqa: E402
from generator.engine.store import Store  # noqa: E402
from generator.errors import Where  # noqa: E402
from generator.lecture.course import Profile  # noqa: E402
from generator.lecture.included_files import IncludedFiles, find_dataset  # noqa: E402
from generator.lecture.parser import read_lecture  # noqa: E402
from generator.plan.planner import plan_lecture  # noqa: E402

BUILD = [sys.executable, *bench_build.BUILD]
WORKERS = (1, 2)


def write_course(folder: Path, lectures: int, artifacts: int) -> Path:
    """Return a project of so many lectures, each of which needs so many experiments of its own."""
    project = make_full_project(folder / "project")
    for number in range(lectures):
        uses = "".join(f"  toss{k}: {{recipe: toss, epochs: {number * artifacts + k}}}\n" for k in range(artifacts))
        values = " ".join(f"{{value}}`toss{k}.epochs`" for k in range(artifacts))
        text = f"---\ntitle: Lecture {number}\nexperiments:\n{uses}---\n## Numbers\n\n{values}\n"
        (project / "lectures" / f"lecture_{number:03}.md").write_text(text, encoding="utf-8")
    return project


def processor_seconds() -> float:
    """Return the processor time of this process and of the children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def make_tasks(project: Path, workers: int) -> str:
    """Make all tasks of the course anew, and no page; return what one of them took."""
    shutil.rmtree(project / ".lectern" / "store", ignore_errors=True)
    lectures = [read_lecture(path, project) for path in sorted((project / "lectures").glob("*_*.md"))]
    plans = [plan_lecture(lecture, project, Profile()) for lecture in lectures]
    tasks = {name: task for plan in plans for name, task in plan.tasks.items()}
    time.sleep(MIN_STAMP_AGE / 1e9)  # files written a moment ago are read again after every task; these are not
    dataset = find_dataset(lectures[0].dataset, IncludedFiles(project), Where("lectures"))
    with open(os.devnull, "w") as silence:  # noqa: PTH123
        store = Store(project / ".lectern" / "store")
        builder = Executor(project, store, Progress(silence), LocalWorkers(project, workers))
        begun, before = time.monotonic(), processor_seconds()
        outcome = builder.make(tasks, {lectures[0].dataset: dataset})
        wall, cpu = time.monotonic() - begun, processor_seconds() - before
    own = sum(cost.seconds for cost in builder.ledger.past.values())
    milliseconds = [1000 * seconds / outcome.ran for seconds in (wall, own, workers * wall - own, cpu - own)]
    return (
        "{} tasks, workers: {}: {:.1f} s, {:.1f} ms a task; itself {:.1f} ms, besides {:.1f} ms of a worker, "
        "{:.1f} ms of a processor"
    ).format(outcome.ran, workers, wall, *milliseconds)


def main() -> None:
    """Print the table."""
    given = [int(word) for word in sys.argv[1:]]
    lectures, artifacts = given + [200, 20][len(given) :]
    with tempfile.TemporaryDirectory() as place:
        project = write_course(Path(place), lectures, artifacts)
        for workers in WORKERS:
            print(make_tasks(project, workers), flush=True)  # noqa: T201
        print(f"pages of {lectures} lectures: {cpu_seconds(BUILD, project):.1f} CPU s", flush=True)  # noqa: T201
        others = rules.write_rules(project)
        for command in others.values():
            cpu_seconds(command, project)
        cpu_seconds(BUILD, project)  # the others have touched the pages
        commands = {"python -c pass": [sys.executable, "-c", "pass"], "build, nothing to do": BUILD, **others}
        spent = {name: median(cpu_seconds(command, project) for _ in range(9)) for name, command in commands.items()}
        notebook = str(project / "build" / "lecture_000" / "notebook.ipynb")
        convert = [sys.executable, "-m", "nbconvert", "--to", "slides", "--output-dir", place, notebook]
        spent[f"nbconvert, one notebook × {lectures}"] = cpu_seconds(convert, project) * lectures
        for name, seconds in spent.items():
            print(f"{seconds:8.3f} CPU s {seconds / spent['python -c pass']:7.1f} × bare Python   {name}")  # noqa: T201


if __name__ == "__main__":
    main()
