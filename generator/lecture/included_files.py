"""Project files that a lecture names: found inside the project alone, told by their SHA-256; reads no format."""

import ast
import contextlib
import re
from base64 import b64encode
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from generator.disk import file_digest, file_state
from generator.errors import DatasetError, SourceError, Where, suggest
from generator.lecture.blocks import Code


def find_file(name: str, project: Path, where: Where) -> Path:
    """Return the file `name` of the project, symbolic links followed.

    Raises SourceError, at `where` the file is asked for, when there is none, when it is a folder, or when it lies
    outside the project, be it by `..`, by an absolute path or by a link.
    """
    root = project.resolve()
    try:
        path = (root / name).resolve()
        if Path(name).is_absolute() or not path.is_relative_to(root):
            raise SourceError(f"'{name}' lies outside the project", where, "name a file inside the project")
        if path.is_dir():
            raise SourceError(f"'{name}' is a folder", where, "name a file in it")
        if not path.is_file():
            raise SourceError(f"there is no file '{name}'", where, nearest(path.relative_to(root), root))
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, links in a circle, a null character
        raise SourceError(f"'{name}' cannot be read: {error}", where, "name a file inside the project") from None
    return path


def nearest(name: Path, root: Path) -> str:
    """Return the hint for a file that is not there: the most similar name in the last folder that is.

    A folder's name may be misspelt too: `model/net.keras` leads to `models/net.keras`.
    """
    last = next(part for part in (name, *name.parents) if (root / part.parent).is_dir())
    known = [entry.name for entry in (root / last.parent).iterdir() if not entry.name.startswith(".")]
    near = get_close_matches(last.name, known, n=1, cutoff=0.6)
    if not near:
        return "paths start at the project's folder"
    mended = last.with_name(near[0])
    whole = mended / name.relative_to(last)
    return f"did you mean '{(whole if (root / whole).is_file() else mended).as_posix()}'?"


class IncludedFiles:
    """The project files that lectures show or hand on, each read once a build, so that all pages show one version.

    states: of each file the state from before it was read, by its path, for whoever asks later whether it has changed.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.states: dict[str, object] = {}
        self.contents: dict[Path, bytes] = {}
        self.digests: dict[Path, str] = {}

    def find(self, name: str, where: Where) -> Path:
        """Return the path of the file `name`; raise SourceError, at `where` it is named, as `find_file` does."""
        place = self.project / name
        self.states.setdefault(str(place), file_state(place))
        return find_file(name, self.project, where)

    def read(self, name: str, where: Where) -> bytes:
        """Return the content of the file `name`; raise SourceError where it cannot be found or read."""
        path = self.find(name, where)
        if path not in self.contents:
            with readable(name, where):
                self.contents[path] = path.read_bytes()
        return self.contents[path]

    def read_text(self, name: str, where: Where) -> str:
        """Return the text of the file `name`, lines ending in a line feed; raise SourceError where it is not UTF-8."""
        try:
            return self.read(name, where).decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise SourceError(f"'{name}' is not UTF-8", where, "save the file with the encoding UTF-8") from None

    def digest(self, name: str, where: Where) -> str:
        """Return the SHA-256 of the file `name` in hexadecimal; raise SourceError where it cannot be found or read."""
        path = self.find(name, where)
        if path not in self.digests:
            with readable(name, where):
                self.digests[path] = file_digest(path)
        return self.digests[path]


@contextlib.contextmanager
def readable(name: str, where: Where) -> Iterator[None]:
    """Turn the error of a file that cannot be read into a SourceError at `where` it is named."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"'{name}' cannot be read: {error.strerror}", where, "may you read it?") from None


