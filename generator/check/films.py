"""Checks films: each embedded film stops only at marks inside it, in order, at which the picture stands still.

Each mark (but at most one) needs a sentence in the figure's caption, and its picture a key frame where it begins, so
that a page can go back to it.
"""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise, takewhile
from typing import Final

import av
import numpy as np
from bs4 import Tag
from numpy.typing import NDArray

from generator.check.page import Finding, Page

FRAME: Final = 1 / 30  # seconds that a picture stands at least
STILL_FRAMES: Final = 3  # times FRAME, from a mark on, in which all pictures must be alike
GRAY_STEPS: Final = 24  # of 255; a pixel that changes by more has moved
MOVING_SHARE: Final = 0.0005  # of the pixels; if more have moved, the picture moves
HINT: Final = "build the lecture again; scene.mark() holds the picture"


def find_misplaced_marks(page: Page) -> Iterator[Finding]:
    """Yield the faults of each film's marks: outside the film, out of order, in motion, or without a sentence."""
    for figure in page.tree.select("figure[data-film]"):
        marks = [float(mark) for mark in str(figure.get("data-marks", "")).split()]
        film = page.tree.find("script", id=str(figure["data-film"]))
        if film is None:
            continue  # find_lost_anchors reports it
        for problem in [*_count_faults(figure, marks), *_position_faults(b64decode(film.get_text()), marks)]:
            yield page.blame(figure, f"the film of '{figure.get('id')}' {problem}", HINT)


def _count_faults(figure: Tag, marks: list[float]) -> Iterator[str]:
    """Yield what is wrong with the number and the order of the marks."""
    sentences = len(figure.select("figcaption li"))
    if sentences not in (len(marks), len(marks) - 1):
        yield f"has {len(marks)} marks and {sentences} sentences"
    if any(later <= mark for mark, later in pairwise(marks)):
        yield "has marks out of order"


def _position_faults(content: bytes, marks: list[float]) -> Iterator[str]:
    """Yield what is wrong at each mark, in seconds, of the film in `content`."""
    try:
        with av.open(BytesIO(content)) as film:
            length = (film.duration or 0) / av.time_base
            for mark in marks:
                if not 0 <= mark < length:
                    yield f"lasts {length:.1f} s and has a mark at {mark:.1f} s"
                elif problem := _motion_fault(film, mark):
                    yield f"{problem} at its mark {mark:.1f} s"
    except av.FFmpegError:
        yield "cannot be read"


def _motion_fault(film: av.container.InputContainer, mark: float) -> str:
    """Return what is wrong around `mark`; empty if a key frame is at it or right before, and the picture stands."""
    film.seek(int(mark * av.time_base))
    # A seek lands on a key frame before the mark; half a frame allows for rounded times.
    end = mark + (STILL_FRAMES - 0.5) * FRAME  # a picture that stands longer than this is one frame
    frames = list(takewhile(lambda frame: (frame.time or 0) < end, film.decode(video=0)))
    first = next((at for at, frame in enumerate(frames) if (frame.time or 0) > mark - FRAME / 2), len(frames))
    # Not the pixels of the two are compared: the frame at the mark is the finer one.
    if first == len(frames) or not any(frame.key_frame for frame in frames[max(0, first - 1) : first + 1]):
        return "has no picture to go back to"
    shown = [frame.to_ndarray(format="gray").astype(np.int16) for frame in frames[first:]]
    return "still moves" if moved_share(shown) > MOVING_SHARE else ""


def moved_share(pictures: list[NDArray[np.int16]]) -> float:
    """Return which share of the pixels has moved in any of the gray pictures, from the first on."""
    first, *others = pictures
    return max((float((abs(other - first) > GRAY_STEPS).mean()) for other in others), default=0.0)
