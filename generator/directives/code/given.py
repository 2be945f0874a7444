"""Writes values and files as lines of Python, so that code in a notebook has what the build has given it."""

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from math import isfinite
from pathlib import PurePosixPath
from typing import Any

from generator.errors import SourceError, Where

FEW = 60  # numbers of an array that are written as such
LARGEST = 1 << 20  # characters of such lines: a notebook is read, and sent by mail


def write_values(values: Mapping[str, Any], files: Mapping[str, bytes], where: Where) -> str:
    """Return lines that assign `values` to variables and write `files`; empty if there are neither.

    Raises SourceError, at `where` they are used, for more than LARGEST.
    """
    lines = [f"{name} = {written(value)}" for name, value in values.items()]
    for name, content in files.items():
        folder = PurePosixPath(name).parent.as_posix()
        lines += [f'Path("{folder}").mkdir(parents=True, exist_ok=True)'] if folder != "." else []
        lines.append(f'Path("{name}").write_bytes({written_bytes(content)})')
    text = "\n".join(lines)
    if len(text) > LARGEST:
        problem = f"the notebook would hold {len(text) / (1 << 20):.1f} MB for this code, and at most 1 is taken"
        raise SourceError(problem, where, "use less: let the experiment return what is shown alone")
    imports = {
        "import base64": "base64.",
        "import io": "io.",
        "import numpy as np": "np.",
        "from pathlib import Path": "Path(",
    }
    found = [line for line, sign in imports.items() if sign in text]
    return "\n".join(["# what the lecture has measured", *found, *lines]) if lines else ""


def written(value: Any) -> str:
    """Return a result of an experiment as Python: a number, a text, an array, or lists and mappings of them."""
    import numpy as np

    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name!r}: {written(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if not isinstance(value, np.ndarray):
        return f'float("{value}")' if isinstance(value, float) and not isfinite(value) else repr(value)
    is_finite = value.dtype.kind not in "fc" or bool(np.isfinite(value).all())
    if value.size <= FEW and is_finite:  # Python has no word for what is not finite
        is_plain = value.dtype in (np.float64, np.int64, np.bool_) or value.dtype.kind == "U"
        return f"np.array({value.tolist()!r}{'' if is_plain else f', np.{value.dtype}'})"
    stream = BytesIO()
    np.save(stream, value, allow_pickle=False)
    return f"np.load(io.BytesIO({written_bytes(stream.getvalue())}))"


def written_bytes(content: bytes) -> str:
    """Return bytes as Python."""
    return f'base64.b64decode("{b64encode(content).decode()}")'
