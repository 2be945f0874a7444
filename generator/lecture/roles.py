"""Finds and parses the roles in prose, such as {value}`convnet.accuracy`.

`{value}` inserts a measured number into a sentence, `{compare}` a comparison of two; measured numbers enter prose in
no other way. `{ref}`, `{cite}` and `{term}` are references: to a figure, slide or experiment, to a work, to a term of
the glossary. What a role is replaced by is not decided here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import Block, Claim, Code, Exercise, Figure, Notes, Prose, Quiz

ROLE = re.compile(r"\{(?P<name>\w+)\}`(?P<body>[^`\n]+)`")
REFERENCE_ROLES = ("ref", "cite", "term")
ROLES = ("value", "compare", *REFERENCE_ROLES)
WORDED = re.compile(r"(?P<words>.*\S)\s*<(?P<target>[^<>]+)>")


@dataclass(frozen=True, slots=True)
class Role:
    """A role as written: its name, the expressions in it, the format `spec` of the number, and its line.

    text: the whole role. Of a reference, `targets` are the names that it refers to, and `words` is the text of the
    link (empty: what the target is called).
    """

    name: str
    expressions: tuple[str, ...]
    spec: str
    line: int
    text: str = ""
    targets: tuple[str, ...] = ()
    words: str = ""


def roles_in(text: str, line: int, path: str) -> Iterator[Role]:
    """Yield the roles in `text`, which begins on `line` of `path`; raise SourceError for an unknown or broken role."""
    for match in ROLE.finditer(text):
        yield read_role(match, line + text.count("\n", 0, match.start()), path)


def fill_roles(text: str, line: int, path: str, fill: Callable[[Role], str]) -> str:
    """Return `text`, which begins on `line` of `path`, with every role replaced by what `fill` returns for it."""

    def replace(match: re.Match[str]) -> str:
        return fill(read_role(match, line + text.count("\n", 0, match.start()), path))

    return ROLE.sub(replace, text)


def read_role(match: re.Match[str], line: int, path: str) -> Role:
    """Return the role in a match of ROLE; raise SourceError for an unknown name or a missing expression."""
    name = match["name"]
    if name not in ROLES:
        raise SourceError(f"there is no role '{{{name}}}'", Where(path, line), suggest(name, list(ROLES)))
    if name in REFERENCE_ROLES:
        return read_reference(match, line)
    body, spec = split_outside(match["body"], ":")
    if name == "value":
        return Role(name, (body,), spec, line, match[0])
    left, right = split_outside(body, ",")
    if not right:
        hint = "write {compare}`convnet.accuracy, dense.accuracy`"
        raise SourceError("a comparison needs two facts", Where(path, line), hint)
    return Role(name, (left, right), spec, line, match[0])


def read_reference(match: re.Match[str], line: int) -> Role:
    """Return the reference in a match of ROLE: `target`, `words <target>`, or in a `{cite}` `one, other`."""
    name, body = match["name"], match["body"].strip()
    worded = WORDED.fullmatch(body) if name != "cite" else None
    targets = tuple(target.strip() for target in (body.split(",") if name == "cite" else [body]))
    if worded:
        return Role(name, (), "", line, match[0], (worded["target"].strip(),), worded["words"])
    return Role(name, (), "", line, match[0], targets)


def split_outside(text: str, mark: str) -> tuple[str, str]:
    """Return the text before and after the first `mark` outside brackets; without one, all of it and ""."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == mark and depth == 0:
            return text[:index].strip(), text[index + 1 :].strip()
    return text.strip(), ""


def texts_of(block: Block) -> list[tuple[str, int]]:
    """Return the texts of one block that may contain roles, each with the line on which it starts."""
    match block:
        case Prose(verbatim=False) | Notes() | Exercise():
            return [(block.text, block.line)]
        case Claim():
            return [(block.text, block.line + 1)]
        case Quiz():
            return [(text, block.line) for text in (block.question, *block.options, block.explanation)]
        case Figure() | Code():
            return [(block.caption, block.line)]
        case _:
            return []
