"""On a cluster a build gives the same artifacts, over workers that share no folder, even when one of them is lost."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_cluster import standing_cluster
from processes import PATIENCE

from generator.engine.dask_cluster import DaskCluster, PortableJob, pack_project, result_of, unless_unsent
from generator.engine.executor import Executor, Outcome
from generator.engine.local_workers import LocalWorkers
from generator.engine.progress import Progress
from generator.engine.store import Store
from generator.engine.workers import Scheduler
from generator.errors import SourceError
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

NUMBERS = ["toss.accuracy", *(f"0.{digit}" for digit in range(1, 6))]
FIGURES = "".join(f":::{{figure}} mark\n:number: {number}\n:::\n\n" for number in NUMBERS)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def cluster(tmp_path_factory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Return the address of a scheduler, and the processes: its own, and its two workers'."""
    with standing_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


def build(project: Path, store: Path, workers: LocalWorkers | DaskCluster) -> Outcome:
    """Return what comes of the lecture `sample`, with an empty store."""
    plan = plan_lecture(read_lecture(project / "lectures" / "sample.md", project), project, Profile())
    with open(os.devnull, "w") as silence:  # noqa: PTH123
        builder = Executor(project, Store(store, project), Progress(silence), workers)
        return builder.make(plan.tasks, {"mnist": (project / "none.npz", "0")})


def digests(outcome: Outcome) -> dict[str, str]:
    assert outcome.failures == {}
    return {name: artifact.digest for name, artifact in outcome.artifacts.items()}


@pytest.fixture
def sample(project: Path, full_project: Path, write_lecture) -> Path:
    write_lecture("## A\n\n" + FIGURES)
    return full_project


def test_a_cluster_gives_the_artifacts_of_one_machine(cluster, sample, tmp_path):
    address, _ = cluster
    here = digests(build(sample, tmp_path / "here", LocalWorkers(sample)))
    assert digests(build(sample, tmp_path / "there", DaskCluster(sample, Scheduler(address)))) == here
    assert len(here) == 7


def test_what_a_lost_worker_had_begun_is_done_by_another(cluster, sample, tmp_path):
    address, processes = cluster
    here = digests(build(sample, tmp_path / "here", LocalWorkers(sample)))
    workers = DaskCluster(sample, Scheduler(address))
    place = workers.place

    def place_and_kill(digest, read):
        if processes[1].poll() is None and len(workers.placed) > 1:
            processes[1].send_signal(signal.SIGKILL)
        return place(digest, read)

    workers.place = place_and_kill
    assert digests(build(sample, tmp_path / "there", workers)) == here
    assert processes[1].wait(PATIENCE) == -signal.SIGKILL


def test_an_error_on_a_worker_is_told_as_one_here(cluster, sample, write_lecture, tmp_path):
    write_lecture("## A\n\n:::{figure} mark\n:number: 3.5\n:::\n")
    (failure,) = build(sample, tmp_path / "there", DaskCluster(sample, Scheduler(cluster[0]))).failures.values()
    assert (failure.problem, failure.hint) == ("the number is above 1", "take a share")


def test_a_result_of_code_that_has_changed_meanwhile_is_not_kept(cluster, sample, tmp_path):
    workers = DaskCluster(sample, Scheduler(cluster[0]))
    path = sample / "figures" / "mark.py"
    path.write_text(path.read_text().replace("(1, 1)", "(2, 1)"))
    failures = build(sample, tmp_path / "there", workers).failures.values()
    assert {failure.problem for failure in failures} == {
        "the project's code has changed since it was sent to the workers"
    }


def test_a_build_leaves_nothing_on_the_workers(cluster, sample, tmp_path):
    build(sample, tmp_path / "there", DaskCluster(sample, Scheduler(cluster[0])))
    workers = DaskCluster(sample, Scheduler(cluster[0]))
    left = workers.client.run(lambda dask_worker: [p.name for p in Path(dask_worker.local_directory).glob("lectern/*")])
    workers.close()
    assert [names for names in left.values() if names] == []


def test_a_scheduler_that_does_not_answer_is_told(sample):
    with pytest.raises(SourceError, match="no Dask scheduler answers"):
        DaskCluster(sample, Scheduler("tcp://127.0.0.1:9"), timeout=1)


def test_a_result_made_with_another_version_of_a_library_is_refused():
    result = result_of('{"facts": {}, "packages": {"numpy": "1.0"}}', "")
    assert re.match(r"a worker has numpy 1\.0, and this machine \d", result["problem"])


def test_a_job_names_no_folder_of_this_machine(tmp_path):
    (tmp_path / "data.npz").write_bytes(b"data")
    job = {"project": str(tmp_path), "dataset": str(tmp_path / "data.npz"), "results": {}, "arguments": {}}
    parcel = PortableJob(job, tmp_path)
    assert str(tmp_path) not in parcel.text
    assert list(parcel.files.values()) == [tmp_path / "data.npz"]


def test_the_archive_of_a_project_depends_on_its_files_alone(full_project):
    assert pack_project(full_project) == pack_project(full_project)


def test_a_result_that_lacked_a_file_of_the_project_is_not_kept(tmp_path):
    (tmp_path / "x.txt").write_text("0.711")
    result = {"facts": {}, "observed": {"y.txt": "", "x.txt": ""}}
    assert unless_unsent(result, tmp_path)["problem"] == "it looks for x.txt, which is not sent to workers"
    assert unless_unsent({**result, "observed": {"y.txt": ""}}, tmp_path)["facts"] == {}
