"""What the cells of a lecture's notebook say besides their source, as typed objects; `Cell` is the base of all kinds.

The metadata of a cell hold the fields as `cell`. A directive defines the class of its own cells.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Final, Self

from generator.lecture.directive import find_directives

Write = Callable[[str], str]


def markdown_field() -> Any:
    """Return a field for Markdown, or for a list of it, in which references may stand; empty without a value."""
    return field(default="", metadata={"is_markdown": True})


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says besides its source; subclasses add fields.

    is_layout: of a group, whether it only arranges
    its blocks, and shows nothing of its own. counts_columns: of a group, whether a column keeps its number where those
    before it are empty for the readers.
    """

    is_layout: ClassVar[bool] = False
    counts_columns: ClassVar[bool] = False

    @property
    def lists_parts(self) -> bool:
        """Return whether it stands for a list of the lecture's parts."""
        return False

    @property
    def recalled(self) -> Sequence[str]:
        """Return the ids of the figures elsewhere on the page that a slide shows again, small."""
        return ()

    @property
    def page_data(self) -> Sequence[str]:
        """Return the names of the assets that scripts of a page read: `data.json` a value, `data.bin` bytes."""
        return ()

    @property
    def is_text(self) -> bool:
        """Return whether the source is Markdown in which references may stand."""
        return True

    @property
    def fills_room(self) -> bool:
        """Return whether a slide gives the block the room that others leave."""
        return False

    @property
    def asks(self) -> bool:
        """Return whether a slide asks something before it shows the block, and what stands behind it."""
        return False

    def texts(self) -> Iterator[str]:
        """Yield the Markdown in the fields."""
        for name in markdown_fields(type(self)):
            value = getattr(self, name)
            yield from [value] if isinstance(value, str) else value

    def rewritten(self, write: Write) -> Self:
        """Return the cell with what `write` returns for each Markdown text in its fields."""
        values = {name: getattr(self, name) for name in markdown_fields(type(self))}
        return replace(
            self,
            **{
                name: write(value) if isinstance(value, str) else [*map(write, value)] for name, value in values.items()
            },
        )

    def as_facts(self) -> dict[str, Any]:
        """Return the fields as plain values, for the metadata of the cell."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class ProseCell(Cell):
    """The cell of a text; `verbatim` text, such as a code block, has no references."""

    verbatim: bool = False

    @property
    def is_text(self) -> bool:
        """Return whether the text is not verbatim."""
        return not self.verbatim


@dataclass(frozen=True, slots=True)
class TitleCell(Cell):
    """The cell that begins a slide, or with the kind `part` a part.

    title: its title in Markdown. continued: whether it goes on under the title of the slide before. minutes: planned
    for it. color, image: what it stands on, the image as a data address. theme: that of its text then, by name.
    appendix: whether it is of the appendix. question: what stands in the title's place until the slide's figure, which
    answers it, is shown; empty without one.
    """

    title: str = ""
    continued: bool = False
    minutes: float | None = None
    color: str = ""
    image: str = ""
    theme: str = ""
    appendix: bool = False
    question: str = markdown_field()


@dataclass(frozen=True, slots=True)
class QuoteCell(Cell):
    """The cells around a quote that holds other blocks."""

    is_layout: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ListCell(Cell):
    """The cells around a list whose items hold other blocks; start: the number of the first, None for bullets."""

    is_layout: ClassVar[bool] = True
    counts_columns: ClassVar[bool] = True

    start: int | None = None

    def marker(self, item: int) -> str:
        """Return what stands before an item, counted from 0, in Markdown."""
        return "- " if self.start is None else f"{self.start + item}. "


OWN_KINDS: Final[Mapping[str, type[Cell]]] = {
    "prose": ProseCell, "pause": Cell, "part": TitleCell, "slide": TitleCell, "list": ListCell, "quote": QuoteCell,
}  # fmt: skip


def markdown_fields(kind: type[Cell]) -> list[str]:
    """Return the names of the fields that hold Markdown."""
    return [field.name for field in fields(kind) if field.metadata.get("is_markdown")]


def cell_class(kind: str) -> type[Cell]:
    """Return the class of the cells of this kind; raises KeyError for a kind that makes no cells."""
    if kind in OWN_KINDS:
        return OWN_KINDS[kind]
    found: type[Cell] | None = find_directives()[kind].CELL
    if found is None:
        raise KeyError(kind)
    return found


def read_cell(kind: str, facts: Mapping[str, Any]) -> Cell:
    """Return what a cell of this kind says, whose metadata are `facts`."""
    return cell_class(kind)(**facts.get("cell", {}))
