"""`{embed}` plays files of the project from within the pages, and loads nothing from the web."""

import json
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sample_lecture import film

from generator.directives.embed import media
from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "


def animation() -> bytes:
    """Return a GIF of two pictures, 40 x 30, the first of them red."""
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    stream = BytesIO()
    first.save(stream, "GIF", save_all=True, append_images=[second])
    return stream.getvalue()


def sound() -> bytes:
    """Return an mp4 without pictures: a tenth of a second of silence."""
    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("aac", rate=44100, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 4410), np.float32), format="fltp", layout="mono")
        silence.rate = 44100
        for packet in [*track.encode(silence), *track.encode(None)]:
            container.mux(packet)
    return stream.getvalue()


@pytest.fixture
def document(project: Path, write_lecture: Callable[..., Path]) -> Callable[[str], Document]:
    """Return a function that composes a slide with this text, beside some media."""
    (project / "media").mkdir()
    files = {
        "a.mp4": film(1.0),
        "b.gif": animation(),
        "c.wav": WAV,
        "d.pdf": b"%PDF-1.4 x",
        "e.mp3": b"ID4",
        "g.mp4": sound(),
    }
    for name, content in files.items():
        (project / "media" / name).write_bytes(content)
    Image.new("RGB", (64, 48), "green").save(project / "media" / "f.png")

    def make(text: str) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(f"## A\n\n{text}\n"), project), project, Profile())
        for error in plan.errors:
            raise error
        return compose(plan, {}, Profile(), {})

    return make


def embed(name: str, *options: str) -> str:
    return "\n".join([f":::{{embed}} {name}", *(options or (":alt: What it shows.",)), ":::"])


def page_of(document: Document, module: Any) -> BeautifulSoup:
    return BeautifulSoup(module.export(document, ROOT), "html.parser")


@pytest.mark.parametrize("module", [slides, handout])
def test_a_video_plays_from_within_the_page_and_never_by_itself(document: Any, module: Any) -> None:
    video = page_of(document(embed("media/a.mp4")), module).select_one("video")
    assert video["src"] == f"data:video/mp4;base64,{b64encode(film(1.0)).decode()}"
    assert (video["aria-label"], "autoplay" in video.attrs, "controls" in video.attrs) == (
        "Video: What it shows.", False, True,
    )  # fmt: skip
    assert (video["width"], video["height"]) == ("1536", "720")


def test_its_poster_is_its_first_picture_or_the_one_that_is_given(document: Any) -> None:
    own, given = (
        document(embed("media/a.mp4", ":alt: a", *more)).assets["media-1"]["poster.jpeg"]
        for more in ((), (":poster: media/f.png",))
    )
    assert Image.open(BytesIO(own)).size == (1536, 720)
    assert Image.open(BytesIO(given)).getpixel((5, 5))[1] > 100


def test_an_animation_stands_still_for_who_asks_for_less_motion(document: Any) -> None:
    picture = page_of(document(embed("media/b.gif")), handout).select_one("picture")
    still = picture.select_one("source[media='(prefers-reduced-motion: reduce)']")["srcset"]
    assert still.startswith("data:image/jpeg;base64,")
    assert picture.img["src"].startswith("data:image/gif;base64,")
    assert (picture.img["width"], picture.img["alt"]) == ("40", "What it shows.")


def test_a_sound_has_its_words_beside_it(document: Any) -> None:
    figure = page_of(document(embed("media/c.wav")), handout).select_one("figure")
    assert figure.audio["src"].startswith("data:audio/wav;base64,")
    assert figure.select_one(".embed-words").text == "What it shows."


def test_a_document_is_handed_out_under_its_name(document: Any) -> None:
    link = page_of(document(embed("media/d.pdf")), handout).select_one("a.embed-card")
    assert (link["download"], link["href"]) == (
        "d.pdf",
        f"data:application/pdf;base64,{b64encode(b'%PDF-1.4 x').decode()}",
    )


