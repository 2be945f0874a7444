"""A lecture notebook as a tree of parts, slides and blocks; knows no HTML.

The notebook is flat, as notebooks are: `part` and `slide` cells begin something, `pause` and `columns` change what
follows, all others are blocks. It is read once, for everybody; `NotebookTree.seen_by` then gives each audience its own
tree, which a page is easier to write from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat import NotebookNode

from generator.errors import LectureError, PageError, Where
from generator.lecture.blocks import AUDIENCES

Assets = dict[str, dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One thing on a slide: `source` is Markdown or code, `facts` the cell's own, `columns` those of a group.

    fragment: whether a slide holds it back until the next press.
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
        """Whom it is for."""
        return str(self.facts.get("audience", "both"))

    @property
    def has_figure(self) -> bool:
        """Whether a figure is in it, in a column too."""
        return self.kind == "figure" or any(block.has_figure for column in self.columns for block in column)


@dataclass(slots=True)
class PageSlide:
    """A title and what stands under it; `part` is the title of the part that it belongs to.

    continued: whether it goes on, under the same title, with what the slide before it said; number: its place in the
    deck, where the title slide is the first.
    """

    anchor: str
    title: str
    where: Where
    part: str = ""
    continued: bool = False
    number: int = 0
    minutes: float | None = None
    blocks: list[PageBlock] = field(default_factory=list)
    notes: list[PageBlock] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """`figure` when one figure is all there is, so that it may take all the room; else `text`."""
        return "figure" if [block.kind for block in self.blocks] == ["figure"] else "text"

    @property
    def is_list_of_parts(self) -> bool:
        """Whether an agenda or a recap is all there is."""
        return bool(self.blocks) and all(block.kind in {"agenda", "recap"} for block in self.blocks)


@dataclass(slots=True)
class PagePart:
    """A part's opening (itself a slide, with perhaps some text) and its slides; untitled before the first part."""

    opening: PageSlide
    number: int = 0
    slides: list[PageSlide] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """The minutes that its slides are given, 0 where none says so."""
        return sum(slide.minutes or 0 for slide in (self.opening, *self.slides))

    def all_slides(self) -> Iterator[PageSlide]:
        """Yield the opening and then the slides."""
        yield self.opening
        yield from self.slides


@dataclass(frozen=True, slots=True)
class PageTree:
    """What one audience sees of a lecture: its front matter and its parts."""

    front: Mapping[str, Any]
    parts: tuple[PagePart, ...]

    @property
    def titled(self) -> list[PagePart]:
        """The parts that have a title: what an agenda lists."""
        return [part for part in self.parts if part.number]

    @property
    def minutes(self) -> float:
        """The minutes that the parts are given, or those of the slot where these are more."""
        return max(sum(part.minutes for part in self.parts), self.front.get("minutes") or 0)

    def placed_blocks(self) -> Iterator[tuple[PageSlide, PageBlock]]:
        """Yield every block in reading order, those in columns too, with the slide it stands on."""
        for part in self.parts:
            for slide in part.all_slides():
                for block in flat(slide.blocks):
                    yield slide, block

    def blocks(self) -> Iterator[PageBlock]:
        """Yield every block in reading order, those in columns too."""
        return (block for _, block in self.placed_blocks())


