import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Semaphore

import pytest
from damage import flip_bit
from processes import PATIENCE

from generator.commands.build import build_course
from generator.disk import file_digest
from generator.engine.executor import Executor, Outcome
from generator.engine.library_caches import LibraryCaches
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Store
from generator.engine.workers import Workers
from generator.errors import SourceError
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

Make = Callable[[], Outcome]
FIGURE = "## A\n\n:::{figure} mark\n:number: toss.accuracy\n:::\n"


@pytest.fixture
def make(project: Path, full_project: Path, write_lecture) -> Make:
    """Return a function that builds the lecture `sample`, as it stands, and tells what came of it."""
    write_lecture(FIGURE)

    def build() -> Outcome:
        lecture = read_lecture(full_project / "lectures" / "sample.md", full_project)
        plan = plan_lecture(lecture, full_project, Profile())
        assert plan.errors == []
        with open(os.devnull, "w") as silence:  # noqa: PTH123
            builder = Executor(
                full_project, Store(full_project / ".lectern" / "store"), Progress(silence), LocalWorkers(full_project)
            )
            return builder.make(plan.tasks, {"mnist": (full_project / "none.npz", "0")})

    return build


def test_experiments_run_before_the_figures_that_need_them(make):
    outcome = make()
    facts = [artifact.facts for artifact in outcome.artifacts.values()]
    assert (outcome.ran, outcome.failures) == (2, {})
    assert {"accuracy": 0.9, "epochs": 5} in facts
    assert any(fact.get("facts") == {"number": 0.9} for fact in facts)


def test_a_second_build_runs_nothing(make):
    make()
    assert make().ran == 0


def test_editing_the_text_runs_nothing(make, write_lecture):
    make()
    write_lecture("## Another title\n\nText.\n\n" + FIGURE)
    assert make().ran == 0


def test_editing_an_experiment_runs_it_again_but_equal_results_stop_there(make, full_project):
    make()
    path = full_project / "lectures" / "experiments" / "toss.py"
    path.write_text(path.read_text().replace("seed / 100", "seed / 50"))
    assert make().ran == 1


def test_editing_an_experiment_so_that_its_result_changes_draws_its_figures_again(make, full_project):
    make()
    path = full_project / "lectures" / "experiments" / "toss.py"
    path.write_text(path.read_text().replace("0.9", "0.8"))
    assert make().ran == 2


def test_undoing_an_edit_runs_nothing(make, full_project):
    make()
    path = full_project / "lectures" / "experiments" / "toss.py"
    before = path.read_text()
    path.write_text(before.replace("0.9", "0.8"))
    make()
    path.write_text(before)
    assert make().ran == 0


def test_a_damaged_object_is_made_again(make):
    outcome = make()
    for artifact in outcome.artifacts.values():
        for path in artifact.files.values():
            path.chmod(0o644)
            path.write_bytes(b"")
    again = make()
    assert again.ran == 2
    assert all(path.stat().st_size for artifact in again.artifacts.values() for path in artifact.files.values())


def test_an_object_with_a_flipped_bit_is_made_again(make):
    for artifact in make().artifacts.values():
        for path in artifact.files.values():
            path.chmod(0o644)
            path.write_bytes(flip_bit(path.read_bytes(), 100))
    again = make()
    assert again.ran == 2
    for artifact in again.artifacts.values():
        for path in artifact.files.values():
            assert path.parent.name + path.name == file_digest(path)


def test_a_figure_that_raises_is_told_with_its_hint(make, write_lecture):
    write_lecture("## A\n\n:::{figure} mark\n:number: 3.5\n:::\n")
    (failure,) = make().failures.values()
    assert (failure.problem, failure.hint) == ("the number is above 1", "take a share")


def test_a_failing_task_does_not_stop_the_others(make, write_lecture):
    write_lecture("## A\n\n:::{figure} mark\n:number: 3.5\n:::\n\n:::{figure} mark\n:number: 0.5\n:::\n")
    outcome = make()
    assert (len(outcome.failures), len(outcome.artifacts)) == (1, 1)


def test_what_needs_a_failed_experiment_is_left_out(make, full_project):
    (full_project / "lectures" / "experiments" / "toss.py").write_text(
        "def measure(*, seed: int = 0):\n    raise KeyError('x')\n"
    )
    outcome = make()
    assert [failure.problem for failure in outcome.failures.values()] == [
        "lectures/experiments/toss.py:2: KeyError: 'x'"
    ]
    assert outcome.artifacts == {}


