"""The notebooks that students get run from top to bottom in a fresh session, with nothing of the project beside them."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "build" / "quick").glob("*/notebook.ipynb"))  # `tests/run` builds them first
LECTURES = [path.stem for path in sorted((ROOT / "lectures").glob("*.md")) if path.stem != "glossary"]


def test_every_lecture_has_a_notebook_here():
    assert {path.parent.name for path in NOTEBOOKS} >= set(LECTURES), "build them: make lecture PROFILE=quick INTO=…"


@pytest.mark.slow
@pytest.mark.parametrize("lecture", LECTURES)
def test_a_notebook_of_students_runs_from_top_to_bottom(lecture, tmp_path):
    notebook = nbformat.read(ROOT / "build" / "quick" / lecture / "notebook.ipynb", 4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()
    assert any(cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code")
