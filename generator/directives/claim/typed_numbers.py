"""Finds the numbers in the sentence of a claim that somebody typed: what a claim says of numbers is to be measured.

Numbers in roles, formulas and code are none of these, and neither is a digit that belongs to a name (conv1, LeNet-5),
an ordinal (3rd), or an address.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from generator.lecture.syntax import Definitions, tokens_of

ALLOWED = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<!\w)[^\W\d_][^\W\d]*-?\d+(?:\.\d+)*\w*"  # a name
    r"|\b\d+(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
TAG = re.compile(r"<[^>]*>|&#?\w+;")
WORD = re.compile(r"\S+")
EDGES = ".,;:!?()[]{}\"'“”‘’*_"


def typed_numbers(text: str, definitions: Definitions = ()) -> Iterator[tuple[int, str]]:
    """Yield the line, from 0, and the word of each number that is typed in a text of Markdown."""
    line = 0
    for token in tokens_of(text, definitions):
        line = token.map[0] if token.map else line
        said = words_of(token)
        for match in WORD.finditer(ALLOWED.sub(lambda name: " " * len(name[0]), said)):
            if any(unicodedata.category(character).startswith("N") for character in match[0]):
                yield line + said.count("\n", 0, match.start()), match[0].strip(EDGES)


def words_of(token: Token) -> str:
    """Return what a token of a block says in words: without its roles, formulas and code, but with its line ends."""
    if token.type == "html_block":
        return TAG.sub(" ", token.content)
    return "".join(inline_words(token.children or []))


def inline_words(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the words in the tokens of a line, and a space for each that is no text."""
    for token in tokens:
        if token.type in ("text", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "image":
            yield from inline_words(token.children or [])
        elif token.nesting == 0:
            yield " " + "\n" * token.content.count("\n")
