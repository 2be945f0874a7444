"""A small made-up lecture with every kind of cell in it, its pictures drawn here and its film encoded here."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Any

import av
import nbformat
import numpy as np
from nbformat import NotebookNode
from PIL import Image

from generator.theme import DARK, FILM_HEIGHT, FILM_WIDTH, LIGHT

MARKS = [0.5, 1.2, 2.0, 3.0]
STEPS = ["The window stands at the upper left.", "It moves one column to the right.", "It reaches the last column."]
SPOKEN = "Ask for the size before pressing the key."
SOLVED = "Twenty-six, because a window of three fits in 26 places."
VERDICT = "3 seeds each: mean 0.9911 (standard deviation 0.00047) against mean 0.9789; margin 0.0122."

FRONT: dict[str, Any] = {
    "name": "sample", "title": "What a convolution sees", "subtitle": "Windows, kernels and the maps they leave",
    "edition": "",
    "author": "Ada Beispiel", "lang": "en", "minutes": 45, "profile": "full", "theme": "light",
    "provenance": ["mnist_convnet: experiment mnist_convnet, seed 0, 1, 2", "data: mnist, SHA-256 731c5ac602752760…",
                   "made with keras 3.15.1, tensorflow-cpu 2.21.0, matplotlib 3.11.0, manim 0.22.0"],
    "rule_of_verdicts": "“Higher in all seeds” is said only where every run of the one is above every run of the other.",
    "previous": {"title": "Pixels and networks", "name": "pixels"},
    "next": {"title": "Small data", "name": "small_data"},
}  # fmt: skip

CODE = """import keras
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),               # height, width, channels
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.count_params()"""


def sample_notebook(**front: Any) -> NotebookNode:
    """Return the lecture's notebook; `front` replaces entries of its front matter."""
    notebook = nbformat.v4.new_notebook(metadata={"lectern": {**FRONT, **front}})
    for writer in (_opening, _convolution, _code_and_numbers, _questions):
        writer(notebook.cells)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:04d}"
    return notebook


def sample_assets() -> dict[str, dict[str, bytes]]:
    """Return the files of the lecture's figures: a film with panels, a still, and a strip."""
    panels = {}
    for at in range(len(STEPS)):
        panels |= picture(f"step_{at:02d}", 420, 320, at + 1)
    still = picture("still", 1280, 600, 4)
    return {
        "fig-1": {**still, **panels, **stops(), "film.mp4": film(MARKS[-1]), "film_small.mp4": film(MARKS[-1])},
        "fig-2": picture("still", 1280, 600, 2),
        "fig-3": {**still, **panels},
        "fig-4": picture("still", 540, 440, 3),
    }


def picture(stem: str, width: int, height: int, lit: int) -> dict[str, bytes]:
    """Return the files of a drawing: on its own, and to stand in a page."""
    alone = drawing(width, height, lit)
    inline = alone.replace(f' xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'.encode(), b"", 1)
    return {f"{stem}.svg": alone, f"{stem}.inline.svg": inline, f"{stem}.adaptive.svg": adaptive(inline)}


def adaptive(drawn: bytes) -> bytes:
    """Return a drawing in light colors as one whose colors follow the page."""
    for role, color in asdict(LIGHT).items():
        drawn = drawn.replace(f'"{color}"'.encode(), f'"var(--c{getattr(DARK, role)[1:]},{color})"'.encode())
    return drawn


def drawing(width: int, height: int, lit: int) -> bytes:
    """Return an SVG of a grid under a window, with `lit` of its cells in the output's colour."""
    size = min(width // 14, height // 8)
    cells = [
        f'<rect x="{x * size}" y="{y * size}" width="{size}" height="{size}" stroke="{LIGHT.ink}" '
        f'fill="{LIGHT.output_tint if x < lit else LIGHT.input_tint}"/>'
        for x in range(7) for y in range(7)
    ]  # fmt: skip
    text = f'<text x="{8 * size}" y="{2 * size}" font-size="{size // 2}" fill="{LIGHT.ink}">step {lit}</text>'
    window = f'<rect width="{3 * size}" height="{3 * size}" fill="none" stroke="{LIGHT.window}" stroke-width="6"/>'
    frame = (
        f'<rect width="{width}" height="{height}" fill="{LIGHT.paper}"/><g transform="translate({size} {size // 2})">'
    )
    opened = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    )
    return f"{opened}{frame}{''.join(cells)}{text}{window}</g></svg>".encode()


