"""Text as a terminal leaves it: with what was written over, and in the colors that a program has asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

# The sequences by which programs color text and move the cursor, as ECMA-48 has them; then all single characters.
TOKEN: Final = re.compile(
    r"\x1b\[(?P<number>[0-?]*)[ -/]*(?P<command>[@-~])|\x1b\].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|(?P<letter>.)",
    re.DOTALL,
)
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all control characters but the tab and the line feed
MOVING: Final = re.compile(r"[\r\x08]|\x1b\[[0-?]*[A-GJK]")  # what makes a terminal write over what stands there
# The roles of the theme that stand for the colors of a terminal: each can be read on paper, light or dark, which bright
# yellow cannot. Black and white are the color of the text, whichever of them that is; gray is that of captions.
ROLES: Final = ("", "wrong", "output", "kernel", "input", "window", "input", "")
GRAY: Final = "muted"
CUBE: Final = (0, 95, 135, 175, 215, 255)  # the six shades of each part of a color, of 256


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look: the role of their color, that of what is behind them (empty for none), and their form."""

    color: str = ""
    behind: str = ""
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    inverse: bool = False

    @property
    def classes(self) -> str:
        """Return the classes of a span that looks so; empty for plain text. What is behind letters decides theirs."""
        color, behind = (self.behind, self.color or "ink") if self.inverse else (self.color, self.behind)
        forms = (("bold", self.bold), ("italic", self.italic), ("underlined", self.underlined))
        names = [f"on-{behind}" if behind else color, *(name for name, has in forms if has)]
        return " ".join(f"ansi-{name}" for name in names if name)


PLAIN: Final = Look()
# What a number of "select graphic rendition" switches on or off; 7 is inverse, 8 (hidden) and 2 (faint) are not obeyed.
SWITCHES: Final[Mapping[int, Mapping[str, Any]]] = {
    1: {"bold": True}, 3: {"italic": True}, 4: {"underlined": True}, 7: {"inverse": True}, 21: {"underlined": True},
    22: {"bold": False}, 23: {"italic": False}, 24: {"underlined": False}, 27: {"inverse": False},
}  # fmt: skip


def next_look(look: Look, numbers: str) -> Look:
    """Return the look of letters after the sequence `ESC [ numbers m`, as ECMA-48, 8.3.117, and xterm have it."""
    codes = [int(code) if code.isascii() and code.isdigit() else 0 for code in re.split("[;:]", numbers)]
    while codes:
        code = codes.pop(0)
        if code == 0:
            look = PLAIN
        elif code in SWITCHES:
            look = replace(look, **SWITCHES[code])
        elif code in (38, 48):
            role = long_color(codes)
            look = replace(look, color=role) if code == 38 else replace(look, behind=role)
        elif 30 <= code <= 39 or 90 <= code <= 97:
            look = replace(look, color=role_of(code % 10, is_bright=code >= 90))
        elif 40 <= code <= 49 or 100 <= code <= 107:
            look = replace(look, behind=role_of(code % 10, is_bright=code >= 100))
    return look


def role_of(color: int, *, is_bright: bool) -> str:
    """Return the role for one of the eight colors; empty for black and white, and for 9, which is none."""
    return GRAY if is_bright and color == 0 else ROLES[color] if color < len(ROLES) else ""


def long_color(codes: list[int]) -> str:
    """Return the role nearest to a color given as one of 256 or by its parts, and take its numbers from `codes`."""
    kind = codes.pop(0) if codes else 0
    count = {5: 1, 2: 3}.get(kind, 0)
    parts, codes[:] = [*codes[:count], *[0] * (count - len(codes))], codes[count:]
    if kind == 2:
        return nearest_role(parts)
    number = parts[0] if parts else 0
    if number < 16:
        return role_of(number % 8, is_bright=number >= 8)
    number -= 16
    return nearest_role([CUBE[number // 36], CUBE[number // 6 % 6], CUBE[number % 6]]) if number < 216 else GRAY


def nearest_role(parts: Sequence[int]) -> str:
    """Return the role of the terminal's color with the hue of (red, green, blue), each 0 to 255; gray has none."""
    low, high = min(parts), max(parts)
    if high - low < 40:
        return GRAY if 60 < high < 200 else ""
    return ROLES[sum(1 << place for place, part in enumerate(parts) if part > (low + high) / 2)]


class Terminal:
    """The lines of a terminal of endless size, each letter with its look, and where its cursor is."""

    def __init__(self) -> None:
        self.lines: list[list[tuple[str, Look]]] = [[]]
        self.row = self.column = 0
        self.look = PLAIN

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
            line += [(" ", PLAIN)] * (self.column + 1 - len(line))
            line[self.column] = (letter, self.look)
            self.column += 1

    def obey(self, command: str, number: str) -> None:
        """Obey a sequence that colors, moves the cursor to another line or erases; all others only hide or scroll."""
        count = int(number) if number.isascii() and number.isdigit() else 0
        if command == "m":
            self.look = next_look(self.look, number)
        elif command in "AB":
            self.move(self.row + (max(1, count) if command == "B" else -max(1, count)))
        elif command in "CD":
            self.column = max(0, self.column + (max(1, count) if command == "C" else -max(1, count)))
        elif command == "G":
            self.column = max(0, count - 1)
        elif command == "K":
            line = self.lines[self.row]
            line[:] = {1: [(" ", PLAIN)] * self.column + line[self.column :], 2: []}.get(count, line[: self.column])

    def move(self, row: int) -> None:
        """Move the cursor to a row, which is made if it is below the last; 999 lines are as far as that goes."""
        self.row = min(max(0, row), len(self.lines) + 999)
        self.lines += [[] for _ in range(self.row + 1 - len(self.lines))]

    def letters(self) -> Iterator[tuple[str, Look]]:
        """Yield what stands there, line by line, without the blanks at the ends of lines."""
        for number, line in enumerate(self.lines):
            if number:
                yield "\n", PLAIN
            length = len(line)
            while length and line[length - 1][0] == " " and not line[length - 1][1].classes.count("on-"):
                length -= 1
            yield from line[:length]


def terminal_runs(text: str) -> list[tuple[str, str]]:
    """Return `text` as it stands on a terminal after a program has printed it, as pieces with their classes.

    A line that was written over, as progress is, shows what was written last. A piece without classes is plain.
    """
    if not CONTROL.search(text):
        return [(text, "")] if text else []
    terminal = Terminal()
    for token in TOKEN.finditer(text):
        if token["letter"]:
            terminal.write(token["letter"])
        elif token["command"]:
            terminal.obey(token["command"], token["number"])
    pieces = ((letter, look.classes) for letter, look in terminal.letters())
    return [("".join(map(itemgetter(0), group)), classes) for classes, group in groupby(pieces, itemgetter(1))]


def terminal_text(text: str) -> str:
    """Return `text` as it stands on a terminal after a program has printed it, without its colors."""
    return "".join(piece for piece, _ in terminal_runs(text))
