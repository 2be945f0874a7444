"""TODO docstring of generator/engine/task.py."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from generator.errors import Where


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands behind `:name:`: the `form` of it, its plain `value`, and the `source` that the value is from.

    source: the experiment of a result, the dataset of a digit, the SHA-256 of a file, whose value is its path.
    """

    form: Literal["literal", "digit", "random", "result", "dataset", "file"]
    value: Any
    source: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is known before anything runs what the recipe gets."""
        return self.form in ("literal", "file")

    @property
    def given(self) -> Any:
        """What the recipe gets of a plain argument."""
        return Path(self.value) if self.form == "file" else self.value


@dataclass(frozen=True, slots=True)
class Task:
    """One run of one recipe: `name` says which to a person, equal tasks have equal `id`s, `needs` are ids.

    theme: the colors that a picture or a film is made in.
    """

    id: str
    name: str
    runner: str
    module: str
    arguments: tuple[tuple[str, Argument], ...]
    needs: tuple[tuple[str, str], ...]
    where: Where
    source: Where
    cell_lines: tuple[int, ...] = ()
    theme: str = "light"

    def in_theme(self, theme: str) -> "Task":
        """Return the same picture in the colors of another theme."""
        return replace(self, id=json.dumps([self.id, theme]), name=f"{self.name}, {theme}", theme=theme)
