"""Finds what a text holds that the pages would show wrongly or not at all: each is an error at its line.

Markdown has no errors: what it does not understand becomes text, and what a page must not hold is taken away. Both
would go unnoticed, so whatever looks like a mistake, and hardly ever is meant, is refused here with what to do instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from generator.errors import SourceError, Where
from generator.lecture.blocks import Text
from generator.lecture.comments import blank_comments
from generator.lecture.directive import find_directives
from generator.lecture.other_tools import AT_LINE, COMMANDS, COMMANDS_HINT, DRAWN, IN_TEXT, SPOKEN, directive_hint
from generator.lecture.raw_html import Misplaced, OpenTags, Place, is_link, losses_in
from generator.lecture.roles import REFERENCE_ROLES, ROLES
from generator.lecture.syntax import (
    COMMENT_BEGIN,
    COMMENT_END,
    EQUATION_LABEL,
    MATH,
    WIDTH,
    Definitions,
    TextPlaces,
    spans_in,
    text_parser,
    tokens_of,
)


class Fault(NamedTuple):
    """A fault of a text: its line, from 0, the problem, a hint, and its column in that line, from 1 (0: unknown)."""

    line: int
    problem: str
    hint: str
    column: int = 0


Locate = Callable[[int], Place]
Finding = tuple[int, str, str]  # the character of a paragraph at which something is wrong, the problem, and a hint
# What may stand before a block on its first line: the marks of quotes, lists, definitions and footnotes.
_CONTAINERS: Final = re.compile(r"[ \t>]*(?:(?:[-*+:]|\d+[.)]|\[\^[^\]]+\]:)[ \t][ \t>]*)*")
_OUTSIDE: Final = (
    "write it outside: notes, incremental lists, quizzes, captions, footnotes, definitions and tables hold text alone"
)
_DIRECTIVE: Final = re.compile(r"^[ \t>]*(?P<written>:{3,}.*)$", re.MULTILINE)
# Text without any of these has no fault, and need not be parsed: formulas, links, HTML, roles, tables, titles, fences.
_SUSPICIOUS: Final = re.compile(
    r"[$\[<{|#~+^]|```|:::|\\[A-Za-z(]|\. \. \.|==|@\w|:[\w+-]+:|^[> \t]*-+[ \t]*$|^[> \t]*(?:%|![!a-z]|\?\?\?|\.\. )"
    r"|^[> \t]*(?:[Nn]otes?:[ \t]*$|[:：]*：|[•▪◦‣●○■])|^[ \t>*+\-\d.)]{9,}",  # nested lists and quotes
    re.MULTILINE,
)
_ENDLESS: Final = ("pre", "script", "style", "textarea")  # HTML that ends only with its closing tag
_DECLARATIONS: Final = (("<?", "?>"), ("<![cdata[", "]]>"), ("<!", ">"))
WIDEST: Final = (4000, 100)  # of an image: pixels, and percent of the place that it stands in
DEEPEST: Final = text_parser().options["maxNesting"] - 1
_NESTED: Final = ("list_item_open", "blockquote_open", "dd_open", "footnote_reference_open")
_LINK_TAG: Final = re.compile(r"<(/?)a\b", re.IGNORECASE)
_ALONE: Final = "write $$…$$ (name) with an empty line before and behind it, outside tables"
_HIDDEN_COMMENT: Final = ("a comment in a title or a tag is shown to readers", "write it into the text around")
_BREAKS: Final = ("softbreak", "hardbreak")
_ROLE: Final = re.compile(rf"\{{(?:{'|'.join(ROLES)})\}}`")
_LOOSE_ROLE: Final = re.compile(rf"\{{(?:{'|'.join(ROLES)})\}} $")
_LOOSE_LINK: Final = re.compile(r"\[[^\[\]\d][^\[\]]*\] \($")  # [1] may well have its address behind it
_LONE_ROW: Final = re.compile(r"\|[^|\n]*\|.*\|[ \t]*$", re.MULTILINE)
_MACRO: Final = re.compile(r"\\[A-Za-z]")
_NUMBERING: Final = re.compile(r"\\tag\*?\s*\{\s*\d+\s*\}")
EQUATION_NAME: Final = re.compile(r"[^\W\d_][\w:.-]*")
_NAME_IN_TEXT: Final = re.compile(r"\s*\([^\W\d_][\w:.-]*\)\s*")
# What a line of a paragraph may begin with when it was to be something else.
_LINES: Final = (
    (re.compile(r"::?\{\w+\}"), "is no directive", "write three colons, as in :::{notes}"),
    (re.compile(r"#{2,6}[^\s#]|#[^\W\d_]"), "is no title", r"put a space behind the #, or write \#"),
    *AT_LINE,
)
_BRACES: Final = r"only titles and images take them, right behind; write \{ for a brace"
# What is left in a text when it was to be something else. Escaped characters are not in these texts.
_LEFTOVERS: Final[Sequence[tuple[re.Pattern[str], str, str]]] = (
    (re.compile(r"\$\$"), "a formula is not closed", "end it with $$, without an empty line or words behind it"),
    (re.compile(r"\$ [^$\d]+ \$"), "a formula begins with a space", "write $x$ without spaces next to the dollars"),
    (re.compile(r"\$(?=[A-Za-z\\{])"), "a formula is not closed", r"end it with $, or write \$ for a dollar sign"),
    (_ROLE, "a role is not closed", "write for example {value}`net.accuracy`"),
    (re.compile(r"!\[.*\]\("), "an image is not understood", "write ![words](<the name.png>) for a name with spaces"),
    (re.compile(r"!\[[^\[\]]*\] \("), "an image is not understood", "put no space between ] and ("),
    (re.compile(r"\]\("), "a link is not understood", "write [words](<the address>) for an address with spaces"),
    (re.compile(r"(?<![\w\]])\[[^\[\]]+\]\[[^\]]*\]"), "a link leads nowhere", "define it: [label]: https://…"),
    (re.compile(r"`"), "code is not closed", r"end it with as many backticks as it begins with, or write \`"),
    (re.compile(r"\{(?:[#.][\w-]+|[\w-]+=[^{}]*)\}"), "braces are not understood", _BRACES),
    (re.compile(r"\{\{<|!\[\["), "this is not understood", "it belongs to another tool: leave it away"),
    (re.compile(COMMENT_BEGIN), "a comment is not closed", f"end it with {COMMENT_END}"),
)  # fmt: skip


def find_faults(text: str, line: int, path: str, definitions: Definitions = ()) -> Iterator[SourceError]:
    """Yield an error for each fault of `text`, which begins on `line` of `path` and holds no directives of its own.

    definitions: the link definitions of the lecture.
    """
    if not _SUSPICIOUS.search(text) and text.count("`") % 2 == 0:
        return
    lines, tokens, places = text.split("\n"), tokens_of(text, definitions), TextPlaces(text)
    placed = place_all(tokens, places)
    faults = [*tag_faults(tokens, lines, placed)]
    for at, token in enumerate(tokens):
        if token.type == "inline":
            faults += inline_faults(token, tokens[at - 1], placed[at])
        elif token.type == "table_open":
            faults += table_faults(tokens[at:], lines)
        faults += [*nesting_faults(token, lines), *block_faults(token, lines)]
    for fault in sorted(faults, key=lambda fault: (fault.line, fault.column)):
        yield SourceError(fault.problem, Where(path, line + fault.line, fault.column), fault.hint)


def find_footnote_faults(texts: Iterable[Text]) -> Iterator[SourceError]:
    """Yield an error for each footnote that has no text among `texts`, or more than one, and for each unused text.

    texts: those of a slide that the same readers see.
    """
    references: dict[str, Where] = {}
    definitions: dict[str, Where] = {}
    for text in texts:
        for span in spans_in(text.source):
            place = text.where.below(span.line, span.column)
            if span.kind == "footnote":
                references.setdefault(span.content, place)
            elif span.kind == "footnote_begin" and span.content in definitions:
                yield SourceError(f"the footnote '[^{span.content}]' has two texts", place, "keep one of the two")
            elif span.kind == "footnote_begin":
                definitions[span.content] = place
    for label in [label for label in references if label not in definitions]:
        hint = f"write [^{label}]: and its text on a line of its own, on the same slide and for the same readers"
        yield SourceError(f"the footnote '[^{label}]' has no text", references[label], hint)
    for label in [label for label in definitions if label not in references]:
        hint = f"write [^{label}] where it belongs, on the same slide and for the same readers"
        yield SourceError(f"nothing refers to the footnote '[^{label}]'", definitions[label], hint)


def nesting_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a list or a quote so deep that Markdown drops what is in it."""
    if token.nesting > 0 and token.type in _NESTED and token.level >= DEEPEST:
        line = (token.map or (0, 0))[0]
        yield Fault(line, "lists and quotes are nested too deeply here", "nest them less", first_column(lines[line]))


