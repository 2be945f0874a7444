"""Draws a figure kind with Matplotlib: a still for a slide, and one panel per step if the kind has steps.

`still.svg`, `step_00.svg` … are standalone files, with text as outlines so that they need no fonts; `still.inline.svg`
… are made to be put into a page. Light ones are drawn dark as well: `still.adaptive.svg` … are put into pages that are
light or dark as their reader wants. The same arguments give the same bytes: there is no date and no random identifier
in them.
"""

import inspect
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from generator.runners.adaptive_svg import merge_themes
from generator.runners.svg import compact_svg, inline_svg
from generator.theme import DARK, LIGHT, Theme

MISSING = re.compile(r"Glyph (\d+) .*missing from font")
FAINTEST: Final = 12  # a pixel that differs by less from the paper, of 255, is not seen
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the pictures of one figure into `out`; return alt, steps, facts, width, height and ink (pixels).

    The ink is the left, top, right and bottom of what the still, and what stands beside a question in its place, show.
    Also returned, as `question`, is what the kind says of the picture that stands beside a question, if it draws one.
    Raises ValueError for a text with letters that the font lacks: they would be drawn as crossed boxes.
    """
    trace = recipe.trace(**arguments)
    description = recipe.describe(trace)
    with refuse_missing_letters():
        still = write_picture(partial(recipe.draw, trace), theme, out / "still.svg")
        if "step" in inspect.signature(recipe.draw).parameters:
            for step in range(len(description.steps)):
                write_picture(partial(recipe.draw, trace, step=step), theme, out / f"step_{step:02}.svg")
        asks = write_question(recipe, trace, theme, still, out / "question.svg")
    width, height = (round(100 * float(inches)) for inches in still.get_size_inches())
    return {
        "alt": description.alt,
        "steps": list(description.steps),
        "facts": dict(description.facts),
        "width": width,
        "height": height,
        "ink": list(ink_of(still, *([asks.picture] if asks else []))),
        **({"question": asks.said} if asks else {}),
    }


@dataclass(frozen=True, slots=True)
class Question:
    """The picture that stands beside a question; `said` is its `alt`, and where it has room for `choices`."""

    picture: Figure
    said: dict[str, str]


def write_question(recipe: ModuleType, trace: Any, theme: Theme, still: Figure, path: Path) -> Question | None:
    """Write the picture that stands beside a question to `path`, and return it; None for a kind without one.

    Raises ValueError for a picture of another size than `still`, in whose place it stands.
    """
    if not hasattr(recipe, "draw_question"):
        return None
    picture = write_picture(partial(recipe.draw_question, trace), theme, path)
    words = recipe.describe_question(trace)
    if tuple(picture.get_size_inches()) != tuple(still.get_size_inches()):
        raise ValueError("the picture beside the question has another size than the still; draw both alike")
    return Question(picture, {"alt": words.alt, "choices": words.choices})


def ink_of(*figures: Figure) -> tuple[int, int, int, int]:
    """Return the left, top, right and bottom, in pixels, of all that figures of one size show on their paper.

    They are painted for it: of what is invisible, or cut off by its axes, Matplotlib's own boxes hold the whole.
    """
    seen = np.logical_or.reduce([painted(figure) for figure in figures])
    columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
    if not columns.size:
        return 0, 0, seen.shape[1], seen.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def painted(figure: Figure) -> np.ndarray:
    """Return which pixels of a figure differ from its upper left corner: booleans of its height by its width.

    Letters are as wide as in an SVG, and so as browsers draw them: hinting would make a word some pixels narrower.
    """
    buffer = io.BytesIO()
    with mpl.rc_context({"text.hinting": "none"}):
        figure.savefig(buffer, format="rgba", dpi=100)
    width, height = (round(100 * float(inches)) for inches in figure.get_size_inches())
    pixels = np.frombuffer(buffer.getvalue(), np.uint8).reshape(-1, width, 4)[:height, :, :3].astype(int)
    return np.asarray(np.abs(pixels - pixels[0, 0]).max(axis=2) > FAINTEST)


@contextmanager
def refuse_missing_letters() -> Iterator[None]:
    """Raise ValueError if Matplotlib warns of letters that its font lacks; pass on all other warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", message=MISSING.pattern)
        yield
    found = [(warning, MISSING.match(str(warning.message))) for warning in caught]
    letters = dict.fromkeys(chr(int(match[1])) for _, match in found if match)
    for warning in [warning for warning, match in found if not match]:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if letters:
        names = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters)
        raise ValueError(
            f"the font of pictures lacks {names}; write it in letters that the font has, such as Latin ones"
        )


def write_picture(draw: Callable[[Theme], Figure], theme: Theme, path: Path) -> Figure:
    """Write what `draw` draws in a theme to `path`, and its forms for pages next to it; return the figure."""
    figure = draw(theme)
    svg = render_raw(figure)
    inline = inline_svg(svg)
    path.write_bytes(compact_svg(svg))
    path.with_suffix(".inline.svg").write_text(inline, encoding="utf-8")
    if theme is LIGHT:
        adaptive = merge_themes(inline, inline_svg(render_raw(draw(DARK))))
        path.with_suffix(".adaptive.svg").write_text(adaptive, encoding="utf-8")
    return figure


def render_svg(figure: Figure) -> bytes:
    """Return a figure as compact SVG, always with the same bytes; coordinates keep two decimals of a point."""
    return compact_svg(render_raw(figure))


def render_raw(figure: Figure) -> bytes:
    """Return a figure as SVG as Matplotlib writes it, without a date or random identifiers."""
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "lectern", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return buffer.getvalue()
