"""Reads the glossary: the course's terms and their definitions, written once for all lectures; knows no HTML.

The glossary is a definition list in `lectures/glossary.md`: a term on one line, `: ` and its definition on the next.
"""

from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import number_anchor, read_text, stem_of
from generator.lecture.comments import strip_comments
from generator.lecture.syntax import spans_in, text_parser

GLOSSARY_FILE = "lectures/glossary.md"
FORM = "write the term on a line of its own, and ': ' with its definition on the next"


@dataclass(frozen=True, slots=True)
class Term:
    """A term, its `definition` in Markdown, and the `anchor` of its entry."""

    word: str
    definition: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of the course, by their case-folded words."""

    terms: dict[str, Term]

    def find(self, word: str, where: Where) -> Term:
        """Return the term `word`, in whatever case; raise SourceError, at `where` it is used, if there is none."""
        if word.casefold() in self.terms:
            return self.terms[word.casefold()]
        known = [term.word for term in self.terms.values()]
        hint = suggest(word, known) if known else f"define it in {GLOSSARY_FILE}"
        raise SourceError(f"'{word}' is not in the glossary", where, hint)


def read_glossary(project: Path) -> Glossary:
    """Return the project's glossary, empty if it has no such file.

    Raises SourceError, with the line, for text that is not a definition, for a term defined twice, and for a
    definition that contains a role.
    """
    path = project / GLOSSARY_FILE
    if not path.exists():
        return Glossary({})
    terms: dict[str, Term] = {}
    taken: set[str] = set()
    for word, definition, line in definitions_in(read_text(path, GLOSSARY_FILE)):
        where = Where(GLOSSARY_FILE, line)
        if word.casefold() in terms:
            raise SourceError(f"'{word}' is defined twice", where, "keep one of the two")
        if any(span.kind == "role" for span in spans_in(definition)):
            raise SourceError(f"the definition of '{word}' holds a role", where, "say it without, for every lecture")
        terms[word.casefold()] = Term(word, definition, number_anchor(f"term-{stem_of(word) or 'slide'}", taken))
    return Glossary(terms)


def definitions_in(text: str) -> list[tuple[str, str, int]]:
    """Return the terms in `text`, each with its definition and its line; raise SourceError for any other text."""
    found: list[tuple[str, str, int]] = []
    tokens = text_parser().parse(strip_comments(text, Where(GLOSSARY_FILE, 1)))
    for before, token in zip([None, *tokens], tokens, strict=False):
        line = (token.map or [0])[0] + 1
        if token.level == 0 and token.type not in ("dl_open", "dl_close"):
            raise SourceError("this is no definition", Where(GLOSSARY_FILE, line), FORM)
        if before is not None and token.type == "inline":
            add_text(found, before, " ".join(token.content.split()), line)
    return found


def add_text(found: list[tuple[str, str, int]], opening: Token, text: str, line: int) -> None:
    """Append `text` to `found` as a new term if `opening` opens one, else to the definition of the last term."""
    if opening.type == "dt_open":
        found.append((text, "", line))
    else:
        word, definition, first = found[-1]
        found[-1] = (word, f"{definition} {text}".strip(), first)
