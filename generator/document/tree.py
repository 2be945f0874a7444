"""The composed lecture (`Document`), and its notebook as a tree of parts, slides and blocks; knows no HTML.

A notebook is a flat list of cells: `part` and `slide` cells begin something, a `pause` affects what follows, and groups
of blocks, such as columns, stand between cells that say where the group begins, where its next column, and where it
ends. All others are blocks. Pages are easier to write from a tree. `read_tree` reads the notebook once, for all
audiences; `NotebookTree.seen_by` then returns the tree (`PageTree`) of what one audience sees.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat import NotebookNode

from generator.document.cells import TitleCell, read_cell
from generator.errors import LectureError, PageError, Where
from generator.lecture.blocks import AUDIENCES
from generator.lecture.page_looks import NO_LOOKS, Looks

Assets = dict[str, dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One thing on a slide, such as a paragraph, a figure, or a group of columns.

    kind: the kind of its cell. source: Markdown or code. facts: the metadata of its cell. fragment: whether a slide
    shows it only at the next press of the clicker. outputs: of a code cell. columns: of a group, the blocks in each
    column; a solution is a group of one column.
    """

    kind: str
    source: str
    facts: Mapping[str, Any]
    where: Where
    fragment: bool = False
    outputs: tuple[Mapping[str, Any], ...] = ()
    columns: tuple[tuple["PageBlock", ...], ...] = ()

    @property
    def audience(self) -> str:
        """Return the audience that the block is for."""
        return str(self.facts.get("audience", "both"))

    @property
    def cell(self) -> Any:
        """Return what the block's cell says besides its source: an object of the `CELL` class of its directive."""
        return read_cell(self.kind, self.facts)

    @property
    def has_figure(self) -> bool:
        """Whether the block is a figure, or something like it, or has one in its columns."""
        return bool(self.cell.fills_room) or any(block.has_figure for column in self.columns for block in column)


@dataclass(slots=True)
class PageSlide:
    """A slide: its title and its blocks; `part` is the title of the part that it belongs to.

    continued: whether it continues the slide before it under the same title. number: its place in the deck, counted
    from 1, which is the title slide. notes: the speaker's notes; empty except in the tree of the slides. color, image:
    what the slide stands on, if not on paper; theme: the name of the theme of its text then. appendix: whether it is of
    the appendix. question: what stands in the title's place until the slide's figure, which answers it, is shown; empty
    without one.
    """

    anchor: str
    title: str
    where: Where
    part: str = ""
    continued: bool = False
    number: int = 0
    minutes: float | None = None
    color: str = ""
    image: str = ""
    theme: str = ""
    appendix: bool = False
    question: str = ""
    blocks: list[PageBlock] = field(default_factory=list)
    notes: list[PageBlock] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """Return `figure` if the slide has nothing but one figure, which may then fill it; else `text`."""
        return "figure" if [block.kind for block in self.blocks] == ["figure"] else "text"

    def asked(self) -> tuple[list[PageBlock], PageBlock] | None:
        """Return the blocks beside the question from the start, and the block that asks it; None without one."""
        asking = next((at for at, block in enumerate(self.blocks) if block.cell.asks), None)
        return None if asking is None else (self.blocks[:asking], self.blocks[asking])

    @property
    def is_list_of_parts(self) -> bool:
        """Whether the slide has nothing but an agenda or a recap."""
        return bool(self.blocks) and all(block.cell.lists_parts for block in self.blocks)


@dataclass(slots=True)
class PagePart:
    """A part: its opening, which is a slide too and may have blocks, and its other slides.

    number: counted from 1; 0 for what comes before the first part, which has no title. The parts of the appendix are
    counted by themselves.
    """

    opening: PageSlide
    number: int = 0
    slides: list[PageSlide] = field(default_factory=list)

    @property
    def is_appendix(self) -> bool:
        """Return whether the part is an appendix."""
        return self.opening.appendix

    @property
    def label(self) -> str:
        """Return what stands before the title: the number, or the letter of an appendix."""
        return chr(ord("A") + (self.number - 1) % 26) if self.is_appendix else str(self.number)

    @property
    def minutes(self) -> float:
        """Return the minutes planned for its slides; 0 if none are given."""
        return sum(slide.minutes or 0 for slide in (self.opening, *self.slides))

    def all_slides(self) -> Iterator[PageSlide]:
        """Yield the opening, then the other slides."""
        yield self.opening
        yield from self.slides


