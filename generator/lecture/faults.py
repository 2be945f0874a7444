"""Finds what a text holds that the pages would show wrongly or not at all: each is an error at its line.

Markdown has no errors: what it does not understand becomes text, and what a page must not hold is taken away. Both
would go unnoticed, so whatever looks like a mistake, and hardly ever is meant, is refused here with what to do instead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from generator.errors import SourceError, Where
from generator.lecture.blocks import Text
from generator.lecture.raw_html import find_lost, is_link
from generator.lecture.roles import ROLES
from generator.lecture.syntax import COMMENT, COMMENT_BEGIN, COMMENT_END, MATH, Definitions, spans_in, tokens_of

Fault = tuple[int, str, str]  # the line of the text, from 0, the problem, and a hint
_MORE_COLONS: Final = "write it at the left margin, outside lists and quotes; a fence around others has more colons"
_DIRECTIVE: Final = re.compile(r"^[ \t>]*(?P<written>:{3,}.*)$", re.MULTILINE)
# Text without any of these has no fault, and need not be parsed: formulas, links, HTML, roles, tables, titles, fences.
_SUSPICIOUS: Final = re.compile(r"[$\[<{|#~+]|```|:::|\\begin|\\\(|\. \. \.|^[> \t]*-+[ \t]*$", re.MULTILINE)
_ENDLESS: Final = ("pre", "script", "style", "textarea")  # HTML that ends only with its closing tag
_DECLARATIONS: Final = (("<?", "?>"), ("<![cdata[", "]]>"), ("<!", ">"))
_ROLE: Final = re.compile(rf"\{{(?:{'|'.join(ROLES)})\}}`")
_LONE_ROW: Final = re.compile(r"\|.*\|.*\|[ \t]*$", re.MULTILINE)
_FEW_COLONS: Final = re.compile(r"::?\{\w+\}")
_MACRO: Final = re.compile(r"\\[A-Za-z]")
_TITLE: Final = re.compile(r"#{2,6}[^\s#]|#[^\W\d_]")
# What is left in a text when it was to be something else. Escaped characters are not in these texts.
_LEFTOVERS: Final[Sequence[tuple[re.Pattern[str], str, str]]] = (
    (re.compile(r"\$\$"), "a formula is not closed", "end it with $$, without an empty line or words behind it"),
    (re.compile(r"\$ [^$\d]+ \$"), "a formula begins with a space", "write $x$ without spaces next to the dollars"),
    (re.compile(r"\$(?=[A-Za-z\\{])"), "a formula is not closed", r"end it with $, or write \$ for a dollar sign"),
    (_ROLE, "a role is not closed", "write for example {value}`net.accuracy`"),
    (re.compile(r"!\[.*\]\("), "an image is not understood", "write ![words](<the name.png>) for a name with spaces"),
    (re.compile(r"\]\("), "a link is not understood", "write [words](<the address>) for an address with spaces"),
    (re.compile(r"(?<![\w\]])\[[^\[\]]+\]\[[^\]]*\]"), "a link leads nowhere", "define it: [label]: https://…"),
    (re.compile(r"`"), "code is not closed", r"end it with as many backticks as it begins with, or write \`"),
    (re.compile(r"\{(?:[#.][\w-]+|[\w-]+=[^{}]*)\}"), "braces are not understood", r"only titles take them; write \{"),
    (re.compile(r"\{\{<|!\[\["), "this is not understood", "it belongs to another tool: leave it away"),
    (re.compile(COMMENT_BEGIN), "a comment is not closed", f"end it with {COMMENT_END}"),
)  # fmt: skip


def find_faults(text: str, line: int, path: str, definitions: Definitions = ()) -> Iterator[SourceError]:
    """Yield an error for each fault of `text`, which begins on `line` of `path` and holds no directives of its own.

    definitions: the link definitions of the lecture.
    """
    if not _SUSPICIOUS.search(text) and text.count("`") % 2 == 0:
        return
    lines, tokens = text.split("\n"), tokens_of(text, definitions)
    for at, token in enumerate(tokens):
        is_table = token.type == "table_open"
        faults = (
            table_faults(tokens[at:], lines) if is_table else faults_of(token, tokens[at - 1] if at else None, lines)
        )
        for offset, problem, hint in faults:
            yield SourceError(problem, Where(path, line + offset), hint)


def find_footnote_faults(texts: Iterable[Text]) -> Iterator[SourceError]:
    """Yield an error for each footnote that has no text among `texts`, or more than one, and for each unused text.

    texts: those of a slide that the same readers see.
    """
    references: dict[str, Where] = {}
    definitions: dict[str, Where] = {}
    for text in texts:
        for span in spans_in(text.source):
            place = text.where.below(span.line)
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


def faults_of(token: Token, before: Token | None, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of one token of the text in `lines`; `before` is the token in front of it."""
    if token.type == "inline":
        yield from inline_faults(token, before)
    elif token.type in _FAULTS:
        yield from _FAULTS[token.type](token, lines)


