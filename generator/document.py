"""A composed lecture: a notebook and what belongs to it; knows no HTML."""

from dataclasses import dataclass, field
from typing import Any

from generator.errors import LectureError

Assets = dict[str, dict[str, bytes]]


@dataclass(slots=True)
class Document:
    """A composed lecture: the `notebook`, the files of its figures by the figure's id, and what was found wrong.

    mentions: what pages write for each `{ref}`, `{cite}` and `{term}`, which stand in the notebook as written.
    """

    notebook: Any
    assets: Assets = field(default_factory=dict)
    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    mentions: dict[str, dict[str, Any]] = field(default_factory=dict)


def escape_alt(text: str) -> str:
    """Return alt text that cannot end a Markdown image early."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("\n", " ")


def asset_name(figure: str, theme: str) -> str:
    """Return the name under which the files of the figure with this id lie among the assets."""
    return figure if theme == "light" else f"{figure}-{theme}"
