"""Memos: what was made of some bytes, kept on disk under the digest of them and of the code that made it.

A memo may get lost at any time, and one that is damaged is noticed when it is read: it costs work, never a result.
"""

import contextlib
import marshal
import os
import sys
import threading
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

LOST = (OSError, ValueError, EOFError, TypeError)  # what reading a kept file raises that is gone or damaged
SHELVES = ("code", "recipes", "works")  # below .lectern/cache, each for memos of one kind


def remember(project: Path, shelf: str, about: Iterable[str | bytes], make: Callable[[], Any]) -> Any:
    """Return what `make` makes, of values that `marshal` can write; from a memo where there is one.

    about: all that the outcome depends on, the digest of the code that makes it among it. What `make` raises is passed
    on, and not kept.
    """
    name = sha256(sys.version.encode())
    for part in about:
        name.update(sha256(part.encode() if isinstance(part, str) else part).digest())
    path = project / ".lectern" / "cache" / shelf / name.hexdigest()
    with contextlib.suppress(*LOST):
        return read_kept(path)
    made = make()
    keep(path, made)
    return made


@cache
def digest_of_engine(*names: str) -> str:
    """Return the SHA-256 of the code of some of the engine's modules."""
    folder = Path(__file__).parent
    return sha256(b"".join((folder / f"{name}.py").read_bytes() for name in names)).hexdigest()


def read_kept(path: Path) -> Any:
    """Return the values that `keep` has written to a file; raise one of LOST where it is gone or damaged."""
    content = path.read_bytes()
    if sha256(content[32:]).digest() != content[:32]:
        raise ValueError("damaged")
    return marshal.loads(content[32:])  # noqa: S302 (written by this project, and checked)


def keep(path: Path, values: Any) -> None:
    """Write values to a file, behind their SHA-256: one that gets lost or damaged is noticed when it is read."""
    content = marshal.dumps(values)
    part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(sha256(content).digest() + content)
        part.replace(path)
