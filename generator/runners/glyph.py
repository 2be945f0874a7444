"""Which letters the glyphs of a picture are, so that a page can write them with its own fonts."""

from collections.abc import Iterable
from functools import cache
from unicodedata import normalize

from fontTools.ttLib import TTFont

from generator.theme import FONT_FOLDER
from generator.transform import matrix_of

_LIGATURES = range(0xFB00, 0xFB05)  # ff, fi, fl, ffi, ffl
FACES: dict[str, dict[str, str]] = {  # by the PostScript name, which is the file's: how an SVG asks for the font
    "IBMPlexSans-Regular": {},
    "IBMPlexSans-SemiBold": {"font-weight": "600"},
    "IBMPlexSans-Italic": {"font-style": "italic"},
    "IBMPlexMono-Regular": {"font-family": "IBM Plex Mono"},
    "IBMPlexMono-SemiBold": {"font-family": "IBM Plex Mono", "font-weight": "600"},
}


def face_of(names: Iterable[str]) -> dict[str, str] | None:
    """Return how to ask for the font of glyphs named `IBMPlexSans-Regular-3f`; None for two, or one no page has."""
    fonts = {name.rpartition("-")[0] for name in names}
    return FACES.get(fonts.pop()) if len(fonts) == 1 else None


def letters_of(names: Iterable[str]) -> str | None:
    """Return the text that is set in glyphs with these names; None where one of them stands for no character."""
    letters = [_characters(font).get(int(glyph, 16)) for font, _, glyph in (name.rpartition("-") for name in names)]
    return None if None in letters else "".join(filter(None, letters))


def is_on_line(transform: str) -> bool:
    """Whether a glyph stands on the baseline in its full size: not as the exponent of a formula does."""
    matrix = matrix_of(transform)
    return bool(matrix[1, 2] == 0 and matrix[0, 0] == 1)


@cache
def _characters(font: str) -> dict[int, str]:
    """Return the text of each glyph of a project's font by its number: the lowest character that has it."""
    file = TTFont(FONT_FOLDER / f"{font}.ttf")
    glyphs: dict[int, str] = {}
    for code, name in sorted(file.getBestCmap().items()):
        letter = chr(code)
        glyphs.setdefault(file.getGlyphID(name), normalize("NFKC", letter) if code in _LIGATURES else letter)
    return glyphs
