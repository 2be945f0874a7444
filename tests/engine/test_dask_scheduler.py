"""Builds leave each other alone on a cluster and nothing behind; what is wrong with a cluster is told in one line."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from dask_cluster import WORK, standing_cluster, start
from processes import processes_in, wait_for
from sample_project import make_full_project

from generator.engine.dask_cluster import DaskCluster
from generator.engine.dask_scheduler import compare_versions
from generator.engine.workers import Scheduler
from generator.errors import SourceError

JOB = {"runner": "experiment", "arguments": {}, "results": {}, "dataset": "", "theme": "light"}
MODULES = ["generator.runners.experiment"]
# An experiment that writes where it runs, and then waits.
WAITS = """import os, time
from pathlib import Path


def measure(*, seed: int = 0) -> dict:
    Path({begun!r}).write_text(os.getcwd())
    while not Path({end!r}).exists():
        time.sleep(0.01)
    return {{"accuracy": 0.9}}
"""
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def marks(tmp_path_factory) -> Path:
    """Return the folder of two files: `begun`, which the experiment writes, and `end`, which it waits for."""
    return tmp_path_factory.mktemp("marks")


@pytest.fixture(scope="module")
def project(tmp_path_factory, marks) -> Path:
    project = make_full_project(tmp_path_factory.mktemp("project"))
    text = WAITS.format(begun=str(marks / "begun"), end=str(marks / "end"))
    (project / "lectures" / "experiments" / "waits.py").write_text(text)
    return project


@pytest.fixture(autouse=True)
def forget(marks: Path) -> None:
    for mark in marks.iterdir():
        mark.unlink()


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """Return the address of a scheduler with two workers, whose folders are in `home`."""
    with standing_cluster(home, workers=2) as (address, _):
        yield address


@pytest.fixture
def run(project: Path, tmp_path: Path) -> Callable[..., dict]:
    """Return a function that runs an experiment of the project on workers."""

    def run(workers: DaskCluster, name: str, folder: str = "job") -> dict:
        (tmp_path / folder).mkdir()
        job = {**JOB, "module": f"lectures.experiments.{name}", "project": str(project)}
        return workers.run(tmp_path / folder, job, MODULES)

    return run


def begun_in(marks: Path) -> Path | None:
    """Return the folder where the experiment has begun; None until it has."""
    mark = marks / "begun"
    return Path(mark.read_text()) if mark.exists() and mark.read_text() else None


def test_a_build_that_ends_leaves_a_build_of_equal_code_alone(project, home, address, run, marks):
    one, other = DaskCluster(project, Scheduler(address)), DaskCluster(project, Scheduler(address))
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(run, one, "waits")
        wait_for(lambda: begun_in(marks))
        assert run(other, "toss", "other")["facts"]["accuracy"] == 0.9
        other.close()
        (marks / "end").touch()
        assert job.result()["facts"] == {"accuracy": 0.9}
    one.close()
    assert [*home.glob("worker_*/**/lectern/*")] == []


def test_a_build_that_is_killed_leaves_nothing_on_the_workers(project, address, marks, tmp_path):
    script = (
        "import sys; from pathlib import Path; from generator.engine.dask_cluster import DaskCluster, Scheduler; "
        f"project = Path({str(project)!r}); job = {JOB!r} | {{'module': 'lectures.experiments.waits', 'project': '.'}}; "
        f"DaskCluster(project, Scheduler({address!r})).run(Path(sys.argv[1]), job, {MODULES!r})"
    )
    environment = {**os.environ, "PYTHONPATH": str(project)}
    build = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment)
    wait_for(lambda: begun_in(marks))
    folder = begun_in(marks).parents[2]  # of the build on the worker
    assert processes_in(folder)
    build.send_signal(signal.SIGKILL)
    build.wait()
    wait_for(lambda: not processes_in(folder) and not folder.exists())


def test_a_scheduler_that_dies_is_told(project, run, marks, tmp_path_factory):
    home = tmp_path_factory.mktemp("dying")
    with standing_cluster(home, workers=1) as (address, processes), ThreadPoolExecutor(1) as pool:
        workers = DaskCluster(project, Scheduler(address), timeout=5)
        job = pool.submit(run, workers, "waits")
        wait_for(lambda: begun_in(marks))
        processes[0].kill()
        with pytest.raises(SourceError, match=f"the Dask scheduler at '{address}' does not answer any more"):
            job.result()
        workers.close()


def test_a_cluster_without_workers_is_waited_for_and_told(project, run, tmp_path_factory):
    said: list[str] = []
    with standing_cluster(tmp_path_factory.mktemp("empty"), workers=0) as (address, _):
        workers = DaskCluster(project, Scheduler(address, wait=1), said.append)
        with pytest.raises(SourceError, match=f"no Dask worker has come to '{address}' in 1 s") as error:
            run(workers, "toss")
        workers.close()
    assert said == [f"waiting for a Dask worker at {address}, for at most 1 s"]
    assert f"dask worker {address}" in error.value.hint


def test_a_worker_that_comes_late_does_the_work(project, run, tmp_path_factory):
    home = tmp_path_factory.mktemp("late")
    with standing_cluster(home, workers=0) as (address, processes):
        workers = DaskCluster(project, Scheduler(address, wait=600), lambda _: processes.append(worker(address, home)))
        assert run(workers, "toss")["facts"]["accuracy"] == 0.9
        workers.close()


def worker(address: str, home: Path, path: str = "") -> "subprocess.Popen[bytes]":
    return start([*WORK, address], home / "worker", path)


def test_a_worker_of_another_version_is_told(project, run, tmp_path_factory):
    home = tmp_path_factory.mktemp("old")
    (home / "distributed-1.25.0.dist-info").mkdir()
    (home / "distributed-1.25.0.dist-info" / "METADATA").write_text("Name: distributed\nVersion: 1.25.0\n")
    with standing_cluster(home, workers=0) as (address, processes):
        processes.append(worker(address, home, str(home)))
        workers = DaskCluster(project, Scheduler(address, wait=600), [].append)
        with pytest.raises(SourceError, match=r"the Dask worker at .* has distributed 1\.25\.0, and this machine 20"):
            run(workers, "toss")
        workers.close()


def test_what_a_worker_does_not_understand_is_told(project, address, run, monkeypatch):
    class Misread:
        def __call__(self) -> None: ...

        def __reduce__(self):
            return int, ("seven",)  # what is sent is read by a call that fails

    workers = DaskCluster(project, Scheduler(address))
    workers.greet()
    monkeypatch.setattr(DaskCluster, "run_once", lambda *_: workers.client.submit(Misread()).result())
    result = run(workers, "toss")
    workers.close()
    assert result["problem"].startswith("a Dask worker cannot run it: ")
    assert "requirements-cluster.txt" in result["hint"]


def test_of_python_two_numbers_count():
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    with pytest.raises(SourceError, match=rf"the worker has python 3\.1, and this machine {here}"):
        compare_versions("the worker", {"python": "3.1.4.final.0"})
    with pytest.raises(SourceError, match="the worker has dask none, and this machine 20"):
        compare_versions("the worker", {"python": f"{here}.99.final.0"})


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> list[tuple[str, str]]:
    """Return the files of two certificates, each signed by itself and so its own authority, and of their keys."""
    folder, kind = (
        tmp_path_factory.mktemp("tls"),
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    )
    pairs = [(str(folder / f"{name}.pem"), str(folder / f"{name}.key")) for name in ("ours", "theirs")]
    for file, key in pairs:
        command = ["openssl", "req", "-x509", *kind, "-subj", "/CN=lectern", "-out", file, "-keyout", key]
        subprocess.run(command, check=True, capture_output=True)
    return pairs


def test_a_connection_is_encrypted_with_certificates(project, run, tmp_path_factory, certificates):
    (own, key), theirs = certificates
    options = ["--tls-ca-file", own, "--tls-cert", own, "--tls-key", key]
    with standing_cluster(tmp_path_factory.mktemp("tls"), 1, options, "tls") as (address, _):
        assert address.startswith("tls://")
        workers = DaskCluster(project, Scheduler(address, own, own, key))
        assert run(workers, "toss")["facts"]["accuracy"] == 0.9
        workers.close()
        with pytest.raises(SourceError, match=f"no Dask scheduler answers at '{address}'") as error:
            DaskCluster(project, Scheduler(address, own, *theirs), timeout=1)
        assert "\n" not in error.value.problem


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:port", "127.0.0.1", "tcp://", "::::", " ", "x\ny:1", "ucx://127.0.0.1:9"]
)
def test_what_is_no_address_is_told_at_once(project, address):
    with pytest.raises(SourceError, match="is no address of a Dask scheduler"):
        DaskCluster(project, Scheduler(address))


def test_certificates_that_are_missing_unusable_or_unused_are_told(project, certificates, tmp_path):
    own, key = certificates[0]
    missing = "'tls://127.0.0.1:9' is encrypted, which takes the authority's certificate and one of your own"
    torn = str(tmp_path / "torn.pem")
    Path(torn).write_text("-----BEGIN CERTIFICATE-----\n")
    for address, files, problem in [
        ("tls://127.0.0.1:9", (), missing),
        ("tls://127.0.0.1:9", (own,), missing),
        ("tls://127.0.0.1:9", (own, f"{own}.not"), f"the certificates {own}, {own}.not cannot be used: No such file"),
        ("tls://127.0.0.1:9", (own, torn), f"the certificates {own}, {torn} cannot be used: "),
        ("tcp://127.0.0.1:9", (own, own, key), "certificates are given, and 'tcp://127.0.0.1:9' is not encrypted"),
    ]:
        with pytest.raises(SourceError) as error:
            DaskCluster(project, Scheduler(address, *files), timeout=1)
        assert error.value.problem.startswith(problem)
        assert error.value.hint
