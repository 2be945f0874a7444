"""Slides and handout as PDF: a page for each press, text that can be selected, the same bytes each time."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pypdfium2
import pytest
from deck import walk
from sample_lecture import MARKS, SOLVED, SPOKEN, sample_assets, sample_notebook
from visitor import ROOT, Visitor

from generator.document.tree import Document
from generator.errors import PageError
from generator.formats import handout, handout_pdf, slides_pdf, teacher
from generator.html import pdf

pytestmark = pytest.mark.browser

FILMED = "A window slides over the input"
TITLES = [
    "What a convolution sees",
    "Agenda",
    FILMED,
    "The network in keras",
    "How large is the map?",
]


@pytest.fixture(scope="module")
def printed_slides() -> bytes:
    return slides_pdf.export(Document(sample_notebook(), sample_assets()), ROOT)


@pytest.fixture(scope="module")
def deck(printed_slides: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(printed_slides)
    yield document
    document.close()


@pytest.fixture(scope="module")
def article() -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(handout_pdf.export(Document(sample_notebook(), sample_assets()), ROOT))
    yield document
    document.close()


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    """Return the text of each page that a reader can select, in one line."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_press_of_the_clicker_is_a_page(deck: pypdfium2.PdfDocument, visitor: Visitor, sample_folder: Path) -> None:
    states = list(walk(visitor.open(sample_folder / "slides.html")))
    assert len(deck) == len(states)
    assert {tuple(map(round, page.get_size())) for page in deck} == {(960, 540)}


def test_every_page_of_the_deck_has_its_title_as_text(deck: pypdfium2.PdfDocument) -> None:
    found = texts(deck)
    assert all(any(title in text for text in found) for title in TITLES)
    assert all(text for text in found)


def test_each_mark_of_a_film_is_a_page_with_another_picture(deck: pypdfium2.PdfDocument) -> None:
    pages = [page for page, text in zip(deck, texts(deck), strict=True) if FILMED in text]
    pictures = {page.render(scale=0.25).to_pil().tobytes() for page in pages}
    assert len(pages) == len(pictures) == len(MARKS)


def test_a_list_grows_from_page_to_page(deck: pypdfium2.PdfDocument) -> None:
    found = [text for text in texts(deck) if text.startswith("Stride is a step length")]
    counts = [sum(words in text for words in ("asks everywhere", "every second place", "is rare")) for text in found]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 3)


def test_an_answer_comes_on_a_page_of_its_own(deck: pypdfium2.PdfDocument) -> None:
    asked = [text for text in texts(deck) if "How large is the map?" in text]
    assert [("A window of three fits" in text) for text in asked] == [False, True]


def test_what_is_said_is_not_printed(deck: pypdfium2.PdfDocument, article: pypdfium2.PdfDocument) -> None:
    for text in (*texts(deck), *texts(article)):
        assert SPOKEN not in text
        assert SOLVED not in text


def test_the_handout_is_on_paper_with_its_answers_unfolded(article: pypdfium2.PdfDocument) -> None:
    whole = " ".join(texts(article))
    assert tuple(map(round, article[0].get_size())) == (595, 842)
    assert "What a convolution sees" in whole
    assert "A window of three fits in 26 places" in whole


@pytest.mark.parametrize("document", ["deck", "article"])
def test_the_outline_has_each_heading_once(document: str, request: pytest.FixtureRequest) -> None:
    entries = [entry.get_title() for entry in request.getfixturevalue(document).get_toc()]
    assert FILMED in entries
    assert len(entries) == len(set(entries))


def test_the_same_lecture_is_printed_as_the_same_bytes(printed_slides: bytes) -> None:
    assert slides_pdf.export(Document(sample_notebook(), sample_assets()), ROOT) == printed_slides
    assert set(re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d{8})", printed_slides)) == {b"19800101"}


def test_a_quick_build_says_so_on_every_printed_slide() -> None:
    document = pypdfium2.PdfDocument(
        slides_pdf.export(Document(sample_notebook(profile="quick"), sample_assets()), ROOT)
    )
    assert all("quick build" in text for text in texts(document))


@pytest.mark.parametrize(
    ("module", "profile", "said"),
    [
        (handout, "quick", "quick build"),
        (teacher, "full", "teacher's edition"),
        (teacher, "quick", "teacher's edition, quick build"),
    ],
)
def test_every_sheet_of_paper_says_in_its_margin_what_it_is_of(module: ModuleType, profile: str, said: str) -> None:
    page = module.export(Document(sample_notebook(profile=profile), sample_assets()), ROOT)
    sheets = texts(pypdfium2.PdfDocument(pdf.print_page(page)))
    assert len(sheets) > 1
    assert all(text.startswith(said) for text in sheets)


def test_a_missing_browser_is_an_error_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for module in (slides_pdf, handout_pdf):
        with pytest.raises(PageError, match="Chromium, which is not installed") as error:
            module.require()
        assert error.value.hint == "run make setup-pdf"


def test_a_browser_that_prints_too_few_pages_is_not_believed() -> None:
    with pytest.raises(PageError, match="printed 1 of 2 pages"):
        pdf.print_page(b"<!doctype html><p>one", pages=2)


def test_a_browser_that_fails_is_told_with_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'no display' >&2\nexit 0\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(PageError, match="printed 0 pages: no display"):
        pdf.print_page(b"<!doctype html><p>one")


def test_printing_the_deck_gives_the_pages_of_the_pdf(
    deck: pypdfium2.PdfDocument, visitor: Visitor, sample_folder: Path
) -> None:
    page = visitor.open(sample_folder / "slides.html", "#/stride/1")
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as printed:
        assert [sorted(text.split()) for text in texts(printed)] == [sorted(text.split()) for text in texts(deck)]
        assert {tuple(map(round, sheet.get_size())) for sheet in printed} == {(960, 540)}
        filmed = [sheet for sheet, text in zip(printed, texts(printed), strict=True) if FILMED in text]
        assert len({sheet.render(scale=0.25).to_pil().tobytes() for sheet in filmed}) == len(MARKS)
    assert page.locator(".sheets").count() == 0
    assert page.evaluate("() => Reveal.getIndices().f") == 1
    assert visitor.complaints == []
