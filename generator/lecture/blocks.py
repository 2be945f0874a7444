"""The parsed form of a lecture: its blocks, its slides, and what its front matter says.

Holds what the lecturer wrote, understood but not yet computed. Knows no HTML and runs nothing. `parser` builds these
objects; `walk` visits the blocks.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from generator.errors import LectureError, SourceError, Where
from generator.lecture.places import first_character, in_file
from generator.lecture.syntax import Definitions, words_of

Audience = Literal["both", "slides", "handout", "teacher"]
# The audiences of blocks that each kind of page shows: its own, and those for everyone ("both").
# The teacher's edition is a handout with solutions. Notes go to the speaker and to the teacher.
AUDIENCES: Final[Mapping[str, frozenset[str]]] = {
    "slides": frozenset({"both", "slides"}),
    "handout": frozenset({"both", "handout"}),
    "teacher": frozenset({"both", "handout", "teacher"}),
}


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown text. `verbatim` text (a code block) contains no roles; an `incremental` list appears item by item."""

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
    """A figure of the given `kind`, shown as a still or a film.

    options: the arguments of the kind's `trace` function. view: which of the two a slide shows.
    reveal: whether a slide hides the figure until the next press of the clicker.
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
    """Python code: its own `text`, or the project file `path`, or one `function` in it.

    highlight: the lines to emphasize at each step. run: whether the build executes the code.
    """

    text: str
    line: int
    path: str = ""
    function: str = ""
    caption: str = ""
    highlight: tuple[tuple[int, ...], ...] = ()
    run: bool = True


def check_highlight(steps: Iterable[Iterable[int]], text: str, where: Where) -> None:
    """Raise SourceError, at `where`, if the code `text` lacks a line that is to be highlighted at one of `steps`."""
    count = text.count("\n") + 1
    for number in (number for step in steps for number in step if number > count):
        lines = "1 line" if count == 1 else f"{count} lines"
        raise SourceError(f"there is no line {number} to highlight", where, f"the code has {lines}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that is true only if `condition`, an expression over facts, is."""

    condition: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Quiz:
    """A multiple-choice question; `answer` is the index of the right option, `explanation` says why it is right."""

    question: str
    options: tuple[str, ...]
    answer: int
    explanation: str
    line: int


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes for the speaker, which the audience does not see."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Exercise:
    """A task for the reader."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause: what follows on the slide appears at the next press of the clicker."""

    line: int


@dataclass(frozen=True, slots=True)
class PartsList:
    """A list of the lecture's parts, as an agenda or as a recap; filled from the headings, never typed."""

    role: Literal["agenda", "recap"]
    line: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side."""

    columns: tuple[tuple["Block", ...], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Only:
    """Blocks for one audience only: the slides, the handout, or (a solution) the teacher's edition."""

    audience: Audience
    blocks: tuple["Block", ...]
    line: int


Block = Prose | Figure | Code | Claim | Quiz | Notes | Exercise | Pause | PartsList | Columns | Only


