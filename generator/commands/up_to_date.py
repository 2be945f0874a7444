"""The fast check: tells whether a build has nothing to do, without planning it.

Compares the stamp of every source and every product with that at the end of the last successful build: inode, size and
both times, for whoever writes a file can set back the time of its content, and not that of its change. Sources are
the folders of the course and of its library, and each file outside them that a lecture names, that code imports or
that a task was seen to read. In any doubt the answer is no, which is always safe: it only leads to the full plan, which
compares contents, so that a copied project costs a plan and makes nothing again. To be fast, this file imports only
modules that the interpreter has loaded anyway.
"""

import _imp
import marshal
import os
import sys
import time

# npm writes its file with every change of the packages that it installs, whose scripts stand in the pages.
SOURCES = (
    "lectures",
    "figures",
    "generator",
    "theme.toml",
    "languages",
    "setup/requirements.txt",
    "setup/node_modules/.package-lock.json",
)
GALLERY_SOURCES = (*SOURCES, "docs", "tests")
SEAL = (
    0x1EC7E124  # a key of the interpreter's own 64-bit hash, by which a damaged state is told; hashlib loads too slowly
)
DAY = 86_400  # seconds: how long a successful build counts, and how often a result is marked as used
# "check" is generator/check, which makes no pages, and the folder of the contact sheets, which are no products.
EXCLUDED_NAMES = ("__pycache__", "check")
ABSENT = "absent"  # the names that the project's folder must not have, in a State
State = dict[str, object]
LIBRARY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # as in generator.roots


def scan(place: str, found: State) -> None:
    """Add to `found` the stamp of every file at or below `place`, by its path.

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
                    found[entry.path] = find_stamp(entry.path)
    except (NotADirectoryError, FileNotFoundError):
        found[place] = find_stamp(place)


def find_stamp(path: str) -> object:
    """Return inode, size, and both times in nanoseconds, as `generator.disk.take_stamp` does; None if there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def places_of(project: str, sources: tuple[str, ...]) -> list[str]:
    """Return where the `sources` may be: in the project and in its library (see `generator.roots.roots_of`)."""
    roots = (project,) if os.path.isdir(os.path.join(project, "generator")) else (project, LIBRARY)
    return [os.path.join(root, name) for root in roots for name in sources]


def snapshot(project: str, products: list[str], sources: tuple[str, ...] = SOURCES) -> State:
    """Return the state of the project's `sources` and `products` (files or folders), and of the installed packages."""
    found: State = {}
    for place in (*places_of(project, sources), *(os.path.join(project, name) for name in products)):
        scan(place, found)
    for folder in sys.path:
        if folder.endswith("site-packages"):
            found[folder] = os.stat(folder).st_mtime_ns
    found["python"] = sys.version
    return found


def add_named_files(project: str, now: State, before: State) -> State:
    """Add to `now` the paths of `before` that it lacks (see `outside_sources`), and return it."""
    absent = before.get(ABSENT)
    if isinstance(absent, tuple):
        present = set(os.listdir(project))
        now[ABSENT] = tuple(name for name in absent if name not in present)
    for path in before.keys() - now.keys():
        now[path] = find_stamp(path)
    return now


def outside_sources(project: str, states: State, before: State, sources: tuple[str, ...] = SOURCES) -> State:
    """Return what the next fast check has to compare of `states` besides `before`, a snapshot of the `sources`.

    states: the stamps of files and folders that were used, by path; None for one that was missing. Those that were
    missing in the project's folder itself come back as names under ABSENT: there are hundreds, since code may import a
    module of any name, and one look at the folder tells of all.
    """
    roots = places_of(project, sources)
    below = tuple(f"{root}{os.sep}" for root in roots)
    present = set(os.listdir(project))
    found: State = {}
    absent = set()
    for path in states.keys() - before.keys() - set(roots):
        if path.startswith(below) and (states[path] is None or not os.path.isfile(path)):
            continue  # a snapshot has the files of the folder, whatever else was looked for in there
        name = path[len(project) + 1 :].partition(os.sep)[0] if path.startswith(f"{project}{os.sep}") else ""
        if name and states[path] is None and name not in present:
            absent.add(name)
        else:
            found[path] = states[path]
    return {**found, ABSENT: tuple(sorted(absent))}


def state_file(project: str, words: list[str]) -> str:
    """Return the path of the file with the state after the last successful build by the command line `words`."""
    name = "-".join(words).replace(os.sep, "_")
    return os.path.join(project, ".lectern", "fresh", name)


def open_without_waiting(path: str, flags: int) -> int:
    """Return the handle of an opened file; of a pipe, too, for whose writer nobody waits."""
    return os.open(path, flags | os.O_NONBLOCK)


def find_up_to_date(project: str, words: list[str], sources: tuple[str, ...] = SOURCES) -> list[str] | None:
    """Return the products of the last successful build by the command line `words`, or None if anything has changed.

    After a day the answer is always None: the full plan marks results as used, so that `gc` does not remove them.
    """
    try:
        if time.time() - os.stat(state_file(project, words)).st_mtime > DAY:
            return None
        with open(state_file(project, words), "rb", opener=open_without_waiting) as file:
            content = file.read()
        if _imp.source_hash(SEAL, content[8:]) != content[:8]:
            return None
        remembered_words, products, before = marshal.loads(content[8:])
        if remembered_words != words:  # a lecture's name may contain a hyphen, so two command lines may share a file
            return None
        built: list[str] = list(products)
        return built if add_named_files(project, snapshot(project, products, sources), before) == before else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def remember_build(
    project: str, words: list[str], products: list[str], before: State, sources: tuple[str, ...] = SOURCES
) -> None:
    """Save the state after a successful build, unless a source has changed since `before`, the state at its start."""
    now = add_named_files(project, snapshot(project, products, sources), before)
    if any(now.get(path) != state for path, state in before.items()):
        return
    path = state_file(project, words)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "wb") as file:
        content = marshal.dumps((words, products, now))
        file.write(_imp.source_hash(SEAL, content) + content)
    os.replace(temporary, path)
