"""Reads a figure's files for pages: the still, the panels of its filmstrip, its film, and single frames of the film.

SVG is embedded in the page (`inline`) or in an `<img>` as a data address (`data_uri`), so that a page loads nothing.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from markupsafe import Markup

from generator.document.tree import PageBlock, asset_name
from generator.errors import PageError
from generator.html.shared_images import share_images
from generator.html.varied import VariedPicture, read_varied
from generator.theme import NARROW_WIDTH, WIDE
from generator.words import say

FOREIGN = ' lang="en" dir="ltr"'  # of an element in English on a page of another language

# Bytes to percent-encode, in an address or in an attribute. The percent sign is first: encoding the others adds more.
_QUOTED = [bytes([code]) for code in b"% \"<>#&'[]\\^`{|}"]
_NOT_PRINTABLE = re.compile(rb"[^!-~]")
_SUM = re.compile(r"\S+(?: [+−×÷=] (?:[a-z]+ )?\S+)+")  # such as 3 × −1 + 3 × 0 = −3, or 9 + 2 + bias 1 = 12
_MAX_UNBROKEN = 28  # characters that fit on one line under the narrowest panel
_NO_BREAK = "\u00a0"
_ID_PREFIX = "\ue000"  # begins each id in an SVG for pages
INLINE_CACHE_SIZE = 2_000  # drawings, films, sentences; three pages use each, twice if it has a film
Assets = Mapping[str, Mapping[str, bytes]]

# The space for a figure alone on its slide, under a title of one line, and the height of a caption, in CSS pixels.
ROOM_WIDTH, ROOM_HEIGHT, CAPTION_HEIGHT = WIDE.room, 568, 34
MOST_GROWTH = 1.6  # times: a drawing of a few large shapes is not made larger than that
SNAP = 2  # pixels of a drawing: how far Matplotlib moves what it paints to whole pixels, and the faint end of a letter


@dataclass(frozen=True, slots=True)
class Panel:
    """One step of a filmstrip: the sentence that says what happens, and a drawing, if there is one.

    `drawing` is SVG to embed in a page, `svg` the same picture as a file of its own.
    """

    sentence: str
    drawing: str = ""
    svg: bytes = b""

    @property
    def short(self) -> str:
        """Return the sentence without a calculation that the drawing shows; empty if there is nothing to leave out."""
        return shorten_sentence(self.sentence, self.drawing) if self.drawing else ""

    @property
    def address(self) -> str:
        """Return the drawing as an address for an `<img>`."""
        return data_uri(self.svg)


@dataclass(frozen=True, slots=True)
class Picture:
    """What templates need to show a figure: `still` is SVG to embed in a page, `svg` the same picture as a file.

    film:  an mp4 in base64, empty if no film is to be shown.
    stops: what the film shows at each mark, as WebP: what has changed since the mark before, the rest is transparent.
    marks: the times in seconds at which the film stops, the first of them that of its opening picture.
    room:  the width of a figure alone on its slide, in CSS pixels.
    before: what stands in its place beside its question, as SVG to embed, and as a file; empty without one.
    narrow: the same drawn for a phone, as SVG to embed; empty if the kind has no such drawing.
    varied: of a figure that varies, all of its states; `still` then shows the first, out of their bank.
    ink:   the left, top, right and bottom of what the drawing shows, in its pixels.
    has_own_alt: whether `alt` is the author's, and so in the language of the page. is_foreign: whether what the kind
    says is in English, and the page is not.
    """

    id: str
    number: int | str
    kind: str
    alt: str
    caption: str
    width: int
    height: int
    view: str
    still: str
    svg: bytes
    panels: tuple[Panel, ...]
    film: str
    marks: tuple[float, ...]
    room: int = ROOM_WIDTH
    before: str = ""
    before_svg: bytes = b""
    stops: tuple[bytes, ...] = ()
    narrow: str = ""
    varied: VariedPicture | None = None
    ink: tuple[int, int, int, int] = (0, 0, 0, 0)
    has_own_alt: bool = False
    is_foreign: bool = False

    @property
    def foreign(self) -> Markup:
        """Return the attributes of an element with what the kind says, in English on a page of another language."""
        return Markup(FOREIGN if self.is_foreign else "")  # noqa: S704 - our own

    @property
    def foreign_alt(self) -> Markup:
        """Return the same for an element whose label is the text alternative."""
        return Markup("") if self.has_own_alt else self.foreign

    @property
    def address(self) -> str:
        """Return the still as an address for an `<img>`."""
        return data_uri(self.svg)

    @property
    def layers(self) -> tuple[Markup, ...]:
        """Return the pictures of the film's marks in base64."""
        return tuple(map(in_base64, self.stops))

    @property
    def width_per_text(self) -> float:
        """Return how many pixels wide the still is for each pixel of its smallest text; 0 if it has no text."""
        smallest = self.varied.smallest if self.varied else smallest_text(self.still)
        return self.width / smallest if smallest else 0.0

    @property
    def narrow_per_text(self) -> float:
        """Return the same for the narrow drawing; 0 without one."""
        smallest = smallest_text(self.narrow)
        return 100 * NARROW_WIDTH / smallest if smallest else 0.0

    @property
    def has_slack(self) -> bool:
        """Return whether the figure, alone on its slide, has room for a caption without being made smaller."""
        _, _, width, height = self.frame
        return height * min(MOST_GROWTH, self.room / width) <= ROOM_HEIGHT - CAPTION_HEIGHT

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """Return the left, the top, the width and the height of what the drawing shows, in its pixels.

        Matplotlib paints texts and lines at whole pixels, a browser where they are: there is room for that but at the
        left, where all that a slide shows begins at one edge.
        """
        left, top, right, bottom = self.ink
        top, right, bottom = max(0, top - SNAP), min(self.width, right + SNAP), min(self.height, bottom + SNAP)
        return left, top, right - left, bottom - top

    def cropped(self) -> "Picture":
        """Return the picture with the margins of its drawings cut off, so that it stands at the edge of the text.

        Their own size is then the largest in which they are shown; a page shrinks them to its room.
        """
        return replace(self, still=crop(self.still, self.frame), before=crop(self.before, self.frame))

    def film_rule(self) -> str:
        """Return the rule that says where the film's frame lies around what the still shows, in the still's pixels."""
        names = zip(("x", "y", "w", "h"), self.frame, strict=True)
        told = "".join(f"--{name}: {number}; " for name, number in names)
        return f'[data-figure="{self.id}"] > .stage {{ {told}--wide: {self.width}; --tall: {self.height}; }}\n'

    def recallable(self) -> "Picture":
        """Return the picture with a name for its still, by which the page can draw it once more elsewhere."""
        head, _, drawing = self.still.partition(">")
        named = f'{head}><g id="{self.id}-drawing">{drawing.removesuffix("</svg>")}</g></svg>'
        return replace(self, still=Markup(named))  # noqa: S704 - the same drawing

    @property
    def presses(self) -> int:
        """Return how many presses of the clicker play the whole film: one for each mark after the first."""
        return max(0, len(self.marks) - 1) if self.film else 0

    def says(self, mark: int) -> str:
        """Return the sentence of the step that ends at mark number `mark`.

        The opening picture (mark 0) has a sentence only if there are as many sentences as marks.
        """
        at = mark - (len(self.marks) - len(self.panels))
        return self.panels[at].sentence if 0 <= at < len(self.panels) else ""


