"""Parses a lecture's text into a Lecture: front matter, slides, blocks; knows no HTML and runs nothing.

The text is CommonMark with directives in colon fences (MyST's syntax), tokenized by markdown-it-py. The first half of
this module cuts the file into slides and blocks; the second turns directives such as `:::{figure} convolution` into
blocks. READERS lists all directives.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import (
    RESERVED,
    Audience,
    Block,
    Claim,
    Code,
    Columns,
    Exercise,
    Figure,
    Lecture,
    Notes,
    Only,
    Option,
    PartsList,
    Pause,
    Prose,
    Quiz,
    Slide,
    anchor_of,
    check_highlight,
    narrow,
    read_text,
    stem_of,
    walk_for,
)
from generator.lecture.comments import is_comment, strip_comments
from generator.lecture.definitions import find_second_definitions
from generator.lecture.faults import block_faults, heading_faults
from generator.lecture.front_matter import read_front_matter
from generator.lecture.places import first_character, in_file
from generator.lecture.syntax import definitions_of, structure_parser

# Braces at the end of a heading; with a backslash before one of them they are text.
ATTRIBUTES = re.compile(r"(?<!\\)\{(?P<fields>(?:[^{}\\]|\\[^{}])*)\}$")
UNCLOSED = re.compile(r"(?<!\\)\{[#.\w][^{}`$]*$")
HIDDEN = re.compile(r"\s*(?:#{1,6}\s|-{3,}\s*$)", re.MULTILINE)  # unseen behind a comment
VERBATIM = ("fence", "code_block")
OPAQUE = (*VERBATIM, "colon_fence", "math_block", "math_block_label", "html_block")  # in which a line is only a line
LIST_TYPES = ("bullet_list_open", "ordered_list_open")


def read_lecture(path: Path, project: Path) -> Lecture:
    """Return the lecture in the file `path`; raise SourceError, with the line, for text that cannot be understood."""
    shown = path.relative_to(project).as_posix()
    text = read_text(path, shown)
    env: dict[str, Any] = {}  # collects the link definitions of the lecture and of its directives
    lines = text.split("\n")
    with pointing_into(lines):
        slides, fields = read_slides(text, shown, env)
    return Lecture(
        path.stem, shown, fields.pop("title"), slides, **fields, definitions=definitions_of(env), source=lines
    )


def read_slides(text: str, shown: str, env: dict[str, Any]) -> tuple[tuple[Slide, ...], dict[str, Any]]:
    """Return the slides in the `text` of the file `shown`, and the fields of its front matter; raise SourceError."""
    tokens = structure_parser(is_whole=True).parse(text, env)
    if not tokens or tokens[0].type != "front_matter":
        raise SourceError("the lecture has no front matter", Where(shown, 1), "begin with ---, title: …, ---")
    fields: dict[str, Any] = read_front_matter(tokens[0].content, shown)
    lines = text.split("\n")
    slides = SlideReader(BlockReader(shown, env, lines), lines).read(tokens[1:])
    for error in find_second_definitions(env, lines, shown):
        raise error
    if not slides:
        raise SourceError("the lecture has no slide", Where(shown, 1), "start one with ## and a title")
    return slides, fields


@contextmanager
def pointing_into(lines: Sequence[str]) -> Iterator[None]:
    """Let an error without a column point at the first character of its line in the file, whose `lines` these are."""
    try:
        yield
    except SourceError as error:
        if error.where and not error.where.column:
            error.where = first_character(error.where.line, error.where.path, lines)
        raise


class SlideReader:
    """Reads the slides of one file; `lines` are the lines of its text."""

    def __init__(self, blocks: "BlockReader", lines: list[str]) -> None:
        self.path, self.blocks, self.lines = blocks.path, blocks, lines
        self.slides: list[Slide] = []
        self.part = ""
        self.stem = ""  # what the anchor of the last heading was made of
        self.taken: set[str] = set()

    def read(self, tokens: Sequence[Token]) -> tuple[Slide, ...]:
        """Return the slides in `tokens`, which are those of the file without its front matter.

        A `#` or `##` heading or a `---` ends the slide before it and starts a new one.
        """
        start = 0
        for index, token in enumerate(tokens):
            if token.level == 0 and (
                token.type == "hr" or (token.type == "heading_open" and token.tag in ("h1", "h2"))
            ):
                self.close(tokens[start:index])
                self.open(token, tokens[index + 1]) if token.type != "hr" else self.continue_slide(token)
                start = index + (1 if token.type == "hr" else 3)  # a heading is three tokens: open, inline, close
        self.close(tokens[start:])
        return tuple(self.slides)

    def open(self, heading: Token, inline: Token) -> None:
        """Start the slide of `heading`, or with an h1 a new part; `inline` holds the heading's text."""
        where = Where(self.path, line_of(heading))
        for fault in heading_faults(heading, self.lines):
            raise SourceError(fault.problem, where, fault.hint)
        title, braces = split_heading(strip_comments(inline.content, where).strip(), where)
        name, attributes = read_attributes(braces, where)
        if not title:
            raise SourceError("a slide has no title", where, "write it behind the ##")
        starts_part = heading.tag == "h1"
        self.part = title if starts_part else self.part
        self.stem = name or title
        anchor = self.claim(name, where) if name else anchor_of(title, self.taken)
        line = where.line
        self.slides.append(Slide(title, anchor, line, (), self.part, starts_part, **attributes))

    def claim(self, name: str, where: Where) -> str:
        """Return the anchor `name` that a heading asks for; raise SourceError if it is unfit or taken."""
        fit = stem_of(name)
        if fit != name or RESERVED.fullmatch(name):
            hint = f"write {{#{fit}}}" if fit and not RESERVED.fullmatch(fit) else "take another, such as {#my-slide}"
            raise SourceError(f"a slide cannot be called '#{name}'", where, hint)
        if name in self.taken:
            raise SourceError(f"another slide is called '#{name}' already", where, "give each its own name")
        self.taken.add(name)
        return name

    def continue_slide(self, rule: Token) -> None:
        """Start another slide with the title of the last one, after the break `rule`."""
        if not self.slides:
            raise SourceError("a break before the first slide", Where(self.path, line_of(rule)), "remove the ---")
        last, line = self.slides[-1], line_of(rule)
        anchor = anchor_of(self.stem, self.taken)
        self.slides.append(Slide(last.title, anchor, line, (), self.part, continued=True))

    def close(self, tokens: Sequence[Token]) -> None:
        """Add the blocks of `tokens` to the last slide; raise SourceError for text before the first slide."""
        blocks = self.blocks.read(tokens, self.lines)
        if not blocks:
            return
        if not self.slides:
            line = getattr(blocks[0], "line", 1)
            raise SourceError("text before the first slide", Where(self.path, line), "start a slide with ##")
        self.slides[-1] = replace(self.slides[-1], blocks=blocks)


