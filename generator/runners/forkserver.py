"""A process that imports heavy libraries once and forks a child for each job: `-m generator.runners.forkserver`.

Its arguments are the modules to import. It reads jobs from standard input, one per line, and writes a line to standard
output when a job has a result or its process has ended without one. When standard input ends, because the build has
ended or was killed, or when nobody reads its output any longer, it kills every child with everything that the child has
started and exits, so that no build leaves orphans behind.

    "folder" NUL job       -> a child runs the job (JSON) in the folder, whose path is JSON too
    "folder" NUL result    <- the result (JSON), or nothing if there is none

What a job has started is ended before its result is said, by the job itself; by the server if the job was killed. The
server also ends a job that is out of time and has not said so itself. The process that is started first only guards the
server: it ends it when a job has stopped it, and then what is left of the jobs.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from generator.runners.job import explain, main, used_packages
from generator.runners.limits import GRACE, out_of_time, seconds
from generator.runners.process_tree import adopt_orphans, end_children, end_with_parent, guard, kill, kill_group

CHUNK = 1 << 16  # bytes; the capacity of a pipe
STOPPED = json.dumps(
    {"problem": "its process was stopped by a signal", "hint": "let it run on, or end with an error", "traceback": ""}
)


@dataclass(slots=True)
class Child:
    """A child process, its folder as JSON, the read end of its pipe, its limits, and the part of its result so far.

    deadline: when it is ended, by the clock `time.monotonic`.

    is_open: until the pipe has reached its end. is_done: once the result was passed on. That is as soon as its line is
    complete, not when the child ends: freeing the child's memory can take as long as a job.
    """

    process: int
    folder: str
    end: int
    limits: dict[str, Any]
    deadline: float
    result: bytearray = field(default_factory=bytearray)
    is_open: bool = True
    is_done: bool = False


Children = dict[int, Child]  # those that have not ended, by their process


def serve(requests: int, answers: int) -> None:
    """Fork a child for every line read from `requests`, until it ends; write the results to `answers`."""
    children: Children = {}
    rest = b""
    wake = wake_by_children()
    try:
        while True:
            ends = {child.end: child for child in children.values() if child.is_open}
            ready, _, _ = select.select([requests, wake, *ends], [], [], seconds_left(children))
            for child in map(ends.get, ready):
                if child:
                    read_from_child(child, answers)
            if wake in ready:
                os.read(wake, CHUNK)
                look_after(children, answers)
            if requests in ready:
                text = os.read(requests, CHUNK)
                if not text:
                    return
                *lines, rest = (rest + text).split(b"\n")
                for line in lines:
                    start(line.decode(), children)
            end_overdue(children, answers)
    finally:
        end_all(children)


def wake_by_children() -> int:
    """Return the read end of a pipe that can be read whenever a child has ended or was stopped.

    The end of a child's own pipe does not tell: what the child has forked holds it open.
    """
    wake, write_end = os.pipe()
    for end in (wake, write_end):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    return wake


def read_from_child(child: Child, answers: int) -> None:
    """Read what a child has written, and pass its result on when the line is complete."""
    with contextlib.suppress(BlockingIOError):
        while text := os.read(child.end, CHUNK):
            child.result += text
        child.is_open = False
    line, newline, _ = child.result.partition(b"\n")
    if newline and not child.is_done:
        answer(child, bytes(line), answers)
        kill(child.process)  # with its group: it has nothing left to do


def answer(child: Child, result: bytes, answers: int) -> None:
    """Pass the result of a child on; an empty one if it has none."""
    child.is_done = True
    line = f"{child.folder}\0".encode() + result + b"\n"
    while line:
        line = line[os.write(answers, line) :]


def look_after(children: Children, answers: int) -> None:
    """Forget the children that have ended, and answer for those without a result; end what ended ones have left."""
    for child in list(children.values()):
        process, status = os.waitpid(child.process, os.WNOHANG | os.WUNTRACED)
        if process == 0:
            continue
        read_from_child(child, answers)
        if not child.is_done:
            answer(child, STOPPED.encode() if os.WIFSTOPPED(status) else b"", answers)
        if os.WIFSTOPPED(status):
            kill(child.process)
        else:
            kill_group(child.process)
            os.close(children.pop(child.process).end)
    end_children(kept=children)


def seconds_left(children: Children) -> float | None:
    """Return the seconds until the first child without a result is out of time; None if there is none."""
    deadlines = [child.deadline for child in children.values() if not child.is_done]
    return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None


def end_overdue(children: Children, answers: int) -> None:
    """Kill the children that are out of time and have not said so: they do not listen, or are in a function in C."""
    for child in children.values():
        if not child.is_done and time.monotonic() >= child.deadline:
            answer(child, json.dumps(explain(out_of_time(child.limits))).encode(), answers)
            kill(child.process)


def start(line: str, children: Children) -> None:
    """Fork a child for a job; `line` is its folder, NUL and the job."""
    folder, _, job = line.partition("\0")
    end, write_end = os.pipe()
    os.set_blocking(end, False)
    server = os.getpid()
    process = os.fork()
    if process == 0:
        run_child(server, Path(json.loads(folder)), job, write_end)
    os.close(write_end)
    limits = json.loads(job).get("limits", {})
    children[process] = Child(process, folder, end, limits, time.monotonic() + seconds(limits) + GRACE)


def run_child(server: int, folder: Path, job: str, write_end: int) -> NoReturn:
    """Run a job in the child process, with its own session, folder, home and log; exit without returning."""
    with contextlib.suppress(BaseException):
        begin_child(server, folder)
        process, result = os.getpid(), ""
        try:
            result = main(folder, job)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        if os.getpid() == process:  # else it is a fork of the job's
            end_children()
            with open(write_end, "w", encoding="utf-8", closefd=False) as pipe:  # left open until the process ends
                pipe.write(f"{result}\n")
    os._exit(0)


def begin_child(server: int, folder: Path) -> None:
    """Make a child of the server the leader of its own session, with its own home and log, and tie it to the server."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    end_with_parent(server)
    adopt_orphans()
    empty, log = os.open(os.devnull, os.O_RDONLY), os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT, 0o644)
    for number, source in enumerate((empty, log, log)):
        os.dup2(source, number)
    os.environ["HOME"] = str(folder)


def end_all(children: Children) -> None:
    """Kill every child with everything that it has started."""
    for child in children.values():
        kill(child.process)
    for child in children.values():
        os.waitpid(child.process, 0)
        os.close(child.end)
    end_children()


def fork_server() -> None:
    """Go on in a child of this process, the server; this process guards it, and exits when it has ended."""
    adopt_orphans()
    parent = os.getpid()
    process = os.fork()
    if process:
        os.close(0)
        sys.exit(abs(guard(process)))
    end_with_parent(parent)
    adopt_orphans()


if __name__ == "__main__":
    fork_server()
    for module in ("generator.runners.inputs", *sys.argv[1:]):
        import_module(module)
    used_packages()  # fills the caches, so that versions are not looked up in every child
    gc.freeze()  # else garbage collection in a child would copy every memory page it shares with this process
    serve(0, 1)