def colon_fence_faults(token: Token, _lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a directive in a text that cannot have any."""
    yield (token.map or (0, 0))[0], f"'{token.markup}{token.info.strip()}' cannot stand here", _MORE_COLONS


def code_block_faults(token: Token, _lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the directives that are code because they are indented."""
    yield from directive_faults(token.content, (token.map or (0, 0))[0], "is indented, and so shown as code")


def heading_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a paragraph that has become a heading by the `---` right below it, which is to end a slide.

    A longer line of dashes is what makes a title elsewhere, and does so here.
    """
    first, last = token.map or (0, 1)
    if token.markup == "-" and lines[last - 1].strip("> \t") == "---":
        hint = "put an empty line before the ---; a title begins with ##"
        yield first, "the dashes below make a title of this paragraph", hint


def footnote_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a footnote of more than one paragraph: it is set as one."""
    first, last = token.map or (0, 1)
    inside = [line for line in lines[first:last] if line.strip("> \t")]
    if len(inside) < last - first and any(not line.strip("> \t") for line in lines[first : first + len(inside)]):
        yield first, f"the footnote '[^{token.meta['label']}]' has more than one paragraph", "write it as one"


def inner_heading_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a heading in a text, where no slide can begin."""
    yield from heading_faults(token, lines)
    if token.tag in ("h1", "h2"):
        hint = "end the directive, the list or the quote before it; ### is a title within a slide"
        yield (token.map or (0, 0))[0], "no slide can begin here", hint


def math_block_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the fault of a formula whose end is missing, so that it takes in what follows, up to the next formula's."""
    first, last = token.map or (0, 1)
    inside = [line.strip("> \t") for line in lines[first:last]]
    if not inside[-1].endswith("$$") or any(not line or line.startswith((":::", "# ", "## ")) for line in inside):
        yield first, "a formula is never closed, or has an empty line in it", "end it with $$, and leave no line empty"


def fence_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a fence of code: that it is not closed, or is to be run as elsewhere."""
    first, last = token.map or (0, 0)
    closing = lines[last - 1].strip("> \t")
    if last - first < 2 or set(closing) != {token.markup[0]} or len(closing) < len(token.markup):
        yield first, f"'{token.markup}{token.info}' is never closed", f"end it with {token.markup}"
    if token.info.strip().startswith("{"):
        yield first, f"'{token.markup}{token.info}' is no directive", "write :::{code} for code that is run"


def directive_faults(content: str, first: int, problem: str) -> Iterator[Fault]:
    """Yield each directive in `content`, which begins on line `first` and in which no directive is read."""
    for match in _DIRECTIVE.finditer(content):
        offset = first + content.count("\n", 0, match.start("written"))
        yield offset, f"'{match['written']}' {problem}", "write it at the left margin, with an empty line before it"


def html_block_faults(token: Token, _lines: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a block of HTML: what is never closed, directives in it, and what would be taken away."""
    first, content = (token.map or (0, 0))[0], token.content
    begins = content.lstrip().lower()
    if begins.startswith(COMMENT_BEGIN) and COMMENT_BEGIN in COMMENT.sub("", content):
        yield first, "a comment is never closed", f"end it with {COMMENT_END}"
        return
    for begin, end in _DECLARATIONS:
        if begins.startswith(begin) and end not in begins:
            yield first, f"'{begin}' is never closed", r"write \< if it is to be read"
            return
    for tag in _ENDLESS:
        if re.match(rf"<{tag}\b", begins) and f"</{tag}" not in begins:
            yield first, f"<{tag}> is never closed", f"end it with </{tag}>, or use a fence of ```"
            return
    shown = without_comments(content)
    yield from directive_faults(shown, first, "is in a block of HTML, and so shown as it is")
    if role := _ROLE.search(shown):
        offset = first + shown.count("\n", 0, role.start())
        yield offset, f"the role '{role[0]}…' is in a block of HTML", "put empty lines around the text in the HTML"
    for offset, what, hint in find_lost(shown):
        yield first + offset, f"{what} cannot be in a page", hint


def without_comments(content: str) -> str:
    """Return HTML without its comments, on the same lines."""
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), content)


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
            yield number, problem, r"write \| for a bar in a cell, in code and formulas too"


