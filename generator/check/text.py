"""Checks of pages that need no browser: alternative text, formulas, leaked notes and solutions, links, file sizes.

- Every picture and film has words for readers who cannot see it.
- Every sign of a formula is known to MathML.
- Notes and solutions do not leak into pages for students.
- Links lead somewhere, every id is there once, and a page loads nothing from outside itself.
- A page stays within its budget of bytes; this gives warnings only.
"""

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import Tag

from generator.check.page import Finding, Page
from generator.check.pictures import DRAWING
from generator.directives.code import Code
from generator.errors import Where
from generator.formats import handout, slides, solutions, teacher
from generator.lecture.blocks import Block, Lecture, Prose

UNKNOWN: Final = re.compile(r"\\[A-Za-z]+|\\\S")
TOKENS: Final = ["mi", "mo", "mn"]
LEAST: Final = 24  # characters; shorter pieces are not searched for, since they occur in many sentences
MARKUP: Final = re.compile(
    r"\{\w+\}`[^`]*`|[`*_{}$\[\]()<>|#\\\"'’“”]|\.\.\.|--|\n\s*\n|^\s*(?:[-+]|\d+\.)\s", re.MULTILINE
)


def find_wordless_pictures(page: Page) -> Iterator[Finding]:
    """Yield the pictures and films without alternative text.

    A picture in a list item that has text besides may have an empty one, but an `img` must have the attribute.
    """
    hint = "describe() of its figure kind gives the words; a Markdown picture has them in the brackets"
    for image in page.tree.select(f"img, {DRAWING}"):
        is_beside_text = (item := image.find_parent("li")) is not None and _has_text(item)
        alt = image.get("aria-label", "") if image.name == "svg" else image.get("alt")
        if alt is None or (not str(alt).strip() and not is_beside_text):
            yield page.blame(image, "a picture has no words for who cannot see it", hint)
    for film in page.tree.select("video"):
        if not str(film.get("aria-label", "")).strip():
            yield page.blame(film, "a film has no words for who cannot see it", hint)


def _has_text(item: Tag) -> bool:
    """Return whether a list item has text outside its drawings."""
    return any(text.strip() and text.find_parent("svg") is None for text in item.find_all(string=True))


def find_broken_formulas(page: Page) -> Iterator[Finding]:
    """Yield the LaTeX commands that were not translated into MathML, and the formulas that are broken."""
    for token in page.tree.find_all(TOKENS):
        if unknown := UNKNOWN.search(token.get_text()):
            hint = "formulas take the LaTeX of mathematics, without packages or \\newcommand"
            yield page.blame(token, f"a formula shows '{unknown[0]}', which is not known", hint)
    for error in page.tree.select("merror"):
        yield page.blame(error, f"a formula is broken: '{error.get_text()[:60]}'", "mend the formula")


