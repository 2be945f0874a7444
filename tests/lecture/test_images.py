"""Images in a text: files of the project that pages carry inside them."""

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from generator.errors import PageError, SourceError, Where
from generator.html.links import write_widths
from generator.html.markdown import render
from generator.lecture.faults import find_faults
from generator.lecture.included_files import LARGEST, IncludedFiles, embed_image, is_whole
from generator.lecture.syntax import replace_spans, spans_in

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@pytest.fixture
def embed(project):
    """Return a function that puts the images of a text into it, the text beginning on line 4."""
    (project / "board.png").write_bytes(PIXEL)
    (project / "board.svg").write_bytes(DRAWING)
    (project / "page.svg").write_bytes(b"<html><svg></svg></html>")
    (project / "board.txt").write_text("text")
    (project / "large.png").write_bytes(PIXEL + bytes(LARGEST))
    files = IncludedFiles(project)
    return lambda text: replace_spans(
        text, lambda span: embed_image(span, Where("lectures/sample.md", 4 + span.line), files)
    )


@pytest.mark.parametrize(("name", "kind"), [("board.png", "png"), ("board.svg", "svg+xml")])
def test_an_image_of_the_project_stands_in_the_page(embed, name, kind):
    html = str(render(embed(f"![The *board*]({name})")))
    assert f'<img src="data:image/{kind};base64,' in html
    assert 'alt="The board"' in html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("one\n\n![a](bord.png)", "6: there is no file 'bord.png'\nhint: did you mean 'board.png'?"),
        ("![](board.png)", "4: the image 'board.png' has no words for who cannot see it\nhint: ![words](board.png)"),
        ("![a](board.txt)", "4: 'board.txt' is not an image that pages show\nhint: use one of .png, .jpg,"),
        ("![a](page.svg)", "4: the image 'page.svg' is damaged"),
        ("![a](large.png)", "4: the image 'large.png' has 4 MB\nhint: make it smaller than 4 MB"),
        (
            "![a](https://x.invalid/a.png)",
            "4: 'https://x.invalid/a.png' is not in the project\nhint: pages load nothing",
        ),
    ],
)
def test_an_image_that_cannot_be_shown_is_told_at_its_line(embed, text, told):
    with pytest.raises(SourceError) as caught:
        embed(text)
    assert str(caught.value).startswith(f"lectures/sample.md:{told}")


def encoded(form: str) -> bytes:
    stream = BytesIO()
    Image.radial_gradient("L").save(stream, form)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_an_image_that_is_cut_short_is_told(form):
    content = encoded(form)
    assert is_whole(form, content)
    assert not any(is_whole(form, content[: len(content) * tenths // 10]) for tenths in range(3, 10))


@pytest.mark.parametrize(
    ("drawing", "shows"),
    [
        (DRAWING, True),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- a --><!DOCTYPE svg [<!ENTITY a 'b'>]>" + DRAWING, True),
        (b'<svg width="1" height="1"/>', False),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g></svg>', False),
        (b"", False),
    ],
)
def test_a_drawing_is_one_that_browsers_draw_on_its_own(drawing, shows):
    assert is_whole("svg+xml", drawing) == shows


def test_what_stands_in_code_is_no_image(embed):
    text = "Write `![words](nothing.png)` or ``![a](b.png)``."
    assert embed(text) == text


def test_an_image_in_another_form_is_refused_rather_than_left_out():
    with pytest.raises(PageError, match=r"the image 'board\.png' is not in the page\nhint: write !\[what it shows\]"):
        render("![a][b]\n\n[b]: board.png")


@pytest.mark.parametrize(
    ("braces", "width"), [("{width=50%}", "50%"), ("{width=300px}", "300"), ('{ width="25%" }', "25%")]
)
def test_an_image_is_as_wide_as_its_braces_say(embed, braces, width):
    html = str(render(embed(f"![The board](board.png){braces} and more")))
    assert f' width="{width}"> and more' in html
    assert "{" not in html


def test_an_image_by_reference_has_a_width_too():
    text = replace_spans(
        "![a][b]{width=50%}", lambda span: f"({span.address}){span.braces}", (("B", "data:image/png;base64,AA", ""),)
    )
    assert text == "![a](data:image/png;base64,AA){width=50%}"


def test_a_role_behind_an_image_is_no_width():
    (image, role) = spans_in("![a](b.png){value}`x.y`")
    assert (image.braces, role.written) == ("", "{value}`x.y`")


@pytest.mark.parametrize(
    ("text", "problem", "column"),
    [
        ("![a](b.png){width=half}", "'{width=half}' is not the width of an image", 12),
        ("![a](b.png){width=50}", "'{width=50}' is not the width of an image", 12),
        ("![a](b.png){width=120%}", "an image cannot be as wide as 120%", 12),
        ("![a](b.png){width=0px}", "an image cannot be as wide as 0px", 12),
        ("![a](b.png){width=9000px}", "an image cannot be as wide as 9000px", 12),
        ("![a](b.png){}", "'{}' is not the width of an image", 12),
        ("![a](b.png){width=1% width=2%}", "'{width=1% width=2%}' is not the width of an image", 12),
        ("![a](b.png){height=50%}", "an image has no 'height=50%'", 13),
        ("> one\n> ![a](b.png){width=50% .wide}", "an image has no '.wide'", 25),
        ("![a](b.png){width=50%\n}", "the brace behind the image is never closed: '{width=50%'", 12),
    ],
)
def test_anything_else_in_the_braces_of_an_image_is_refused_at_its_place(text, problem, column):
    (error,) = find_faults(text, 1, "lectures/x.md")
    assert (error.problem, error.where.column if error.where else 0) == (problem, column)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A ![*a* b](a.png){width=50%} b", 'A <img src="a.png" alt="a b" width="50%"> b'),
        ('![a](a.png "t"){width=9px}', '<img src="a.png" alt="a" title="t" width="9">'),
        ("> ![a](a.png){width=9px}\n> *b*", '> <img src="a.png" alt="a" width="9">&#8203;\n> *b*'),
        ("![a](a.png) `![a](a.png){width=9px}`", "![a](a.png) `![a](a.png){width=9px}`"),
    ],
)
def test_a_notebook_has_an_image_with_a_width_as_html(text, written):
    assert write_widths(text) == written
