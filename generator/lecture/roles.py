"""Finds and parses the roles in prose, such as {value}`convnet.accuracy`.

`{value}` inserts a measured number into a sentence, `{compare}` a comparison of two; measured numbers enter prose in
no other way. `{ref}`, `{cite}` and `{term}` are references: to a figure, equation, slide or experiment, to a work, to a
term of the glossary. What a role is replaced by is not decided here.
"""

import re
from dataclasses import dataclass

from generator.errors import SourceError, Where, suggest
from generator.lecture.syntax import Span, has_link

REFERENCE_ROLES = ("ref", "cite", "term")
ROLES = ("value", "compare", *REFERENCE_ROLES)
WORDED = re.compile(r"(?P<words>.*\S)\s*<(?P<target>[^<>]+)>")


@dataclass(frozen=True, slots=True)
class Role:
    """A role as written: its name, the expressions in it, the format `spec` of the number, its line and its column.

    column: in its text, from 1 (0: unknown). text: the whole role. in_formula: whether it is in a formula, where only
    plain text can replace it. targets: of a reference, the names that it refers to. words: of a reference, the text of
    the link (empty: what the target is called).
    """

    name: str
    expressions: tuple[str, ...]
    spec: str
    line: int
    text: str = ""
    in_formula: bool = False
    targets: tuple[str, ...] = ()
    words: str = ""
    column: int = 0


def read_role(span: Span, line: int, path: str) -> Role:
    """Return the role in a span of a text that begins on `line` of `path`.

    Raises SourceError for an unknown name, for a missing expression, and for a reference in a formula.
    """
    name, where = span.name, Where(path, line + span.line, span.column)
    if name not in ROLES:
        raise SourceError(f"there is no role '{{{name}}}'", where, suggest(name, list(ROLES)))
    if name in REFERENCE_ROLES:
        if span.in_formula or span.in_image:
            place = "a formula" if span.in_formula else "the words of an image"
            raise SourceError(f"{place} cannot hold a '{{{name}}}'", where, "write it before or after")
        return read_reference(span, where)
    body, spec = split_outside(span.content, ":")
    if name == "value":
        return Role(name, (body,), spec, where.line, span.written, span.in_formula, column=span.column)
    left, right = split_outside(body, ",")
    if not right:
        raise SourceError("a comparison needs two facts", where, "write {compare}`convnet.accuracy, dense.accuracy`")
    return Role(name, (left, right), spec, where.line, span.written, span.in_formula, column=span.column)


def read_reference(span: Span, where: Where) -> Role:
    """Return the reference in a span: `target`, `words <target>`, or in a `{cite}` `one, other`.

    Raises SourceError for words that are a link themselves.
    """
    name, body = span.name, span.content.strip()
    worded = WORDED.fullmatch(body) if name != "cite" else None
    if worded and has_link(worded["words"]):
        raise SourceError(f"the words of a '{{{name}}}' cannot hold a link", where, "write it before or after")
    written = [worded["target"]] if worded else body.split(",") if name == "cite" else [body]
    targets, words = tuple(target.strip() for target in written), worded["words"] if worded else ""
    return Role(name, (), "", where.line, span.written, targets=targets, words=words, column=span.column)


def split_outside(text: str, mark: str) -> tuple[str, str]:
    """Return the text before and after the first `mark` outside brackets; without one, all of it and ""."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == mark and depth == 0:
            return text[:index].strip(), text[index + 1 :].strip()
    return text.strip(), ""
