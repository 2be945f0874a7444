"""Images in few shades, for figures that show dozens of them."""

import numpy as np

from figures.parts.arithmetic import Array


def with_few_inks(image: Array, *, largest: float, inks: int = 16) -> Array:
    """Return an image with its values, from 0 to `largest`, rounded to `inks` of them, equally far apart.

    Small images look the same in so few shades, and take up to half the bytes. Raises ValueError for fewer than 2 inks.
    """
    if inks < 2:
        raise ValueError(f"inks is {inks}; an image takes 2 at least, paper and ink")
    steps = inks - 1
    return np.rint(np.asarray(image, dtype=float) / largest * steps) / steps * largest
