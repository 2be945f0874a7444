"""Parses a lecture's text into a Lecture: front matter, slides, blocks; knows no HTML and runs nothing.

The text is CommonMark with directives in colon fences (MyST's syntax), tokenized by markdown-it-py. `SlideReader` cuts
the text into slides, `BlockReader` the text of a slide into blocks; what a directive means is said in its own package.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from generator.errors import LectureError, SourceError, Where
from generator.lecture.blocks import (
    RESERVED,
    Block,
    Lecture,
    LectureTitle,
    NestedList,
    Pause,
    Prose,
    Quote,
    Slide,
    anchor_of,
    check_characters,
    read_text,
    stem_of,
)
from generator.lecture.comments import is_comment, strip_comments
from generator.lecture.definitions import find_second_definitions
from generator.lecture.directive import Directive, find_directives, name_in, read_directive, split_directive
from generator.lecture.faults import block_faults, heading_faults
from generator.lecture.front_matter import read_front_matter
from generator.lecture.given import NAME, NOTHING, Given, LeftOut
from generator.lecture.headings import read_attributes, split_heading
from generator.lecture.included_files import IncludedFiles
from generator.lecture.macros import NO_MACROS, Macros, expand_macros
from generator.lecture.nesting import CONTAINERS, LISTS, holds_directive, inside_of, item_texts, quote_text
from generator.lecture.places import in_file, point
from generator.lecture.syntax import OPAQUE, VERBATIM, definitions_of, structure_parser

HIDDEN = re.compile(r"\s*(?:#{1,6}\s|-{3,}\s*$)", re.MULTILINE)  # unseen behind a comment
HEAD_RULE = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*")  # below the head of a table in other tools


def read_lecture(
    path: Path,
    project: Path,
    macros: Macros = NO_MACROS,
    files: IncludedFiles | None = None,
    given: Given = NOTHING,
) -> Lecture:
    """Return the lecture in the file `path`; raise SourceError, with the line, for text that cannot be understood.

    macros: those of the course. files: the files read so far in this build. given: what slides may need from outside
    the project, by name; those that need anything else are left out. If there is more than one error, the others are in
    `others` of the one that is raised.
    """
    shown = path.relative_to(project).as_posix()
    text = read_text(path, shown)
    lines = text.split("\n")
    reading = Reading(files or IncludedFiles(project), (path.resolve(),), {shown: lines})
    tokens = parse_whole(text, shown, reading.env)
    fields: dict[str, Any] = {}
    with reading.collecting():
        fields = read_front_matter(tokens[0].content, shown, macros)
    reader = SlideReader(BlockReader(reading), given)
    reader.read(tokens[1:], lines, Where(shown, 1))
    reading.errors += find_second_definitions(reading.env, reading.sources)
    if not reader.slides and not reading.errors:
        raise SourceError("the lecture has no slide", Where(shown, 1, 1), "start one with ## and a title")
    reading.raise_errors()
    title, slides, definitions = fields.pop("title"), tuple(reader.slides), definitions_of(reading.env)
    lecture = Lecture(path.stem, shown, title, slides, **fields, definitions=definitions, sources=reading.sources)
    lecture = replace(lecture, given=given, left_out=tuple(reader.left_out))
    return with_plain_titles(lecture)


def parse_whole(text: str, shown: str, env: dict[str, Any]) -> list[Token]:
    """Return the tokens of a whole lecture, the first its front matter; raise SourceError if it has none.

    shown: the path of the lecture. env: collects the link definitions.
    """
    tokens = structure_parser(is_whole=True).parse(text, env)
    if not tokens or tokens[0].type != "front_matter":
        problem = "the front matter is never closed" if text.startswith("---") else "the lecture has no front matter"
        raise SourceError(problem, Where(shown, 1, 1), "begin with ---, title: …, ---, each on a line of its own")
    return tokens


def read_title(path: Path, project: Path, macros: Macros = NO_MACROS) -> LectureTitle:
    """Return what the front matter of a lecture says of it; raise LectureError if that cannot be read.

    macros: those of the course. The text below the front matter is not looked at.
    """
    shown = path.relative_to(project).as_posix()
    front, end, _ = read_text(path, shown).partition("\n---\n")
    fields = read_front_matter(parse_whole(front + end, shown, {})[0].content, shown, macros)
    title, subtitle = (
        expand_macros(fields.get(name, ""), fields["macros"], Where(shown, fields["lines"].get(name, 1)))
        for name in ("title", "subtitle")
    )
    return LectureTitle(title, subtitle, fields.get("minutes"), fields.get("lang", ""))


def with_plain_titles(lecture: Lecture) -> Lecture:
    """Return a lecture with the macros in its titles written out, since titles also stand outside of its pages."""

    def plain(text: str, where: Where) -> str:
        return expand_macros(text, lecture.macros, where)

    slides = tuple(
        replace(slide, title=plain(slide.title, slide.where), part=plain(slide.part, slide.where))
        for slide in lecture.slides
    )
    title, subtitle = (plain(getattr(lecture, name), lecture.where_of(name)) for name in ("title", "subtitle"))
    return replace(lecture, title=title, subtitle=subtitle, slides=slides)


@dataclass(slots=True)
class Reading:
    """What the readers of one lecture share.

    files: the project's files, which a text may include. open: the files that are being read, each included by the one
    before it. sources: the lines of each, by path. env: collects the link definitions. errors: what is wrong, found so
    far.
    """

    files: IncludedFiles
    open: tuple[Path, ...]
    sources: dict[str, Sequence[str]] = field(default_factory=dict)
    env: dict[str, Any] = field(default_factory=dict)
    errors: list[LectureError] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Add an error to `errors`, so that what follows is read, too."""
        try:
            yield
        except LectureError as error:
            self.errors.append(error)

    def raise_errors(self) -> None:
        """Raise the first of the errors, if there are any, with the others attached to it."""
        if self.errors:
            point(self.errors, (), self.sources)
            first, *others = self.errors
            first.others = tuple(others)
            raise first

    @contextmanager
    def including(self, directive: Directive) -> Iterator[tuple[str, Where]]:
        """Return the text that a directive stands for, and its place, as long as that is being read.

        Raises SourceError for a file that includes itself.
        """
        text, where = find_directives()[directive.name].expand(directive, self.files)
        path = (self.files.project / where.path).resolve()
        if path in self.open:
            raise SourceError(f"'{where.path}' includes itself", directive.where, "include only the part that you need")
        whole = self.files.read_text(where.path, directive.where)
        check_characters(whole, where.path)
        self.sources.setdefault(where.path, whole.split("\n"))
        self.open += (path,)
        try:
            yield text, where
        finally:
            self.open = self.open[:-1]