def block_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of one block of the text in `lines`, apart from those of the words in it.

    A fault without a column of its own is at the first character of its line that is no mark of a list or a quote.
    """
    for fault in _FAULTS[token.type](token, lines) if token.type in _FAULTS else ():
        yield fault if fault.column else fault._replace(column=first_column(lines[fault.line]))


def first_column(line: str) -> int:
    """Return the column, from 1, of the first character of a line behind the marks of lists and quotes."""
    marks = _CONTAINERS.match(line)
    return (marks.end() if marks else 0) + 1


def colon_fence_faults(token: Token, _lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a directive in a text that cannot have any."""
    yield Fault((token.map or (0, 0))[0], f"'{token.markup}{token.info.strip()}' cannot stand here", _OUTSIDE)


def code_block_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the directives that are code because they are indented."""
    yield from directive_faults(token.content, (token.map or (0, 0))[0], "is indented, and so shown as code", lines)


def heading_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a paragraph that has become a heading by the `---` right below it, which is to end a slide.

    A longer line of dashes is what makes a title elsewhere, and does so here; `--` ends a slide elsewhere.
    """
    first, last = token.map or (0, 1)
    if token.markup == "-" and lines[last - 1].strip("> \t") in ("-", "--", "---"):
        hint = "put an empty line before the ---; a title begins with ##"
        yield Fault(first, "the dashes below make a title of this paragraph", hint)


