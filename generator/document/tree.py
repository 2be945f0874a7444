"""A lecture notebook as a tree of parts, slides and blocks; knows no HTML.

The notebook is flat, as notebooks are: `part` and `slide` cells begin something, `pause` and `columns` change what
follows, all others are blocks. A page is easier to write from the tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat import NotebookNode

from generator.errors import LectureError, PageError, Where
from generator.lecture.blocks import AUDIENCES


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on a slide: `source` is Markdown or code, `facts` the cell's own, `columns` those of a group."""

    kind: str
    source: str
    facts: Mapping[str, Any]
    where: Where
    fragment: bool = False
    outputs: tuple[Mapping[str, Any], ...] = ()
    columns: tuple[tuple["Block", ...], ...] = ()

    @property
    def has_figure(self) -> bool:
        """Whether a figure is in it, in a column too."""
        return self.kind == "figure" or any(block.has_figure for column in self.columns for block in column)


@dataclass(slots=True)
class Slide:
    """A title and what stands under it; `part` is the title of the part that it belongs to."""

    anchor: str
    title: str
    where: Where
    part: str = ""
    continued: bool = False  # whether it goes on with what the slide before it said, under the same title
    number: int = 0  # its place in the deck, where the title slide is the first
    minutes: float | None = None
    blocks: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """`figure` when one figure is all there is, so that it may take all the room; else `text`."""
        return "figure" if [block.kind for block in self.blocks] == ["figure"] else "text"

    @property
    def is_list_of_parts(self) -> bool:
        """Whether an agenda or a recap is all there is."""
        return bool(self.blocks) and all(block.kind in {"agenda", "recap"} for block in self.blocks)


@dataclass(slots=True)
class Part:
    """A part's opening (itself a slide, with perhaps some text) and its slides; untitled before the first part."""

    opening: Slide
    number: int = 0
    slides: list[Slide] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """Return the minutes that its slides are given, 0 where none says so."""
        return sum(slide.minutes or 0 for slide in (self.opening, *self.slides))


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole lecture: its front matter and its parts."""

    front: Mapping[str, Any]
    parts: tuple[Part, ...]

    @property
    def titled(self) -> list[Part]:
        """Return the parts that have a title: what an agenda lists."""
        return [part for part in self.parts if part.number]

    @property
    def minutes(self) -> float:
        """Return the minutes that the parts are given, or those of the slot where these are more."""
        return max(sum(part.minutes for part in self.parts), self.front.get("minutes") or 0)

    def placed_blocks(self) -> Iterator[tuple[Slide, Block]]:
        """Yield every block in reading order, those in columns too, with the slide it stands on."""
        for part in self.parts:
            for slide in (part.opening, *part.slides):
                for block in _flat(slide.blocks):
                    yield slide, block

    def blocks(self) -> Iterator[Block]:
        """Yield every block in reading order, those in columns too."""
        return (block for _, block in self.placed_blocks())


def read_outline(notebook: NotebookNode, audience: str) -> Outline:
    """Return the tree of what `audience` (one of AUDIENCES) gets to see; raises PageError for a stray cell.

    Notes are kept apart from the blocks of slides, stand among those of the teacher's edition, and nowhere else.
    """
    front = notebook.metadata["lectern"]
    path = front.get("path", f"lectures/{front['name']}.md")
    reader = _Reader(path, audience)
    for cell in notebook.cells:
        reader.take(cell)
    return Outline(front, tuple(reader.finish()))


def _flat(blocks: list[Block] | tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        for column in block.columns:
            yield from _flat(column)


class _Reader:
    """Reads cells one by one; where the next block goes and whether it waits for a press is all it remembers."""

    def __init__(self, path: str, audience: str) -> None:
        self.path, self.audience = path, audience
        self.parts = [Part(Slide("", "", Where(path)))]
        self.slide = self.parts[0].opening
        self.columns: list[list[Block]] | None = None
        self.group: Block | None = None
        self.paused = False

    def take(self, cell: NotebookNode) -> None:
        facts = cell.metadata.get("lectern", {})
        kind = facts.get("kind", "code" if cell.cell_type == "code" else "prose")
        block = Block(kind, cell.source, facts, Where(self.path, facts.get("line", 0)))
        if facts.get("audience", "both") not in AUDIENCES[self.audience]:
            return
        begin = {"part": self._part, "slide": self._slide, "pause": self._pause, "notes": self._notes,
                 "columns": self._open, "column": self._next, "columns_end": self._close,
                 "solution": self._open, "solution_end": self._close}.get(kind)  # fmt: skip
        if begin:
            begin(block)
        else:
            self._block(replace(block, outputs=tuple(cell.get("outputs", ()))))

    def finish(self) -> list[Part]:
        if self.columns is not None:
            raise PageError("columns are opened and never closed", self.slide.where, "end them with columns_end")
        first, *others = self.parts
        shown = [slide for part in self.parts for slide in (part.opening, *part.slides)][1:]
        for number, slide in enumerate(shown, start=2):
            slide.number = number
        return [first, *others] if first.slides or first.opening.blocks else others

    def _part(self, block: Block) -> None:
        self._begin(block)
        self.slide.part = self.slide.title
        self.parts.append(Part(self.slide, self.parts[-1].number + 1))

    def _slide(self, block: Block) -> None:
        self._begin(block)
        self.slide.part = self.parts[-1].opening.title
        self.parts[-1].slides.append(self.slide)

    def _begin(self, block: Block) -> None:
        if self.columns is not None:
            raise PageError("columns reach over the end of a slide", block.where, "close them on their own slide")
        title = block.source.strip().lstrip("#").strip()
        anchor, minutes = block.facts.get("slide", ""), block.facts.get("minutes")
        self.slide, self.paused = Slide(anchor, title, block.where, minutes=minutes), False
        self.slide.continued = bool(block.facts.get("continued"))

    def _pause(self, _block: Block) -> None:
        self.paused = True

    def _notes(self, block: Block) -> None:
        if self.audience == "slides":
            self.slide.notes.append(block)
        elif self.audience == "teacher":
            self._block(block)

    def _open(self, block: Block) -> None:
        # The cells before the first `column` belong to the first column, whether or not a `column` cell opens it.
        self.group, self.columns = block, [[]]

    def _next(self, block: Block) -> None:
        if self.columns is None:
            raise PageError("a column stands outside columns", block.where, "open the columns first")
        if self.columns[-1]:
            self.columns.append([])

    def _close(self, block: Block) -> None:
        if self.columns is None or self.group is None:
            raise PageError("columns end that never began", block.where, "open the columns first")
        group = replace(self.group, columns=tuple(tuple(column) for column in self.columns))
        self.slide.blocks.append(group)
        self.columns = self.group = None

    def _block(self, block: Block) -> None:
        fragment = self.paused or bool(block.facts.get("fragment"))
        target = self.slide.blocks if self.columns is None else self.columns[-1]
        target.append(replace(block, fragment=fragment))


Assets = dict[str, dict[str, bytes]]


# A composed lecture: a notebook and what belongs to it; knows no HTML.


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
