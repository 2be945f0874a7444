"""`watch` serves its pages to a browser on this machine that asks for them by name, and nothing else to anybody."""

import http.client
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import PATIENCE

from generator.commands import watch
from generator.commands.build import build_course
from generator.commands.watch import PageServer, State, Watcher, serve
from generator.errors import SourceError

PAGE = "<!doctype html><html><head></head><body>slides</body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of pages, beside a file that is none of them."""
    pages = tmp_path / "build" / "lecture"
    pages.mkdir(parents=True)
    (pages / "slides.html").write_text(PAGE)
    (pages / "teacher.html").write_text(PAGE)
    (pages / "notebook.ipynb").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    (pages / "link.txt").symlink_to(tmp_path / "secret.txt")
    (pages / "round").symlink_to(pages / "round")
    os.mkfifo(pages / "pipe.html")
    return tmp_path / "build"


@pytest.fixture
def server(folder: Path) -> Iterator[PageServer]:
    """Return a server of these pages on a port of its own."""
    running = serve(folder, 0, State(version=3))
    yield running
    running.shutdown()
    running.server_close()


def ask(server: PageServer, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Return the status and the body of the answer to a request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": f"127.0.0.1:{server.server_port}", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_is_served_with_the_script_that_looks_for_changes(server: PageServer, host: str) -> None:
    status, body = ask(server, "/lecture/slides.html", Host=f"{host}:{server.server_port}")
    assert (status, "slides<script>" in body) == (200, True)


def test_files_and_the_state_are_served(server: PageServer) -> None:
    assert ask(server, "/lecture/notebook.ipynb") == (200, "{}")
    status, body = ask(server, "/state.json?1", Origin=f"http://127.0.0.1:{server.server_port}")
    assert (status, json.loads(body)["version"]) == (200, 3)


def test_before_the_first_build_a_page_waits_for_it(server: PageServer) -> None:
    status, body = ask(server, "/")
    assert (status, "being built" in body, "<script>" in body) == (200, True, True)


def test_a_question_for_the_head_gets_no_body(server: PageServer) -> None:
    assert ask(server, "/lecture/slides.html", "HEAD") == (200, "")


def test_another_machine_cannot_ask(server: PageServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "path", ["/lecture/slides.html", "/lecture/teacher.html", "/lecture/notebook.ipynb", "/state.json", "/"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:PORT"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_nothing_is_served_under_another_name_or_to_pages_of_others(
    server: PageServer, path: str, headers: dict[str, str]
) -> None:
    named = {name: value.replace("PORT", str(server.server_port)) for name, value in headers.items()}
    status, body = ask(server, path, **named)
    assert (status, "slides" in body) == (421, False)


@pytest.mark.parametrize(
    "path",
    [
        "/lecture/", "/lecture", "/../secret.txt", "/%2e%2e/secret.txt", "/lecture/link.txt", "/lecture/round",
        "/lecture/pipe.html", "/lecture/no.html", "/lecture/%00.html",
    ],
)  # fmt: skip
def test_no_listing_and_nothing_outside_the_pages_is_served(server: PageServer, path: str) -> None:
    status, body = ask(server, path)
    assert (status, "secret" in body, "slides.html" in body) == (404, False, False)


def test_a_client_that_says_nothing_is_let_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch.PageHandler, "timeout", 0.1)
    running = serve(folder, 0, State())
    with socket.create_connection(("127.0.0.1", running.server_port), timeout=PATIENCE) as silent:
        assert silent.recv(1) == b""
    running.shutdown()
    running.server_close()


def test_there_is_an_end_to_connections(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_CONNECTIONS", 2)
    running = serve(folder, 0, State())
    address = ("127.0.0.1", running.server_port)
    held = [socket.create_connection(address, timeout=PATIENCE) for _ in range(2)]
    for connection in held:
        connection.sendall(b"GET /state.json HTTP/1.1\r\n")  # a request that does not end yet
    with socket.create_connection(address, timeout=PATIENCE) as one_more:
        assert one_more.recv(1) == b""
    for connection in held:
        connection.close()
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize(("port", "problem"), [(99999, "there is no port 99999"), (-1, "there is no port -1")])
def test_a_port_that_does_not_exist_is_told(folder: Path, port: int, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        serve(folder, port, State())


def test_a_page_with_a_draft_is_served_in_place_of_the_one_that_is_written(folder: Path) -> None:
    drafts = {"lecture/slides.html": b"<body>a draft</body>", "new/slides.html": b"<body>another</body>"}
    state = State(pages=drafts)
    running = serve(folder, 0, state)
    answers = [ask(running, path) for path in ("/lecture/slides.html?x", "/new/slides.html", "/lecture/teacher.html")]
    running.shutdown()
    running.server_close()
    assert [status for status, _ in answers] == [200] * 3
    assert state.opened == {"slides.html", "teacher.html"}
    assert ["a draft<script>" in answers[0][1], "another<script>" in answers[1][1], "slides<" in answers[2][1]] == [
        True
    ] * 3


@pytest.mark.slow
def test_a_watch_goes_on_after_a_lecture_that_cannot_be_read(project: Path, full_project: Path, write_lecture) -> None:
    path, state = write_lecture("## A\n"), State()
    watcher = Watcher(full_project, "build", lambda: build_course(str(full_project)), state)
    seen, told = {}, []
    for content in (b"## \xff", b"---\ntitle: Sample\n---\n## A\n\nWords.\n"):
        path.write_bytes(content)
        seen = watcher.look(seen)
        told.append((state.version, state.errors.partition("\n")[0]))
    assert told == [(1, "lectures/sample.md:1: the text is not UTF-8"), (2, "")]
    assert b"Words." in (full_project / "build/sample/slides.html").read_bytes()
