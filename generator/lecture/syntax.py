"""The syntax of lectures: one Markdown parser for whoever reads a text, and the places of what it finds.

It is CommonMark (markdown-it-py) with front matter, colon fences for directives, tables, definition lists, ~~struck~~
text, bare addresses, formulas between dollars, and roles such as {value}`net.accuracy`. A text is changed only at the
places in `spans_in`, so that what looks like a role or an image inside code or a comment is never taken for one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath.index import dollarmath_plugin, math_inline_dollar
from mdit_py_plugins.footnote.index import footnote_plugin, footnote_ref
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.myst_role.index import myst_role_plugin

Definitions = tuple[tuple[str, str, str], ...]  # of `[label]: address "title"`: the label in capitals, address, title
InlineRule = Callable[[StateInline, bool], bool]
MATH: Final = frozenset({"math_inline", "math_inline_double", "math_block", "math_block_label"})
VERBATIM: Final = ("fence", "code_block")
OPAQUE: Final = (
    *VERBATIM,
    "colon_fence",
    "math_block",
    "math_block_label",
    "html_block",
)  # a line is only a line in it
COMMENT_BEGIN, COMMENT_END = "<!--", "-->"
COMMENT: Final = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)
EQUATION_LABEL: Final = re.compile(r"\$\$\s*\((?P<label>[^)$]+)\)\s*$")  # behind a formula on its own lines
_ROLE_IN_FORMULA: Final = re.compile(r"\{(?P<name>\w+)\}`(?P<body>[^`\n]+)`")


class _Parser(MarkdownIt):
    """markdown-it, which by itself refuses SVG data as an address; here the allow-list decides where it may be used."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        return super().validateLink(url) or url.startswith("data:image/svg+xml;base64,")


def make_parser(renderer: type[RendererHTML] = RendererHTML) -> MarkdownIt:
    """Return a parser for the text of lectures; where a token comes from is in its `meta["span"]` (see `spans_in`)."""
    parser = _Parser("commonmark", {"html": True, "store_labels": True}, renderer_cls=renderer).enable(
        ["table", "strikethrough"]
    )
    parser.use(colon_fence_plugin).use(myst_role_plugin).use(deflist_plugin).use(gfm_autolink_plugin)
    parser.use(dollarmath_plugin, allow_space=False, double_inline=True)
    parser.inline.ruler.at("math_inline", _math_without_currency)
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    parser.inline.ruler.at("footnote_ref", _footnote)
    parser.inline.ruler.before("escape", "math_brackets", _math_in_brackets)
    parser.inline.ruler.at("image", _image_with_width)
    rules = zip(parser.get_active_rules()["inline"], parser.inline.ruler.getRules(""), strict=True)
    for name, rule in [(name, rule) for name, rule in rules if name not in _LITERAL]:
        parser.inline.ruler.at(name, _located(rule))
    return parser


_LITERAL: Final = ("text", "emphasis", "strikethrough")  # rules whose tokens are as long as what they were read from


