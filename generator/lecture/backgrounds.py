"""What a slide stands on if not on the theme's paper: a color or an image, `{background=#1b2a41}` behind its title."""

import re
from dataclasses import dataclass
from typing import Final

from generator.errors import SourceError, Where
from generator.lecture.included_files import TYPES, IncludedFiles, file_of, read_image
from generator.theme import DARK, THEMES, Theme, contrast_of

COLOR: Final = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
LEAST: Final = 4.5  # contrast of the text with a color (WCAG 2.2, 1.4.3)
DIMMED: Final = 0.35  # how much of an image is seen over black: even one that is all white then carries white text


@dataclass(frozen=True, slots=True)
class Background:
    """A `color`, or an `image` as a data address; theme: the name of the theme whose text can be read on it."""

    theme: str
    color: str = ""
    image: str = ""


def read_background(text: str, files: IncludedFiles, where: Where) -> Background | None:
    """Return the background that a heading asks for; None if it asks for none.

    Raises SourceError for what is neither a color nor an image, and for a color on which no text can be read.
    """
    if not text:
        return None
    if COLOR.fullmatch(text):
        color = text if len(text) == 7 else "#" + "".join(digit * 2 for digit in text[1:])
        return Background(theme_on(color, where).name, color=color.lower())
    if not text.lower().endswith(tuple(TYPES)):
        hint = "write a color such as #1b2a41, or the path of an image"
        raise SourceError(f"'{text}' is no background", where, hint)
    return Background(DARK.name, image=read_image(file_of(text, files.project), files, where))


def theme_on(color: str, where: Where) -> Theme:
    """Return the theme whose text is read best on `color`; raise SourceError if that is not enough."""

    def contrast(theme: Theme) -> float:
        return min(contrast_of(parts(color), parts(words)) for words in (theme.ink, theme.muted))

    best = max(THEMES.values(), key=contrast)
    if contrast(best) < LEAST:
        raise SourceError(f"no text can be read on '{color}'", where, "take a color that is darker or lighter")
    return best


def parts(color: str) -> tuple[float, float, float]:
    """Return red, green and blue of `#rrggbb`, each from 0 to 1."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
