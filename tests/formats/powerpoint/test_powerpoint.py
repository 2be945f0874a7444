"""The deck as a PowerPoint presentation, opened again: titles, text, pictures, films, tables, notes, and their places."""

import io
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from asking_lecture import ANSWERED, ASKED, BEFORE, CHOICES, asking_document
from nbformat import NotebookNode
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from presenting import PIXEL, overflows
from sample_lecture import CODE, MARKS, SOLVED, SPOKEN, STEPS, film, sample_assets, sample_notebook

from generator.document.tree import Document
from generator.errors import PageError
from generator.formats import powerpoint
from generator.formats.powerpoint.rich_text import write_plain

ROOT = Path(__file__).parents[3]


def present(notebook: NotebookNode | None = None) -> Any:
    """Return a lecture's presentation, written and opened again."""
    return Presentation(io.BytesIO(powerpoint.export(Document(notebook or sample_notebook(), sample_assets()), ROOT)))


@pytest.fixture(scope="module")
def deck() -> Any:
    return present()


def lecture_of(*cells: tuple[str, str]) -> NotebookNode:
    """Return a lecture of one slide with these cells, each a kind and a source."""
    notebook = nbformat.v4.new_notebook(metadata=sample_notebook().metadata)
    for line, (kind, source) in enumerate([("slide", "## A"), *cells], start=1):
        cell = (nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell)(source)
        cell.metadata["lectern"] = {"kind": kind, "line": line, "slide": "a" if kind == "slide" else ""}
        if kind == "slide":
            cell.metadata["lectern"]["cell"] = {"title": source.lstrip("# ")}
        notebook.cells.append(cell)
    return notebook


def slide_named(deck: Any, title: str) -> Any:
    return next(slide for slide in deck.slides if slide.shapes.title.text_frame.text == title)


def words_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def pictures_of(slide: Any) -> list[Any]:
    return [shape for shape in slide.shapes if shape.shape_type in {MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.MEDIA}]


def alt_of(shape: Any) -> str:
    return str(shape._element.nvPicPr.cNvPr.get("descr"))


def test_every_slide_of_the_deck_is_there_with_its_title(deck: Any) -> None:
    tree = Document(sample_notebook()).tree("slides")
    slides = [slide for part in tree.parts for slide in (part.opening, *part.slides) if slide.title]
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles == [
        "What a convolution sees",
        *(write_plain(slide.title) for slide in slides),
    ]


def test_titles_have_no_markup_wherever_they_stand() -> None:
    title = "The $\\sigma_x$ *step* of `x`"
    notebook = sample_notebook(title=title, subtitle=title, next={"name": "b", "title": title})
    notebook.cells[3].metadata["lectern"]["cell"]["title"] = title
    deck = present(notebook)
    slide = slide_named(deck, "Three steps side by side")
    assert "The σₓ step of x  /  The σₓ step of x" in words_of(slide)
    assert deck.core_properties.title == "The σₓ step of x"
    assert not [words for words in map(words_of, deck.slides) if "sigma" in words or "*" in words]


def test_nothing_leaves_its_slide_and_no_text_its_box(deck: Any) -> None:
    assert overflows(deck) == []


def test_what_is_too_much_for_a_slide_is_set_smaller_until_it_fits() -> None:
    text = "\n\n".join(["A paragraph that is long enough to take up more than one line of the slide, " * 3] * 12)
    code = "\n".join(f"total_{at} = first + second * third - fourth  # {'and so on, ' * 12}" for at in range(30))
    table = "| a | b |\n|--|--|\n" + "| words and more words, until they break into lines | 1 |\n" * 20
    for source in (("prose", text), ("code", code), ("prose", table), ("claim", text)):
        assert overflows(present(lecture_of(source, ("prose", "And a last line.")))) == []


def test_slides_of_four_by_three_hold_the_same() -> None:
    deck = present(sample_notebook(aspect="4:3"))
    assert (deck.slide_width / PIXEL, deck.slide_height / PIXEL) == (960, 720)
    assert overflows(deck) == []


def test_a_dark_deck_has_dark_pictures_and_formulas() -> None:
    assets = sample_assets()
    assets |= {f"{name}-dark": {**files, **assets["fig-4"]} for name, files in assets.items()}
    deck = Presentation(io.BytesIO(powerpoint.export(Document(sample_notebook(theme="dark"), assets), ROOT)))
    (picture,) = pictures_of(slide_named(deck, "One still picture"))
    assert Image.open(io.BytesIO(picture.image.blob)).height > 1500  # the other one is as wide as a slide
    (formula,) = pictures_of(next(slide for slide in deck.slides if "Stride is" in words_of(slide)))
    drawn = Image.open(io.BytesIO(formula.image.blob)).convert("L")
    assert drawn.getpixel((0, 0)) < 40
    assert drawn.getextrema()[1] > 200


def test_text_keeps_its_emphasis_and_can_be_edited(deck: Any) -> None:
    slide = slide_named(deck, "Stride is a step length, and a long title may well take up a second line of the slide")
    runs = {run.text: run.font for shape in slide.shapes if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs for run in paragraph.runs}  # fmt: skip
    assert runs["Stride 1"].bold
    assert runs["drops"].italic
    assert runs["strides"].name == "Consolas"
    assert "11 → 5" in words_of(slide)


