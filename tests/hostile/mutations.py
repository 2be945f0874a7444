"""Changes texts as accidents and attackers do: bytes flipped, lines lost, doubled or swapped, marks put anywhere."""

from collections.abc import Callable, Sequence
from random import Random

MARKS = (
    b"`", b"``", b"```", b"$", b"$$", b"[", b"](", b"![", b"]", b"{", b"}", b"<", b"<!--", b"-->", b"<b>", b"|", b":::", b":::{notes}",
    b":::{code}\n", b"{value}`", b"{ref}`", b"{cite}`", b"\\", b"\\(", b"*", b"**", b"_", b"~~", b"#", b"\n## ", b"\n---\n", b"\n", b"\n\n",
    b"\t", b"- ", b"> ", b"1. ", b"    ", b"@", b"@article{", b"@string{", b'"', b"'", b"'''", b"=", b"==", b",", b":", b"&a ", b"*a",
    b"!!", b"? ", b"- [x] ", b"[^a]", b"[^a]: ", b"\x00", b"\xff", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\r", b"9" * 30, b"1e999", b"nan", b"true",
    b"{width=", b"{#", b"\\frac{", b"\\begin{", b"%", b"(", b")", b"]]", b"[[", b"2026-01-01", b"0x", b"-",
)  # fmt: skip


def flip(text: bytearray, chance: Random) -> None:
    """Change one bit."""
    text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)


def insert(text: bytearray, chance: Random) -> None:
    """Put a mark somewhere."""
    at = chance.randrange(len(text) + 1)
    text[at:at] = chance.choice(MARKS)


def lose(text: bytearray, chance: Random) -> None:
    """Take away a stretch."""
    at = chance.randrange(len(text))
    del text[at : at + chance.choice((1, 2, 10, 80))]


def repeat(text: bytearray, chance: Random) -> None:
    """Write a stretch many times."""
    at = chance.randrange(len(text))
    text[at:at] = text[at : at + chance.choice((1, 3, 20))] * chance.choice((2, 9, 60))


def cut(text: bytearray, chance: Random) -> None:
    """End the text too early."""
    del text[chance.randrange(len(text)) :]


def move_line(text: bytearray, chance: Random) -> None:
    """Put a line elsewhere, or there as well."""
    lines = text.split(b"\n")
    line = lines[chance.randrange(len(lines))] if chance.random() < 0.5 else lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), line)
    text[:] = b"\n".join(lines)


CHANGES: Sequence[Callable[[bytearray, Random], None]] = (flip, insert, insert, lose, repeat, cut, move_line, move_line)


def mutate(source: bytes, chance: Random) -> bytes:
    """Return a text with one to five changes."""
    text = bytearray(source)
    for _ in range(chance.randrange(1, 6)):
        if text:
            chance.choice(CHANGES)(text, chance)
    return bytes(text)
