"""Runs jobs on Dask workers: the same tasks and the same bytes as on one machine, without a shared file system.

Everything that a job needs is sent along: the project's code as one archive, data sets and results by their digests. A
worker unpacks the archive once and runs jobs in it as a local build does, in children of a fork server.
"""

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cloudpickle
from distributed import Client
from distributed.client import Future, FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from generator.disk import Stamp, installed_version, take_stamp
from generator.engine import dask_worker, local_workers
from generator.engine.workers import Workers
from generator.errors import SourceError

SENT_FOLDERS = ("generator", "figures", "lectures")
SKIPPED_ENDINGS = ("__pycache__", ".md")
MAX_ATTEMPTS = 4  # a job that has lost this many workers is probably the reason
WORKER_LOST_ERRORS = (FutureCancelledError, CommClosedError, KilledWorker, OSError)

# The functions that workers run are sent by value, so none of our code need be installed there.
cloudpickle.register_pickle_by_value(local_workers)
cloudpickle.register_pickle_by_value(dask_worker)


class PickledByValue:
    """A function that is pickled by value: it unpickles to the function itself, even where its module is missing."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.__name__ = function, function.__name__

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the function in this process."""
        return self.function(*arguments, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what pickle calls on the worker to restore the function."""
        return cloudpickle.loads, (cloudpickle.dumps(self.function),)


def sent_files(project: Path) -> Iterator[Path]:
    """Yield the files of the project that are sent to workers."""
    for root in SENT_FOLDERS:
        for path in sorted((project / root).rglob("*")):
            if path.is_file() and not any(part.endswith(SKIPPED_ENDINGS) for part in path.relative_to(project).parts):
                yield path


def stamps_of(project: Path) -> dict[str, Stamp]:
    """Return the stamp of each file that is sent to workers, to notice edits."""
    return {str(path): take_stamp(str(path)) for path in sent_files(project)}


def pack_project(project: Path) -> bytes:
    """Return a zip archive of the project's code and data; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sent_files(project):
            entry = zipfile.ZipInfo(path.relative_to(project).as_posix(), (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, path.read_bytes())
    return stream.getvalue()


class PortableJob:
    """A job as JSON (`text`) that holds no path of this machine: placeholders stand for folders, digests for files."""

    def __init__(self, job: Mapping[str, Any], project: Path) -> None:
        self.files: dict[str, Path] = {}  # by digest: files that the worker writes beside the job
        self.named: dict[str, Path] = {}  # by path in the project: files that the lecture names by `file(…)`
        results = {name: {**entry, "arrays": self.add(entry["arrays"])} for name, entry in dict(job["results"]).items()}
        for argument in job["arguments"].values():
            if argument["form"] == "file":
                self.named[argument["value"]] = project / argument["value"]
        dataset = self.add(job["dataset"])
        self.text = json.dumps({**job, "results": results, "dataset": dataset, "project": dask_worker.PROJECT})

    def add(self, path: str) -> str:
        """Add the file `path`, and return what replaces the path in the job; an empty path is left empty."""
        if not path:
            return ""
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        self.files[digest] = Path(path)
        return f"{dask_worker.INPUTS}/{digest}"


class DaskCluster(Workers):
    """The workers of the Dask scheduler at `address`."""

    def __init__(self, project: Path, address: str) -> None:
        """Connect to the scheduler; raise SourceError if there is none."""
        try:
            self.client = Client(address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            hint = "start one with: dask scheduler"
            raise SourceError(f"no Dask scheduler answers at '{address}': {error}", hint=hint) from None
        self.project, self.lock, self.closed = project, threading.Lock(), False
        self.stamps = stamps_of(project)
        self.archive = pack_project(project)
        self.digest = hashlib.sha256(self.archive).hexdigest()
        self.placed: dict[str, Future[bytes]] = {}
        threads = sum(self.client.nthreads().values())
        self.slots = max(16, 2 * threads)  # more than there are threads: an adaptive cluster grows when jobs wait

    def free_memory(self) -> float:
        """Return infinity: the Dask scheduler decides which job fits on which worker."""
        return float("inf")

    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` on a worker, and again on another if that one is lost; see `Workers.run`."""
        portable = PortableJob(job, self.project)
        for attempt in range(MAX_ATTEMPTS):
            try:
                result, log, outputs = self.run_once(portable, modules)
                break
            except WORKER_LOST_ERRORS as error:
                if attempt == MAX_ATTEMPTS - 1 or self.closed:
                    lost = f"its workers were lost {attempt + 1} times"
                    return {"problem": lost, "hint": "have they enough memory?", "traceback": repr(error)}
                self.forget_placed()
        if stamps_of(self.project) != self.stamps:
            problem = "the project's code has changed since it was sent to the workers"
            return {"problem": problem, "hint": "build again", "traceback": ""}
        for name, content in outputs.items():
            (folder / "out").mkdir(exist_ok=True)
            (folder / "out" / name).write_bytes(content)
        return unless_unsent(result_of(result, log), self.project)

    def run_once(self, portable: PortableJob, modules: Sequence[str]) -> dask_worker.Product:
        """Run a job once, and return its result, log and files."""
        inputs = {digest: self.place(digest, path.read_bytes) for digest, path in portable.files.items()}
        named = {name: path.read_bytes() for name, path in portable.named.items()}
        archive = self.place(self.digest, lambda: self.archive)
        future = self.client.submit(
            PickledByValue(dask_worker.run_portable_job),
            self.digest,
            archive,
            portable.text,
            inputs,
            named,
            tuple(modules),
            pure=False,
        )
        product: dask_worker.Product = future.result()
        return product

    def place(self, digest: str, read: Callable[[], bytes]) -> Future[bytes]:
        """Return a future of the bytes that `read` returns; they are sent to all workers the first time."""
        with self.lock:
            if digest not in self.placed:
                self.placed[digest] = self.client.scatter(read(), broadcast=True, hash=False)
            return self.placed[digest]

    def forget_placed(self) -> None:
        """Send all data again when it is next needed: the lost worker may have had the only copy."""
        with self.lock:
            self.placed = {}

    def close(self) -> None:
        """Leave the cluster as it was: end the fork servers of this project, and remove its files and data."""
        self.closed = True
        if self.client.status == "running":
            self.client.run(PickledByValue(dask_worker.clear), self.digest)
            self.client.close()


def result_of(text: str, log: str) -> dict[str, Any]:
    """Return a job's result; a failure if it was made with other versions of libraries than are installed here."""
    if not text:
        return local_workers.ended_early(log)
    result: dict[str, Any] = json.loads(text)
    for name, version in result.get("packages", {}).items():
        if installed_version(name) != version:
            problem = f"a worker has {name} {version}, and this machine {installed_version(name) or 'none'}"
            return {
                "problem": problem,
                "hint": "set the workers up from setup/requirements-cluster.txt",
                "traceback": "",
            }
    return result


def unless_unsent(result: dict[str, Any], project: Path) -> dict[str, Any]:
    """Return a job's result; a failure if it has looked for a file that is here and was not sent to its worker."""
    for name, digest in result.get("observed", {}).items():
        if not digest and (project / name).exists():
            problem = f"it looks for {name}, which is not sent to workers"
            return {"problem": problem, "hint": f"let the lecture name it: file({name})", "traceback": ""}
    return result