def split_heading(text: str, where: Where) -> tuple[str, str]:
    """Return the title in the `text` of a heading, and what stands in braces behind it; raise SourceError for two."""
    match = ATTRIBUTES.search(text)
    title = text[: match.start()].rstrip() if match else text
    if extra := ATTRIBUTES.search(title) if match else UNCLOSED.search(title):
        problem = "has a second pair of braces" if match else "opens a brace that is never closed"
        raise SourceError(f"the heading {problem}: '{extra[0]}'", where, BRACES_HINT)
    if match and not match["fields"].strip():
        raise SourceError("the braces behind the heading are empty", where, BRACES_HINT)
    return title, match["fields"] if match else ""


BRACES_HINT = "write for example {minutes=3}, or \\{ for a brace in the title"


def read_attributes(text: str, where: Where) -> tuple[str, dict[str, Any]]:
    """Return what stands in the braces behind a heading, such as `#my-slide minutes=3 answers=1,2`.

    It is the name of the slide, which may be empty, and a dict of `minutes`, a number or None, and `answers`, a tuple
    of marks. Raises SourceError for anything else, and for minutes that are not a number.
    """
    found: dict[str, str] = {}
    for field in text.split():
        name, value = read_attribute(field, where)
        if name in found:
            raise SourceError(f"the heading has '{name}' twice", where, "keep one of the two")
        found[name] = value
    if "minutes" in found and not re.fullmatch(r"\d+(\.\d+)?", found["minutes"]):
        raise SourceError(f"'{found['minutes']}' is not a number of minutes", where, "write for example {minutes=3}")
    minutes = float(found["minutes"]) if "minutes" in found else None
    answers = tuple(filter(None, found.get("answers", "").split(",")))
    return found.get("#", ""), {"minutes": minutes, "answers": answers}