# A sentence is also looked for by its words alone, whatever markup and signs stand between them.
FEWEST_WORDS: Final = 6
WORD: Final = re.compile(r"[^\W_]+")
SENTENCE_END: Final = re.compile(
    r"(?<=[.!?:])\s|\n\s*\n|^\s*(?:[-+*]|\d+\.)\s|\{\w+\}`[^`]*`|\$[^$]*\$|<[^>]*>|\]\([^)]*\)|\|", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A piece of a note or a solution, as it would appear in a page; `name` says of which: "a note", "a solution".

    words: whether `text` is the words of a sentence, without markup and signs.
    """

    text: str
    where: Where
    name: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class _Passage:
    """A text of the lecture, or one line of code.

    secret: what the text is part of, if it is not for students: "a note" or "a solution"; empty if it is for all.
    """

    text: str
    where: Where
    secret: str
    is_code: bool = False

    @property
    def pieces(self) -> list[str]:
        """Return the parts between markup, as a page would show them, that are at least LEAST characters long.

        A page replaces the markup by tags of its own, so that only what stands between can be found in it literally.
        """
        parts = [self.text] if self.is_code else MARKUP.split(self.text)
        return [piece for part in parts if len(piece := _flatten(part)) >= LEAST]

    @property
    def sentences(self) -> list[str]:
        """Return the words of each sentence that has at least FEWEST_WORDS of them; code has none."""
        found = [] if self.is_code else [_words(part) for part in SENTENCE_END.split(self.text)]
        return [words for words in found if words.count(" ") - 1 >= FEWEST_WORDS]


def secrets_of(lecture: Lecture) -> list[Secret]:
    """Return the pieces of notes and solutions, except those that the public part of the lecture contains too."""
    passages = [passage for slide in lecture.slides for passage in _passages(slide.blocks, "")]
    public = " ".join(_flatten(passage.text) for passage in passages if not passage.secret)
    said = _words(public)
    hidden = [passage for passage in passages if passage.secret]
    return [
        Secret(text, passage.where, passage.secret, words)
        for passage in hidden
        for words, texts, seen in ((False, passage.pieces, public), (True, passage.sentences, said))
        for text in texts
        if text not in seen
    ]


def find_leaks(page: Page, secrets: Iterable[Secret], *, has_speaker: bool = True) -> Iterator[Finding]:
    """Yield the notes and solutions that a page for students contains.

    They are looked for by their text, and by the elements that hold them in other pages. has_speaker: whether a deck
    may contain notes in its hidden `aside.notes`, where reveal.js expects them.
    """
    notes = ", aside.notes" if page.name != slides.FORMAT.file_name or not has_speaker else ""
    if page.name in (teacher.FORMAT.file_name, solutions.FORMAT.file_name):
        return
    hint = "this page is for students: look at what the exporter shows to whom"
    visible = list(_visible(page, with_notes=bool(notes)))
    shown, said = _flatten("".join(visible)), _words(" ".join(visible))
    found: set[tuple[Where, str]] = set()
    for secret in secrets:
        if secret.text in (said if secret.words else shown) and (secret.where, secret.name) not in found:
            found.add((secret.where, secret.name))
            yield Finding(secret.where, f"{page.name} shows {secret.name}: '{secret.text.strip()[:60]}'", hint)
    for element in page.tree.select(f".spoken, .solution{notes}"):
        yield page.blame(element, f"{page.name} holds a note or a solution", hint)


def find_late_notes(page: Page) -> Iterator[Finding]:
    """Yield a warning for notes of a deck that have parts for more presses than their slide has."""
    for slide in page.tree.select(".slides > section"):
        presses = len(slide.select(".fragment"))
        for notes in slide.select(".notes > .note"):
            parts = notes.select("[data-press]")
            if parts and (last := int(str(parts[-1]["data-press"]))) > presses:
                problem = f"the notes have a part for press {last}, and the slide has {presses}"
                hint = "a film has a press for each step, a pause, an item or a step through code one: join parts"
                yield page.blame(parts[-1], problem, hint, is_warning=True)


def _passages(blocks: Iterable[Block], secret: str) -> Iterator[_Passage]:
    """Yield the texts of `blocks`, code line by line; `secret` is what the blocks are part of, as in _Passage."""
    for block in blocks:
        kept = block.hidden_as or secret
        if code := block.text if isinstance(block, Code) or (isinstance(block, Prose) and block.verbatim) else "":
            yield from (_Passage(line, block.where, kept, is_code=True) for line in code.split("\n"))
        yield from (_Passage(text.source, text.where, kept) for text in block.texts())
        for group in block.groups():
            yield from _passages(group, kept)


def _flatten(text: str) -> str:
    """Return `text` with each run of white space as one space."""
    return " ".join(text.split())


def _words(text: str) -> str:
    """Return the words of `text` in lower case, with a space around each."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


def _visible(page: Page, *, with_notes: bool) -> Iterator[str]:
    """Yield all that a page says: its text, with or without a deck's notes, and its attributes for screen readers."""
    for string in (page.tree.body or page.tree).find_all(string=True):
        parent = string.parent
        if parent and parent.name not in ("script", "style") and (with_notes or not _is_note(parent)):
            yield str(string)
    for attribute in ("alt", "aria-label", "title", "data-says"):
        yield from (f" {element[attribute]} " for element in page.tree.select(f"[{attribute}]"))


def _is_note(element: Tag) -> bool:
    return element.find_parent("aside", class_="notes") is not None


# Links, ids, and what a page loads.

WEB: Final = ("http", "https", "mailto", "tel")
INNER: Final = ("data", "blob")
SHOWN: Final = ("src", "srcset", "poster", "data-src", "data-background-image", "data-background-video")
POINTING: Final = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "data-film")
STYLE_ADDRESS: Final = re.compile(r"""url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)""")


def find_dead_links(page: Page) -> Iterator[Finding]:
    """Yield the links that do not lead to an existing slide, anchor or file; addresses on the web are not tried."""
    names = {str(element["id"]) for element in page.tree.select("[id]")}
    for link in page.tree.select("a[href]"):
        address = str(link["href"])
        is_download = link.has_attr("download") and address.startswith("data:")
        if problem := "" if is_download else _why_dead(page, address, names):
            yield page.blame(link, f"the link '{address[:60]}' {problem}", "mend the address, or take the link out")


