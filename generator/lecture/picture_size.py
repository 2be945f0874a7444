"""Reads from the first bytes of a picture how many pixels it has, before anybody decodes them.

A file of some kilobytes can be a picture of a billion pixels, which takes the memory of whoever opens it: a browser, a
presentation, a build.
"""

import re
from collections.abc import Callable
from typing import Final

MOST_PIXELS: Final = 50_000_000  # of one picture: what the largest cameras take
LONGEST_SIDE: Final = 16_000  # pixels; browsers show nothing of longer ones
Size = tuple[int, int]  # width and height in pixels

# The parts of a JPEG that say its size, and those that have no length of their own.
_JPEG_SIZES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_SVG_ROOT: Final = re.compile(rb"<svg\b[^>]*")
_SVG_SIDE: Final = re.compile(rb"\s(width|height)\s*=\s*[\"']\s*(\d{1,12})(?:\.\d*)?\s*(?:px)?\s*[\"']")


def is_too_large(kind: str, content: bytes) -> str:
    """Return the size of a picture that has more pixels than pages can show, such as `30000 x 30000`; else nothing.

    kind: as in a media type, such as `png` or `svg+xml`. Of a file that does not say its size, nothing is known.
    """
    width, height = size_of(kind, content) or (0, 0)
    return f"{width} x {height}" if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE else ""


def size_of(kind: str, content: bytes) -> Size | None:
    """Return width and height of a picture in pixels; None, or zeros, for a file that does not say them."""
    return _READERS[kind](content)


def _png(content: bytes) -> Size | None:
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _gif(content: bytes) -> Size | None:
    return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")


def _jpeg(content: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        mark = content[at + 1]
        if mark in _JPEG_SIZES:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        bare = mark == 0xFF or mark in _JPEG_BARE  # 0xFF: padding
        at += (1 if mark == 0xFF else 2) if bare else 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _webp(content: bytes) -> Size | None:
    kind, body = content[12:16], content[20:30]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _svg(content: bytes) -> Size | None:
    root = _SVG_ROOT.search(content)
    sides = {side[1]: int(side[2]) for side in _SVG_SIDE.finditer(root[0])} if root else {}
    return sides.get(b"width", 0), sides.get(b"height", 0)


_READERS: Final[dict[str, Callable[[bytes], Size | None]]] = {
    "png": _png, "gif": _gif, "jpeg": _jpeg, "webp": _webp, "svg+xml": _svg,
}  # fmt: skip
