"""Draws a figure kind once more with Matplotlib, narrow and high, so that a phone shows it whole.

`narrow.inline.svg` and `narrow.adaptive.svg` are made as `generator.runners.still` makes those of a still. It is a task
of its own, so that a change of the narrow drawing draws no slide anew.
"""

from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.runners.still import refuse_missing_letters, write_picture
from generator.theme import LIGHT, NARROW_WIDTH, Theme


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the narrow drawing of one figure into `out`; return its width and height in pixels, both 0 without one.

    A kind may have none for these arguments: it then returns None. Raises ValueError for a drawing that is wider than
    `NARROW_WIDTH`, and for letters that the font lacks.
    """
    trace = recipe.trace(**arguments)
    if recipe.draw_narrow(trace, theme) is None:
        return {"width": 0, "height": 0}
    with refuse_missing_letters():
        drawn = write_picture(partial(recipe.draw_narrow, trace), theme, out / "narrow.svg")
    width, height = (float(inches) for inches in drawn.get_size_inches())
    if width > NARROW_WIDTH:
        raise ValueError(f"the narrow drawing is {width:g} inches wide; draw it at most {NARROW_WIDTH:g} inches wide")
    return {"width": round(100 * width), "height": round(100 * height)}
