"""Sees which files of the project a job reads while it runs, so that it runs again when one of them has changed.

An audit hook of the interpreter tells of every file that Python code opens, and of every folder that it lists. Each is
noted with what it holds when it is first looked at; a file that is missing is noted too. The notes are lines of a file,
so that processes which the job forks can add theirs; the kernel of code cells does so by `load_ipython_extension`.

Not noted: what the task's key has already (its arguments, the modules of the course that it imports), what the job has
written itself, hidden files, and whatever lies outside the project. Not seen: what a library written in C opens by
itself (HDF5, TensorFlow's own readers), what other programs read, and whether a file exists, if it is only asked for
and not opened; `file(…)` in the lecture names such files.
"""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.disk import content_digest
from generator.errors import SourceError
from generator.roots import CODE_FOLDERS, find_in_roots, roots_of
from generator.runners.fresh_imports import bypass_bytecode_cache, project_name

VARIABLE = "GENERATOR_OBSERVER"  # of the environment: hands the observer of a job on to the kernel of its code cells
NOTES = "observed"  # the name of the file with the notes, in the job's folder
SKIPPED_PARTS = ("__pycache__", "node_modules")
# For each event of the interpreter that is looked at, the place of the path among its arguments.
PATH_PLACES = {"open": 0, "os.listdir": 0, "os.scandir": 0, "import": 1, "sqlite3.connect": 0, "ctypes.dlopen": 0}
LISTINGS = ("os.listdir", "os.scandir")
# Whoever imports lists the folders of sys.path to find modules by their names; nothing depends on what else is there.
LISTING_FOR_IMPORT = ("importlib", "pkgutil", "pkg_resources")
WRITING = os.O_WRONLY | os.O_TRUNC  # the flags of opening a file without regard to what it holds


class Observer:
    """Notes what a job reads of `project`, in a file in `folder`, the job's own.

    known: the files and folders whose content the task's key has already, by path in the project.
    """

    def __init__(self, project: str, folder: str, known: list[str]) -> None:
        self.project, self.folder, self.known = project, folder, known
        self.roots = [str(root) for root in roots_of(Path(project))]
        self.seen: set[tuple[str, bool]] = set()
        self.busy: set[int] = set()  # the threads that are noting: what they read for it is not noted

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what an event of the interpreter is about: a hook for `sys.addaudithook`."""
        thread = threading.get_ident()
        if event not in PATH_PLACES or thread in self.busy:
            return
        self.busy.add(thread)
        try:
            path = arguments[PATH_PLACES[event]]
            if event not in LISTINGS:
                self.note(self.name_of(path), is_written=event == "open" and bool((arguments[2] or 0) & WRITING))
            elif not is_listing_for_import():
                self.note(self.name_of(os.curdir if path is None else path), is_written=False)
        finally:
            self.busy.discard(thread)

    def note(self, name: str | None, *, is_written: bool) -> None:
        """Note that a file or a folder of the project is read or written, the first time of each."""
        if name is None or (name, is_written) in self.seen:
            return
        path = find_in_roots(name, Path(self.project))
        if path.is_fifo():
            problem = f"it opens '{name}', which is a pipe: what it holds is no part of the project"
            raise SourceError(problem, hint="name a file")
        self.seen.add((name, is_written))
        digest = "" if is_written else content_digest(path)
        with Path(self.folder, NOTES).open("ab", buffering=0) as file:
            file.write(json.dumps([name, digest, is_written]).encode() + b"\n")

    def name_of(self, path: object) -> str | None:
        """Return the path in the project of what an event is about; None if it is not to be noted."""
        if not isinstance(path, str | bytes | os.PathLike):  # a descriptor, or no path at all
            return None
        try:
            place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        except (ValueError, OSError):  # the current folder may be gone
            return None
        name = name_in_roots(place, self.roots)
        if name in (None, ".") or place.startswith(f"{self.folder}{os.sep}"):
            return None
        is_left_out = any(part in SKIPPED_PARTS for part in name.split("/")) or is_course_module(name)
        return None if is_left_out or any(f"{name}/".startswith(f"{known}/") for known in self.known) else name


def name_in_roots(path: str, roots: Sequence[str]) -> str | None:
    """Return the path, in the project or in its library, of a file or folder; see `project_name`.

    Of the library only the code counts.
    """
    project, *libraries = roots
    if name := project_name(path, project):
        return name
    names = [project_name(path, library) for library in libraries]
    return next((name for name in names if name and name.split("/")[0] in CODE_FOLDERS), None)


def is_course_module(name: str) -> bool:
    """Return whether a file in the project is a module of the course that this process has imported as such."""
    folder, _, _ = name.partition(os.sep)
    if folder not in CODE_FOLDERS or not name.endswith(".py"):
        return False
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in sys.modules


def is_listing_for_import() -> bool:
    """Return whether the folder that is being listed is listed in order to import or to find a package."""
    caller = sys._getframe(2).f_code.co_filename  # of the code that runs below the hook
    return any(name in caller for name in LISTING_FOR_IMPORT)


def observe(job: Mapping[str, Any], folder: Path) -> None:
    """Note from now on what this process, and those that it forks, read of the project of a job in its `folder`."""
    project, place = os.path.abspath(job["project"]), os.path.abspath(folder)  # noqa: PTH100 (Path takes longer)
    known = [os.path.relpath(job["dataset"], project)] if job["dataset"] else []
    known += [argument["value"] for argument in job["arguments"].values() if argument["form"] == "file"]
    known += ["generator/fonts"] if job["runner"] in ("still", "film") else []
    if job["runner"] == "code":
        os.environ[VARIABLE] = json.dumps([project, place, known])
    sys.addaudithook(Observer(project, place, known).hook)


def load_ipython_extension(_: object) -> None:
    """Note what this kernel reads as well; import the project's modules as the job's own process does."""
    if (text := os.environ.pop(VARIABLE, "")) != "":
        observer = Observer(*json.loads(text))
        bypass_bytecode_cache(Path(observer.project))
        sys.addaudithook(observer.hook)


def read_notes(project: Path, folder: Path) -> dict[str, str]:
    """Return what was read, by path in the project: its digest when it was first read.

    If the job has also written it, that is the digest at the job's end; what it wrote before it read is left out.
    """
    found: dict[str, str] = {}
    written: set[str] = set()
    with contextlib.suppress(FileNotFoundError):
        for line in (folder / NOTES).read_bytes().splitlines():
            name, digest, is_written = json.loads(line)
            if is_written:
                written.add(name)
            elif name not in written:
                found.setdefault(name, digest)
    now = {name: content_digest(find_in_roots(name, project)) for name in found.keys() & written}
    return {name: now.get(name, found[name]) for name in sorted(found)}
