"""Renders Markdown, with its formulas, and program text as HTML that is safe to put into a page.

Markdown is CommonMark with tables and formulas; its HTML is sanitized against an allow-list. Program text becomes one
span per line, with Pygments' classes. `formulas.py` sets the formulas. The results are cached from one build of a
lecture to the next, so that editing a word renders one text again.
"""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final, cast

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
from generator.html.formula_markup import FORMULA_CLASSES
from generator.html.formulas import formulas_version, mathml
from generator.lecture import nesting, raw_html, syntax
from generator.lecture.nesting import with_box
from generator.lecture.raw_html import (
    ATTRIBUTES,
    DROPPED,
    GENERAL_ATTRIBUTES,
    MATH_TAGS,
    TEXT_TAGS,
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


def render_html(markup: str) -> Markup:
    """Return HTML that was not written for a page without all that a page must not hold."""
    return Markup(render_once(("html", markup), lambda: clean(markup)))  # noqa: S704 - cleaned


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
        anchor, label = number.replace(".", "-"), f'<span class="equation-number">({number})</span>'
        return f'<p class="equation" id="eq-{anchor}">{formula}{label}</p>\n'

    def myst_role(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        # All roles of the author have been replaced: this is a measured text that looks like one.
        return f"{{{tokens[at].meta['name']}}}<code>{escape(tokens[at].content)}</code>"


_EQUATION: Final = re.compile(r"eq-\d+(?:-\d+)?")
_OTHER_PAGE: Final = re.compile(r"(?:handout|teacher)\.html#\S*")  # of the same lecture: a sheet refers to them
_NUMBER: Final = re.compile(r"\s*\\tag\{(\d+(?:\.\d+)?)\}\s*$")


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


def _adapt_tokens(state: Any) -> None:
    """Limit the level of headings, draw boxes, make list items fragments, and give cells their alignment as a class."""
    for at, token in enumerate(state.tokens):
        _check_images(token.children or [])
        token.children = _without_inner_links(token.children or []) if token.children else token.children
        if at > 1 and token.type == "inline" and state.tokens[at - 2].type == "list_item_open" and token.children:
            first = token.children[0]
            first.content = with_box(first.content) if first.type == "text" else first.content
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

# Only classes that color code, align a table cell, or mark a value or a verdict: with others an author could change
# the layout.
_CLASSES: Final = {
    "span": TOKEN_CLASSES | {"line", "value", "verdict", "equation-number"},
    "p": {"equation"},
    "code": {"block"},
    "pre": {"listing"},
    "data": {"value"},
    "a": {"term"},
    "li": {"fragment"},
    "td": {"right", "center"},
    "th": {"right", "center"},
    **FORMULA_CLASSES,
}


def clean(markup: str) -> str:
    """Return `markup` without anything that runs, loads from elsewhere, or changes the page around it.

    The title of a verdict, which only a mouse can show, becomes a description that a finger or a keyboard shows too. A
    formula in a line keeps the sign behind it: browsers break a line there, even before a comma.
    """
    safe = nh3.clean(
        markup,
        tags=set(TEXT_TAGS | MATH_TAGS),
        clean_content_tags=DROPPED,
        attributes={**ATTRIBUTES, "p": {"id"}, "*": set(GENERAL_ATTRIBUTES)},
        attribute_filter=_filter_attribute,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto", "data"},
        strip_comments=True,
    )
    kept = _FORMULA_WITH_SIGN.sub(r'<span class="unbroken">\g<0></span>', safe) if "</math>" in safe else safe
    return kept.replace(_TITLED_VERDICT, _DESCRIBED_VERDICT)


_FORMULA_WITH_SIGN: Final = re.compile(r"<math>(?:(?!</math>).)*</math>[,.;:!?)\]’”]+", re.DOTALL)

_TITLED_VERDICT: Final = '<span class="verdict" title="'
_DESCRIBED_VERDICT: Final = '<span class="verdict" tabindex="0" aria-description="'


def _filter_attribute(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if is_link(value) or _OTHER_PAGE.fullmatch(value) else None
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


# The render cache: the HTML of texts, kept from one build of a lecture to the next.

_LIBRARIES: Final = ("markdown-it-py", "mdit-py-plugins", "nh3", "pygments")
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
    code = digest_of_modules(disk, nesting, raw_html, syntax, sys.modules[__name__])
    return "\0".join((sys.version, code, formulas_version(), *versions))
