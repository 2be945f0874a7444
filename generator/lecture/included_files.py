"""Finds and reads the project files that a lecture names: images, snippets of code, datasets.

Files are taken from inside the project only, and each is read once per build. Images are embedded into the text,
snippets are cut from Python files, and a dataset is only located and hashed, never opened.
"""

import contextlib
import re
from base64 import b64encode
from collections.abc import Iterator
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError, fromstring

from generator.disk import file_digest, read_file, take_stamp
from generator.errors import DatasetError, SourceError, Where, suggest
from generator.lecture.blocks import decode
from generator.lecture.picture_size import LONGEST_SIDE, MOST_PIXELS, is_too_large
from generator.lecture.syntax import Span
from generator.roots import library_of


def find_file(name: str, project: Path, where: Where) -> Path:
    """Return the path of the project's file `name`, with symbolic links resolved.

    Raises SourceError, at `where` the lecture names the file, when it does not exist, when it is a folder, or when it
    lies outside the project, whether by `..`, by an absolute path or by a link.
    """
    root = project.resolve()
    try:
        path = (root / name).resolve()
        if Path(name).is_absolute() or not path.is_relative_to(root):
            raise SourceError(f"'{name}' lies outside the project", where, "name a file inside the project")
        if path.is_dir():
            raise SourceError(f"'{name}' is a folder", where, "name a file in it")
        if path.exists() and not path.is_file():
            raise SourceError(f"'{name}' is a pipe or a device", where, "name a file")
        if not path.is_file():
            raise SourceError(f"there is no file '{name}'", where, nearest(path.relative_to(root), root))
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, circular links, a null character
        raise SourceError(f"'{name}' cannot be read: {error}", where, "name a file inside the project") from None
    return path


def nearest(name: Path, root: Path) -> str:
    """Return the hint for a file that does not exist: the most similar name in the deepest folder that does.

    A folder's name may be misspelled too: `model/net.keras` leads to `models/net.keras`.
    """
    missing = next(part for part in (name, *name.parents) if (root / part.parent).is_dir())
    known = [entry.name for entry in (root / missing.parent).iterdir() if not entry.name.startswith(".")]
    near = get_close_matches(missing.name, known, n=1, cutoff=0.6)
    if not near:
        return "paths start at the project's folder"
    corrected = missing.with_name(near[0])
    full = corrected / name.relative_to(missing)
    return f"did you mean '{(full if (root / full).is_file() else corrected).as_posix()}'?"


class IncludedFiles:
    """The project files that lectures include, each read once per build, so that all pages show the same version.

    states: the state of each file (see `take_stamp`) from before it was read, by its path, for finding out later
    whether it has changed.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.states: dict[str, object] = {}
        self.contents: dict[Path, bytes] = {}
        self.digests: dict[Path, str] = {}

    def of_library(self, library: Path) -> "IncludedFiles":
        """Return these files with names that begin in the folder `library`; what is read is known to both."""
        files = IncludedFiles(library)
        files.states, files.contents, files.digests = self.states, self.contents, self.digests
        return files

    def find(self, name: str, where: Where) -> Path:
        """Return the path of the file `name` and record its state; raise SourceError as `find_file` does."""
        path = self.project / name
        self.states.setdefault(str(path), take_stamp(str(path)))
        return find_file(name, self.project, where)

    def read(self, name: str, where: Where) -> bytes:
        """Return the content of the file `name`; raise SourceError if it cannot be found or read."""
        path = self.find(name, where)
        if path not in self.contents:
            with readable(name, where):
                self.contents[path] = read_file(path)
        return self.contents[path]

    def read_text(self, name: str, where: Where) -> str:
        """Return the text of the file `name`, as `decode` does; raise SourceError if it is not UTF-8."""
        try:
            return decode(self.read(name, where))
        except UnicodeDecodeError:
            raise SourceError(f"'{name}' is not UTF-8", where, "save the file with the encoding UTF-8") from None

    def digest(self, name: str, where: Where) -> str:
        """Return the SHA-256 of the file `name` in hexadecimal; raise SourceError if it cannot be found or read."""
        path = self.find(name, where)
        if path not in self.digests:
            with readable(name, where):
                self.digests[path] = file_digest(path)
        return self.digests[path]

    def digest_folder(self, name: str, where: Where) -> str:
        """Return the SHA-256 of the names and bytes of all files in a folder of the project that are not hidden.

        Raises SourceError, at `where`, if one of them cannot be read.
        """
        top = self.project / name
        digest = sha256()
        for path in [top, *sorted(top.rglob("*"))]:
            self.states.setdefault(str(path), take_stamp(str(path)))
            inside = path.relative_to(top)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                with readable(f"{name}/{inside}", where):
                    digest.update(f"{inside.as_posix()}\0{file_digest(path)}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()

    def digest_given(self, path: Path, where: Where) -> str:
        """Return the SHA-256 of a file outside the project; raise SourceError, at `where`, if it is none."""
        self.states.setdefault(str(path), take_stamp(str(path)))
        if path.is_dir():
            raise SourceError(f"'{path}' is a folder", where, "name a file in it: given(name/file)")
        if not path.is_file():
            raise SourceError(f"there is no file '{path}'", where, "is it the folder that was meant to be given?")
        if path not in self.digests:
            with readable(str(path), where):
                self.digests[path] = file_digest(path)
        return self.digests[path]


@contextlib.contextmanager
def readable(name: str, where: Where) -> Iterator[None]:
    """Turn an OSError while reading the file `name` into a SourceError at `where` the lecture names it."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"'{name}' cannot be read: {error.strerror}", where, "may you read it?") from None


