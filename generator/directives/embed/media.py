"""Files that pages can play or hand out: what kind each is, and the picture that stands for it."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from generator.errors import SourceError, Where
from generator.lecture.included_files import IncludedFiles, check_pixels

LARGEST: Final = 32 << 20  # bytes of one file, which slides and handout embed


@dataclass(frozen=True, slots=True)
class Medium:
    """A kind of file: the word for it, its media type, and how such a file begins."""

    word: str
    mime: str
    beginning: re.Pattern[bytes]


MEDIA: Final = {
    ".mp4": Medium("video", "video/mp4", re.compile(rb"(?s).{4}ftyp")),
    ".webm": Medium("video", "video/webm", re.compile(rb"\x1a\x45\xdf\xa3")),
    ".mp3": Medium("audio", "audio/mpeg", re.compile(rb"ID3|\xff[\xe0-\xff]")),
    ".m4a": Medium("audio", "audio/mp4", re.compile(rb"(?s).{4}ftyp")),
    ".ogg": Medium("audio", "audio/ogg", re.compile(rb"OggS")),
    ".wav": Medium("audio", "audio/wav", re.compile(rb"(?s)RIFF.{4}WAVE")),
    ".gif": Medium("animation", "image/gif", re.compile(rb"GIF8")),
    ".pdf": Medium("document", "application/pdf", re.compile(rb"%PDF-")),
}


def medium_of(name: str, where: Where) -> Medium:
    """Return the kind of the file `name`, by its ending; raise SourceError for one that pages cannot embed."""
    suffix = Path(name).suffix.lower()
    if suffix in (".png", ".jpg", ".jpeg", ".webp", ".svg"):
        raise SourceError(f"'{name}' is a picture", where, f"write ![what it shows]({name})")
    if suffix not in MEDIA:
        raise SourceError(
            f"'{name}' cannot be embedded", where, f"there is {', '.join(MEDIA)}, and addresses on the web"
        )
    return MEDIA[suffix]


def read_medium(name: str, files: IncludedFiles, where: Where) -> bytes:
    """Return the content of a file to embed; raise SourceError if it is not what its name says, or too large."""
    medium, content = medium_of(name, where), files.read(name, where)
    if not medium.beginning.match(content):
        raise SourceError(f"'{name}' is no {medium.word} of its kind", where, "is the name's ending right?")
    if len(content) > LARGEST:
        problem = f"'{name}' has {len(content) / (1 << 20):.0f} MB, and every page holds it"
        raise SourceError(problem, where, f"make it smaller than {LARGEST >> 20} MB")
    if medium.mime == "image/gif":
        check_pixels(name, "gif", content, where)
    return content


@dataclass(frozen=True, slots=True)
class Poster:
    """The picture that stands for a file, `width` x `height` pixels; its bytes are JPEG."""

    jpeg: bytes
    width: int
    height: int


def first_picture(name: str, content: bytes, where: Where) -> Poster:
    """Return the first picture of a video or an animation; raise SourceError if there is none."""
    from PIL import Image

    try:
        if content.startswith(b"GIF"):
            return as_poster(Image.open(BytesIO(content)))
        import av

        with av.open(BytesIO(content)) as container:
            return as_poster(next(container.decode(video=0)).to_image())
    except (IndexError, StopIteration):
        hint = "name it .m4a if it is sound, or save it again"
        raise SourceError(f"'{name}' cannot be shown: it has no pictures", where, hint) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise SourceError(f"'{name}' cannot be shown: it is damaged", where, "does it play elsewhere?") from None


def read_poster(name: str, files: IncludedFiles, where: Where) -> Poster:
    """Return the picture in the project file `name` as a poster; raise SourceError if it is none."""
    from PIL import Image

    try:
        return as_poster(Image.open(BytesIO(files.read(name, where))))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise SourceError(f"'{name}' is no picture, or damaged", where, "use a PNG, a JPEG or a WebP") from None


def as_poster(picture: "Image.Image") -> Poster:  # type: ignore[name-defined]  # noqa: F821 - imported where it is used
    """Return a picture as JPEG, on white where it is transparent."""
    from PIL import Image

    flat = Image.new("RGB", picture.size, "white")
    shown = picture.convert("RGBA")
    flat.paste(shown, mask=shown)
    stream = BytesIO()
    flat.save(stream, "JPEG", quality=85)
    return Poster(stream.getvalue(), *picture.size)
