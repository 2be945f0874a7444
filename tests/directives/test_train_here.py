"""`{train_here}` brings what a page needs to train, and a still and a table where it cannot."""

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from training_lecture import ROOT, TEXT, of_bars, plan_training, trained_document

from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides
from lectures.experiments.parts.page_pictures import pack_pictures


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return trained_document(tmp_path_factory.mktemp("trained") / "project", *of_bars())


def tree_of(page: bytes) -> BeautifulSoup:
    return BeautifulSoup(page.decode(), "html.parser")


@pytest.mark.parametrize("module", [handout, slides])
def test_a_page_has_the_settings_the_pictures_and_the_worker(document: Document, module: Any) -> None:
    page = tree_of(module.export(document, ROOT))
    settings = json.loads(page.find(id="fig-tried-live").text)
    assert settings["trained_on"] == 120
    assert [curve["rate"] for curve in settings["keras"]] == [0.001, 0.03, 1000]
    assert page.find(id="fig-tried-live-bytes").text
    assert "makeLearner" in page.find(id="worker-train_here").text
    assert "worker-src blob:" in page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]


def test_without_scripts_there_are_a_still_and_a_table(document: Document) -> None:
    still = tree_of(handout.export(document, ROOT)).select_one(".train .widget-still")
    assert still.select_one("svg.still")["aria-label"].startswith("Training loss")
    assert [cell.text for cell in still.select("tbody tr:first-child > *")] == ["0.001", "7", "7", "7"]


def test_a_notebook_has_the_still_and_the_table(document: Document) -> None:
    cells = json.loads(notebook.export(document, ROOT))["cells"]
    (cell,) = [cell for cell in cells if "attachments" in cell]
    assert "| 0.03 | 7 | 7 | 7 |" in "".join(cell["source"])


def test_what_the_experiment_lacks_is_told_at_the_line(tmp_path: Path) -> None:
    facts, packed = of_bars()
    lacking = {name: value for name, value in facts.items() if name != "momentum"}
    with pytest.raises(SourceError, match="a page cannot train by 'tiny': it has no 'momentum'"):
        trained_document(tmp_path / "a", lacking, packed)
    with pytest.raises(SourceError, match="it has no 'packed'") as caught:
        trained_document(tmp_path / "b", facts, None)
    assert caught.value.where.line == 8


@pytest.mark.parametrize(
    ("written", "problem"),
    [(":::{train_here}\n:::", "'{train_here}' needs an experiment"),
     (":::{train_here} tiny\n:vary: a = 1\n:::", "'{train_here}' has no option 'vary'"),
     (":::{train_here} tyni\n:::", "there is no experiment 'tyni'")],
)  # fmt: skip
def test_mistakes_are_told(tmp_path: Path, written: str, problem: str) -> None:
    text = TEXT[: TEXT.index(":::{train_here}")] + written + "\n"
    try:
        problems = [error.problem for error in plan_training(tmp_path / "project", text).errors]
    except SourceError as error:
        problems = [error.problem]
    assert problem in problems


@given(st.integers(2, 16), st.integers(1, 5), st.integers(1, 3), st.integers(0, 100))
def test_packed_pictures_are_those_that_were_packed(levels: int, count: int, side: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    pictures, labels = random.integers(0, levels, (count, side, side)), random.integers(0, 10, count)
    unpacked = np.frombuffer(zlib.decompress(pack_pictures(pictures, labels, levels).tobytes(), -15), np.uint8)
    bits = 2 if levels <= 4 else 4
    parts = (unpacked[:-count, None] >> np.arange(0, 8, bits)) & ((1 << bits) - 1)
    np.testing.assert_array_equal(parts.ravel()[: pictures.size], pictures.ravel())
    np.testing.assert_array_equal(unpacked[-count:], labels)


@pytest.mark.parametrize(("levels", "most"), [(17, 3), (4, 4)])
def test_pictures_that_do_not_fit_are_refused(levels: int, most: int) -> None:
    with pytest.raises(ValueError, match="levels of gray"):
        pack_pictures(np.full((1, 2, 2), most), np.zeros(1), levels)
