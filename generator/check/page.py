"""A built page as a tree, and the line of the lecture that each place in it comes from."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from generator.errors import Where

HEADINGS = ["h1", "h2", "h3"]  # those of slides; smaller ones are a slide's own
TITLE_LENGTH = 60


# What is wrong with a page, said as every error of the project is: file, line, problem, hint.


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault; `problem` begins with the slide. A warning is told and fails nothing."""

    where: Where
    problem: str
    hint: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}\nhint: {self.hint}"


@dataclass(frozen=True, slots=True)
class Page:
    """One file of a lecture; `source` is the lecture's own file, relative to the project."""

    path: Path
    source: str
    tree: BeautifulSoup

    @property
    def name(self) -> str:
        """Return the file's name."""
        return self.path.name

    def blame(self, place: Tag | None, problem: str, hint: str, *, is_warning: bool = False) -> Finding:
        """Return the finding that something is wrong at `place`, on its slide; without a place, with the whole page."""
        if place is None:
            return Finding(Where(self.source), f"{self.name}: {problem}", hint, is_warning)
        return Finding(self.where(place), f"slide '{self.title(place)}': {problem}", hint, is_warning)

    def where(self, place: Tag) -> Where:
        """Return the line that `place` was written on: its own, that of what holds it, or of what stands before it."""
        holders = [place, *place.parents, *place.find_all_previous(attrs={"data-line": True}, limit=1)]
        lines = [int(str(holder["data-line"])) for holder in holders if holder.get("data-line")]
        return Where(self.source, next(filter(None, lines), 0))

    def title(self, place: Tag) -> str:
        """Return the title of the slide that `place` is on."""
        slide = place if place.name in ("section", *HEADINGS) else place.find_parent("section")
        inner = slide if slide is None or slide.name != "section" else slide.find(HEADINGS)
        found = inner or place.find_previous(HEADINGS)
        words = " ".join(found.get_text().split()) if found else self.name
        return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1] + "…"


def read_page(path: Path, source: str) -> Page:
    """Return the page at `path`, made from the lecture `source`."""
    return Page(path, source, BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))


def read_cells(path: Path, source: str) -> Page:
    """Return the notebook at `path` as a page that says what its cells say."""
    cells = json.loads(path.read_bytes())["cells"]
    texts = ("".join(cell["source"]) for cell in cells)
    return Page(path, source, BeautifulSoup("".join(f"<pre>{escape(text)}</pre>" for text in texts), "html.parser"))


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in the order of their places, each once, however many pages have it."""
    return sorted(dict.fromkeys(findings))
