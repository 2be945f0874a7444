"""The HTML that an author's text may become: our own allow-list, kept by nh3."""

import re
from typing import Final

import nh3

from generator.export.listing import TOKEN_CLASSES


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MATH: Final = _words("""
    math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup
    munder mover munderover mmultiscripts mprescripts mtable mtr mtd menclose
""")
# No h1 and h2: those are the lecture's and the slides'.
_TEXT: Final = _words("""
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
        tags=set(_TEXT | _MATH),
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
