"""What a Dask worker does with a job; it travels to the worker by value, and imports the standard library alone."""

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

PROJECT, INPUTS = "@project", "@inputs"  # in the text of a job: the folders that only the worker knows
Product = tuple[str, str, dict[str, bytes]]  # the text of a result, the log, the files


class WorkerState:
    """What one worker keeps between jobs: where it unpacked which project, and the fork servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.servers = ForkServers()

    def project(self, digest: str, archive: bytes) -> Path:
        """Return the folder of a project, unpacked when it is first asked for."""
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
    """Return the workbench of a worker, made when it is first asked for."""
    bench: WorkerState = worker.__dict__.setdefault(
        "lectern_workbench", WorkerState(Path(worker.local_directory) / "lectern")
    )
    return bench


def run_portable_job(
    digest: str,
    archive: bytes,
    text: str,
    inputs: Mapping[str, bytes],
    named: Mapping[str, bytes],
    modules: tuple[str, ...],
) -> Product:
    """Run a job on this worker; return its result, its log and its files."""
    from distributed import get_worker

    bench = worker_state(get_worker())
    project = bench.project(digest, archive)
    folder = Path(tempfile.mkdtemp(dir=project))
    try:
        for name, content in named.items():
            keep_named(project / name, content)
        (folder / "inputs").mkdir()
        for name, content in inputs.items():
            (folder / "inputs" / name).write_bytes(content)
        places = ((PROJECT, str(project)), (INPUTS, str(folder / "inputs")))
        for mark, place in places:
            text = text.replace(json.dumps(mark)[:-1], json.dumps(place)[:-1])
        server = bench.servers.find(project, modules, project)
        return collect(folder, server.run(folder, text), read_end(server.log))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep_named(path: Path, content: bytes) -> None:
    """Write a file that a lecture names to its place in the project, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=path.parent)) / "file"
    fresh.write_bytes(content)
    fresh.replace(path)
    fresh.parent.rmdir()


def collect(folder: Path, result: str, log: str) -> Product:
    """Return what a job left: its result, empty where it was ended from outside, its log and its files."""
    out = folder / "out"
    files = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} if out.is_dir() else {}
    return result, log + read_end(folder / "log.txt"), files


def clear(digest: str, dask_worker: Any = None) -> None:
    """End on a worker, which Dask gives, what belongs to a project."""
    worker_state(dask_worker).clear(digest)
