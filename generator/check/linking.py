"""Whether links lead anywhere, every anchor is there once, and the page brings along all that it shows."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from generator.check.finding import Finding
from generator.check.page import Page

WEB: Final = ("http", "https", "mailto", "tel")
INNER: Final = ("data", "blob")
SHOWN: Final = ("src", "srcset", "poster", "data-src", "data-background-image", "data-background-video")
POINTING: Final = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "data-film")
STYLE_ADDRESS: Final = re.compile(r"""url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)""")


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
                    yield page.blame(place, f"{attribute} names '{name}', which is not in the page",
                                     "the template must write both from one name")  # fmt: skip


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
