"""Runs a lecture's code, cell after cell in one kernel, and keeps what each cell printed; knows no lecture."""

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
TIMEOUT = 600  # seconds a cell may take


class CellError(Exception):
    """A cell that raised: `cell` is its place among the lecture's code blocks, counted from 0."""

    def __init__(self, message: str, cell: int) -> None:
        super().__init__(message)
        self.cell = cell


def run(_: ModuleType, arguments: dict[str, Any], out: Path) -> dict[str, Any]:
    """Run `arguments["cells"]`, texts of Python, in order; write `outputs.json`, a list of nbformat outputs a cell.

    Raises CellError at the first cell that raises; returns no facts.
    """
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in arguments["cells"]])
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": "."}},
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],  # what C++ code prints is not the cell's output
    )
    try:
        client.execute()
    except CellExecutionError as error:
        done = sum(cell.get("execution_count") is not None for cell in notebook.cells)
        raise CellError(f"{error.ename}: {error.evalue}", max(0, done - 1)) from None
    outputs = [[plain(output) for output in cell.outputs] for cell in notebook.cells]
    (out / "outputs.json").write_text(json.dumps(outputs, sort_keys=True), encoding="utf-8")
    return {}


def plain(output: Any) -> Any:
    """Return an output without what differs from run to run: its count, and addresses in memory."""
    fields = {key: value for key, value in output.items() if key != "execution_count"}
    if fields["output_type"] == "execute_result":
        fields["output_type"] = "display_data"
    text = json.dumps(fields)
    return json.loads(ADDRESS.sub("0x…", text))