def read_picture(
    block: PageBlock,
    assets: Assets,
    *,
    theme: str = "light",
    room: int = ROOM_WIDTH,
    film: str = "film.mp4",
    form: str = "inline",
) -> Picture:
    """Return the picture of a figure block; raises PageError if its still is not among the assets.

    theme: the name of its color theme; room: the width of a figure alone on its slide, in CSS pixels; film: the file
    name of the film to show. form: of its drawings; `adaptive` ones follow the colors of the page, where there are any.
    """
    cell = block.cell
    files = assets.get(asset_name(cell.id, theme), {})
    if not {"still.svg", "still.inline.svg"} <= files.keys():
        raise PageError(f"figure '{cell.id}' has no picture", block.where, "build the lecture again")
    marks = tuple(cell.marks or ())
    name = f"f{cell.number}".replace(".", "-")
    varied = read_varied(cell, assets, theme, form)
    narrow = (
        inline(files["narrow.adaptive.svg"], f"{name}-narrow", alt=cell.alt)
        if "narrow.adaptive.svg" in files and form == "adaptive"
        else ""
    )
    shows_film = cell.view == "film" and len(marks) > 1 and film in files
    still = show_state(varied, cell) if varied else inline(_drawing(files, "still", form), name, alt=cell.alt)
    asked = cell.before and inline(files["question.inline.svg"], f"{name}-before", alt=cell.before["alt"])
    return Picture(
        id=cell.id,
        number=cell.number,
        kind=cell.kind,
        alt=cell.alt,
        caption=cell.caption,
        width=cell.width,
        height=cell.height,
        view=cell.view,
        still=named_in(still, is_foreign=cell.is_foreign and not cell.has_own_alt),
        svg=files["still.svg"],
        panels=_panels(name, cell.steps, files, form),
        marks=marks,
        film=in_base64(files[film]) if shows_film else "",
        room=room,
        before=named_in(asked, is_foreign=cell.is_foreign) if asked else "",
        before_svg=files["question.svg"] if cell.before else b"",
        narrow=named_in(
            narrow.replace("drawing still", "drawing narrow", 1), is_foreign=cell.is_foreign and not cell.has_own_alt
        ),
        stops=tuple(files[f"mark_{at:02}.webp"] for at in range(len(marks))) if shows_film else (),
        varied=varied,
        ink=(0, 0, cell.width, cell.height) if varied else tuple(cell.ink),
        has_own_alt=cell.has_own_alt,
        is_foreign=cell.is_foreign,
    )


