"""Colors as a screen mixes them, and how well they stand out from one another."""

from typing import Final

from generator.theme import contrast_of

Color = tuple[float, float, float]  # red, green and blue, 0 to 255

WHITE: Final[Color] = (255.0, 255.0, 255.0)


def color_of(text: str) -> Color | None:
    """Return the color that `#rrggbb` or `#rgb` names; None for none, or for a name we do not read."""
    digits = text.removeprefix("#")
    if not text.startswith("#") or len(digits) not in (3, 6):
        return None
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return int(full[:2], 16), int(full[2:4], 16), int(full[4:], 16)


def hex_of(color: Color) -> str:
    """Return a color as `#rrggbb`."""
    return "#" + "".join(f"{round(channel):02x}" for channel in color)


def blend(color: Color, ground: Color, opacity: float) -> Color:
    """Return what shows of `color` when it is painted over `ground`."""
    red, green, blue = (opacity * c + (1 - opacity) * g for c, g in zip(color, ground, strict=True))
    return red, green, blue


def ratio_of(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colors, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    first, second = ((red / 255, green / 255, blue / 255) for red, green, blue in (one, other))
    return contrast_of(first, second)
