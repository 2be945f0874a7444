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
from generator.runners.still import render_raw
from generator.runners.svg import compact_svg, inline_svg
from generator.theme import LIGHT

WIDTH = 1280
VISIBLE = 100  # steps of gray by which a place differs to the eye, once edges are smoothed; a moved letter has 140
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
