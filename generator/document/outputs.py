"""What code printed and showed, for pages: text as a terminal would leave it, pictures, tables, Markdown, formulas.

`unshown` says which outputs no page can show, so that whoever composes a lecture can warn of them.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from generator.document.terminal import MOVING, terminal_runs, terminal_text

STAND_IN: Final = re.compile(r"<.*>|", re.DOTALL)  # what Python shows of an object that has no text
PROGRAM: Final = re.compile(r"<(?:script|iframe|object|embed|canvas|video|audio|form)\b", re.IGNORECASE)
LARGEST_DRAWING: Final = 400_000  # characters of an SVG; one with more, such as of many points, is shown as its PNG
MEDIA: Final = {"image": "a picture", "video": "a film", "audio": "sound", "application": "a program", "text": "HTML"}


def settle(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a notebook output with its text as a terminal leaves it, if it moves the cursor; else the output itself.

    Jupyter colors text, so colors are left to it where nothing is written over. Of a picture that is there as a drawing
    and as pixels, the form stays that pages show.
    """
    data = output.get("data", {})
    if "image/svg+xml" in data and "image/png" in data:
        left_out = "image/png" if picture_address(data).startswith("data:image/svg") else "image/svg+xml"
        return {**output, "data": {name: form for name, form in data.items() if name != left_out}}
    text = joined(output.get("text", ""))
    return {**output, "text": terminal_text(text)} if MOVING.search(text) else output


def output_text(output: Mapping[str, Any]) -> str:
    """Return a notebook output as plain text, of a traceback the last line; empty if the output holds no text."""
    return terminal_text(printed_text(output)).rstrip()


def printed_text(output: Mapping[str, Any]) -> str:
    """Return the text of a notebook output as it was printed, of a traceback the last line."""
    kind = output["output_type"]
    if kind == "stream":
        text = joined(output["text"])
    elif kind == "error":
        text = f"{output['ename']}: {output['evalue']}"
    else:
        plain = joined(output["data"].get("text/plain", ""))
        text = "" if len(output["data"]) > 1 and STAND_IN.fullmatch(plain) else plain
    return text


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """An output as a page shows it.

    kind: what `content` is: text, the message of an error, the data address of a picture, HTML that is not yet safe, or
    Markdown. text: what says the same as plain text; empty if nothing does. runs: the pieces of printed text, each with
    the classes of its colors, if it has any.
    """

    kind: Literal["text", "error", "picture", "html", "markdown"]
    content: str
    text: str = ""
    runs: tuple[tuple[str, str], ...] = ()


def shown_output(output: Mapping[str, Any]) -> ShownOutput | None:
    """Return an output in the richest of its forms that pages can show; None if there is none, or it is empty."""
    data = {name: joined(text) for name, text in output.get("data", {}).items() if isinstance(text, (str, list))}
    if picture := picture_address(data):
        return ShownOutput("picture", picture)
    if "text/html" in data and not PROGRAM.search(data["text/html"]):
        return ShownOutput("html", data["text/html"], output_text(output))
    if "text/markdown" in data:
        return ShownOutput("markdown", data["text/markdown"])
    if "text/latex" in data:
        latex = data["text/latex"]
        return ShownOutput("markdown", latex if "$" in latex else f"$${latex}$$")
    runs = without_end(terminal_runs(printed_text(output)))
    text = "".join(piece for piece, _ in runs)
    kind: Literal["error", "text"] = "error" if output["output_type"] == "error" else "text"
    return ShownOutput(kind, text, text, tuple(runs)) if text else None


def without_end(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pieces of a text without the blanks and the empty lines at its end."""
    while runs and not runs[-1][0].strip():
        runs = runs[:-1]
    return [*runs[:-1], (runs[-1][0].rstrip(), runs[-1][1])] if runs else []


def picture_address(data: Mapping[str, str]) -> str:
    """Return the picture among the forms of an output as a data address; empty if there is none."""
    drawing = data.get("image/svg+xml", "")
    if drawing and (len(drawing) <= LARGEST_DRAWING or "image/png" not in data):
        return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
    for mime in ("image/png", "image/jpeg", "image/webp"):
        if data.get(mime):
            return f"data:{mime};base64,{''.join(data[mime].split())}"
    return ""


def unshown(output: Mapping[str, Any]) -> str:
    """Return what it is, in words, that a notebook output shows and no page does; empty if pages show it or its text.

    A table of Pandas is HTML, and has a text that says the same; a plot has `<Figure size 640x480 with 1 Axes>`.
    """
    data = output.get("data", {})
    rich = [name for name in data if name != "text/plain"]
    if not rich or not STAND_IN.fullmatch(joined(data.get("text/plain", ""))):
        return ""
    found = shown_output(output)
    if found is not None and found.kind != "text":
        return ""
    families = [name.partition("/")[0] for name in rich]
    return next((MEDIA[family] for family in MEDIA if family in families), f"'{rich[0]}'")


def joined(text: str | list[str]) -> str:
    """Return text of a notebook, which may be a list of lines, as one string."""
    return text if isinstance(text, str) else "".join(text)
