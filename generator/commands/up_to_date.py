"""The fast check: tells whether a build has nothing to do, without planning it.

Compares the size and the modification time of every source and every product with those at the end of the last
successful build. In any doubt the answer is no, which is always safe: it only leads to the full plan, which compares
contents. To be fast, this file imports only modules that the interpreter has loaded anyway.
"""

import marshal
import os
import sys
import time

SOURCES = ("lectures", "figures", "generator", "setup/requirements.txt")
GALLERY_SOURCES = (*SOURCES, "docs", "tests")
DAY = 86_400  # seconds: how long a successful build counts, and how often a result is marked as used
# "check" is generator/check, which makes no pages, and the folder of the contact sheets, which are no products.
EXCLUDED_NAMES = ("__pycache__", "check")
State = dict[str, object]


def scan(place: str, found: State) -> None:
    """Add to `found` the size and the modification time of every file at or below `place`, by its path.

    Leaves out hidden files and EXCLUDED_NAMES. A place that does not exist is added with None.
    """
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.name in EXCLUDED_NAMES or entry.name.startswith("."):
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
    """Return the state of the project's `sources` and `products` (files or folders), and of the installed packages."""
    found: State = {}
    for name in (*sources, *products):
        scan(os.path.join(project, name), found)
    for folder in sys.path:
        if folder.endswith("site-packages"):
            found[folder] = os.stat(folder).st_mtime_ns
    found["python"] = sys.version
    return found


def add_named_files(now: State, before: State) -> State:
    """Add to `now` the paths of `before` that it lacks (files that lectures name, outside `sources`), and return it."""
    for path in before.keys() - now.keys():
        scan(path, now)
    return now


def state_file(project: str, words: list[str]) -> str:
    """Return the path of the file with the state after the last successful build by the command line `words`."""
    name = "-".join(words).replace(os.sep, "_")
    return os.path.join(project, ".lectern", "fresh", name)


def find_up_to_date(project: str, words: list[str], sources: tuple[str, ...] = SOURCES) -> list[str] | None:
    """Return the products of the last successful build by the command line `words`, or None if anything has changed.

    After a day the answer is always None: the full plan marks results as used, so that `gc` does not remove them.
    """
    try:
        if time.time() - os.stat(state_file(project, words)).st_mtime > DAY:
            return None
        with open(state_file(project, words), "rb") as file:
            remembered_words, products, before = marshal.loads(file.read())
        if remembered_words != words:  # a lecture's name may contain a hyphen, so two command lines may share a file
            return None
        built: list[str] = list(products)
        return built if add_named_files(snapshot(project, products, sources), before) == before else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def remember_build(
    project: str, words: list[str], products: list[str], before: State, sources: tuple[str, ...] = SOURCES
) -> None:
    """Save the state after a successful build, unless a source has changed since `before`, the state at its start."""
    now = add_named_files(snapshot(project, products, sources), before)
    if any(now.get(path) != state for path, state in before.items()):
        return
    path = state_file(project, words)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "wb") as file:
        file.write(marshal.dumps((words, products, now)))
    os.replace(temporary, path)
