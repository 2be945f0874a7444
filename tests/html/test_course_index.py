"""The course's index: which lectures it lists, where it leads, and what it keeps from students."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from asking_lecture import asking_document
from sample_lecture import sample_assets, sample_notebook

from generator.commands.build import build_course, write_course_index
from generator.document.tree import Document
from generator.formats import handout, notebook, slides, teacher
from generator.html.course_index import first_picture
from generator.lecture.blocks import LectureTitle
from generator.lecture.course import Course

ROOT = Path(__file__).parents[2]
COURSE = Course("Convolutional networks, measured", (), {})


def lay(folder: Path, name: str, **front: object) -> None:
    """Put a lecture's pages, those for teachers among them, into `folder`."""
    (folder / name).mkdir(parents=True)
    for module in (slides, handout, notebook, teacher):
        (folder / name / module.FORMAT.file_name).write_bytes(
            module.export(Document(sample_notebook(**front), sample_assets()), ROOT)
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a course of three lectures, one of them with a PDF and a presentation."""
    folder = tmp_path_factory.mktemp("site")
    lay(folder, "pixels", title="Pixels & networks", profile="quick")
    lay(folder, "sample")
    lay(folder, "small data", title="Small data <b>", subtitle="", minutes=None)
    (folder / "sample" / "slides.pdf").write_bytes(b"%PDF")
    (folder / "sample" / "slides.pptx").write_bytes(b"PK")
    write_course_index(COURSE, ["pixels", "not_built_yet", "sample", "small data"], folder)
    return folder


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def links(text: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', text)]


def cards(text: str) -> list[str]:
    return re.findall(r"<article.*?</article>", text, re.DOTALL)


def test_every_link_leads_to_a_file_or_a_place_that_is_there(folder: Path, text: str) -> None:
    assert len(links(text)) > 20
    for link in links(text):
        path, _, place = link.partition("#")
        target = folder / unquote(path) if path else folder / "index.html"
        assert target.is_file(), link
        assert not place or f'id="{unquote(place)}"' in target.read_text(encoding="utf-8"), link


def test_lectures_stand_in_the_courses_order_and_only_those_with_pages(text: str) -> None:
    titles = [unescape(title) for title in re.findall(r"<h2[^>]*><span[^>]*>\d+</span> (.*?)</h2>", text)]
    assert titles == ["Pixels & networks", "What a convolution sees", "Small data <b>"]


def test_a_card_says_what_the_lecture_is_and_how_long(text: str) -> None:
    card = cards(text)[1]
    assert "Windows, kernels and the maps they leave" in card
    assert "45 min" in card
    assert re.findall(r'<a href="sample/handout\.html#[^"]*">(.*?)</a>', card) == [
        "Convolution, one number at a time", "What was measured", "Check yourself",
    ]  # fmt: skip


def test_students_are_led_to_slides_handout_and_notebook_and_to_a_pdf_where_there_is_one(text: str) -> None:
    files = [re.findall(r'<li><a href="[^"#]*/([^"#/]*)">', card) for card in cards(text)]
    assert sorted(files[0]) == ["handout.html", "notebook.ipynb", "slides.html"]
    assert sorted(files[1]) == ["handout.html", "notebook.ipynb", "slides.html", "slides.pdf"]


def test_students_are_not_led_to_what_is_the_teachers(text: str) -> None:
    assert len(links(text)) > 20
    assert not [link for link in links(text) if "teacher" in link or "pptx" in link]


def test_previous_and_next_lead_through_the_course(text: str) -> None:
    around = [re.findall(r'href="#lecture-([\w%]+)" rel="(\w+)"', card) for card in cards(text)]
    names = ("pixels", "sample", "small%20data")
    assert around == [[(names[1], "next")], [(names[0], "prev"), (names[2], "next")], [(names[1], "prev")]]


def test_a_lecture_that_was_built_quickly_says_so_and_no_other(text: str) -> None:
    assert ["quick build" in card for card in cards(text)] == [True, False, False]


def test_the_index_runs_nothing_and_loads_nothing(text: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "script-src &#39;none&#39;" in policy[1]
    assert "<script" not in text
    assert all(address.startswith("data:") for address in re.findall(r'src="([^"]*)"', text))


def test_a_card_shows_the_lectures_first_figure_with_its_words(folder: Path, text: str) -> None:
    cells = json.loads((folder / "sample" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    drawing = next(cell for cell in cells if "attachments" in cell)["attachments"]
    svg = "".join(next(iter(drawing.values()))["image/svg+xml"])
    found = re.search(r'<img class="lecture-picture" src="([^"]*)" alt="([^"]+)">', cards(text)[1])
    assert found
    assert found[1] == f"data:image/svg+xml;base64,{svg}"


def test_a_card_shows_the_poster_of_what_is_embedded_before_all_figures() -> None:
    cell = {
        "source": "![A pendulum.](attachment:media-1.jpeg)",
        "attachments": {"media-1.jpeg": {"image/jpeg": ["/9j/", "4AAQ"]}},
    }
    assert first_picture({"cells": [{"source": ""}, cell]}) == ("data:image/jpeg;base64,/9j/4AAQ", "A pendulum.")


def test_a_card_shows_a_figure_that_asks_with_its_words_too(tmp_path: Path) -> None:
    (tmp_path / "asking").mkdir()
    (tmp_path / "asking" / notebook.FORMAT.file_name).write_bytes(notebook.export(asking_document(), ROOT))
    write_course_index(COURSE, ["asking"], tmp_path)
    (card,) = cards((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert re.findall(r'class="lecture-picture" [^>]* alt="([^"]*)"', card) == [
        "A grid of 7 by 7 cells under a window of 3 by 3, in picture 2."
    ]


def test_a_lecture_of_the_course_without_pages_has_a_card_that_says_how_to_make_them(tmp_path: Path) -> None:
    lay(tmp_path, "sample")
    titles = {"later": LectureTitle("What comes later", "Transfer", 40)}
    write_course_index(COURSE, ["sample", "later", "unknown"], tmp_path, titles)
    made, later = cards((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert 'href="sample/handout.html"' in made
    assert 'id="lecture-later"' in later
    assert "What comes later" in later
    assert "make lecture LECTURE=later" in later
    assert re.findall(r'href="(?!#)', later) == []


def test_a_second_look_writes_nothing(folder: Path) -> None:
    assert write_course_index(COURSE, ["pixels", "not_built_yet", "sample", "small data"], folder) == []


def test_a_notebook_that_says_nothing_of_its_lecture_is_passed_over(tmp_path: Path) -> None:
    lay(tmp_path, "sample")
    lay(tmp_path, "torn")
    (tmp_path / "torn" / "notebook.ipynb").write_text('{"metadata": {')
    write_course_index(COURSE, ["torn", "sample"], tmp_path)
    assert len(cards((tmp_path / "index.html").read_text())) == 1


def test_without_any_pages_there_is_no_index(tmp_path: Path) -> None:
    assert write_course_index(COURSE, ["sample"], tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def build(project: Path, full_project: Path) -> Callable[..., tuple[int, str]]:
    """Return a function that builds lectures of a project, and tells the exit code and what was said."""

    def run(*names: str) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = build_course(str(full_project), names)
        return code, said.getvalue()

    return run


@pytest.mark.slow
def test_every_build_writes_the_index_and_keeps_the_lectures_that_it_did_not_build(build, write_lecture, project):
    write_lecture("# The part of {value}`toss.epochs`\n\n## A\n\nText.\n")
    write_lecture("## B\n\nText.\n", name="other")
    assert build()[0] == 0
    code, said = build("other")
    index = (project / "build" / "index.html").read_text()
    assert (code, len(cards(index))) == (0, 2)
    assert "The part of 5" in index
    assert "Nothing to do: build/other, build/index.html up to date." in said


@pytest.mark.slow
def test_a_lecture_with_an_error_keeps_its_place_in_the_index(build, write_lecture, project):
    write_lecture("## A\n\nText.\n")
    write_lecture("## B\n\nText.\n", name="other")
    build()
    write_lecture("## B\n\n:::{figure} nothing\n:::\n", name="other")
    assert build()[0] == 1
    assert len(cards((project / "build" / "index.html").read_text())) == 2


@pytest.mark.slow
def test_an_index_that_was_deleted_is_written_again(build, write_lecture, project):
    write_lecture("## A\n\nText.\n")
    build()
    (project / "build" / "index.html").unlink()
    assert "wrote " in build()[1]
    assert (project / "build" / "index.html").is_file()