class SlideReader:
    """Reads the slides of a lecture, text by text."""

    def __init__(self, blocks: "BlockReader", given: Given = NOTHING) -> None:
        self.blocks, self.reading, self.given = blocks, blocks.reading, given
        self.left_out: list[LeftOut] = []
        self.is_leaving_out = False  # whether the slide at hand needs what is not given
        self.slides: list[Slide] = []
        self.part = ""
        self.appendix = False  # whether the appendix has begun
        self.stem = ""  # what the anchor of the last heading was made of
        self.taken: set[str] = set()

    def read(self, tokens: Sequence[Token], lines: list[str], start: Where) -> None:
        """Add the slides in `tokens`, those of the text in `lines`, which begins at `start`.

        A `#` or `##` heading or a `---` ends the slide before it and starts a new one; a text that is included goes on
        where it stands.
        """
        first = 0
        for index, token in enumerate(tokens):
            if token.level or not (ends_slide(token) or is_included(token)):
                continue
            self.close(tokens[first:index], lines, start)
            first = index + (3 if token.type == "heading_open" else 1)  # a heading is: open, inline, close
            with self.reading.collecting():
                self.take(token, tokens[index + 1 : index + 2], lines, start)
        self.close(tokens[first:], lines, start)

    def take(self, token: Token, following: Sequence[Token], lines: list[str], start: Where) -> None:
        """Start the slide, or go on with the text, that `token` asks for; `following` holds a heading's words."""
        if token.type == "colon_fence":
            directive = self.blocks.directive_of(token, lines, start)
            with self.reading.including(directive) as (text, where):
                tokens = structure_parser(is_whole=where.line == 1).parse(text, self.reading.env)
                self.read([token for token in tokens if token.type != "front_matter"], text.split("\n"), where)
        elif token.type == "hr":
            where = start.below(line_of(token))
            if HEAD_RULE.fullmatch(lines[line_of(token)]):
                hint = "write | a | b |, and below it |---|---|; a line --- ends a slide"
                raise SourceError("this is no table", where, hint)
            self.continue_slide(where)
        else:
            self.open(token, following[0], lines, start)

    def open(self, heading: Token, inline: Token, lines: list[str], start: Where) -> None:
        """Start the slide of `heading`, or with an h1 a new part; `inline` holds the heading's text."""
        where = start.below(line_of(heading))
        for fault in heading_faults(heading, lines):
            raise SourceError(fault.problem, where, fault.hint)
        title, braces = split_heading(strip_comments(inline.content, where).strip(), where)
        name, attributes = read_attributes(braces, where)
        if not title:
            raise SourceError("a slide has no title", where, "write it behind the ##")
        starts_part = heading.tag == "h1"
        self.is_leaving_out = self.must_leave_out(title, attributes["given"], where, starts_part=starts_part)
        if self.is_leaving_out:
            return
        self.part = title if starts_part else self.part
        attributes["appendix"] = self.is_of_appendix(starts_part, attributes["appendix"], where)
        self.stem = name or title
        anchor = self.claim(name, where) if name else anchor_of(title, self.taken)
        self.slides.append(Slide(title, anchor, where, (), self.part, starts_part, **attributes))

    def must_leave_out(self, title: str, name: str, where: Where, *, starts_part: bool) -> bool:
        """Return whether a slide needs what is not given, and note that; raise SourceError for what none can need."""
        if name and (starts_part or not NAME.fullmatch(name)):
            hint = "write it behind the headings of its slides" if starts_part else "use letters, digits and _"
            raise SourceError(f"{'a part' if starts_part else 'a slide'} cannot need '{name}'", where, hint)
        if not name or name in self.given:
            return False
        self.left_out.append(LeftOut(title, name, where))
        return True

    def is_of_appendix(self, starts_part: bool, says_so: bool, where: Where) -> bool:  # noqa: FBT001 - as it was read
        """Return whether a slide is of the appendix, which the heading of its part says.

        Raises SourceError where a slide's own heading says so, and for a part that follows the appendix.
        """
        if says_so and not starts_part:
            raise SourceError("a slide alone is no appendix", where, "write # Appendix {appendix=yes} above its slides")
        if starts_part and self.appendix and not says_so:
            hint = "write it before the appendix, or {appendix=yes} behind its heading, too"
            raise SourceError("a part follows the appendix", where, hint)
        self.appendix = self.appendix or says_so
        return self.appendix

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

    def continue_slide(self, where: Where) -> None:
        """Start another slide with the title of the last one, after the break at `where`."""
        if self.is_leaving_out:
            return
        if not self.slides:
            if self.reading.errors:  # a broken heading is the first of them
                return
            raise SourceError("a break before the first slide", where, "remove the ---")
        last, anchor = self.slides[-1], anchor_of(self.stem, self.taken)
        ground = last.background
        self.slides.append(
            Slide(last.title, anchor, where, (), self.part, continued=True, background=ground, appendix=self.appendix)
        )

    def close(self, tokens: Sequence[Token], lines: list[str], start: Where) -> None:
        """Add the blocks of `tokens` to the last slide; tell of text before the first slide."""
        blocks = self.blocks.read(tokens, lines, start)
        if not blocks or self.is_leaving_out:
            return
        if not self.slides:
            error = SourceError("text before the first slide", blocks[0].where, "start a slide with ##")
            self.reading.errors += [] if self.reading.errors else [error]  # a broken heading is the first of them
            return
        last = self.slides[-1]
        self.slides[-1] = replace(last, blocks=join_prose([*last.blocks, *blocks]))


