"""Markdown as HTML that may stand in a page: CommonMark with tables and formulas, sanitised."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final
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

    A heading is never above level `heading`; with `incremental`, each list item is a fragment of its slide.
    """
    asked = ("block", text, heading, incremental)
    env = {"heading": heading, "incremental": incremental}
    return Markup(render_once(asked, lambda: clean(_markdown().render(text, env))))  # noqa: S704 - cleaned


def render_inline(text: str) -> Markup:
    """Return the HTML of one line of Markdown, without a paragraph around it; raises PageError as `render` does."""
    return Markup(render_once(("line", text), lambda: clean(_markdown().renderInline(text.strip(), {}))))  # noqa: S704 - cleaned


def plain(text: str) -> str:
    """Return one line of Markdown as bare text: what a page's title or a screen reader's label can hold."""
    tokens = _markdown().parseInline(text.strip(), {})[0].children or []
    return "".join(token.content for token in tokens if token.type in {"text", "code_inline", "math_inline"})


def parse(text: str) -> list[Token]:
    """Return Markdown `text` as markdown-it's tokens, for what is not written as HTML."""
    return _markdown().parse(text, {})


class _Renderer(RendererHTML):
    """Markdown-it's renderer with code in spans a line, and with formulas as MathML."""

    def fence(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return _block(tokens[at].content, tokens[at].info.strip().split(" ")[0] or "text")

    def code_block(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return _block(tokens[at].content, "text")

    def math_inline(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return mathml(tokens[at].content)

    def math_inline_double(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return mathml(tokens[at].content, display=True)

    def math_block(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return f"<p>{mathml(tokens[at].content, display=True)}</p>\n"


class _Parser(MarkdownIt):
    """Markdown-it, with drawings as data among the addresses it takes; who may have them is the allow-list's matter."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        return super().validateLink(url) or url.startswith("data:image/svg+xml;base64,")


def _block(source: str, language: str) -> str:
    return f'<pre class="listing"><code class="block">{listing(source, language)}</code></pre>\n'


@cache
def _markdown() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": True}, renderer_cls=_Renderer).enable("table")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    for name in ("math_inline", "math_inline_double", "math_block"):  # the plugin brings rules of its own
        parser.add_render_rule(name, getattr(_Renderer, name))
    parser.core.ruler.push("dress", _adapt_tokens)
    return parser


def _check_images(tokens: Sequence[Token]) -> None:
    """Raise PageError for an image that is not in the text itself: a page would show nothing in its place."""
    for token in tokens:
        source = str(token.attrs.get("src", "")) if token.type == "image" else "data:"
        if not source.startswith(("data:", "attachment:")):
            hint = "write ![what it shows](folder/name.png), a file of the project"
            raise PageError(f"the image '{source}' is not in the page", hint=hint)


def _adapt_tokens(state: Any) -> None:
    """Lower the headings, mark list items as fragments, and say a table cell's place with a class."""
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


# The HTML that an author's text may become: our own allow-list, kept by nh3.


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MATH: Final = _words("""
    math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup
    munder mover munderover mmultiscripts mprescripts mtable mtr mtd menclose
""")
# No h1 and h2: those are the lecture's and the slides'.
_TEXT_TAGS: Final = _words("""
    p br hr h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var em strong b i u s del ins sub sup
    small mark abbr cite q dfn time data span div a img table caption thead tbody tfoot tr th td colgroup col wbr
""")
_MATH_ATTRIBUTES: Final = _words("""
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

# Only classes that colour code, place a table's cell or mark a value: a class is also power over the layout.
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
    """Return `markup` with nothing in it that runs, loads from elsewhere, or takes power over the page."""
    return nh3.clean(
        markup,
        tags=set(_TEXT_TAGS | _MATH),
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "data"},
        strip_comments=True,
    )


def _keep(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if _LINK.match(value) else None
    if attribute == "src":
        return value if _PICTURE.match(value) else None
    return value


_PLAIN: Final = {"", "n", "p", "w", "err"}  # classes that no rule colours would only make the page larger


# Program text as HTML: one span a line, so that a slide can step through them; colours by class only.


def listing(source: str, language: str = "python") -> str:
    """Return `source` as spans of class `line`, each token in a span of its Pygments class; all text is escaped."""
    return render_once(("code", source, language), lambda: _write(source, language))


def _write(source: str, language: str) -> str:
    lines = ("".join(_token(name, text) for name, text in line) for line in colored_lines(source, language))
    return "\n".join(f'<span class="line">{line}</span>' for line in lines)


def colored_lines(source: str, language: str = "python") -> list[list[tuple[str, str]]]:
    """Return the lines of `source`, each as pieces: a Pygments class (empty for bare text) and the text."""
    lines: list[list[tuple[str, str]]] = [[]]
    for kind, text in lex(source.rstrip("\n"), _lexer(language)):
        name = STANDARD_TYPES.get(kind, "")
        first, *others = ([(name, piece)] if piece else [] for piece in text.split("\n"))
        lines[-1] += first
        lines += others
    if not lines[-1]:  # a lexer ends its text with a line break
        lines.pop()
    return lines


def _lexer(language: str) -> Any:
    try:
        return lexers.get_lexer_by_name(language, stripnl=False)
    except util.ClassNotFound:
        return lexers.get_lexer_by_name("text", stripnl=False)


def _token(name: str, text: str) -> str:
    safe = escape(text, quote=False)
    return safe if name in _PLAIN or not text else f'<span class="{name}">{safe}</span>'


# What latex2mathml does not know it passes through with its backslash, inside an identifier.
_UNKNOWN: Final = re.compile(r"\\[A-Za-z]+|\\.")
_MTEXT: Final = re.compile(r"<mtext>.*?</mtext>", re.DOTALL)
# An argument that is missing it leaves out, and a browser then shows the formula as an error or not at all.
_CHILDREN: Final = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
}  # fmt: skip


# LaTeX formulas as MathML; knows nothing of Markdown or pages.


def mathml(latex: str, *, display: bool = False) -> str:
    """Return the MathML of a LaTeX formula; raises PageError for a macro or a structure that has none."""
    formula = f"formula '{latex.strip()}'"
    try:
        markup = str(convert(latex, display="block" if display else "inline"))
    except Exception as error:  # the library has a dozen exception classes and also raises IndexError and others
        raise _refuse(f"{formula} cannot be set: {type(error).__name__}") from error
    unknown = _UNKNOWN.search(_MTEXT.sub("", markup))
    if unknown:
        hint = "formulas take the LaTeX of mathematics, without packages or \\newcommand"
        raise PageError(f"{formula} uses '{unknown[0]}', which is not known", hint=hint)
    if not _is_complete(markup):
        raise _refuse(f"{formula} is not complete")
    return markup


def _is_complete(markup: str) -> bool:
    try:
        tree = fromstring(markup)  # noqa: S314 - written by latex2mathml, and without a document type
    except ParseError:
        return False
    names = ((element.tag.rpartition("}")[2], len(element)) for element in tree.iter())
    return all(count == _CHILDREN.get(name, count) for name, count in names)


def _refuse(problem: str) -> PageError:
    return PageError(problem, hint="look for a missing brace or argument")


_LIBRARIES: Final = ("latex2mathml", "markdown-it-py", "mdit-py-plugins", "nh3", "pygments")
RenderRequest = tuple[str | int | bool, ...]

_known: dict[RenderRequest, str] = {}
_used: dict[RenderRequest, str] = {}


# What texts became as HTML, kept from one build of a lecture to the next: one word edited is one text rendered.


def render_once(asked: RenderRequest, make: Callable[[], str]) -> str:
    """Return what `make` makes; what it made when the same was asked before, of this lecture's other pages too."""
    found = _known.get(asked)
    if found is None:
        found = _known[asked] = make()
    _used[asked] = found
    return found


@contextlib.contextmanager
def render_cache(project: Path, lecture: str) -> Iterator[None]:
    """Know, while the pages of a lecture are made, what its texts became in the last build; keep it for the next."""
    path = project / ".lectern" / "cache" / "rendered" / lecture
    kept = _read(path)
    _known.clear()
    _used.clear()
    _known.update(kept)
    try:
        yield
        if _used.keys() != kept.keys():
            write_cached(path, (_maker(), _used))
    finally:
        _known.clear()
        _used.clear()


def _read(path: Path) -> dict[RenderRequest, str]:
    with contextlib.suppress(*CACHE_ERRORS):
        maker, kept = read_cached(path)
        if maker == _maker():
            return dict(kept)
    return {}


def _maker() -> str:
    versions = (f"{name} {installed_version(name)}" for name in _LIBRARIES)
    return "\0".join((sys.version, digest_of_modules(disk, sys.modules[__name__]), *versions))
