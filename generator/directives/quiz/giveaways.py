"""Finds where an earlier slide has given away the answer to a quiz: in its title, or as a value in bold."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from generator.document.compose import Composer
from generator.errors import LectureError, SourceError, Where
from generator.lecture.syntax import words_of

BOLD: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)", re.DOTALL)
TAG: Final = re.compile(r"<[^>]*>")
HIDDEN: Final = frozenset({"notes", "quiz", "pause"})  # kinds of cells that readers do not see, or that ask themselves
SHORTEST: Final = 3  # letters of a text that is looked for inside a title: "a" and "5" stand in too many


def find_giveaways(answer: str, composer: Composer, where: Where) -> Iterator[LectureError]:
    """Yield a warning, at `where`, for each slide up to this one whose title or text in bold gives away `answer`.

    answer: the right option of a quiz, its values filled in.
    """
    words = plain(answer)
    for title in composer.titles.values() if words else ():
        if words == plain(title) or (
            len(words) >= SHORTEST and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain(title))
        ):
            yield warn(f"the right answer stands in the title '{words_of(title)}'", where)
    for cell in composer.document.notebook.cells if words else ():
        facts = cell.metadata["lectern"]
        if facts["kind"] in HIDDEN or facts["audience"] == "teacher":
            continue
        if any(plain(bold[1] or bold[2]) == words for bold in BOLD.finditer(cell.source)):
            yield warn(f"the right answer stands in bold on line {facts['line']}", where)


def plain(text: str) -> str:
    """Return what is read of a line of Markdown, in lower case and without the sign at its end."""
    return " ".join(unescape(TAG.sub("", words_of(text))).casefold().split()).rstrip(".!?")


def warn(problem: str, where: Where) -> LectureError:
    """Return a warning of an answer that was given away."""
    return SourceError(problem, where, "ask of a case that has not been shown, or say it after the quiz")
