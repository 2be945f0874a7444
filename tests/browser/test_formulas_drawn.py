"""Formulas as Chromium draws them, under the policy of a page: lines, frames, colors, arrows and roots are there."""

import io
from html import escape
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page
from usual_formulas import USUAL_FORMULAS
from visitor import Visitor

from generator.html.formulas import mathml
from generator.html.head import font_faces, handout_palette, make_head, read_template
from generator.html.markdown import clean
from generator.theme import LIGHT

pytestmark = pytest.mark.browser

BOX = "(e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }"


@pytest.fixture
def draw(visitor: Visitor, tmp_path: Path):
    """Return a function that shows formulas on a page."""

    def show(*formulas: str) -> Page:
        body = "".join(f"<p>{clean(mathml(latex, display=True))}</p>" for latex in formulas)
        styles = font_faces(body) + handout_palette() + read_template("shared/text.css", "shared/formulas.css")
        head = make_head([styles], [])
        path = tmp_path / "page.html"
        policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(head.policy)}">'
        path.write_text(f'<!DOCTYPE html><meta charset="utf-8">{policy}<style>{styles}</style>{body}', encoding="utf-8")
        return visitor.open(path)

    return show


def sizes(page: Page, selector: str) -> list[list[float]]:
    return [element.evaluate(BOX) for element in page.locator(selector).all()]


def test_no_usual_formula_breaks_the_policy_or_is_empty(draw, visitor: Visitor) -> None:
    page = draw(*USUAL_FORMULAS)
    assert visitor.complaints == []
    assert all(width > 5 and height > 5 for _, _, width, height in sizes(page, "math"))
    assert len(sizes(page, "math")) == len(USUAL_FORMULAS)


@pytest.mark.parametrize("command", ["cancel", "bcancel", "xcancel", "sout"])
def test_a_line_runs_through_a_term(draw, command: str) -> None:
    page = draw(rf"a + \{command}{{xyz}} + b")
    (line,), (term,) = sizes(page, ".tml-cancel"), sizes(page, "menclose > mrow:first-child")
    assert line[2] >= term[2] - 1
    assert line[3] >= term[3] - 1
    assert page.locator(".tml-cancel").evaluate("e => getComputedStyle(e).clipPath").startswith("polygon")


def test_a_frame_is_around_its_term(draw) -> None:
    page = draw(r"\boxed{E = mc^2}")
    (frame,), (term,) = sizes(page, ".tml-fbox"), sizes(page, ".tml-fbox > mrow")
    assert frame[0] < term[0]
    assert frame[2] > term[2]
    assert page.locator(".tml-fbox").evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 1


def test_an_array_has_its_lines(draw) -> None:
    page = draw(r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}")
    widths = page.locator("mtd").evaluate_all(
        "cells => cells.map(c => [getComputedStyle(c).borderRightWidth, getComputedStyle(c).borderBottomWidth])"
    )
    assert [[float(width[:-2]) > 0 for width in cell] for cell in widths] == [
        [True, True], [False, True], [True, False], [False, False],
    ]  # fmt: skip


def test_columns_are_aligned_at_their_signs(draw) -> None:
    page = draw(r"\begin{aligned} zzzz &= wx \\ y &= \sigma \end{aligned}")
    signs = sizes(page, "mtd:nth-child(2) mo")
    assert abs(signs[0][0] - signs[1][0]) < 1


def test_a_color_is_the_theme_s(draw) -> None:
    page = draw(r"\textcolor{output}{y}")
    red, green, blue = (int(LIGHT.output[at : at + 2], 16) for at in (1, 3, 5))
    color = page.locator(".tml-ink-output").evaluate("e => getComputedStyle(e).color")
    assert color == f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("arrow", [r"\xrightarrow{abcdefgh}", r"\xleftarrow{abcdefgh}", r"\xmapsto{abcdefgh}"])
def test_an_arrow_is_as_long_as_its_label(draw, arrow: str) -> None:
    drawn = Image.open(io.BytesIO(draw(arrow).locator("math").screenshot())).convert("L")
    dark = np.asarray(drawn) < 128
    assert dark.sum(axis=1).max() > 60  # pixels of the arrow's shaft, which is in one row


def test_a_root_is_wider_than_what_is_under_it(draw) -> None:
    page = draw(r"\sqrt{x}")
    (root,), (term,) = sizes(page, "msqrt"), sizes(page, "msqrt mi")
    assert root[2] > term[2] + 8


def test_a_tag_stands_at_the_end_of_the_line(draw) -> None:
    page = draw(r"a = b \tag{7}")
    (tag,), (line,) = sizes(page, "mtext"), sizes(page, "p")
    assert tag[0] + tag[2] == pytest.approx(line[0] + line[2], abs=3)
