"""A picture that stands in a page, in the page's fonts, looks as the picture on its own does."""

from base64 import b64encode
from dataclasses import asdict
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from gallery_stills import JOB, STILLS
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from playwright.sync_api import Page

from generator.html.figure import inline
from generator.html.head import font_faces, read_template
from generator.runners.job import resolve
from generator.runners.still import ink_of, render_raw
from generator.runners.svg import compact_svg, inline_svg
from generator.theme import LIGHT

WIDTH = 1280
VISIBLE = 100  # steps of gray by which a place differs to the eye, once edges are smoothed; a moved letter has 140
CUT = 60  # of 255: what differs so much from the paper would be missed, were it cut off
MOST = 0.005  # of the places, by a fifth of that: images' edges, which lie on other tenths of a pixel


@pytest.fixture
def paper(browser: Any) -> Page:
    page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
    yield page
    page.close()


def draw(task: Any) -> Figure:
    kind: Any = import_module(task.module)
    return kind.draw(kind.trace(**{name: resolve(asdict(argument), JOB) for name, argument in task.arguments}), LIGHT)


def shoot(paper: Page, body: str) -> NDArray[np.int16]:
    """Return what a page with this body shows, in gray, its edges smoothed."""
    styles = font_faces(body) + read_template("shared/text.css")
    paper.set_content(f"<style>{styles} body {{ margin: 0 }} img {{ width: 100% }}</style>{body}")
    paper.evaluate("() => document.fonts.ready")
    shot = Image.open(BytesIO(paper.locator("svg, img").first.screenshot())).convert("L")
    return np.asarray(shot.filter(ImageFilter.BoxBlur(2))).astype(np.int16)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted({name.partition(",")[0]: name for name in STILLS}.values()))
def test_a_picture_in_a_page_looks_as_it_does_on_its_own(paper: Page, name: str) -> None:
    svg = render_raw(draw(STILLS[name]))
    inside = shoot(paper, inline(inline_svg(svg).encode(), "f1", alt="A picture."))
    alone = shoot(paper, f'<img src="data:image/svg+xml;base64,{b64encode(compact_svg(svg)).decode()}">')
    difference = np.abs(inside - alone)
    assert difference.max() < VISIBLE
    assert (difference > VISIBLE / 5).mean() < MOST


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted({name.partition(",")[0]: name for name in STILLS}.values()))
def test_all_that_a_page_shows_of_a_picture_lies_in_the_box_to_which_slides_cut_it(paper: Page, name: str) -> None:
    figure = draw(STILLS[name])
    drawing = inline(inline_svg(render_raw(figure)).encode(), "f1", alt="A picture.")
    width = round(100 * float(figure.get_figwidth()))
    styles = font_faces(drawing) + read_template("shared/text.css")
    paper.set_content(f"<style>{styles} body {{ margin: 0 }} svg {{ width: {width}px }}</style>{drawing}")
    paper.evaluate("() => document.fonts.ready")
    shot = Image.open(BytesIO(paper.locator("svg").first.screenshot())).convert("RGB")
    pixels = np.asarray(shot).astype(np.int16)
    left, top, right, bottom = ink_of(figure)
    outside = np.abs(pixels - pixels[0, 0]).max(axis=2) > CUT
    outside[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = False
    assert (pixels.shape[1], outside.sum()) == (width, 0)
