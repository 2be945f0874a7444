"""A process that has imported heavy libraries once and forks a child for each job: `-m generator.runners.forkserver`.

Its arguments name the modules to import. It reads jobs, a line each, and answers with a line when a job's result is
there, or its process has ended without one. When nobody is left to read its answers, because the build ended or was
ended, it ends every child with all that the child started, and goes: no build leaves an orphan.

    folder NUL job       -> a child runs the job, JSON, in the folder
    folder NUL result    <- what it said, JSON, or nothing
"""

import contextlib
import gc
import os
import select
import signal
import sys
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from generator.runners.job import main, used_packages

CHUNK = 1 << 16  # bytes: what a pipe holds


@dataclass(slots=True)
class Child:
    """A process and its folder, and what it has said of its result so far; `is_done` when that is passed on.

    A child says it through a pipe, and ends later: to take down its memory takes as long as many a job.
    """

    process: int
    folder: str
    said: bytearray = field(default_factory=bytearray)
    is_done: bool = False


Children = dict[int, Child]  # by the end of the pipe that closes with the child


def serve(requests: int, answers: int) -> None:
    """Fork a child for every line of `requests`, until that ends; write what it says to `answers`."""
    children: Children = {}
    rest = b""
    try:
        while True:
            ready, _, _ = select.select([requests, *children], [], [])
            for end in ready:
                if end != requests:
                    read_from_child(end, children, answers)
            if requests in ready:
                text = os.read(requests, CHUNK)
                if not text:
                    return
                *lines, rest = (rest + text).split(b"\n")
                for line in lines:
                    start(line.decode(), children)
    finally:
        end_all(children)


def read_from_child(end: int, children: Children, answers: int) -> None:
    """Take what a child says, and pass on its result when that is whole, or when the child has ended without one."""
    child, text = children[end], os.read(end, CHUNK)
    child.said += text
    if not child.is_done and (not text or text.endswith(b"\n")):
        line = f"{child.folder}\0".encode() + (child.said if text else b"\n")
        while line:
            line = line[os.write(answers, line) :]
        child.is_done = True
    if not text:
        reap(end, children)


def start(line: str, children: Children) -> None:
    """Fork the child of a job."""
    folder, _, job = line.partition("\0")
    end, alive = os.pipe()
    process = os.fork()
    if process == 0:
        run_child(Path(folder), job, alive)
    os.close(alive)
    children[end] = Child(process, folder)


def run_child(folder: Path, job: str, alive: int) -> NoReturn:
    """Run a job in this process, which is the child: in a session, a folder and a home of its own."""
    with contextlib.suppress(BaseException):
        os.setsid()
        nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT, 0o644)
        for number, source in enumerate((nothing, log, log)):
            os.dup2(source, number)
        os.environ["HOME"] = str(folder)
        result = ""
        try:
            result = main(folder, job)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        with open(alive, "w", encoding="utf-8", closefd=False) as pipe:  # it closes with the process, never before
            pipe.write(f"{result}\n")
    os._exit(0)


def reap(end: int, children: Children) -> None:
    """Wait for the child whose pipe has closed."""
    os.waitpid(children.pop(end).process, 0)
    os.close(end)


def end_all(children: Children) -> None:
    """End every child and what it started."""
    for child in children.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process, signal.SIGKILL)
    for end in list(children):
        reap(end, children)


if __name__ == "__main__":
    for module in ("generator.runners.inputs", *sys.argv[1:]):
        import_module(module)
    used_packages()  # their versions are looked up once, and not in every child
    gc.freeze()  # a child that collects garbage would else copy every page of what has been imported
    serve(0, 1)
