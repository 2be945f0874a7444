"""A recap in a presentation: a row for each finding with its picture, or the parts without their minutes."""

from dataclasses import dataclass

from generator.directives.agenda.powerpoint import items as parts
from generator.document.tree import PageBlock, asset_name
from generator.formats.powerpoint.draw import SlideCanvas, rasterize
from generator.formats.powerpoint.items import PictureItem, TextItem
from generator.formats.powerpoint.measure import Box, Item
from generator.formats.powerpoint.rich_text import Paragraph, read_runs
from generator.formats.powerpoint.slides import ItemWriter

PICTURE_WIDTH, PICTURE_HEIGHT = 190.0, 92.0
PIXEL_WIDTH = 640


@dataclass(frozen=True, slots=True)
class FindingItem:
    """A sentence, with a picture at its left if there is one."""

    text: TextItem
    picture: PictureItem | None

    def indent(self, scale: float) -> float:
        """Return the width of the picture and of the gap behind it."""
        return (PICTURE_WIDTH * scale + 30) if self.picture else 0.0

    def min_height(self, width: float, scale: float) -> float:
        """Return the height of the text or of the picture, whichever is more."""
        words = self.text.min_height(width - self.indent(scale), scale)
        return max(words, PICTURE_HEIGHT * scale if self.picture else 0.0)

    max_height = min_height

    def draw(self, canvas: SlideCanvas, box: Box, scale: float) -> None:
        """Draw the picture, and the text beside its middle."""
        if self.picture:
            place = Box(box.left, box.top, PICTURE_WIDTH * scale, PICTURE_HEIGHT * scale)
            self.picture.draw(canvas, place, scale)
        width = box.width - self.indent(scale)
        height = self.text.min_height(width, scale)
        top = box.top + (self.min_height(box.width, scale) - height) / 2
        self.text.draw(canvas, Box(box.left + self.indent(scale), top, width, height), scale)


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:
    """Return the findings, or the parts if there are none."""
    cell = block.cell
    if not cell.findings:
        return parts(block, writer, alone=alone)
    return [
        finding_item(cell.beside_picture(text) if figure else text, figure, writer) for text, figure in cell.pairs()
    ]


def finding_item(finding: str, figure: str, writer: ItemWriter) -> FindingItem:
    """Return the item of a finding; `figure` is the id of its figure, or empty."""
    name = writer.tree.front.get("theme", "light")
    shown = next((b for b in writer.tree.blocks() if b.kind == "figure" and b.cell.id == figure), None)
    picture = None
    if shown:
        png = rasterize(writer.assets[asset_name(figure, name)]["still.svg"], PIXEL_WIDTH)
        picture = PictureItem(png, shown.cell.alt, shown.cell.width, shown.cell.height)
    return FindingItem(TextItem([Paragraph(read_runs(finding))], 27), picture)
