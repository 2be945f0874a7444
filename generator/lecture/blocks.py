"""The parsed form of a lecture: its blocks, its slides, and what its front matter says.

Holds what the lecturer wrote, understood but not yet computed. Knows no HTML and runs nothing. `parser` builds these
objects; `walk` visits the blocks.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from generator.disk import read_file
from generator.errors import LectureError, SourceError, Where
from generator.lecture.given import Given, LeftOut
from generator.lecture.macros import Macros
from generator.lecture.places import Sources, first_character, point
from generator.lecture.syntax import Definitions, words_of
from generator.words import say_date

Audience = Literal["both", "slides", "handout", "teacher"]
# The audiences of blocks that each kind of page shows: its own, and those for everyone ("both").
# The teacher's edition is a handout with solutions. Notes go to the speaker and to the teacher.
AUDIENCES: Final[Mapping[str, frozenset[str]]] = {
    "slides": frozenset({"both", "slides"}),
    "handout": frozenset({"both", "handout"}),
    "teacher": frozenset({"both", "handout", "teacher"}),
}


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown that may hold roles, and the place of its first line."""

    source: str
    where: Where


class Block(ABC):
    """One thing on a slide, at a place in the lecture. Its subclasses are frozen dataclasses, one a directive.

    What differs between kinds of blocks is asked of the block itself, so that nothing else has to know them all. What
    `plan` and `compose` work with is defined in rooms that are not known here, hence `Any`.
    """

    __slots__ = ()
    where: Where
    is_visible: ClassVar[bool] = True  # whether a page shows something of its own where it stands
    lists_parts: ClassVar[bool] = False
    numbers_equations: ClassVar[bool] = False  # whether readers see its formulas on lines of their own, with a number

    @property
    def line(self) -> int:
        """Return the line on which the block begins."""
        return self.where.line

    @property
    def hidden_as(self) -> str:
        """Return what it is if it is not for students, such as "a note"; empty if students may read it."""
        return ""

    @property
    def inner_audience(self) -> Audience:
        """Return the audience of the blocks inside."""
        return "both"

    def texts(self) -> Sequence[Text]:
        """Return the block's own texts, those without the blocks inside it."""
        return ()

    def groups(self) -> Sequence[tuple["Block", ...]]:
        """Return the blocks inside this one, such as those in each column."""
        return ()

    def plan(self, planner: Any) -> None:  # noqa: B027 - most blocks need nothing
        """Add what the block needs besides the values in its texts to a `plan.planner.Planner`."""

    @abstractmethod
    def compose(self, composer: Any) -> None:
        """Append the block's cells to the notebook of a `document.compose.Composer`."""


@dataclass(frozen=True, slots=True)
class Prose(Block):
    """Markdown text. `verbatim` text (a code block) contains no roles."""

    text: str
    where: Where
    verbatim: bool = False
    numbers_equations: ClassVar[bool] = True

    def texts(self) -> Sequence[Text]:
        """Return the text, unless it is verbatim."""
        return () if self.verbatim else (Text(self.text, self.where),)

    def compose(self, composer: Any) -> None:
        """Append a cell of text."""
        composer.add_prose(self)


@dataclass(frozen=True, slots=True)
class Pause(Block):
    """A pause: what follows on the slide appears at the next press of the clicker."""

    where: Where
    is_visible: ClassVar[bool] = False

    def compose(self, composer: Any) -> None:
        """Append a cell that stands for the pause."""
        composer.add_pause(self)


