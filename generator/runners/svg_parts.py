"""The parts of an inline SVG: short path data, glyphs as text, images as WebP, and transforms as matrices.

`generator.runners.svg` rewrites the elements and uses these functions for what is inside them. Path data is written as
short as SVG allows: relative steps of one decimal, without signs and spaces that a parser does not need.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final
from unicodedata import normalize

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image

from generator.theme import FONT_FOLDER

_PIECE = re.compile(r"([MLQCZz])([^A-Za-z]*)")
_ARITY = {"M": 2, "L": 2, "Q": 4, "C": 6}
Point = tuple[int, int]  # tenths of a unit


def shorten_curve(data: str, scale: float) -> str:
    """Return Matplotlib's path data (absolute M, L, Q, C and z) times `scale`, as relative steps rounded to tenths.

    The first point is absolute, so that paths can be concatenated. Each step is relative to the rounded end of the last
    one, so that rounding errors do not add up. The line back to the start of a closed outline is left out, because `z`
    draws it. Raises ValueError for other letters.

    >>> shorten_curve("M 0 0 L 10 0 L 10 5.5 L 0 0 z", 1)
    'M0,0h10v5.5z'
    """
    written, before, at, start, last = "", "", (0, 0), (0, 0), ""  # before: `written` without its last line
    for letter, points in _read(data, scale):
        if letter == "z":
            written, at, last = (before if at == start and before else written) + "z", start, "z"
            continue
        step, numbers = _step(letter, points, at) if written else ("M", [*points[0]])
        whole = written + _join(numbers, "" if step == last else step)
        before = written if letter == "L" else ""  # enough if `z` follows, and this line leads back to the start
        written, at, last = whole, points[-1], step
        if letter == "M":
            start, last = at, "l" if step == "m" else ""  # SVG reads further points after a move as lines
    return written


def extent(data: str, scale: float, reach: float) -> tuple[float, float, float, float]:
    """Return (left, top, right, bottom) of a path's points times `scale`, enlarged by `reach` on each side."""
    numbers = [float(number) * scale for _, text in _PIECE.findall(data) for number in text.replace(",", " ").split()]
    across, down = numbers[::2], numbers[1::2]
    return min(across) - reach, min(down) - reach, max(across) + reach, max(down) + reach


def _read(data: str, scale: float) -> Iterator[tuple[str, list[Point]]]:
    """Yield the steps of path data as (letter, absolute points in tenths)."""
    if rest := _PIECE.sub("", data).strip():
        raise ValueError(f"path data holds '{rest[:20]}'")
    for letter, text in _PIECE.findall(data):
        if letter in "Zz":
            yield "z", []
            continue
        numbers = [round(float(number) * scale * 10) for number in text.replace(",", " ").split()]
        arity = _ARITY[letter]
        for first in range(0, len(numbers), arity):
            part = numbers[first : first + arity]
            yield letter, list(zip(part[::2], part[1::2], strict=True))


def _step(letter: str, points: Sequence[Point], at: Point) -> tuple[str, list[int]]:
    """Return the letter and numbers of the step from `at`; a line along one axis becomes `h` or `v`."""
    away = [(x - at[0], y - at[1]) for x, y in points]
    if letter == "L" and away[0][1] == 0:
        return "h", [away[0][0]]
    if letter == "L" and away[0][0] == 0:
        return "v", [away[0][1]]
    return letter.lower(), [number for pair in away for number in pair]


def _join(tenths: Sequence[int], letter: str) -> str:
    """Return a step as text, with a comma only where neither a letter nor a minus sign separates two numbers."""
    text = letter
    for number in map(write_tenths, tenths):
        text += number if (text == letter and letter) or number.startswith("-") else f",{number}"
    return text


def write_tenths(tenths: int) -> str:
    """Return tenths as a decimal number without needless zeros: `-.5`, `12`, `0`."""
    whole, rest = divmod(abs(tenths), 10)
    digits = (str(whole) if whole or not rest else "") + (f".{rest}" if rest else "")
    return f"-{digits}" if tenths < 0 else digits


_LIGATURES = range(0xFB00, 0xFB05)  # ff, fi, fl, ffi, ffl
FACES: dict[str, dict[str, str]] = {  # SVG attributes that select a font, by PostScript and file name
    "IBMPlexSans-Regular": {},
    "IBMPlexSans-SemiBold": {"font-weight": "600"},
    "IBMPlexSans-Italic": {"font-style": "italic"},
    "IBMPlexMono-Regular": {"font-family": "IBM Plex Mono"},
    "IBMPlexMono-SemiBold": {"font-family": "IBM Plex Mono", "font-weight": "600"},
}


