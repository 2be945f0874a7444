"""The fonts of a page, cut down to the characters that the page uses and embedded in its style sheet."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import unescape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

import fontTools

from generator.errors import PageError
from generator.store import write_atomically
from generator.theme import FONT_FOLDER, MONO, SANS

_FACES: Final = (
    (SANS, 400, "normal", "IBMPlexSans-Regular.ttf"),
    (SANS, 600, "normal", "IBMPlexSans-SemiBold.ttf"),
    (SANS, 400, "italic", "IBMPlexSans-Italic.ttf"),
    (MONO, 400, "normal", "IBMPlexMono-Regular.ttf"),
    (MONO, 600, "normal", "IBMPlexMono-SemiBold.ttf"),
)
_MATH: Final = "STIX Two Math"
# What every page gets: the letters of English, the signs of prose and of arithmetic, what a style sheet writes by
# `content:` and what a browser inserts at a hyphen. Pages that need no more share their fonts, which take time to cut.
_ENGLISH: Final = "".join(map(chr, range(0x20, 0x7F)))
_SIGNS: Final = (
    "\u00a0\u00b0\u00b7\u00d7\u00f7\u2009\u202f\u2010\u2013\u2014\u2018\u2019\u201c\u201d"
    "\u2022\u2026\u25e6\u2190\u2192\u2212\u2248\u2713"
)
_ALWAYS: Final = _ENGLISH + _SIGNS
KEPT: Final = Path(__file__).parents[2] / ".lectern" / "cache" / "fonts"  # cut fonts, by what was asked for
_FORMULA: Final = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


def font_faces(text: str) -> str:
    """Return the @font-face rules of all fonts, holding what `text` (the page's HTML) needs, and no more."""
    # A page is some megabytes, nearly all of it letters that every page gets.
    others = text.encode().translate(None, _ENGLISH.encode()).decode()
    used = "".join(sorted({*others, *_ALWAYS}))
    faces = [_face(family, weight, style, FONT_FOLDER / name, used) for family, weight, style, name in _FACES]
    if formulas := _FORMULA.findall(text):
        signs = "".join(sorted(set(unescape(_TAG.sub("", "".join(formulas))))))
        faces.append(_face(_MATH, 400, "normal", _math_font(), signs + "".join(map(italic, signs))))
    return "\n".join(faces) + "\n"


def italic(letter: str) -> str:
    """Return what a one-letter <mi> is drawn with: the italic of mathematics, where there is one."""
    if letter == "h":
        return "\u210e"
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter


def _face(family: str, weight: int, style: str, path: Path, used: str) -> str:
    source = b64encode(subset(path, used)).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; font-display: block; '
        f'src: url("data:font/woff2;base64,{source}") format("woff2"); }}'
    )


@cache
def subset(path: Path, characters: str) -> bytes:
    """Return the font at `path` as WOFF2 with these characters' shapes alone; the same bytes each time.

    A font that was cut before comes from a file: its name is the digest of all that the bytes depend on.
    """
    asked = sha256(f"{path.name} {fontTools.version} {characters}".encode())
    asked.update(path.read_bytes())
    kept = KEPT / f"{asked.hexdigest()}.woff2"
    if not kept.is_file():
        write_atomically(kept, cut(path, characters))
    return kept.read_bytes()


def cut(path: Path, characters: str) -> bytes:
    """Return what `subset` returns, cut anew."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff2", notdef_outline=True, hinting=False)
    options.layout_features += ["tnum", "zero"]
    options.drop_tables += ["meta"]  # fontTools cannot cut it and would warn
    font = TTFont(path, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


def _math_font() -> Path:
    package = find_spec("ziamath")  # found, not imported: only its font is wanted
    if package is None or package.origin is None:
        raise PageError("the font for formulas is missing", hint="run make setup")
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