def read_attribute(field: str, where: Where) -> tuple[str, str]:
    """Return the name and the value of one attribute of a heading; raise SourceError if a heading has none such."""
    name, equals, value = field.partition("=")
    if field.startswith("#") and len(field) > 1:
        return "#", field[1:]
    if field.startswith("."):
        hint = "break the slide with ---, or put less on it; all slides look alike"
        raise SourceError(f"a heading has no classes, such as '{field}'", where, hint)
    if not re.fullmatch(r"\w+", name) or not equals:
        raise SourceError(f"'{field}' behind the heading is not understood", where, BRACES_HINT)
    if name not in ("minutes", "answers"):
        raise SourceError(f"a heading has no '{name}'", where, suggest(name, ["minutes", "answers"]))
    return name, value


class BlockReader:
    """Reads the blocks of one file, whose lines are `source`; `env` collects its link definitions."""

    def __init__(self, path: str, env: dict[str, Any], source: Sequence[str]) -> None:
        self.path, self.env, self.source = path, env, source

    def read(self, tokens: Sequence[Token], lines: list[str], above: int = 0) -> tuple[Block, ...]:
        """Return the blocks of the top-level tokens among `tokens`.

        above: the number of lines of the file above `lines`, since the body of a directive is parsed as a text of its
        own.
        """
        blocks: list[Block] = []
        for token in tokens:
            if token.level or token.map is None or token.nesting < 0:
                continue
            block = self.read_block(token, token.map, lines, above)
            if isinstance(block, Prose):
                add_prose(blocks, block)
            elif block is not None:
                blocks.append(block)
        return tuple(blocks)

    def read_block(self, token: Token, span: Sequence[int], lines: list[str], above: int) -> Block | None:
        """Return the block of one token, which spans these lines; None for a comment."""
        first, last = span
        text = "\n".join(lines[first:last]).rstrip()
        where = Where(self.path, first + above + 1)
        if token.type == "colon_fence":
            if not token.info.strip():
                hint = f"a fence around others has more colons than they have, such as {token.markup}:"
                raise SourceError(f"'{token.markup}' closes nothing", where, hint)
            check_closed(token, lines, where, is_nested=above > 0)
            return self.read_fence(token, where.line)
        if token.type in OPAQUE:
            for fault in block_faults(token, lines):
                place = Where(self.path, fault.line + above + 1, fault.column)
                place = in_file(place, [("\n".join(lines), above + 1)], self.source)
                raise SourceError(fault.problem, place, fault.hint)
        if token.type in VERBATIM:
            return Prose(text, where.line, verbatim=True)
        if token.type == "paragraph_open" and text.strip() == ". . .":
            return Pause(where.line)
        return self.read_prose(token, text, where)

    def read_prose(self, token: Token, text: str, where: Where) -> Prose | None:
        """Return the text of one token, without its comments; None if it is only comments."""
        if is_comment(token):
            return None
        prose = Prose(strip_comments(text, where, self.source), where.line)
        if token.type == "html_block" and HIDDEN.match(prose.text):
            hint = "put it on a line of its own, below the comment"
            raise SourceError(f"'{prose.text.strip()[:40]}' stands behind a comment", where, hint)
        return prose

    def read_text(self, text: str, first: int) -> tuple[Block, ...]:
        """Return the blocks of the body of a directive, which begins on line `first` of the file."""
        return self.read(structure_parser().parse(text, self.env), text.split("\n"), first - 1)

    def read_fence(self, token: Token, line: int) -> Block:
        """Return the block of a colon fence that opens on `line`."""
        block = read_directive(split_directive(token.info, token.content, line, self.path), self.read_text)
        if isinstance(block, (Notes, Exercise, Prose)):
            structure_parser().parse(block.text, self.env)  # for its link definitions
        return block


