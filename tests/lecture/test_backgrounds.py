"""What a slide stands on: a color or an image, on which its text can be read whatever it is."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation

from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError, Where
from generator.formats import handout, powerpoint, slides
from generator.lecture.backgrounds import DIMMED, LEAST, parts, theme_on
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture
from generator.theme import DARK, LIGHT, THEMES, contrast_of

ROOT = Path(__file__).parents[2]
HERE = Where("lectures/sample.md", 4)


@pytest.fixture
def document(project: Path, write_lecture: Callable[..., Path]) -> Callable[[str], Document]:
    """Return a function that composes a slide with this background, and a usual one."""
    Image.new("RGB", (64, 48), "white").save(project / "board.png")

    def make(background: str) -> Document:
        text = f"## A {{background={background}}}\n\na\n\n## B\n\nb\n"
        plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
        for error in plan.errors:
            raise error
        return compose(plan, {}, Profile(), {})

    return make


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 0xFFFFFF))
def test_text_can_be_read_on_any_color_that_is_taken(code: int) -> None:
    color = f"#{code:06x}"
    try:
        theme = theme_on(color, HERE)
    except SourceError:
        contrasts = [min(contrast_of(parts(color), parts(c)) for c in (t.ink, t.muted)) for t in THEMES.values()]
        assert max(contrasts) < LEAST
        return
    assert min(contrast_of(parts(color), parts(words)) for words in (theme.ink, theme.muted)) >= LEAST


@pytest.mark.parametrize(
    ("color", "theme"), [("#ffffff", LIGHT), ("#ffdd88", LIGHT), ("#000000", DARK), ("#1b2a41", DARK)]
)
def test_a_color_gets_the_theme_that_is_read_best_on_it(color: str, theme: object) -> None:
    assert theme_on(color, HERE) is theme


def test_white_text_can_be_read_on_any_dimmed_image() -> None:
    assert contrast_of((DIMMED, DIMMED, DIMMED), parts(DARK.ink)) >= LEAST


@pytest.mark.parametrize(
    ("background", "problem"),
    [
        ("red", "'red' is no background"),
        ("#12", "'#12' is no background"),
        ("#777777", "no text can be read on '#777777'"),
        ("bord.png", "there is no file 'bord.png'"),
        ("https://example.org/a.png", "'https://example.org/a.png' is not in the project"),
    ],
)
def test_what_no_slide_can_stand_on_is_told_at_its_heading(document: object, background: str, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        document(background)  # type: ignore[operator]
    assert (caught.value.problem, str(caught.value.where)) == (problem, "lectures/sample.md:4")


def test_a_deck_shows_the_color_on_its_slide_alone(document: object) -> None:
    page = slides.export(document("#fd8"), ROOT).decode()  # type: ignore[operator]
    first, second = BeautifulSoup(page, "html.parser").select("section.slide")
    assert (first["data-background-color"], first["data-stands-on"]) == ("#ffdd88", "light")
    assert "data-background-color" not in second.attrs
    assert '.reveal .slides section[data-ground="2"] { background: #ffdd88; }' in page


def test_a_deck_holds_the_image_and_dims_it(document: object) -> None:
    page = slides.export(document("board.png"), ROOT)  # type: ignore[operator]
    first = BeautifulSoup(page, "html.parser").select_one("section.slide")
    assert first is not None
    assert str(first["data-background-image"]).startswith("data:image/png;base64,")
    assert (first["data-background-opacity"], first["data-stands-on"]) == (str(DIMMED), "dark")


def test_the_handout_has_no_background(document: object) -> None:
    assert b"data:image/png" not in handout.export(document("board.png"), ROOT)  # type: ignore[operator]


def test_a_presentation_has_the_color_as_its_paper_and_the_image_behind_all_else(document: object) -> None:
    colored, pictured = (
        Presentation(BytesIO(powerpoint.export(document(ground), ROOT))).slides[1]  # type: ignore[operator]
        for ground in ("#1b2a41", "board.png")
    )
    assert str(colored.background.fill.fore_color.rgb) == "1B2A41"
    backdrop = pictured.shapes[0]
    assert (backdrop.left, backdrop.top, backdrop.width) == (0, 0, 12192000)
    assert max(Image.open(BytesIO(backdrop.image.blob)).getpixel((5, 5))) == pytest.approx(255 * DIMMED, abs=2)


def test_an_image_may_have_a_space_in_its_name(project: Path, document: object) -> None:
    Image.new("RGB", (64, 48), "white").save(project / "my board.png")
    assert document("my%20board.png").tree("slides").parts[0].slides[0].image  # type: ignore[operator]


def test_a_background_that_is_wrong_is_told_once(project: Path, write_lecture: Callable[..., Path]) -> None:
    text = "## A {background=red}\n\na\n\n---\n\nb\n"
    plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
    assert [error.where for error in plan.errors if error.where] == [HERE]
