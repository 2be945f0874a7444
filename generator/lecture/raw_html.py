"""The HTML that an author may write, and what of a text would be taken away.

Pages run no script but their own, load nothing, and look as the theme says. So the HTML in a text is sanitized against
this allow-list; `find_lost` tells an author of it before anything is made.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MATH_TAGS: Final = _names("""
    math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup
    munder mover munderover mmultiscripts mprescripts mtable mtr mtd menclose
""")
# Without h1 and h2, which are the titles of the lecture and of its slides.
TEXT_TAGS: Final = _names("""
    p br hr h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var em strong b i u s del ins sub sup
    small mark abbr cite q dfn time data span div a img table caption thead tbody tfoot tr th td colgroup col wbr
""")
_MATH_ATTRIBUTES: Final = _names("""
    display mathvariant stretchy fence separator accent accentunder lspace rspace minsize maxsize symmetric largeop
    movablelimits form linethickness displaystyle scriptlevel width height depth voffset mathsize notation columnalign
    rowspacing columnspacing columnlines rowlines columnspan rowspan
""")
GENERAL_ATTRIBUTES: Final = frozenset({"lang", "title"})
ATTRIBUTES: Final = {
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
    **{name: set(_MATH_ATTRIBUTES) for name in MATH_TAGS},
}
DROPPED: Final = {"script", "style", "iframe", "object", "embed", "noscript", "template", "title", "textarea", "svg"}
_LINK: Final = re.compile(r"(?:https?://[^\s]|mailto:[^\s]|#)", re.IGNORECASE)
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z")

_HINTS: Final = {
    "img": "write ![what it shows](folder/name.png), with a file of the project",
    "details": "to keep an answer back, use {quiz} or {solution}",
    "summary": "to keep an answer back, use {quiz} or {solution}",
    "h1": "start a part with # and a title",
    "h2": "start a slide with ## and a title",
    **dict.fromkeys(
        ("iframe", "object", "embed", "video", "audio", "source"),
        "pages load nothing: write :::{embed} with a file of the project or an address",
    ),
    **dict.fromkeys(("script", "style", "noscript"), "pages run no scripts and take no styles but their own"),
    **dict.fromkeys(("class", "style"), "how a page looks is up to its theme: leave it away"),
}
_OTHER_HINT: Final = "leave it away, or write < as &lt; if it is to be read"


def is_link(address: str) -> bool:
    """Return whether a link to `address` stays in a page: to the web, to a mail address, or to a place in the page."""
    return _LINK.match(address) is not None


def is_embedded_picture(address: str) -> bool:
    """Return whether an image with this address stays in a page: one that is a picture itself, as a data URL."""
    return _PICTURE.match(address) is not None


def find_lost(markup: str) -> Iterator[tuple[int, str, str]]:
    """Yield each tag and attribute of `markup` that would be taken away: its line, from 0, what it is, and a hint."""
    for place, what, hint in losses_in(markup):
        yield markup.count("\n", 0, place), what, hint


def losses_in(markup: str) -> Iterator[tuple[int, str, str]]:
    """Yield what `find_lost` does, with the place of the tag in `markup` instead of its line."""
    finder = _LossFinder()
    finder.feed(markup)
    if (rest := finder.rawdata).startswith("<") and len(rest) > 1 and (rest[1].isalpha() or rest[1] in "/!?"):
        name = rest.split()[0]
        finder.lost.append((*finder.getpos(), f"the unfinished tag '{name}'", "end it with >"))
    finder.close()
    for line, column, what, hint in finder.lost:
        yield offset_of(markup, line, column), what, hint


def offset_of(markup: str, line: int, column: int) -> int:
    """Return the offset in `markup` of a place as HTMLParser gives it: the line from 1, the column from 0."""
    return sum(len(text) + 1 for text in markup.split("\n")[: line - 1]) + column


class _Reader(HTMLParser):
    """Python's parser, which by itself fails on a section such as `<![a]>`, of a kind that HTML does not have."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002, ARG002 - the method's own
        """Read a section up to the next `>`; return where it ends, -1 if it does not."""
        end = self.rawdata.find(">", i)
        if end >= 0:
            self.unknown_decl(self.rawdata[i + 3 : end])
        return end + 1 if end >= 0 else -1


