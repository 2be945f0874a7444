"""Colors by role, sizes and fonts, shared by Matplotlib, Manim and CSS; must not import any drawing library.

Every color used for lines and marks has a contrast of at least 3:1 with the paper, every color used for text at least
4.5:1 (WCAG 2.2, 1.4.11 and 1.4.3). No meaning rests on color alone: roles also differ in outline or label.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a slide in CSS pixels; `works` is how many entries of the bibliography fit on one slide."""

    width: int
    height: int
    works: int

    @property
    def is_narrow(self) -> bool:
        """Whether the slide's aspect ratio is narrower than a film's."""
        return self.width / self.height < WIDE.width / WIDE.height

    @property
    def room(self) -> int:
        """Return the width in pixels of a figure that stands alone on a slide."""
        return self.width - EDGE - FIGURE_END

    @property
    def rules(self) -> str:
        """Return the size as CSS: custom properties for the style sheets, and the page size for printing."""
        size = f"{self.width}px {self.height}px"
        return (
            f":root {{ --deck-width: {self.width}px; --deck-height: {self.height}px; "
            f"--edge: {EDGE}px; --figure-end: {FIGURE_END}px; }}\n"
            f"@page {{ size: {size}; margin: 0; }}\n"
        )


# CSS pixels from a slide's edges: all text begins and ends there, and figures begin there; a wide one ends later.
EDGE, FIGURE_END = 40, 16
WIDE = Shape(1280, 720, 6)
SHAPES = {"16:9": WIDE, "4:3": Shape(960, 720, 5)}

FONT_FOLDER = Path(__file__).parent / "fonts"
SANS = "IBM Plex Sans"
MONO = "IBM Plex Mono"

# A film is as high as a slide in pixels, so that it is never scaled up by much.
FILM_WIDTH, FILM_HEIGHT = 1536, 720
STILL_WIDTH, STILL_HEIGHT = 12.8, 6.0  # inches, at 100 dots per inch: the space below a slide's title
NARROW_WIDTH = 5.6  # inches: on a phone, where a picture has at least 340 CSS pixels, text of 13.5 points has 11 there


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors by role, as `#rrggbb`: the same role has the same color in stills, films and pages."""

    name: str
    paper: str  # behind everything
    surface: str  # a card, a code block, an empty cell
    ink: str  # text and outlines
    muted: str  # captions, axes
    rule: str  # hairlines and grids
    input: str  # what goes into a layer
    input_tint: str  # the same role, as a filled area
    kernel: str  # weights
    kernel_tint: str
    output: str  # what comes out of a layer
    output_tint: str
    window: str  # the position being looked at
    window_tint: str
    padding: str  # cells that padding adds
    wrong: str  # a mistake, a dropped row


LIGHT = Theme(
    name="light",
    paper="#ffffff", surface="#f3f5f8", ink="#16202e", muted="#55606f", rule="#c9d1db",
    input="#005a9c", input_tint="#d6e8f7",
    kernel="#b34700", kernel_tint="#fce3d2",
    output="#00704f", output_tint="#d3efe5",
    window="#8a3a86", window_tint="#f3ddf1",
    padding="#6b7480", wrong="#b3261e",
)  # fmt: skip

DARK = Theme(
    name="dark",
    paper="#12161d", surface="#1e2530", ink="#eef2f7", muted="#aab4c2", rule="#3c4654",
    input="#6bb8ff", input_tint="#173450",
    kernel="#ffa062", kernel_tint="#4a2a14",
    output="#4fd3a6", output_tint="#123f32",
    window="#e39ade", window_tint="#452643",
    padding="#8d97a5", wrong="#ff8a80",
)  # fmt: skip

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

# The roles that a course may give colors of its own: what stands on paper, and not the paper and its text.
ACCENTS = (
    "input", "input_tint", "kernel", "kernel_tint", "output", "output_tint", "window", "window_tint", "padding",
    "wrong",
)  # fmt: skip
Colors = Mapping[str, Mapping[str, str]]  # by the name of a theme: colors by role
_defaults: dict[str, dict[str, str]] = {}
_own: dict[str, dict[str, str]] = {}


def default_colors() -> Colors:
    """Return the colors that the themes have of themselves."""
    for name, theme in THEMES.items():
        _defaults.setdefault(name, {role: color for role, color in asdict(theme).items() if role != "name"})
    return _defaults


def recolor(own: Colors) -> None:
    """Give roles of the themes the colors that a course has for them, and all others their own, in this process.

    The themes stay the objects that they are: whoever has imported one draws in the new colors from now on.
    """
    for name, colors in default_colors().items():
        for role, color in {**colors, **own.get(name, {})}.items():
            object.__setattr__(THEMES[name], role, color)
    _own.clear()
    _own.update({name: dict(colors) for name, colors in own.items() if colors})


def own_colors() -> Colors:
    """Return the colors that `recolor` has given; empty if the themes have their own."""
    return _own


# The colors of data, from zero to the largest value: positive ones and negative ones. Zero is white in every theme, and
# what is farther from zero is darker, so that a map survives printing in gray. No shade is near the color of a role;
# the ends are told from roles and from each other by eyes that lack one kind of cone, too.
POSITIVE = ("#ffffff", "#badee3", "#78bec9", "#169fae", "#0f7b87", "#085962", "#03383f")
NEGATIVE = ("#ffffff", "#e0d5a5", "#bdaf57", "#968b01", "#70670f", "#4b4518", "#292619")
# A value's share of the largest is raised to this before it becomes a color: a bright room washes out what is nearly
# white, and so a twentieth of the largest value is a sixth of the way and not a twentieth.
GAMMA = 0.6
PLOT_MAP = "Greys"  # the name of Matplotlib's map for images that a lecture's own code shows


def luminance(color: tuple[float, float, float]) -> float:
    """Return the relative luminance, 0 to 1, of (red, green, blue), each 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_of(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Return the contrast ratio, 1 to 21, of two colors given as (red, green, blue), each 0 to 1 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
