"""Pages made by hand, with one slide, for the tests of the judge of pages."""

from pathlib import Path

from generator.check.page import Page, read_page

SOURCE = "lectures/x.md"


def write_page(folder: Path, body: str, name: str = "slides.html", head: str = "") -> Page:
    """Return a page with one slide, written on line 7, that holds `body`."""
    path = folder / name
    slide = f'<section id="stride" data-line="7"><h2>Stride</h2>{body}</section>'
    path.write_text(f'<html><head>{head}</head><body><main class="slides">{slide}</main></body></html>')
    return read_page(path, SOURCE)


LECTURE = """---
title: Sample
---
## A

Three rows of cells stand under the window.

:::{notes}
Ask for the size *before* you press, and wait for answers.

Three rows of cells stand under the window.
:::

::::{solution}
It is twenty-six, for a window of three fits in so many places.

:::{code}
:run: no

places = size - kernel_size + 1
:::
::::
"""