def footnote_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a footnote of more than one paragraph: it is set as one."""
    first, last = token.map or (0, 1)
    inside = [line for line in lines[first:last] if line.strip("> \t")]
    if len(inside) < last - first and any(not line.strip("> \t") for line in lines[first : first + len(inside)]):
        mark = f"[^{token.meta['label']}]"
        problem = f"the footnote '{mark}' has more than one paragraph"
        yield Fault(first, problem, "write it as one", lines[first].find(mark) + 1)


def inner_heading_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a heading in a text, where no slide can begin."""
    yield from heading_faults(token, lines)
    if token.tag in ("h1", "h2"):
        hint = "end the directive, the list or the quote before it; ### is a title within a slide"
        yield Fault((token.map or (0, 0))[0], "no slide can begin here", hint)


def math_block_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a formula whose end is missing, so that it takes in what follows, up to the next formula's."""
    first, last = token.map or (0, 1)
    inside = [line.strip("> \t") for line in lines[first:last]]
    label = EQUATION_LABEL.search(lines[last - 1]) if token.type == "math_block_label" else None
    is_closed = label is not None or inside[-1].endswith("$$")
    if not is_closed or any(not line or line.startswith((":::", "# ", "## ")) for line in inside):
        hint = "end it with $$, and leave no line empty"
        yield Fault(first, "a formula is never closed, or has an empty line in it", hint)
    if label and not EQUATION_NAME.fullmatch(label["label"].strip()):
        hint = "a name is one word, as in $$…$$ (loss); write anything else on a line of its own"
        problem = f"'{label['label'].strip()}' cannot name an equation"
        yield Fault(last - 1, problem, hint, label.start("label") + 1)
    for place, problem, hint in formula_faults(token):
        yield place_in_block(place, problem, hint, token.content, first, lines)


