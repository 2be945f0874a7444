"""`make watch`: builds when a source is saved, and has the open browser show the same slide anew.

The pages are served on this machine alone. What is served differs from the files on disk by one script, which asks for
the state of the build, and by the policy that lets it: the files themselves still talk to nobody.
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
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from generator.commands import up_to_date
from generator.errors import SourceError
from generator.html.head import hash_source, read_template

PAUSE = 0.2  # seconds between two looks at the sources
NO_SOURCES = ("build", "setup")  # all else in the project a lecture may name: pictures, networks, programs
STATE = "/state.json"
POLICY = re.compile(r"(<meta http-equiv=\"Content-Security-Policy\" content=\")([^\"]*)")


@dataclass(slots=True)
class State:
    """What the browser asks for: how many builds have ended, whether one runs, and what is wrong with the last."""

    version: int = 0
    building: bool = False
    errors: str = ""


def with_script(page: str, script: str) -> str:
    """Return a page with one more script, which its policy lets in and which may ask this server alone."""

    def widen(match: re.Match[str]) -> str:
        policy = html.unescape(match[2]).replace("connect-src 'none'", "connect-src 'self'")
        return match[1] + html.escape(policy.replace("script-src ", f"script-src {hash_source(script)} ", 1))

    before, end, after = POLICY.sub(widen, page, count=1).rpartition("</body>")
    return f"{before}<script>{script}</script>{end}{after}" if end else page


class PageHandler(SimpleHTTPRequestHandler):
    """Serves the built pages and the state."""

    def __init__(self, state: State, *arguments: object, **named: object) -> None:
        self.state = state
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer one request."""
        if self.path.partition("?")[0] == STATE:
            self.answer(json.dumps(asdict(self.state)).encode(), "application/json")
            return
        path = Path(self.translate_path(self.path))
        if path.suffix == ".html" and path.is_file():
            page = with_script(path.read_text(encoding="utf-8"), read_template("watch/watch.js"))
            self.answer(page.encode(), "text/html; charset=utf-8")
            return
        super().do_GET()

    def answer(self, content: bytes, kind: str) -> None:
        """Send `content`, which nobody is to keep."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the build."""


class Watcher:
    """Builds again and again; `build` returns an exit code and writes its errors to stderr.

    into: the folder of the pages, which are no sources.
    """

    def __init__(self, project: Path, into: str, build: Callable[[], int], state: State) -> None:
        self.project, self.build, self.state = project, build, state
        self.left_out = (*NO_SOURCES, Path(into).parts[0])
        self.engine = self.snapshot("generator")

    def snapshot(self, *names: str) -> up_to_date.State:
        """Return the state of the files in these folders of the project; in all with sources, when none is named."""
        places = (path.name for path in self.project.iterdir() if not path.name.startswith("."))
        return up_to_date.snapshot(str(self.project), [], names or tuple(sorted({*places} - {*self.left_out})))

    def look(self, seen: up_to_date.State) -> up_to_date.State:
        """Build if a source is not as it was `seen`; return what has been seen now."""
        now = self.snapshot()
        if now == seen:
            return seen
        if self.snapshot("generator") != self.engine:
            os.execv(sys.executable, [sys.executable, "-m", "generator", *sys.argv[1:]])  # noqa: S606 - ourselves anew
        self.state.building = True
        said = io.StringIO()
        begun = time.process_time()
        with contextlib.redirect_stderr(said):
            code = self.build()
        sys.stderr.write(said.getvalue())
        sys.stdout.write(f"{time.process_time() - begun:.1f} s of work\n")
        sys.stdout.flush()
        self.state.errors = said.getvalue() if code else ""
        self.state.version += 1
        self.state.building = False
        return now

    def watch(self) -> None:
        """Look until somebody stops it."""
        seen: up_to_date.State = {}
        while True:
            seen = self.look(seen)
            time.sleep(PAUSE)


def serve(folder: Path, port: int, state: State) -> ThreadingHTTPServer:
    """Serve the pages below `folder` at `port` of this machine, in a thread; raise SourceError if it is taken."""
    handler = partial(PageHandler, state, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise SourceError(f"port {port}: {error.strerror}", hint="PORT=… names another one") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def watch_course(folder: str, names: Sequence[str], *, profile: str, into: str, port: int) -> int:
    """Serve and watch the course until Ctrl-C; return the exit code."""
    from generator.commands.build import build_course

    project, state = Path(folder), State()
    try:
        server = serve(project / into, port, state)
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"open http://127.0.0.1:{server.server_port}/ · Ctrl-C ends it\n")
    sys.stdout.flush()
    Watcher(project, into, lambda: build_course(folder, names, profile=profile, into=into), state).watch()
    return 0
