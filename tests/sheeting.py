"""What can be wrong with a drawn figure, found without looking at it."""

from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST = 13  # points: 18 px on a slide


def sheet_faults(figure: Figure) -> list[str]:
    """Return what is wrong with a slide's figure: its size, texts too small, cut off, or over each other."""
    width, height = figure.get_size_inches()
    faults = [] if abs(width - 12.8) < 1e-6 and height <= 6 else [f"is {width} x {height} inches"]
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text().strip()]
    faults += [f"{text.get_text()!r} is too small" for text in texts if text.get_fontsize() < SMALLEST]
    spots = [(text.get_text(), text.get_window_extent()) for text in texts]
    pixels = (100 * width, 100 * height)
    for place, (string, spot) in enumerate(spots):
        if spot.x0 < 0 or spot.y0 < 0 or spot.x1 > pixels[0] or spot.y1 > pixels[1]:
            faults.append(f"{string!r} leaves the sheet")
        faults += [f"{string!r} lies on {other!r}" for other, beside in spots[:place] if spot.overlaps(beside)]
    return faults


def texts_of(figure: Figure) -> list[Text]:
    """Return all texts of a figure."""
    return [text for axes in figure.axes for text in axes.texts]