@dataclass(frozen=True, slots=True)
class PageTree:
    """What one audience sees of a lecture: the front matter and the parts."""

    front: Mapping[str, Any]
    parts: tuple[PagePart, ...]

    @property
    def titled(self) -> list[PagePart]:
        """Return the parts that have a title, which an agenda lists; it leaves out the appendix."""
        return [part for part in self.parts if part.number and not part.is_appendix]

    @property
    def minutes(self) -> float:
        """Return the minutes planned for all parts but the appendix, or for the lecture's slot if that is more."""
        planned = sum(part.minutes for part in self.parts if not part.is_appendix)
        return max(planned, self.front.get("minutes") or 0)

    def placed_blocks(self) -> Iterator[tuple[PageSlide, PageBlock]]:
        """Yield every block in reading order, including those in columns, each with its slide."""
        for part in self.parts:
            for slide in part.all_slides():
                for block in with_nested(slide.blocks):
                    yield slide, block

    def all_slides(self) -> Iterator[PageSlide]:
        """Yield every slide, the openings of the parts among them."""
        return (slide for part in self.parts for slide in part.all_slides())

    def blocks(self) -> Iterator[PageBlock]:
        """Yield every block in reading order, including those in columns."""
        return (block for _, block in self.placed_blocks())

    def without_notes(self) -> "PageTree":
        """Return the same tree without the speaker's notes."""
        parts = [
            replace(
                part,
                opening=replace(part.opening, notes=[]),
                slides=[replace(slide, notes=[]) for slide in part.slides],
            )
            for part in self.parts
        ]
        return replace(self, parts=tuple(parts))


