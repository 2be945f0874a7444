"""Ends processes together with all that they have started, also with what has left its parent, group or session.

Linux gives orphans to the nearest ancestor that asks for them (a "subreaper"), so that what a process has started stays
among its descendants. Elsewhere only the processes of a group can be found.

As a program, `python -IS process_tree.py PROGRAM …` runs another one until that ends, or until standard input is closed
because whoever started it has ended or was killed. Then it ends all that the program has started.
"""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

SET_PARENT_DEATH_SIGNAL, SET_CHILD_SUBREAPER = 1, 36  # as <linux/prctl.h> numbers them
PATIENCE = 10.0  # seconds in which killed processes have to vanish
PAUSE = 0.002  # seconds until one looks again whether they have


def set_process_option(option: int, value: int) -> None:
    """Set an option of this process by `prctl`, which only Linux has."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of all descendants of this process whose own parents end before them."""
    set_process_option(SET_CHILD_SUBREAPER, 1)


def end_with_parent(parent: int) -> None:
    """Let this process be killed when its parent ends, whose number is `parent`; at once if it has ended already."""
    set_process_option(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def children_of(process: int) -> set[int]:
    """Return the children of a process, the ended ones that nobody has waited for among them; empty without /proc."""
    found: set[int] = set()
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(map(int, tasks.read_text(encoding="ascii").split()))
    return found


def descendants_of(process: int) -> set[int]:
    """Return the children of a process, their children, and so on; empty without /proc."""
    found, waiting = set[int](), {process}
    while waiting:
        waiting = {child for parent in waiting for child in children_of(parent)} - found
        found |= waiting
    return found


def end_children(kept: Collection[int] = ()) -> None:
    """Kill all children of this process but those `kept`, with all that they have started, and wait for their end."""
    end = time.monotonic() + PATIENCE
    while (strays := children_of(os.getpid()).difference(kept)) and time.monotonic() < end:
        for process in strays:
            kill(process)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)
        time.sleep(PAUSE)  # what they had started becomes ours when they have ended


def kill_group(leader: int) -> None:
    """Kill the processes of a group, if there are any; its leader may have ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def kill(process: int) -> None:
    """Kill a process, and the group that it leads if it leads one."""
    kill_group(process)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGKILL)


def guard(process: int) -> int:
    """Wait for a child to end, kill it if it is stopped, then end all that it has started; return its exit code.

    SIGTERM ends it, too.
    """
    signal.signal(signal.SIGTERM, lambda *_: kill(process))
    _, status = os.waitpid(process, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        sys.stderr.write("it was stopped by a signal, and ended\n")
        kill(process)
        _, status = os.waitpid(process, 0)
    end_children()
    return os.waitstatus_to_exitcode(status)


def run_program(command: list[str]) -> NoReturn:
    """Run a program as this module says, and exit with its exit code."""
    adopt_orphans()
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        end_with_parent(parent)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606 (no shell is wanted)
    threading.Thread(target=end_with_input, args=(process,), daemon=True).start()
    code = guard(process)
    sys.stderr.flush()
    os._exit(code & 0xFF)


def end_with_input(process: int) -> None:
    """Kill a child when standard input ends."""
    while os.read(0, 1):
        pass
    kill(process)


if __name__ == "__main__":
    run_program(sys.argv[1:])
