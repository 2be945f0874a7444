"""The `watch` command: builds whenever a source is saved, and reloads the open browser at the same slide.

Films that are not made yet are shown as drafts, within seconds; then the films take their place. Pages with a draft are
served, and never written.

The pages are served to this machine only. A served page differs from its file on disk by one script, which asks for the
state of the build, and by a policy that allows it; the file on disk still makes no requests.
"""

import contextlib
import html
import io
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from generator.commands import up_to_date
from generator.commands.output_folder import check_output_folder
from generator.errors import SourceError
from generator.html.head import hash_source, read_template
from generator.roots import CODE_FOLDERS, LIBRARY

PAUSE = 0.2  # seconds between two comparisons of the sources
# All other folders are watched, because a lecture may name any file in them: images, networks, programs.
UNWATCHED_FOLDERS = ("build", "setup")
ENVIRONMENT = "pyvenv.cfg"  # what a folder holds that is a Python environment
# Runs the generator that this one is, wherever it is.
START = f"import sys; sys.path.insert(0, {str(LIBRARY)!r}); from generator.__main__ import run; run()"
STATE = "/state.json"
OWN_HOSTS = ("127.0.0.1", "localhost")
MOST_CONNECTIONS = 64
NOTHING_YET = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Building…</title></head>
<body><p>The first pages are being built. They will stand here as soon as they are there.</p></body></html>
"""
POLICY = re.compile(r"(<meta http-equiv=\"Content-Security-Policy\" content=\")([^\"]*)")


@dataclass(slots=True)
class State:
    """What the browser asks for: how many builds have ended, whether one is running, and the errors of the last.

    drafts: for how many tasks a draft is shown; pages: those that show them, by path, in place of those in files.
    opened: the file names of the pages that browsers have asked for.
    """

    version: int = 0
    building: bool = False
    errors: str = ""
    drafts: int = 0
    pages: Mapping[str, bytes] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)

    def as_json(self) -> bytes:
        """Return what a page asks for."""
        told = {"version": self.version, "building": self.building, "errors": self.errors, "drafts": self.drafts}
        return json.dumps(told).encode()


def with_script(page: str, script: str) -> str:
    """Return `page` with `script` added, and with a policy that allows it to run and to ask this server."""

    def widen(match: re.Match[str]) -> str:
        policy = html.unescape(match[2]).replace("connect-src 'none'", "connect-src 'self'")
        return match[1] + html.escape(policy.replace("script-src ", f"script-src {hash_source(script)} ", 1))

    before, end, after = POLICY.sub(widen, page, count=1).rpartition("</body>")
    return f"{before}<script>{script}</script>{end}{after}" if end else page


class PageHandler(SimpleHTTPRequestHandler):
    """Serves the built pages, and the state as JSON at STATE, to a browser on this machine that asks for them by name.

    A page of the web may make a browser ask this server under another name, which its own name server gives for this
    machine; teachers' pages and notes are among what is served.
    """

    timeout = 10  # seconds for a client to send its request, and to take each piece of the answer

    def __init__(self, state: State, *arguments: object, **named: object) -> None:
        self.state = state
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer one request: with the state, with a page and the watch script in it, or with a file."""
        if not self.is_asked_by_its_name():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif self.path.partition("?")[0] == STATE:
            self.answer(self.state.as_json(), "application/json")
        elif draft := self.state.pages.get(self.name_asked_for()):
            self.answer_page(draft.decode())
        elif (path := self.file_asked_for()) is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif path.suffix == ".html":
            self.answer_page(path.read_text(encoding="utf-8") if path.is_file() else NOTHING_YET)
        elif self.command == "HEAD":
            super().do_HEAD()
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer as `do_GET` does, without the body."""
        self.do_GET()

    def is_asked_by_its_name(self) -> bool:
        """Return whether the request names this server, and comes from a page of its own, if from any."""
        port = self.connection.getsockname()[1]
        hosts = {f"{host}:{port}" for host in OWN_HOSTS}
        origin = self.headers.get("Origin")
        return self.headers.get("Host") in hosts and origin in {None, *(f"http://{host}" for host in hosts)}

    def name_asked_for(self) -> str:
        """Return the path that a request names, from the folder of the pages."""
        return unquote(self.path.partition("?")[0]).lstrip("/")

    def file_asked_for(self) -> Path | None:
        """Return the file that a request names, of a folder its index; None for anything else, and outside the pages.

        An index that is not there yet is returned, too.
        """
        root = Path(self.directory).resolve()
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # a circular link, a null character
            path = Path(self.translate_path(self.path)).resolve()
            path = path / "index.html" if path.is_dir() else path
            is_first = path == root / "index.html"
            if path.is_relative_to(root) and (path.is_file() or is_first):
                return path
        return None

    def answer_page(self, page: str) -> None:
        """Send a page with the watch script in it."""
        self.state.opened.add(self.name_asked_for().rpartition("/")[2])
        self.answer(with_script(page, read_template("watch/watch.js")).encode(), "text/html; charset=utf-8")

    def answer(self, content: bytes, kind: str) -> None:
        """Send `content` of the MIME type `kind`; it must not be cached. To HEAD, only its length is sent."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print no requests: the terminal is for the build."""


