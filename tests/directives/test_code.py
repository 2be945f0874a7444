"""`{code}` shows what it showed: pictures with their words, tables, formulas; the slides leave out what they are told."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from pptx import Presentation

from generator.commands.build import build_course
from generator.directives.code.given import write_values
from generator.document.compose import OUTPUTS, compose
from generator.document.tree import Document
from generator.errors import SourceError, Where
from generator.formats import handout, notebook, powerpoint, slides
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture
from generator.theme import LIGHT

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
        outputs = [{"output_type": "display_data", "metadata": {}, "data": forms} for forms in data]
        name = OUTPUTS.format(0)
        (tmp_path / name).write_text(json.dumps(outputs))
        ran = SimpleNamespace(files={name: tmp_path / name}, facts={}, packages={})
        return compose(plan, {plan.code[0]: ran}, Profile(), {})  # type: ignore[dict-item]

    return make


def page_of(document: Document, module: Any) -> BeautifulSoup:
    return BeautifulSoup(module.export(document, ROOT), "html.parser")


@pytest.mark.parametrize("module", [slides, handout])
def test_what_is_printed_in_color_has_the_classes_of_it(document: Any, module: Any) -> None:
    page = page_of(document(data=[{"text/plain": "\x1b[31m<bad>\x1b[0m or \x1b[1mnot"}]), module)
    samp = page.select_one(".printed samp")
    assert samp is not None
    assert samp.decode_contents() == '<span class="ansi-wrong">&lt;bad&gt;</span> or <span class="ansi-bold">not</span>'
    assert ".ansi-wrong{color:var(--wrong)" in str(page).replace(" ", "")


def test_the_notebook_has_the_colors_as_jupyter_knows_them(document: Any) -> None:
    printed = "\x1b[31mbad\x1b[0m"
    cell = json.loads(notebook.export(document(data=[{"text/plain": printed}]), ROOT))["cells"][-1]
    assert "".join(cell["outputs"][0]["data"]["text/plain"]) == printed


def test_a_presentation_has_the_colors_of_what_is_printed(document: Any) -> None:
    made = Presentation(BytesIO(powerpoint.export(document(data=[{"text/plain": "\x1b[1;31mbad\x1b[0m, ok"}]), ROOT)))
    runs = [run for shape in made.slides[1].shapes if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]  # fmt: skip
    bad = next(run for run in runs if run.text == "bad")
    assert (str(bad.font.color.rgb), bad.font.bold) == (LIGHT.wrong.removeprefix("#").upper(), True)
    assert any(run.text == ", ok" and str(run.font.color.rgb) == LIGHT.ink[1:].upper() for run in runs)


def test_code_that_is_folded_opens_in_the_handout(document: Any) -> None:
    page = page_of(document(":fold: yes", data=[{"text/plain": "42"}]), handout)
    folded = page.select_one(".program > details.folded")
    assert folded is not None
    assert not folded.has_attr("open")
    assert [text.get_text(strip=True) for text in folded.select("summary, pre")] == ["Code", "draw()"]
    assert [text.get_text() for text in page.select(".program > .printed")] == ["42"]


def test_slides_say_where_code_is_that_is_folded(document: Any) -> None:
    page = page_of(document(":fold: yes", data=[{"text/plain": "42"}]), slides)
    assert not page.select(".block-code pre.listing")
    assert [text.get_text() for text in page.select(".block-code > p, .block-code > pre")] == [
        "42",
        "The code is in the handout.",
    ]


def test_a_presentation_says_where_code_is_that_is_folded(document: Any) -> None:
    made = Presentation(BytesIO(powerpoint.export(document(":fold: yes", data=[{"text/plain": "42"}]), ROOT)))
    texts = [shape.text_frame.text for shape in made.slides[1].shapes if shape.has_text_frame]
    assert "The code is in the handout." in texts
    assert not any("draw()" in text for text in texts)


def test_the_notebook_has_code_that_is_folded(document: Any) -> None:
    cell = json.loads(notebook.export(document(":fold: yes", data=[{"text/plain": "42"}]), ROOT))["cells"][-1]
    assert (cell["cell_type"], "".join(cell["source"])) == ("code", "draw()")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ([":fold: yes", ":show: output"], "there is no code to fold: only its output is shown"),
        ([":fold: yes", ":highlight: 1"], "no slide has lines to highlight of code that is folded"),
        ([":fold: maybe"], "'fold' is yes or no, not 'maybe'"),
    ],
)
def test_what_cannot_be_folded_is_told(document: Any, options: list[str], problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        document(*options, data=[])
    assert caught.value.problem == problem
    assert caught.value.where.line > 0


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


RESULTS = "experiments: {coin: toss}\n"


@pytest.fixture
def run_code(project: Path, full_project: Path, write_lecture: Callable[..., Path]) -> Callable[[str], Path]:
    """Return a function that builds a lecture with this text, and returns the folder of its pages."""

    def build(text: str) -> Path:
        write_lecture(f"## A\n\n{text}\n", RESULTS)
        assert build_course(str(full_project)) == 0
        return full_project / "build" / "sample"

    return build


def run_notebook(pages: Path, place: Path) -> Any:
    """Return the students' notebook, run from top to bottom in a fresh session in an empty folder."""
    notebook_of_students = nbformat.read(pages / "notebook.ipynb", 4)  # type: ignore[no-untyped-call]
    place.mkdir()
    NotebookClient(notebook_of_students, timeout=300, resources={"metadata": {"path": place}}).execute()
    return notebook_of_students


