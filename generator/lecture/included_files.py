"""Project files that a lecture names: found inside the project alone, told by their SHA-256; reads no format."""

import ast
import re
from base64 import b64encode
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from generator.disk import file_digest
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


def digest_named(name: str, project: Path, where: Where) -> str:
    """Return the SHA-256 of the project file `name`; raise SourceError where it cannot be found or read."""
    path = find_file(name, project, where)
    try:
        return file_digest(path)
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


# Snippets: the code a slide shows, its own or cut from a project file, so that nothing is ever retyped.


def read_snippet(code: Code, project: Path, where: Where) -> str:
    """Return the text of `code`; raise SourceError when its file, or the function in it, is not there."""
    if not code.path:
        return code.text
    path = find_file(code.path, project, where)
    text = path.read_text(encoding="utf-8")
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


def find_dataset(name: str, project: Path, where: Where) -> tuple[Path, str]:
    """Return the file of the dataset `name` and its SHA-256 in hexadecimal.

    Raises, at `where` it is named, DatasetError when there is none, and SourceError when a path leads out of the
    project.
    """
    known = sorted(path.stem for path in (project / FOLDER).glob("*.npz"))
    if name not in known and not name.endswith(".npz"):
        hint = f"{suggest(name, known)} A path ends in .npz and starts at the project's folder"
        raise DatasetError(f"there is no dataset '{name}'", where, hint)
    path = find_file((FOLDER / f"{name}.npz").as_posix() if name in known else name, project, where)
    return path, file_digest(path)