def find_lost_anchors(page: Page) -> Iterator[Finding]:
    """Yield the attributes that name an id which no element of the page has."""
    names = {str(element["id"]) for element in page.tree.select("[id]")}
    for attribute in POINTING:
        for element in page.tree.select(f"[{attribute}]"):
            for name in str(element[attribute]).split():
                if name not in names:
                    yield page.blame(
                        element,
                        f"{attribute} names '{name}', which is not in the page",
                        "the template must write both from one name",
                    )


def find_repeated_ids(page: Page) -> Iterator[Finding]:
    """Yield each id that occurs in the page more than once, at its second occurrence."""
    counts = Counter(str(element["id"]) for element in page.tree.select("[id]"))
    for name, count in counts.items():
        if count > 1:
            element = page.tree.find_all(id=name)[1]
            yield page.blame(element, f"the id '{name}' stands {count} times in {page.name}", "give each its own name")


def find_external_resources(page: Page) -> Iterator[Finding]:
    """Yield the parts that a page would fetch from outside itself; pages must be complete without a network."""
    for element, address in _embedded(page):
        if urlsplit(address).scheme not in INNER and not address.startswith("#"):
            problem = f"{page.name} fetches '{address[:60]}'"
            yield page.blame(element, problem, "a page brings all it shows along: embed it")


def _why_dead(page: Page, address: str, names: Container[str]) -> str:
    """Return what is wrong with the address of a link; empty if nothing is, or if it leads to the web.

    names: the ids of the page's elements.
    """
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
    if "?" in name:
        return "" if _is_state(page, *name.split("?", 1)) else "leads to no state of a figure"
    return "" if name in names else "leads to no slide and no anchor"


def _is_state(page: Page, name: str, query: str) -> bool:
    """Return whether a link such as `#explore?strides=2` names a figure that varies, and values that it has."""
    figure = page.tree.find("figure", {"data-name": name}) if name else None
    controls = figure.select("[data-control]") if isinstance(figure, Tag) else []
    known = {str(control["data-control"]): json.loads(str(control["data-words"])) for control in controls}
    return bool(known) and all(value in known.get(key, ()) for key, value in parse_qsl(query))


def _embedded(page: Page) -> Iterator[tuple[Tag, str]]:
    """Yield the address of everything that a page embeds, with the element that names it; style sheets included."""
    for attribute in SHOWN:
        for element in page.tree.select(f"[{attribute}]"):
            yield element, str(element[attribute]).strip()
    for element in page.tree.select("link[href]"):
        yield element, str(element["href"])
    for style in page.tree.select("style"):
        for address in STYLE_ADDRESS.findall(style.get_text()):
            yield style, "".join(address)


# The size of a page. For now, a page that is too large is only a warning.

DECK_BYTES: Final = 1_000_000  # without its films, what works in it, and the other states of figures that vary
LIVE_BYTES: Final = 400_000  # what works in a page: widgets' scripts, and the network and the numbers that they read
HANDOUT_BYTES: Final = 5_000_000
_DATA: Final = '[id$="-live-bytes"], [id^="worker-"]'
LIVE: Final = f'script[type="module"], script[type="application/json"], script:is({_DATA})'
FILM: Final = f'script[type="text/plain"]:not({_DATA})'
STATES: Final = "svg.bank"


def find_oversized_pages(page: Page) -> Iterator[Finding]:
    """Yield a warning for a page that is larger, in bytes, than its budget, and for what works in it."""
    size = page.path.stat().st_size
    live = _bytes_of(page, LIVE)
    shown = size - live - _bytes_of(page, FILM) - _bytes_of(page, STATES)
    if page.name == slides.FORMAT.file_name and shown > DECK_BYTES:
        yield _warn(page, shown, DECK_BYTES, " without its films, what works in it, and states of figures")
    if page.name == handout.FORMAT.file_name and size > HANDOUT_BYTES:
        yield _warn(page, size, HANDOUT_BYTES, "")
    if live > LIVE_BYTES:
        yield _warn(page, live, LIVE_BYTES, " of scripts and numbers that work in it")


def _bytes_of(page: Page, selector: str) -> int:
    return sum(len(part.decode_contents().encode()) for part in page.tree.select(selector))


def _warn(page: Page, size: int, budget: int, scope: str) -> Finding:
    problem = f"the page has {size / 1e6:.1f} MB{scope}, its budget is {budget / 1e6:g} MB"
    return page.blame(None, problem, "look for the largest pictures and films", is_warning=True)
