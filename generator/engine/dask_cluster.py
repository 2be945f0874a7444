"""Runs jobs on Dask workers: the same tasks and the same bytes as on one machine, without a shared file system.

Everything that a job needs is sent along: the project's code as one archive, data sets and results by their digests. A
worker unpacks the archive once and runs jobs in it as a local build does, in children of a fork server.
"""

import contextlib
import hashlib
import io
import json
import operator
import pickle
import secrets
import threading
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cloudpickle
from distributed.client import ClosedClientError, Future, FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from generator.disk import Stamp, installed_version, take_stamp
from generator.engine import dask_worker, local_workers
from generator.engine.dask_scheduler import ANSWER_TIME, PAUSE, SAME_VERSIONS, Attendance, connect
from generator.engine.workers import Scheduler, Workers
from generator.errors import SourceError
from generator.roots import CODE_FOLDERS, find_in_roots, roots_of

SKIPPED_ENDINGS = ("__pycache__", ".md")
MAX_ATTEMPTS = 4  # a job that has lost this many workers is probably the reason
WORKER_LOST_ERRORS = (FutureCancelledError, ClosedClientError, CommClosedError, KilledWorker, OSError)

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


def sent_files(project: Path) -> dict[str, Path]:
    """Return the files that are sent to workers by the paths that they have there: the project's, and its library's.

    A file of the project hides one of the same path in the library, as it does here.
    """
    found: dict[str, Path] = {}
    for root in reversed(roots_of(project)):
        for path in (path for folder in CODE_FOLDERS for path in (root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if path.is_file() and not any(part.endswith(SKIPPED_ENDINGS) for part in parts):
                found["/".join(parts)] = path
    return dict(sorted(found.items()))


def stamps_of(project: Path) -> dict[str, Stamp]:
    """Return the stamp of each file that is sent to workers, to notice edits."""
    return {str(path): take_stamp(str(path)) for path in sent_files(project).values()}


def pack_project(project: Path) -> bytes:
    """Return a zip archive of the code and data of a project and its library; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sent_files(project).items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
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


class SentBuildWatch(dask_worker.BuildWatch):
    """A BuildWatch that is pickled by value, as the scheduler has nothing of ours."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what pickle calls in the scheduler to restore the plugin."""
        made_of = (self.name.removeprefix("lectern-"), self.client, self.message)
        return operator.call, (PickledByValue(dask_worker.BuildWatch), *made_of)


class DaskCluster(Workers):
    """The workers of a Dask scheduler; `say` prints a line of progress."""

    def __init__(
        self, project: Path, scheduler: Scheduler, say: Callable[[str], None] = print, *, timeout: float = 10
    ) -> None:
        """Connect to the scheduler; raise SourceError if it does not answer within `timeout` seconds."""
        self.client = connect(scheduler, timeout)
        try:
            self.attendance = Attendance(self.client, scheduler.address, say, scheduler.wait)
        except SourceError:
            self.client.close()
            raise
        self.project, self.lock, self.closed = project, threading.Lock(), False
        self.greeting, self.is_greeted = threading.Lock(), False
        self.stamps = stamps_of(project)
        self.archive = pack_project(project)
        self.digest = hashlib.sha256(self.archive).hexdigest()
        self.build = f"{self.digest[:16]}-{secrets.token_hex(8)}"
        self.client.register_plugin(SentBuildWatch(self.build, self.client.id, self.clearing()))
        self.placed: dict[str, Future[bytes]] = {}
        threads = sum(self.client.nthreads().values())
        self.slots = max(16, 2 * threads)  # more than there are threads: an adaptive cluster grows when jobs wait

    def free_memory(self) -> float:
        """Return infinity: the Dask scheduler decides which job fits on which worker."""
        return float("inf")

    def run(self, folder: Path, job: Mapping[str, Any], modules: Sequence[str]) -> dict[str, Any]:
        """Run `job` on a worker, and again on another if that one is lost; see `Workers.run`."""
        portable = PortableJob(job, self.project)
        try:
            self.greet()
            result, log, outputs = self.run_again_if_lost(portable, modules)
        except SourceError:
            raise
        except WORKER_LOST_ERRORS as error:
            lost = f"its workers were lost {MAX_ATTEMPTS} times" if not self.closed else "the build was stopped"
            return {"problem": lost, "hint": "have they enough memory?", "traceback": repr(error)}
        except Exception as error:  # what was sent is not understood there, say
            problem = f"a Dask worker cannot run it: {type(error).__name__}: {' '.join(str(error).split())}"
            return {"problem": problem, "hint": SAME_VERSIONS, "traceback": repr(error)}
        if stamps_of(self.project) != self.stamps:
            problem = "the project's code has changed since it was sent to the workers"
            return {"problem": problem, "hint": "build again", "traceback": ""}
        for name, content in outputs.items():
            (folder / "out").mkdir(exist_ok=True)
            (folder / "out" / name).write_bytes(content)
        return {**unless_unsent(result_of(result, log), self.project), "printed": log.strip()}

    def run_again_if_lost(self, portable: PortableJob, modules: Sequence[str]) -> dask_worker.Product:
        """Return what `run_once` does; raise one of WORKER_LOST_ERRORS if MAX_ATTEMPTS workers were lost.

        Raises SourceError if the scheduler is gone, too.
        """
        for _ in range(MAX_ATTEMPTS - 1):
            try:
                return self.run_once(portable, modules)
            except WORKER_LOST_ERRORS:
                if self.closed:
                    raise
                self.attendance.wait_for_connection()
                self.forget_placed()
        return self.run_once(portable, modules)

    def run_once(self, portable: PortableJob, modules: Sequence[str]) -> dask_worker.Product:
        """Run a job once, and return its result, log and files."""
        inputs = {digest: self.place(digest, path.read_bytes) for digest, path in portable.files.items()}
        named = {name: path.read_bytes() for name, path in portable.named.items()}
        archive = self.place(self.digest, lambda: self.archive)
        job = (self.build, archive, portable.text, inputs, named, tuple(modules))
        product: dask_worker.Product = self.answer(dask_worker.run_portable_job, *job)
        return product

    def answer(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a function returns on a worker; raise SourceError if scheduler or workers stay away meanwhile."""
        future = self.client.submit(PickledByValue(function), *arguments, pure=False)
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while not (done.wait(PAUSE) or future.done()):
            self.attendance.check()
        return future.result()

    def greet(self) -> None:
        """Wait until a worker has run a first function, which a cluster that grows with its work waits for.

        Raises SourceError if none comes, or if those that come have other versions than this machine.
        """
        with self.greeting:
            if not self.is_greeted:
                self.attendance.check()
                with contextlib.suppress(*WORKER_LOST_ERRORS):  # the job itself will tell
                    self.answer(dask_worker.greet)
                self.attendance.check(at_once=True)  # the worker may have come since the last look
                self.is_greeted = True

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
        """Leave the cluster as it was: end the jobs of this build, and remove its files and data."""
        self.closed = True
        if self.client.status == "running":
            # Should that fail, the scheduler does the same as soon as it sees that the client is gone.
            with contextlib.suppress(OSError, RuntimeError):
                broadcast = self.client.scheduler.broadcast
                self.client.sync(broadcast, msg=self.clearing(), on_error="ignore", callback_timeout=ANSWER_TIME)
        with contextlib.suppress(OSError):
            self.client.close(timeout=ANSWER_TIME)

    def clearing(self) -> dict[str, Any]:
        """Return the message that lets workers clear this build."""
        function = pickle.dumps(PickledByValue(dask_worker.clear))
        arguments = {"args": pickle.dumps((self.build,)), "kwargs": pickle.dumps({})}
        return {"op": "run", "function": function, **arguments, "wait": True}


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
        if not digest and find_in_roots(name, project).exists():
            problem = f"it looks for {name}, which is not sent to workers"
            return {"problem": problem, "hint": f"let the lecture name it: file({name})", "traceback": ""}
    return result
