"""Keeps what failed tasks have printed, for people to read: `.lectern/logs/<lecture>.<task>.txt`.

A log is for whoever mends the task; nothing reads it, and nothing depends on it.
"""

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.disk import write_atomically
from generator.engine.task import Task

FOLDER = ".lectern/logs"


class Logs:
    """The logs of one project."""

    def __init__(self, project: Path) -> None:
        self.project = project

    def name(self, task: Task) -> str:
        """Return the path of a task's log in the project."""
        return f"{FOLDER}/{Path(task.where.path).stem}.{re.sub(r'[^0-9A-Za-z]+', '_', task.name)}.txt"

    def keep(self, task: Task, result: Mapping[str, Any]) -> str:
        """Write the log of a task whose job has failed and has printed something, with its traceback.

        Return its path in the project; the empty string if there is nothing to keep, or no disk to keep it on.
        """
        printed = result.get("printed", "")
        if "facts" in result or not printed or task.runner == "code":  # of code, only its kernel prints here
            return ""
        content = f"{printed}\n\n{result['traceback']}".rstrip() + "\n"
        with contextlib.suppress(OSError):
            write_atomically(self.project / self.name(task), content.encode(errors="replace"), is_lasting=False)
            return self.name(task)
        return ""

    def forget(self, task: Task) -> None:
        """Remove the log of a task that has failed before and has not now."""
        with contextlib.suppress(OSError):
            (self.project / self.name(task)).unlink(missing_ok=True)
