"""Images that a text shows, `![what it shows](pictures/board.png)`: files of the project, put into the text as data."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from generator.errors import SourceError, Where
from generator.projectfile import find_file

# A span of code is matched first, so that what stands in it is none.
IMAGE: Final = re.compile(r"(?P<code>`+)[^`]*(?P=code)|!\[(?P<words>[^\]]*)\]\((?P<path>[^)\s]+)(?P<title>[^)]*)\)")
TYPES: Final = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".svg": "svg+xml"}
BEGINNINGS: Final = {
    "png": rb"\x89PNG\r\n\x1a\n", "jpeg": rb"\xff\xd8\xff", "webp": rb"RIFF.{4}WEBP",
    "svg+xml": rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg\b",
}  # fmt: skip
LARGEST: Final = 4 << 20  # bytes; every page carries the image inside it


def images_in(text: str, line: int) -> Iterator[tuple[str, int]]:
    """Yield the path of each image in `text` with its line; the first line of `text` is `line`."""
    for match in IMAGE.finditer(text):
        if match["path"] and not match["path"].startswith("data:"):
            yield match["path"], line + text.count("\n", 0, match.start())


def embed_images(text: str, line: int, project: Path, path: str) -> str:
    """Return `text` with each image as data; raise SourceError, with the line in `path`, for one that cannot be."""

    def embed(match: re.Match[str]) -> str:
        name = match["path"]
        if not name or name.startswith("data:"):
            return match[0]
        where = Where(path, line + text.count("\n", 0, match.start()))
        if not match["words"].strip():
            raise SourceError(f"the image '{name}' has no words for who cannot see it", where, f"![words]({name})")
        return f"![{match['words']}]({read_image(name, project, where)}{match['title']})"

    return IMAGE.sub(embed, text)


def read_image(name: str, project: Path, where: Where) -> str:
    """Return the project file `name` as a data address; raise SourceError for no file, no image, or too large a one."""
    if re.match(r"\w+:|//", name):
        raise SourceError(f"'{name}' is not in the project", where, "pages load nothing: keep a copy of it here")
    kind = TYPES.get(Path(name).suffix.lower())
    content = find_file(name, project, where).read_bytes()
    if kind is None or not re.match(BEGINNINGS[kind], content, re.DOTALL):
        raise SourceError(f"'{name}' is not an image that pages show", where, f"use one of {', '.join(TYPES)}")
    if len(content) > LARGEST:
        size = f"{len(content) / (1 << 20):.0f} MB"
        raise SourceError(f"the image '{name}' has {size}", where, f"make it smaller than {LARGEST >> 20} MB")
    return f"data:image/{kind};base64,{b64encode(content).decode()}"
