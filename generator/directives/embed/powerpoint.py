"""Something embedded, in a presentation: a video or an animation that plays, or a card."""

from generator.directives.embed import EmbedCell
from generator.document.tree import PageBlock
from generator.formats.powerpoint.items import SMALL_SIZE, PictureItem, TextItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import Paragraph, Run, read_runs
from generator.formats.powerpoint.slides import ItemWriter


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the video or the animation; for all else, and for a video that PowerPoint does not play, a card."""
    cell: EmbedCell = block.cell
    files = writer.assets[cell.id]
    caption = read_runs(cell.caption)
    if cell.mime == "image/gif":
        return [PictureItem(files["media"], cell.alt, cell.width, cell.height, caption=caption)]
    if cell.mime == "video/mp4":
        poster = files["poster.jpeg"]
        return [PictureItem(poster, cell.words, cell.width, cell.height, files["media"], caption)]
    found: list[Item] = []
    if "poster.jpeg" in files:
        found.append(PictureItem(files["poster.jpeg"], cell.words, cell.width, cell.height))
    return [*found, writer.card(cell.label, card_text(cell, writer), writer.theme.surface, writer.theme.input)]


def card_text(cell: EmbedCell, writer: ItemWriter) -> list[Item]:
    """Return the words on a card: what it is, where it is, and its caption."""
    link = cell.target if cell.medium == "link" else ""
    words = [Paragraph((Run(cell.alt or cell.name, bold=True, link=link),))]
    words += [Paragraph(read_runs(cell.caption))] if cell.caption else []
    return [TextItem(words), TextItem([Paragraph((Run(cell.name),))], SMALL_SIZE, writer.theme.muted)]