def ends_slide(token: Token) -> bool:
    """Return whether a token ends the slide before it."""
    return token.type == "hr" or (token.type == "heading_open" and token.tag in ("h1", "h2"))


def is_included(token: Token) -> bool:
    """Return whether a token is a directive that stands for another text."""
    return token.type == "colon_fence" and hasattr(find_directives().get(name_in(token.info)), "expand")


class BlockReader:
    """Reads the blocks of the texts of one lecture."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.depth = 0  # in how many directives the text stands that is being read

    def read(self, tokens: Sequence[Token], lines: list[str], start: Where) -> tuple[Block, ...]:
        """Return the blocks of the top-level tokens among `tokens`, those of the text in `lines`.

        start: the place of the text, since the body of a directive is parsed as a text of its own.
        """
        blocks: list[Block] = []
        for at, token in enumerate(tokens):
            if token.level or token.map is None or token.nesting < 0:
                continue
            inside = inside_of(tokens, at) if token.type in CONTAINERS else ()
            with self.reading.collecting():
                if holds_directive(inside):
                    blocks.append(self.read_container(token, inside, lines, start))
                else:
                    blocks += self.read_token(token, lines, start)
        return join_prose(blocks)

    def read_container(self, token: Token, inside: Sequence[Token], lines: list[str], start: Where) -> Block:
        """Return a list or a quote with directives in it; `inside` are the tokens in it."""
        where = start.below(line_of(token))
        if token.type not in LISTS:
            offset, text = quote_text(token, lines)
            return Quote(self.read_text(text, start.below(offset)), where)
        items = [self.read_text(text, start.below(offset)) for offset, text in item_texts(inside, lines)]
        first = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
        return NestedList(tuple(items), first, where)

    def read_token(self, token: Token, lines: list[str], start: Where) -> tuple[Block, ...]:
        """Return the blocks of one token; none for a comment."""
        first, last = token.map or (0, 0)
        text, where = "\n".join(lines[first:last]).rstrip(), start.below(first)
        if token.type == "colon_fence":
            return self.read_fence(self.directive_of(token, lines, start), is_included=is_included(token))
        if token.type in OPAQUE:
            for fault in block_faults(token, lines):
                place = start.below(fault.line, fault.column)
                place = in_file(place, [("\n".join(lines), start)], self.reading.sources)
                raise SourceError(fault.problem, place, fault.hint)
        if token.type in VERBATIM:
            return (Prose(text, where, verbatim=True),)
        if token.type == "paragraph_open" and text.strip() == ". . .":
            return (Pause(where),)
        return self.read_prose(token, text, where)

    def read_prose(self, token: Token, text: str, where: Where) -> tuple[Block, ...]:
        """Return the text of one token, without its comments; nothing if it is only comments."""
        if is_comment(token):
            return ()
        prose = Prose(strip_comments(text, where, self.reading.sources), where)
        if token.type == "html_block" and HIDDEN.match(prose.text):
            hint = "put it on a line of its own, below the comment"
            raise SourceError(f"'{prose.text.strip()[:40]}' stands behind a comment", where, hint)
        return (prose,)

    def directive_of(self, token: Token, lines: list[str], start: Where) -> Directive:
        """Return the directive of a colon fence; raise SourceError for one that is not closed or names none."""
        where = start.below((token.map or (0, 0))[0])
        if not token.info.strip():
            hint = f"a fence around others has more colons than they have, such as {token.markup}:"
            hint = "write the name behind the colons, as in :::{notes}" if token.content.startswith("{") else hint
            raise SourceError(f"'{token.markup}' closes nothing", where, hint)
        check_closed(token, lines, where, is_nested=self.depth > 0)
        return split_directive(token.info, token.content, where)

    def read_fence(self, directive: Directive, *, is_included: bool) -> tuple[Block, ...]:
        """Return the blocks of a directive, or of the text that it stands for."""
        if is_included:
            with self.reading.including(directive) as (text, where):
                return self.read_text(text, where)
        blocks = read_directive(directive, self.read_text)
        for own in (own for block in blocks for own in block.texts()):
            structure_parser().parse(own.source, self.reading.env)  # for its link definitions
        return blocks

    def read_text(self, text: str, where: Where) -> tuple[Block, ...]:
        """Return the blocks of a text that is in a directive and begins at `where`."""
        self.depth += 1
        try:
            return self.read(structure_parser().parse(text, self.reading.env), text.split("\n"), where)
        finally:
            self.depth -= 1


def join_prose(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return `blocks` with each text joined to the one before it, if both are of the same kind and in the same file.

    The gap between the two is as long as in the file, so that lines counted from the first still point at the second;
    texts that do not follow each other in the file, as of one that is included twice, stay apart.
    """
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            isinstance(last, Prose)
            and isinstance(block, Prose)
            and (last.verbatim, last.where.path) == (block.verbatim, block.where.path)
            and (gap := block.line - last.line - last.text.count("\n")) > 0
        ):
            joined[-1] = replace(last, text=last.text + "\n" * gap + block.text)
        else:
            joined.append(block)
    return tuple(joined)


def check_closed(token: Token, lines: list[str], where: Where, *, is_nested: bool) -> None:
    """Raise SourceError when a colon fence runs to the end of the text: its closing colons are missing."""
    last = lines[token.map[1] - 1] if token.map else ""
    is_one_line = token.map is not None and token.map[1] - token.map[0] < 2
    if is_one_line or not re.fullmatch(rf"\s*{token.markup}:*\s*", last):
        hint = f"end it with {token.markup}"
        hint += f", indented as it is, or give the fence around it more colons: {token.markup}:" if is_nested else ""
        raise SourceError(f"'{token.markup}{token.info}' is never closed", where, hint)


def line_of(token: Token) -> int:
    """Return the line of its text on which `token` starts, counted from 0."""
    return token.map[0] if token.map else 0