class PageServer(ThreadingHTTPServer):
    """Serves each connection in a thread, and at most MOST_CONNECTIONS at once; others are closed."""

    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection, if there is room for it."""
        if self.free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def handle_error(self, *_: object) -> None:
        """Print nothing of a client that went away: the terminal is for the build."""


class Watcher:
    """Builds again whenever a source has changed.

    into: the folder of the pages, which is not watched. build: builds, writes errors to stderr, returns an exit code;
    where it has put drafts into the state, `finish` is called after it, which makes the films, and is given what tells
    whether to stop. close: called before this process becomes another one.
    """

    def __init__(
        self,
        project: Path,
        into: str,
        build: Callable[[], int],
        state: State,
        finish: Callable[[Callable[[], bool]], int] = lambda _: 0,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.project, self.build, self.state, self.finish, self.close = project, build, state, finish, close
        self.unwatched = (*UNWATCHED_FOLDERS, Path(into).parts[0])
        self.generator_state = self.snapshot("generator")

    def snapshot(self, *names: str) -> up_to_date.State:
        """Return the state of the files in the folders `names` of the project (in all that are watched, when empty)."""
        visible = (path for path in self.project.iterdir() if not path.name.startswith("."))
        entries = {path.name for path in visible if not (path / ENVIRONMENT).is_file()}
        watched = sorted({*entries, *CODE_FOLDERS} - {*self.unwatched})
        return up_to_date.snapshot(str(self.project), [], names or tuple(watched))

    def look(self, seen: up_to_date.State) -> up_to_date.State:
        """Build if the state of the sources is not `seen`; return their state now.

        If the generator's own code has changed, this process is replaced by a new one with the same command line.
        """
        now = self.snapshot()
        if now == seen:
            return seen
        if self.snapshot("generator") != self.generator_state:
            self.close()
            os.execv(sys.executable, [sys.executable, "-c", START, *sys.argv[1:]])  # noqa: S606 - ourselves
        self.state.building = True
        self.build_and_tell(self.build)
        if self.state.drafts:

            def is_outdated() -> bool:
                return self.snapshot() != now

            self.build_and_tell(partial(self.finish, is_outdated), is_outdated)
        self.state.building = False
        return now

    def build_and_tell(self, build: Callable[[], int], is_outdated: Callable[[], bool] = lambda: False) -> None:
        """Build, and put what came of it into the state, unless the build has stopped because it is outdated."""
        stderr = io.StringIO()
        started_at = time.process_time()
        with contextlib.redirect_stderr(stderr):
            code = build()
        if code and is_outdated():
            return
        sys.stderr.write(stderr.getvalue())
        sys.stdout.write(f"{time.process_time() - started_at:.1f} s of work\n")
        sys.stdout.flush()
        self.state.errors = stderr.getvalue() if code else ""
        self.state.version += 1

    def watch(self) -> None:
        """Watch until the process is interrupted."""
        seen: up_to_date.State = {}
        while True:
            seen = self.look(seen)
            time.sleep(PAUSE)


def serve(folder: Path, port: int, state: State) -> PageServer:
    """Serve the pages below `folder` on `port` of this machine, in a thread; raise SourceError if that fails."""
    handler = partial(PageHandler, state, directory=str(folder))
    try:
        server = PageServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise SourceError(f"port {port}: {error.strerror}", hint="PORT=… names another one") from None
    except OverflowError:
        raise SourceError(f"there is no port {port}", hint="ports are 1 to 65535") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def watch_course(
    folder: str, names: Sequence[str], *, profile: str, into: str, port: int, given: Sequence[str] = ()
) -> int:
    """Serve and watch the lectures `names` until Ctrl-C; return 1 if they cannot be served.

    names: when empty, those that the course builds by default. given: what is given from outside, as `name=path`.
    """
    project, state = Path(folder), State()
    try:
        server = serve(project / check_output_folder(project, into, "build"), port, state)
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"open http://127.0.0.1:{server.server_port}/ · Ctrl-C ends it\n")
    sys.stdout.flush()
    builder = DraftBuilder(folder, names, state, {"profile": profile, "into": into, "given": given})
    try:
        Watcher(project, into, builder.build, state, builder.finish, builder.workers.end).watch()
    finally:
        builder.workers.end()
    return 0


class DraftBuilder:
    """Builds lectures with drafts in place of the films that are missing, and then with the films.

    names: those of the lectures; when empty, the default ones. state: gets the drafts. options: others of a build.
    """

    def __init__(self, folder: str, names: Sequence[str], state: State, options: Mapping[str, Any]) -> None:
        from generator.engine.drafts import WarmWorkers

        self.folder, self.names, self.state, self.options = folder, names or None, state, options
        self.workers = WarmWorkers(Path(folder))

    def build(self) -> int:
        """Build with drafts, and put their pages into the state; return the exit code."""
        from generator.commands.build import Watching, build_course
        from generator.engine.drafts import Drafts

        with Drafts(self.workers, opened=frozenset(self.state.opened)) as drafts:
            code = build_course(self.folder, self.names, watching=Watching(drafts), **self.options)
        self.state.drafts, self.state.pages = len(drafts.made), drafts.pages
        if drafts.has_films:
            self.workers.warm()
        return code

    def finish(self, is_outdated: Callable[[], bool]) -> int:
        """Build with films, which take the place of the drafts; stop, with 1, once `is_outdated` returns True."""
        from generator.commands.build import Watching, build_course

        code = build_course(self.folder, self.names, watching=Watching(is_outdated=is_outdated), **self.options)
        if not (code and is_outdated()):
            self.state.drafts, self.state.pages = 0, {}
        return code
