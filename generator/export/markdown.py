"""Markdown as HTML that may stand in a page: CommonMark with tables and formulas, sanitised."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator.errors import PageError
from generator.export.allowlist import clean
from generator.export.formulas import mathml
from generator.export.listing import listing
from generator.export.rendered import once

_ALIGNED: Final = {"text-align:right": "right", "text-align:center": "center"}


def render(text: str, *, heading: int = 3, incremental: bool = False) -> Markup:
    """Return the HTML of Markdown `text`; raises PageError for a formula that cannot be set.

    A heading is never above level `heading`; with `incremental`, each list item is a fragment of its slide.
    """
    asked = ("block", text, heading, incremental)
    env = {"heading": heading, "incremental": incremental}
    return Markup(once(asked, lambda: clean(_markdown().render(text, env))))  # noqa: S704 - cleaned


def render_inline(text: str) -> Markup:
    """Return the HTML of one line of Markdown, without a paragraph around it; raises PageError as `render` does."""
    return Markup(once(("line", text), lambda: clean(_markdown().renderInline(text.strip(), {}))))  # noqa: S704 - cleaned


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
    parser.core.ruler.push("dress", _dress)
    return parser


def _check_images(tokens: Sequence[Token]) -> None:
    """Raise PageError for an image that is not in the text itself: a page would show nothing in its place."""
    for token in tokens:
        source = str(token.attrs.get("src", "")) if token.type == "image" else "data:"
        if not source.startswith(("data:", "attachment:")):
            hint = "write ![what it shows](folder/name.png), a file of the project"
            raise PageError(f"the image '{source}' is not in the page", hint=hint)


def _dress(state: Any) -> None:
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
