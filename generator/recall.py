"""What code reaches, kept from one build to the next: believed only while no file or folder behind it has changed.

As within a build (generator.stamp), a stamp counts only if it was old when it was taken; here it must also have come
from the same Python and the same engine.
"""

import contextlib
import sys
from pathlib import Path

from generator.atlas import READERS, Atlas
from generator.coverage import Coverage, Covered
from generator.memo import LOST, digest_of_engine, keep, read_kept

ENGINE = (*READERS, "atlas", "coverage", "inert", "memo", "reach", "recall", "sight", "stamp")
MOST = 5_000  # answers: those to code blocks that are written no more would pile up


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
    return "\0".join((str(project.absolute()), sys.version, digest_of_engine(*ENGINE)))