def cells_of(line: str) -> list[str]:
    """Return the cells in a line of a table, as markdown-it splits it."""
    cells = escapedSplit(line.strip("> \t"))
    return cells[bool(cells and not cells[0].strip()) : len(cells) - bool(len(cells) > 1 and not cells[-1].strip())]


def inline_faults(token: Token, before: Token | None) -> Iterator[Fault]:
    """Yield the faults of a paragraph, a heading or a cell."""
    first, starts_line = (token.map or (0, 0))[0], True
    line = first
    if before is not None and before.type == "paragraph_open":
        yield from paragraph_faults(token.content, first)
    for at, child in enumerate(token.children or []):
        if child.type == "text":
            previous = (token.children or [])[at - 1] if at else None
            follows = (token.children or [])[at + 1 : at + 2]
            if child.content.endswith("$") and any(_MACRO.match(after.markup) for after in follows):
                problem = f"a formula is not closed: '${follows[0].markup}'"
                yield line, problem, r"end it with $, or write \$ for a dollar sign"
            yield from text_faults(child.content, line, starts_line=starts_line, previous=previous)
        elif child.type == "html_inline":
            shown = without_comments(child.content)
            yield from ((line, f"{what} cannot be in a page", hint) for _, what, hint in find_lost(shown))
        elif child.type == "link_open" and not is_link(str(child.attrs.get("href", ""))):
            address = str(child.attrs.get("href", ""))
            hint = "link to https://…, mailto:… or #anchor; {ref} names a figure or a slide"
            yield line, f"the link to '{address}' leads nowhere from a page", hint
        elif touches_digit(child, token.content):
            yield line, f"a digit touches the formula '{child.content}'", "put a space between the two"
        starts_line = child.type in ("softbreak", "hardbreak")
        line += starts_line + child.content.count("\n")


def touches_digit(child: Token, content: str) -> bool:
    r"""Return whether a digit stands right before or behind a formula in `\(…\)`: in dollars, it would be money."""
    if child.type not in MATH or not child.markup.startswith("\\"):
        return False
    start, end = child.meta["span"]
    return content[max(0, start - 1) : start].isdigit() or content[end : end + 1].isdigit()


def paragraph_faults(content: str, first: int) -> Iterator[Fault]:
    """Yield the fault of a paragraph that is to be something else: a pause, a line between columns, a title."""
    for offset, line in enumerate(content.split("\n")):
        words = line.strip()
        if words == ". . .":
            hint = "write it at the left margin, with empty lines around it, outside lists and other directives"
            yield first + offset, "a pause cannot stand here", hint
        if words.startswith("+++"):
            hint = "it separates the columns of a {columns}, alone on its line at the left margin"
            yield first + offset, f"'{words}' stands outside columns", hint
        if _LONE_ROW.match(words):
            hint = r"below its head, write a line such as |---|---| with as many cells; \| is a bar in a text"
            yield first + offset, "this is no table", hint
            return
        if words in (r"\[", r"\begin{align}", r"\begin{equation}") or words.startswith((r"\begin{align", r"\begin{eq")):
            yield first + offset, f"'{words}' begins no formula", "write formulas between dollars: $$…$$"
            return
        if _FEW_COLONS.match(words):
            yield first + offset, f"'{words}' is no directive", "write three colons, as in :::{notes}"
        if _TITLE.match(words):
            yield first + offset, f"'{words}' is no title", r"put a space behind the #, or write \#"


def text_faults(content: str, line: int, *, starts_line: bool, previous: Token | None) -> Iterator[Fault]:
    """Yield the faults of a run of plain text on `line`; `starts_line`: whether the line begins with it."""
    if starts_line and content.lstrip().startswith(":::"):
        yield line, f"'{content.strip()}' is shown as it is", "a directive begins and ends on a line of its own"
    if previous is not None and previous.type == "image" and content.startswith("{"):
        attributes = content.partition("}")[0]
        yield line, f"an image has no attributes such as '{attributes}}}'", "leave the braces away"
    for pattern, problem, hint in _LEFTOVERS:
        if match := pattern.search(content):
            yield line, f"{problem}: '{content[match.start() :][:40]}'", hint
            return


_FAULTS: Final = {
    "colon_fence": colon_fence_faults, "fence": fence_faults, "code_block": code_block_faults,
    "math_block": math_block_faults, "heading_open": inner_heading_faults, "footnote_reference_open": footnote_faults,
    "html_block": html_block_faults,
}  # fmt: skip
