"""Roles in prose: `{value}` puts a measured number into a sentence, `{compare}` a comparison of two.

These are the only ways by which a number enters prose. `{ref}`, `{cite}` and `{term}` mention something that stands
elsewhere: a figure or a slide, a work, a definition.
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
    """A role as written: its name, the expressions in it, the format of the number, and its line.

    text: all of it. Of a mention: `targets` are what it names, `words` what it says (empty: what the target is called).
    """

    name: str
    expressions: tuple[str, ...]
    spec: str
    line: int
    text: str = ""
    targets: tuple[str, ...] = ()
    words: str = ""


def roles_in(text: str, line: int, path: str) -> Iterator[Role]:
    """Yield the roles in `text`, whose first line is `line`; raise SourceError for a role that does not exist."""
    for match in ROLE.finditer(text):
        yield read_role(match, line + text.count("\n", 0, match.start()), path)


def fill_roles(text: str, line: int, path: str, fill: Callable[[Role], str]) -> str:
    """Return `text` with every role replaced by what `fill` makes of it."""

    def replace(match: re.Match[str]) -> str:
        return fill(read_role(match, line + text.count("\n", 0, match.start()), path))

    return ROLE.sub(replace, text)


def read_role(match: re.Match[str], line: int, path: str) -> Role:
    """Return the role of one match."""
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
    """Return the mention of one match: `target`, `words <target>`, or of works `one, other`."""
    name, body = match["name"], match["body"].strip()
    worded = WORDED.fullmatch(body) if name != "cite" else None
    targets = tuple(target.strip() for target in (body.split(",") if name == "cite" else [body]))
    if worded:
        return Role(name, (), "", line, match[0], (worded["target"].strip(),), worded["words"])
    return Role(name, (), "", line, match[0], targets)


def split_outside(text: str, mark: str) -> tuple[str, str]:
    """Return the text before and behind the first `mark` that stands outside brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == mark and depth == 0:
            return text[:place].strip(), text[place + 1 :].strip()
    return text.strip(), ""


def texts_of(block: Block) -> list[tuple[str, int]]:
    """Return the texts of one block that may hold roles, each with the line it starts on."""
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
