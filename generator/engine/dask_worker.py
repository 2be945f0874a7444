"""The functions that run on a Dask worker.

They are sent to it by value, together with those of `local_workers`; other than that they may use the standard library
and Dask only.
"""

import io
import json
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.engine.local_workers import ForkServers, read_end

PROJECT, INPUTS = "@project", "@inputs"  # placeholders in a job's text for folders of the worker
Product = tuple[str, str, dict[str, bytes]]  # a result as JSON, the log, the files by name


class WorkerState:
    """What a worker keeps between jobs: the unpacked projects, in `folder`, and the fork servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.servers = ForkServers()

    def project(self, digest: str, archive: bytes) -> Path:
        """Return the folder of a project; unpack the archive if it is not there yet."""
        with self.lock:
            place = self.folder / digest[:16]
            if not place.is_dir():
                self.folder.mkdir(parents=True, exist_ok=True)
                fresh = Path(tempfile.mkdtemp(dir=self.folder))
                zipfile.ZipFile(io.BytesIO(archive)).extractall(fresh)
                fresh.rename(place)
            return place

    def clear(self, digest: str) -> None:
        """End the fork servers of a project and remove its folder."""
        place = self.folder / digest[:16]
        self.servers.close(place)
        shutil.rmtree(place, ignore_errors=True)


def worker_state(worker: Any) -> WorkerState:
    """Return the state of a worker, created at the first call."""
    state: WorkerState = worker.__dict__.setdefault(
        "lectern_workbench", WorkerState(Path(worker.local_directory) / "lectern")
    )
    return state


def run_portable_job(
    digest: str,
    archive: bytes,
    text: str,
    inputs: Mapping[str, bytes],
    named: Mapping[str, bytes],
    modules: tuple[str, ...],
) -> Product:
    """Run a job on this worker, and return its result, log and files.

    digest, archive: of the project. text: see `PortableJob`. inputs: files by digest. named: files that the lecture
    names, by path in the project. modules: what the job's process has to have imported.
    """
    from distributed import get_worker

    state = worker_state(get_worker())
    project = state.project(digest, archive)
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
        server = state.servers.find(project, modules, scratch)
        return collect_outputs(folder, server.run(folder, text), read_end(server.log))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def clear(digest: str, dask_worker: Any = None) -> None:
    """End the fork servers of a project on a worker and remove its files; Dask passes the worker as `dask_worker`."""
    worker_state(dask_worker).clear(digest)
