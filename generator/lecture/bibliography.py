"""Reads the works that a lecture cites from a BibTeX file of the project; knows no HTML.

Labels and entries are cached between builds. pybtex is imported in this module only, and only when the bibliography
is new or has changed.
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
ET_AL_FROM = 3  # from this many authors on, a label names only the first


@dataclass(frozen=True, slots=True)
class Work:
    """A cited work: `label` names it in a sentence (Dumoulin and Visin 2016), `entry` in a list of works (Markdown)."""

    key: str
    label: str
    entry: str


class Bibliography:
    """The works in one BibTeX file; each entry is formatted when first cited, and cached for the next build."""

    def __init__(self, path: str, text: str, project: Path) -> None:
        self.path, self.text, self.project = path, text, project
        self.code_version = f"{digest_of_modules(sys.modules[__name__])} {installed_version('pybtex')}"
        self.labels: dict[str, str] = self.remember("labels", lambda: label_entries(self.entries))
        self.works: dict[str, Work] = {}

    def remember(self, kind: str, make: Callable[[], Any]) -> Any:
        """Return the result of `make`, from the cache if it was made of the same text by the same code before."""
        return cached(self.project, "works", (kind, self.path, self.text, self.code_version), make)

    @cached_property
    def entries(self) -> Mapping[str, Any]:
        """Return the works as pybtex reads them, by key; raise SourceError if the file is not BibTeX."""
        return parse_entries(self.path, self.text)

    def find(self, key: str, where: Where) -> Work:
        """Return the work `key`, cited at `where`.

        Raises SourceError: at `where` when there is no such work, in the BibTeX file when its entry is broken.
        """
        if key not in self.labels:
            raise SourceError(f"'{self.path}' has no work '{key}'", where, suggest(key, list(self.labels)))
        if key not in self.works:
            entry = self.remember(f"entry {key}", lambda: self.format_entry(key))
            self.works[key] = Work(key, self.labels[key], entry)
        return self.works[key]

    def format_entry(self, key: str) -> str:
        """Return the entry of the work `key` for a list of works, as one line of Markdown.

        Raises SourceError, at the entry's line, for an invalid key, a missing author or year, or one that pybtex
        cannot format.
        """
        from pybtex.backends.markdown import Backend
        from pybtex.exceptions import PybtexError

        entry, where = self.entries[key], Where(self.path, lines_of(self.text).get(key, 0))
        stash: list[str] = []
        if not KEY.fullmatch(key):
            raise SourceError(f"'{key}' cannot be a key", where, "use letters, digits and - _ . : +")
        if not entry.persons.get("author") or "year" not in entry.fields:
            raise SourceError(f"the work '{key}' lacks an author or a year", where, "add author = {…}, year = {…}")
        try:
            (formatted,) = plain_style().format_entries([without_tex(entry, plain_type(entry, where), stash)])
            text = str(formatted.text.render(Backend()))
        except PybtexError as error:
            raise SourceError(f"the work '{key}' cannot be set: {error}", where, "mend its fields") from None
        if found := COMMAND.search(f"{text} {self.labels[key]}"):
            hint = "write the field without it; \\emph, \\textbf, \\url and formulas are known"
            raise SourceError(f"the work '{key}' has TeX that pages do not show: '\\{found[1]}'", where, hint)
        return " ".join(put_back(text, stash).split())


# TeX in the fields of a work. pybtex knows accents and signs; it would print the name of any other command.

COMMAND = re.compile(r"\\{1,2}([A-Za-z]+)")
STYLES = {"emph": "\ue000", "textit": "\ue000", "em": "\ue000", "it": "\ue000", "textbf": "\ue001", "bf": "\ue001"}
INSIDE = r"(?:[^{}]|\{[^{}]*\})*"
STYLED = re.compile(
    rf"\\(?P<name>emph|textit|textbf|textsc|textrm|textsf|texttt|mbox)\s*\{{(?P<text>{INSIDE})\}}"
    rf"|\{{\\(?P<old>em|it|bf|sc|rm|sf|tt)\s+(?P<rest>{INSIDE})\}}"
)
KEPT = re.compile(r"\\url\s*\{(?P<address>[^{}]*)\}|(?<!\\)(?P<formula>\$[^$]+(?<!\\)\$)|\\?\$")
FIRST_KEPT = 0xE100  # private characters, which stand for what pybtex must not touch, in its order


def without_tex(entry: Any, kind: str, stash: list[str]) -> Any:
    """Return a copy of a work, of the type `kind`, with private characters for emphasis, addresses and formulas.

    The latter two, as Markdown, are added to `stash`, for `put_back`.
    """
    from pybtex.database import Entry

    def keep(found: re.Match[str]) -> str:
        stash.append(f"<{found['address']}>" if found["address"] else found["formula"] or r"\$")
        return chr(FIRST_KEPT + len(stash) - 1)

    def read(text: str) -> str:
        text, count = KEPT.sub(keep, re.sub(r"\\(La)?TeX\b", r"\1TeX", text)), 1
        while count:
            text, count = STYLED.subn(write_style, text)
        return text

    made = Entry(kind, {name: read(text) for name, text in entry.fields.items()}, entry.persons)
    made.key = entry.key
    return made


def write_style(found: re.Match[str]) -> str:
    """Return the text of a command that styles it, between the marks of that style; most styles are left away.

    Its braces stay: they keep the case of its letters.
    """
    mark = STYLES.get(found["name"] or found["old"], "")
    return f"{mark}{{{found['text'] or found['rest'] or ''}}}{mark}"


def put_back(text: str, stash: list[str]) -> str:
    """Return the Markdown of a work with the marks and what `without_tex` has stashed in place of its characters.

    Brackets are no longer escaped by backslashes, which would make formulas of what they hold.
    """
    for sign, plain in ((r"\(", "("), (r"\)", ")"), (r"\[", "&#91;"), (r"\]", "&#93;")):
        text = text.replace(sign, plain)
    for at, kept in enumerate(stash):
        text = text.replace(chr(FIRST_KEPT + at), kept)
    return text.replace("\ue000", "*").replace("\ue001", "**")


@cache
def plain_style() -> Any:
    """Return pybtex's plain style; cached, because constructing it takes longer than using it."""
    from pybtex.style.formatting.unsrt import Style

    return Style()


