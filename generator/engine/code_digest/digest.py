"""The coverage: what verbs reach in a project as it is now, as digests by module and statement."""

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from generator import disk
from generator.disk import CACHE_ERRORS, digest_of_modules, read_cached, write_cached
from generator.engine.code_digest import modules, reachable
from generator.engine.code_digest.modules import READERS, Module, ModuleIndex
from generator.engine.code_digest.reachable import ImportSafety, Parts, ReachableCode, WholeProjectReached
from generator.engine.code_digest.statements import NO_PYTHON, read_statements


def digest_code(parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is reached."""
    digest = sha256()
    for module in sorted(parts):
        for label in sorted(parts[module]):
            digest.update(f"{module}\0{label}\0{parts[module][label]}\n".encode())
    return digest.hexdigest()


class ReachedCode(NamedTuple):
    """What code reaches, by module and statement, and the SHA-256 of it."""

    parts: Parts
    digest: str


class CodeDigests:
    """What code reaches in a project as it is now; answers are kept."""

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self.import_safety = ImportSafety(index)
        self.known: dict[tuple[str, ...], ReachedCode] = {}
        self.kept = 0  # how many of the answers come from the last build

    def of_verbs(self, module: str, verbs: Sequence[str]) -> ReachedCode:
        """Return what the `verbs` of `module` reach."""

        def begin(reach: ReachableCode) -> None:
            reach.load(module)
            for verb in verbs:
                reach.look_into(module, (verb,))

        return self.answer(("verbs", module, *verbs), begin)

    def of_modules(self, modules: Sequence[str]) -> ReachedCode:
        """Return what all of some modules reaches."""

        def begin(reach: ReachableCode) -> None:
            for module in modules:
                reach.load(module)
                reach.take_all(module)

        return self.answer(("modules", *modules), begin)

    def of_texts(self, texts: Sequence[str]) -> ReachedCode:
        """Return what code reaches that is in no file of the project; itself is left out."""

        def begin(reach: ReachableCode) -> None:
            # Lines for IPython alone are no Python.
            lines = (line for text in texts for line in text.split("\n"))
            code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
            statements = read_statements(code.encode(), "", "")
            if any(statement.label == NO_PYTHON for statement in statements):
                raise WholeProjectReached
            for statement in statements:
                reach.follow(Module("", "", statements), statement)

        return self.answer(("texts", *texts), begin)

    def answer(self, asked: tuple[str, ...], begin: Callable[[ReachableCode], None]) -> ReachedCode:
        """Return what is reached from where `begin` begins."""
        with self.index.lock:
            if asked not in self.known:
                reach = ReachableCode(self.index, self.import_safety)
                try:
                    begin(reach)
                    reach.walk()
                    parts = reach.parts()
                except WholeProjectReached:
                    parts = self.everything()
                self.known[asked] = ReachedCode(parts, digest_code(parts))
            return self.known[asked]

    def everything(self) -> Parts:
        """Return all of the project's code, as it is written."""
        paths = [path for path in self.index.files_below(self.index.project) if path.suffix == ".py"]
        names = [path.relative_to(self.index.project).as_posix() for path in paths]
        return {name: {"the file": self.index.files(name)[name]} for name in names}


ENGINE = (*READERS, disk, modules, reachable, sys.modules[__name__])
MOST = 5_000  # answers: those to code blocks that are written no more would pile up


# What code reaches, kept from one build to the next: believed only while no file or folder behind it has changed.
#
# As within a build (generator.stamp), a stamp counts only if it was old when it was taken; here it must also have come
# from the same Python and the same engine.


def load_code_digests(project: Path) -> CodeDigests:
    """Return a coverage with what was kept of the last build, if that is still so; else one that knows nothing.

    Stamps are of paths, so that a copy of a project, or one that was moved, knows nothing.
    """
    code_digests = CodeDigests(ModuleIndex(project))
    with contextlib.suppress(*CACHE_ERRORS):
        maker, taken, known, imported = read_cached(kept_file(project))
        code_digests.index.stamps.taken = dict(taken)
        if maker != cache_identity(project) or not code_digests.index.stamps.are_current():
            return CodeDigests(ModuleIndex(project))
        code_digests.known = {asked: ReachedCode(*answer) for asked, answer in known.items()}
        code_digests.index.imported = imported
        code_digests.kept = len(known)
    return code_digests


def save_code_digests(code_digests: CodeDigests) -> None:
    """Keep what a build has found out, if it is more than was kept, and nothing has changed since."""
    with code_digests.index.lock:
        stamps = code_digests.index.stamps
        if len(code_digests.known) == code_digests.kept or not stamps.are_current():
            return
        known = {asked: tuple(answer) for asked, answer in list(code_digests.known.items())[-MOST:]}
        values = (
            cache_identity(code_digests.index.project),
            dict(stamps.taken),
            known,
            dict(code_digests.index.imported),
        )
    write_cached(kept_file(code_digests.index.project), values)


def kept_file(project: Path) -> Path:
    """Return where the coverage of a project is kept."""
    return project / ".lectern" / "cache" / "coverage"


def cache_identity(project: Path) -> str:
    """Return what tells apart for which project, and with which Python and engine, something was found out."""
    return "\0".join((str(project.absolute()), sys.version, digest_of_modules(*ENGINE)))
