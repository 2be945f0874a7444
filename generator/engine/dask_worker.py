"""The functions that run on a Dask worker, and what runs in the scheduler.

They are sent by value, together with those of `local_workers`; other than that they may use the standard library
and Dask only.
"""

import asyncio
import io
import json
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distributed.diagnostics.plugin import SchedulerPlugin

from generator.engine.local_workers import ForkServer, ForkServers, read_end

PROJECT, INPUTS = "@project", "@inputs"  # placeholders in a job's text for folders of the worker
Product = tuple[str, str, dict[str, bytes]]  # a result as JSON, the log, the files by name


class WorkerState:
    """What a worker keeps between jobs: the unpacked projects, in `folder`, and the fork servers.

    Each build has its own, by its name, also builds of equal code: one that ends leaves the others alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.servers = ForkServers()
        self.ended: set[str] = set()

    def project(self, build: str, archive: bytes) -> Path:
        """Return the folder of a build's project; unpack the archive if it is not there yet.

        Raises InterruptedError if the build has ended.
        """
        with self.lock:
            if build in self.ended:
                raise InterruptedError("the build has ended")
            place = self.folder / build
            if not place.is_dir():
                self.folder.mkdir(parents=True, exist_ok=True)
                fresh = Path(tempfile.mkdtemp(dir=self.folder))
                zipfile.ZipFile(io.BytesIO(archive)).extractall(fresh)
                fresh.rename(place)
            return place

    def server(self, build: str, project: Path, modules: tuple[str, ...], scratch: Path) -> ForkServer:
        """Return the fork server of a build for these modules; raise InterruptedError if the build has ended."""
        with self.lock:
            if build in self.ended:
                raise InterruptedError("the build has ended")
            return self.servers.find(project, modules, scratch)

    def clear(self, build: str) -> None:
        """End the fork servers of a build with their jobs, and remove its folder."""
        with self.lock:
            self.ended.add(build)
            self.servers.close(self.folder / build)
            shutil.rmtree(self.folder / build, ignore_errors=True)


def worker_state(worker: Any) -> WorkerState:
    """Return the state of a worker, created at the first call."""
    state: WorkerState = worker.__dict__.setdefault(
        "lectern_workbench", WorkerState(Path(worker.local_directory) / "lectern")
    )
    return state


def run_portable_job(
    build: str,
    archive: bytes,
    text: str,
    inputs: Mapping[str, bytes],
    named: Mapping[str, bytes],
    modules: tuple[str, ...],
) -> Product:
    """Run a job on this worker, and return its result, log and files.

    build: its name. archive: of its project. text: see `PortableJob`. inputs: files by digest. named: files that the
    lecture names, by path in the project. modules: what the job's process has to have imported.
    """
    from distributed import get_worker

    state = worker_state(get_worker())
    project = state.project(build, archive)
    scratch = project / ".lectern" / "scratch"  # hidden, as on one machine: what lies there is no file of the project
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=scratch))
    try:
        for name, content in named.items():
            write_named(project / name, content)
        (folder / "inputs").mkdir()
        for name, content in inputs.items():
            (folder / "inputs" / name).write_bytes(content)
        places = ((PROJECT, str(project)), (INPUTS, str(folder / "inputs")))
        for mark, place in places:
            text = text.replace(json.dumps(mark)[:-1], json.dumps(place)[:-1])
        server = state.server(build, project, modules, scratch)
        return collect_outputs(folder, server.run(folder, text), read_end(server.log))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def greet() -> None:
    """Do nothing: that it runs shows that there is a worker which understands what it is sent."""


def write_named(path: Path, content: bytes) -> None:
    """Write a file that a lecture names to its path in the project, atomically: other jobs may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=path.parent)) / "file"
    fresh.write_bytes(content)
    fresh.replace(path)
    fresh.parent.rmdir()


def collect_outputs(folder: Path, result: str, log: str) -> Product:
    """Return a job's result (empty if its process was killed), log and files."""
    out = folder / "out"
    files = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} if out.is_dir() else {}
    return result, log + read_end(folder / "log.txt"), files


def clear(build: str, dask_worker: Any = None) -> None:
    """End the jobs of a build on a worker and remove its files; Dask passes the worker as `dask_worker`."""
    worker_state(dask_worker).clear(build)


class BuildWatch(SchedulerPlugin):  # type: ignore[misc]
    """Clears a build's jobs and files off all workers when its client is gone, also when the build was killed.

    It runs in the scheduler. message: what the scheduler sends the workers for that.
    """

    def __init__(self, build: str, client: str, message: Mapping[str, Any]) -> None:
        self.name, self.client, self.message = f"lectern-{build}", client, dict(message)

    def remove_client(self, scheduler: Any, client: str) -> None:
        """Notice that a client is gone, for whatever reason."""
        if client == self.client:
            self.clearing = asyncio.ensure_future(self.clear_workers(scheduler))

    async def clear_workers(self, scheduler: Any) -> None:
        """Let each worker clear the build, and leave the scheduler."""
        await scheduler.broadcast(msg=self.message, on_error="ignore")
        scheduler.remove_plugin(self.name)