# A span of code is matched first, so that what stands in it is none.
IMAGE: Final = re.compile(r"(?P<code>`+)[^`]*(?P=code)|!\[(?P<words>[^\]]*)\]\((?P<path>[^)\s]+)(?P<title>[^)]*)\)")
TYPES: Final = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".svg": "svg+xml"}
BEGINNINGS: Final = {
    "png": rb"\x89PNG\r\n\x1a\n", "jpeg": rb"\xff\xd8\xff", "webp": rb"RIFF.{4}WEBP",
    "svg+xml": rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg\b",
}  # fmt: skip
LARGEST: Final = 4 << 20  # bytes; every page carries the image inside it


# Images that a text shows, `![what it shows](pictures/board.png)`: files of the project, put into the text as data.


def embed_images(text: str, line: int, files: IncludedFiles, path: str) -> str:
    """Return `text` with each image as data; raise SourceError, with the line in `path`, for one that cannot be."""

    def embed(match: re.Match[str]) -> str:
        name = match["path"]
        if not name or name.startswith("data:"):
            return match[0]
        where = Where(path, line + text.count("\n", 0, match.start()))
        if not match["words"].strip():
            raise SourceError(f"the image '{name}' has no words for who cannot see it", where, f"![words]({name})")
        return f"![{match['words']}]({read_image(name, files, where)}{match['title']})"

    return IMAGE.sub(embed, text)


def read_image(name: str, files: IncludedFiles, where: Where) -> str:
    """Return the project file `name` as a data address; raise SourceError for no file, no image, or too large a one."""
    if re.match(r"\w+:|//", name):
        raise SourceError(f"'{name}' is not in the project", where, "pages load nothing: keep a copy of it here")
    kind = TYPES.get(Path(name).suffix.lower())
    content = files.read(name, where)
    if kind is None or not re.match(BEGINNINGS[kind], content, re.DOTALL):
        raise SourceError(f"'{name}' is not an image that pages show", where, f"use one of {', '.join(TYPES)}")
    if len(content) > LARGEST:
        size = f"{len(content) / (1 << 20):.0f} MB"
        raise SourceError(f"the image '{name}' has {size}", where, f"make it smaller than {LARGEST >> 20} MB")
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


# Snippets: the code a slide shows, its own or cut from a project file, so that nothing is ever retyped.


def read_snippet(code: Code, files: IncludedFiles, where: Where) -> str:
    """Return the text of `code`; raise SourceError when its file, or the function in it, is not there."""
    if not code.path:
        return code.text
    text = files.read_text(code.path, where)
    if not code.function:
        return text.rstrip("\n")
    functions = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    if code.function not in functions:
        problem = f"'{code.path}' has no function '{code.function}'"
        raise SourceError(problem, where, suggest(code.function, list(functions)))
    return cut_function(functions[code.function], text.split("\n"))


def cut_function(function: ast.FunctionDef, lines: list[str]) -> str:
    """Return the function's lines without its docstring, which is written for who reads the file."""
    first, last = function.lineno, function.end_lineno or function.lineno
    kept = list(range(first, last + 1))
    if ast.get_docstring(function) is not None:
        doc = function.body[0]
        kept = [number for number in kept if not doc.lineno <= number <= (doc.end_lineno or doc.lineno)]
    return "\n".join(lines[number - 1] for number in kept)


FOLDER = Path("generator") / "datasets"


# Where a lecture's dataset lies: a name of the project's own, or a path; opens nothing but to take its SHA-256.


def find_dataset(name: str, files: IncludedFiles, where: Where) -> tuple[Path, str]:
    """Return the file of the dataset `name` and its SHA-256 in hexadecimal.

    Raises, at `where` it is named, DatasetError when there is none, and SourceError when a path leads out of the
    project.
    """
    known = sorted(path.stem for path in (files.project / FOLDER).glob("*.npz"))
    if name not in known and not name.endswith(".npz"):
        hint = f"{suggest(name, known)} A path ends in .npz and starts at the project's folder"
        raise DatasetError(f"there is no dataset '{name}'", where, hint)
    path = (FOLDER / f"{name}.npz").as_posix() if name in known else name
    return files.find(path, where), files.digest(path, where)
