"""What a build is given from outside the project by name: a folder of data, a file of weights.

The course file names it below `[given]`, or the command line does. A slide that needs it says so behind its heading,
`{given=name}`, and is left out where nothing of that name is given; its experiments take files of it, `given(name)` or,
of a folder, `given(name/file)`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import SourceError, Where

NAME = re.compile(r"[a-z][a-z_0-9]*")
Given = Mapping[str, str]  # absolute paths, by name
NOTHING: Given = {}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A slide that a lecture leaves out, because nothing is given by this name."""

    title: str
    name: str
    where: Where

    def __str__(self) -> str:
        """Return the line that the build prints of it."""
        return f"{self.where.path}:{self.where.line}: '{self.title}' is left out: no {self.name} is given"


def read_given(
    in_course: Mapping[str, object], place: Callable[[str], Where], words: Sequence[str], project: Path
) -> Given:
    """Return the paths that the course file and the command line give, by name; those of the command line win.

    in_course: the table of the course file; place: the place of a name in it. words: `name=path`, as typed.
    Raises SourceError for a name that can be none, a value that is no path, and a path where nothing is.
    """
    found = {name: (value, place(name)) for name, value in in_course.items()}
    for word in words:
        name, equals, path = word.partition("=")
        if not equals:
            raise SourceError(f"'{word}' gives nothing", hint="write --given name=/path/to/it")
        found[name] = path, Where("--given")
    return {name: read_path(name, value, where, project) for name, (value, where) in found.items()}


def read_path(name: str, value: object, where: Where, project: Path) -> str:
    """Return the absolute path of what is given as `name`; a relative one starts at the project's folder."""
    if not NAME.fullmatch(name):
        raise SourceError(f"nothing can be given as '{name}'", where, "use letters, digits and _")
    if not isinstance(value, str) or not value.strip():
        raise SourceError(f"'{name}' is given as a path, not {value!r}", where, f'write {name} = "/path/to/it"')
    path = project.resolve() / value
    if not (path.is_file() or path.is_dir()):
        raise SourceError(
            f"there is no '{value}', which is given as '{name}'", where, "mend the path, or leave it away"
        )
    return str(path)
