"""A process that imports heavy libraries once and forks a child for each job: `-m generator.runners.forkserver`.

Its arguments are the modules to import. It reads jobs from standard input, one per line, and writes a line to standard
output when a job has a result or its process has ended without one. When standard input ends, because the build has
ended or was killed, or when nobody reads its output any longer, it kills every child with everything that the child has
started and exits, so that no build leaves orphans behind.

    folder NUL job       -> a child runs the job (JSON) in the folder
    folder NUL result    <- the result (JSON), or nothing if there is none
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

CHUNK = 1 << 16  # bytes; the capacity of a pipe


@dataclass(slots=True)
class Child:
    """A child process, its folder, and the part of its result received so far; `is_done` once that was passed on.

    The result is passed on as soon as its line is complete, not when the child ends: freeing the child's memory can
    take as long as a job.
    """

    process: int
    folder: str
    result: bytearray = field(default_factory=bytearray)
    is_done: bool = False


Children = dict[int, Child]  # by the read end of its pipe, which reaches its end when the child exits


def serve(requests: int, answers: int) -> None:
    """Fork a child for every line read from `requests`, until it ends; write the results to `answers`."""
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
    """Read from a child; pass its result on when the line is complete or the child has ended without one."""
    child, text = children[end], os.read(end, CHUNK)
    child.result += text
    if not child.is_done and (not text or text.endswith(b"\n")):
        line = f"{child.folder}\0".encode() + (child.result if text else b"\n")
        while line:
            line = line[os.write(answers, line) :]
        child.is_done = True
    if not text:
        reap(end, children)


def start(line: str, children: Children) -> None:
    """Fork a child for a job; `line` is its folder, NUL and the job."""
    folder, _, job = line.partition("\0")
    end, write_end = os.pipe()
    process = os.fork()
    if process == 0:
        run_child(Path(folder), job, write_end)
    os.close(write_end)
    children[end] = Child(process, folder)


def run_child(folder: Path, job: str, write_end: int) -> NoReturn:
    """Run a job in the child process, with its own session, folder, home and log; exit without returning."""
    with contextlib.suppress(BaseException):
        os.setsid()
        empty, log = os.open(os.devnull, os.O_RDONLY), os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT, 0o644)
        for number, source in enumerate((empty, log, log)):
            os.dup2(source, number)
        os.environ["HOME"] = str(folder)
        result = ""
        try:
            result = main(folder, job)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        with open(write_end, "w", encoding="utf-8", closefd=False) as pipe:  # left open until the process ends
            pipe.write(f"{result}\n")
    os._exit(0)


def reap(end: int, children: Children) -> None:
    """Wait for the child whose pipe has reached its end, and forget it."""
    os.waitpid(children.pop(end).process, 0)
    os.close(end)


def end_all(children: Children) -> None:
    """Kill every child with everything that it has started."""
    for child in children.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process, signal.SIGKILL)
    for end in list(children):
        reap(end, children)


if __name__ == "__main__":
    for module in ("generator.runners.inputs", *sys.argv[1:]):
        import_module(module)
    used_packages()  # fills the caches, so that versions are not looked up in every child
    gc.freeze()  # else garbage collection in a child would copy every memory page it shares with this process
    serve(0, 1)
