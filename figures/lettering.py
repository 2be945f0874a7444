"""A text that keeps within a given width: set smaller down to what is legible, then cut with an ellipsis."""

from matplotlib.axes import Axes
from matplotlib.text import Text

from figures import board


def write_within(
    sheet: Axes,
    where: tuple[float, float, float],
    text: str,
    *,
    color: str,
    points: float = board.TEXT,
    align: str = "center",
    bold: bool = False,
) -> Text:
    """Return `text` on the sheet at `where` (x, baseline y, most width; inches), at most `points` large."""
    x, y, limit = where
    wide = board.text_width(text, points, bold=bold)
    size = max(min(points, board.MIN_TEXT), min(points, points * limit / max(wide, 1e-9)))
    while board.text_width(text, size, bold=bold) > limit + 1e-6 and len(text) > 2:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return board.write(sheet, x, y, text, color=color, points=size, align=align, bold=bold)
