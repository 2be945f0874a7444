"""How wide the letters of the project's fonts are."""

from functools import cache

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

from generator.theme import FONT_FOLDER


def letter_starts(letters: str, family: str, weight: str) -> NDArray[np.float64]:
    """Return where each letter of a text begins, in ems from its start, and where the last one ends; n + 1 numbers."""
    widths = _widths(f"{family.replace(' ', '')}-{'SemiBold' if weight == '600' else 'Regular'}.ttf")
    return np.concatenate([[0.0], np.cumsum([widths.get(ord(letter), 0.6) for letter in letters])])


@cache
def _widths(name: str) -> dict[int, float]:
    font = TTFont(FONT_FOLDER / name)
    em = font["head"].unitsPerEm
    return {code: font["hmtx"][glyph][0] / em for code, glyph in font.getBestCmap().items()}
