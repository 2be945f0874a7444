"""Where a project's code is looked up: in the project first, then in the library.

The library is the folder that holds this generator, with the figure kinds, the experiments and the data sets that come
with it. A course of your own has a folder of its own, and finds there what it lacks. A folder with a generator in it,
such as a clone of Lectern, is its own library: nothing is looked up elsewhere.
"""

from pathlib import Path
from typing import Final

LIBRARY: Final = Path(__file__).parents[1]
CODE_FOLDERS: Final = ("figures", "lectures", "generator")  # what a project and the library have in common
# A library that was installed has its version in this file. Others have none, and keep what is cached for themselves.
VERSION_FILE: Final = LIBRARY / "VERSION"
# The folder below whose `.lectern` is kept what is cached for no course in particular: an installed library is no place
# for it, so there it is the course that is built.
CACHE_HOME: Final = Path.cwd() if VERSION_FILE.is_file() else LIBRARY

# What installs the parts that not everybody needs, where Lectern was installed; in a clone its Makefile does.
INSTALLING: Final = {
    "pptx": "pip install 'lectern[pptx]'", "cluster": "pip install 'lectern[cluster]'",
    "pdf": "install Chromium, on Debian: apt-get install chromium",
}  # fmt: skip


def how_to_set_up(part: str) -> str:
    """Return the hint that says how to install a part of INSTALLING."""
    return INSTALLING[part] if VERSION_FILE.is_file() else f"run make setup-{part}"


def has_own_library(project: Path) -> bool:
    """Return whether a project is its own library."""
    return (project / "generator").is_dir()


def roots_of(project: Path) -> tuple[Path, ...]:
    """Return the folders in which a project's code is looked up, in this order: the project, then its library."""
    return (project,) if has_own_library(project) else (project, LIBRARY)


def library_of(project: Path) -> Path:
    """Return the library of a project: the folder with the generator, its data sets and its fonts."""
    return roots_of(project)[-1]


def roots_for(path: str, project: Path) -> tuple[Path, ...]:
    """Return the folders in which a path, relative to the project, is looked up; of a library only the code is."""
    return roots_of(project) if path.partition("/")[0] in CODE_FOLDERS else (project,)


def find_in_roots(path: str, project: Path) -> Path:
    """Return where the file or folder `path`, relative to the project, is; in the project if it is nowhere."""
    places = [root / path for root in roots_for(path, project)]
    return next((place for place in places if place.exists()), places[0])
