"""Makes a draft of a film, in a second or two: what it shows at each mark, without the motion between them.

It has the files and facts of a film, so that pages can show it until the film is there. Each picture says "draft".
"""

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from generator.runners.film import STILL_FRAMES, FilmScene, film_of
from generator.theme import FILM_HEIGHT, FILM_WIDTH, FONT_FOLDER, LIGHT, Theme

WORD = "draft"
SIZE, MARGIN = 30, 12  # of its letters, and around them, in pixels


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the draft of a film into `out`; return and raise what `generator.runners.film.run` does."""
    return film_of(recipe, arguments, out, theme, DraftScene)


class DraftScene(FilmScene):
    """A scene in which every animation jumps to its end, and is drawn at its marks alone."""

    is_draft = True
    place: tuple[int, int] | None = None  # top and left of WORD

    def mark(self, sentence: str) -> None:
        """End a step, described by `sentence`, and draw what the scene shows; ValueError if the sentence is empty."""
        if not sentence:
            raise ValueError("a mark has no sentence; say what the picture shows")
        renderer = self.renderer
        renderer.skip_animations = False
        renderer.update_frame(self)
        renderer.skip_animations = True
        picture = renderer.get_frame().copy()
        self.place = self.place or place_word(picture, self.theme)
        write_word(picture, self.theme, self.place)
        self.reel.write_frame(picture, repeat=STILL_FRAMES)
        if self.folder:
            self.reel.keep_still(self.folder / f"mark_{len(self.marks):02}.webp", effort=0)
        self.marks.append(self.frames)
        self.reel.mark()
        self.reel.write_frame(picture, repeat=STILL_FRAMES)


def place_word(pixels: NDArray[np.uint8], theme: Theme) -> tuple[int, int]:
    """Return top and left of WORD in a picture (height, width, RGBA): above the middle of what it shows.

    In its corners pages cut the margins of a film off.
    """
    rows, columns = np.nonzero((pixels != pixels[0, 0]).any(axis=2))
    height, width = label_of(theme).shape[:2]
    middle = (int(columns.min()) + int(columns.max())) // 2 if len(columns) else FILM_WIDTH // 2
    left = min(max(middle - width // 2, 0), FILM_WIDTH - width)
    return (min(int(rows.min()), FILM_HEIGHT - height) if len(rows) else 0), left


def write_word(pixels: NDArray[np.uint8], theme: Theme, place: tuple[int, int]) -> None:
    """Write WORD into a picture (height, width, RGBA)."""
    label, (top, left) = label_of(theme), place
    pixels[top : top + label.shape[0], left : left + label.shape[1]] = label


@cache
def label_of(theme: Theme) -> NDArray[np.uint8]:
    """Return WORD as pixels (height, width, RGBA)."""
    font = ImageFont.truetype(str(FONT_FOLDER / "IBMPlexSans-SemiBold.ttf"), SIZE)
    width, height = round(font.getlength(WORD)) + 2 * MARGIN, SIZE + 2 * MARGIN
    label = Image.new("RGBA", (width, height), theme.kernel)
    ImageDraw.Draw(label).text((MARGIN, height / 2), WORD, theme.paper, font, "lm")
    return np.asarray(label)