# A whole lecture: its front matter, and its slides in parts.


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: `title` in Markdown, `anchor` for links to it, `part` the title of its part.

    continued: whether the slide follows a break (---) and so repeats the title of the slide before.
    answers: marks of the items that the slide answers, in a list kept outside the lecture.
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
    """How a lecture uses an experiment: the name of its recipe, the seeds to run, and further arguments."""

    recipe: str
    seeds: tuple[int, ...]
    arguments: tuple[tuple[str, object], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture: its `name` (the file's stem), the fields of its front matter, and its slides in order.

    theme, aspect: the colors and the aspect ratio of its slides.
    lines: the line on which each field of the front matter stands, by the field's name.
    definitions: the link definitions in it, `[label]: address "title"`, which hold in all its texts.
    source: the lines of its file, for the columns of errors.
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
    definitions: Definitions = ()
    source: Sequence[str] = ()

    def where(self, line: int) -> Where:
        """Return the place of the first character on `line` of this lecture's file."""
        return first_character(line, self.path, self.source)

    def point(self, errors: Iterable[LectureError], texts: Sequence[tuple[str, int]]) -> None:
        """Give errors that were found in `texts`, each of which begins on its line, their columns in the file."""
        for error in errors:
            error.where = in_file(error.where, texts, self.source) if error.where else None

    def where_of(self, name: str) -> Where:
        """Return the place of the field `name` in the front matter; where it is missing, the first line of that."""
        return self.where(self.lines.get(name, 2))

    def overrun(self) -> LectureError | None:
        """Return an error if more minutes are planned than the slot has, else None.

        The error points at the first slide that ends after the slot.
        """
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


def narrow(outer: str, inner: str) -> str:
    """Return the audience of a block for `inner` within one for `outer`; empty if no page shows it."""
    pages = {
        audience: {page for page, seen in AUDIENCES.items() if audience in seen}
        for audience in ("both", "slides", "handout", "teacher")
    }
    return next((audience for audience, shown in pages.items() if shown == pages[outer] & pages[inner]), "")


def walk_for(blocks: tuple[Block, ...], audience: str = "both") -> Iterator[tuple[Block, str]]:
    """Yield every block in reading order, as `walk` does, each with the audience that it is for.

    A block for one audience within one for another is for those who see both.
    """
    for block in blocks:
        yield block, audience
        inside = block.columns if isinstance(block, Columns) else (block.blocks,) if isinstance(block, Only) else ()
        for group in inside:
            yield from walk_for(group, narrow(audience, block.audience) if isinstance(block, Only) else audience)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block in reading order, including those inside Columns and Only blocks."""
    return (block for block, _ in walk_for(blocks))


def decode(content: bytes) -> str:
    """Return the text in `content`, which is UTF-8, with line feeds as line ends and without a byte order mark.

    Editors on Windows write such a mark before the first letter. Raises UnicodeDecodeError.
    """
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path, shown: str) -> str:
    """Return the text of a lecture's file, as `decode` does.

    Raises SourceError, naming the file `shown`, when it is missing, cannot be read, or is not UTF-8.
    """
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise SourceError("there is no such lecture", Where(shown), "the lectures are lectures/*.md") from None
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", Where(shown), "may you read it?") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(
            "the text is not UTF-8", Where(shown, line), "save the file with the encoding UTF-8"
        ) from None


# No slide is called like a part of the page, or by a number, which reveal.js takes for the place of a slide.
RESERVED: Final = re.compile(r"title|text|closing|made|glossary|references(-\d+)?|eq-\d+|(fig|term|work)-.*|[0-9]*")


def anchor_of(title: str, taken: set[str]) -> str:
    """Return an anchor for the slide `title`, and add it to `taken`.

    It is unlike all in `taken` (a number is appended if need be) and unlike what pages call their own parts (`slide-`
    is put in front of it).
    """
    stem = stem_of(re.sub(r"\{\w+\}`[^`]*`", "", words_of(title))) or "slide"
    return number_anchor(f"slide-{stem}" if RESERVED.fullmatch(stem) else stem, taken)


def stem_of(text: str) -> str:
    """Return the letters and digits of `text`, in lower case, joined by hyphens; empty if it has none.

    Letters of any script are kept; Latin letters lose their accents, so that addresses stay easy to type.
    """
    kept = ""
    for character in unicodedata.normalize("NFKC", text).casefold():
        base = unicodedata.normalize("NFD", character)[0]
        is_accent = unicodedata.category(character) == "Mn" and kept[-1:].isascii() and kept[-1:].isalpha()
        if not is_accent:
            kept += base if base.isascii() else character
    parts = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in kept).split()
    return unicodedata.normalize("NFC", "-".join(parts))


def number_anchor(stem: str, taken: set[str]) -> str:
    """Return `stem`, with a number appended if it is in `taken`, and add it there."""
    anchor, count = stem, 1
    while anchor in taken:
        count += 1
        anchor = f"{stem}-{count}"
    taken.add(anchor)
    return anchor