@dataclass(frozen=True, slots=True)
class NestedList(Block):
    """A list with directives in it, each item as blocks; `start` is the number of the first item, None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None
    where: Where
    is_visible: ClassVar[bool] = False

    def groups(self) -> Sequence[tuple[Block, ...]]:
        """Return the blocks of each item."""
        return self.items

    def compose(self, composer: Any) -> None:
        """Append the items as one group."""
        composer.add_list(self)


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """A quote with directives in it."""

    blocks: tuple[Block, ...]
    where: Where
    is_visible: ClassVar[bool] = False

    def groups(self) -> Sequence[tuple[Block, ...]]:
        """Return the blocks, as one group."""
        return (self.blocks,)

    def compose(self, composer: Any) -> None:
        """Append the blocks as one group."""
        composer.add_group("quote", (self.blocks,), self.where)


@dataclass(frozen=True, slots=True)
class Only(Block):
    """Blocks for one audience only."""

    audience: Audience
    blocks: tuple[Block, ...]
    where: Where
    is_visible: ClassVar[bool] = False

    @property
    def inner_audience(self) -> Audience:
        """Return the audience."""
        return self.audience

    def groups(self) -> Sequence[tuple[Block, ...]]:
        """Return the blocks, as one group."""
        return (self.blocks,)

    def compose(self, composer: Any) -> None:
        """Append the cells of the blocks."""
        with composer.only_for(self.audience):
            composer.add_blocks(self.blocks)


class Numbered(Block):
    """A block that is counted as a figure, can be referred to by its `name`, and has facts that texts can name."""

    __slots__ = ()
    name: str


# A whole lecture: its front matter, and its slides in parts.


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: `title` in Markdown, `anchor` for links to it, `part` the title of its part.

    continued: whether the slide follows a break (---) and so repeats the title of the slide before.
    answers: marks of the items that the slide answers, in a list kept outside the lecture. background: the color or the
    image that it stands on, as written; empty for the theme's paper. appendix: whether it is of the appendix, for which
    no time is planned. given: the name of what the slide needs from outside the project; empty for nothing.
    """

    title: str
    anchor: str
    where: Where
    blocks: tuple[Block, ...] = ()
    part: str = ""
    starts_part: bool = False
    continued: bool = False
    minutes: float | None = None
    answers: tuple[str, ...] = ()
    background: str = ""
    appendix: bool = False
    given: str = ""


@dataclass(frozen=True, slots=True)
class ExperimentUse:
    """How a lecture uses an experiment: the name of its recipe, the seeds to run, and further arguments.

    timeout: how many minutes one run may take; 0 where the lecture does not say it.
    """

    recipe: str
    seeds: tuple[int, ...]
    arguments: tuple[tuple[str, object], ...] = ()
    line: int = 0
    timeout: float = 0