def flat(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Yield blocks, each followed by those in its columns."""
    for block in blocks:
        yield block
        for column in block.columns:
            yield from flat(column)


@dataclass(slots=True)
class Document:
    """A composed lecture: the `notebook`, the files of its figures by the figure's id, and what was found wrong.

    references: what pages write for each `{ref}`, `{cite}` and `{term}`, which stand in the notebook as written.
    """

    notebook: Any
    assets: Assets = field(default_factory=dict)
    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    _tree: "NotebookTree | None" = None

    @property
    def front(self) -> Mapping[str, Any]:
        """The lecture's front matter, and what the composer has added to it."""
        front: Mapping[str, Any] = self.notebook.metadata["lectern"]
        return front

    def tree(self, audience: str) -> PageTree:
        """Return what `audience`, one of AUDIENCES, gets to see; raises PageError for a stray cell.

        The notebook is read at the first call: it has to be complete by then.
        """
        if self._tree is None:
            self._tree = read_tree(self.notebook)
        return self._tree.seen_by(audience)


def escape_alt(text: str) -> str:
    """Return alt text that cannot end a Markdown image early."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("\n", " ")


def asset_name(figure: str, theme: str) -> str:
    """Return the name under which the files of the figure with this id lie among the assets."""
    return figure if theme == "light" else f"{figure}-{theme}"


@dataclass(slots=True)
class NotebookTree:
    """All that a notebook holds, for every audience; pauses and notes still stand among the blocks."""

    front: Mapping[str, Any]
    parts: list[PagePart]
    seen: dict[str, PageTree] = field(default_factory=dict)

    def seen_by(self, audience: str) -> PageTree:
        """Return the tree of what `audience` gets to see, the same one each time.

        Notes are kept apart from the blocks of slides, stand among those of the teacher's edition, and nowhere else.
        """
        if audience not in self.seen:
            parts = [
                replace(
                    part,
                    opening=_View(audience).slide(part.opening),
                    slides=[_View(audience).slide(slide) for slide in part.slides],
                )
                for part in self.parts
            ]
            first, *others = parts
            shown = parts if first.slides or first.opening.blocks else others
            self.seen[audience] = PageTree(self.front, tuple(shown))
        return self.seen[audience]


def read_tree(notebook: NotebookNode) -> NotebookTree:
    """Return the tree of a notebook; raises PageError for a stray cell."""
    front = notebook.metadata["lectern"]
    reader = _TreeReader(front.get("path", f"lectures/{front['name']}.md"))
    for cell in notebook.cells:
        reader.take(cell)
    return NotebookTree(front, reader.finish())


class _View:
    """One slide as one audience sees it; a pause holds back what follows it on that slide."""

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
                yield replace(block, columns=self.columns(block))
            else:
                yield replace(block, fragment=self.paused or bool(block.facts.get("fragment")))

    def columns(self, group: PageBlock) -> tuple[tuple[PageBlock, ...], ...]:
        """Return the columns of a group, without those that have nothing for this audience before another."""
        first, *others = group.columns
        shown = [tuple(self.blocks(first))]
        for column in others:
            if shown[-1]:
                shown.append(())
            shown[-1] = tuple(self.blocks(column))
        return tuple(shown)


class _TreeReader:
    """Reads cells one by one; where the next block goes is all it remembers."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.parts = [PagePart(PageSlide("", "", Where(path)))]
        self.slide = self.parts[0].opening
        self.open: list[tuple[PageBlock, list[list[PageBlock]]]] = []  # groups, outermost first, and their columns

    def take(self, cell: NotebookNode) -> None:
        facts = cell.metadata.get("lectern", {})
        kind = facts.get("kind", "code" if cell.cell_type == "code" else "prose")
        outputs = tuple(cell.get("outputs", ()))
        block = PageBlock(kind, cell.source, facts, Where(self.path, facts.get("line", 0)), outputs=outputs)
        begin = {
            "part": self._part,
            "slide": self._slide,
            "columns": self._open,
            "column": self._next,
            "columns_end": self._close,
            "solution": self._open,
            "solution_end": self._close,
        }
        begin.get(kind, self._block)(block)

    def finish(self) -> list[PagePart]:
        if self.open:
            raise PageError("columns are opened and never closed", self.slide.where, "end them with columns_end")
        shown = [slide for part in self.parts for slide in part.all_slides()][1:]
        for number, slide in enumerate(shown, start=2):
            slide.number = number
        return self.parts

    def _part(self, block: PageBlock) -> None:
        self._begin(block)
        self.slide.part = self.slide.title
        self.parts.append(PagePart(self.slide, self.parts[-1].number + 1))

    def _slide(self, block: PageBlock) -> None:
        self._begin(block)
        self.slide.part = self.parts[-1].opening.title
        self.parts[-1].slides.append(self.slide)

    def _begin(self, block: PageBlock) -> None:
        if self.open:
            raise PageError("columns reach over the end of a slide", block.where, "close them on their own slide")
        title = block.source.strip().lstrip("#").strip()
        anchor, minutes = block.facts.get("slide", ""), block.facts.get("minutes")
        self.slide = PageSlide(anchor, title, block.where, minutes=minutes)
        self.slide.continued = bool(block.facts.get("continued"))

    def _open(self, block: PageBlock) -> None:
        # The cells before the first `column` belong to the first column, whether or not a `column` cell opens it.
        self.open.append((block, [[]]))

    def _next(self, block: PageBlock) -> None:
        if not self.open:
            raise PageError("a column stands outside columns", block.where, "open the columns first")
        self.open[-1][1].append([])

    def _close(self, block: PageBlock) -> None:
        if not self.open:
            raise PageError("columns end that never began", block.where, "open the columns first")
        group, columns = self.open.pop()
        self._block(replace(group, columns=tuple(map(tuple, columns))))

    def _block(self, block: PageBlock) -> None:
        target = self.open[-1][1][-1] if self.open else self.slide.blocks
        target.append(block)
