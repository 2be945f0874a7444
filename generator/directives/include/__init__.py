"""`{include}`: another Markdown file of the project, or a section of it, in the place of the directive."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token

from generator.errors import SourceError, Where, suggest
from generator.lecture.directive import Directive
from generator.lecture.headings import names_of
from generator.lecture.included_files import IncludedFiles
from generator.lecture.syntax import Definitions, definitions_of, spans_in, structure_parser

CELL = None
OPEN_FRONT_MATTER = re.compile(r"---[ \t]*\n\w+:")


def expand(directive: Directive, files: IncludedFiles) -> tuple[str, Where]:
    """Return the text that stands in the place of the directive, and its place in its own file.

    The front matter of the file is left out. Raises SourceError, at the directive, for a file that is no Markdown or
    that cannot be read, and for a section that it does not have; in the file, for front matter that is not closed.
    """
    directive.allow("section")
    directive.take_no_body("stands for another text")
    if not directive.argument.lower().endswith(".md"):
        hint = "write for example :::{include} lectures/shared/exercises.md"
        raise SourceError("'{include}' needs the name of a Markdown file", directive.where, hint)
    text = files.read_text(directive.argument, directive.where)
    path = files.find(directive.argument, directive.where).relative_to(files.project.resolve()).as_posix()
    env: dict[str, Any] = {}
    tokens = structure_parser(is_whole=True).parse(text, env)
    first, last = body_of(tokens), text.count("\n") + 1
    if not first and OPEN_FRONT_MATTER.match(text):
        raise SourceError("the front matter is never closed", Where(path, 1, 1), "end it with --- on a line of its own")
    if directive.option("section"):
        first, last = section_of(tokens, directive, last)
    lines = text.split("\n")[first:last]
    if not any(line.strip() for line in lines):
        raise SourceError(f"'{directive.argument}' is empty", directive.where, "write text into it")
    section = "\n".join(lines)
    return section + missing_definitions(section, definitions_of(env)), Where(path, first + 1)


def missing_definitions(section: str, definitions: Definitions) -> str:
    """Return what is to be added to a section: the link definitions of its file that it uses and does not have."""
    env: dict[str, Any] = {}
    structure_parser().parse(section, env)
    own = {label for label, _, _ in definitions_of(env)}
    used = {span.reference for span in spans_in(section, definitions)} - own
    lines = [f"[{label}]: <{address}>{quoted(title)}" for label, address, title in definitions if label in used]
    return "".join(f"\n\n{line}" for line in lines)


def quoted(title: str) -> str:
    """Return the title of a link as it stands behind the address; empty without one."""
    return ' "' + title.replace("\\", "\\\\").replace('"', '\\"') + '"' if title else ""


def body_of(tokens: Sequence[Token]) -> int:
    """Return the line, from 0, on which a text goes on after its front matter."""
    front = tokens[0] if tokens and tokens[0].type == "front_matter" else None
    return front.map[1] if front and front.map else 0


def section_of(tokens: Sequence[Token], directive: Directive, end: int) -> tuple[int, int]:
    """Return the first line, from 0, of the section that is asked for, and the line after its last.

    It begins with the heading of that title or `{#name}`, and ends before the next heading of its level or a higher
    one. Raises SourceError if there is none, or more than one.
    """
    wanted = directive.option("section").removeprefix("#")
    headings = [(at, token) for at, token in enumerate(tokens) if token.type == "heading_open" and not token.level]
    names = {at: names_of(tokens[at + 1].content) for at, _ in headings}
    found = [(at, token) for at, token in headings if wanted in names[at]]
    where = directive.place_of("section")
    if not found:
        known = [known[0] for known in names.values()]
        raise SourceError(f"'{directive.argument}' has no section '{wanted}'", where, suggest(wanted, known))
    if len(found) > 1:
        problem = f"'{directive.argument}' has {len(found)} sections '{wanted}'"
        are_slides = all(token.tag in ("h1", "h2") for _, token in found)
        hint = "give the one a name behind its title, such as {#mine}" if are_slides else "give the one another title"
        raise SourceError(problem, where, hint)
    ((at, heading),) = found
    lasts = [other.map[0] for place, other in headings if place > at and other.tag <= heading.tag and other.map]
    return (heading.map or (0, 0))[0], min(lasts, default=end)