def with_nested(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Yield each block, followed by those in its columns."""
    for block in blocks:
        yield block
        for column in block.columns:
            yield from with_nested(column)


@dataclass(slots=True)
class Document:
    """A composed lecture: the notebook that all formats export, and what belongs to it.

    assets: the files of its figures, by asset name (see `asset_name`) and file name. errors, warnings: what was found
    wrong. references: what pages write for each `{ref}`, `{cite}` and `{term}`; the notebook has these as written.
    looks: what the course's pages look like. notes: what the author is to know, and nothing that is wrong.
    """

    notebook: Any
    assets: Assets = field(default_factory=dict)
    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    looks: Looks = NO_LOOKS
    notes: list[LectureError] = field(default_factory=list)
    _tree: "NotebookTree | None" = None

    @property
    def front(self) -> Mapping[str, Any]:
        """Return the lecture's front matter, with what `compose` has added to it."""
        front: Mapping[str, Any] = self.notebook.metadata["lectern"]
        return front

    def tree(self, audience: str) -> PageTree:
        """Return the tree of what `audience`, one of AUDIENCES, sees; raise PageError for a misplaced cell.

        The notebook is read at the first call, and must be complete by then.
        """
        if self._tree is None:
            self._tree = read_tree(self.notebook)
        return self._tree.seen_by(audience)


def escape_alt(text: str) -> str:
    """Return alternative text with its brackets escaped, so that it does not end a Markdown image early."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("\n", " ")


def asset_name(figure: str, theme: str) -> str:
    """Return the name in `Document.assets` for the files of the figure with the id `figure`, drawn in `theme`."""
    return figure if theme == "light" else f"{figure}-{theme}"


def state_name(figure: str, number: int) -> str:
    """Return the id by which `asset_name` names the files of a state of the figure with the id `figure`."""
    return f"{figure}@{number}"


@dataclass(slots=True)
class NotebookTree:
    """Everything in a notebook, for all audiences; pauses and notes are still among the blocks."""

    front: Mapping[str, Any]
    parts: list[PagePart]
    seen: dict[str, PageTree] = field(default_factory=dict)

    def seen_by(self, audience: str) -> PageTree:
        """Return the tree of what `audience` sees; later calls return the same object.

        Notes are in `PageSlide.notes` for the slides, among the blocks for the teacher's edition, and nowhere else.
        """
        if audience not in self.seen:
            parts = [
                replace(
                    part,
                    opening=_SlideView(audience).slide(part.opening),
                    slides=[_SlideView(audience).slide(slide) for slide in part.slides],
                )
                for part in self.parts
            ]
            first, *others = parts
            shown = parts if first.slides or first.opening.blocks else others
            self.seen[audience] = PageTree(self.front, tuple(shown))
        return self.seen[audience]


def read_tree(notebook: NotebookNode) -> NotebookTree:
    """Return the tree of a notebook; raise PageError for a misplaced cell."""
    front = notebook.metadata["lectern"]
    reader = _TreeReader(front.get("path", f"lectures/{front['name']}.md"))
    for cell in notebook.cells:
        reader.take(cell)
    return NotebookTree(front, reader.finish())


class _SlideView:
    """Makes the slide that one audience sees; one instance per slide, since a pause affects the rest of its slide."""

    def __init__(self, audience: str) -> None:
        self.audience = audience
        self.paused = False
        self.notes: list[PageBlock] = []

    def slide(self, slide: PageSlide) -> PageSlide:
        blocks = list(self.blocks(slide.blocks))
        return replace(slide, blocks=blocks, notes=self.notes)

    def blocks(self, blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
        for block in blocks:
            if block.audience not in AUDIENCES[self.audience]:
                continue
            if block.kind == "pause":
                self.paused = True
            elif block.kind == "notes" and self.audience != "teacher":
                self.notes += [block] if self.audience == "slides" else []
            elif block.columns:
                group = self.group(block)
                if any(group.columns) or not block.cell.is_layout:
                    yield group
            else:
                yield replace(block, fragment=self.paused or bool(block.facts.get("fragment")))

    def group(self, group: PageBlock) -> PageBlock:
        """Return a group; what is in a card that waits for a press appears with the card."""
        waits = self.paused and not group.cell.is_layout
        self.paused = self.paused and not waits
        shown = replace(group, columns=self.columns(group), fragment=waits)
        self.paused = self.paused or waits
        return shown

    def columns(self, group: PageBlock) -> tuple[tuple[PageBlock, ...], ...]:
        """Return the columns of a group, without those that are empty for this audience and followed by another.

        An item of a list stays, even if empty, so that the others have the same numbers on all pages.
        """
        if group.cell.counts_columns:
            return tuple(tuple(self.blocks(column)) for column in group.columns)
        first, *others = group.columns
        shown = [tuple(self.blocks(first))]
        for column in others:
            if shown[-1]:
                shown.append(())
            shown[-1] = tuple(self.blocks(column))
        return tuple(shown)


class _TreeReader:
    """Reads the cells of a notebook one by one; remembers only where the next block goes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.parts = [PagePart(PageSlide("", "", Where(path)))]
        self.slide = self.parts[0].opening
        self.open: list[tuple[PageBlock, list[list[PageBlock]]]] = []  # open groups, outermost first, and their columns

    def take(self, cell: NotebookNode) -> None:
        facts = cell.metadata.get("lectern", {})
        kind = facts.get("kind", "code" if cell.cell_type == "code" else "prose")
        outputs = tuple(cell.get("outputs", ()))
        where = Where(facts.get("path", self.path), facts.get("line", 0))
        block = PageBlock(kind, cell.source, facts, where, outputs=outputs)
        group_handlers = {"begin": self._open, "next": self._next, "end": self._close}
        handlers = {"part": self._part, "slide": self._slide}
        (group_handlers[facts["group"]] if facts.get("group") else handlers.get(kind, self._block))(block)

    def finish(self) -> list[PagePart]:
        if self.open:
            raise PageError("a group of blocks is opened and never closed", self.slide.where, "end it")
        shown = [slide for part in self.parts for slide in part.all_slides()][1:]
        for number, slide in enumerate(shown, start=2):
            slide.number = number
        return self.parts

    def _part(self, block: PageBlock) -> None:
        self._begin(block)
        self.slide.part = self.slide.title
        number = sum(part.is_appendix == self.slide.appendix for part in self.parts[1:]) + 1
        self.parts.append(PagePart(self.slide, number))

    def _slide(self, block: PageBlock) -> None:
        self._begin(block)
        self.slide.part = self.parts[-1].opening.title
        self.parts[-1].slides.append(self.slide)

    def _begin(self, block: PageBlock) -> None:
        if self.open:
            raise PageError(
                "a group of blocks reaches over the end of a slide", block.where, "close it on its own slide"
            )
        cell: TitleCell = block.cell
        anchor = block.facts.get("slide", "")
        self.slide = PageSlide(anchor, cell.title, block.where, continued=cell.continued, minutes=cell.minutes)
        self.slide.color, self.slide.image, self.slide.theme = cell.color, cell.image, cell.theme
        self.slide.appendix = cell.appendix
        self.slide.question = cell.question

    def _open(self, block: PageBlock) -> None:
        # Cells before the first `next` are in the first column. If there are none, that column stays empty,
        # and `_SlideView.columns` drops it.
        self.open.append((block, [[]]))

    def _next(self, block: PageBlock) -> None:
        if not self.open:
            raise PageError("a column stands outside a group", block.where, "open the group first")
        self.open[-1][1].append([])

    def _close(self, block: PageBlock) -> None:
        if not self.open:
            raise PageError("a group ends that never began", block.where, "open the group first")
        group, columns = self.open.pop()
        self._block(replace(group, columns=tuple(map(tuple, columns))))

    def _block(self, block: PageBlock) -> None:
        target = self.open[-1][1][-1] if self.open else self.slide.blocks
        target.append(block)
