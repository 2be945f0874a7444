"""A built page as a tree of elements, and the findings about it, reported at lines of the lecture.

A finding looks like every error of the project: file, line, problem, hint.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from generator.errors import Where

HEADINGS = ["h1", "h2", "h3"]  # of slides and parts; smaller headings are inside a slide
TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault; `problem` begins with the slide's title. A warning is printed, but does not fail the check."""

    where: Where
    problem: str
    hint: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}\nhint: {self.hint}"


@dataclass(frozen=True, slots=True)
class Page:
    """One built file of a lecture; `source` is the path of the lecture's text, relative to the project."""

    path: Path
    source: str
    tree: BeautifulSoup

    @property
    def name(self) -> str:
        """Return the name of the file, such as `slides.html`."""
        return self.path.name

    def blame(self, element: Tag | None, problem: str, hint: str, *, is_warning: bool = False) -> Finding:
        """Return the finding that `problem` is at `element`, on its slide; without a element, in the whole page."""
        if element is None:
            return Finding(Where(self.source), f"{self.name}: {problem}", hint, is_warning)
        return Finding(self.where(element), f"slide '{self.title(element)}': {problem}", hint, is_warning)

    def where(self, element: Tag) -> Where:
        """Return the line, of the lecture or of a file that it includes, that `element` comes from; 0 if there is none.

        Not every element carries a line: the nearest counts, its own, a parent's, or that of the last element before.
        """
        candidates = [element, *element.parents, *element.find_all_previous(attrs={"data-line": True}, limit=1)]
        places = [str(candidate["data-line"]) for candidate in candidates if candidate.get("data-line")]
        path, _, line = next((place for place in places if place != "0"), "0").rpartition(":")
        return Where(path or self.source, int(line))

    def title(self, element: Tag) -> str:
        """Return the title of the slide that `element` is on, cut to TITLE_LENGTH characters."""
        slide = element if element.name in ("section", *HEADINGS) else element.find_parent("section")
        own = slide if slide is None or slide.name != "section" else slide.find(HEADINGS)
        found = own or element.find_previous(HEADINGS)
        words = " ".join(found.get_text().split()) if found else self.name
        return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1] + "…"


def read_page(path: Path, source: str) -> Page:
    """Return the page at `path`, built from the lecture `source`."""
    return Page(path, source, BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))


def read_cells(path: Path, source: str) -> Page:
    """Return the notebook at `path` as a page that holds the text of each cell in a `pre`."""
    cells = json.loads(path.read_bytes())["cells"]
    texts = ("".join(cell["source"]) for cell in cells)
    return Page(path, source, BeautifulSoup("".join(f"<pre>{escape(text)}</pre>" for text in texts), "html.parser"))


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings sorted by element, without repetitions (several pages may have the same fault)."""
    return sorted(dict.fromkeys(findings))