def add_prose(blocks: list[Block], prose: Prose) -> None:
    """Append `prose` to `blocks`, joined to the block before it if that is prose of the same kind.

    The gap between the two is as long as in the file, so that lines counted from the first still point at the second.
    """
    last = blocks[-1] if blocks else None
    if isinstance(last, Prose) and last.verbatim == prose.verbatim and not last.incremental:
        gap = "\n" * max(1, prose.line - last.line - last.text.count("\n"))
        blocks[-1] = Prose(last.text + gap + prose.text, last.line, last.verbatim)
    else:
        blocks.append(prose)


def check_closed(token: Token, lines: list[str], where: Where, *, is_nested: bool) -> None:
    """Raise SourceError when a colon fence runs to the end of the text: its closing colons are missing."""
    last = lines[token.map[1] - 1] if token.map else ""
    is_one_line = token.map is not None and token.map[1] - token.map[0] < 2
    if is_one_line or not re.fullmatch(rf"\s*{token.markup}:*\s*", last):
        hint = f"end it with {token.markup}"
        hint += f", or give the fence around it more colons, such as {token.markup}:" if is_nested else ""
        raise SourceError(f"'{token.markup}{token.info}' is never closed", where, hint)


def line_of(token: Token) -> int:
    """Return the line on which `token` starts, counted from 1; 0 if it has none."""
    return token.map[0] + 1 if token.map else 0


# Directives: from `:::{figure} convolution` and the lines below it to a block.

