"""Contact sheets: many small pictures in a grid, each with its number."""

import math
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from generator.theme import FONT_FOLDER, LIGHT

Picture = Image.Image

WIDTH: Final = 2000  # pixels of a sheet, at most
GAP, LABEL = 12, 22  # pixels


def read_picture(png: bytes) -> Picture:
    """Return the picture in a PNG."""
    return Image.open(BytesIO(png)).convert("RGB")


def cut(picture: Picture, height: float) -> list[Picture]:
    """Return the parts of a picture from the top down, each `height` pixels high, the last perhaps less."""
    number = max(1, math.ceil(picture.height / height - 0.1))  # a pixel over is rounding, and no part of its own
    edges = [round(at * height) for at in range(number)] + [picture.height]
    return [picture.crop((0, top, picture.width, bottom)) for top, bottom in pairwise(edges)]


def contact_sheet(pictures: Sequence[Picture]) -> bytes:
    """Return one PNG of all `pictures` (alike in width), numbered from 1, in rows from the upper left."""
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
    sheet.save(stream, "PNG")
    return stream.getvalue()
