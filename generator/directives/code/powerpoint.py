"""Code in a presentation."""

from base64 import b64decode
from io import BytesIO

from PIL import Image

from generator.directives.code import shown_outputs
from generator.document.tree import PageBlock
from generator.formats.powerpoint.draw import rasterize
from generator.formats.powerpoint.items import SMALL_SIZE, CardItem, CodeItem, PictureItem, TextItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import Paragraph, read_runs
from generator.formats.powerpoint.slides import ItemWriter
from generator.words import say

PIXEL_WIDTH = 1600  # of a drawing


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the program text, with its caption above and its output below."""
    theme, cell = writer.theme, block.cell
    found: list[Item] = [TextItem([Paragraph(read_runs(cell.caption))], 22, theme.muted)] if cell.caption else []
    if cell.show != "output" and not cell.fold:
        found.append(CodeItem(block.source.strip("\n"), cell.language, theme.surface, theme))
    for output, words in shown_outputs(block):
        if output.kind == "picture":
            found.append(plot_item(output.content, words))
        elif output.kind == "markdown":
            found += writer.text(output.content)
        elif text := output.text:
            edge = theme.wrong if output.kind == "error" else theme.output
            printed = CodeItem(text, "text", theme.paper, theme, SMALL_SIZE, (0, 0), output.runs)
            found.append(CardItem([printed], theme.paper, edge))
    if cell.fold:
        found.append(TextItem([Paragraph(read_runs(say("The code is in the handout.")))], SMALL_SIZE, theme.muted))
    return found


def plot_item(address: str, words: str) -> PictureItem:
    """Return a picture, given as a data address."""
    content = b64decode(address.partition(",")[2])
    png = rasterize(content, PIXEL_WIDTH) if address.startswith("data:image/svg") else content
    with Image.open(BytesIO(png)) as picture:
        return PictureItem(png, words, *picture.size)