def test_an_experiment_that_ends_its_process_is_told(make, full_project):
    (full_project / "lectures" / "experiments" / "toss.py").write_text(
        "import os\n\ndef measure(*, seed: int = 0):\n    os._exit(3)\n"
    )
    (error,) = make().failures.values()
    assert "the process ended before its end" in error.problem


def test_a_result_that_does_not_exist_is_told_with_the_nearest_name(make, write_lecture):
    write_lecture(FIGURE.replace("accuracy", "acuracy"))
    (failure,) = make().failures.values()
    assert (failure.problem, failure.hint) == ("'toss' has no result 'acuracy'", "did you mean 'accuracy'?")


def test_an_edit_of_the_same_size_within_a_second_is_seen(make, full_project):
    make()
    path = full_project / "figures" / "mark.py"
    path.write_text(path.read_text().replace("The number", "Some digit"))
    facts = [artifact.facts.get("alt") for artifact in make().artifacts.values()]
    assert "Some digit 0.9." in facts


def test_a_task_whose_code_changes_while_it_runs_is_told_and_kept_under_no_key(make, full_project, monkeypatch):
    path = full_project / "figures" / "mark.py"
    before, run = path.read_text(), LocalWorkers.run

    def run_and_edit(workers, folder, job, modules):
        result = run(workers, folder, job, modules)
        if job["runner"] == "still":
            path.write_text(before.replace("The number", "Some digit"))
        return result

    monkeypatch.setattr(LocalWorkers, "run", run_and_edit)
    assert [failure.problem for failure in make().failures.values()] == ["its code has changed while it was made"]
    monkeypatch.undo()
    path.write_text(before)
    assert make().ran == 1


def write_reading_experiment(project: Path) -> Path:
    """Let the experiment read a file by a name that only its run tells, and a helper; return the file."""
    (project / "tools").mkdir()
    (project / "tools" / "shares.py").write_text('"""Shares."""\n\n\ndef share(text):\n    return float(text)\n')
    (project / "lectures" / "experiments" / "toss.py").write_text(
        "from pathlib import Path\nfrom tools.shares import share\n\n\ndef measure(*, seed: int = 0):\n"
        "    (path,) = [Path(__file__).parents[2] / f'{name}.txt' for name in ['data']]\n"
        "    return {'accuracy': share(path.read_text())}\n"
    )
    (project / "data.txt").write_text("0.75")
    return project / "data.txt"


def test_editing_a_file_that_an_experiment_reads_runs_it_again(make, full_project):
    path = write_reading_experiment(full_project)
    assert make().ran == 2
    assert make().ran == 0
    path.write_text("0.5")
    assert make().ran == 2


def test_editing_a_docstring_of_a_module_from_outside_the_course_runs_nothing(make, full_project):
    write_reading_experiment(full_project)
    make()
    path = full_project / "tools" / "shares.py"
    path.write_text(path.read_text().replace("Shares.", "Shares of a whole."))
    assert make().ran == 0
    path.write_text(path.read_text().replace("float(text)", "float(text) / 2"))
    assert make().ran == 2


def test_a_task_that_reads_a_file_which_changes_meanwhile_is_told_and_kept_under_no_key(
    make, full_project, monkeypatch
):
    path, run = write_reading_experiment(full_project), LocalWorkers.run

    def run_and_edit(workers, folder, job, modules):
        result = run(workers, folder, job, modules)
        path.write_text("0.5")
        return result

    monkeypatch.setattr(LocalWorkers, "run", run_and_edit)
    problems = [failure.problem for failure in make().failures.values()]
    assert problems == ["data.txt, which it reads, has changed while it was made"]
    monkeypatch.undo()
    path.write_text("0.75")
    assert make().ran == 2


def test_what_a_task_reads_of_its_own_code_and_of_libraries_is_no_part_of_its_record(make, full_project):
    make()
    store = Store(full_project / ".lectern" / "store")
    records = [path.parent.name + path.stem for path in (store.folder / "records").rglob("*.json")]
    assert [store.read_record(key)["observed"] for key in records] == [{}, {}]