class _LossFinder(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.lost: list[tuple[int, int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TEXT_TAGS | MATH_TAGS or tag == "img":  # a raw image is never embedded, so it shows nothing
            self.add(f"<{tag}>", tag)
            return
        for name, value in attrs:
            if name == "href" and tag == "a" and not is_link(value or ""):
                self.add(f"the link to '{value or ''}'", "href")
            elif name not in ATTRIBUTES.get(tag, set()) | GENERAL_ATTRIBUTES:
                self.add(f"'{name}' of <{tag}>", name)

    def handle_decl(self, decl: str) -> None:
        self.add(f"<!{decl}>", "!")

    def handle_pi(self, data: str) -> None:
        self.add(f"<?{data}>", "?")

    def unknown_decl(self, data: str) -> None:
        self.add(f"<![{data}>", "!")

    def add(self, what: str, name: str) -> None:
        self.lost.append((*self.getpos(), what, _HINTS.get(name, _OTHER_HINT)))


# Tags that are not closed, or not where they belong. A browser mends them by guessing: the rest of a page gets bold.

VOID: Final = frozenset({"br", "hr", "img", "wbr", "col"})
SELF_CLOSED: Final = _names("p li dt dd td th tr thead tbody tfoot caption colgroup")  # by whatever comes next
IN_TABLE: Final = _names("td th tr thead tbody tfoot caption colgroup col")
Place = tuple[int, int]  # a line, from 0, and a column, from 1
Misplaced = tuple[Place, str, str]  # a place, the problem, and a hint


class OpenTags:
    """The tags that are open at a place in a text; `in_table`: whether a table is open around it."""

    def __init__(self, *, in_table: bool = False) -> None:
        self.in_table = in_table
        self.tags: list[tuple[str, Place]] = []

    @property
    def has_table(self) -> bool:
        """Whether a table is open here."""
        return self.in_table or any(name == "table" for name, _ in self.tags)

    def read(self, markup: str, locate: Callable[[int], Place]) -> Iterator[Misplaced]:
        """Open and close the tags of `markup`, and yield those that cannot stand there.

        locate: returns the place of an offset in `markup`.
        """
        finder = _TagFinder()
        finder.feed(markup)
        for name, mark, (line, column) in finder.tags:
            place = locate(offset_of(markup, line, column))
            yield from self.close(name, place) if mark == "/" else self.open(name, place, is_short=mark == "/>")

    def open(self, name: str, place: Place, *, is_short: bool) -> Iterator[Misplaced]:
        """Open a tag; yield it if it is a part of a table outside of any, or `<b/>`, which closes nothing."""
        if name in IN_TABLE and not self.has_table:
            yield place, f"<{name}> stands in no table", "put <table> and </table> around the rows, or leave it away"
        elif is_short and name in TEXT_TAGS - VOID:
            yield place, f"<{name}/> is never closed", f"write <{name}>…</{name}>"
        elif name in TEXT_TAGS | MATH_TAGS and name not in VOID and not is_short:
            self.tags.append((name, place))

    def close(self, name: str, place: Place) -> Iterator[Misplaced]:
        """Close a tag, and what is open inside it; yield that, or the tag itself if it closes nothing."""
        if name not in (opened for opened, _ in self.tags):
            if name in TEXT_TAGS | MATH_TAGS:
                hint = "leave it away, or open it in the same paragraph, list or quote"
                yield place, f"</{name}> closes nothing", hint
            return
        at = max(number for number, (opened, _) in enumerate(self.tags) if opened == name)
        inside, self.tags = self.tags[at + 1 :], self.tags[:at]
        yield from _never_closed(inside)

    def unclosed(self) -> Iterator[Misplaced]:
        """Yield the tags that are still open at the end of the paragraph, list, quote or text that they are in."""
        yield from _never_closed(self.tags)


def _never_closed(tags: list[tuple[str, Place]]) -> Iterator[Misplaced]:
    for name, place in tags:
        if name not in SELF_CLOSED:
            hint = rf"end it with </{name}> in the same paragraph, list or text, or write \<{name}> if it is to be read"
            yield place, f"<{name}> is never closed", hint


class _TagFinder(_Reader):
    """Finds the tags of a piece of HTML: the name of each, `/` before one that closes, `/>` behind one like `<b/>`."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, str, tuple[int, int]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the method's own
        self.tags.append((tag, "", self.getpos()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the method's own
        self.tags.append((tag, "/>", self.getpos()))

    def unknown_decl(self, data: str) -> None:
        """Pass over a section: it is told as one that pages cannot have."""

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((tag, "/", self.getpos()))
