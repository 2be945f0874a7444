"""An exercise in a presentation: a card."""

from generator.document.tree import PageBlock
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.slides import ItemWriter
from generator.words import say


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the card with the exercise's blocks."""
    return [writer.card(say("Exercise"), writer.items(block.columns[0]), writer.theme.surface, writer.theme.kernel)]
