"""Puts small images of a drawing that are alike in size into one image, of which the drawing then shows the parts.

Each image of a drawing brings its own table of colors, which is often longer than its pixels: those of sixty-four
maps of 18 × 18 take three times the bytes of one image that holds them all. No pixel changes.
"""

import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from generator.disk import digest_of_modules
from generator.html.markdown import render_once

FEWEST: Final = 3  # images that are worth sharing
GUTTER: Final = 1  # rows around each part, copies of its own outer ones: what is drawn between pixels stays its own
_IMAGE: Final = re.compile(r'<image ([^>]*?)href="data:image/webp;base64,([^"]+)"([^>]*?)/>')
_PART_COST: Final = 60  # bytes by which the element of a part is longer than that of an image


@dataclass(frozen=True, slots=True)
class Sheet:
    """One image that holds others, all `width` x `height`, one below the other: `address`, and the top of each."""

    address: str
    width: int
    height: int
    full_height: int
    tops: dict[str, int]


def share_images(drawing: str, name: str) -> str:
    """Return an SVG in which images of the same size are parts of one; `name` begins the ids that this takes."""
    found = list(dict.fromkeys(match[2] for match in _IMAGE.finditer(drawing)))
    if len(found) < FEWEST:
        return drawing
    code = digest_of_modules(sys.modules[__name__])
    request = ("shared images", name, sha256(drawing.encode()).hexdigest(), code)
    return render_once(request, lambda: _share(drawing, name, found))


def _share(drawing: str, name: str, images: Sequence[str]) -> str:
    by_size: dict[tuple[int, int], dict[str, Any]] = {}
    for image in images:
        opened = _open(image)
        by_size.setdefault(opened.size, {})[image] = opened
    sheets = [sheet for alike in by_size.values() if (sheet := _sheet_of(alike))]
    places = {image: (at, sheet) for at, sheet in enumerate(sheets) for image in sheet.tops}
    if not places:
        return drawing

    def write(match: re.Match[str]) -> str:
        if match[2] not in places:
            return match[0]
        at, sheet = places[match[2]]
        box = f"0 {sheet.tops[match[2]]} {sheet.width} {sheet.height}"
        return f'<svg {match[1]}viewBox="{box}"{match[3]}><use href="#{name}-s{at}"/></svg>'

    definitions = "".join(
        f'<image id="{name}-s{at}" width="{sheet.width}" height="{sheet.full_height}" href="{sheet.address}"/>'
        for at, sheet in enumerate(sheets)
    )
    head, _, inside = _IMAGE.sub(write, drawing).partition(">")
    return f"{head}><defs>{definitions}</defs>{inside}"


def _open(image: str) -> Any:
    from PIL import Image

    with Image.open(BytesIO(b64decode(image))) as opened:
        return opened.convert("RGBA")


def _sheet_of(images: dict[str, Any]) -> Sheet | None:
    """Return the image that holds `images`, by their base64; None if it is not shorter than they are."""
    from PIL import Image

    width, height = next(iter(images.values())).size
    step = height + 2 * GUTTER
    sheet = Image.new("RGBA", (width, step * len(images)))
    for at, image in enumerate(images.values()):
        sheet.paste(image.crop((0, 0, width, GUTTER)), (0, at * step))
        sheet.paste(image, (0, at * step + GUTTER))
        sheet.paste(image.crop((0, height - GUTTER, width, height)), (0, at * step + GUTTER + height))
    stream = BytesIO()
    sheet.save(stream, "WEBP", lossless=True, quality=100, method=6)
    content = b64encode(stream.getvalue()).decode()
    if len(images) < FEWEST or len(content) + _PART_COST * len(images) >= sum(map(len, images)):
        return None
    tops = {image: at * step + GUTTER for at, image in enumerate(images)}
    return Sheet(f"data:image/webp;base64,{content}", width, height, step * len(images), tops)
