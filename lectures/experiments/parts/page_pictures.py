"""Packs gray pictures with few levels so that a page can hold thousands of them."""

import zlib
from typing import Final

import numpy as np

from lectures.experiments.parts.training import Array

BITS: Final = 8  # of a byte


def pack_pictures(pictures: Array, labels: Array, levels: int) -> Array:
    """Return pictures and their classes as bytes (n,): four to a byte of at most 4 levels, two of 16, then deflated.

    pictures: uint8 (count, height, width), 0 to levels - 1, the first in the lowest bits; labels: (count,), a byte each
    behind them. Raises ValueError for more than 16 levels, and for a picture or a class beyond what fits.
    """
    if levels > 16 or pictures.max() >= levels or labels.max() > 255:
        raise ValueError(f"{levels} levels of gray up to {pictures.max()}; give at most 16, and whole numbers below")
    bits = 2 if levels <= 4 else 4
    flat = np.zeros(-(-pictures.size * bits // BITS) * BITS // bits, np.uint8)
    flat[: pictures.size] = pictures.ravel()
    shares = flat.reshape(-1, BITS // bits) << np.arange(0, BITS, bits, dtype=np.uint8)
    packed = np.bitwise_or.reduce(shares, axis=1).astype(np.uint8)
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    deflated = squeezer.compress(packed.tobytes() + labels.astype(np.uint8).tobytes()) + squeezer.flush()
    return np.frombuffer(deflated, np.uint8)
