"""A process that has imported heavy libraries once and forks a child for each job: `-m generator.runners.forkserver`.

Its arguments name the modules to import. It reads paths of job files, a line each, and answers with the same line when
that job's result is there, or its process has ended without one. When nobody is left to read its answers, because the
build ended or was ended, it ends every child with all that the child started, and goes: no build leaves an orphan.
"""

import contextlib
import gc
import os
import select
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from generator.runners.__main__ import main, used_packages

Children = dict[int, tuple[int, str]]  # the end of a pipe that closes with the child -> its process, and its job
DONE = b"."  # what a child writes into that pipe: to take down its memory takes as long as many a job


def serve(requests: int, answers: int) -> None:
    """Fork a child for every line of `requests`, until that ends; write the line to `answers` when the child has."""
    children: Children = {}
    rest = b""
    try:
        while True:
            ready, _, _ = select.select([requests, *children], [], [])
            for end in ready:
                if end != requests and (job := hear(end, children)):
                    os.write(answers, f"{job}\n".encode())
            if requests in ready:
                text = os.read(requests, 65_536)
                if not text:
                    return
                *lines, rest = (rest + text).split(b"\n")
                for line in lines:
                    start(line.decode(), children)
    finally:
        end_all(children)


def start(job: str, children: Children) -> None:
    """Fork the child of a job."""
    end, alive = os.pipe()
    process = os.fork()
    if process == 0:
        live(job, alive)
    os.close(alive)
    children[end] = (process, job)


def hear(end: int, children: Children) -> str:
    """Return the job that is over, if nobody has been told yet, after a child has said so or has ended."""
    process, job = children[end]
    if os.read(end, 1):
        children[end] = (process, "")
    else:
        reap(end, children)
        del children[end]
    return job


def live(job: str, alive: int) -> NoReturn:
    """Run a job in this process, which is the child: in a session, a folder and a home of its own."""
    status = 1
    with contextlib.suppress(BaseException):
        os.setsid()
        folder = Path(job).parent
        nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT, 0o644)
        for number, source in enumerate((nothing, log, log)):
            os.dup2(source, number)
        os.environ["HOME"] = str(folder)
        try:
            status = main(job)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(alive, DONE)
    os._exit(status)


def reap(end: int, children: Children) -> None:
    """Wait for the child whose pipe has closed."""
    os.waitpid(children[end][0], 0)
    os.close(end)


def end_all(children: Children) -> None:
    """End every child and what it started."""
    for process, _ in children.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
    for end in children:
        reap(end, children)


if __name__ == "__main__":
    for module in ("generator.runners.source", *sys.argv[1:]):
        import_module(module)
    used_packages()  # their versions are looked up once, and not in every child
    gc.freeze()  # a child that collects garbage would else copy every page of what has been imported
    serve(0, 1)
