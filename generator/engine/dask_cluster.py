"""A crew of Dask workers: the same tasks and the same bytes, on machines that share no file system.

What a job needs travels with it: the project's code as one archive, data sets and results by their digests. A worker
unpacks the archive once and runs jobs there as a build on one machine does, in children of a fork server.
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

from generator.disk import installed_version
from generator.engine import dask_worker, local_workers
from generator.engine.workers import Workers
from generator.errors import SourceError

CODE = ("generator", "figures", "lectures")
LEFT_OUT = ("__pycache__", ".md")
TRIES = 4  # a job that has lost so many workers is the cause of it
LOST = (FutureCancelledError, CommClosedError, KilledWorker, OSError)

# Workers need nothing of ours installed: the functions that they run travel as they are.
cloudpickle.register_pickle_by_value(local_workers)
cloudpickle.register_pickle_by_value(dask_worker)


class PickledByValue:
    """A function that a worker gets by value: what unpickles is the function itself, of a module it does not have."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.__name__ = function, function.__name__

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the function here."""
        return self.function(*arguments, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how pickle makes the function there."""
        return cloudpickle.loads, (cloudpickle.dumps(self.function),)


def sent_files(project: Path) -> Iterator[Path]:
    """Yield the files of the project that workers get."""
    for root in CODE:
        for path in sorted((project / root).rglob("*")):
            if path.is_file() and not any(part.endswith(LEFT_OUT) for part in path.relative_to(project).parts):
                yield path


def stamps_of(project: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of each file that workers get: whoever edits one changes them."""
    stats = {str(path): path.stat() for path in sent_files(project)}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}


def pack_project(project: Path) -> bytes:
    """Return a zip archive of the project's code and data, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sent_files(project):
            entry = zipfile.ZipInfo(path.relative_to(project).as_posix(), (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, path.read_bytes())
    return stream.getvalue()


class PortableJob:
    """A job in terms of nobody's folders: its text, with the digests of its files for their paths."""

    def __init__(self, job: Mapping[str, Any], project: Path) -> None:
        self.files: dict[str, Path] = {}  # by digest: what is written beside the job
        self.named: dict[str, Path] = {}  # by path in the project: what the lecture names by `file(…)`
        results = {name: {**entry, "arrays": self.add(entry["arrays"])} for name, entry in dict(job["results"]).items()}
        for argument in job["arguments"].values():
            if argument["form"] == "file":
                self.named[argument["value"]] = project / argument["value"]
        dataset = self.add(job["dataset"])
        self.text = json.dumps({**job, "results": results, "dataset": dataset, "project": dask_worker.PROJECT})

    def add(self, path: str) -> str:
        """Return what stands in the job for the file `path`; an empty path stands for itself."""
        if not path:
            return ""
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        self.files[digest] = Path(path)
        return f"{dask_worker.INPUTS}/{digest}"


class DaskCluster(Workers):
    """The workers behind the Dask scheduler at `address`."""

    def __init__(self, project: Path, address: str) -> None:
        """Connect; raise SourceError where there is no scheduler."""
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
        self.slots = max(16, 2 * threads)  # more than there are: a cluster grows by what waits

    def free_memory(self) -> float:
        """Return infinity: which job fits on which worker is the scheduler's to know."""
        return float("inf")

    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` on a worker, and on another when that is lost; see `Workers.run`."""
        parcel = PortableJob(job, self.project)
        for attempt in range(TRIES):
            try:
                result, log, outputs = self.attempt(parcel, modules)
                break
            except LOST as error:
                if attempt == TRIES - 1 or self.closed:
                    lost = f"its workers were lost {attempt + 1} times"
                    return {"problem": lost, "hint": "have they enough memory?", "traceback": repr(error)}
                self.forget()
        if stamps_of(self.project) != self.stamps:
            problem = "the project's code has changed since it was sent to the workers"
            return {"problem": problem, "hint": "build again", "traceback": ""}
        for name, content in outputs.items():
            (folder / "out").mkdir(exist_ok=True)
            (folder / "out" / name).write_bytes(content)
        return result_of(result, log)

    def attempt(self, parcel: PortableJob, modules: Sequence[str]) -> dask_worker.Product:
        """Run a parcel once."""
        inputs = {digest: self.place(digest, path.read_bytes) for digest, path in parcel.files.items()}
        named = {name: path.read_bytes() for name, path in parcel.named.items()}
        archive = self.place(self.digest, lambda: self.archive)
        future = self.client.submit(
            PickledByValue(dask_worker.run_portable_job),
            self.digest,
            archive,
            parcel.text,
            inputs,
            named,
            tuple(modules),
            pure=False,
        )
        product: dask_worker.Product = future.result()
        return product

    def place(self, digest: str, read: Callable[[], bytes]) -> Future[bytes]:
        """Return the place of some bytes on the workers, where they are put when they are first asked for."""
        with self.lock:
            if digest not in self.placed:
                self.placed[digest] = self.client.scatter(read(), broadcast=True, hash=False)
            return self.placed[digest]

    def forget(self) -> None:
        """Put everything onto the workers anew: one that had the only copy of something may be lost."""
        with self.lock:
            self.placed = {}

    def close(self) -> None:
        """Leave the cluster as it was found: end the fork servers of this project, and let go of its data."""
        self.closed = True
        if self.client.status == "running":
            self.client.run(PickledByValue(dask_worker.clear), self.digest)
            self.client.close()


def result_of(text: str, log: str) -> dict[str, Any]:
    """Return a job's result; one that was made with other libraries than ours is refused."""
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
