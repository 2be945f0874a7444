"""A pad before a network: what is refused at its line, and what each page makes of it."""

from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from drawing_lecture import PAD, ROOT, drawing_document, plan_drawing

from generator.document.tree import Document
from generator.errors import LectureError
from generator.formats import handout, notebook, slides, slides_pdf
from generator.html.exporter import export_page

SHARES = np.float32([0.25, 0.75])
UNNAMED = PAD.replace(" live", "")
RESULTS: dict[str, Any] = {
    "layers": [{"name": "out", "kind": "Dense", "inputs": ["input"], "parameters": 1570}],
    "maps": {"input": np.ones((28, 28, 1), np.float32), "out": SHARES},
    "white": 1.0,
    "network": {
        "graph": {"input": [28, 28, 1], "output": "out", "layers": []},
        "weights": np.arange(4, dtype=np.float16),
    },
    "digits": {"images": np.ones((1, 28, 28), np.uint8), "classes": [1], "probabilities": SHARES[None]},
}


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return drawing_document(tmp_path, RESULTS)


def test_slides_and_handout_hold_the_network_once_and_the_module(document: Document) -> None:
    for module in (slides, handout):
        page = module.export(document, ROOT).decode()
        assert page.count('id="network-live"') == page.count('id="network-live-bytes"') == 1
        assert page.count('<script type="module">') == 1


def test_the_printed_deck_has_the_still_and_no_program(document: Document) -> None:
    page = export_page(slides_pdf.PrintedSlidesExporter, document, ROOT).decode()
    assert "One digit of 28 × 28 pixels" in page
    assert "network-live-bytes" not in page
    assert 'type="module"' not in page


def test_the_notebook_has_the_still_and_its_words(document: Document) -> None:
    cells = nbformat.reads(notebook.export(document, ROOT).decode(), 4).cells
    (cell,) = (cell for cell in cells if "Draw here." in cell.source)
    assert "One digit of 28 × 28 pixels" in cell.source
    assert len(cell.attachments) == 1


@pytest.mark.parametrize(
    ("pad", "problem"),
    [
        (UNNAMED, "'{draw}' needs the network that answers"),
        (PAD.replace("live", "life"), "there is no experiment 'life'"),
        (PAD.replace(":name", ":names"), "'{draw}' has no option 'names'"),
    ],
)
def test_what_cannot_be_read_or_planned_is_told_at_its_line(tmp_path: Path, pad: str, problem: str) -> None:
    try:
        (error,) = plan_drawing(tmp_path, f"## Slide\n\n{pad}").errors
    except LectureError as caught:
        error = caught
    assert error.problem == problem
    assert error.where
    assert error.where.line in (6, 7)


def test_an_experiment_of_another_recipe_is_told(tmp_path: Path) -> None:
    with pytest.raises(LectureError, match="experiment 'live' writes no network for a page"):
        drawing_document(tmp_path, {name: RESULTS[name] for name in ("layers", "maps")})
