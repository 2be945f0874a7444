"""The notebooks that students get run from top to bottom in a fresh session, with nothing of the project beside them."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
# `tests/run` builds the lectures of the default first, .ci/run all others into another folder.
NOTEBOOKS = {
    path.parent.name: path
    for pages in ("course", "quick")
    for path in (ROOT / "build" / pages).glob("*/notebook.ipynb")
}


def test_there_are_notebooks_to_run():
    assert NOTEBOOKS, "build them: make lecture PROFILE=quick INTO=…"


@pytest.mark.slow
@pytest.mark.parametrize("lecture", sorted(NOTEBOOKS))
def test_a_notebook_of_students_runs_from_top_to_bottom(lecture, tmp_path):
    notebook = nbformat.read(NOTEBOOKS[lecture], 4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()
    assert any(cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code")
