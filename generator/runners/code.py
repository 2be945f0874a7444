"""Runs the code blocks of a lecture as notebook cells in one kernel and saves their outputs; knows no lecture."""

import json
import os
import pickle
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from generator.runners import plain_warnings
from generator.theme import LIGHT, PLOT_MAP

# What of the text on standard error is true of one run alone, or of one machine, and what stands in its place.
PLACES = (
    (re.compile(r'File "[^"\n]*ipykernel_\d+/\d+\.py"'), 'File "<cell>"'),
    (re.compile(r'File "[^"\n]*/([^/"\n]+)"'), r'File "\1"'),
    # Of a warning that another process has shown its words: not its place, and not the line that stands there.
    (re.compile(r"^\S.*?\.py:\d+: (?=\w+: )(.*\n)(?:  .*\n)?", re.MULTILINE), r"\1"),
    # Of a line of Google's log its words: not the date, the time, the number of the thread, and the place.
    (re.compile(r"^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [^\s\]]+\] ", re.MULTILINE), ""),
)
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
TIMEOUT = 600  # seconds per cell
OUTPUTS = "outputs_{:03}.json"  # the file with the outputs of a cell, counted from 0
# The variable by which Matplotlib draws without a screen in all other jobs. With it a cell's plot would vanish; without
# it Jupyter makes it an output, as it will for the students.
PLOTS_WITHOUT_SCREEN = "MPLBACKEND"


def how_plots_look() -> dict[str, Any]:
    """Return how Matplotlib draws what a cell plots, as options of Jupyter's backend.

    As a drawing, and as a picture for one of too many points; without dates and names made at random; in the colors of
    the theme, with the outlines that slides are wide enough for.
    """
    roles = [LIGHT.input, LIGHT.kernel, LIGHT.output, LIGHT.window, LIGHT.padding]
    return {
        "figure_formats": "{'png', 'svg'}",
        "print_figure_kwargs": {"bbox_inches": "tight", "metadata": {"Date": None}},
        "rc": {
            "svg.hashsalt": "plot", "figure.figsize": (8.0, 4.5), "savefig.dpi": 160, "font.size": 14,
            "lines.linewidth": 2.5, "axes.spines.top": False, "axes.spines.right": False, "text.color": LIGHT.ink,
            "axes.labelcolor": LIGHT.ink, "axes.edgecolor": LIGHT.muted, "xtick.color": LIGHT.muted,
            "ytick.color": LIGHT.muted, "grid.color": LIGHT.rule, "axes.prop_cycle": f"cycler('color', {roles})",
            "image.cmap": PLOT_MAP,
        },
    }  # fmt: skip


class CellError(Exception):
    """Raised when a cell raises; `cell` is its index among the lecture's code blocks, from 0."""

    def __init__(self, message: str, cell: int) -> None:
        super().__init__(message)
        self.cell = cell


def run(_: ModuleType, arguments: dict[str, Any], out: Path) -> dict[str, Any]:
    """Run `arguments["cells"]`, strings of Python code, in order; write the nbformat outputs of each as JSON.

    An argument `use 2 way` is the value of the variable `way` from the third cell on; an argument `file data/x.csv` is
    the path of a file that the cells find as `data/x.csv`. Returns no facts. Raises CellError at the first cell that
    raises.
    """
    place = Path("cells")
    place.mkdir()
    given = put_given(arguments, place)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(text, metadata={"is_given": is_given})
            for number, cell in enumerate(arguments["cells"])
            for text, is_given in (*((line, True) for line in given.get(number, [])), (cell, False))
        ]
    )
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(place)}},
        extra_arguments=[
            "--IPKernelApp.capture_fd_output=False",  # keep what C++ code prints out of the outputs
            "--IPKernelApp.extra_extensions=generator.runners.observing",
            f"--IPKernelApp.extra_extensions={plain_warnings.__name__}",
            *(f"--InlineBackend.{name}={value}" for name, value in how_plots_look().items()),
        ],
    )
    try:
        client.execute(env={name: value for name, value in os.environ.items() if name != PLOTS_WITHOUT_SCREEN})
    except CellExecutionError as error:
        done = sum(cell.get("execution_count") is not None for cell in written_cells(notebook))
        raise CellError(f"{error.ename}: {error.evalue}", max(0, done - 1)) from None
    for number, cell in enumerate(written_cells(notebook)):
        outputs = [plain(output) for output in cell.outputs]
        (out / OUTPUTS.format(number)).write_text(json.dumps(outputs, sort_keys=True), encoding="utf-8")
    return {}


def written_cells(notebook: Any) -> list[Any]:
    """Return the cells that the lecture has, without those that give them variables."""
    return [cell for cell in notebook.cells if not cell.metadata["is_given"]]


def put_given(arguments: Mapping[str, Any], place: Path) -> dict[int, list[str]]:
    """Put what the cells are given into `place`: files under their names, and values, which are read by lines of code.

    Returns these lines, by the number of the cell that they stand before.
    """
    lines: dict[int, list[str]] = {}
    for name, value in arguments.items():
        kind, _, rest = name.partition(" ")
        if kind == "file":
            (place / rest).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(value, place / rest)
        elif kind == "use":
            cell, _, variable = rest.partition(" ")
            path = place / ".given" / f"{cell}_{variable}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(pickle.dumps(as_plain(value)))
            shown = path.relative_to(place).as_posix()
            line = f"{variable} = __import__('pickle').loads(__import__('pathlib').Path({shown!r}).read_bytes())"
            lines.setdefault(int(cell), []).append(line)
    return lines


def as_plain(value: Any) -> Any:
    """Return a result as dictionaries and lists of numbers, texts and arrays."""
    if isinstance(value, Mapping):
        return {name: as_plain(part) for name, part in value.items()}
    return [as_plain(part) for part in value] if isinstance(value, list) else value


def plain(output: Any) -> Any:
    """Return an output without what differs between runs: the execution count, memory addresses and places in text."""
    fields = {key: value for key, value in output.items() if key != "execution_count"}
    if fields.get("name") == "stderr":
        for place, shown in PLACES:
            fields["text"] = place.sub(shown, fields["text"])
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
