"""Draws a figure kind with Matplotlib: `still.svg` for a slide, and `step_00.svg` … where the kind has steps.

The same arguments give the same bytes: no date, no random identifiers, text as outlines, so that a page needs no font.
"""

import inspect
import io
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from generator.runners.lean import lean
from generator.theme import LIGHT, Theme

NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the pictures of one figure into `out`; return alt, steps, facts, width and height (in pixels)."""
    trace = recipe.trace(**arguments)
    description = recipe.describe(trace)
    still = recipe.draw(trace, theme)
    (out / "still.svg").write_bytes(render_svg(still))
    if "step" in inspect.signature(recipe.draw).parameters:
        for step in range(len(description.steps)):
            panel = render_svg(recipe.draw(trace, theme, step=step))
            (out / f"step_{step:02}.svg").write_bytes(panel)
    width, height = (round(100 * float(inches)) for inches in still.get_size_inches())
    return {
        "alt": description.alt,
        "steps": list(description.steps),
        "facts": dict(description.facts),
        "width": width,
        "height": height,
    }


def render_svg(figure: Figure) -> bytes:
    """Return a figure as SVG, the same bytes every time; coordinates keep two decimals of a point."""
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "lectern", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return lean(buffer.getvalue())
