"""Contact sheets: many small pictures in a grid, each with its number."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from generator.theme import FONT_FOLDER, LIGHT

WIDTH: Final = 2000  # pixels of a sheet, at most
GAP, LABEL = 12, 22  # pixels


def contact_sheet(shots: Sequence[bytes]) -> bytes:
    """Return one PNG of all `shots` (PNG, alike in width), numbered from 1, in rows from the upper left."""
    pictures = [Image.open(BytesIO(shot)).convert("RGB") for shot in shots]
    width, height = pictures[0].width, max(picture.height for picture in pictures)
    columns = min(len(pictures), max(1, (WIDTH - GAP) // (width + GAP)))
    rows = -(-len(pictures) // columns)
    size = GAP + columns * (width + GAP), GAP + rows * (height + LABEL + GAP)
    sheet = Image.new("RGB", size, LIGHT.rule)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT_FOLDER / "IBMPlexSans-SemiBold.ttf", 15)
    for number, picture in enumerate(pictures):
        left = GAP + number % columns * (width + GAP)
        top = GAP + number // columns * (height + LABEL + GAP)
        draw.text((left, top), str(number + 1), LIGHT.ink, font)
        sheet.paste(picture, (left, top + LABEL))
    stream = BytesIO()
    sheet.save(stream, "PNG", optimize=True)
    return stream.getvalue()