def formula_faults(token: Token) -> Iterator[Finding]:
    """Yield the backticks that belong to another tool, and numbers by the author, which may be those of others."""
    if token.content.startswith("`") and token.content.endswith("`"):
        yield 0, f"a formula is written between dollars alone: '{token.content}'", "leave the backticks away"
    for found in _NUMBERING.finditer(token.content):
        hint = "write $$…$$ (name), and {ref}`name` in the text for a link to it"
        yield found.start(), f"a formula is numbered by its name, not by '{found[0]}'", hint


def fence_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a fence of code: that it is not closed, or is to be run as elsewhere."""
    first, last = token.map or (0, 0)
    closing, column = lines[last - 1].strip("> \t"), lines[first].find(token.markup) + 1
    if last - first < 2 or set(closing) != {token.markup[0]} or len(closing) < len(token.markup):
        yield Fault(first, f"'{token.markup}{token.info}' is never closed", f"end it with {token.markup}", column)
    if hint := directive_in_fence(token.info.strip()):
        yield Fault(first, f"'{token.markup}{token.info}' is no directive", hint, column)


def directive_in_fence(info: str) -> str:
    """Return what to write instead of a fence of code that is to be more; empty for one that is only code.

    info: what stands behind the backticks, such as `{note}` elsewhere, or `math`.
    """
    braces = re.match(r"\{([^}]*)\}?", info)
    name = (braces[1] if braces else info).partition(" ")[0]
    if name in find_directives() and (braces or name != "code"):
        return f"write :::{{{name}}}"
    if braces:
        return directive_hint(name) or "write ```python for code that is shown, or :::{code} for code that is run"
    return DRAWN.get(name, "")


def directive_faults(content: str, first: int, problem: str, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield each directive in `content`, which begins on line `first` and in which no directive is read."""
    hint = "write it at the left margin, with an empty line before it"
    for match in _DIRECTIVE.finditer(content):
        line = first + content.count("\n", 0, match.start("written"))
        yield Fault(line, f"'{match['written']}' {problem}", hint, lines[line].find(match["written"]) + 1)


