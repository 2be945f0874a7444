"""Digests the project code that recipes and code blocks can reach, and caches the results between builds.

The cache is one file per project. It is dropped as a whole if any file or folder that was read to fill it has changed
or may have changed (see `generator.disk.FileStamps`), if Python has, or if the code that computed it has.
"""

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from generator import disk, roots
from generator.disk import CACHE_ERRORS, digest_of_modules, read_cached, write_cached
from generator.engine.code_digest import modules, reachable
from generator.engine.code_digest.modules import READERS, Module, ModuleIndex
from generator.engine.code_digest.reachable import ImportSafety, Parts, ReachableCode, WholeProjectReached
from generator.engine.code_digest.statements import NOT_PYTHON, read_statements


def digest_code(parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 of reached code, given the digest of each statement by module and label."""
    digest = sha256()
    for module in sorted(parts):
        for label in sorted(parts[module]):
            digest.update(f"{module}\0{label}\0{parts[module][label]}\n".encode())
    return digest.hexdigest()


class ReachedCode(NamedTuple):
    """The code that is reached: the digests of its statements by module and label, and one digest of all of them."""

    parts: Parts
    digest: str


class CodeDigests:
    """Finds reached code in one project, as its files were when `index` read them; each question is answered once.

    known: the answers, by question.
    """

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self.import_safety = ImportSafety(index)
        self.known: dict[tuple[str, ...], ReachedCode] = {}
        self.loaded_count = 0  # how many of the answers were loaded from the cache

    def of_verbs(self, module: str, verbs: Sequence[str]) -> ReachedCode:
        """Return the code that the functions `verbs` of the recipe `module` reach."""

        def begin(reach: ReachableCode) -> None:
            reach.import_module(module)
            for verb in verbs:
                reach.reach_attribute(module, (verb,))

        return self.reached_from(("verbs", module, *verbs), begin)

    def of_modules(self, modules: Sequence[str]) -> ReachedCode:
        """Return the code that any statement of these modules reaches."""

        def begin(reach: ReachableCode) -> None:
            for module in modules:
                reach.import_module(module)
                reach.add_all_statements(module)

        return self.reached_from(("modules", *modules), begin)

    def of_texts(self, texts: Sequence[str]) -> ReachedCode:
        """Return the project code that some code blocks of a lecture reach, together and without the blocks."""

        def begin(reach: ReachableCode) -> None:
            # IPython's magics (%matplotlib) and shell commands (!ls) would not parse as Python.
            lines = (line for text in texts for line in text.split("\n"))
            code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
            statements = read_statements(code.encode(), "", "")
            if any(statement.label == NOT_PYTHON for statement in statements):
                raise WholeProjectReached
            for statement in statements:
                reach.follow(Module("", "", statements), statement)

        return self.reached_from(("texts", *texts), begin)

    def reached_from(self, query: tuple[str, ...], begin: Callable[[ReachableCode], None]) -> ReachedCode:
        """Return the answer to `query`; if it is not known, walk from the statements that `begin` adds."""
        with self.index.lock:
            if query not in self.known:
                reach = ReachableCode(self.index, self.import_safety)
                try:
                    begin(reach)
                    reach.walk()
                    parts = reach.parts()
                except WholeProjectReached:
                    parts = self.whole_project()
                self.known[query] = ReachedCode(parts, digest_code(parts))
            return self.known[query]

    def whole_project(self) -> Parts:
        """Return the digests of all Python files of the project: bytes, so comments and docstrings count too.

        Those of its library count as well.
        """
        paths = [path for path in self.index.files_below(self.index.project) if path.suffix == ".py"]
        names = {path.relative_to(self.index.project).as_posix() for path in paths}
        names |= {name for name in self.index.files(".") if name.endswith(".py")}
        return {name: {"the file": self.index.files(name)[name]} for name in sorted(names)}


# The modules whose code the cached answers depend on.
IMPLEMENTATION = (*READERS, disk, modules, reachable, roots, sys.modules[__name__])
MAX_KEPT = 5_000  # answers in the cache: those about code blocks that have been edited since would pile up


def load_code_digests(project: Path) -> CodeDigests:
    """Return the code digests of a project, with the answers of the last build if these are still valid.

    They are not valid for a copy of the project or one that has been moved, since stamps belong to absolute paths.
    """
    code_digests = CodeDigests(ModuleIndex(project))
    with contextlib.suppress(*CACHE_ERRORS):
        identity, taken, known, imported = read_cached(cache_file(project))
        code_digests.index.stamps.taken = dict(taken)
        if identity != cache_identity(project) or not code_digests.index.stamps.are_current():
            return CodeDigests(ModuleIndex(project))
        code_digests.known = {query: ReachedCode(*answer) for query, answer in known.items()}
        code_digests.index.imported = imported
        code_digests.loaded_count = len(known)
    return code_digests


def save_code_digests(code_digests: CodeDigests) -> None:
    """Cache the answers of a build, if there are new ones and no file has changed since they were found."""
    with code_digests.index.lock:
        stamps = code_digests.index.stamps
        if len(code_digests.known) == code_digests.loaded_count or not stamps.are_current():
            return
        known = {query: tuple(answer) for query, answer in list(code_digests.known.items())[-MAX_KEPT:]}
        values = (
            cache_identity(code_digests.index.project),
            dict(stamps.taken),
            known,
            dict(code_digests.index.imported),
        )
    write_cached(cache_file(code_digests.index.project), values)


def cache_file(project: Path) -> Path:
    """Return the path of the cached answers of a project."""
    return project / ".lectern" / "cache" / "coverage"


def cache_identity(project: Path) -> str:
    """Return what cached answers are valid for: where code is looked up, Python's version, this package's code."""
    places = (str(root.absolute()) for root in roots.roots_of(project))
    return "\0".join((*places, sys.version, digest_of_modules(*IMPLEMENTATION)))
