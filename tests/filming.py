"""Plays a film without drawing a frame, and tells what is written on the stage at each mark."""

from dataclasses import dataclass
from typing import Any

from generator.theme import FILM_HEIGHT, FILM_WIDTH, LIGHT, Theme

SMALLEST = 0.69 * 21.6  # a digit is 0.7 of its size high, and 18 px of a slide are 21.6 of a film


@dataclass(frozen=True, slots=True)
class Written:
    """One text on the stage and its box, in pixels from the top left corner of the frame."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Written") -> bool:
        """Whether the two boxes share more than half a pixel."""
        apart = self.right <= other.left + 0.5 or other.right <= self.left + 0.5
        return not (apart or self.bottom <= other.top + 0.5 or other.bottom <= self.top + 0.5)

    @property
    def is_inside(self) -> bool:
        """Whether all of it is in the frame."""
        return min(self.left, self.top) >= 0 and self.right <= FILM_WIDTH and self.bottom <= FILM_HEIGHT


@dataclass(frozen=True, slots=True)
class Played:
    """A film as it was played: the trace, and at each mark its sentence and all texts on the stage."""

    trace: Any
    sentences: list[str]
    marks: list[list[Written]]


def play(kind: Any, arguments: dict[str, Any], theme: Theme = LIGHT) -> Played:
    """Return the film of the figure module `kind`, played without drawing."""
    from generator.runners.film import FilmScene, manim_settings

    played = Played(kind.trace(**arguments), [], [])
    with manim_settings(theme):
        film = FilmScene(theme)

        def mark(sentence: str) -> None:
            played.sentences.append(sentence)
            played.marks.append(lettering(film))

        film.mark = mark  # type: ignore[method-assign]
        kind.animate(played.trace, film)
    return played


def lettering(film: Any) -> list[Written]:
    """Return every text that can be seen on the stage."""
    from figures.parts.film import PIXELS, Lettering

    found = []
    for thing in (part for top in film.mobjects for part in top.get_family()):
        if isinstance(thing, Lettering) and thing.get_fill_opacity() > 0:
            (left, bottom, _), (right, top, _) = thing.get_corner([-1, -1, 0]), thing.get_corner([1, 1, 0])
            x, y = FILM_WIDTH / 2, FILM_HEIGHT / 2
            box = (left * PIXELS + x, y - top * PIXELS, right * PIXELS + x, y - bottom * PIXELS)
            found.append(Written(thing.text, *box))
    return found


def faults(played: Played) -> list[str]:
    """Return what is wrong with the writing at any mark: a text cut off, two that overlap, a number too small."""
    found = []
    for number, mark in enumerate(played.marks):
        for k, text in enumerate(mark):
            if not text.is_inside:
                found.append(f"mark {number}: '{text.text}' leaves the frame")
            if text.text.strip().isdigit() and text.bottom - text.top < SMALLEST:
                found.append(f"mark {number}: '{text.text}' is too small")
            found += [f"mark {number}: '{text.text}' lies over '{o.text}'" for o in mark[k + 1 :] if text.overlaps(o)]
    return found
