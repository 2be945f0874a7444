"""The fast check: is there nothing to do? Imports only what the interpreter has loaded anyway; any doubt means no.

It compares the size and the time of every source and every product with those at the end of the last good build. It
never decides what is true: a difference only leads to the full plan, which goes by content.
"""

import marshal
import os
import sys
import time

SOURCES = ("lectures", "figures", "generator", "setup/requirements.txt")
GALLERY_SOURCES = (*SOURCES, "docs", "tests")
DAY = 86_400  # seconds: as long a good build counts, and as often a result is marked as used
LEFT_OUT = ("__pycache__", "check")  # what judges pages, and the pictures it takes of them, do not make any
State = dict[str, object]


def scan(place: str, found: State) -> None:
    """Add `path: (size, time)` of every file below `place` to `found`, and the names in every folder."""
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.name in LEFT_OUT or entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    scan(entry.path, found)
                else:
                    status = entry.stat()
                    found[entry.path] = (status.st_size, status.st_mtime_ns)
    except NotADirectoryError:
        status = os.stat(place)
        found[place] = (status.st_size, status.st_mtime_ns)
    except FileNotFoundError:
        found[place] = None


def snapshot(project: str, products: list[str], sources: tuple[str, ...] = SOURCES) -> State:
    """Return the state of the project's `sources`, of `products` (folders), and of the installed packages."""
    found: State = {}
    for name in (*sources, *products):
        scan(os.path.join(project, name), found)
    for folder in sys.path:
        if folder.endswith("site-packages"):
            found[folder] = os.stat(folder).st_mtime_ns
    found["python"] = sys.version
    return found


def add_named_files(now: State, before: State) -> State:
    """Return `now` with the files of `before` that lie elsewhere: those that a lecture names."""
    for path in before.keys() - now.keys():
        scan(path, now)
    return now


def state_file(project: str, words: list[str]) -> str:
    """Return where the state after the build that the command line `words` asked for is kept."""
    name = "-".join(words).replace(os.sep, "_")
    return os.path.join(project, ".lectern", "fresh", name)


def find_up_to_date(project: str, words: list[str], sources: tuple[str, ...] = SOURCES) -> list[str] | None:
    """Return the products of the last build of `words` if nothing has changed since it, else None.

    After a day the answer is None all the same: a full plan marks the results that are in use, so that none is removed.
    """
    try:
        if time.time() - os.stat(state_file(project, words)).st_mtime > DAY:
            return None
        with open(state_file(project, words), "rb") as file:
            asked, products, before = marshal.loads(file.read())
        if asked != words:  # two command lines may share a file, when a lecture's name has a hyphen in it
            return None
        kept: list[str] = list(products)
        return kept if add_named_files(snapshot(project, products, sources), before) == before else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def remember_build(
    project: str, words: list[str], products: list[str], before: State, sources: tuple[str, ...] = SOURCES
) -> None:
    """Keep the state after a good build, unless a source has changed since `before`, the state at its start."""
    now = add_named_files(snapshot(project, products, sources), before)
    if any(now.get(path) != state for path, state in before.items()):
        return
    path = state_file(project, words)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = f"{path}.{os.getpid()}"
    with open(part, "wb") as file:
        file.write(marshal.dumps((words, products, now)))
    os.replace(part, path)
