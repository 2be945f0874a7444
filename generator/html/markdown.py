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
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import lex, lexers, util  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from generator import disk
from generator.disk import CACHE_ERRORS, digest_of_modules, installed_version, read_cached, write_cached
from generator.errors import PageError

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
        return f"<p>{mathml(tokens[at].content, display=True)}</p>\n"


class _Parser(MarkdownIt):
    """markdown-it, which by itself refuses SVG data as an address; here the allow-list decides where it may be used."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        return super().validateLink(url) or url.startswith("data:image/svg+xml;base64,")


def _listing_block(source: str, language: str) -> str:
    return f'<pre class="listing"><code class="block">{listing(source, language)}</code></pre>\n'


@cache
def _markdown() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": True}, renderer_cls=_Renderer).enable("table")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    for name in ("math_inline", "math_inline_double", "math_block"):  # in place of the plugin's own rules
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


def _adapt_tokens(state: Any) -> None:
    """Limit the level of headings, make list items fragments, and give the alignment of table cells as a class."""
    for token in state.tokens:
        _check_images(token.children or [])
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, max(int(token.tag[1]), state.env.get('heading', 3)))}"
        elif token.type == "list_item_open" and state.env.get("incremental"):
            token.attrJoin("class", "fragment")
        elif token.type in {"th_open", "td_open"} and "style" in token.attrs:
            name = _ALIGNED.get(str(token.attrs.pop("style")))
            if name:
                token.attrJoin("class", name)


# The allow-list of HTML that an author's text may become; nh3 enforces it.


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MATH: Final = _names("""
    math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup
    munder mover munderover mmultiscripts mprescripts mtable mtr mtd menclose
""")
# Without h1 and h2, which are the titles of the lecture and of its slides.
_TEXT_TAGS: Final = _names("""
    p br hr h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var em strong b i u s del ins sub sup
    small mark abbr cite q dfn time data span div a img table caption thead tbody tfoot tr th td colgroup col wbr
""")
_MATH_ATTRIBUTES: Final = _names("""
    display mathvariant stretchy fence separator accent accentunder lspace rspace minsize maxsize symmetric largeop
    movablelimits form linethickness displaystyle scriptlevel width height depth notation columnalign rowspacing
    columnspacing columnlines rowlines columnspan rowspan
""")
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "data": {"value", "title"},
    "dfn": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    **{name: set(_MATH_ATTRIBUTES) for name in _MATH},
}

TOKEN_CLASSES: Final = frozenset(name for name in STANDARD_TYPES.values() if name)

# Only classes that color code, align a table cell or mark a value: with others an author could change the layout.
_CLASSES: Final = {
    "span": TOKEN_CLASSES | {"line", "value"},
    "code": {"block"},
    "pre": {"listing"},
    "data": {"value"},
    "a": {"term"},
    "li": {"fragment"},
    "td": {"right", "center"},
    "th": {"right", "center"},
}
_LINK: Final = re.compile(r"(?:https?://[^\s]|#)", re.IGNORECASE)
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z")
_DROPPED: Final = {"script", "style", "iframe", "object", "embed", "noscript", "template", "title", "textarea", "svg"}


def clean(markup: str) -> str:
    """Return `markup` without anything that runs, loads from elsewhere, or changes the page around it."""
    return nh3.clean(
        markup,
        tags=set(_TEXT_TAGS | _MATH),
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "data"},
        strip_comments=True,
    )


def _filter_attribute(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _LINK.match(value) else None
    if attribute == "src":
        return value if _PICTURE.match(value) else None
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
# It leaves out missing arguments; a browser then shows the formula as an error or not at all.
_CHILD_COUNTS: Final = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
}  # fmt: skip


def mathml(latex: str, *, display: bool = False) -> str:
    """Return the MathML of a LaTeX formula; raises PageError for an unknown macro or an incomplete structure."""
    formula = f"formula '{latex.strip()}'"
    try:
        markup = str(convert(latex, display="block" if display else "inline"))
    except Exception as error:  # it has a dozen exception classes of its own and also raises IndexError and others
        raise _incomplete_formula(f"{formula} cannot be set: {type(error).__name__}") from error
    unknown = _UNKNOWN.search(_MTEXT.sub("", markup))
    if unknown:
        hint = "formulas take the LaTeX of mathematics, without packages or \\newcommand"
        raise PageError(f"{formula} uses '{unknown[0]}', which is not known", hint=hint)
    if not _is_complete(markup):
        raise _incomplete_formula(f"{formula} is not complete")
    return markup


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
    return "\0".join((sys.version, digest_of_modules(disk, sys.modules[__name__]), *versions))
