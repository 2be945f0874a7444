"""Sees to it that a job stays one process: `os.fork` returns twice, and what returns in the fork is not the job.

A fork that returns from a recipe would go on with the job's own work, write the same files and give a second result.
"""

import contextlib
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from generator.errors import ArtifactError
from generator.runners.process_tree import children_of

VERBS = ("measure", "trace", "describe", "draw", "animate")  # the functions of recipes that runners call
MARK = "forked"  # the file in the job's folder that a fork leaves which has returned
GRACE = 5.0  # seconds that forks are given to end when the job has, before they are ended
PAUSE = 0.005  # seconds between two looks at whether they have

forking_files: list[str] = []  # the files whose code has called os.fork in this process


@contextlib.contextmanager
def one_process(folder: Path) -> Iterator[None]:
    """End a fork of this process that leaves the block, and mark that in `folder` if it leaves it without an error."""
    process = os.getpid()
    try:
        yield
    except BaseException as error:
        if os.getpid() == process:
            raise
        os._exit(exit_code_for(error))
    if os.getpid() != process:
        (folder / MARK).touch()
        os._exit(1)


def exit_code_for(error: BaseException) -> int:
    """Return the exit code of a process that ends with an error; print the error, unless it is a SystemExit."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    traceback.print_exception(error)
    return 1


def keep_to_one_process(recipe: ModuleType, folder: Path) -> None:
    """Let no fork return from a function of the recipe."""
    for verb in VERBS:
        if function := getattr(recipe, verb, None):
            setattr(recipe, verb, one_process(folder)(function))


def note_forks() -> None:
    """Note from now on which code forks this process."""
    os.register_at_fork(after_in_parent=lambda: forking_files.append(sys._getframe(1).f_code.co_filename))


def has_forks() -> bool:
    """Return whether a fork of this process runs that has not become another program."""
    own = command_line(os.getpid())
    return any(command_line(process) == own for process in children_of(os.getpid()))


def command_line(process: int) -> bytes:
    """Return the command line of a process, which its forks share; empty if it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def check_forks(project: Path, folder: Path) -> None:
    """Raise ArtifactError if a fork of this process has returned from a recipe.

    Forks by the project's own code are given GRACE seconds to do so or to end: what other code forks does not return.
    """
    end = time.monotonic() + GRACE
    if any(Path(file).is_relative_to(project) for file in forking_files):
        while has_forks() and time.monotonic() < end:
            time.sleep(PAUSE)
    if (folder / MARK).exists():
        problem = "it forks itself, and the fork goes on as if it were the one that was started"
        raise ArtifactError(problem, hint="end each fork by os._exit, or start other processes by subprocess")
