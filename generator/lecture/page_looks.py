"""Reads what `theme.toml` says of pages besides colors: a logo, a footer, a license, a closing slide, fonts from files.

[page]
footer = "Institute of Optics"
license = "CC BY 4.0"
closing = "Thank you. What do you ask?"
logo = "pictures/logo.svg"
logo_dark = "pictures/logo_dark.svg"
logo_alt = "Institute of Optics"

[fonts]
text = "fonts/Own-Regular.ttf"
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import fromstring

from generator.errors import SourceError, Where, suggest
from generator.lecture.included_files import IncludedFiles, read_image
from generator.lecture.picture_size import size_of
from generator.theme import Colors

Place = Callable[[str, str], Where]  # of a key in a table of the file
TEXTS: Final = {"footer": 60, "license": 80, "closing": 120}  # the most characters of each: it has to fit its place
LOGO: Final = ("logo", "logo_dark", "logo_alt")
LOGO_TYPES: Final = (".svg", ".png")
WIDEST: Final = 6.0  # how many times as wide as high a logo may be
# The cuts of a course's own fonts: the family that pages know, its weight and its style.
CUTS: Final = {
    "text": ("Course Text", 400, "normal"), "bold": ("Course Text", 600, "normal"),
    "italic": ("Course Text", 400, "italic"),
    "code": ("Course Code", 400, "normal"), "code_bold": ("Course Code", 600, "normal"),
}  # fmt: skip
NEEDS: Final = {"bold": "text", "italic": "text", "code_bold": "code"}  # the cut without which a browser shows none
FONT_TYPES: Final = (".ttf", ".otf", ".woff2")
RESTRICTED: Final = 0x0002  # a font whose license forbids to embed it says so (OpenType, OS/2, fsType)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo: its image on light ground and on dark, as data addresses, what it is in words, its width by its height.

    dark is empty where there is one image alone: it stands on a light plate then.
    """

    light: str
    dark: str
    alt: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Looks:
    """How the pages of a course look: `colors` by theme and role, texts that all pages have, a logo, fonts by cut."""

    colors: Colors = field(default_factory=dict)
    footer: str = ""
    license: str = ""
    closing: str = ""
    logo: Logo | None = None
    fonts: Mapping[str, Path] = field(default_factory=dict)


NO_LOOKS: Final = Looks()


def read_page(table: Any, place: Place, files: IncludedFiles) -> dict[str, Any]:
    """Return the fields of Looks that the table `[page]` gives. Raises SourceError, at its line, for what is wrong."""
    known = [*TEXTS, *LOGO]
    if not isinstance(table, dict):
        raise SourceError("[page] is a table", place("page", ""), 'write [page], and below it footer = "Own words"')
    for key, value in table.items():
        where = place("page", key)
        if key not in known:
            raise SourceError(f"a page has no '{key}'", where, suggest(key, known))
        if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
            raise SourceError(
                f"'{key}' is one line of text, not {value!r}", where, f'write {key} = "…", or leave it out'
            )
        if len(value) > TEXTS.get(key, 1000):
            problem = f"'{key}' has {len(value)} characters, and there is room for {TEXTS[key]}"
            raise SourceError(problem, where, "write it shorter")
    texts = {key: table[key].strip() for key in TEXTS if key in table}
    return texts | {"logo": read_logo(table, lambda key: place("page", key), files)}


def read_logo(table: Mapping[str, str], place: Callable[[str], Where], files: IncludedFiles) -> Logo | None:
    """Return the logo that the table `[page]` names; None without one. Raises SourceError, at its line."""
    if "logo" not in table:
        for key in LOGO[1:]:
            if key in table:
                raise SourceError(f"there is '{key}', and no 'logo'", place(key), 'write logo = "pictures/logo.svg"')
        return None
    if "logo_alt" not in table:
        hint = 'write below it logo_alt = "Institute of Optics"'
        raise SourceError("the logo has no words for who cannot see it", place("logo"), hint)
    images, ratios = {}, {}
    for key in LOGO[:2]:
        if key in table:
            if not table[key].lower().endswith(LOGO_TYPES):
                raise SourceError(f"'{table[key]}' is no logo", place(key), "a logo is an .svg or a .png")
            images[key] = read_image(table[key], files, place(key))
            ratios[key] = ratio_of(table[key], files.read(table[key], place(key)), place(key))
    return Logo(images["logo"], images.get("logo_dark", ""), table["logo_alt"].strip(), ratios["logo"])


def ratio_of(name: str, content: bytes, where: Where) -> float:
    """Return how many times as wide as high an SVG or a PNG is. Raises SourceError if it does not say, or too wide."""
    width, height = size_of("png" if name.lower().endswith(".png") else "svg+xml", content) or (0, 0)
    if not (width and height) and name.lower().endswith(".svg"):
        box = re.split(r"[\s,]+", fromstring(content).get("viewBox", "").strip())  # noqa: S314 - of the project
        sides = [float(side) if re.fullmatch(r"\d+(\.\d+)?", side) else 0 for side in box[2:4]]
        width, height = (*sides, 0, 0)[:2]  # type: ignore[assignment]
    if not (width and height):
        hint = 'give its <svg> a viewBox="0 0 width height"'
        raise SourceError(f"'{name}' does not say how large it is", where, hint)
    if not 1 / WIDEST <= width / height <= WIDEST:
        problem = f"the logo is {width / height:.2g} times as wide as high"
        raise SourceError(problem, where, f"take one that is at most {WIDEST:g} times as long as wide")
    return width / height


def read_fonts(table: Any, place: Place, files: IncludedFiles) -> dict[str, Path]:
    """Return the files of the course's own fonts by cut (see CUTS). Raises SourceError, at its line."""
    if not isinstance(table, dict):
        hint = 'write [fonts], and below it text = "fonts/Own-Regular.ttf"'
        raise SourceError("[fonts] is a table", place("fonts", ""), hint)
    for cut, name in table.items():
        where = place("fonts", cut)
        if cut not in CUTS:
            raise SourceError(f"there is no cut '{cut}' of a font", where, suggest(cut, list(CUTS)))
        if NEEDS.get(cut, cut) not in table:
            raise SourceError(f"there is a font '{cut}', and no '{NEEDS[cut]}'", where, f"add {NEEDS[cut]} = …")
        if not isinstance(name, str) or not name.lower().endswith(FONT_TYPES):
            hint = f'write {cut} = "fonts/Own.ttf"'
            raise SourceError(f"{name!r} is no file of a font ({', '.join(FONT_TYPES)})", where, hint)
        check_font(name, files.read(name, where), where)
    return {cut: files.find(name, place("fonts", cut)) for cut, name in table.items()}


def check_font(name: str, content: bytes, where: Where) -> None:
    """Raise SourceError, at `where`, for bytes that are no font, and for one whose license forbids to embed it."""
    from fontTools.ttLib import TTFont  # only where a course has fonts of its own

    try:
        font = TTFont(BytesIO(content))
        letters, rights = font.getBestCmap(), font["OS/2"].fsType & 0x000F
    except Exception as error:  # whatever fontTools meets in damaged bytes
        problem = f"the font '{name}' cannot be read: {error or type(error).__name__}"
        raise SourceError(problem, where, "is it a font, and whole?") from None
    if not letters:
        raise SourceError(f"the font '{name}' has no letters", where, "take one with a table of characters")
    if rights == RESTRICTED:
        problem = f"the font '{name}' says that it must not be embedded"
        raise SourceError(problem, where, "take one whose license allows it")