def printed(found: Any) -> str:
    """Return what the cells of a notebook print."""
    outputs = [output for cell in found.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


@pytest.mark.slow
def test_code_has_results_and_files_in_the_lecture_and_in_the_notebook(
    run_code: Any, full_project: Path, tmp_path: Path
) -> None:
    (full_project / "data").mkdir(exist_ok=True)
    (full_project / "data" / "words.txt").write_text("heads, tails")
    options = ":files: data/words.txt\n:use: coin.accuracy, coin.epochs as count\n"
    lines = "print(open('data/words.txt').read(), accuracy, count)\n"
    pages = run_code(f":::{{code}}\n{options}{lines}:::")
    assert "heads, tails 0.9 5" in (pages / "handout.html").read_text()
    assert printed(run_notebook(pages, tmp_path / "empty")) == "heads, tails 0.9 5\n"


@pytest.mark.slow
def test_a_failing_cell_is_told_at_its_line_where_others_have_variables(
    project: Path, full_project: Path, write_lecture: Callable[..., Path], capsys: Any
) -> None:
    good = ":::{code}\n:use: coin.accuracy, coin.epochs\nprint(accuracy)\n:::"
    write_lecture(f"## A\n\n{good}\n\n:::{{code}}\n1 / 0\n:::\n", RESULTS)
    assert build_course(str(full_project)) == 1
    assert "lectures/sample.md:13: code: ZeroDivisionError: division by zero" in capsys.readouterr().err


@pytest.mark.slow
def test_a_plot_shows_its_picture_and_nothing_else(run_code: Any) -> None:
    lines = "import matplotlib.pyplot as plt\nplt.plot([0, accuracy])\nplt.xlabel('time')"
    pages = run_code(f":::{{plot}}\n:alt: A line.\n:use: coin.accuracy\n{lines}\n:::")
    for name in ("slides.html", "handout.html"):
        page = BeautifulSoup((pages / name).read_text(), "html.parser")
        assert [image["alt"] for image in page.select("img.plot")] == ["A line."]
        assert not page.select("pre.printed, pre.listing")
    assert "plt.plot([0, accuracy])" in (pages / "notebook.ipynb").read_text()


def test_code_that_is_not_run_stands_in_the_notebook_as_text(project: Path, write_lecture: Callable[..., Path]) -> None:
    text = ":::{code}\n:run: no\n:caption: One layer.\nlayers.Dense(3)\n:::\n"
    plan = plan_lecture(read_lecture(write_lecture(f"## A\n\n{text}"), project), project, Profile())
    made = json.loads(notebook.export(compose(plan, {}, Profile(), {}), ROOT))
    assert [cell["cell_type"] for cell in made["cells"]] == ["markdown"] * 3
    assert "".join(made["cells"][-1]["source"]) == "One layer.\n\n```python\nlayers.Dense(3)\n```"


def test_what_a_notebook_holds_for_a_cell_has_an_end() -> None:
    with pytest.raises(SourceError, match=r"would hold 2\.7 MB"):
        write_values({}, {"a.bin": bytes(2 << 20)}, Where("a.md", 3))


@pytest.mark.parametrize(
    "value",
    [0.5, "a 'word'", [1, True], {"a": [1.5]}, np.arange(5), np.zeros((2, 2), np.uint8), np.linspace(0, 1, 99)],
)
def test_a_result_is_written_so_that_python_reads_it_again(value: Any) -> None:
    names: dict[str, Any] = {}
    exec(write_values({"found": value}, {}, Where("a.md", 3)), names)  # noqa: S102 - the lines above
    assert type(names["found"]) is type(value)
    assert np.array_equal(names["found"], value) if isinstance(value, np.ndarray) else names["found"] == value
    assert getattr(names["found"], "dtype", None) == getattr(value, "dtype", None)


@pytest.mark.parametrize("value", [float("nan"), -float("inf"), {"a": [float("inf"), 1.5]}])
def test_numbers_that_are_not_finite_come_to_the_notebook_too(value: Any) -> None:
    names: dict[str, Any] = {}
    exec(write_values({"found": value}, {}, Where("a.md", 3)), names)  # noqa: S102 - the lines above
    np.testing.assert_equal(names["found"], value)


def test_arrays_that_are_not_finite_come_to_the_notebook_too() -> None:
    names: dict[str, Any] = {}
    value = np.array([1, np.nan, -np.inf], np.float32)
    exec(write_values({"found": value}, {}, Where("a.md", 3)), names)  # noqa: S102 - the lines above
    assert names["found"].dtype == np.float32
    np.testing.assert_array_equal(names["found"], value)
