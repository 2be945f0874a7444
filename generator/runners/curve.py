"""Path data as short as it can be said: relative steps, one decimal, no sign or blank that a reader can do without."""

import re
from collections.abc import Iterator, Sequence

_PIECE = re.compile(r"([MLQCZz])([^A-Za-z]*)")
_ARITY = {"M": 2, "L": 2, "Q": 4, "C": 6}
Point = tuple[int, int]  # tenths of a unit


def shorten_curve(data: str, scale: float) -> str:
    """Return Matplotlib's path data (absolute M, L, Q, C and z) times `scale`, in relative steps of a tenth of a unit.

    Its first place is absolute, so that one path may be put behind another. Each step starts where the last one ended
    after rounding, so that errors do not add up. Raises ValueError for other letters.
    """
    written, before, at, start, last = "", "", (0, 0), (0, 0), ""
    for letter, points in _read(data, scale):
        if letter == "z":
            written, at, last = (before if at == start and before else written) + "z", start, "z"
            continue
        step, numbers = _step(letter, points, at) if written else ("M", [*points[0]])
        whole = written + _join(numbers, "" if step == last else step)
        before = written if letter == "L" else ""  # which says all, if this is the way back that closing draws
        written, at, last = whole, points[-1], step
        if letter == "M":
            start, last = at, "l" if step == "m" else ""  # without a letter, what follows a move is a line
    return written


def extent(data: str, scale: float, reach: float) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a path's points times `scale`, made larger by `reach` on each side."""
    numbers = [float(number) * scale for _, text in _PIECE.findall(data) for number in text.replace(",", " ").split()]
    across, down = numbers[::2], numbers[1::2]
    return min(across) - reach, min(down) - reach, max(across) + reach, max(down) + reach


def _read(data: str, scale: float) -> Iterator[tuple[str, list[Point]]]:
    if rest := _PIECE.sub("", data).strip():
        raise ValueError(f"path data holds '{rest[:20]}'")
    for letter, text in _PIECE.findall(data):
        if letter in "Zz":
            yield "z", []
            continue
        numbers = [round(float(number) * scale * 10) for number in text.replace(",", " ").split()]
        arity = _ARITY[letter]
        for first in range(0, len(numbers), arity):
            part = numbers[first : first + arity]
            yield letter, list(zip(part[::2], part[1::2], strict=True))


def _step(letter: str, points: Sequence[Point], at: Point) -> tuple[str, list[int]]:
    """Return the relative step's letter and numbers: along one axis where the other does not change."""
    away = [(x - at[0], y - at[1]) for x, y in points]
    if letter == "L" and away[0][1] == 0:
        return "h", [away[0][0]]
    if letter == "L" and away[0][0] == 0:
        return "v", [away[0][1]]
    return letter.lower(), [number for pair in away for number in pair]


def _join(tenths: Sequence[int], letter: str) -> str:
    """Return a step as text; without a letter its first number may need a comma before it."""
    text = letter
    for number in map(write_tenths, tenths):
        text += number if (text == letter and letter) or number.startswith("-") else f",{number}"
    return text


def write_tenths(tenths: int) -> str:
    """Return tenths as a decimal number without a zero that says nothing: `-.5`, `12`, `0`."""
    whole, rest = divmod(abs(tenths), 10)
    digits = (str(whole) if whole or not rest else "") + (f".{rest}" if rest else "")
    return f"-{digits}" if tenths < 0 else digits
