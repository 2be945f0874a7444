"""Makes the key of a task: the digest of everything that its outcome depends on.

Only the versions of packages are not in it: which ones a task uses is known after it has run, so the store checks them.
"""

import platform
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.disk import Stamp, canonical_json
from generator.engine.code_digest.digest import CodeDigests, ReachedCode, load_code_digests, save_code_digests
from generator.engine.code_digest.modules import ModuleIndex
from generator.engine.store import Artifact
from generator.engine.task import Argument, Task
from generator.roots import library_of
from generator.theme import own_colors


def digest_key(parts: object) -> str:
    """Return the key made of `parts` (see `KeyMaker.parts`): the SHA-256 of their canonical JSON, in hexadecimal."""
    from hashlib import sha256

    return sha256(canonical_json(parts)).hexdigest()


KEY_FORMAT = 2
COLORED_RUNNERS = ("still", "narrow", "film", "code")  # what draws in the colors of the themes
VERBS = {
    "experiment": ("measure",),
    "still": ("trace", "describe", "draw", "describe_question", "draw_question"),
    "narrow": ("trace", "draw_narrow"),
    "film": ("trace", "describe", "animate"),
}
RECHECK_INTERVAL = (
    0.5  # seconds after which the project's files are looked at again: someone may be writing while a build runs
)
KeyParts = dict[str, Any]
Datasets = Mapping[str, tuple[Path, str]]  # by name: the file, and its SHA-256 in hexadecimal


class KeyMaker:
    """Makes the keys of one project's tasks, from its code as it is at the time of the call."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.fonts = tree_digest(library_of(project) / "generator" / "fonts")
        self.lock = threading.RLock()
        self.code_digests, self.checked_at = load_code_digests(self.project), time.monotonic()
        self.older_stamps: dict[str, Stamp] = {}  # of the code as it was before this build has seen it change

    def refresh(self) -> None:
        """Forget what is known of the project's code if any of its files may have changed."""
        now = time.monotonic()
        if not self.code_digests.index.stamps.are_current():
            self.older_stamps = {**self.code_digests.index.stamps.taken, **self.older_stamps}
            self.code_digests = CodeDigests(ModuleIndex(self.project))
        self.checked_at = now

    def save(self) -> None:
        """Save for the next build what this one has found out about the code."""
        with self.lock:
            save_code_digests(self.code_digests)

    def stamps(self) -> dict[str, Stamp]:
        """Return the stamps of the files and folders that were looked at for code, from before they were first read."""
        with self.lock:
            return {**self.code_digests.index.stamps.taken, **self.older_stamps}

    def parts(
        self, task: Task, inputs: Mapping[str, Artifact], datasets: Datasets, *, recheck: bool = False
    ) -> KeyParts:
        """Return what the key of `task` is made of.

        recheck: look for changed files now, even if that was done less than RECHECK_INTERVAL ago.
        """
        with self.lock:
            if recheck or time.monotonic() - self.checked_at > RECHECK_INTERVAL:
                self.refresh()
            code, engine = self.code(task), self.engine(task)
        theme: dict[str, Any] = {"theme": task.theme} if task.theme != "light" else {}
        theme |= {"colors": own_colors()} if own_colors() and task.runner in COLORED_RUNNERS else {}
        return {
            "format": KEY_FORMAT,
            "python": platform.python_version(),
            "runner": task.runner,
            "engine": engine.digest,
            "code": code.digest,
            "arguments": [[name, argument_identity(argument, datasets)] for name, argument in task.arguments],
            "inputs": {name: artifact.digest for name, artifact in inputs.items()},
            "fonts": self.fonts if task.runner in ("still", "narrow", "film") else "",
            **theme,
        }

    def packages(self, module: str) -> set[str]:
        """Return the packages from outside the project that a recipe's module may import, directly or indirectly."""
        with self.lock:
            return self.code_digests.index.packages(module)

    def code(self, task: Task) -> ReachedCode:
        """Return the project code that a task's recipe can reach, or that the code blocks of a lecture can."""
        with self.lock:
            if task.module:
                return self.code_digests.of_verbs(task.module, VERBS[task.runner])
            return self.code_digests.of_texts(code_cells(task))

    def engine(self, task: Task) -> ReachedCode:
        """Return the code that runs a task: its runner and the reader of its arguments, with all that they reach."""
        with self.lock:
            readers = ["generator.runners.own_data"] if any(one.form == "data" for _, one in task.arguments) else []
            return self.code_digests.of_modules(
                ("generator.runners.inputs", f"generator.runners.{task.runner}", *readers)
            )


def argument_identity(argument: Argument, datasets: Datasets) -> object:
    """Return what an argument adds to a key: of a dataset its digest, of a digit its value and that digest.

    Data of the course's own add how they are read as well, by the ending of their name.
    """
    if argument.form == "dataset":
        return datasets[argument.value][1]
    if argument.form == "data":
        return [Path(argument.value).suffix, datasets[argument.value][1]]
    if argument.form == "digit":
        return [argument.value, datasets[argument.source][1]]
    return asdict(argument)


def code_cells(task: Task) -> list[str]:
    """Return the code blocks that a task of kind code runs."""
    cells: list[str] = dict(task.arguments)["cells"].value
    return cells


def tree_digest(folder: Path) -> str:
    """Return the SHA-256 of the names and bytes of all files below `folder`."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()