def named_in(drawing: str, *, is_foreign: bool) -> Markup:
    """Return an SVG that says in which language its label is, if that is not the page's."""
    marks = FOREIGN if is_foreign else ""
    return Markup(str(drawing).replace("<svg", f"<svg{marks}", 1))  # noqa: S704 - the same drawing


def show_state(varied: VariedPicture, cell: Any) -> Markup:
    """Return the SVG in which the first state of a figure is seen, as large as the largest; a script shows others."""
    state = varied.states[0]
    return Markup(
        '<svg class="drawing still" role="img" aria-label="{}" viewBox="0 0 {} {}" data-smallest="{:g}">'
        '<use href="#{}" x="{:g}" y="{:g}"/></svg>'
    ).format(state.alt, cell.width, cell.height, varied.smallest, state.id, state.x, state.y)


@cache
def data_uri(svg: bytes) -> str:
    """Return an SVG as a data address, which an `<img>` loads without a request.

    Same result as `urllib.parse.quote`, in a hundredth of the time: pictures are most of a page.
    """
    for character in _QUOTED:
        svg = svg.replace(character, b"%%%02X" % ord(character))
    address = _NOT_PRINTABLE.sub(lambda match: b"%%%02X" % match[0][0], svg).decode("ascii")
    return Markup("data:image/svg+xml," + address)  # noqa: S704 - nothing is left in it that ends an attribute


def png_uri(png: bytes) -> str:
    """Return a PNG as a data address, which an `<img>` loads without a request."""
    return f"data:image/png;base64,{b64encode(png).decode()}"


@lru_cache(INLINE_CACHE_SIZE)
def inline(svg: bytes, name: str, *, alt: str = "") -> Markup:
    """Return an SVG to embed in a page; `name` makes its ids unique there.

    Without `alt` it is hidden from screen readers: a sentence beside it says the same.
    """
    labeled = Markup('class="drawing still" role="img" aria-label="{}"').format(alt)
    hidden = Markup('class="drawing" aria-hidden="true"')
    drawing = share_images(_used_alone(svg.decode("utf-8")).replace(_ID_PREFIX, f"{name}-"), name).removeprefix("<svg")
    return Markup("<svg {}{}").format(labeled if alt else hidden, Markup(drawing))  # noqa: S704 - all text is escaped in it


_VIEW = re.compile(r'viewBox="[^"]*"')


def crop(drawing: str, frame: tuple[int, int, int, int]) -> Markup:
    """Return an SVG that shows only what lies in a frame: its left, top, width and height in the drawing's pixels."""
    left, top, width, height = frame
    size = f'width="{MOST_GROWTH * width:g}" height="{MOST_GROWTH * height:g}"'
    box = f'viewBox="{left} {top} {width} {height}" {size}'
    return Markup(_VIEW.sub(box, drawing, count=1))  # noqa: S704 - the same drawing


_DEFINED = re.compile(rf'<defs><path id="({_ID_PREFIX}[^"]*)"[^>]*/></defs>')


def _used_alone(drawing: str) -> str:
    """Return an SVG without the outlines that it defines and nothing in it shows."""
    return _DEFINED.sub(lambda found: found[0] if f"#{found[1]}" in drawing else "", drawing)


_TEXT_SIZE = re.compile(r'font-size="([\d.]+)"')


