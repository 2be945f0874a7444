"""Reads `theme.toml`, in which a course gives roles colors of its own, and judges whether these can be seen.

What it says of pages besides, such as a logo, is read by `page_looks`.

    [light]
    input = "#00557f"
    [dark]
    input = "#7cc4ff"

A role that is not named keeps its color. A tint, the same role as a filled area, is mixed from its role where that
alone is given.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.errors import SourceError, Where, suggest
from generator.lecture.included_files import IncludedFiles
from generator.lecture.page_looks import Looks, read_fonts, read_page
from generator.theme import ACCENTS, contrast_of, default_colors
from generator.words import read_toml

LOOKS_FILE = "theme.toml"
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
TINT_SHARES = {"light": 0.16, "dark": 0.27}  # how much of its role a tint has, the rest is paper
TEXT, SHAPE = 4.5, 3.0  # the least contrast of text, and of lines and marks (WCAG 2.2, 1.4.3 and 1.4.11)
LINES = ("padding",)  # roles that no text has


def read_looks(project: Path, files: IncludedFiles | None = None) -> Looks:
    """Return how the course's pages look; as they come along, without a file.

    files: knows afterwards which files were read. Raises SourceError, at its line, for what is not TOML, for a theme or
    a role that there is not, for what is no color, for one that cannot be told from what it stands on, and for a logo
    or a font that is missing or damaged.
    """
    fields, text = read_toml(project / LOOKS_FILE, LOOKS_FILE)
    files = files or IncludedFiles(project)
    page = read_page(fields.pop("page", {}), lambda table, key: place_of(table, key, text), files)
    fonts = read_fonts(fields.pop("fonts", {}), lambda table, key: place_of(table, key, text), files)
    return Looks({name: read_roles(name, roles, text) for name, roles in fields.items()}, fonts=fonts, **page)


def read_roles(name: str, roles: object, text: str) -> Mapping[str, str]:
    """Return the colors that the theme `name` gets by role, tints included; `text`: the file's. Raises SourceError."""
    defaults = default_colors()
    if name not in defaults or not isinstance(roles, dict):
        raise SourceError(
            f"there is no theme '{name}'", place_of(name, "", text), suggest(name, [*defaults, "page", "fonts"])
        )
    for role, color in roles.items():
        check_color(role, color, place_of(name, role, text))
    base = defaults[name]
    found = {role: str(color).lower() for role, color in roles.items()}
    tints = {role: f"{role}_tint" for role in found if f"{role}_tint" in base and f"{role}_tint" not in found}
    found |= {tint: mix(found[role], base["paper"], TINT_SHARES[name]) for role, tint in tints.items()}
    for role, one, other, least, what in pairs(found, {**base, **found}):
        if (ratio := contrast_of(parts_of(one), parts_of(other))) < least:
            place = place_of(name, role if role in roles else role.removesuffix("_tint"), text)
            problem = f"'{role}' has a contrast of {ratio:.1f} to {what} in the {name} theme, and {least:g} is needed"
            hint = f"make it {'darker' if (name == 'light') != role.endswith('_tint') else 'lighter'}"
            raise SourceError(problem, place, hint)
    return found


def check_color(role: str, color: Any, where: Where) -> None:
    """Raise SourceError, at its line, for a role that there is not, and for what is no color."""
    if role not in ACCENTS:
        raise SourceError(f"no role '{role}' has a color of a course's own", where, suggest(role, list(ACCENTS)))
    if not isinstance(color, str) or not COLOR.fullmatch(color):
        raise SourceError(f"{color!r} is no color", where, f'write {role} = "#005a9c"')


def pairs(given: Mapping[str, str], colors: Mapping[str, str]) -> Iterator[tuple[str, str, str, float, str]]:
    """Yield what has to be told apart where `given` roles have their colors: role, two colors, least contrast, words.

    colors: those of all roles.
    """
    for role, color in given.items():
        if role.endswith("_tint"):
            yield role, color, colors["ink"], TEXT, "the text on it"
            yield role, color, colors[role.removesuffix("_tint")], SHAPE, "its own role"
        else:
            least = SHAPE if role in LINES else TEXT
            yield role, color, colors["paper"], least, "the paper"
            yield role, color, colors["surface"], least, "the ground of a card"


def parts_of(color: str) -> tuple[float, float, float]:
    """Return red, green and blue of `#rrggbb`, each 0 to 1."""
    red, green, blue = bytes.fromhex(color[1:])
    return red / 255, green / 255, blue / 255


def mix(color: str, paper: str, share: float) -> str:
    """Return a color that has this share of `color`, and of `paper` the rest.

    >>> mix("#000000", "#ffffff", 0.2)
    '#cccccc'
    """
    both = zip(bytes.fromhex(color[1:]), bytes.fromhex(paper[1:]), strict=True)
    return f"#{bytes(round(share * one + (1 - share) * other) for one, other in both).hex()}"


def place_of(theme: str, role: str, text: str) -> Where:
    """Return the place of a table, or of a role in it, in the `text` of the file."""
    lines = text.split("\n")
    head = re.compile(rf"\s*\[\s*[\"']?{re.escape(theme)}[\"']?\s*\]|\s*{re.escape(theme)}\s*[=.]")
    start = next((number for number, line in enumerate(lines) if head.match(line)), -1)
    key = re.compile(rf"\s*[\"']?{re.escape(role)}[\"']?\s*=")
    own = (number for number, line in enumerate(lines) if number > start and key.match(line)) if role else iter(())
    return Where(LOOKS_FILE, next(own, start) + 1)