def _located(rule: InlineRule) -> InlineRule:
    """Return an inline rule that also records in its token where in the text of its paragraph it has matched.

    Of a bare address, which begins in what was text before, it is only where the match ends.
    """

    def run(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
        start, count = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            # Text that was pending may have been pushed before the rule's own token.
            token = next((token for token in state.tokens[count:] if token.type != "text"), None)
            if token is None:  # a mark that turned out to be text
                return True
            token.meta["span"] = (start, state.pos)
            if token.type in ("image", "link_open") and token.info != "auto":
                is_image, state.pos = token.type == "image", start  # parseLinkLabel works on the state
                token.meta["label_end"] = state.md.helpers.parseLinkLabel(state, start + is_image, not is_image)
                state.pos = token.meta["span"][1]
        return found

    return run


_FOOTNOTE: Final = re.compile(r"\[\^[^ \n\]]+\]")


def _footnote(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    """Match a reference to a footnote; the plugin's rule looks for its end character by character, wherever it is."""
    is_there = state.src.startswith("[^", state.pos) and _FOOTNOTE.match(state.src, state.pos, state.posMax)
    return bool(is_there) and footnote_ref(state, silent, always_match=True)


_BRACES: Final = re.compile(r"\{(?P<fields>[^{}`\n]*)\}(?!`)")
WIDTH: Final = re.compile(r"""width=(?P<quote>["']?)(?:(?P<percent>\d{1,3}%)|(?P<pixels>\d{1,4})px)(?P=quote)""")


def _image_with_width(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    """Match an image, and the braces right behind it, as in `![a board](board.png){width=50%}`."""
    if not image(state, silent):
        return False
    if braces := _BRACES.match(state.src, state.pos, state.posMax):
        state.pos = braces.end()
        if not silent:
            state.tokens[-1].meta["braces"] = braces[0]
            if width := WIDTH.fullmatch(braces["fields"].strip()):
                state.tokens[-1].attrs["width"] = width["percent"] or width["pixels"]
    return True


_MATH_RULE: Final = math_inline_dollar(allow_space=False, allow_digits=True, allow_double=True)


def _math_without_currency(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    """Match a formula unless a digit stands before or after its dollars, as in "5$ and 7$".

    The plugin's own test for that takes the last character of a paragraph for the one before its first.
    """
    start = state.pos
    if start > 0 and state.src[start - 1].isdigit():
        return False
    if not _MATH_RULE(state, True) or state.src[state.pos : state.pos + 1].isdigit():  # noqa: FBT003
        state.pos = start
        return False
    state.pos = start
    return bool(_MATH_RULE(state, silent))


LONGEST_NAME: Final = 2  # letters of a formula without any sign, such as x or n1
_FORMULA_SIGN: Final = re.compile(r"[\\^_=+<>{}]")
_BRACKETS: Final = {r"\(": (r"\)", "math_inline", "$"), r"\[": (r"\]", "math_inline_double", "$$")}


def _is_formula(content: str) -> bool:
    """Return whether what is between brackets with backslashes is a formula rather than words in escaped brackets."""
    return (
        bool(content) and "$" not in content and (len(content) <= LONGEST_NAME or bool(_FORMULA_SIGN.search(content)))
    )


def _math_in_brackets(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    r"""Match a formula between `\(` and `\)` or `\[` and `\]`, LaTeX's own marks; its token's markup is the first."""
    opening = state.src[state.pos : state.pos + 2]
    if opening not in _BRACKETS:
        return False
    closing, kind, _ = _BRACKETS[opening]
    end = state.src.find(closing, state.pos + 2, state.posMax)
    if end < 0 or not _is_formula(state.src[state.pos + 2 : end].strip()):
        return False
    if not silent:
        token = state.push(kind, "math", 0)
        token.content, token.markup = state.src[state.pos + 2 : end].strip(), opening
    state.pos = end + 2
    return True


@cache
def structure_parser(*, is_whole: bool = False) -> MarkdownIt:
    """Return the parser that finds only the blocks of a text, and leaves what is in its lines unread.

    is_whole: whether the text is that of a whole lecture, which begins with front matter.
    """
    parser = make_parser().disable(["inline", "text_join"])
    return parser.use(front_matter_plugin) if is_whole else parser


@cache
def text_parser() -> MarkdownIt:
    """Return the parser that reads a text to its last word; an escaped character is a token of its own."""
    return make_parser().disable("text_join")


def tokens_of(text: str, definitions: Definitions = ()) -> Sequence[Token]:
    """Return the tokens of a text in which these link definitions hold; they are shared, so do not change them."""
    return _parse(text, definitions if "[" in text else ())


@lru_cache(maxsize=4096)
def _parse(text: str, definitions: Definitions) -> Sequence[Token]:
    references = {label: {"href": href, "title": title, "map": [0, 0]} for label, href, title in definitions}
    return text_parser().parse(text, {"references": references})


def words_of(text: str) -> str:
    """Return what is to be read of a line of Markdown, with formulas as they are written and without its roles."""
    tokens = text_parser().parseInline(text)[0].children or []
    return "".join(" " if token.type in _LINE_ENDS else token.content for token in tokens if token.type not in _UNREAD)


def has_link(text: str) -> bool:
    """Return whether a line of Markdown has a link in it."""
    return any(token.type == "link_open" for token in text_parser().parseInline(text)[0].children or [])


_LINE_ENDS: Final = ("softbreak", "hardbreak")
_UNREAD: Final = ("html_inline", "myst_role", "footnote_ref")


def definitions_of(env: Mapping[str, Any]) -> Definitions:
    """Return the link definitions that a parser has collected in `env`."""
    found: Mapping[str, Mapping[str, str]] = env.get("references", {})
    return tuple((label, link["href"], link["title"]) for label, link in found.items())


_DEFINITION: Final = re.compile(r"^[ \t>*+\-\d.)]*\[(?P<label>(?:\\.|[^\[\]\\])+)\]:", re.MULTILINE)


def definition_places(source: str) -> dict[str, list[int]]:
    """Return where in the text of a lecture something looks like a link definition, by its label in capitals."""
    places: dict[str, list[int]] = {}
    for found in _DEFINITION.finditer(source):
        places.setdefault(normalizeReference(found["label"]), []).append(found.start("label") - 1)
    return places


# Where in a text its roles, images, links by reference and comments are.


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, from `start` to before `end`, that was read as a role, an image, a link or a comment.

    A "footnote" refers to one, whose label is its `content`; "footnote_begin" and "footnote_end" are around its text.
    An "equation" is the end of a formula with a name, `$$ (name)`, which is its `content`; its column is the name's.
    It may also be a mark of a formula in brackets, with the space inside it; `content` is then the dollars for it.

    Of an image or a link, it is what follows the label in brackets, so that a role in the label is a span of its own.

    line: the line of the text on which it begins, from 0. column: where it is written in that line, from 1, with the
    label and the brackets of a link or an image. name: of a role. content: of a role, what is between its
    backticks; of a link or an image, its label. address, title: of a link or an image. in_formula: whether the role is
    inside a formula. in_image: whether it is in the words of an image. braces: what stands in braces behind an image.
    in_cell: whether it is in a table. reference: of a link or an image that refers to a definition, its label.
    """

    kind: str
    start: int
    end: int
    line: int
    name: str = ""
    content: str = ""
    address: str = ""
    title: str = ""
    in_formula: bool = False
    in_image: bool = False
    column: int = 0
    braces: str = ""
    in_cell: bool = False
    reference: str = ""

    @property
    def written(self) -> str:
        """The whole role as it is written."""
        return f"{{{self.name}}}`{self.content}`"


_SPAN_MARKS: Final = ("}`", "![", "][", "[^", "$$", COMMENT_BEGIN, *_BRACKETS)  # text without any of these has no span


def spans_in(text: str, definitions: Definitions = ()) -> tuple[Span, ...]:
    """Return the roles, images, links by reference and comments of a text, in its order.

    definitions: the link definitions of the lecture, which hold in all its texts. A role or an image in the label of a
    link or an image is a span, too.
    """
    if not any(mark in text for mark in _SPAN_MARKS) and not (definitions and "[" in text):
        return ()
    return _find_spans(text, definitions if "[" in text else ())


@lru_cache(maxsize=4096)
def _find_spans(text: str, definitions: Definitions) -> tuple[Span, ...]:
    source, tokens = TextPlaces(text), tokens_of(text, definitions)
    found = [span for at, token in enumerate(tokens) for span in source.spans_of(token, tokens[at - 1] if at else None)]
    placed = (span if span.column else replace(span, column=source.column_at(span.start)) for span in found)
    return tuple(sorted(placed, key=lambda span: span.start))


_BAR: Final = re.compile(r"(?<!\\)\|")


def replace_spans(text: str, replace: Callable[[Span], str | None], definitions: Definitions = ()) -> str:
    """Return `text` with each of its spans replaced by what `replace` returns for it, or left alone where that is None.

    A formula's dollars, a link's label and whatever else is around a span stay as they are. In a table, a bar in what
    is put in ends no cell.
    """
    pieces, at = [], 0
    for span in spans_in(text, definitions):
        replacement = replace(span)
        if replacement is not None:
            pieces += [text[at : span.start], _BAR.sub(r"\\|", replacement) if span.in_cell else replacement]
            at = span.end
    return "".join([*pieces, text[at:]])


def formulas_in(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where the formulas of a text begin and end, marks included, and whether each is in a cell of a table."""
    source, tokens = TextPlaces(text), tokens_of(text)
    for at, token in enumerate(tokens):
        if token.type == "inline" and token.children:
            is_cell = at > 0 and tokens[at - 1].type in ("th_open", "td_open")
            places = source.places_of(token, is_cell=is_cell)
            for start, end in source.inline_formulas(token.children, places, 0):
                yield start, end, is_cell
        elif token.map and token.type in MATH:
            yield source.offsets[token.map[0]], source.offsets[token.map[1]] - 1, False


class TextPlaces:
    """A text with the offset of each of its lines; finds where in it the tokens of its parse come from.

    Tokens have to be asked for in their order, since equal cells of a row are told apart by it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.offsets = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self.columns: dict[int, int] = {}  # of each table row, where the cells read so far end

    def spans_of(self, token: Token, before: Token | None) -> Iterator[Span]:
        """Yield the spans in one token of a block, which follows the token `before`."""
        if token.type == "inline" and token.children:
            is_cell = before is not None and before.type in ("th_open", "td_open")
            if is_cell or any("span" in child.meta for child in token.children):  # a cell begins where the last ended
                places = self.places_of(token, is_cell=is_cell)
                for span in self.inline_spans(token.children, token.content, places, 0):
                    yield replace(span, in_cell=True) if is_cell else span
        elif token.map and token.type in MATH:
            yield from self.roles_between(*token.map)
            if token.type == "math_block_label":
                yield from self.equation_label(token.map[1] - 1)
        elif token.map and token.type == "html_block":
            yield from self.comments_between(*token.map)
        elif token.map and token.type == "footnote_reference_open":
            yield from self.footnote_marks(token.meta["label"], *token.map)

    def inline_spans(self, tokens: Sequence[Token], content: str, places: Sequence[int], shift: int) -> Iterator[Span]:
        """Yield the spans in `tokens`, which were read from `content`, whose characters are at `places`.

        shift: where in `content` the text begins that the tokens count from.
        """
        for token in tokens:
            if "span" not in token.meta:
                continue
            first, last = (shift + end for end in token.meta["span"])
            start, end = places[first], places[last - 1] + 1
            line = self.line_at(start)
            if token.type == "myst_role":
                yield Span("role", start, end, line, token.meta["name"], token.content)
            elif token.type in ("image", "link_open"):
                yield from self.link_spans(token, content, places, first, last)
            elif token.type == "footnote_ref":
                yield Span("footnote", start, end, line, content=token.meta["label"])
            elif token.type == "html_inline" and token.content.startswith(COMMENT_BEGIN):
                yield Span("comment", start, end, line)
            elif token.type in MATH:
                yield from self.math_spans(token, content, places, first, last)

    def link_spans(self, token: Token, content: str, places: Sequence[int], first: int, last: int) -> Iterator[Span]:
        """Yield what follows the label of an image or of a link by reference, and the spans in an image's label."""
        is_image = token.type == "image"
        if is_image or "label" in token.meta:
            opening, closing = first + (2 if is_image else 1), first + token.meta["label_end"] - token.meta["span"][0]
            start, end = places[closing] + 1, places[last - 1] + 1
            address = str(token.attrs["src" if is_image else "href"])
            title = str(token.attrs.get("title", ""))
            label = self.text[places[opening] : places[closing]] if closing > opening else ""
            kind, begins = "image" if is_image else "link", places[first]
            line, column = self.line_at(begins), self.column_at(begins)
            braces, reference = str(token.meta.get("braces", "")), str(token.meta.get("label", ""))
            span = Span(kind, start, end, line, "", label, address, title, column=column)
            yield replace(span, braces=braces, reference=reference)
            if is_image:
                for inner in self.inline_spans(token.children or [], content, places, opening):
                    yield replace(inner, in_image=True)

    def math_spans(self, token: Token, content: str, places: Sequence[int], first: int, last: int) -> Iterator[Span]:
        """Yield the roles in a formula and, if it is in brackets, its marks, with the space inside them."""
        for role in _ROLE_IN_FORMULA.finditer(content, first, last):
            yield self.role_at(role, places[role.start()], places[role.end() - 1] + 1)
        if token.markup not in _BRACKETS:
            return
        inside, dollars = content[first + 2 : last - 2], _BRACKETS[token.markup][2]
        begins = first + 2 + len(inside) - len(inside.lstrip())
        ends = first + 2 + len(inside.rstrip())
        for start, end in ((first, begins), (ends, last)):
            line = self.line_at(places[start])
            yield Span("mark", places[start], places[end - 1] + 1, line, content=dollars)

    def inline_formulas(self, tokens: Sequence[Token], places: Sequence[int], shift: int) -> Iterator[tuple[int, int]]:
        """Yield where the formulas in `tokens` begin and end; `places` and `shift` are as for `inline_spans`."""
        for token in (token for token in tokens if "span" in token.meta):
            first, last = (shift + end for end in token.meta["span"])
            if token.type in MATH:
                yield places[first], places[last - 1] + 1
            elif token.type == "image":
                yield from self.inline_formulas(token.children or [], places, first + 2)

    def roles_between(self, first: int, last: int) -> Iterator[Span]:
        """Yield the roles in a formula that stands on its own lines."""
        start, end = self.offsets[first], self.offsets[last] - 1
        for role in _ROLE_IN_FORMULA.finditer(self.text, start, end):
            yield self.role_at(role, role.start(), role.end())

    def equation_label(self, number: int) -> Iterator[Span]:
        """Yield the end of a formula with a name, which is on line `number`."""
        if found := EQUATION_LABEL.search(self.lines[number]):
            start, end = (self.offsets[number] + place for place in found.span())
            yield Span("equation", start, end, number, content=found["label"].strip(), column=found.start("label") + 1)

    def role_at(self, match: re.Match[str], start: int, end: int) -> Span:
        """Return the role of a formula."""
        return Span("role", start, end, self.line_at(start), match["name"], match["body"], in_formula=True)

    def comments_between(self, first: int, last: int) -> Iterator[Span]:
        """Yield the comments in a block of HTML."""
        for comment in COMMENT.finditer(self.text, self.offsets[first], self.offsets[last] - 1):
            yield Span("comment", *comment.span(), self.line_at(comment.start()))

    def footnote_marks(self, label: str, first: int, last: int) -> Iterator[Span]:
        """Yield where the text of a footnote begins, with its mark, and where it ends."""
        mark = f"[^{label}]:"
        start, end = self.text.index(mark, self.offsets[first]), self.offsets[last] - 1
        begins = start + len(mark)
        begins += len(self.text[begins:end]) - len(self.text[begins:end].lstrip(" \t"))
        ends = begins + len(self.text[begins:end].rstrip())
        yield Span("footnote_begin", start, begins, first, content=label)
        yield Span("footnote_end", ends, ends, self.line_at(ends))

    def line_at(self, place: int) -> int:
        """Return the line of a place in the text, from 0."""
        return self.text.count("\n", 0, place)

    def column_at(self, place: int) -> int:
        """Return the column of a place in the text, from 1."""
        return place - self.text.rfind("\n", 0, place)

    @staticmethod
    def starts_of(tokens: Sequence[Token]) -> list[int]:
        """Return where in the text of their paragraph the inline `tokens` begin.

        What lies between the tokens that know their span is text and marks, as long as they were written.
        """
        starts, ends, at = [], list[int](), 0
        for token in tokens:
            first, last = token.meta.get("span", (at, at + len(token.content or token.markup)))
            first = at if token.info == "auto" else first  # a bare address begins in what was text before
            starts.append(first)
            at = last
            if token.type == "link_open":
                ends.append(last)
                at = first if token.info == "auto" else first + 1
            elif token.type == "link_close":
                at = ends.pop()
        return starts

    def places_of(self, token: Token, *, is_cell: bool) -> list[int]:
        """Return where in the text each character of an inline token's content stands.

        The content has no indentation, no marks of quotes and lists, and in tables no backslash before a bar.
        """
        first, places = (token.map or [0])[0], list[int]()
        for number, line in enumerate(token.content.split("\n"), start=first):
            offset = self.offsets[number]
            places += [offset + column for column in self.columns_of(line, number, is_cell=is_cell)]
            places.append(self.offsets[number + 1] - 1)
        return places

    def columns_of(self, content: str, number: int, *, is_cell: bool) -> list[int]:
        """Return the column of each character of `content`, which is a part of line `number`: in a cell, the next one.

        Outside tables it is the end of the line.
        """
        line, words = self.lines[number], content.strip()
        at = self.columns.get(number, 0)
        column = line.find(words.split("|")[0].rstrip("\\"), at) if is_cell else max(0, line.rfind(words))
        columns = list(range(column, column + len(words))) if line.startswith(words, column) else []
        column += len(columns)
        for character in words[len(columns) :]:
            while column < len(line) and line[column] != character:
                column += 1
            columns.append(column)
            column += 1
        self.columns[number] = column
        lead = len(content) - len(content.lstrip())
        return [*[columns[0] if columns else 0] * lead, *columns, *[column] * (len(content) - lead - len(words))]
