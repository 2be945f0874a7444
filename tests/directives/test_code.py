"""`{code}` shows what it showed: pictures with their words, tables, formulas; the slides leave out what they are told."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from generator.document.compose import compose
from generator.document.tree import Document
from generator.errors import SourceError
from generator.formats import handout, notebook, slides
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
PLOT = {"image/png": "AA==", "text/plain": "<Figure>"}
OTHER = {"image/png": "BB==", "text/plain": "<Figure>"}
TABLE = {"text/html": "<style>x{}</style><table onclick='x()'><tr><th>a</th></tr></table>", "text/plain": "  a"}


@pytest.fixture
def document(project: Path, write_lecture: Callable[..., Path], tmp_path: Path) -> Callable[..., Document]:
    """Return a function that composes a slide with code of these options that showed `data`, each a display."""

    def make(*options: str, data: list[dict[str, str]]) -> Document:
        text = "\n".join(["## A", "", ":::{code}", *options, "draw()", ":::"])
        plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
        for error in plan.errors:
            raise error
        outputs = [[{"output_type": "display_data", "metadata": {}, "data": forms} for forms in data]]
        (tmp_path / "outputs.json").write_text(json.dumps(outputs))
        ran = SimpleNamespace(files={"outputs.json": tmp_path / "outputs.json"}, facts={}, packages={})
        return compose(plan, {plan.code: ran}, Profile(), {})  # type: ignore[dict-item]

    return make


def page_of(document: Document, module: Any) -> BeautifulSoup:
    return BeautifulSoup(module.export(document, ROOT), "html.parser")


@pytest.mark.parametrize("module", [slides, handout])
def test_a_plot_stands_on_the_page_with_its_words(document: Any, module: Any) -> None:
    page = page_of(document(":alt: A wave.", data=[PLOT]), module)
    assert [(image["src"], image["alt"]) for image in page.select("img.plot")] == [
        ("data:image/png;base64,AA==", "A wave.")
    ]


def test_each_of_several_plots_has_its_own_words(document: Any) -> None:
    page = page_of(document(":alt: One. | Two.", data=[PLOT, OTHER]), handout)
    assert [image["alt"] for image in page.select("img.plot")] == ["One.", "Two."]


def test_a_plot_that_a_cell_shows_twice_is_shown_once(document: Any) -> None:
    page = page_of(document(":alt: A wave.", data=[PLOT, PLOT]), handout)
    assert len(page.select("img.plot")) == 1


@pytest.mark.parametrize("module", [slides, handout])
def test_a_table_is_a_table_without_what_pages_must_not_hold(document: Any, module: Any) -> None:
    (table,) = page_of(document(data=[TABLE]), module).select(".rich table")
    assert (table.th.text, table.attrs) == ("a", {})


@pytest.mark.parametrize(("show", "listings", "plots"), [("both", 1, 1), ("output", 0, 1), ("code", 1, 0)])
@pytest.mark.parametrize("module", [slides, handout])
def test_a_page_shows_the_part_that_is_asked_for(
    document: Any, module: Any, show: str, listings: int, plots: int
) -> None:
    page = page_of(document(f":show: {show}", *([":alt: a"] if plots else []), data=[PLOT]), module)
    assert (len(page.select("pre.listing")), len(page.select("img.plot"))) == (listings, plots)


def test_the_notebook_has_the_code_and_its_outputs_whatever_is_shown(document: Any) -> None:
    made = json.loads(notebook.export(document(":show: code", data=[PLOT]), ROOT))
    (cell,) = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    assert ("".join(cell["source"]), len(cell["outputs"])) == ("draw()", 1)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ([":alt: a | b"], "the code shows 1 picture, and ':alt:' has words for 2"),
        ([":show: picture"], "'show' is code, output or both, not 'picture'"),
    ],
)
def test_what_cannot_be_shown_so_is_told(document: Any, options: list[str], problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        document(*options, data=[PLOT])
    assert caught.value.problem == problem


def test_a_plot_without_words_is_in_the_notebook_alone_and_told(document: Any) -> None:
    made = document(data=[PLOT])
    (warning,) = made.warnings
    assert warning.problem == "the code shows a picture without words, which slides and handout leave away"
    assert [page_of(made, module).select("img.plot") for module in (slides, handout)] == [[], []]
    assert b'"image/png"' in notebook.export(made, ROOT)


def test_words_for_a_picture_that_is_not_there_are_told(document: Any) -> None:
    with pytest.raises(SourceError, match="the code shows no pictures, and ':alt:' has words for 1"):
        document(":alt: a", data=[TABLE])
