"""Images in a text: files of the project that pages carry inside them."""

from base64 import b64decode

import pytest

from generator.errors import PageError, SourceError, Where
from generator.html.markdown import render
from generator.lecture.included_files import LARGEST, IncludedFiles, embed_image
from generator.lecture.syntax import replace_spans

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
        ("![a](page.svg)", "4: 'page.svg' is not an image that pages show"),
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


def test_what_stands_in_code_is_no_image(embed):
    text = "Write `![words](nothing.png)` or ``![a](b.png)``."
    assert embed(text) == text


def test_an_image_in_another_form_is_refused_rather_than_left_out():
    with pytest.raises(PageError, match=r"the image 'board\.png' is not in the page\nhint: write !\[what it shows\]"):
        render("![a][b]\n\n[b]: board.png")
