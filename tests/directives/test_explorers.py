"""`{convolution_explorer}` and `{pooling_explorer}` bring their numbers into the page, and a still where nothing runs."""

import json
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from exploring_lecture import CONVOLUTION, MAP, ROOT, explored_document, plan_exploring

from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides
from lectures.experiments.page_values import measure


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return explored_document(tmp_path_factory.mktemp("explored") / "project")


@pytest.mark.parametrize("module", [handout, slides])
def test_a_page_has_the_numbers_that_the_lecture_names(document: Document, module) -> None:
    page = BeautifulSoup(module.export(document, ROOT).decode(), "html.parser")
    values = json.loads(page.find(id="fig-moving-live").text)
    assert values["input"] == json.loads(page.find(id="fig-pooled-live").text)["input"] == MAP
    assert values["kernels"][0][2] == [0, 0, -0.5]
    assert (values["strides"], values["padding"], values["kernel"][1]) == (2, "valid", [2, 0, -2])


def test_without_scripts_the_stills_are_there(document: Document) -> None:
    page = BeautifulSoup(handout.export(document, ROOT).decode(), "html.parser")
    assert len(page.select(".widget > .widget-still svg.still")) == 2
    assert all(live.has_attr("hidden") for live in page.select(".widget-live"))


def test_a_notebook_has_the_stills(document: Document) -> None:
    cells = json.loads(notebook.export(document, ROOT))["cells"]
    assert sum("attachments" in cell for cell in cells) == 2


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [((":strides: 2", ":strides: 4"), "'strides' cannot begin with 4"),
     ((":strides: 2", ":padding: full"), "'padding' cannot begin with full"),
     ((":strides: 2", ":view: film"), "'{convolution_explorer}' has no option 'view'"),
     (("[2, 0, -2], ", ""), "a reader begins with a kernel of three rows of three numbers")],
)  # fmt: skip
def test_what_a_page_cannot_begin_with_is_told(tmp_path: Path, wrong: tuple[str, str], problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        plan_exploring(tmp_path / "project", f"## A\n\n{CONVOLUTION.replace(*wrong)}")
    assert caught.value.problem == problem


@pytest.mark.parametrize("wrong", [{"input": [1, 2]}, {"input": [[np.inf]]}, {"input": [[1]], "kernels": [[1]]}])
def test_tables_of_another_shape_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="give numbers with"):
        measure(**wrong)
