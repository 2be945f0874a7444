"""Notes in a presentation, which stand in the notes of its slide."""

from collections.abc import Iterator

from generator.document.tree import PageBlock
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import write_plain
from generator.formats.powerpoint.slides import ItemWriter


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return nothing: the audience does not see notes."""
    return []


def notes(block: PageBlock) -> Iterator[str]:
    """Yield the notes, all parts one after the other."""
    yield write_plain(block.cell.whole(block.source) if block.cell.at_presses else block.source)
