"""Whether pictures have words, formulas are set, and what only the teacher may read stays with the teacher."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bs4 import Tag

from generator.block import Block, Code, Columns, Notes, Only, Prose
from generator.check.contrast import DRAWING
from generator.check.finding import Finding
from generator.check.page import Page
from generator.errors import Where
from generator.export import slides, teacher
from generator.lecture import Lecture

UNKNOWN: Final = re.compile(r"\\[A-Za-z]+|\\\S")
TOKENS: Final = ["mi", "mo", "mn"]
LEAST: Final = 24  # characters that a leaked piece has at least: shorter ones stand in many sentences
MARKUP: Final = re.compile(
    r"\{\w+\}`[^`]*`|[`*_{}$\[\]()<>|#\\\"'’“”]|\.\.\.|--|\n\s*\n|^\s*(?:[-+]|\d+\.)\s", re.MULTILINE
)


def find_wordless_pictures(page: Page) -> Iterator[Finding]:
    """Yield pictures and films without words; a picture may be silent beside the text of its list item."""
    hint = "describe() of its figure kind gives the words; a Markdown picture has them in the brackets"
    for image in page.tree.select(f"img, {DRAWING}"):
        is_beside_words = (item := image.find_parent("li")) is not None and _says_something(item)
        alt = image.get("aria-label", "") if image.name == "svg" else image.get("alt")
        if alt is None or (not str(alt).strip() and not is_beside_words):
            yield page.blame(image, "a picture has no words for who cannot see it", hint)
    for film in page.tree.select("video"):
        if not str(film.get("aria-label", "")).strip():
            yield page.blame(film, "a film has no words for who cannot see it", hint)


def _says_something(item: Tag) -> bool:
    """Whether a list item has words besides those inside its picture."""
    return any(text.strip() and text.find_parent("svg") is None for text in item.find_all(string=True))


def find_unknown_signs(page: Page) -> Iterator[Finding]:
    """Yield what a formula was to hold and MathML has no sign for."""
    for token in page.tree.find_all(TOKENS):
        if unknown := UNKNOWN.search(token.get_text()):
            hint = "formulas take the LaTeX of mathematics, without packages or \\newcommand"
            yield page.blame(token, f"a formula shows '{unknown[0]}', which is not known", hint)
    for error in page.tree.select("merror"):
        yield page.blame(error, f"a formula is broken: '{error.get_text()[:60]}'", "mend the formula")


@dataclass(frozen=True, slots=True)
class Secret:
    """A piece of a note or a solution, as it would stand in a page."""

    text: str
    where: Where
    name: str


@dataclass(frozen=True, slots=True)
class _Said:
    """One text of the lecture, or one line of code; `secret` says what it is a part of, if it is not for students."""

    text: str
    line: int
    secret: str
    is_code: bool = False

    @property
    def pieces(self) -> list[str]:
        """Return the parts without markup between them, as a page would show them."""
        parts = [self.text] if self.is_code else MARKUP.split(self.text)
        return [piece for part in parts if len(piece := _flatten(part)) >= LEAST]


def secrets_of(lecture: Lecture) -> list[Secret]:
    """Return the pieces of notes and solutions that the rest of the lecture does not say as well."""
    texts = [said for slide in lecture.slides for said in _texts(slide.blocks, "")]
    public = " ".join(_flatten(said.text) for said in texts if not said.secret)
    return [
        Secret(piece, lecture.where(said.line), said.secret)
        for said in texts
        for piece in said.pieces
        if said.secret and piece not in public
    ]


def find_leaks(page: Page, secrets: Iterable[Secret]) -> Iterator[Finding]:
    """Yield the notes and solutions that a page for students shows; a deck may hold notes where it hides them."""
    if page.name == teacher.FILE_NAME:
        return
    hint = "this page is for students: look at what the exporter shows to whom"
    shown = _flatten("".join(_visible(page)))
    for secret in secrets:
        if secret.text in shown:
            yield Finding(secret.where, f"{page.name} shows {secret.name}: '{secret.text[:60]}'", hint)
    marked = ".spoken, .solution" + ("" if page.name == slides.FILE_NAME else ", aside.notes")
    for place in page.tree.select(marked):
        yield page.blame(place, f"{page.name} holds a note or a solution", hint)


def _texts(blocks: Iterable[Block], secret: str) -> Iterator[_Said]:
    for block in blocks:
        if isinstance(block, Columns):
            for column in block.columns:
                yield from _texts(column, secret)
        elif isinstance(block, Only):
            yield from _texts(block.blocks, "a solution" if block.audience == "teacher" else secret)
        elif isinstance(block, Code) or (isinstance(block, Prose) and block.verbatim):
            yield from (_Said(line, block.line, secret, is_code=True) for line in block.text.split("\n"))
        else:
            yield _Said(str(getattr(block, "text", "")), block.line, "a note" if isinstance(block, Notes) else secret)


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _visible(page: Page) -> Iterator[str]:
    """Yield all that a page says: its text, and its attributes for screen readers; a deck's notes left out."""
    for string in (page.tree.body or page.tree).find_all(string=True):
        if string.parent and string.parent.name not in ("script", "style") and not _is_note(string.parent, page):
            yield str(string)
    for attribute in ("alt", "aria-label", "title", "data-says"):
        yield from (f" {place[attribute]} " for place in page.tree.select(f"[{attribute}]"))


def _is_note(place: Tag, page: Page) -> bool:
    return page.name == slides.FILE_NAME and place.find_parent("aside", class_="notes") is not None