def ink_of(width: int, height: int) -> list[int]:
    """Return the left, top, right and bottom of what a drawing shows."""
    size = min(width // 14, height // 8)
    return [size - 3, size // 2 - 3, 10 * size, size // 2 + 7 * size + 1]


RATE = 30  # frames a second of the film below


@cache
def film(seconds: float) -> bytes:
    """Return an mp4 in which frame n shows n: as black and white bars, the first the bit for 1."""
    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video: Any = container.add_stream("libx264", rate=RATE, options={"crf": "26", "threads": "1"})
        video.width, video.height, video.pix_fmt = FILM_WIDTH, FILM_HEIGHT, "yuv420p"
        video.time_base = Fraction(1, RATE)
        for number in range(round(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(numbered_frame(number), format="rgb24")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return stream.getvalue()


@cache
def stops() -> dict[str, bytes]:
    """Return what the film shows at each mark: what has changed since the mark before, the rest is transparent."""
    files, before = {}, np.full((FILM_HEIGHT, FILM_WIDTH, 3), -1)
    for at, mark in enumerate(MARKS):
        picture = numbered_frame(number_at(mark))
        opaque = np.where((picture != before).any(axis=-1), 255, 0).astype(np.uint8)
        stream = BytesIO()
        Image.fromarray(np.dstack([picture, opaque])).save(stream, "webp", lossless=True)
        files[f"mark_{at:02}.webp"] = stream.getvalue()
        before = picture
    return files


def number_at(mark: float) -> int:
    """Return the number that the film shows at a time; at its end, that of its last frame."""
    return min(round(mark * RATE), round(MARKS[-1] * RATE) - 1)


def numbered_frame(number: int) -> np.ndarray:
    """Return a picture of FILM_HEIGHT x FILM_WIDTH x 3 bytes: eight bars that spell `number`, on white."""
    picture = np.full((FILM_HEIGHT, FILM_WIDTH, 3), 255, np.uint8)
    bar = FILM_WIDTH // 8
    for bit in range(8):
        if number >> bit & 1:
            picture[:, bit * bar : (bit + 1) * bar] = (22, 32, 46)
    return picture


def add_cell(
    cells: list[NotebookNode], kind: str, source: str = "", said: Mapping[str, Any] | None = None, **facts: Any
) -> NotebookNode:
    """Append a cell; `said` or `facts` are what cells of its kind say, but for its anchor, its audience and its group."""
    if kind in ("part", "slide"):
        facts["title"] = source.lstrip("# ")
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell = make(source)
    general = {name: facts.pop(name) for name in ("audience", "group") if name in facts}
    anchor = facts.pop("anchor", "")
    facts = {**facts, **(said or {})}
    cell.metadata["lectern"] = {"kind": kind, "slide": anchor, "line": len(cells) + 1, **general, "cell": facts}
    cell.metadata["slideshow"] = {"slide_type": {"part": "slide", "slide": "slide", "notes": "notes"}.get(kind, "-")}
    cells.append(cell)
    return cell


def add_figure(
    cells: list[NotebookNode], number: int, view: str, size: tuple[int, int] = (1280, 600), **facts: Any
) -> None:
    name, (width, height) = f"fig-{number}", size
    described = {
        "id": name, "number": number, "kind": "convolution", "caption": f"A window of $3 \\times 3$, picture {number}.",
        "alt": f"A grid of 7 by 7 cells under a window of 3 by 3, in picture {number}.", "steps": [], "marks": None,
        "seconds": None, "width": width, "height": height, "ink": ink_of(width, height), "view": view, **facts,
    }  # fmt: skip
    add_cell(cells, "figure", f"![{described['alt']}](attachment:still.svg)", described)


def _opening(cells: list[NotebookNode]) -> None:
    add_cell(cells, "slide", "## Agenda", anchor="agenda")
    add_cell(cells, "agenda")
    add_cell(cells, "notes", "Welcome them.")


def _convolution(cells: list[NotebookNode]) -> None:
    add_cell(cells, "part", "# Convolution, one number at a time", anchor="part-a")
    add_cell(cells, "prose", "A kernel is a question that is asked at every place.")
    add_cell(cells, "slide", "## A window slides over the input", anchor="window", minutes=3)
    add_figure(cells, 1, "film", steps=STEPS, marks=MARKS, seconds=MARKS[-1])
    add_cell(cells, "notes", f"{SPOKEN}\n\n- one\n- two")
    add_cell(
        cells,
        "slide",
        "## Stride is a step length, and a long title may well take up a second line of the slide",
        anchor="stride",
        minutes=5,
    )
    add_cell(
        cells,
        "prose",
        "The window moves by `strides` places, so the map has\n\n$$n_\\text{out} = \\left\\lfloor \\frac{n + 2p - k}{s} \\right\\rfloor + 1$$\n\nplaces along each axis.",
    )
    add_cell(
        cells,
        "incremental",
        "- **Stride 1** asks everywhere.\n- **Stride 2** asks at every second place, and *drops* what is left over: $11 \\to 5$.\n  - see [figure 2](#fig-2)\n- Anything else is rare.",
    )
    add_cell(cells, "pause")
    add_cell(cells, "prose", "> The last partial window is dropped.")
    add_cell(cells, "slide", "## One still picture", anchor="still")
    add_figure(cells, 2, "still")
    add_cell(cells, "slide", "## Three steps side by side", anchor="strip")
    add_figure(cells, 3, "strip", steps=STEPS)
    add_cell(cells, "slide", "## Text beside a picture", anchor="beside")
    add_cell(cells, "columns", group="begin")
    add_cell(
        cells,
        "prose",
        "The same kernel at every place:\n\n1. fewer weights,\n2. the same answer for the same patch,\n3. a map that shifts when the input shifts.",
    )
    add_cell(cells, "prose", "Only on this page: a longer explanation.", audience="handout")
    add_cell(cells, "columns", group="next")
    add_figure(cells, 4, "still", (540, 440))
    add_cell(cells, "columns", group="end")


def _code_and_numbers(cells: list[NotebookNode]) -> None:
    add_cell(cells, "part", "# What was measured", anchor="part-b")
    add_cell(cells, "slide", "## The network in `keras`", anchor="code", minutes=4)
    code = add_cell(cells, "code", CODE, language="python", caption="The smallest convnet", highlight=[[5], [6, 7], [8, 9]],
                source_file="lectures/experiments/mnist_convnet.py")  # fmt: skip
    code["execution_count"] = 1
    code["outputs"] = [nbformat.v4.new_output("execute_result", {"text/plain": "54410"}, execution_count=1)]
    add_cell(cells, "slide", "## Accuracy of five networks", anchor="table", minutes=3)
    add_cell(cells, "prose", "| network | parameters | multiplications | test accuracy |\n|:--|--:|--:|:-:|\n"
         "| dense, 512 | 407,050 | 0.41 M | <data class=\"value\" value=\"0.9788\" title=\"mnist_dense, seed 0\">97.9 %</data> |\n"
         "| convolution, max pooling | 93,322 | 2.79 M | <data class=\"value\" value=\"0.9912\" title=\"mnist_convnet, seed 0\">99.1 %</data> |\n"
         "| convolution, shuffled pixels | 93,322 | 2.79 M | 92.4 % |")  # fmt: skip
    add_cell(cells, "claim", "Convolution reaches **99.1 %**, dense 97.9 %: less than half the errors.", experiment="mnist_convnet",
         condition="conv.accuracy > dense.accuracy", holds=True, measured="Measured with 3 seeds", detail=VERDICT)  # fmt: skip
    add_cell(
        cells,
        "prose",
        "The accuracy of convolution is "
        f'<span class="verdict" title="{VERDICT}">higher in all 3 seeds than</span> that of dense layers.',
    )
    add_cell(cells, "slide", "## Code that prints, and code that fails", anchor="prints")
    prints = add_cell(
        cells,
        "code",
        "for size in (28, 26, 13):\n    print(size - 2)",
        language="python",
        caption="",
        source_file="",
        highlight=[],
    )
    prints["outputs"] = [nbformat.v4.new_output("stream", name="stdout", text="26\n24\n11\n")]
    fails = add_cell(cells, "code", "model.add()", language="python", caption="", source_file="", highlight=[])
    fails["outputs"] = [
        nbformat.v4.new_output(
            "error",
            ename="TypeError",
            evalue="add() missing 1 argument: 'layer'",
            traceback=["\x1b[31mTypeError\x1b[0m"],
        )
    ]


def _questions(cells: list[NotebookNode]) -> None:
    add_cell(cells, "part", "# Check yourself", anchor="part-c")
    add_cell(cells, "slide", "## How large is the map?", anchor="quiz")
    add_cell(cells, "quiz", "An input of $28 \\times 28$ meets a kernel of $3 \\times 3$ without padding. How large is the map?",
         options=["$28 \\times 28$", "$26 \\times 26$", "$25 \\times 25$"], answer=1,
         feedback=["That is so with padding.", "", "A window of three begins at one place more."],
         explanation="A window of three fits in **26** places along an axis of 28.")  # fmt: skip
    add_cell(cells, "slide", "## An exercise", anchor="exercise")
    add_cell(cells, "exercise", group="begin")
    add_cell(cells, "prose", "Compute the size of the map for a stride of 2, by hand.")
    add_cell(cells, "exercise", group="end")
    for kind, text, group in (("solution", "", "begin"), ("prose", SOLVED, ""), ("solution", "", "end")):
        add_cell(cells, kind, text, audience="teacher", group=group)
    add_cell(cells, "slide", "## Recap", anchor="recap")
    add_cell(cells, "recap")
