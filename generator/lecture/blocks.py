"""The blocks a slide is made of: what a lecturer wrote, understood but not yet computed; knows no HTML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from generator.errors import LectureError, SourceError, Where

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
class PartsList:
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


Block = Prose | Figure | Code | Claim | Quiz | Notes | Exercise | Pause | PartsList | Columns | Only


# A lecture as its text says it: front matter, parts, slides, blocks; knows no HTML and runs nothing.
#
# CommonMark with directives in colon fences (the syntax of MyST), read by markdown-it-py.


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: `title` in Markdown, `anchor` for links, `part` its part's title; `continued` after a break.

    answers: marks of what the slide answers, for a list kept beside the lecture.
    """

    title: str
    anchor: str
    line: int
    blocks: tuple[Block, ...] = ()
    part: str = ""
    starts_part: bool = False
    continued: bool = False
    minutes: float | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExperimentUse:
    """How a lecture uses an experiment: its recipe's name, the seeds to run and arguments besides."""

    recipe: str
    seeds: tuple[int, ...]
    arguments: tuple[tuple[str, object], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture: its `name` (the file's), what its front matter says, and its slides in order.

    theme, aspect: the colors and the shape of its slides; lines: where the front matter says what, by name.
    """

    name: str
    path: str
    title: str
    slides: tuple[Slide, ...]
    subtitle: str = ""
    author: str = ""
    lang: str = "en"
    minutes: float | None = None
    dataset: str = "mnist"
    experiments: dict[str, ExperimentUse] = field(default_factory=dict)
    bibliography: str = ""
    theme: str = "light"
    aspect: str = "16:9"
    lines: Mapping[str, int] = field(default_factory=dict)

    def where(self, line: int) -> Where:
        """Return the place of `line` in this lecture's file."""
        return Where(self.path, line)

    def where_of(self, name: str) -> Where:
        """Return the place of `name` in the front matter, or of the front matter where it does not say so."""
        return self.where(self.lines.get(name, 2))

    def overrun(self) -> LectureError | None:
        """Return what is wrong with the planned minutes, at the heading that the slot no longer holds."""
        planned = 0.0
        late: Slide | None = None
        for slide in self.slides:
            planned += slide.minutes or 0
            late = late or (slide if self.minutes is not None and planned > self.minutes else None)
        if late is None:
            return None
        problem = f"the slot of {self.minutes:g} minutes ends before '{late.title}' does: {planned:g} are planned"
        return SourceError(problem, self.where(late.line), "plan less, or raise minutes: in the front matter")

    def parts(self) -> list[Slide]:
        """Return the slides that start a part."""
        return [slide for slide in self.slides if slide.starts_part]


def walk_for(blocks: tuple[Block, ...], audience: str = "both") -> Iterator[tuple[Block, str]]:
    """Yield what `walk` yields, each block with whom it is for."""
    for block in blocks:
        yield block, audience
        inside = block.columns if isinstance(block, Columns) else (block.blocks,) if isinstance(block, Only) else ()
        for group in inside:
            yield from walk_for(group, block.audience if isinstance(block, Only) else audience)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block, and the blocks inside columns and audiences, in reading order."""
    return (block for block, _ in walk_for(blocks))


def read_text(path: Path, shown: str) -> str:
    """Return the text of a lecture's file; raise SourceError when it is missing, or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        raise SourceError("there is no such lecture", Where(shown), "the lectures are lectures/*.md") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SourceError(
            "the text is not UTF-8", Where(shown, line), "save the file with the encoding UTF-8"
        ) from None


def anchor_of(title: str, taken: set[str]) -> str:
    """Return an anchor for `title` that is not in `taken`, and add it there."""
    plain = re.sub(r"\{\w+\}`[^`]*`", "", title).lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "slide"
    anchor, count = stem, 1
    while anchor in taken:
        count += 1
        anchor = f"{stem}-{count}"
    taken.add(anchor)
    return anchor
