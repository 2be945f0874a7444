"""The `new` command: writes a course into a folder of its own, ready to be built.

The course is a copy of `examples/starter` in the library, which the tests build as it is.
"""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

from generator.disk import write_atomically
from generator.errors import SourceError, Where, disk_error
from generator.roots import LIBRARY, VERSION_FILE, has_own_library

STARTER: Final = LIBRARY / "examples" / "starter"
SKIPPED: Final = ("build", ".lectern", "__pycache__")
COMMAND: Final = "LECTERN ?= lectern\n"  # in the Makefile: what an installed Lectern is called by
TITLE: Final = 'title = "My course"\n'  # in the course file


def write_course(folder: str) -> int:
    """Write a new course into a folder and say what comes next; return the exit code."""
    place = Path(folder)
    try:
        check_place(place, folder)
        for name, content in course_files(place.resolve().name).items():
            write_atomically(place / name, content)
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{disk_error(error, str(place))}\n")
        return 1
    sys.stdout.write(f"a course is in {folder}\nnext: cd {shlex.quote(folder)} && make lecture\n")
    return 0


def check_place(place: Path, shown: str) -> None:
    """Raise SourceError unless a course can be written to `place`: it is new, or an empty folder, and no library."""
    if place.exists() and not place.is_dir():
        raise SourceError("there is a file of this name", Where(shown), "name a new folder")
    if place.is_dir() and any(not entry.name.startswith(".") for entry in place.iterdir()):
        raise SourceError("the folder is not empty", Where(shown), "name a new folder")
    if any(has_own_library(parent) for parent in (place.resolve(), *place.resolve().parents)):
        raise SourceError("the folder lies in a clone of Lectern", Where(shown), "a course has a folder of its own")


def course_files(name: str) -> dict[str, bytes]:
    """Return the files of a new course by path; `name`: that of its folder, of which the course's title is made."""
    paths = sorted(path for path in STARTER.rglob("*") if path.is_file())
    names = {path.relative_to(STARTER): path for path in paths}
    found = {inside.as_posix(): path.read_bytes() for inside, path in names.items() if not {*inside.parts} & {*SKIPPED}}
    found[".gitignore"] = found.pop("gitignore")
    makefile, course = found["Makefile"].decode(), found["lectures/course.toml"].decode()
    found["Makefile"] = makefile.replace(COMMAND, f"LECTERN ?= {command()}\n").encode()
    found["lectures/course.toml"] = course.replace(TITLE, f"title = {quote(title_of(name))}\n").encode()
    return found


def command() -> str:
    """Return what runs this generator from any folder, as a value in a Makefile."""
    if VERSION_FILE.is_file():
        return "lectern"
    words = (sys.executable, os.fspath(LIBRARY / "setup" / "lectern.py"))
    return " ".join(shlex.quote(word) for word in words).replace("$", "$$").replace("#", r"\#")


def title_of(name: str) -> str:
    """Return a title made of the name of a folder.

    >>> title_of("my-course")
    'My course'
    """
    words = name.replace("-", " ").replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}" or "My course"


def quote(text: str) -> str:
    """Return a text as a string of TOML."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
