"""A text or a line in a picture that is too faint on its ground is found; one that can be seen passes."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from made_page import write_page
from PIL import Image

from generator.check.contrast import faint_marks, find_faint_marks
from generator.check.drawing import read_drawing


def svg(body: str) -> str:
    """Return the text of a picture of 72 by 72 units, on white."""
    paper = '<path d="M0,72L72,72L72,0L0,0z" style="fill:#ffffff"/>'
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {namespaces} viewBox="0,0,72,72">{paper}{body}</svg>'


def picture(body: str) -> str:
    return f'<img alt="x" src="data:image/svg+xml,{quote(svg(body))}">'


def glyphs(color: str, size: int = 13) -> str:
    """Return a text of two glyphs whose middles are near the middle of the picture."""
    scale = size / 100
    run = '<use xlink:href="#g0"/><use xlink:href="#g1" transform="translate(60,0)"/>'
    return f'<g style="fill:{color}" transform="translate(30,36)scale({scale},-{scale})">{run}</g>'


def line(style: str) -> str:
    return f'<path d="M10,36L60,36" style="fill:none;{style}"/>'


DARK_AREA = '<path d="M5,5L67,5L67,67L5,67z" style="fill:#16202e"/>'
MARKER = '<defs><path id="m1" d="M-3,-3L3,-3L3,3L-3,3z"/></defs><use xlink:href="#m1" x="30" y="30" style="{}"/>'
BLUE_PIXEL = BytesIO()
Image.new("RGB", (1, 1), "#08306b").save(BLUE_PIXEL, "PNG")
IMAGE = f'<image xlink:href="data:image/png;base64,{b64encode(BLUE_PIXEL.getvalue()).decode()}" width="1" height="1" transform="matrix(60,0,0,60,6,6)"/>'

FAULTS = [
    (picture(glyphs("#999999")), picture(glyphs("#555555")), "a picture has text in #999999 on #ffffff: 2.85:1, not 4.5:1"),
    (picture(glyphs("#aaaaaa", 24)), picture(glyphs("#888888", 24)), "a picture has text in #aaaaaa on #ffffff: 2.32:1, not 3:1"),
    (picture(DARK_AREA + glyphs("#16202e")), picture(DARK_AREA + glyphs("#ffffff")), "a picture has text in #16202e on #16202e: 1.00:1, not 4.5:1"),
    (picture(IMAGE + glyphs("#16202e")), picture(IMAGE + glyphs("#ffffff")), "a picture has text in #16202e on #08306b"),
    (picture(line("stroke:#ffcc00")), picture(line("stroke:#005a9c")), "a picture has a line in #ffcc00 on #ffffff"),
    (picture(line("stroke:#cccccc;stroke-width:2")), picture(line("stroke:#cccccc;stroke-width:0.8")), "a picture has a line in #cccccc"),
    (picture(DARK_AREA + line("stroke:#55606f;stroke-width:2")), picture(IMAGE + line("stroke:#55606f;stroke-width:2")), "a picture has a line in #55606f on #16202e"),
    (picture(MARKER.format("fill:#ffcc00")), picture(MARKER.format("fill:#ffcc00;stroke:#16202e")), "a picture has a marker in #ffcc00"),
    ('<img alt="x" src="data:image/svg+xml,x">', picture(""), "a picture is no SVG"),
]  # fmt: skip


@pytest.mark.parametrize(("faulty", "sound", "said"), FAULTS)
def test_a_faint_mark_is_found_on_its_slide_and_line(tmp_path: Path, faulty: str, sound: str, said: str) -> None:
    (finding,) = find_faint_marks(write_page(tmp_path, faulty))
    assert str(finding).startswith(f"lectures/x.md:7: slide 'Stride': {said}")
    assert "\nhint: " in str(finding)


@pytest.mark.parametrize(("faulty", "sound", "said"), FAULTS)
def test_a_picture_that_can_be_seen_passes(tmp_path: Path, faulty: str, sound: str, said: str) -> None:
    assert list(find_faint_marks(write_page(tmp_path, sound))) == []


def test_the_smallest_text_of_a_drawing_is_known() -> None:
    assert read_drawing(svg(glyphs("#000000", 13) + glyphs("#000000", 24))).smallest_text == pytest.approx(13)


def test_the_faintest_text_of_a_picture_is_the_one_that_is_told() -> None:
    (said,) = faint_marks(svg(glyphs("#999999") + glyphs("#bbbbbb") + glyphs("#aaaaaa")))
    assert "#bbbbbb" in said


def test_a_line_between_an_area_and_the_paper_needs_to_stand_out_from_one_of_them() -> None:
    edge = '<path d="M5,5L67,5" style="fill:none;stroke:#16202e;stroke-width:2"/>'
    assert faint_marks(svg(DARK_AREA + edge)) == ()
