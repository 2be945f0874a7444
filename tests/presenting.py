"""What a presentation looks like when it is opened: where things stand, and how high text becomes."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from PIL import ImageFont

from generator.theme import FONT_FOLDER

PIXEL = 9525


@cache
def font(name: str) -> Any:
    return ImageFont.truetype(str(FONT_FOLDER / f"IBMPlex{name}.ttf"), 100)


def width_of(run: Any, word: str) -> float:
    name = "Mono-Regular" if run.font.name == "Consolas" else "Sans-SemiBold" if run.font.bold else "Sans-Regular"
    return float(font(name).getlength(word)) * run.font.size.pt / 75


def height_of(frame: Any, width: float) -> float:
    """Return how high the text of a frame becomes in this width, in pixels, its words set one after the other."""
    height = 0.0
    for paragraph in frame.paragraphs:
        lines, used = 1, 0.0
        room = width - int(paragraph._p.get_or_add_pPr().get("marL") or 0) / PIXEL
        for run in paragraph.runs:
            for word in re.findall(r"\s+|\S+", run.text):
                taken = width_of(run, word)
                if used and used + taken > room and not word.isspace():
                    lines, used = lines + 1, 0.0
                used += taken
        before = paragraph.space_before.pt if paragraph.space_before is not None else 0
        height += (lines * paragraph.line_spacing.pt + before) / 0.75
    return height


def boxes(slide: Any) -> Iterator[tuple[str, float, float, float, float]]:
    for shape in slide.shapes:
        left, top, width, height = (side / PIXEL for side in (shape.left, shape.top, shape.width, shape.height))
        yield shape.name, left, top, left + width, top + height


def overflows(deck: Any) -> list[str]:
    """Return what lies outside its slide, and what text is higher than its box."""
    found = []
    for number, slide in enumerate(deck.slides, start=1):
        for name, left, top, right, bottom in boxes(slide):
            if left < -0.01 or top < -0.01 or right > deck.slide_width / PIXEL + 0.01 or bottom > 720.01:
                found.append(f"{number}: {name} is outside")
        for shape in slide.shapes:
            text = shape.text_frame.text if shape.has_text_frame else ""
            if text and height_of(shape.text_frame, shape.width / PIXEL) > shape.height / PIXEL + 1:
                found.append(f"{number}: {text[:30]} does not fit")
    return found
