"""Logo, footer, closing slide and fonts of a course on slides, in handouts, on paper, and in presentations."""

import re
from io import BytesIO
from pathlib import Path

import pptx
import pytest
from sample_lecture import sample_assets, sample_notebook

from generator.document.tree import Document
from generator.formats import handout, powerpoint, slides
from generator.formats.slides_pdf import PrintedSlidesExporter, count_states
from generator.html.exporter import export_page
from generator.lecture.page_looks import NO_LOOKS, Logo, Looks
from generator.theme import FONT_FOLDER

ROOT = Path(__file__).parents[2]
SVG = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI2MCIgaGVpZ2h0PSIyMCIvPg=="
)
LOGO = Logo(SVG, "", "Institute of Optics", 3)
OWN = Looks(footer="Optics & light", closing="Thank you <all>", logo=LOGO)
FONTS = Looks(fonts={"text": FONT_FOLDER / "IBMPlexMono-Regular.ttf"})


def document(looks: Looks = NO_LOOKS, **front: object) -> Document:
    assets = sample_assets()
    dark = {f"{name}-dark": {**files, **assets["fig-4"]} for name, files in assets.items()}
    return Document(sample_notebook(**front), assets | dark, looks=looks)


def deck(looks: Looks, **front: object) -> str:
    return slides.export(document(looks, **front), ROOT).decode()


def test_the_closing_slide_stands_after_the_last_and_before_the_references() -> None:
    text = deck(OWN)
    at = text.index('id="closing-words"')
    assert "<h2>Thank you &lt;all&gt;</h2>" in text
    assert text.rindex('<section class="slide slide-figure') < at or text.rindex('<section class="slide') < at
    assert "closing-words" not in deck(NO_LOOKS)


def test_the_footer_has_the_courses_words_in_place_of_the_title() -> None:
    foot = re.findall(r'<footer class="foot"><span>(.*?)</span>', deck(OWN))
    assert set(foot) == {"Optics &amp; light"}
    assert '<p class="own-footer">Optics &amp; light</p>' in handout.export(document(OWN), ROOT).decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_logo_says_its_words_on_the_title_and_is_decoration_below(theme: str) -> None:
    text = deck(OWN, theme=theme)
    assert text.count(f'<span class="logo logo-{theme}" role="img" aria-label="Institute of Optics"></span>') == 2
    assert text.count(SVG) == 2  # of light ground and of dark, once each
    other = "dark" if theme == "light" else "light"
    divider = re.search(r'<section class="divider.*?</section>', text, re.DOTALL)
    assert divider
    assert f'<span class="logo logo-{other}" aria-hidden="true"></span>' in divider[0]


def test_fonts_of_the_course_stand_before_ours_but_not_in_pictures() -> None:
    for text in (deck(FONTS), handout.export(document(FONTS), ROOT).decode()):
        assert len(re.findall(r'@font-face ?{ ?font-family: ?"Course Text"', text)) == 1
        assert re.search(r'html ?{ ?font-family: ?"Course Text", ?"IBM Plex Sans"', text)
        pictures = re.search(r":is\(\.drawing, ?\.piece\) ?{ ?font: ?400 16px ([^;]*);", text)
        assert pictures
        assert "Course" not in pictures[1]


def test_paper_has_the_logo_and_the_closing_slide_too() -> None:
    plain = export_page(PrintedSlidesExporter, document(), ROOT)
    printed = export_page(PrintedSlidesExporter, document(OWN), ROOT)
    assert count_states(printed) == count_states(plain) + 1
    assert b'aria-label="Institute of Optics"' in printed
    assert b".logo-light" in printed


def test_a_presentation_has_them_all() -> None:
    def shown(looks: Looks) -> tuple[list[str], str]:
        file = pptx.Presentation(BytesIO(powerpoint.export(document(looks), ROOT)))
        shapes = [shape for slide in file.slides for shape in slide.shapes]
        words = "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
        return [shape._element.nvPicPr.cNvPr.get("descr") for shape in shapes if shape.shape_type == 13], words

    pictures, words = shown(OWN)
    assert pictures.count("Institute of Optics") == 2
    assert "Thank you <all>" in words
    assert "Optics & light  /  " in words
    assert "Institute of Optics" not in shown(NO_LOOKS)[0]