def read_bibliography(name: str, files: IncludedFiles, where: Where) -> Bibliography:
    """Return the bibliography in the project file `name`, which the lecture names at `where`.

    Raises SourceError: at `where` when the file cannot be found, in the file when it is not BibTeX.
    """
    return Bibliography(name, files.read_text(name, where), files.project)


def parse_entries(name: str, text: str) -> dict[str, Any]:
    """Return the works in `text`, the content of the BibTeX file `name`, by key.

    Raises SourceError, at the line in the file, if the text is not BibTeX or pybtex is not installed.
    """
    try:
        from pybtex.database.input.bibtex import Parser
        from pybtex.exceptions import PybtexError
    except ImportError:
        raise SourceError(
            "pybtex, which reads bibliographies, is not installed", Where(name), "run make setup"
        ) from None
    check_strings(name, text)
    try:
        found = Parser().parse_string(text).entries
        return {key: with_bibtex_fields(entry) for key, entry in found.items()}
    except PybtexError as error:
        problem = re.sub(r"^syntax error in line \d+: ", "", str(error))
        place = Where(name, getattr(error, "lineno", None) or 0)
        raise SourceError(f"not BibTeX: {problem}", place, "mend the entry") from None


# The types and fields that BibLaTeX has beside those of BibTeX, which pybtex knows.