# Glyphs as text: Matplotlib draws text as glyph outlines named by font and number, such as `IBMPlexSans-Regular-3f`.
# Their characters are looked up in the font, so that a page can set the text in its own fonts.


def face_of(names: Iterable[str]) -> dict[str, str] | None:
    """Return the SVG attributes that select the font of some glyphs; None for several fonts or one that pages lack."""
    fonts = {name.rpartition("-")[0] for name in names}
    return FACES.get(fonts.pop()) if len(fonts) == 1 else None


def letters_of(names: Iterable[str]) -> str | None:
    """Return the text that these glyphs show; None if one of them stands for no character."""
    letters = [_characters(font).get(int(glyph, 16)) for font, _, glyph in (name.rpartition("-") for name in names)]
    return None if None in letters else "".join(filter(None, letters))


def is_on_line(transform: str) -> bool:
    """Whether a glyph is on the baseline at full size, unlike an exponent in a formula."""
    matrix = matrix_of(transform)
    return bool(matrix[1, 2] == 0 and matrix[0, 0] == 1)


@cache
def _characters(font: str) -> dict[int, str]:
    """Return the text of each glyph of a project font by glyph number: the lowest character that maps to it."""
    file = TTFont(FONT_FOLDER / f"{font}.ttf")
    glyphs: dict[int, str] = {}
    for code, name in sorted(file.getBestCmap().items()):
        letter = chr(code)
        glyphs.setdefault(file.getGlyphID(name), normalize("NFKC", letter) if code in _LIGATURES else letter)
    return glyphs


# Images: made upright, and stored in the smallest lossless form.


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image as a data URL, and its box in the units of the picture."""

    address: str
    x: float
    y: float
    width: float
    height: float


Matrix = NDArray[np.float64]  # 3 x 3, affine


def place_image(address: str, matrix: Matrix, width: float, height: float) -> PlacedImage:
    """Return an image of `width` x `height` at the origin as placed by `matrix`, so that it needs no transform.

    Where the matrix mirrors the image or turns it upside down, its pixels are flipped instead. Raises ValueError if it
    rotates or shears.
    """
    if abs(matrix[0, 1]) + abs(matrix[1, 0]) > 1e-6:
        raise ValueError("a picture has a rotated image; rotate its pixels")
    image: Image.Image = Image.open(BytesIO(b64decode(address.partition("base64,")[2])))
    if matrix[0, 0] < 0:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if matrix[1, 1] < 0:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    left, right = sorted((matrix[0, 2], matrix[0, 2] + matrix[0, 0] * width))
    top, bottom = sorted((matrix[1, 2], matrix[1, 2] + matrix[1, 1] * height))
    packed = b64encode(pack_image(image)).decode()
    return PlacedImage(f"data:image/webp;base64,{packed}", left, top, right - left, bottom - top)


def pack_image(image: Image.Image) -> bytes:
    """Return an image as lossless WebP, a third smaller than PNG for maps of a few hundred pixels."""
    is_opaque = image.mode != "RGBA" or image.getextrema()[3] == (255, 255)  # type: ignore[misc]    # four bands
    stream = BytesIO()
    image.convert("RGB" if is_opaque else "RGBA").save(stream, "webp", lossless=True, quality=100, method=6, exact=True)
    return stream.getvalue()


_STEP: Final = re.compile(r"(\w+)\(([^)]*)\)")


def matrix_of(transform: str) -> Matrix:
    """Return the matrix of an SVG transform attribute; functions other than those of `_step_matrix` are ignored."""
    whole = np.eye(3)
    for name, text in _STEP.findall(transform):
        numbers = [float(number) for number in re.split(r"[\s,]+", text.strip())]
        whole = whole @ _step_matrix(name, numbers)
    return whole


def _step_matrix(name: str, numbers: list[float]) -> Matrix:
    """Return the matrix of one transform function: matrix, translate, scale, or rotate about the origin."""
    if name == "matrix":
        a, b, c, d, e, f = numbers
        return np.array([[a, c, e], [b, d, f], [0, 0, 1]])
    if name == "translate":
        return np.array([[1, 0, numbers[0]], [0, 1, (*numbers, 0.0)[1]], [0, 0, 1]])
    if name == "scale":
        return np.diag([numbers[0], numbers[-1], 1.0])
    if name == "rotate":
        cos, sin = np.cos(np.radians(numbers[0])), np.sin(np.radians(numbers[0]))
        return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return np.eye(3)
