"""Code in a presentation."""

from generator.document.outputs import output_text
from generator.document.tree import PageBlock
from generator.formats.powerpoint.items import SMALL_SIZE, CardItem, CodeItem, TextItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import Paragraph, read_runs
from generator.formats.powerpoint.slides import ItemWriter


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the program text, with its caption above and its output below."""
    theme, cell = writer.theme, block.cell
    found: list[Item] = [TextItem([Paragraph(read_runs(cell.caption))], 22, theme.muted)] if cell.caption else []
    found.append(CodeItem(block.source.strip("\n"), cell.language, theme.surface, theme))
    printed = [(output, output_text(output)) for output in block.outputs]
    for output, text in printed:
        if text:
            edge = theme.wrong if output["output_type"] == "error" else theme.output
            found.append(CardItem([CodeItem(text, "text", theme.paper, theme, SMALL_SIZE, (0, 0))], theme.paper, edge))
    return found