def test_a_damaged_list_of_fonts_is_made_anew(make, full_project):
    make()
    path = full_project / ".lectern" / "cache" / "libraries"
    names, content = LibraryCaches(path).read(), path.read_bytes()
    assert any(name.startswith("matplotlib/fontlist") for name in names)
    path.write_bytes(flip_bit(content, 4 * len(content)))
    assert LibraryCaches(path).read() == {}
    shutil.rmtree(full_project / ".lectern" / "store")
    make()
    assert LibraryCaches(path).read().keys() == names.keys()


def test_a_picture_in_dark_is_a_task_of_its_own_and_in_light_keeps_its_key(write_lecture, full_project):
    path = write_lecture("## A\n\n:::{figure} mark\n:number: 0.5\n:::\n")
    (light,) = plan_lecture(read_lecture(path, full_project), full_project, Profile()).tasks.values()
    dark = light.in_theme("dark")
    builder = Executor(full_project, Store(full_project / "store"), Progress(), LocalWorkers(full_project))
    assert dark.id != light.id
    parts = builder.keys.parts(light, {}, {})
    assert "theme" not in parts
    assert builder.keys.parts(dark, {}, {}) == {**parts, "theme": "dark"}
    assert builder.make_job(dark, {})["theme"] == "dark"


class Workshop(Workers):
    """One worker, whose jobs leave the same; `begun` counts them."""

    slots = 1

    def __init__(self) -> None:
        self.begun = Semaphore(0)

    def free_memory(self) -> float:
        return 8000.0

    def run(self, folder: Path, job: object, modules: object) -> dict:
        (folder / "out").mkdir()
        self.begun.release()
        return {"facts": {}, "packages": {}, "cost": [0.0, 0.0]}

    def close(self) -> None:
        """Do nothing: there is nothing to end."""


def test_a_worker_takes_the_next_job_while_a_disk_is_slow_to_keep_what_the_last_has_made(
    project, full_project, write_lecture, monkeypatch
):
    write_lecture("## A\n\n" + "".join(f":::{{figure}} mark\n:number: 0.{number}\n:::\n\n" for number in (1, 2)))
    plan = plan_lecture(read_lecture(full_project / "lectures" / "sample.md", full_project), full_project, Profile())
    workshop, put, is_first = Workshop(), Store.put, Semaphore(1)

    def put_late(store: Store, *what: object) -> object:
        if is_first.acquire(blocking=False):
            assert all(workshop.begun.acquire(timeout=PATIENCE) for _ in plan.tasks)
        return put(store, *what)

    monkeypatch.setattr(Store, "put", put_late)
    with open(os.devnull, "w") as silence:  # noqa: PTH123
        builder = Executor(full_project, Store(full_project / ".lectern" / "store"), Progress(silence), workshop)
        assert builder.make(plan.tasks, {}).ran == len(plan.tasks) == 2


def test_workers_that_are_gone_end_the_build_with_one_error(project, full_project, write_lecture, monkeypatch, capsys):
    def run(*_):
        raise SourceError("the Dask scheduler does not answer any more", hint="start it again")

    write_lecture("## A\n\n" + "".join(f":::{{figure}} mark\n:number: 0.{n}\n:::\n\n" for n in range(1, 5)))
    monkeypatch.setattr(LocalWorkers, "run", run)
    assert build_course(str(full_project)) == 1
    error = "the Dask scheduler does not answer any more\nhint: start it again\n"
    assert capsys.readouterr().err == f"{error}1 error; the last good pages are untouched\n"


def test_nothing_is_left_in_the_scratch_folder(make, full_project):
    make()
    assert list((full_project / ".lectern" / "scratch").iterdir()) == []


def test_a_build_with_nothing_to_do_imports_no_heavy_library(full_project):
    script = (
        "import os, sys\nfrom generator.commands import up_to_date\n"
        "here = os.getcwd()\nup_to_date.remember_build(here, ['build'], [], up_to_date.snapshot(here, []))\n"
        "from generator.__main__ import main\n"
        "assert main(['build']) == 0\n"
        "heavy = {'argparse', 'typing', 'pathlib', 'json', 'tensorflow', 'keras', 'manim', 'matplotlib', 'nbconvert', 'numpy', 'yaml', 'markdown_it'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    environment = {"PYTHONPATH": str(full_project), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, cwd=full_project, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "Nothing to do:  up to date.\n")
