"""What code printed and showed, for pages: text as a terminal would leave it, pictures, tables, Markdown, formulas.

`unshown` says which outputs no page can show, so that whoever composes a lecture can warn of them.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

# The sequences by which programs color text and move the cursor, as ECMA-48 has them; then all single characters.
TOKEN: Final = re.compile(
    r"\x1b\[(?P<number>[0-?]*)[ -/]*(?P<command>[@-~])|\x1b\].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|(?P<letter>.)",
    re.DOTALL,
)
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all control characters but the tab and the line feed
MOVING: Final = re.compile(r"[\r\x08]|\x1b\[[0-?]*[A-GJK]")  # what makes a terminal write over what stands there
STAND_IN: Final = re.compile(r"<.*>|", re.DOTALL)  # what Python shows of an object that has no text
PROGRAM: Final = re.compile(r"<(?:script|iframe|object|embed|canvas|video|audio|form)\b", re.IGNORECASE)
LARGEST_DRAWING: Final = 400_000  # characters of an SVG; one with more, such as of many points, is shown as its PNG
MEDIA: Final = {"image": "a picture", "video": "a film", "audio": "sound", "application": "a program", "text": "HTML"}


class Terminal:
    """The lines of a terminal of endless size, and where its cursor is."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self.row = self.column = 0

    def write(self, letter: str) -> None:
        """Write one letter over what stands at the cursor, or move it: back to the start, back by one, down."""
        if letter == "\r":
            self.column = 0
        elif letter == "\b":
            self.column = max(0, self.column - 1)
        elif letter == "\n":
            self.move(self.row + 1)
            self.column = 0
        elif not CONTROL.match(letter):
            line = self.lines[self.row]
            line += " " * (self.column + 1 - len(line))
            line[self.column] = letter
            self.column += 1

    def obey(self, command: str, number: str) -> None:
        """Obey a sequence that moves the cursor to another line or erases; all others only color or hide."""
        count = int(number) if number.isascii() and number.isdigit() else 0
        if command in "AB":
            self.move(self.row + (max(1, count) if command == "B" else -max(1, count)))
        elif command in "CD":
            self.column = max(0, self.column + (max(1, count) if command == "C" else -max(1, count)))
        elif command == "G":
            self.column = max(0, count - 1)
        elif command == "K":
            line = self.lines[self.row]
            line[:] = {1: [" "] * self.column + line[self.column :], 2: []}.get(count, line[: self.column])

    def move(self, row: int) -> None:
        """Move the cursor to a row, which is made if it is below the last; 999 lines are as far as that goes."""
        self.row = min(max(0, row), len(self.lines) + 999)
        self.lines += [[] for _ in range(self.row + 1 - len(self.lines))]


def terminal_text(text: str) -> str:
    """Return `text` as it stands on a terminal after a program has printed it; colors are lost.

    A line that was written over, as progress is, shows what was written last.
    """
    if not CONTROL.search(text):
        return text
    terminal = Terminal()
    for token in TOKEN.finditer(text):
        if token["letter"]:
            terminal.write(token["letter"])
        elif token["command"]:
            terminal.obey(token["command"], token["number"])
    return "\n".join("".join(line).rstrip(" ") for line in terminal.lines)


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
    kind = output["output_type"]
    if kind == "stream":
        text = joined(output["text"])
    elif kind == "error":
        text = f"{output['ename']}: {output['evalue']}"
    else:
        plain = joined(output["data"].get("text/plain", ""))
        text = "" if len(output["data"]) > 1 and STAND_IN.fullmatch(plain) else plain
    return terminal_text(text).rstrip()


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """An output as a page shows it.

    kind: what `content` is: text, the message of an error, the data address of a picture, HTML that is not yet safe, or
    Markdown. text: what says the same as plain text; empty if nothing does.
    """

    kind: Literal["text", "error", "picture", "html", "markdown"]
    content: str
    text: str = ""


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
    text = output_text(output)
    kind: Literal["error", "text"] = "error" if output["output_type"] == "error" else "text"
    return ShownOutput(kind, text, text) if text else None


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
