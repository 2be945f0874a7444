"""Whether every film is in its page, and stops where it says it does, at a picture that stands still."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from itertools import islice, pairwise
from typing import Final

import av
import numpy as np
from bs4 import Tag

from generator.check.page import Finding, Page
from generator.theme import FILM_RATE

STILL_FRAMES: Final = 3  # that must be alike from a mark on
GRAY_STEPS: Final = 24  # of 255, by which a pixel changes visibly
MOVING_SHARE: Final = 0.0005  # of the pixels, from which on the picture moves
HINT: Final = "build the lecture again; scene.mark() holds the picture"


def find_false_marks(page: Page) -> Iterator[Finding]:
    """Yield the marks of films that lie outside, out of order, or where the picture moves or no step is told."""
    for figure in page.tree.select("figure[data-film]"):
        marks = [float(mark) for mark in str(figure.get("data-marks", "")).split()]
        film = page.tree.find("script", id=str(figure["data-film"]))
        if film is None:
            continue  # a lost anchor, which is told elsewhere
        for problem in [*_miscounted(figure, marks), *_misplaced(b64decode(film.get_text()), marks)]:
            yield page.blame(figure, f"the film of '{figure.get('id')}' {problem}", HINT)


def _miscounted(figure: Tag, marks: list[float]) -> Iterator[str]:
    sentences = len(figure.select("figcaption li"))
    if sentences not in (len(marks), len(marks) - 1):
        yield f"has {len(marks)} marks and {sentences} sentences"
    if any(later <= mark for mark, later in pairwise(marks)):
        yield "has marks out of order"


def _misplaced(content: bytes, marks: list[float]) -> Iterator[str]:
    try:
        with av.open(BytesIO(content)) as film:
            length = (film.duration or 0) / av.time_base
            for mark in marks:
                if not 0 <= mark < length:
                    yield f"lasts {length:.1f} s and has a mark at {mark:.1f} s"
                elif problem := _unrest(film, mark):
                    yield f"{problem} at its mark {mark:.1f} s"
    except av.FFmpegError:
        yield "cannot be read"


def _unrest(film: av.container.InputContainer, mark: float) -> str:
    """Return what is wrong with the pictures from `mark` on, or nothing."""
    film.seek(int(mark * av.time_base))
    near = (frame for frame in film.decode(video=0) if (frame.time or 0) > mark - 0.5 / FILM_RATE)
    frames = list(islice(near, STILL_FRAMES))
    if not frames or not frames[0].key_frame:
        return "has no picture to go back to"
    first, *others = (frame.to_ndarray(format="gray").astype(np.int16) for frame in frames)
    moved = max((float((abs(other - first) > GRAY_STEPS).mean()) for other in others), default=0.0)
    return "still moves" if moved > MOVING_SHARE else ""
