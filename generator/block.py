"""The blocks a slide is made of: what a lecturer wrote, understood but not yet computed; knows no HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Audience = Literal["both", "slides", "handout", "teacher"]
# Who reads what besides what is for all. Notes are for the speaker and for the teacher.
AUDIENCES: Final[Mapping[str, frozenset[str]]] = {
    "slides": frozenset({"both", "slides"}),
    "handout": frozenset({"both", "handout"}),
    "teacher": frozenset({"both", "handout", "teacher"}),
}


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown text. `verbatim` text (a fenced block) holds no roles; an `incremental` list appears item by item."""

    text: str
    line: int
    verbatim: bool = False
    incremental: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One `:name: text` line of a directive."""

    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of `kind`. `options` are the arguments of its `trace`; `view` is what a slide shows.

    reveal: whether a slide holds the picture back until the clicker is pressed.
    """

    kind: str
    options: tuple[Option, ...]
    line: int
    caption: str = ""
    name: str = ""
    view: Literal["auto", "film", "still"] = "auto"
    reveal: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Python code: its own `text`, or a slice of the project file `path`; run unless `run` is false."""

    text: str
    line: int
    path: str = ""
    function: str = ""
    caption: str = ""
    highlight: tuple[tuple[int, ...], ...] = ()
    run: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that holds only while `condition`, an expression on facts, is true."""

    condition: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question, its options, the place of the right one, and why it is right."""

    question: str
    options: tuple[str, ...]
    answer: int
    explanation: str
    line: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What the speaker alone sees."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Exercise:
    """A task for the reader."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Pause:
    """What follows on this slide appears on the next press of the clicker."""

    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of the lecture, as an agenda or as a recap: never typed."""

    role: Literal["agenda", "recap"]
    line: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side."""

    columns: tuple[tuple["Block", ...], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Only:
    """Blocks for one audience: on the slides, in the handout, or (a solution) in the teacher's edition only."""

    audience: Audience
    blocks: tuple["Block", ...]
    line: int


Block = Prose | Figure | Code | Claim | Quiz | Notes | Exercise | Pause | Outline | Columns | Only
