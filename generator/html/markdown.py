"""Renders Markdown, program text and LaTeX formulas as HTML that is safe to put into a page.

Markdown is CommonMark with tables and formulas; its HTML is sanitized against an allow-list. Program text becomes one
span per line, with Pygments' classes. Formulas become MathML. The results are cached from one build of a lecture to the
next, so that editing a word renders one text again.
"""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final, cast
from xml.etree.ElementTree import ParseError, fromstring

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from pygments import lex, lexers, util  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from generator import disk
from generator.disk import CACHE_ERRORS, digest_of_modules, installed_version, read_cached, write_cached
from generator.errors import PageError
from generator.lecture import raw_html, syntax
from generator.lecture.raw_html import (
    ATTRIBUTES,
    DROPPED,
    GENERAL_ATTRIBUTES,
    MATH_TAGS,
    TEXT_TAGS,
    find_lost,
    is_embedded_picture,
    is_link,
)
from generator.lecture.syntax import make_parser

_ALIGNED: Final = {"text-align:right": "right", "text-align:center": "center"}


def render(text: str, *, heading: int = 3, incremental: bool = False) -> Markup:
    """Return the HTML of Markdown `text`; raises PageError for a formula that cannot be set.

    heading: the highest level that a heading gets, 3 for <h3>; incremental: whether each list item is a fragment.
    """
    request = ("block", text, heading, incremental)
    env = {"heading": heading, "incremental": incremental}
    return Markup(render_once(request, lambda: clean(_markdown().render(text, env))))  # noqa: S704 - cleaned


def render_inline(text: str) -> Markup:
    """Return the HTML of one line of Markdown, without a <p> around it; raises PageError as `render` does."""
    return Markup(render_once(("line", text), lambda: clean(_markdown().renderInline(text.strip(), {}))))  # noqa: S704 - cleaned


def parse_line(text: str) -> list[Token]:
    """Return one line of Markdown as markdown-it's inline tokens."""
    return _markdown().parseInline(text.strip(), {})[0].children or []


def render_line(tokens: Sequence[Token]) -> str:
    """Return the HTML of inline tokens, which is not yet safe; raises PageError as `render` does."""
    parser = _markdown()
    return cast(RendererHTML, parser.renderer).renderInline(tokens, parser.options, {})


def parse(text: str) -> list[Token]:
    """Return Markdown `text` as markdown-it's tokens, for formats that are not HTML."""
    return _markdown().parse(text, {})


