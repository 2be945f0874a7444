"""The reader: from a lecture's text to a Lecture; knows no HTML and runs nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from generator.block import Block, Pause, Prose
from generator.directive import read_directive, split_directive
from generator.errors import SourceError, Where, suggest
from generator.frontmatter import read_front_matter
from generator.lecture import Lecture, Slide, anchor_of, read_text

ATTRIBUTES = re.compile(r"\s*\{(?P<pairs>(?:\w+=[^\s{}]+\s*)+)\}\s*$")
PARSER = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(colon_fence_plugin)


def read_lecture(path: Path, project: Path) -> Lecture:
    """Return the lecture in the file `path`; raise SourceError, with the line, for what cannot be understood."""
    shown = path.relative_to(project).as_posix()
    text = read_text(path, shown)
    tokens = PARSER.parse(text)
    if not tokens or tokens[0].type != "front_matter":
        raise SourceError("the lecture has no front matter", Where(shown, 1), "begin with ---, title: …, ---")
    fields: dict[str, Any] = read_front_matter(tokens[0].content, shown)
    slides = SlideReader(shown, text.split("\n")).read(tokens[1:])
    if not slides:
        raise SourceError("the lecture has no slide", Where(shown, 1), "start one with ## and a title")
    return Lecture(path.stem, shown, fields.pop("title"), slides, **fields)


class SlideReader:
    """Reads the slides of one file: `path` for messages, `lines` of its text."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self.path, self.lines = path, lines
        self.slides: list[Slide] = []
        self.part = ""
        self.taken: set[str] = set()

    def read(self, tokens: Sequence[Token]) -> tuple[Slide, ...]:
        """Return the slides that `tokens`, the top level of the file, make."""
        start = 0
        for index, token in enumerate(tokens):
            if token.level == 0 and (
                token.type == "hr" or (token.type == "heading_open" and token.tag in ("h1", "h2"))
            ):
                self.close(tokens[start:index])
                self.open(token, tokens[index + 1]) if token.type != "hr" else self.go_on(token)
                start = index + (1 if token.type == "hr" else 3)
        self.close(tokens[start:])
        return tuple(self.slides)

    def open(self, heading: Token, inline: Token) -> None:
        """Start the slide (or the part) of `heading`."""
        title, line = inline.content.strip(), line_of(heading)
        attributes = read_attributes(title, Where(self.path, line))
        title = ATTRIBUTES.sub("", title)
        if not title:
            raise SourceError("a slide has no title", Where(self.path, line), "write it behind the ##")
        starts_part = heading.tag == "h1"
        self.part = title if starts_part else self.part
        anchor = anchor_of(title, self.taken)
        self.slides.append(Slide(title, anchor, line, (), self.part, starts_part, **attributes))

    def go_on(self, rule: Token) -> None:
        """Start a further slide under the title of the last."""
        if not self.slides:
            raise SourceError("a break before the first slide", Where(self.path, line_of(rule)), "remove the ---")
        last, line = self.slides[-1], line_of(rule)
        anchor = anchor_of(last.title, self.taken)
        self.slides.append(Slide(last.title, anchor, line, (), self.part, continued=True))

    def close(self, tokens: Sequence[Token]) -> None:
        """Give the last slide the blocks of `tokens`."""
        blocks = read_blocks(tokens, self.lines, self.path)
        if not blocks:
            return
        if not self.slides:
            line = getattr(blocks[0], "line", 1)
            raise SourceError("text before the first slide", Where(self.path, line), "start a slide with ##")
        self.slides[-1] = replace(self.slides[-1], blocks=blocks)


def read_attributes(title: str, where: Where) -> dict[str, Any]:
    """Return what stands in braces behind a heading: minutes, a number, and answers, a list of marks.

    Raises SourceError for any other name, and for minutes that are no number.
    """
    match = ATTRIBUTES.search(title)
    pairs = dict(pair.split("=", 1) for pair in match["pairs"].split()) if match else {}
    for name in pairs.keys() - {"minutes", "answers"}:
        raise SourceError(f"a heading has no '{name}'", where, suggest(name, ["minutes", "answers"]))
    if "minutes" in pairs and not re.fullmatch(r"\d+(\.\d+)?", pairs["minutes"]):
        raise SourceError(f"'{pairs['minutes']}' is not a number of minutes", where, "write for example {minutes=3}")
    minutes = float(pairs["minutes"]) if "minutes" in pairs else None
    return {"minutes": minutes, "answers": tuple(filter(None, pairs.get("answers", "").split(",")))}


def read_blocks(tokens: Sequence[Token], lines: list[str], path: str, above: int = 0) -> tuple[Block, ...]:
    """Return the blocks of top-level `tokens`; `above` counts the file's lines above `lines`."""
    blocks: list[Block] = []
    for token in tokens:
        if token.level or token.map is None or token.nesting < 0:
            continue
        first, last = token.map
        text = "\n".join(lines[first:last]).rstrip()
        line = first + above + 1
        if token.type == "colon_fence":
            check_closed(token, lines, Where(path, line))
            blocks.append(read_fence(token, line, path))
        elif token.type == "paragraph_open" and text.strip() == ". . .":
            blocks.append(Pause(line))
        else:
            add_prose(blocks, Prose(text, line, verbatim=token.type in ("fence", "code_block")))
    return tuple(blocks)


def add_prose(blocks: list[Block], prose: Prose) -> None:
    """Append `prose`, joined to prose of its kind just before it."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Prose) and last.verbatim == prose.verbatim and not last.incremental:
        gap = "\n" * max(2, prose.line - last.line - last.text.count("\n"))
        blocks[-1] = Prose(last.text + gap + prose.text, last.line, last.verbatim)
    else:
        blocks.append(prose)


def read_fence(token: Token, line: int, path: str) -> Block:
    """Return the block of a colon fence that opens on `line`."""
    directive = split_directive(token.info, token.content, line, path)

    def read_nested(text: str, first: int) -> tuple[Block, ...]:
        return read_blocks(PARSER.parse(text), text.split("\n"), path, first - 1)

    return read_directive(directive, read_nested)


def check_closed(token: Token, lines: list[str], where: Where) -> None:
    """Raise SourceError when the fence runs to the end of the file: its closing colons are missing."""
    last = lines[token.map[1] - 1] if token.map else ""
    if not re.fullmatch(rf"\s*{token.markup}:*\s*", last):
        raise SourceError(f"'{token.markup}{token.info}' is never closed", where, f"end it with {token.markup}")


def line_of(token: Token) -> int:
    """Return the line, counted from 1, on which `token` starts."""
    return token.map[0] + 1 if token.map else 0
