"""A text or a line in a picture that is too faint on its ground is found; one that can be seen passes."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from made_page import write_page
from PIL import Image

from generator.check.pictures import faint_marks, find_faint_marks


def picture(body: str) -> str:
    """Return a picture of 100 by 100 pixels, on white."""
    return f'<svg class="drawing" viewBox="0 0 100 100"><path d="M0,100h100v-100h-100z" fill="#ffffff"/>{body}</svg>'


def text(color: str, size: int = 18) -> str:
    """Return a text of two letters whose middles are near the middle of the picture."""
    return f'<text x="40" y="56" font-size="{size}" fill="{color}">ab</text>'


def line(style: str) -> str:
    return f'<path d="M14,50h70" fill="none" {style}/>'


ROW = '<text x="{}" y="56" font-size="6" fill="#16202e">111</text>'  # a place for each letter
DARK_AREA = '<path d="M7,7h86v86h-86z" fill="#16202e"/>'
DARK_WHERE_DARK = DARK_AREA.replace("<path ", '<path class="on-dark" ')
MARKER = (
    '<marker id="m1"><path d="M-3,-3h6v6h-6z" {}/></marker><path d="M40,40l9,9" marker-mid="url(#m1)" fill="none"/>'
)
BLUE_PIXEL = BytesIO()
Image.new("RGB", (1, 1), "#08306b").save(BLUE_PIXEL, "PNG")
IMAGE = f'<image href="data:image/png;base64,{b64encode(BLUE_PIXEL.getvalue()).decode()}" width="84" height="84" x="8" y="8"/>'

FAULTS = [
    (picture(text("#999999")), picture(text("#555555")), "a picture has text in #999999 on #ffffff: 2.85:1, not 4.5:1"),
    (picture(text("#aaaaaa", 24)), picture(text("#888888", 24)), "a picture has text in #aaaaaa on #ffffff: 2.32:1, not 3:1"),
    (picture(DARK_AREA + ROW.format("3 50 95")), picture(DARK_AREA + ROW.format("0 2 95")), "a picture has text in #16202e on #16202e: 1.00:1, not 4.5:1"),
    (picture(DARK_AREA + text("#16202e")), picture(DARK_AREA + text("#ffffff")), "a picture has text in #16202e on #16202e: 1.00:1, not 4.5:1"),
    (picture(IMAGE + text("#16202e")), picture(IMAGE + text("#ffffff")), "a picture has text in #16202e on #08306b"),
    (picture(line('stroke="#ffcc00"')), picture(line('stroke="#005a9c"')), "a picture has a line in #ffcc00 on #ffffff"),
    (picture(line('stroke="#cccccc" stroke-width="2"')), picture(line('stroke="#cccccc" stroke-width="1.1"')), "a picture has a line in #cccccc"),
    (picture(DARK_AREA + line('stroke="#55606f" stroke-width="2"')), picture(IMAGE + line('stroke="#55606f" stroke-width="2"')), "a picture has a line in #55606f on #16202e"),
    (picture(MARKER.format('fill="#ffcc00"')), picture(MARKER.format('fill="#ffcc00" stroke="#16202e"')), "a picture has a marker in #ffcc00"),
    (picture(DARK_WHERE_DARK + text("var(--c222222,#16202e)")), picture(DARK_WHERE_DARK + text("var(--ceef2f7,#16202e)")), "a picture has text in #222222 on #16202e"),
    (picture(DARK_WHERE_DARK + text("var(--ceef2f7,#cccccc)")), picture(DARK_WHERE_DARK + text("var(--ceef2f7,#16202e)")), "a picture has text in #cccccc on #ffffff"),
    ('<svg class="drawing" a:b="c"></svg>', picture(""), "a picture is no SVG"),
]  # fmt: skip


@pytest.mark.parametrize(("faulty", "sound", "said"), FAULTS)
def test_a_faint_mark_is_found_on_its_slide_and_line(tmp_path: Path, faulty: str, sound: str, said: str) -> None:
    (finding,) = find_faint_marks(write_page(tmp_path, faulty))
    assert str(finding).startswith(f"lectures/x.md:7: slide 'Stride': {said}")
    assert "\nhint: " in str(finding)


@pytest.mark.parametrize(("faulty", "sound", "said"), FAULTS)
def test_a_picture_that_can_be_seen_passes(tmp_path: Path, faulty: str, sound: str, said: str) -> None:
    assert list(find_faint_marks(write_page(tmp_path, sound))) == []


def test_the_faintest_text_of_a_picture_is_the_one_that_is_told() -> None:
    (said,) = faint_marks(picture(text("#999999") + text("#bbbbbb") + text("#aaaaaa")))
    assert "#bbbbbb" in said


def test_a_text_whose_letters_are_outlines_is_judged_as_text() -> None:
    letters = '<g class="letters" transform="translate(40,50)" font-size="18" fill="{}"><path d="M0,0h9v9h-9z"/></g>'
    (said,) = faint_marks(picture(letters.format("#999999")))
    assert said.startswith("a picture has text in #999999 on #ffffff")
    assert faint_marks(picture(letters.format("#555555"))) == ()


def test_a_line_between_an_area_and_the_paper_needs_to_stand_out_from_one_of_them() -> None:
    edge = '<path d="M7,7h86" fill="none" stroke="#16202e" stroke-width="2"/>'
    assert faint_marks(picture(DARK_AREA + edge)) == ()
