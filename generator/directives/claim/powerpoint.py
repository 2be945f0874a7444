"""A claim in a presentation: a card that says that it was measured, or does not hold in this quick build."""

from generator.document.tree import PageBlock
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.slides import ItemWriter


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the card."""
    theme, cell = writer.theme, block.cell
    background, edge = (theme.output_tint, theme.output) if cell.holds else (theme.surface, theme.wrong)
    return [writer.card(cell.label, writer.text(block.source), background, edge)]