OPTION = re.compile(r"^:(?P<name>[a-z][a-z_0-9-]*):(?:[ \t]+(?P<text>.*))?$")
MOST_OPTIONS = 8  # each has a letter, A to H
CHOICE = re.compile(r"^[-*] \[(?P<mark>[ xX])\] +(?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as written: the `argument` after its name, then its `options`, one a line, then its `body`."""

    name: str
    argument: str
    options: tuple[Option, ...]
    body: str
    line: int
    body_line: int
    path: str

    def where(self, line: int = 0) -> Where:
        """Return the place of `line`, or without one, of the directive."""
        return Where(self.path, line or self.line)

    def option(self, name: str, default: str = "") -> str:
        """Return the text of the option `name`, or `default` if it is not given."""
        return next((option.text for option in self.options if option.name == name), default)

    def take_no_argument(self) -> None:
        """Raise SourceError for words behind the directive's name."""
        if self.argument:
            problem = f"'{{{self.name}}}' takes no words behind it, such as '{self.argument}'"
            raise SourceError(problem, self.where(), "write them on the lines below")

    def take_no_body(self) -> None:
        """Raise SourceError for lines between the colons."""
        if self.body:
            problem = f"'{{{self.name}}}' is filled from the headings, and takes no text"
            raise SourceError(problem, self.where(self.body_line), "write it above or below")

    def allow(self, *names: str) -> None:
        """Raise SourceError for an option that is not among `names`."""
        for option in self.options:
            if option.name not in names:
                problem = f"'{{{self.name}}}' has no option '{option.name}'"
                hint = suggest(option.name, list(names)) if names else "it takes no options"
                raise SourceError(problem, self.where(option.line), hint)


ReadBlocks = Callable[[str, int], tuple[Block, ...]]


def split_directive(info: str, content: str, line: int, path: str) -> Directive:
    """Return the directive in a colon fence that opens on `line` of `path`; raise SourceError if it names none.

    info: what follows the colons, `{name} argument`. content: the lines between the fences.
    """
    match = re.match(r"^\{(?P<name>[^}]*)\}\s*(?P<argument>.*)$", info.strip())
    if not match:
        raise SourceError("a colon fence needs a directive", Where(path, line), "write for example :::{notes}")
    lines = content.split("\n")
    options: list[Option] = []
    while lines and (found := OPTION.match(lines[0])):
        number, name = line + 1 + len(options), found["name"].replace("-", "_")
        if any(option.name == name for option in options):
            raise SourceError(f"'{name}' is given twice", Where(path, number), "keep one of the two")
        options.append(Option(name, (found["text"] or "").strip(), number))
        lines.pop(0)
    body = "\n".join(lines).strip("\n")
    check_late_option(body, lines, Where(path, line + 1 + len(options)))
    blank = next((index for index, text in enumerate(lines) if text.strip()), 0)
    body_line = line + 1 + len(options) + blank
    name, argument = match["name"].strip(), match["argument"].strip()
    return Directive(name, argument, tuple(options), body, line, body_line, path)


def check_late_option(body: str, lines: Sequence[str], start: Where) -> None:
    """Raise SourceError for a body, in `lines` from `start` on, that begins with an option after an empty line."""
    if OPTION.match(body.split("\n", maxsplit=1)[0]):
        blank = next(index for index, text in enumerate(lines) if text.strip())
        problem = f"the option '{lines[blank].strip()}' comes too late"
        raise SourceError(problem, Where(start.path, start.line + blank), "write options right below the first line")


def read_figure(directive: Directive, _: ReadBlocks) -> Block:
    """Return a figure; its body is the caption, and options that are not a figure's own are those of `trace`."""
    if not directive.argument:
        raise SourceError("a figure needs its kind", directive.where(), "write for example :::{figure} pooling")
    for number, text in enumerate(directive.body.split("\n"), start=directive.body_line):
        if OPTION.match(text):
            problem = f"the option '{text.strip()}' stands in the caption"
            raise SourceError(problem, directive.where(number), "write options before the caption")
    if directive.body and directive.option("caption"):
        raise SourceError("the figure has two captions", directive.where(), "write it below, or as :caption:")
    if "\n\n" in directive.body:
        raise SourceError("a caption is one paragraph", directive.where(directive.body_line), "write the rest below")
    own = {"caption", "name", "view", "reveal"}
    view = directive.option("view", "auto")
    if view not in ("auto", "film", "still"):
        raise SourceError(f"a figure has no view '{view}'", directive.where(), "the views are film and still")
    options = tuple(option for option in directive.options if option.name not in own)
    caption = directive.option("caption") or " ".join(directive.body.split())
    name = directive.option("name")
    reveal = read_switch(directive, "reveal", default=False)
    return Figure(directive.argument, options, directive.line, caption, name, view, reveal)  # type: ignore[arg-type]


def read_code(directive: Directive, _: ReadBlocks) -> Block:
    """Return code: the directive's body, or a project file or one function in it."""
    directive.allow("function", "caption", "highlight", "run")
    if bool(directive.argument) == bool(directive.body):
        hint = "name a file, or write the code between the colons"
        raise SourceError("code comes from a file or from here, one of the two", directive.where(), hint)
    run = read_switch(directive, "run", default=True)
    line = directive.line if directive.argument else directive.body_line
    return Code(
        directive.body,
        line,
        directive.argument,
        directive.option("function"),
        directive.option("caption"),
        read_highlight(directive),
        run,
    )


def read_switch(directive: Directive, name: str, *, default: bool) -> bool:
    """Return whether the option `name` is yes, true or empty; raise SourceError if it is neither yes nor no."""
    text = directive.option(name, "yes" if default else "no").lower()
    if text not in ("yes", "no", "true", "false", ""):
        raise SourceError(f"'{name}' is yes or no, not '{text}'", directive.where(), f"write :{name}: no")
    return text in ("yes", "true", "")


def read_highlight(directive: Directive) -> tuple[tuple[int, ...], ...]:
    """Return the lines to highlight at each step, counted from 1: `1|2-3|5,7` gives `((1,), (2, 3), (5, 7))`.

    Raises SourceError for what is no line or no span of lines. Whether code from a file has so many lines is found out
    when that is read.
    """
    option = next((option for option in directive.options if option.name == "highlight" and option.text), None)
    if option is None:
        return ()
    where, steps = directive.where(option.line), []
    for step in option.text.split("|"):
        lines: list[int] = []
        for span in step.split(","):
            match = re.fullmatch(r"\s*(\d{1,5})(?:-(\d{1,5}))?\s*", span, re.ASCII)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
            if not 0 < first <= last:
                hint = "lines count from 1, and spans go up: write for example :highlight: 1|2-3|5,7"
                raise SourceError(f"'{span.strip()}' is not a line", where, hint)
            lines += range(first, last + 1)
        steps.append(tuple(lines))
    if directive.body:
        check_highlight(steps, directive.body, where)
    return tuple(steps)


def read_claim(directive: Directive, _: ReadBlocks) -> Block:
    """Return a claim: the argument is its condition, the body the sentence that depends on it."""
    directive.allow()
    if not directive.argument or not directive.body:
        hint = "write :::{claim} convnet.accuracy > dense.accuracy, and the sentence below it"
        raise SourceError("a claim needs a condition and a sentence", directive.where(), hint)
    return Claim(directive.argument, directive.body, directive.line)


def read_quiz(directive: Directive, _: ReadBlocks) -> Block:
    """Return a quiz: a task list of options with one box checked, followed by the explanation."""
    directive.allow()
    options, right, why = split_quiz(directive)
    if not directive.argument or len(options) < 2 or len(right) != 1:
        hint = "write the question behind {quiz}, then '- [ ] wrong' and one '- [x] right'"
        raise SourceError("a quiz needs a question, two options and one right answer", directive.where(), hint)
    if len(options) > MOST_OPTIONS:
        raise SourceError(f"a quiz has at most {MOST_OPTIONS} options", directive.where(), "ask two questions")
    return Quiz(directive.argument, tuple(options), right[0], why, directive.line)


def split_quiz(directive: Directive) -> tuple[list[str], list[int], str]:
    """Return the options of a quiz, the indices of those that are checked, and the explanation.

    Raises SourceError for a line that goes on an option, which is one line, and for an option after the explanation.
    """
    options: list[str] = []
    right: list[int] = []
    explanation: list[str] = []
    for number, text in enumerate(directive.body.split("\n"), start=directive.body_line):
        match = CHOICE.match(text)
        if match and any(line.strip() for line in explanation):
            hint = "write all options before it"
            raise SourceError("an option stands after the explanation", directive.where(number), hint)
        if match:
            right += [len(options)] if match["mark"] != " " else []
            options.append(match["text"])
        elif options and not explanation and text[:1].isspace() and text.strip():
            raise SourceError("an option is one line", directive.where(number), "join the two lines")
        elif options or text.strip():
            explanation.append(text)
    return options, right, "\n".join(explanation).strip("\n")


def read_columns(directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return columns, which a line `+++` separates."""
    directive.allow()
    directive.take_no_argument()
    columns = [read_blocks(text, directive.body_line + offset) for offset, text in split_columns(directive.body)]
    if len(columns) < 2:
        raise SourceError("columns need a line '+++' between them", directive.where(), "or leave {columns} away")
    return Columns(tuple(columns), directive.line)


def split_columns(body: str) -> list[tuple[int, str]]:
    """Return the text of each column, and on which line of `body`, from 0, it begins.

    Columns are separated by lines `+++` that are in no code and in no other directive.
    """
    lines, tokens = body.split("\n"), structure_parser().parse(body)
    opaque = {number for token in tokens if token.type in OPAQUE and token.map for number in range(*token.map)}
    breaks = [number for number, line in enumerate(lines) if line.rstrip() == "+++" and number not in opaque]
    starts, ends = [0, *(number + 1 for number in breaks)], [*breaks, len(lines)]
    return [(start, "\n".join(lines[start:end])) for start, end in zip(starts, ends, strict=True)]


def read_only(directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return blocks for the audience that the directive is named after."""
    return read_for(directive.name, directive, read_blocks)  # type: ignore[arg-type]


def read_for(audience: Audience, directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return blocks for `audience`; raise SourceError for blocks among them that no page would show."""
    blocks = read_nested(directive, read_blocks)
    for block, outer in walk_for(blocks, audience):
        if isinstance(block, Only) and not narrow(outer, block.audience):
            problem = f"blocks for the {block.audience} within blocks for the {outer} are on no page"
            raise SourceError(problem, directive.where(block.line), "close the outer directive before them")
    return Only(audience, blocks, directive.line)


def read_nested(directive: Directive, read_blocks: ReadBlocks) -> tuple[Block, ...]:
    """Return the blocks inside a directive that takes no options."""
    directive.allow()
    directive.take_no_argument()
    return read_blocks(directive.body, directive.body_line)


def read_incremental(directive: Directive, _: ReadBlocks) -> Block:
    """Return a list whose items appear one by one."""
    check_text_only(directive)
    if not any(token.type in LIST_TYPES for token in structure_parser().parse(directive.body)):
        raise SourceError("'{incremental}' needs a list", directive.where(), "write items that begin with -")
    return Prose(directive.body, directive.body_line, incremental=True)


def check_text_only(directive: Directive) -> None:
    """Raise SourceError for options, for words behind the directive's name, and for a body without text."""
    directive.allow()
    directive.take_no_argument()
    if not directive.body.strip():
        raise SourceError(f"'{{{directive.name}}}' is empty", directive.where(), "write text below it, or remove it")


def read_notes(directive: Directive, _: ReadBlocks) -> Block:
    """Return the speaker's notes."""
    check_text_only(directive)
    return Notes(directive.body, directive.body_line)


def read_exercise(directive: Directive, _: ReadBlocks) -> Block:
    """Return an exercise."""
    check_text_only(directive)
    return Exercise(directive.body, directive.body_line)


def read_parts_list(directive: Directive, _: ReadBlocks) -> Block:
    """Return a list of the lecture's parts, which is filled from the headings."""
    directive.allow()
    directive.take_no_argument()
    directive.take_no_body()
    return PartsList(directive.name, directive.line)  # type: ignore[arg-type]


READERS: dict[str, Callable[[Directive, ReadBlocks], Block]] = {
    "figure": read_figure,
    "code": read_code,
    "claim": read_claim,
    "quiz": read_quiz,
    "columns": read_columns,
    "handout": read_only,
    "slides": read_only,
    "incremental": read_incremental,
    "agenda": read_parts_list,
    "recap": read_parts_list,
    "notes": read_notes,
    "exercise": read_exercise,
    "solution": lambda directive, read_blocks: read_for("teacher", directive, read_blocks),
}


def read_directive(directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return the block of `directive`; raise SourceError if there is no directive of that name."""
    if directive.name not in READERS:
        problem = f"there is no directive '{{{directive.name}}}'"
        raise SourceError(problem, directive.where(), suggest(directive.name, list(READERS)))
    return READERS[directive.name](without_comments(directive), read_blocks)


def without_comments(directive: Directive) -> Directive:
    """Return the directive without the comments in its own text; those in blocks inside it go with these blocks.

    Raises SourceError, at its line, for a comment that is never closed.
    """

    def strip(text: str, line: int) -> str:
        return strip_comments(text, directive.where(line)).rstrip()

    options = [
        replace(option, text=strip(option.text, option.line)) if option.name == "caption" else option
        for option in directive.options
    ]
    stripped = replace(directive, options=tuple(options))
    if directive.name in ("notes", "exercise", "incremental", "claim", "quiz", "figure"):
        argument = strip(directive.argument, directive.line) if directive.name == "quiz" else directive.argument
        stripped = replace(stripped, argument=argument, body=strip(directive.body, directive.body_line))
    return stripped
