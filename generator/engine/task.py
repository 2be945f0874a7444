"""Tasks and their arguments: what a plan hands to the engine.

Both are plain data: they go into keys and, as JSON, into the processes that run the tasks.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from generator.errors import Where

EXPERIMENT_MINUTES = 30.0  # that a run of an experiment may take, unless its lecture or the course says otherwise


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument as written behind `:name:` in a lecture: its `form`, its plain `value`, and where that comes from.

    A dataset has labeled gray images and comes with Lectern; data are the course's own, in any form.
    source: of a result, its experiment; of a digit, its dataset; of a file, its SHA-256 (the value is its path).
    What is given from outside the project is a name until it is planned, and then a file with an absolute path.
    """

    form: Literal["literal", "digit", "random", "result", "dataset", "data", "file", "given"]
    value: Any
    source: str = ""

    @property
    def dataset(self) -> str:
        """The dataset that it is or comes from; empty if there is none."""
        return str(self.value) if self.form in ("dataset", "data") else self.source if self.form == "digit" else ""

    @property
    def is_plain(self) -> bool:
        """Whether the value that the recipe gets is known before any task has run."""
        return self.form in ("literal", "file")

    @property
    def given(self) -> Any:
        """The value that the recipe gets for a plain argument."""
        return Path(self.value) if self.form == "file" else self.value


@dataclass(frozen=True, slots=True)
class Task:
    """One run of one recipe, or of the code of a lecture.

    id: equal for equal tasks. name: for messages. needs: pairs of an input's name and the id of the task that makes it.
    where: the line of the lecture that asks for the task; source: the recipe's file, or that line again for code.
    cell_places: for code, the place of each block. theme: the colors of a still or a film.
    timeout: how many minutes it may take where its lecture says so; else 0. within: the id of the task whose job does
    all that the job of this one would do, and so gives the result of this one as well; empty for none.
    """

    id: str
    name: str
    runner: str
    module: str
    arguments: tuple[tuple[str, Argument], ...]
    needs: tuple[tuple[str, str], ...]
    where: Where
    source: Where
    cell_places: tuple[Where, ...] = ()
    theme: str = "light"
    timeout: float = 0
    within: str = ""

    @property
    def datasets(self) -> list[str]:
        """The names of the datasets that it takes, or of which it takes an image, in the order of its arguments."""
        return list(dict.fromkeys(argument.dataset for _, argument in self.arguments if argument.dataset))

    def in_theme(self, theme: str) -> "Task":
        """Return the task that makes the same still or film in the colors of another theme."""
        return replace(self, id=json.dumps([self.id, theme]), name=f"{self.name}, {theme}", theme=theme)
