"""Drafts of films, which `watch` shows until the films are there: made by warm workers, kept nowhere.

A draft is no result: it has no key, is not in the store, and its files are removed as soon as pages were made of them.
Code that is run again only since a file was edited that it may import has its last outputs in the same pages.
"""

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from generator.engine.local_workers import LocalWorkers
from generator.engine.store import Artifact
from generator.engine.task import Task

FILM, DRAFT = "film", "film_draft"  # runners
FILM_LIBRARIES = ("generator.runners.film",)


class WarmWorkers(LocalWorkers):
    """Workers whose process for films stays from one build to the next, since it takes a second to import Manim."""

    def close(self) -> None:
        """End the processes for all other tasks."""
        self.servers.close(self.project, kept=FILM_LIBRARIES)

    def warm(self) -> None:
        """Start the process for films, if there is none."""
        scratch = self.project / ".lectern" / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        self.servers.find(self.project, FILM_LIBRARIES, scratch)

    def end(self) -> None:
        """End all processes, and start no others."""
        super().close()


@dataclass(slots=True)
class Drafts:
    """The drafts of one build: `made` has the ids of the tasks in whose place they stand, `pages` their pages, by path.

    workers: run all tasks of the build. opened: the file names of the pages that are worth making; all, when empty.
    has_films: whether there are films at all, missing or not. It is a context: the files of the drafts are there until
    it is left.
    """

    workers: WarmWorkers
    opened: frozenset[str] = frozenset()
    made: set[str] = field(default_factory=set)
    pages: dict[str, bytes] = field(default_factory=dict)
    has_films: bool = False
    folder: Path = Path()

    def __enter__(self) -> Self:
        """Make a folder for the files."""
        scratch = self.workers.project / ".lectern" / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="drafts-", dir=scratch))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_watched(self, file: str) -> bool:
        """Return whether a file of this name is a page that is worth making of drafts."""
        return file.endswith(".html") and (not self.opened or file in self.opened)

    def of(self, task: Task) -> Task:
        """Return the task that makes the draft of a film; another task as it is."""
        return replace(task, runner=DRAFT) if task.runner == FILM else task

    def keep(self, task: Task, made: Path, facts: dict[str, Any]) -> Artifact:
        """Take over the files of a draft in the folder `made`, for as long as the build lasts."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        made.replace(place)
        self.made.add(task.id)
        return Artifact("", "", {path.name: path for path in place.iterdir()}, facts)