# Images in Markdown, `![what it shows](pictures/board.png)`, whose files are embedded into the text.

TYPES: Final = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".svg": "svg+xml"}
BEGINNINGS: Final = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"), "jpeg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "svg+xml": re.compile(rb".*<", re.DOTALL),
}  # fmt: skip
LARGEST: Final = 4 << 20  # bytes of one image, which every page embeds


def embed_image(span: Span, where: Where, files: IncludedFiles) -> str | None:
    """Return what embeds an image into a text, for what follows its label; None if the image is embedded already.

    Raises SourceError, at `where` it stands, for an image without alternative text, and as `read_image` does.
    """
    if span.address.startswith("data:"):
        return None
    name = file_of(span.address, files.project)
    if not span.content.strip():
        raise SourceError(f"the image '{name}' has no words for who cannot see it", where, f"![words]({name})")
    return link_target(read_image(name, files, where), span.title) + span.braces


def file_of(address: str, project: Path) -> str:
    """Return the name of the file that an address in Markdown means: `my%20board.png` is `my board.png`.

    If only a file of the very name of the address exists, it is that one.
    """
    name = unquote(address)
    return address if not (project / name).exists() and (project / address).exists() else name


def link_target(address: str, title: str) -> str:
    """Return the part of a Markdown link or image that follows its label."""
    if not title:
        return f"({address})"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'({address} "{quoted}")'


def read_image(name: str, files: IncludedFiles, where: Where) -> str:
    """Return the image in the project file `name` as a data URL.

    Raises SourceError when there is no such file, when it is not one of the TYPES, when it is larger than LARGEST or
    has too many pixels, and when it is damaged, so that browsers would show nothing.
    """
    if re.match(r"\w+:|//", name):
        raise SourceError(f"'{name}' is not in the project", where, "pages load nothing: keep a copy of it here")
    kind = TYPES.get(Path(name).suffix.lower())
    content = files.read(name, where)
    if kind is None or not BEGINNINGS[kind].match(content):
        hint = f"use one of {', '.join(TYPES)}, or :::{{embed}} for a GIF"
        raise SourceError(f"'{name}' is not an image that pages show", where, hint)
    if len(content) > LARGEST:
        size = f"{len(content) / (1 << 20):.0f} MB"
        raise SourceError(f"the image '{name}' has {size}", where, f"make it smaller than {LARGEST >> 20} MB")
    check_pixels(name, kind, content, where)
    if not is_whole(kind, content):
        is_drawing = kind == "svg+xml"
        hint = 'it is XML that begins with <svg xmlns="http://www.w3.org/2000/svg"' if is_drawing else "save it again"
        raise SourceError(f"the image '{name}' is damaged", where, hint)
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def check_pixels(name: str, kind: str, content: bytes, where: Where) -> None:
    """Raise SourceError, at `where` it stands, for a picture with more pixels than a page can show."""
    if size := is_too_large(kind, content):
        hint = f"make it at most {LONGEST_SIDE} long and high, and of {MOST_PIXELS // 1_000_000} million pixels"
        raise SourceError(f"the image '{name}' has {size} pixels", where, hint)


def is_whole(kind: str, content: bytes) -> bool:
    """Return whether the content of an image is there to its end; of an SVG, whether it is one on its own."""
    if kind == "svg+xml":
        try:
            return str(fromstring(content).tag) == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - of the project
        except (ParseError, ValueError, LookupError):
            return False
    if kind == "jpeg":  # the mark of its end behind the last mark of its points: the picture inside has its own
        return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")
    return b"IEND" in content if kind == "png" else int.from_bytes(content[4:8], "little") + 8 <= len(content)


# Datasets, which a lecture names by a name (mnist) or by a path. They are read only to compute their SHA-256.

FOLDER = Path("generator") / "datasets"
OWN_DATA = (".npz", ".csv", ".tsv")  # how the names of files end that are data of a course's own
NO_DATASET = "none"  # the name that a lecture gives where it takes no data


def find_dataset(name: str, files: IncludedFiles, where: Where) -> tuple[Path, str]:
    """Return the path of the dataset `name` and its SHA-256 in hexadecimal.

    name: that of a dataset in the library's `generator/datasets`, or the path of a file or a folder in the project.

    Raises, at `where` the lecture names it, DatasetError for an unknown name, and SourceError for a path that leads to
    no file or out of the project.
    """
    if is_of_library(name, files):
        files, name = files.of_library(library_of(files.project)), (FOLDER / f"{name}.npz").as_posix()
    elif not name.endswith(OWN_DATA) and find_folder(name, files.project) is not None:
        return files.project / name, files.digest_folder(name, where)
    elif not name.endswith(OWN_DATA):
        known = datasets_of_library(files)
        hint = f"{suggest(name, known)} A path leads to an {', a '.join(OWN_DATA)} or a folder of images in the project"
        raise DatasetError(f"there is no dataset '{name}'", where, hint)
    return files.find(name, where), files.digest(name, where)


def datasets_of_library(files: IncludedFiles) -> list[str]:
    """Return the names of the datasets that come with Lectern."""
    return sorted(path.stem for path in (library_of(files.project) / FOLDER).glob("*.npz"))


def is_of_library(name: str, files: IncludedFiles) -> bool:
    """Return whether a lecture that names its data so means a dataset that comes with Lectern."""
    return name in datasets_of_library(files)


def find_folder(name: str, project: Path) -> Path | None:
    """Return the folder `name` in the project; None if it is none, or lies outside."""
    try:
        path = (project / name).resolve()
        return path if path.is_dir() and path.is_relative_to(project.resolve()) and path != project.resolve() else None
    except (OSError, RuntimeError, ValueError):
        return None
