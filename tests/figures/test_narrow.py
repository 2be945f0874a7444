"""A kind that draws a picture for a phone draws the same picture: large enough, nothing cut, no number lost."""

import re
from collections import Counter
from dataclasses import asdict
from importlib import import_module
from typing import Any

import pytest
from gallery_stills import JOB, STILLS
from legibility import flaws, words_of
from matplotlib.figure import Figure
from test_contrast import EXAMPLES, GALLERY, KINDS

from figures.parts.still import MIN_TEXT
from generator.runners.job import resolve
from generator.theme import LIGHT, NARROW_WIDTH

NARROWEST = 340  # CSS pixels that a picture has in a window 390 px wide, in the box of a question
NARROW = {path.stem for path in KINDS.glob("*.py") if "def draw_narrow(" in path.read_text()}
SHOWN = [(name, arguments) for name, arguments in EXAMPLES if name in NARROW]


def faults_of(kind: Any, arguments: dict[str, Any]) -> list[str]:
    """Return what is wrong with the narrow drawing: its width, its texts, and the numbers that it lacks."""
    trace = kind.trace(**arguments)
    narrow, wide = kind.draw_narrow(trace, LIGHT), kind.draw(trace, LIGHT)
    width = float(narrow.get_figwidth())
    return [
        *([] if width <= NARROW_WIDTH else [f"is {width} inches wide"]),
        *flaws(narrow, MIN_TEXT),
        *(f"lacks {number}" for number in numbers_of(wide) - numbers_of(narrow)),
    ]


def numbers_of(figure: Figure) -> Counter[str]:
    """Return the numbers that are written on a figure, without those of its axes, each as often as it stands there."""
    return Counter(number for words in words_of(figure) for number in re.findall(r"\d[\d.,]*\d|\d", words))


def test_text_of_the_least_size_can_be_read_where_a_phone_has_the_least_room() -> None:
    assert MIN_TEXT / 72 * NARROWEST / NARROW_WIDTH >= 11


@pytest.mark.parametrize(("name", "arguments"), SHOWN, ids=[name for name, _ in SHOWN])
def test_a_narrow_drawing_shows_whole_and_large_enough_what_the_wide_one_does(
    name: str, arguments: dict[str, Any]
) -> None:
    assert faults_of(import_module(f"figures.{name}"), arguments) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", [name for name in STILLS if GALLERY[name] in NARROW])
def test_so_do_those_of_the_gallery(name: str) -> None:
    arguments = {argument: resolve(asdict(value), JOB) for argument, value in STILLS[name].arguments}
    assert faults_of(import_module(f"figures.{GALLERY[name]}"), arguments) == []


def test_every_kind_with_a_narrow_drawing_is_tried() -> None:
    assert {name for name, _ in SHOWN} | {GALLERY[name] for name in STILLS} >= NARROW