def html_block_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a block of HTML: what is never closed, directives in it, and what would be taken away."""
    first, content = (token.map or (0, 0))[0], token.content
    begins = content.lstrip().lower()
    shown = blank_comments(content)
    if begins.startswith(COMMENT_BEGIN) and COMMENT_BEGIN in shown:
        place, hint = shown.index(COMMENT_BEGIN), f"end it with {COMMENT_END}"
        yield place_in_block(place, "a comment is never closed", hint, shown, first, lines)
        return
    for begin, end in _DECLARATIONS:
        if begins.startswith(begin) and end not in begins:
            yield Fault(first, f"'{begin}' is never closed", r"write \< if it is to be read")
            return
    for tag in _ENDLESS:
        if re.match(rf"<{tag}\b", begins) and f"</{tag}" not in begins:
            yield Fault(first, f"<{tag}> is never closed", f"end it with </{tag}>, or use a fence of ```")
            return
    yield from directive_faults(shown, first, "is in a block of HTML, and so shown as it is", lines)
    if role := _ROLE.search(shown):
        line = first + shown.count("\n", 0, role.start())
        hint, column = "put empty lines around the text in the HTML", lines[line].find(role[0]) + 1
        yield Fault(line, f"the role '{role[0]}…' is in a block of HTML", hint, column)
    for place, what, hint in losses_in(shown):
        yield place_in_block(place, f"{what} cannot be in a page", hint, shown, first, lines)


def tag_faults(tokens: Sequence[Token], lines: Sequence[str], placed: Mapping[int, Locate]) -> Iterator[Fault]:
    """Yield the tags of a text that are not closed in the paragraph, the list or the quote that they are in."""
    around, found = [OpenTags()], list[Misplaced]()
    for at, token in enumerate(tokens):
        if token.type == "html_block":
            shown = blank_comments(token.content)
            found += around[-1].read(shown, partial(locate_in_block, shown, (token.map or (0, 0))[0], lines))
        elif token.type == "inline":
            found += inline_tag_faults(token, placed[at], OpenTags(in_table=around[-1].has_table))
        elif token.nesting > 0:
            around.append(OpenTags(in_table=around[-1].has_table))
        elif token.nesting < 0:
            found += around.pop().unclosed()
    found += around[0].unclosed()
    yield from (Fault(line, problem, hint, column) for (line, column), problem, hint in found)


def inline_tag_faults(token: Token, where: Locate, tags: OpenTags) -> Iterator[Misplaced]:
    """Yield the tags of a paragraph that are not closed in it; `where` places a character of the paragraph."""
    for child, start in zip(token.children or [], TextPlaces.starts_of(token.children or []), strict=True):
        if child.type == "html_inline":
            yield from tags.read(
                blank_comments(child.content), partial(lambda start, place: where(start + place), start)
            )
    yield from tags.unclosed()


def locate_in_block(content: str, first: int, lines: Sequence[str], place: int) -> Place:
    """Return the line and the column of a `place` in the `content` of a block on line `first`, indented or not."""
    line = first + content.count("\n", 0, place)
    rest = len(content[place:].split("\n", maxsplit=1)[0])
    return line, len(lines[line]) - rest + 1


def place_in_block(place: int, problem: str, hint: str, content: str, first: int, lines: Sequence[str]) -> Fault:
    """Return the fault at a `place` of the `content` of a block whose first line is `first`."""
    line, column = locate_in_block(content, first, lines, place)
    return Fault(line, problem, hint, column)


def table_faults(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Fault]:
    """Yield each row of a table with more cells than its head, of which the last would be lost.

    tokens: those of the table, and what follows it.
    """
    head = next(at for at, token in enumerate(tokens) if token.type == "thead_close")
    columns = sum(token.type == "th_open" for token in tokens[:head])
    first, last = tokens[0].map or (0, 0)
    for number in range(first + 2, last):
        cells = len(cells_of(lines[number]))
        if cells > columns:
            problem = f"the row has {cells} cells, and the head of its table {columns}"
            hint = r"write \| for a bar in a cell, in code and formulas too"
            yield Fault(number, problem, hint, first_column(lines[number]))


def cells_of(line: str) -> list[str]:
    """Return the cells in a line of a table, as markdown-it splits it."""
    cells = escapedSplit(line.strip("> \t"))
    return cells[bool(cells and not cells[0].strip()) : len(cells) - bool(len(cells) > 1 and not cells[-1].strip())]


def place_all(tokens: Sequence[Token], places: TextPlaces) -> dict[int, Locate]:
    """Return, by the number of each token that holds words, what places a character of them in the text."""

    def make(where: Sequence[int]) -> Locate:
        return lambda place: (places.line_at(where[place]), places.column_at(where[place]))

    inline = [at for at, token in enumerate(tokens) if token.type == "inline"]
    cells = ("th_open", "td_open")
    return {at: make(places.places_of(tokens[at], is_cell=tokens[at - 1].type in cells)) for at in inline}


def inline_faults(token: Token, before: Token, where: Locate) -> Iterator[Fault]:
    """Yield the faults of a paragraph, a heading or a cell.

    before: the token that opens it. where: places a character of it.
    """
    found = list(paragraph_faults(token.content)) if before.type == "paragraph_open" else []
    children = token.children or []
    starts = TextPlaces.starts_of(children)
    for at, (child, start) in enumerate(zip(children, starts, strict=True)):
        is_address = at > 0 and children[at - 1].info == "auto" and children[at - 1].nesting > 0
        if child.type == "text" and not is_address:
            found += ((start + place, problem, hint) for place, problem, hint in text_faults(children, at))
        if child.type in _INLINE_FAULTS:
            found += ((start + place, problem, hint) for place, problem, hint in _INLINE_FAULTS[child.type](child))
        if touches_digit(child, token.content):
            found.append((start, f"a digit touches the formula '{child.content}'", "put a space between the two"))
    found += nested_link_faults(children, starts)
    for place, problem, hint in found:
        (line, column) = where(place)
        yield Fault(line, problem, hint, column)


def nested_link_faults(tokens: Sequence[Token], starts: Sequence[int]) -> Iterator[Finding]:
    """Yield the references and links in the words of a link: browsers cut the outer one short."""
    depth = 0
    for token, start in zip(tokens, starts, strict=True):
        tag = _LINK_TAG.match(token.content) if token.type == "html_inline" else None
        opens = token.type == "link_open" or (tag is not None and not tag[1])
        is_reference = token.type == "myst_role" and token.meta["name"] in REFERENCE_ROLES
        if depth and (opens or is_reference):
            yield start, "a link cannot hold another link, or a reference", "write it before or after the link"
        depth += opens
        depth -= token.type == "link_close" or (tag is not None and bool(tag[1]))


def inline_html_faults(token: Token) -> Iterator[Finding]:
    """Yield what would be taken away of HTML in a line."""
    for place, what, hint in losses_in(blank_comments(token.content)):
        yield place, f"{what} cannot be in a page", hint
    if COMMENT_BEGIN in blank_comments(token.content) or (
        COMMENT_BEGIN in token.content[1:] and token.content[1] != "!"
    ):
        yield 0, *_HIDDEN_COMMENT


def link_faults(token: Token) -> Iterator[Finding]:
    """Yield the fault of a link that a page cannot follow, and of a comment in its title."""
    if COMMENT_BEGIN in str(token.attrs.get("title", "")):
        yield 0, *_HIDDEN_COMMENT
    address = str(token.attrs.get("href", ""))
    if not is_link(address):
        hint = "link to https://…, mailto:… or #anchor; {ref} names a figure or a slide"
        yield 0, f"the link to '{address}' leads nowhere from a page", hint


def image_faults(token: Token) -> Iterator[Finding]:
    """Yield what is wrong in the braces behind an image, which say how wide it is, and a comment in its title."""
    if COMMENT_BEGIN in str(token.attrs.get("title", "")):
        yield 0, *_HIDDEN_COMMENT
    braces = str(token.meta.get("braces", ""))
    width, fields = WIDTH.fullmatch(braces[1:-1].strip()), braces[1:-1].split()
    unknown = [field for field in fields if not field.startswith("width=")]
    place = token.meta["span"][1] - token.meta["span"][0] - len(braces)
    hint = "write {width=50%} or {width=300px}, or leave the braces away"
    if unknown:
        yield place + braces.index(unknown[0]), f"an image has no '{unknown[0]}'", hint
    elif braces and not width:
        yield place, f"'{braces}' is not the width of an image", hint
    elif width and not 0 < int((width["percent"] or width["pixels"]).rstrip("%")) <= WIDEST["%" in width[0]]:
        yield place, f"an image cannot be as wide as {width['percent'] or width['pixels'] + 'px'}", hint


def touches_digit(child: Token, content: str) -> bool:
    r"""Return whether a digit stands right before or behind a formula in `\(…\)`: in dollars, it would be money."""
    if child.type not in MATH or not child.markup.startswith("\\"):
        return False
    start, end = child.meta["span"]
    return content[max(0, start - 1) : start].isdigit() or content[end : end + 1].isdigit()


def paragraph_faults(content: str) -> Iterator[Finding]:
    """Yield the faults of a paragraph that is to be something else, each at the first of its lines that has it."""
    start, told = 0, set[str]()
    if match := SPOKEN[0].match(content):
        yield 0, f"'{match[0].strip()}' {SPOKEN[1]}", SPOKEN[2]
    for line in content.split("\n"):
        for problem, hint in line_faults(line.strip()):
            if hint not in told:
                yield start + len(line) - len(line.lstrip()), problem, hint
            told.add(hint)
        start += len(line) + 1


def line_faults(words: str) -> Iterator[tuple[str, str]]:
    """Yield the problem of one line of a paragraph that is to be something else, and a hint."""
    if words == ". . .":
        hint = "write it at the left margin, with empty lines around it, outside lists and other directives"
        yield "a pause cannot stand here", hint
    if words.startswith("+++"):
        hint = "it separates the columns of a {columns}, alone on its line at the left margin"
        yield f"'{words}' stands outside columns", hint
    if _LONE_ROW.match(words):
        hint = r"below its head, write a line such as |---|---| with as many cells; \| is a bar in a text"
        yield "this is no table", hint
    if words == r"\[" or words.startswith((r"\begin{align", r"\begin{eq")):
        yield f"'{words}' begins no formula", "write formulas between dollars: $$…$$"
    for pattern, problem, hint in _LINES:
        if pattern.match(words):
            yield f"'{words[:40]}' {problem}", hint


def text_faults(tokens: Sequence[Token], at: int) -> Iterator[Finding]:
    """Yield the faults of a run of plain text, which is the token `at` of a paragraph's."""
    content, before, after = tokens[at].content, tokens[at - 1] if at else None, tokens[at + 1 : at + 2]
    for token in after:
        yield from end_faults(content, token)
    if before is not None and COMMANDS.match(command := before.markup[1:] + content) and before.markup[:1] == "\\":
        yield -2, f"LaTeX outside a formula is shown as it is: '\\{command[:40]}'", COMMANDS_HINT
    starts_line = before is None or before.type in _BREAKS
    if starts_line and content.lstrip().startswith(":::"):
        yield 0, f"'{content.strip()}' is shown as it is", "a directive begins and ends on a line of its own"
    if before is not None and before.type == "image" and re.match(r"\{[^}]*$", content):
        attributes = content.partition("}")[0]
        hint = "write {width=50%} on the line of the image, or leave the brace away"
        yield 0, f"the brace behind the image is never closed: '{attributes[:40]}'", hint
    if is_late_label(tokens, at):
        yield 0, f"the equation before '{content.strip()}' gets no number here", _ALONE
    for pattern, problem, hint in (*_LEFTOVERS, *IN_TEXT):
        if match := pattern.search(content):
            yield match.start(), f"{problem}: '{content[match.start() :][:40]}'", hint
            return