TYPES = {
    "article": ("suppperiodical", "review"),
    "book": ("mvbook", "collection", "mvcollection", "reference", "mvreference"),
    "inbook": ("bookinbook", "suppbook"),
    "incollection": ("suppcollection", "inreference"),
    "inproceedings": ("conference",),
    "proceedings": ("mvproceedings",),
    "phdthesis": ("thesis",),
    "techreport": ("report",),
    "misc": ("dataset", "electronic", "online", "patent", "software", "www", "video", "image", "audio", "standard"),
}
PLAIN_TYPES = {other: plain for plain, others in TYPES.items() for other in others}
FIELDS = {"journaltitle": "journal", "location": "address", "maintitle": "booktitle"}


def with_bibtex_fields(entry: Any) -> Any:
    """Return a work whose fields BibLaTeX has named, with the names that BibTeX has for them."""
    for name, plain in FIELDS.items():
        if name in entry.fields and plain not in entry.fields:
            entry.fields[plain] = entry.fields[name]
    if "date" in entry.fields and "year" not in entry.fields:
        entry.fields["year"] = entry.fields["date"][:4]
    if "institution" in entry.fields and "school" not in entry.fields:
        entry.fields["school"] = entry.fields["institution"]
    return entry


def plain_type(entry: Any, where: Where) -> str:
    """Return the type that pybtex knows for a work; raise SourceError, at `where` it stands, if there is none."""
    known = {*TYPES, *PLAIN_TYPES, "booklet", "manual", "mastersthesis", "unpublished"}
    if entry.type not in known:
        raise SourceError(f"there is no type '@{entry.type}' of works", where, suggest(entry.type, sorted(known)))
    return str(PLAIN_TYPES.get(entry.type, entry.type))


# Abbreviations, `@string{a = b # b}`, which double their length line by line if somebody wants them to.

STRING = re.compile(r"@string\s*[{(]\s*(?P<name>[^\s=]+)\s*=(?P<value>[^@]*)", re.IGNORECASE)
LONGEST_STRING = 10_000  # characters


def check_strings(name: str, text: str) -> None:
    """Raise SourceError, at its line of the file `name`, for an abbreviation that is longer than any text of a work."""
    lengths: dict[str, int] = {}
    for match in STRING.finditer(text):
        parts = [part.strip(" \t\n})").lower() for part in match["value"].split("#")]
        length = lengths[match["name"].lower()] = sum(lengths.get(part, len(part)) for part in parts)
        if length > LONGEST_STRING:
            where = Where(name, text.count("\n", 0, match.start()) + 1)
            raise SourceError(f"the abbreviation '{match['name']}' is too long", where, "write what it stands for")


def lines_of(text: str) -> dict[str, int]:
    """Return the line on which each work of a BibTeX text begins, counted from 1, by key."""
    matches = re.finditer(r"^[ \t]*@\w+\s*[{(]\s*(?P<key>[^\s,]+)\s*,", text, re.MULTILINE)
    return {match["key"]: text.count("\n", 0, match.start()) + 1 for match in matches}


def label_entries(entries: Mapping[str, Any]) -> dict[str, str]:
    """Return the label of each work by key; works that share authors and year get a, b, c … after the year."""
    plain = {key: f"{authors_of(entry)} {entry.fields.get('year', '')}".strip() for key, entry in entries.items()}
    counts = Counter(plain.values())
    used: Counter[str] = Counter()
    labels = {}
    for key, label in plain.items():
        used[label] += 1
        labels[key] = f"{label}{'abcdefghijklmnopqrstuvwxyz'[(used[label] - 1) % 26]}" if counts[label] > 1 else label
    return labels


def authors_of(entry: Any) -> str:
    """Return the last names of a work's authors: one name, two joined by "and", or the first with "et al."."""
    people = entry.persons.get("author", [])
    names = [" ".join(str(part) for part in (*person.rich_prelast_names, *person.rich_last_names)) for person in people]
    return f"{names[0]} et al." if len(names) >= ET_AL_FROM else " and ".join(names)