def test_text_says_in_which_language_it_is() -> None:
    slide = slide_named(present(sample_notebook(lang="de")), "Recap")
    runs = [run for shape in slide.shapes for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
    assert {run.font._element.get("lang") for run in runs} == {"de"}


def test_a_figure_is_a_picture_with_its_words(deck: Any) -> None:
    (picture,) = pictures_of(slide_named(deck, "One still picture"))
    shown = Image.open(io.BytesIO(picture.image.blob))
    assert alt_of(picture) == "A grid of 7 by 7 cells under a window of 3 by 3, in picture 2."
    assert shown.format == "PNG"
    assert shown.size == (1920, 900)
    assert picture.width / picture.height == pytest.approx(1280 / 600, rel=0.001)
    assert len(shown.convert("RGB").getcolors(1 << 24)) > 3


def test_a_film_is_in_the_file_as_it_is_with_its_first_picture_as_poster(deck: Any) -> None:
    (movie,) = pictures_of(slide_named(deck, "A window slides over the input"))
    related = movie.part.rels.values()
    films = {rel.target_part.blob for rel in related if not rel.is_external and "mp4" in str(rel.target_part.partname)}
    assert movie.shape_type == MSO_SHAPE_TYPE.MEDIA
    assert films == {film(MARKS[-1])}
    assert alt_of(movie).startswith("Film: A grid")
    poster = Image.open(io.BytesIO(movie.poster_frame.blob)).convert("L")
    bars = [poster.getpixel((round((bar + 0.5) * poster.width / 8), 300)) < 128 for bar in range(8)]
    assert sum(1 << bit for bit, dark in enumerate(bars) if dark) == round(MARKS[0] * 30)


def test_every_picture_has_words(deck: Any) -> None:
    found = [alt_of(shape) for slide in deck.slides for shape in pictures_of(slide)]
    assert len(found) == 5
    assert all(len(words) > 10 for words in found)


def test_notes_are_in_the_notes_with_steps_and_answers(deck: Any) -> None:
    notes = slide_named(deck, "A window slides over the input").notes_slide.notes_text_frame.text
    assert SPOKEN in notes
    assert "• one\n• two" in notes
    assert all(step in notes for step in STEPS)
    answer = slide_named(deck, "How large is the map?").notes_slide.notes_text_frame.text
    assert answer.startswith("Answer: B. A window of three fits in 26 places")
    assert SPOKEN not in "".join(words_of(slide) for slide in deck.slides)


def test_solutions_and_what_is_for_the_handout_alone_are_nowhere(deck: Any) -> None:
    said = "".join(words_of(slide) for slide in deck.slides)
    noted = "".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide)
    assert SOLVED not in said + noted
    assert "Only on this page" not in said + noted


def test_a_table_is_a_table(deck: Any) -> None:
    slide = slide_named(deck, "Accuracy of five networks")
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["network", "parameters", "multiplications", "test accuracy"]
    assert rows[2] == ["convolution, max pooling", "93,322", "2.79 M", "99.1 %"]
    assert table.first_row
    assert "MEASURED" in words_of(slide)


def test_code_is_text_of_equal_width_line_for_line_with_what_it_printed(deck: Any) -> None:
    slide = slide_named(deck, "The network in keras")
    frame = next(
        shape.text_frame for shape in slide.shapes if shape.has_text_frame and "Conv2D" in shape.text_frame.text
    )
    assert [paragraph.text.rstrip() for paragraph in frame.paragraphs] == CODE.split("\n")
    assert {run.font.name for paragraph in frame.paragraphs for run in paragraph.runs} == {"Consolas"}
    assert "54410" in words_of(slide)


def test_the_same_lecture_gives_the_same_bytes_without_a_date() -> None:
    first, second = (powerpoint.export(Document(sample_notebook(), sample_assets()), ROOT) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        assert b"Steve Canny" not in archive.read("docProps/core.xml")


def test_a_quick_build_says_so_on_every_slide() -> None:
    deck = present(sample_notebook(profile="quick"))
    assert all("quick build" in words_of(slide) for slide in deck.slides)


def test_long_words_about_the_lecture_stay_on_their_slides() -> None:
    deck = present(sample_notebook(title="A title of many words " * 14, author="A " * 300, subtitle="B " * 300))
    assert overflows(deck) == []


def test_a_library_that_is_not_installed_is_an_error_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(powerpoint, "find_spec", lambda name: None)
    with pytest.raises(PageError, match="python-pptx and resvg-py") as error:
        powerpoint.require()
    assert error.value.hint == "run make setup-pptx"


def test_a_formula_that_cannot_be_set_is_blamed_on_its_line() -> None:
    with pytest.raises(PageError, match=r"lectures/sample\.md:2: "):
        present(lecture_of(("prose", "It is $\\nonsense$.")))


def test_a_figure_that_asks_has_a_slide_with_the_question_before_its_own() -> None:
    asking = Presentation(io.BytesIO(powerpoint.export(asking_document(), ROOT)))
    titles = [slide.shapes.title.text_frame.text for slide in asking.slides]
    at = titles.index(ASKED)
    assert titles[at + 1] == ANSWERED
    question, answer = asking.slides[at], asking.slides[at + 1]
    assert all(choice in words_of(question) for choice in CHOICES)
    assert (len(pictures_of(question)), len(pictures_of(answer))) == (0, 1)
    assert overflows(asking) == []


def test_the_slide_with_the_question_shows_the_picture_that_may_stand_beside_it() -> None:
    asking = Presentation(io.BytesIO(powerpoint.export(asking_document(), ROOT)))
    shown = [alt_of(picture) for slide in asking.slides for picture in pictures_of(slide)]
    assert shown.count(BEFORE["alt"]) == 1


def test_what_stands_above_a_figure_that_asks_stands_beside_the_question() -> None:
    asking = Presentation(io.BytesIO(powerpoint.export(asking_document(), ROOT)))
    question = next(slide for slide in reversed([*asking.slides]) if slide.shapes.title.text_frame.text == ASKED)
    assert "slides over eight columns" in words_of(question)
    assert "eighth column is left out" not in words_of(question)
