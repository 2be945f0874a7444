"""Whether pictures have words, formulas are set, and what only the teacher may read stays with the teacher."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from generator.check.page import Finding, Page
from generator.check.pictures import DRAWING
from generator.errors import Where
from generator.formats import handout, slides, teacher
from generator.lecture.blocks import Block, Code, Columns, Lecture, Notes, Only, Prose

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
    if page.name == teacher.FORMAT.file_name:
        return
    hint = "this page is for students: look at what the exporter shows to whom"
    shown = _flatten("".join(_visible(page)))
    for secret in secrets:
        if secret.text in shown:
            yield Finding(secret.where, f"{page.name} shows {secret.name}: '{secret.text[:60]}'", hint)
    marked = ".spoken, .solution" + ("" if page.name == slides.FORMAT.file_name else ", aside.notes")
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
    return page.name == slides.FORMAT.file_name and place.find_parent("aside", class_="notes") is not None


WEB: Final = ("http", "https", "mailto", "tel")
INNER: Final = ("data", "blob")
SHOWN: Final = ("src", "srcset", "poster", "data-src", "data-background-image", "data-background-video")
POINTING: Final = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "data-film")
STYLE_ADDRESS: Final = re.compile(r"""url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)""")


# Whether links lead anywhere, every anchor is there once, and the page brings along all that it shows.


def find_dead_links(page: Page) -> Iterator[Finding]:
    """Yield the links that lead nowhere: to no slide, no anchor or no file."""
    for link in page.tree.select("a[href]"):
        address = str(link["href"])
        if problem := _why_dead(page, address):
            yield page.blame(link, f"the link '{address[:60]}' {problem}", "mend the address, or take the link out")


def find_lost_anchors(page: Page) -> Iterator[Finding]:
    """Yield the attributes that point at an element that is not there."""
    names = {str(place["id"]) for place in page.tree.select("[id]")}
    for attribute in POINTING:
        for place in page.tree.select(f"[{attribute}]"):
            for name in str(place[attribute]).split():
                if name not in names:
                    yield page.blame(
                        place,
                        f"{attribute} names '{name}', which is not in the page",
                        "the template must write both from one name",
                    )


def find_repeated_ids(page: Page) -> Iterator[Finding]:
    """Yield each id that stands in the page more than once, at its second place."""
    counts = Counter(str(place["id"]) for place in page.tree.select("[id]"))
    for name, count in counts.items():
        if count > 1:
            place = page.tree.find_all(id=name)[1]
            yield page.blame(place, f"the id '{name}' stands {count} times in {page.name}", "give each its own name")


def find_foreign_parts(page: Page) -> Iterator[Finding]:
    """Yield what a page would fetch from outside itself."""
    for place, address in _parts(page):
        if urlsplit(address).scheme not in INNER and not address.startswith("#"):
            problem = f"{page.name} fetches '{address[:60]}'"
            yield page.blame(place, problem, "a page brings all it shows along: embed it")


def _why_dead(page: Page, address: str) -> str:
    parts = urlsplit(address)
    if not address:
        return "is empty"
    if parts.scheme in WEB:
        return ""
    if parts.scheme or address.startswith("/"):
        return "works on this machine alone" if parts.scheme in ("", "file") else "is no link"
    if parts.path:
        return "" if (page.path.parent / unquote(parts.path)).exists() else "leads to no file"
    name = unquote(parts.fragment).removeprefix("/")
    return "" if page.tree.find(id=name) else "leads to no slide and no anchor"


def _parts(page: Page) -> Iterator[tuple[Tag, str]]:
    for attribute in SHOWN:
        for place in page.tree.select(f"[{attribute}]"):
            yield place, str(place[attribute]).strip()
    for place in page.tree.select("link[href]"):
        yield place, str(place["href"])
    for sheet in page.tree.select("style"):
        for address in STYLE_ADDRESS.findall(sheet.get_text()):
            yield sheet, "".join(address)


DECK_BYTES: Final = 1_000_000  # without its films
HANDOUT_BYTES: Final = 5_000_000


# How large a page may be. For now this warns, and fails nothing.


def find_excess(page: Page) -> Iterator[Finding]:
    """Yield a warning for a page that is larger than its budget."""
    size = page.path.stat().st_size
    films = sum(len(film.get_text()) for film in page.tree.select('script[type="text/plain"]'))
    if page.name == slides.FORMAT.file_name and size - films > DECK_BYTES:
        yield _warn(page, size - films, DECK_BYTES, " without its films")
    if page.name == handout.FORMAT.file_name and size > HANDOUT_BYTES:
        yield _warn(page, size, HANDOUT_BYTES, "")


def _warn(page: Page, size: int, budget: int, what: str) -> Finding:
    problem = f"the page has {size / 1e6:.1f} MB{what}, its budget is {budget / 1e6:g} MB"
    return page.blame(None, problem, "look for the largest pictures and films", is_warning=True)