@lru_cache(INLINE_CACHE_SIZE)
def smallest_text(drawing: str) -> float:
    """Return the size of the smallest text of an SVG for pages, in its own pixels; 0 if it has none."""
    return min((size for found in _TEXT_SIZE.findall(drawing) if (size := float(found))), default=0.0)


@lru_cache(INLINE_CACHE_SIZE)
def in_base64(film: bytes) -> Markup:
    """Return a film, or a picture, for an element of the page that a script reads."""
    return Markup(b64encode(film).decode())  # noqa: S704 - letters and digits


def _panels(name: str, sentences: list[str], files: Mapping[str, bytes], form: str) -> tuple[Panel, ...]:
    numbered = enumerate(map(keep_together, sentences))
    return tuple(_panel(f"{name}-{at}", sentence, files, f"step_{at:02d}", form) for at, sentence in numbered)


def _panel(name: str, sentence: str, files: Mapping[str, bytes], stem: str, form: str) -> Panel:
    if f"{stem}.inline.svg" not in files:
        return Panel(sentence)
    return Panel(sentence, inline(_drawing(files, stem, form), name), files[f"{stem}.svg"])


def _drawing(files: Mapping[str, bytes], stem: str, form: str) -> bytes:
    """Return a drawing for pages in this form, or as it was drawn if it was drawn in one theme alone."""
    return files.get(f"{stem}.{form}.svg") or files[f"{stem}.inline.svg"]


@lru_cache(INLINE_CACHE_SIZE)
def keep_together(sentence: str) -> str:
    """Return a sentence in which lines do not break inside a product, after a sign, or inside a short sum.

    Every space at which a line must not break becomes a no-break space. A sum too long for one line under a panel may
    break before a +, − or =.
    """
    return _SUM.sub(lambda match: _join_terms(match[0]), sentence)


def _join_terms(terms: str) -> str:
    if len(terms) <= _MAX_UNBROKEN:
        return terms.replace(" ", _NO_BREAK)
    return re.sub(r"([+−=]) ", rf"\1{_NO_BREAK}", re.sub(r" ([×÷]) ", rf"{_NO_BREAK}\1{_NO_BREAK}", terms))


_CALCULATION = re.compile(
    r"(?P<head>[^:]+): (?P<terms>[^:;]*(?:[+−×÷]|max\(|mean\()[^:;]*?) (?P<sign>[=≈]) (?P<result>\S+)\."
)
_DRAWN_TEXT = re.compile(r"<text(?P<attributes>[^>]*)>(?P<letters>[^<]*)</text>")
_SPREAD = re.compile(r' x="[^" ]+ ')  # a text whose letters each have a place: they are texts of their own
_NUMBER = re.compile(r"−?\d[\d.,]*\d|−?\d")


@lru_cache(INLINE_CACHE_SIZE)
def shorten_sentence(sentence: str, drawing: str) -> str:
    """Return a step's sentence without its calculation, if all numbers of that are texts of the `drawing`; else "".

    `Output 1: 2 × 3 + 1 = 7.` becomes `Output 1: 7.`
    """
    match = _CALCULATION.fullmatch(sentence.replace(_NO_BREAK, " "))
    if match is None:
        return ""
    drawn = Counter(_NUMBER.findall(" ".join(_read_texts(drawing))))
    if Counter(_NUMBER.findall(f"{match['terms']} {match['result']}")) - drawn:
        return ""
    return f"{match['head']}: {say('about ') if match['sign'] == '≈' else ''}{match['result']}."


def _read_texts(drawing: str) -> Iterator[str]:
    """Yield the texts of a drawing."""
    for text in _DRAWN_TEXT.finditer(drawing):
        yield from text["letters"] if _SPREAD.search(text["attributes"]) else [text["letters"]]


# Single pictures of a film, for formats that cannot play it.


@lru_cache(maxsize=64)
def read_stops(layers: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return what a film shows at each mark, each as PNG; `layers` hold what has changed since the mark before."""
    from PIL import Image

    shown, stops = None, []
    for layer in layers:
        changed = Image.open(BytesIO(layer)).convert("RGBA")
        shown = changed if shown is None else Image.alpha_composite(shown, changed)
        stops.append(encode_png(shown.convert("RGB")))
    return tuple(stops)


def encode_png(picture: Any) -> bytes:
    """Return a picture of Pillow's as PNG."""
    stream = BytesIO()
    picture.save(stream, "PNG", optimize=False)
    return stream.getvalue()
