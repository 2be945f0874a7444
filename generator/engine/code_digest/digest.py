"""The coverage: what verbs reach in a project as it is now, as digests by module and statement."""

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from generator import disk
from generator.disk import LOST, digest_of_modules, keep, read_kept
from generator.engine.code_digest import modules, reachable
from generator.engine.code_digest.modules import READERS, Atlas, Module
from generator.engine.code_digest.reachable import EverythingFound, Judgement, Parts, Reach
from generator.engine.code_digest.statements import NO_PYTHON, read_statements


def digest_of_parts(parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is reached."""
    digest = sha256()
    for module in sorted(parts):
        for label in sorted(parts[module]):
            digest.update(f"{module}\0{label}\0{parts[module][label]}\n".encode())
    return digest.hexdigest()


class Covered(NamedTuple):
    """What code reaches, by module and statement, and the SHA-256 of it."""

    parts: Parts
    digest: str


class Coverage:
    """What code reaches in a project as it is now; answers are kept."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.judgement = Judgement(atlas)
        self.known: dict[tuple[str, ...], Covered] = {}
        self.kept = 0  # how many of the answers come from the last build

    def of_verbs(self, module: str, verbs: Sequence[str]) -> Covered:
        """Return what the `verbs` of `module` reach."""

        def begin(reach: Reach) -> None:
            reach.load(module)
            for verb in verbs:
                reach.look_into(module, (verb,))

        return self.answer(("verbs", module, *verbs), begin)

    def of_modules(self, modules: Sequence[str]) -> Covered:
        """Return what all of some modules reaches."""

        def begin(reach: Reach) -> None:
            for module in modules:
                reach.load(module)
                reach.take_all(module)

        return self.answer(("modules", *modules), begin)

    def of_texts(self, texts: Sequence[str]) -> Covered:
        """Return what code reaches that is in no file of the project; itself is left out."""

        def begin(reach: Reach) -> None:
            # Lines for IPython alone are no Python.
            lines = (line for text in texts for line in text.split("\n"))
            code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
            statements = read_statements(code.encode(), "", "")
            if any(statement.label == NO_PYTHON for statement in statements):
                raise EverythingFound
            for statement in statements:
                reach.follow(Module("", "", statements), statement)

        return self.answer(("texts", *texts), begin)

    def answer(self, asked: tuple[str, ...], begin: Callable[[Reach], None]) -> Covered:
        """Return what is reached from where `begin` begins."""
        with self.atlas.lock:
            if asked not in self.known:
                reach = Reach(self.atlas, self.judgement)
                try:
                    begin(reach)
                    reach.walk()
                    parts = reach.parts()
                except EverythingFound:
                    parts = self.everything()
                self.known[asked] = Covered(parts, digest_of_parts(parts))
            return self.known[asked]

    def everything(self) -> Parts:
        """Return all of the project's code, as it is written."""
        paths = [path for path in self.atlas.files_below(self.atlas.project) if path.suffix == ".py"]
        names = [path.relative_to(self.atlas.project).as_posix() for path in paths]
        return {name: {"the file": self.atlas.files(name)[name]} for name in names}


ENGINE = (*READERS, disk, modules, reachable, sys.modules[__name__])
MOST = 5_000  # answers: those to code blocks that are written no more would pile up


# What code reaches, kept from one build to the next: believed only while no file or folder behind it has changed.
#
# As within a build (generator.stamp), a stamp counts only if it was old when it was taken; here it must also have come
# from the same Python and the same engine.


def recall_coverage(project: Path) -> Coverage:
    """Return a coverage with what was kept of the last build, if that is still so; else one that knows nothing.

    Stamps are of paths, so that a copy of a project, or one that was moved, knows nothing.
    """
    coverage = Coverage(Atlas(project))
    with contextlib.suppress(*LOST):
        maker, taken, known, imported = read_kept(kept_file(project))
        coverage.atlas.stamps.taken = dict(taken)
        if maker != maker_of(project) or not coverage.atlas.stamps.are_current():
            return Coverage(Atlas(project))
        coverage.known = {asked: Covered(*answer) for asked, answer in known.items()}
        coverage.atlas.imported = imported
        coverage.kept = len(known)
    return coverage


def keep_coverage(coverage: Coverage) -> None:
    """Keep what a build has found out, if it is more than was kept, and nothing has changed since."""
    with coverage.atlas.lock:
        stamps = coverage.atlas.stamps
        if len(coverage.known) == coverage.kept or not stamps.are_current():
            return
        known = {asked: tuple(answer) for asked, answer in list(coverage.known.items())[-MOST:]}
        values = (maker_of(coverage.atlas.project), dict(stamps.taken), known, dict(coverage.atlas.imported))
    keep(kept_file(coverage.atlas.project), values)


def kept_file(project: Path) -> Path:
    """Return where the coverage of a project is kept."""
    return project / ".lectern" / "cache" / "coverage"


def maker_of(project: Path) -> str:
    """Return what tells apart for which project, and with which Python and engine, something was found out."""
    return "\0".join((str(project.absolute()), sys.version, digest_of_modules(*ENGINE)))
