"""Reads files in the format of MNIST (idx), gzipped or not: a magic number, the lengths of the axes, then the bytes."""

import gzip
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BYTES = 8  # the code of the type of unsigned bytes
MOST_AXES = 4


def read_idx(path: Path, axes: int) -> NDArray[Any]:
    """Return the unsigned bytes in an idx file with so many axes, as an array of uint8.

    Raises ValueError("problem; hint") for a file that is none, or whose bytes do not fill its axes.
    """
    raw = path.read_bytes()
    try:
        content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, ValueError) as error:
        raise ValueError(f"{path.name} is damaged: {error}; get the file anew") from None
    start = 4 + 4 * axes
    if len(content) < start or content[:3] != bytes((0, 0, BYTES)) or not 1 <= content[3] <= MOST_AXES:
        raise ValueError(f"{path.name} is no idx file of bytes; give one such as train-images-idx3-ubyte.gz")
    if content[3] != axes:
        raise ValueError(f"{path.name} has {content[3]} axes, not {axes}; images have three, and labels one")
    shape = struct.unpack(f">{axes}I", content[4:start])
    if len(content) - start != math.prod(shape):
        raise ValueError(f"{path.name} ends too early, or too late; get the file anew")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
