"""Runs the code blocks of a lecture as notebook cells in one kernel and saves their outputs; knows no lecture."""

import json
import os
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from generator.theme import LIGHT, PLOT_MAP

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
TIMEOUT = 600  # seconds per cell
# The variable by which Matplotlib draws without a screen in all other jobs. With it a cell's plot would vanish; without
# it Jupyter makes it an output, as it will for the students.
PLOTS_WITHOUT_SCREEN = "MPLBACKEND"


# How Matplotlib draws what a cell plots: as a drawing, and as a picture for one of too many points; without dates and
# names made at random; in the colors of the theme, with the outlines that slides are wide enough for.
PLOTS = {
    "figure_formats": "{'png', 'svg'}",
    "print_figure_kwargs": {"bbox_inches": "tight", "metadata": {"Date": None}},
    "rc": {
        "svg.hashsalt": "plot", "figure.figsize": (8.0, 4.5), "savefig.dpi": 160, "font.size": 14,
        "lines.linewidth": 2.5, "axes.spines.top": False, "axes.spines.right": False, "text.color": LIGHT.ink,
        "axes.labelcolor": LIGHT.ink, "axes.edgecolor": LIGHT.muted, "xtick.color": LIGHT.muted,
        "ytick.color": LIGHT.muted, "grid.color": LIGHT.rule,
        "axes.prop_cycle": f"cycler('color', {[LIGHT.input, LIGHT.kernel, LIGHT.output, LIGHT.window, LIGHT.padding]})",
        "image.cmap": PLOT_MAP,
    },
}  # fmt: skip


class CellError(Exception):
    """Raised when a cell raises; `cell` is its index among the lecture's code blocks, from 0."""

    def __init__(self, message: str, cell: int) -> None:
        super().__init__(message)
        self.cell = cell


def run(_: ModuleType, arguments: dict[str, Any], out: Path) -> dict[str, Any]:
    """Run `arguments["cells"]`, strings of Python code, in order; write `outputs.json`, with nbformat outputs per cell.

    Returns no facts. Raises CellError at the first cell that raises.
    """
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in arguments["cells"]])
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": "."}},
        extra_arguments=[
            "--IPKernelApp.capture_fd_output=False",  # keep what C++ code prints out of the outputs
            "--IPKernelApp.extra_extensions=generator.runners.observing",
            *(f"--InlineBackend.{name}={value}" for name, value in PLOTS.items()),
        ],
    )
    try:
        client.execute(env={name: value for name, value in os.environ.items() if name != PLOTS_WITHOUT_SCREEN})
    except CellExecutionError as error:
        done = sum(cell.get("execution_count") is not None for cell in notebook.cells)
        raise CellError(f"{error.ename}: {error.evalue}", max(0, done - 1)) from None
    outputs = [[plain(output) for output in cell.outputs] for cell in notebook.cells]
    (out / "outputs.json").write_text(json.dumps(outputs, sort_keys=True), encoding="utf-8")
    return {}


def plain(output: Any) -> Any:
    """Return an output without what differs between runs: the execution count and memory addresses in text."""
    fields = {key: value for key, value in output.items() if key != "execution_count"}
    if fields["output_type"] == "execute_result":
        fields["output_type"] = "display_data"
    if "data" in fields:  # the letters of a picture may look like an address, and are none
        fields["data"] = {
            name: without_addresses(value) if name.startswith("text/") else value
            for name, value in fields["data"].items()
        }
        return fields
    return without_addresses(fields)


def without_addresses(value: Any) -> Any:
    """Return a value of JSON with every memory address in its texts replaced."""
    return json.loads(ADDRESS.sub("0x…", json.dumps(value)))