@pytest.mark.parametrize("module", [slides, handout])
def test_an_address_is_a_card_from_which_nothing_is_loaded(document: Any, module: Any) -> None:
    page = page_of(document(embed("https://example.org/a?b=c", "", "Why *it* works")), module)
    card = page.select_one("a.embed-card")
    assert card["href"] == "https://example.org/a?b=c"
    assert (card.select_one(".embed-name").text, card.select_one(".embed-about").text) == (
        "Why it works",
        "example.org",
    )
    assert not page.select("[src*='example.org'], iframe, object, embed")


def test_a_caption_may_hold_what_text_may_hold(document: Any) -> None:
    page = page_of(document(embed("media/a.mp4", ":alt: a", "", "Seen **{value}`1 + 1`** times")), handout)
    assert page.select_one("figcaption strong data").text == "2"


def test_the_notebook_has_the_poster_and_the_words(document: Any) -> None:
    made = json.loads(notebook.export(document(embed("media/a.mp4", ":alt: A bar.", "", "Bars.")), ROOT))
    cell = next(cell for cell in made["cells"] if "attachments" in cell)
    assert list(cell["attachments"]) == ["media-1.jpeg"]
    assert "".join(cell["source"]).endswith("**Video.** A bar. (`media/a.mp4`, in the slides and the handout)\n\nBars.")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (embed(""), 6, "'{embed}' needs a file or an address"),
        (embed("media/f.png"), 6, "'media/f.png' is a picture"),
        (embed("media/x.avi"), 6, "'media/x.avi' cannot be embedded"),
        (embed("media/x.mp4"), 6, "there is no file 'media/x.mp4'"),
        (embed("media/e.mp3"), 6, "'media/e.mp3' is no audio of its kind"),
        (embed("media/a.mp4", "Words."), 6, "the video has no words for who cannot see or hear it"),
        (embed("https://example.org/", ""), 6, "'https://example.org/' has no words"),
        (embed("ftp://example.org/a", ":alt: a"), 6, "'ftp://example.org/a' cannot be embedded"),
        (embed("media/a.mp4", ":alt: a", ":loop: yes"), 8, "'{embed}' has no option 'loop'"),
        (embed("media/a.mp4", ":alt: a", ":poster: media/c.wav"), 8, "'media/c.wav' is no picture, or damaged"),
        (embed("media/g.mp4"), 6, "'media/g.mp4' cannot be shown: it has no pictures"),
        (embed("https://", "Words."), 6, "'https://' is no address"),
        (embed("https://[::1/a", "Words."), 6, "'https://[::1/a' is no address"),
        (embed("https://example.org/a b", "Words."), 6, "'https://example.org/a b' is no address"),
        (embed("media/a.mp4", ":alt: of {value}`a`"), 7, "'{value}`a`' cannot stand in ':alt:', which is plain text"),
        (embed("media/a.mp4", ":alt: a", ":caption: b", "c"), 6, "the file has two captions"),
        (embed("../a.mp4", ":alt: a"), 6, "'../a.mp4' lies outside the project"),
    ],
)
def test_what_cannot_be_embedded_is_told(document: Any, text: str, line: int, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        document(text)
    assert caught.value.problem == problem
    assert caught.value.where is not None
    assert caught.value.where.line == line


def test_a_file_that_pages_could_not_hold_is_refused(document: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LARGEST", 100)
    with pytest.raises(SourceError, match="and every page holds it"):
        document(embed("media/a.mp4"))


@pytest.mark.parametrize(("name", "cut"), [("a.mp4", 64), ("b.gif", 20)])
def test_a_file_that_breaks_off_is_told(document: Any, project: Path, name: str, cut: int) -> None:
    path = project / "media" / name
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SourceError, match=f"'media/{name}' cannot be shown"):
        document(embed(f"media/{name}"))


@pytest.mark.parametrize("name", ["media/a%20b.mp4", "media/a b.mp4"])
def test_a_name_with_a_space_may_be_written_as_in_a_link(project: Path, document: Any, name: str) -> None:
    (project / "media" / "a b.mp4").write_bytes(film(1.0))
    assert "`media/a b.mp4`" in notebook.export(document(embed(name)), ROOT).decode()


def test_an_address_may_begin_in_capitals(document: Any) -> None:
    page = page_of(document(embed("HTTPS://example.org/", "What is there.")), handout)
    assert [str(link["href"]) for link in page.select("main a.embed-card")] == ["HTTPS://example.org/"]
