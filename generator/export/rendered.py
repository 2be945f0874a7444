"""What texts became as HTML, kept from one build of a lecture to the next: one word edited is one text rendered."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from generator.memo import LOST, digest_of_engine, keep, read_kept
from generator.store import installed_version

_ENGINE: Final = ("memo", *(f"export/{name}" for name in ("allowlist", "formulas", "listing", "markdown", "rendered")))
_LIBRARIES: Final = ("latex2mathml", "markdown-it-py", "mdit-py-plugins", "nh3", "pygments")
Asked = tuple[str | int | bool, ...]

_known: dict[Asked, str] = {}
_used: dict[Asked, str] = {}


def once(asked: Asked, make: Callable[[], str]) -> str:
    """Return what `make` makes; what it made when the same was asked before, of this lecture's other pages too."""
    found = _known.get(asked)
    if found is None:
        found = _known[asked] = make()
    _used[asked] = found
    return found


@contextlib.contextmanager
def rendering(project: Path, lecture: str) -> Iterator[None]:
    """Know, while the pages of a lecture are made, what its texts became in the last build; keep it for the next."""
    path = project / ".lectern" / "cache" / "rendered" / lecture
    kept = _read(path)
    _known.clear()
    _used.clear()
    _known.update(kept)
    try:
        yield
        if _used.keys() != kept.keys():
            keep(path, (_maker(), _used))
    finally:
        _known.clear()
        _used.clear()


def _read(path: Path) -> dict[Asked, str]:
    with contextlib.suppress(*LOST):
        maker, kept = read_kept(path)
        if maker == _maker():
            return dict(kept)
    return {}


def _maker() -> str:
    versions = (f"{name} {installed_version(name)}" for name in _LIBRARIES)
    return "\0".join((sys.version, digest_of_engine(*_ENGINE), *versions))