def end_faults(content: str, after: Token) -> Iterator[Finding]:
    """Yield the faults at the end of a text by what stands `after` it: a formula, a role or a link that is none."""
    if content.endswith("$") and _MACRO.match(after.markup):
        problem = f"a formula is not closed: '${after.markup}'"
        yield len(content) - 1, problem, r"end it with $, or write \$ for a dollar sign"
    if after.type == "code_inline" and (role := _LOOSE_ROLE.search(content)):
        yield role.start(), f"'{role[0].strip()}' is no role", "put no space between the braces and the backtick"
    if after.info == "auto" and _LOOSE_LINK.search(content):
        yield len(content) - 3, "a link is not understood: '] ('", "put no space between ] and ("


def is_late_label(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a text is the name of an equation that is part of a paragraph: both fill a line of it."""
    alone = [index == len(tokens) or index < 0 or tokens[index].type in _BREAKS for index in (at - 2, at + 1)]
    is_behind = at > 0 and tokens[at - 1].type == "math_inline_double"
    return is_behind and all(alone) and _NAME_IN_TEXT.fullmatch(tokens[at].content) is not None


_FAULTS: Final = {
    "colon_fence": colon_fence_faults, "fence": fence_faults, "code_block": code_block_faults,
    "math_block": math_block_faults, "math_block_label": math_block_faults, "html_block": html_block_faults,
    "heading_open": inner_heading_faults, "footnote_reference_open": footnote_faults,
}  # fmt: skip
_INLINE_FAULTS: Final = {
    "html_inline": inline_html_faults, "image": image_faults, "link_open": link_faults,
    "math_inline": formula_faults, "math_inline_double": formula_faults,
}  # fmt: skip
