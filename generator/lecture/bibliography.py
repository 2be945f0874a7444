"""The bibliography: the works that a lecture cites, from a BibTeX file of the project; knows no HTML.

pybtex is imported here alone, and only for a bibliography that is new or has changed.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from generator.disk import cached, digest_of_modules, installed_version
from generator.errors import SourceError, Where, suggest
from generator.lecture.included_files import IncludedFiles

KEY = re.compile(r"[A-Za-z0-9][\w.:+-]*", re.ASCII)
CROWD = 3  # as many authors are named by the first alone


@dataclass(frozen=True, slots=True)
class Work:
    """A work: `label` is what a sentence calls it (Dumoulin and Visin 2016), `entry` its line in a list (Markdown)."""

    key: str
    label: str
    entry: str


class Bibliography:
    """The works of one file; each is set when it is first cited, and kept for the next build."""

    def __init__(self, path: str, text: str, project: Path) -> None:
        self.path, self.text, self.project = path, text, project
        self.maker = f"{digest_of_modules(sys.modules[__name__])} {installed_version('pybtex')}"
        self.labels: dict[str, str] = self.remember("labels", lambda: label_entries(self.entries))
        self.works: dict[str, Work] = {}

    def remember(self, what: str, make: Callable[[], Any]) -> Any:
        """Return what is made of the file, or what was made of the same file before."""
        return cached(self.project, "works", (what, self.path, self.text, self.maker), make)

    @cached_property
    def entries(self) -> Mapping[str, Any]:
        """Return the works as pybtex reads them; raise SourceError where the file is not BibTeX."""
        return parse_entries(self.path, self.text)

    def find(self, key: str, where: Where) -> Work:
        """Return the work `key`; raise SourceError, at `where` it is cited for none, in the file for a broken one."""
        if key not in self.labels:
            raise SourceError(f"'{self.path}' has no work '{key}'", where, suggest(key, list(self.labels)))
        if key not in self.works:
            entry = self.remember(f"entry {key}", lambda: self.set_entry(key))
            self.works[key] = Work(key, self.labels[key], entry)
        return self.works[key]

    def set_entry(self, key: str) -> str:
        """Return the line of the work `key` in a list of works, in Markdown."""
        from pybtex.backends.markdown import Backend
        from pybtex.exceptions import PybtexError

        entry, where = self.entries[key], Where(self.path, lines_of(self.text).get(key, 0))
        if not KEY.fullmatch(key):
            raise SourceError(f"'{key}' cannot be a key", where, "use letters, digits and - _ . : +")
        if not entry.persons.get("author") or "year" not in entry.fields:
            raise SourceError(f"the work '{key}' lacks an author or a year", where, "add author = {…}, year = {…}")
        try:
            (made,) = plain_style().format_entries([entry])
            text = str(made.text.render(Backend()))
        except PybtexError as error:
            raise SourceError(f"the work '{key}' cannot be set: {error}", where, "mend its fields") from None
        return " ".join(text.split())


@cache
def plain_style() -> Any:
    """Return pybtex's plain style, which takes longer to make than to use."""
    from pybtex.style.formatting.unsrt import Style

    return Style()


def read_bibliography(name: str, files: IncludedFiles, where: Where) -> Bibliography:
    """Return the works in the project file `name`.

    Raises SourceError: at `where` it is named when it cannot be found, in the file when it is not BibTeX.
    """
    return Bibliography(name, files.read_text(name, where), files.project)


def parse_entries(name: str, text: str) -> dict[str, Any]:
    """Return the works in the BibTeX of the file `name`, by key; raise SourceError, in the file, for other text."""
    try:
        from pybtex.database.input.bibtex import Parser
        from pybtex.exceptions import PybtexError
    except ImportError:
        raise SourceError(
            "pybtex, which reads bibliographies, is not installed", Where(name), "run make setup"
        ) from None
    try:
        return dict(Parser().parse_string(text).entries)
    except PybtexError as error:
        problem = re.sub(r"^syntax error in line \d+: ", "", str(error))
        place = Where(name, getattr(error, "lineno", None) or 0)
        raise SourceError(f"not BibTeX: {problem}", place, "mend the entry") from None


def lines_of(text: str) -> dict[str, int]:
    """Return the line on which each work of a BibTeX text begins, by its key."""
    found = re.finditer(r"^[ \t]*@\w+\s*[{(]\s*(?P<key>[^\s,]+)\s*,", text, re.MULTILINE)
    return {match["key"]: text.count("\n", 0, match.start()) + 1 for match in found}


def label_entries(entries: Mapping[str, Any]) -> dict[str, str]:
    """Return what a sentence calls each work; works of the same authors and year get a letter."""
    plain = {key: f"{authors_of(entry)} {entry.fields.get('year', '')}".strip() for key, entry in entries.items()}
    shared = Counter(plain.values())
    given: Counter[str] = Counter()
    labels = {}
    for key, label in plain.items():
        given[label] += 1
        labels[key] = f"{label}{'abcdefghijklmnopqrstuvwxyz'[(given[label] - 1) % 26]}" if shared[label] > 1 else label
    return labels


def authors_of(entry: Any) -> str:
    """Return the authors of a work by their last names: one, two joined, of more the first et al."""
    people = entry.persons.get("author", [])
    names = [" ".join(str(part) for part in (*person.rich_prelast_names, *person.rich_last_names)) for person in people]
    return f"{names[0]} et al." if len(names) >= CROWD else " and ".join(names)