@dataclass(frozen=True, slots=True)
class LectureTitle:
    """What other pages say of a lecture: its title, its subtitle, its minutes, if it has some, and its language."""

    title: str
    subtitle: str = ""
    minutes: float | None = None
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture: its `name` (the file's stem), the fields of its front matter, and its slides in order.

    theme, aspect: the colors and the aspect ratio of its slides. titles: whether those of its slides are to be
    "sentences", or "any".
    lines: the line on which each field of the front matter stands, by the field's name.
    definitions: the link definitions in it, `[label]: address "title"`, which hold in all its texts.
    sources: the lines of its file, and of those that it includes, by path, for the columns of errors.
    macros: those of the course and its own, which are written out in its titles.
    given: the paths of what the build is given from outside the project, by name; left_out: the slides that need more.
    chapter: its number in a book, where figures and equations are counted by chapters; 0 where it stands alone.
    """

    name: str
    path: str
    title: str
    slides: tuple[Slide, ...]
    subtitle: str = ""
    author: str = ""
    date: str = ""
    version: str = ""
    license: str = ""
    lang: str = "en"
    minutes: float | None = None
    dataset: str = "mnist"
    experiments: dict[str, ExperimentUse] = field(default_factory=dict)
    bibliography: str = ""
    theme: str = "light"
    aspect: str = "16:9"
    titles: str = "any"
    macros: Macros = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    definitions: Definitions = ()
    sources: Sources = field(default_factory=dict)
    given: Given = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    chapter: int = 0

    def as_chapter(self, number: int) -> "Lecture":
        """Return the lecture as a chapter of a book, in which no slide has the anchor of one in another chapter."""
        slides = tuple(replace(slide, anchor=f"{chapter_anchor(number)}-{slide.anchor}") for slide in self.slides)
        return replace(self, chapter=number, slides=slides)

    def own_anchor(self, slide: Slide) -> str:
        """Return the anchor that a slide has where the lecture stands alone."""
        return slide.anchor.removeprefix(f"{chapter_anchor(self.chapter)}-") if self.chapter else slide.anchor

    @property
    def infix(self) -> str:
        """What stands within the ids of a chapter, so that no other chapter has them; empty where it stands alone."""
        return f"{self.chapter}-" if self.chapter else ""

    def number(self, count: int) -> int | str:
        """Return the number of the figure or equation with this place among all: within a chapter, after its number."""
        return f"{self.chapter}.{count}" if self.chapter else count

    @property
    def edition(self) -> str:
        """What pages say of which lecture this is: its date, its version and its license; empty without them."""
        return " · ".join(filter(None, [say_date(self.date), self.version and f"v{self.version}", self.license]))

    def where(self, line: int) -> Where:
        """Return the place of the first character on `line` of this lecture's file."""
        return first_character(Where(self.path, line), self.sources)

    def point(self, errors: Iterable[LectureError], texts: Iterable[Text] = ()) -> None:
        """Give errors, which were found in `texts`, their columns in the file."""
        point(errors, [(text.source, text.where) for text in texts], self.sources)

    def where_of(self, name: str) -> Where:
        """Return the place of the field `name` in the front matter; where it is missing, the first line of that."""
        return self.where(self.lines.get(name, 2))

    def overrun(self) -> LectureError | None:
        """Return an error if more minutes are planned than the slot has, else None.

        The error points at the first slide that ends after the slot.
        """
        planned = 0.0
        late: Slide | None = None
        for slide in (slide for slide in self.slides if not slide.appendix):
            planned += slide.minutes or 0
            late = late or (slide if self.minutes is not None and planned > self.minutes else None)
        if late is None:
            return None
        problem = f"the slot of {self.minutes:g} minutes ends before '{late.title}' does: {planned:g} are planned"
        return SourceError(problem, late.where, "plan less, or raise minutes: in the front matter")

    def parts(self) -> list[Slide]:
        """Return the slides that start a part."""
        return [slide for slide in self.slides if slide.starts_part]


def chapter_anchor(number: int) -> str:
    """Return the anchor at which a chapter of a book begins."""
    return f"lecture-{number}"


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
        for group in block.groups():
            yield from walk_for(group, narrow(audience, block.inner_audience))


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block in reading order, including those inside others."""
    return (block for block, _ in walk_for(blocks))


def decode(content: bytes) -> str:
    """Return the text in `content`, which is UTF-8, with line feeds as line ends and without a byte order mark.

    Editors on Windows write such a mark before the first letter. Raises UnicodeDecodeError.
    """
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path, shown: str) -> str:
    """Return the text of a lecture's file, as `decode` does.

    Raises SourceError, naming the file `shown`, when it is missing, cannot be read, is not UTF-8, or has control
    characters.
    """
    try:
        text = decode(read_file(path))
    except FileNotFoundError:
        raise SourceError("there is no such lecture", Where(shown), "the lectures are lectures/*.md") from None
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", Where(shown), "may you read it?") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(
            "the text is not UTF-8", Where(shown, line), "save the file with the encoding UTF-8"
        ) from None
    check_characters(text, shown)
    return text


CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # apart from tabs and line ends


def check_characters(text: str, shown: str) -> None:
    """Raise SourceError, at its place in the file `shown`, for a control character: pages show nothing of it."""
    if found := CONTROL.search(text):
        start = found.start()
        place = Where(shown, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
        raise SourceError(
            f"the text has the character U+{ord(found[0]):04X} in it", place, "no page shows it: remove it"
        )


# No slide is called like a part of the page, or by a number, which reveal.js takes for the place of a slide.
RESERVED: Final = re.compile(r"title|text|made|glossary|references(-\d+)?|eq-\d+|(fig|term|work|media)-.*|[0-9]*")


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
