"""Windows one by one, in plain loops: computed apart from the figures, so that their numbers can be checked."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Pair = tuple[int, int]


def plain_padding(name: Any, size: int, reach: int, strides: int) -> Pair:
    """Return the cells before and after one axis, for "valid", "same", "full" or a number, as TensorFlow says."""
    if name == "same":
        places = -(-size // strides)
        total = max((places - 1) * strides + reach - size, 0)
        return total // 2, total - total // 2
    return {"valid": (0, 0), "full": (reach - 1, reach - 1)}.get(name, (name, name))


def starts_of(size: int, reach: int, strides: int) -> list[int]:
    """Return where the windows of `reach` cells begin along an axis of `size` cells."""
    return [at for at in range(0, size, strides) if at + reach <= size]


def unused_lines(size: int, padding: Pair, kernel: int, strides: int, spread: int = 1) -> tuple[int, int]:
    """Return how many of `size` cells no window uses: beyond the last window, and before its end."""
    whole, reach = size + sum(padding), (kernel - 1) * spread + 1
    used = {at + k * spread for at in starts_of(whole, reach, strides) for k in range(kernel)}
    inside = [at in used for at in range(padding[0], padding[0] + size)]
    end = max((k + 1 for k, one in enumerate(inside) if one), default=0)
    return size - end, inside[:end].count(False)


def said_unused(axes: Sequence[tuple[int, int]]) -> list[int]:
    """Return the numbers that are said of unused rows and columns: of the last ones from two, of the others all."""
    return [beyond for beyond, _ in axes if beyond > 1] + [between for _, between in axes if between]


def said_pair(pair: Sequence[int], silent: int | None = None) -> list[int]:
    """Return the numbers that are said of (down, across): one, if both are equal."""
    return [] if set(pair) == {silent} else list(pair[:1]) if pair[0] == pair[1] else list(pair)


def said_padding(rows: Pair, columns: Pair) -> list[int]:
    """Return the numbers that are said of a padding: none, one, before and after, or four."""
    if len({*rows, *columns}) == 1:
        return [rows[0]] if rows[0] else []
    return list(rows) if rows == columns else [*rows, *columns]


def plain_outputs(padded: Any, kernel: Any, strides: Pair, spread: Pair = (1, 1)) -> np.ndarray[Any, Any]:
    """Return a convolution without padding, computed window by window; the kernel is not flipped."""
    (height, width), (down, across) = np.shape(kernel), spread
    rows, columns = (
        starts_of(size, (k - 1) * d + 1, s)
        for size, k, d, s in zip(padded.shape, (height, width), spread, strides, strict=True)
    )
    return np.array(
        [
            [
                sum(padded[i + a * down, j + b * across] * kernel[a, b] for a in range(height) for b in range(width))
                for j in columns
            ]
            for i in rows
        ]
    )
