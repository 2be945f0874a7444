"""The connection of a build to a Dask scheduler: encrypted or not, and watched while the build waits for results.

What is wrong with scheduler or workers as a whole ends the build with one error: a scheduler that is gone, no worker
for too long, other versions of Python or Dask than here.
"""

import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from distributed import Client
from distributed.security import Security
from distributed.versions import VersionMismatchWarning, get_versions

from generator.engine.workers import Scheduler
from generator.errors import SourceError

ADDRESS = re.compile(r"((tcp|tls|wss?)://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}/?")
PAUSE = 1.0  # seconds between two looks at scheduler and workers
ANSWER_TIME = 20  # seconds that the scheduler has for an answer
COMPARED_PACKAGES = ("python", "dask", "distributed", "cloudpickle")  # what sends functions by value depends on them
SAME_VERSIONS = "set the cluster up from setup/requirements-cluster.txt, with the same Python"


def connect(scheduler: Scheduler, timeout: float) -> Client:
    """Return a client of a scheduler that answers within `timeout` seconds; raise SourceError if none does."""
    address = scheduler.address
    if not ADDRESS.fullmatch(address):  # Dask would wait for ever for some of them
        raise SourceError(f"'{address[:200]}' is no address of a Dask scheduler", hint="write tcp://host:8786")
    security = security_of(scheduler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)  # `compare_versions` tells it in one line
            return Client(address, timeout=timeout, set_as_default=False, security=security)
    except (OSError, ValueError) as error:
        hint = "start one with: dask scheduler"
        if address.startswith("tls:"):
            hint += "; are its certificates signed by the one of --tls-ca, and is yours?"
        problem = f"no Dask scheduler answers at '{address}': {' '.join(str(error).split())}"
        raise SourceError(problem, hint=hint) from None


def security_of(scheduler: Scheduler) -> Security:
    """Return how connections are encrypted: by the files that are given, or as Dask's own configuration has it.

    Raises SourceError for certificates that are missing or cannot be used, and for an address that would not use them.
    """
    names = ("tls_ca_file", "tls_client_cert", "tls_client_key")
    given = zip(names, (scheduler.tls_ca, scheduler.tls_cert, scheduler.tls_key), strict=True)
    files = {name: path for name, path in given if path}
    is_encrypted = scheduler.address.startswith("tls:")
    if files and not is_encrypted:
        problem = f"certificates are given, and '{scheduler.address}' is not encrypted"
        raise SourceError(problem, hint="write tls:// in front of the host")
    try:
        security = Security(**files)
        has_context = security.get_connection_args("client")["ssl_context"] is not None
    except (OSError, ValueError) as error:  # among them all errors of TLS
        reason = error.strerror or error if isinstance(error, OSError) else error
        problem = f"the certificates {', '.join(files.values())} cannot be used: {' '.join(str(reason).split())}"
        raise SourceError(problem, hint="they are PEM files: the authority's, and your own with its key") from None
    if is_encrypted and not has_context:
        problem = f"'{scheduler.address}' is encrypted, which takes the authority's certificate and one of your own"
        hint = "--tls-ca, --tls-cert and --tls-key name the files (TLS_CA=… TLS_CERT=… TLS_KEY=… with make)"
        raise SourceError(problem, hint=hint)
    return security


def compare_versions(called: str, packages: Mapping[str, str | None]) -> None:
    """Raise SourceError if a scheduler or a worker, `called` so, has other versions than this machine.

    packages: its versions, by the names that Dask gives them.
    """
    here = get_versions()["packages"]
    for name in COMPARED_PACKAGES:
        theirs, ours = (version_of(name, versions.get(name)) for versions in (packages, here))
        if theirs != ours:
            raise SourceError(f"{called} has {name} {theirs}, and this machine {ours}", hint=SAME_VERSIONS)


def version_of(package: str, version: str | None) -> str:
    """Return as much of a version as must be equal: of Python's, two numbers."""
    text = version or "none"
    return ".".join(text.split(".")[:2]) if package == "python" else text


class Attendance:
    """Whether a scheduler and its workers are there, asked again and again by all threads that wait for results.

    say: prints a line. patience: how many seconds without any worker are too many.
    """

    def __init__(self, client: Client, address: str, say: Callable[[str], None], patience: float) -> None:
        self.client, self.address, self.say, self.patience = client, address, say, patience
        self.lock = threading.Lock()
        self.next_look = 0.0
        self.missing_since: float | None = None
        self.compared: set[str] = set()
        self.problem: SourceError | None = None
        compare_versions(f"the Dask scheduler at '{address}'", self.ask(client.scheduler.versions)["packages"])

    def check(self, *, at_once: bool = False) -> None:
        """Raise SourceError if the build cannot go on; look at most once in PAUSE seconds, unless `at_once`."""
        with self.lock:
            if self.problem is None and (at_once or time.monotonic() >= self.next_look):
                try:
                    self.look()
                except SourceError as error:
                    self.problem = error
                self.next_look = time.monotonic() + PAUSE
            if self.problem is not None:
                raise self.problem

    def look(self) -> None:
        """Raise SourceError if the scheduler is gone, if there is no worker for too long, or one of other versions."""
        workers = self.ask(self.client.scheduler.ncores)
        if workers:
            self.missing_since = None
            self.compare_workers(workers.keys() - self.compared)
        elif self.missing_since is None:
            self.missing_since = time.monotonic()
            self.say(f"waiting for a Dask worker at {self.address}, for at most {self.patience:g} s")
        elif time.monotonic() - self.missing_since >= self.patience:
            problem = f"no Dask worker has come to '{self.address}' in {self.patience:g} s"
            hint = f"start one with: dask worker {self.address}; --wait gives it more time (WAIT=600 with make)"
            raise SourceError(problem, hint=hint)

    def compare_workers(self, addresses: Iterable[str]) -> None:
        """Raise SourceError if one of the workers at these addresses has other versions than this machine."""
        if new := sorted(addresses):
            message = {"op": "versions", "packages": []}
            found = self.ask(self.client.scheduler.broadcast, msg=message, workers=new, on_error="ignore")
            for address, versions in found.items():
                compare_versions(f"the Dask worker at {address}", versions["packages"])
            self.compared.update(found)

    def ask(self, question: Callable[..., Any], **arguments: Any) -> Any:
        """Return what the scheduler answers; raise SourceError if it is gone."""
        self.wait_for_connection()
        try:
            return self.client.sync(question, callback_timeout=ANSWER_TIME, **arguments)
        except (OSError, RuntimeError):  # no answer in time, or a connection that breaks just now
            self.wait_for_connection()
            raise self.gone() from None

    def wait_for_connection(self) -> None:
        """Wait while the client tries to reach a lost scheduler again; raise SourceError when it gives up."""
        while self.client.status == "connecting":
            time.sleep(PAUSE / 10)
        if self.client.status != "running":
            raise self.gone()

    def gone(self) -> SourceError:
        """Return the error for a scheduler that is gone."""
        problem = f"the Dask scheduler at '{self.address}' does not answer any more"
        return SourceError(problem, hint="start it again, then build again: what was finished is kept")
