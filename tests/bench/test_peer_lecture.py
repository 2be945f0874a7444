"""The lecture that the bench builds with three tools says the same in each."""

import nbformat
import pytest
from bench.peer_lecture import PICTURE, TEXT, Computed, read_slides, write_marp, write_notebook

COMPUTED = Computed(b"<svg/>", "A window at its first place.", "1 5\n")


@pytest.fixture
def cells() -> list[nbformat.NotebookNode]:
    """Return the cells of the notebook, which is valid."""
    notebook = nbformat.reads(write_notebook(TEXT, COMPUTED), as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def test_the_lecture_has_six_slides_with_a_title_of_their_own():
    titles = [slide[0][1].splitlines()[0] for slide in read_slides(TEXT)]
    assert len(set(titles)) == 6


def test_the_notebook_starts_six_slides(cells):
    assert [cell.metadata.slideshow.slide_type for cell in cells].count("slide") == 6


def test_marp_gets_six_slides():
    _, _, slides = write_marp(TEXT, COMPUTED).split("---\n", 2)
    assert len(slides.split("\n---\n")) == 6


def test_no_directive_is_left_for_the_others(cells):
    assert ":::" not in write_marp(TEXT, COMPUTED) + "".join(cell.source for cell in cells)


def test_the_same_notes_are_for_the_speaker_in_both(cells):
    notes = [cell.source for cell in cells if cell.metadata.slideshow.slide_type == "notes"]
    assert notes
    assert [f"<!--\n{note}\n-->" in write_marp(TEXT, COMPUTED) for note in notes] == [True] * 5


def test_both_show_the_picture_and_the_output_that_lectern_computed(cells):
    (attached,) = (cell.attachments for cell in cells if cell.get("attachments"))
    (code,) = (cell for cell in cells if cell.cell_type == "code")
    marp = write_marp(TEXT, COMPUTED)
    assert attached == {PICTURE: {"image/svg+xml": "PHN2Zy8+"}}
    assert code.outputs[0].text == "1 5\n"
    assert f"{COMPUTED.alt}]({PICTURE})" in marp
    assert "```text\n1 5\n```" in marp
