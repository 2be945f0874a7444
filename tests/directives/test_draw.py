"""A pad before a network: what is refused at its line, and what each page makes of it."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from drawing_lecture import PAD, ROOT, drawing_document, plan_drawing

from generator.directives.draw import write_share
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


STUDIED = PAD.replace(":name", ":channels: study\n:name")
STUDY: dict[str, Any] = {
    "network": sha256(RESULTS["network"]["weights"].tobytes()).hexdigest(),
    "digit": sha256(RESULTS["maps"]["input"].tobytes()).hexdigest(), "searched": 1, "patches": 1, "levels": 4,
    "layers": [{"name": "maps", "channels": 2, "patch": [2, 2]}],
    "packed": {"maps": np.arange(5, dtype=np.uint8)},
    "silenced": {
        "judged_on": 1000, "label": 5, "all": {"right": 970, "answer": 5, "share": 0.99984},
        "rows": [{"layer": "maps", "channel": 2, "right": 963, "answer": 3, "share": 0.25}],
    },
}  # fmt: skip


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
        (STUDIED.replace("study", "studdy"), "there is no experiment 'studdy'"),
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


def studied(folder: Path, results: dict[str, Any], study: dict[str, Any]) -> Document:
    return drawing_document(folder, results, f"## Slide\n\n{STUDIED}", study)


def test_pages_hold_the_packed_patches_and_the_table(tmp_path: Path) -> None:
    document = studied(tmp_path, RESULTS, STUDY)
    page = BeautifulSoup(handout.export(document, ROOT).decode(), "html.parser")
    assert b64decode(page.find(id="channels-study-bytes").text) == bytes(range(5))
    assert json.loads(page.find(id="channels-study").text)["layers"] == [
        {"name": "maps", "channels": 2, "patch": [2, 2], "bytes": 5}
    ]
    cells = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.select(".draw-table tr")]
    assert cells == [
        ["silenced", "right of 1,000", "answer to this digit", "probability of 5"],
        ["no channel", "970", "5", "99.98 %"],
        ["maps, channel 2", "963", "3", "25.00 %"],
    ]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0.00 %"),
        (0.00004, "< 0.01 %"),
        (0.25, "25.00 %"),
        (0.99994, "99.99 %"),
        (0.99996, "> 99.99 %"),
        (1.0, "100.00 %"),
    ],
)
def test_a_probability_that_is_nearly_one_is_not_said_to_be_one(share: float, text: str) -> None:
    assert write_share(share) == text


def test_the_notebook_has_the_table(tmp_path: Path) -> None:
    cells = nbformat.reads(notebook.export(studied(tmp_path, RESULTS, STUDY), ROOT).decode(), 4).cells
    (cell,) = (cell for cell in cells if "Draw here." in cell.source)
    assert "| maps, channel 2 | 963 | 3 | 25.00 % |" in cell.source


@pytest.mark.parametrize(
    ("study", "problem"),
    [
        ({}, "'study' has no result 'layers'"),
        (STUDY | {"network": "0"}, "'study' has studied another network than 'live'"),
        (STUDY | {"digit": "0"}, "'study' has studied another digit than 'live'"),
    ],
)
def test_a_study_of_another_network_is_told_at_its_line(tmp_path: Path, study: dict[str, Any], problem: str) -> None:
    with pytest.raises(LectureError, match=problem) as caught:
        studied(tmp_path, RESULTS, study)
    assert caught.value.where
    assert caught.value.where.line == 7


def test_an_experiment_of_another_recipe_is_told(tmp_path: Path) -> None:
    with pytest.raises(LectureError, match="experiment 'live' writes no network for a page"):
        drawing_document(tmp_path, {name: RESULTS[name] for name in ("layers", "maps")})