class _Renderer(RendererHTML):
    """markdown-it's renderer, with a span for each line of code and with formulas as MathML."""

    def fence(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return _listing_block(tokens[at].content, tokens[at].info.strip().split(" ")[0] or "text")

    def code_block(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return _listing_block(tokens[at].content, "text")

    def math_inline(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return mathml(tokens[at].content)

    def math_inline_double(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return mathml(tokens[at].content, display=True)

    def math_block(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        latex, number = split_number(tokens[at].content)
        formula = mathml(latex, display=True)
        if not number:
            return f"<p>{formula}</p>\n"
        return f'<p class="equation" id="eq-{number}">{formula}<span class="equation-number">({number})</span></p>\n'

    def myst_role(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        # All roles of the author have been replaced: this is a measured text that looks like one.
        return f"{{{tokens[at].meta['name']}}}<code>{escape(tokens[at].content)}</code>"


_EQUATION: Final = re.compile(r"eq-\d+")
_NUMBER: Final = re.compile(r"\s*\\tag\{(\d+)\}\s*$")


def split_number(latex: str) -> tuple[str, str]:
    """Return a formula without the number of an equation at its end, and the number, empty if it has none."""
    found = _NUMBER.search(latex)
    return (latex[: found.start()], found[1]) if found else (latex, "")


def _listing_block(source: str, language: str) -> str:
    return f'<pre class="listing"><code class="block">{listing(source, language)}</code></pre>\n'


@cache
def _markdown() -> MarkdownIt:
    parser = make_parser(_Renderer)
    for name in ("math_inline", "math_inline_double", "math_block", "myst_role"):  # in place of the plugins' own rules
        parser.add_render_rule(name, getattr(_Renderer, name))
    parser.core.ruler.push("dress", _adapt_tokens)
    return parser


def _check_images(tokens: Sequence[Token]) -> None:
    """Raise PageError for an image that is not embedded in the text: the page would show nothing in its place."""
    for token in tokens:
        source = str(token.attrs.get("src", "")) if token.type == "image" else "data:"
        if not source.startswith(("data:", "attachment:")):
            hint = "write ![what it shows](folder/name.png), a file of the project"
            raise PageError(f"the image '{source}' is not in the page", hint=hint)


_LINK_TAG: Final = re.compile(r"<(/?)a\b", re.IGNORECASE)


def is_link_tag(token: Token) -> bool:
    """Return whether an inline token is `<a …>` or `</a>`, as it is written in HTML."""
    return token.type == "html_inline" and _LINK_TAG.match(token.content) is not None


def _without_inner_links(tokens: Sequence[Token]) -> list[Token]:
    """Return inline tokens without the links inside an `<a>`: a title with a link in it may be the words of another."""
    depth, kept = 0, []
    for token in tokens:
        tag = _LINK_TAG.match(token.content) if token.type == "html_inline" else None
        depth -= tag is not None and bool(tag[1])
        is_inner = depth > 0 and (tag is not None or token.type in {"link_open", "link_close"})
        depth += tag is not None and not tag[1]
        if not is_inner:
            kept.append(token)
    return kept


_BOXES: Final = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def _draw_box(text: Token) -> None:
    """Draw the box of a task list, `[ ]` or `[x]`, at the beginning of an item's text."""
    if text.type == "text" and text.content[:4] in _BOXES:
        text.content = _BOXES[text.content[:4]] + text.content[4:]


def _adapt_tokens(state: Any) -> None:
    """Limit the level of headings, draw boxes, make list items fragments, and give cells their alignment as a class."""
    for at, token in enumerate(state.tokens):
        _check_images(token.children or [])
        token.children = _without_inner_links(token.children or []) if token.children else token.children
        if at > 1 and token.type == "inline" and state.tokens[at - 2].type == "list_item_open" and token.children:
            _draw_box(token.children[0])
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, max(int(token.tag[1]), state.env.get('heading', 3)))}"
        elif token.type == "list_item_open" and state.env.get("incremental"):
            token.attrJoin("class", "fragment")
        elif token.type in {"th_open", "td_open"} and "style" in token.attrs:
            name = _ALIGNED.get(str(token.attrs.pop("style")))
            if name:
                token.attrJoin("class", name)


# The allow-list of HTML that an author's text may become; nh3 enforces it.


TOKEN_CLASSES: Final = frozenset(name for name in STANDARD_TYPES.values() if name)

# Only classes that color code, align a table cell or mark a value: with others an author could change the layout.
_CLASSES: Final = {
    "span": TOKEN_CLASSES | {"line", "value", "equation-number"},
    "p": {"equation"},
    "code": {"block"},
    "pre": {"listing"},
    "data": {"value"},
    "a": {"term"},
    "li": {"fragment"},
    "td": {"right", "center"},
    "th": {"right", "center"},
}


def clean(markup: str) -> str:
    """Return `markup` without anything that runs, loads from elsewhere, or changes the page around it."""
    return nh3.clean(
        markup,
        tags=set(TEXT_TAGS | MATH_TAGS),
        clean_content_tags=DROPPED,
        attributes={**ATTRIBUTES, "p": {"id"}, "*": set(GENERAL_ATTRIBUTES)},
        attribute_filter=_filter_attribute,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto", "data"},
        strip_comments=True,
    )


def _filter_attribute(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if is_link(value) else None
    if attribute == "src":
        return value if is_embedded_picture(value) else None
    if attribute == "id":
        return value if _EQUATION.fullmatch(value) else None
    return value


# Program text as HTML: one span per line, so that a slide can step through the lines. Colors are set by class only.

_UNSTYLED_CLASSES: Final = {"", "n", "p", "w", "err"}  # no style sheet colors them; they would only enlarge the page


def listing(source: str, language: str = "python") -> str:
    """Return `source` as spans of class `line`, each token in a span of its Pygments class; all text is escaped."""
    return render_once(("code", source, language), lambda: _write_listing(source, language))


def _write_listing(source: str, language: str) -> str:
    lines = ("".join(_token(name, text) for name, text in line) for line in colored_lines(source, language))
    return "\n".join(f'<span class="line">{line}</span>' for line in lines)


def colored_lines(source: str, language: str = "python") -> list[list[tuple[str, str]]]:
    """Return the lines of `source`, each as pieces of (Pygments class, text); the class is empty for plain text."""
    lines: list[list[tuple[str, str]]] = [[]]
    for kind, text in lex(source.rstrip("\n"), _lexer(language)):
        name = STANDARD_TYPES.get(kind, "")
        first, *others = ([(name, piece)] if piece else [] for piece in text.split("\n"))
        lines[-1] += first
        lines += others
    if not lines[-1]:  # lexers end the text with a line break
        lines.pop()
    return lines


def _lexer(language: str) -> Any:
    try:
        return lexers.get_lexer_by_name(language, stripnl=False)
    except util.ClassNotFound:
        return lexers.get_lexer_by_name("text", stripnl=False)


def _token(name: str, text: str) -> str:
    safe = escape(text, quote=False)
    return safe if name in _UNSTYLED_CLASSES or not text else f'<span class="{name}">{safe}</span>'


# LaTeX formulas as MathML.

# latex2mathml passes unknown macros through, with their backslash, inside an identifier.
_UNKNOWN: Final = re.compile(r"\\[A-Za-z]+|\\.")
_MTEXT: Final = re.compile(r"<mtext>.*?</mtext>", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\([_%&#${}])")  # it leaves the backslash before these in a \text
_ENVIRONMENT: Final = re.compile(r"\\begin\s*\{([^}]*)\}")
_ENVIRONMENT_NAME: Final = re.compile(r"(?<=\\begin)\{([^}]*)\}|(?<=\\end)\{([^}]*)\}")
_ARGUMENT: Final = re.compile(r"\\arg(?![A-Za-z])")
_ROW_GAP: Final = re.compile(r"\\\\\s*\[[\d.]+\s*[a-z]{2}\]")  # it would print the distance between two rows
_COMMENT: Final = re.compile(r"(?<!\\)%")
_NOT_DRAWN: Final = re.compile(r"\\(?:[bx]?cancel|boxed|fbox|enclose)(?![A-Za-z])")  # MathML Core has no <menclose>
_ALIASES: Final = {"aligned": "split", "align": "align*"}  # an equation has no number that a text could name
_VISIBLE: Final = {"mathcolor", "mathbackground", "class", "style", "href"}
# It leaves out missing arguments; a browser then shows the formula as an error or not at all.
_CHILD_COUNTS: Final = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
}  # fmt: skip


def mathml(latex: str, *, display: bool = False) -> str:
    """Return the MathML of a LaTeX formula; raises PageError for an unknown macro or an incomplete structure."""
    from latex2mathml.converter import convert  # not needed where every formula is in the render cache

    formula = f"formula '{latex.strip()}'"
    for problem, hint in _latex_faults(latex):
        raise PageError(f"{formula} {problem}", hint=hint)
    try:
        markup = str(convert(_with_aliases(latex), display="block" if display else "inline"))
    except Exception as error:  # it has a dozen exception classes of its own and also raises IndexError and others
        raise _incomplete_formula(f"{formula} cannot be set: {type(error).__name__}") from error
    unknown = _UNKNOWN.search(_MTEXT.sub("", markup))
    if unknown:
        hint = "formulas take the LaTeX of mathematics, without packages or \\newcommand"
        raise PageError(f"{formula} uses '{unknown[0]}', which is not known", hint=hint)
    if not _is_complete(markup):
        raise _incomplete_formula(f"{formula} is not complete")
    for _, what, _ in find_lost(markup):
        if what.startswith("<") or any(what.startswith(f"'{name}'") for name in _VISIBLE):
            raise PageError(f"{formula} sets {what}, which pages do not show", hint="formulas have the theme's colors")
    return _MTEXT.sub(lambda text: _ESCAPED.sub(r"\1", text[0]), markup)


def _latex_faults(latex: str) -> Iterator[tuple[str, str]]:
    """Yield what latex2mathml, or a browser, would leave out of a formula without a word: the problem and a hint."""
    from latex2mathml.commands import MATRICES

    for name in _ENVIRONMENT.findall(latex):
        if f"\\{name}" not in MATRICES and name not in _ALIASES:
            known = ", ".join(sorted({environment.strip("\\*") for environment in MATRICES} | {"aligned"}))
            yield f"uses the environment '{name}', which is not known", f"there is {known}"
    if found := _NOT_DRAWN.search(latex):
        yield f"uses '{found[0]}', which browsers do not draw", "say it in the text"
    if _COMMENT.search(latex):
        yield "has a % that makes the rest a comment", r"write \% for a percent sign"


def _with_aliases(latex: str) -> str:
    """Return a formula with what latex2mathml does not know written as what it does."""
    aliased = _ENVIRONMENT_NAME.sub(lambda name: f"{{{_ALIASES.get(name[1] or name[2], name[1] or name[2])}}}", latex)
    return _ARGUMENT.sub(r"\\operatorname{arg}", _ROW_GAP.sub(r"\\\\", aliased))


def _is_complete(markup: str) -> bool:
    try:
        tree = fromstring(markup)  # noqa: S314 - written by latex2mathml, without a document type
    except ParseError:
        return False
    names = ((element.tag.rpartition("}")[2], len(element)) for element in tree.iter())
    return all(count == _CHILD_COUNTS.get(name, count) for name, count in names)


def _incomplete_formula(problem: str) -> PageError:
    return PageError(problem, hint="look for a missing brace or argument")


# The render cache: the HTML of texts, kept from one build of a lecture to the next.

_LIBRARIES: Final = ("latex2mathml", "markdown-it-py", "mdit-py-plugins", "nh3", "pygments")
RenderRequest = tuple[str | int | bool, ...]

_cached_html: dict[RenderRequest, str] = {}
_requested_html: dict[RenderRequest, str] = {}


def render_once(request: RenderRequest, make: Callable[[], str]) -> str:
    """Return the HTML of a request, which `make` writes unless another page or the last build has it already."""
    found = _cached_html.get(request)
    if found is None:
        found = _cached_html[request] = make()
    _requested_html[request] = found
    return found


@contextlib.contextmanager
def render_cache(project: Path, lecture: str) -> Iterator[None]:
    """Reuse the HTML of the lecture's last build while its pages are written; save what was used for the next build.

    The cache holds only what the pages last requested. It is dropped when Python, this code or a library changes.
    """
    path = project / ".lectern" / "cache" / "rendered" / lecture
    stored = _read_render_cache(path)
    _cached_html.clear()
    _requested_html.clear()
    _cached_html.update(stored)
    try:
        yield
        if _requested_html.keys() != stored.keys():
            write_cached(path, (_renderer_version(), _requested_html))
    finally:
        _cached_html.clear()
        _requested_html.clear()


def _read_render_cache(path: Path) -> dict[RenderRequest, str]:
    with contextlib.suppress(*CACHE_ERRORS):
        version, stored = read_cached(path)
        if version == _renderer_version():
            return dict(stored)
    return {}


def _renderer_version() -> str:
    """Return what the HTML depends on besides the text: Python, this code, and the versions of the libraries."""
    versions = (f"{name} {installed_version(name)}" for name in _LIBRARIES)
    return "\0".join((sys.version, digest_of_modules(disk, raw_html, syntax, sys.modules[__name__]), *versions))
