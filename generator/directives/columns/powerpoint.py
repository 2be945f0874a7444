"""Columns in a presentation."""

from generator.document.tree import PageBlock
from generator.formats.powerpoint.items import ColumnsItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.slides import ItemWriter


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the blocks side by side."""
    return [ColumnsItem([writer.items(column) for column in block.columns])]
