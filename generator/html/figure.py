"""A figure's files and words, as a page shows them: drawings, the panels of its filmstrip, its film."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Final

from markupsafe import Markup

from generator.document.tree import PageBlock, asset_name
from generator.errors import PageError

# What does not stand for itself in an address, or in an attribute; the percent sign first, for the others bring it.
_QUOTED = [bytes([code]) for code in b"% \"<>#&'[]\\^`{|}"]
_OTHERS = re.compile(rb"[^!-~]")
_SUM = re.compile(r"\S+(?: [+−×÷=] (?:[a-z]+ )?\S+)+")  # 3 × −1 + 3 × 0 = −3, and 9 + 2 + bias 1 = 12
_SHORT = 28  # characters that stand in one line under the narrowest panel
_NO_BREAK = "\u00a0"
_NAME = "\ue000"  # with which a name in an SVG for pages begins
DRAWINGS = 2_000  # that are kept: each is asked for by three pages, twice where it has a film
Assets = Mapping[str, Mapping[str, bytes]]

# The room for a lone figure under a one-line title, in CSS pixels, and the height that a caption takes of it.
ROOM_WIDTH, ROOM_HEIGHT, CAPTION_HEIGHT = 1240, 582, 34


@dataclass(frozen=True, slots=True)
class Panel:
    """One step of a filmstrip: a drawing (perhaps none) and the sentence that says what happens in it.

    `drawing` stands in the page, `svg` is the same picture on its own.
    """

    sentence: str
    drawing: str = ""
    svg: bytes = b""

    @property
    def address(self) -> str:
        """Return the picture as an address."""
        return data_uri(self.svg)


@dataclass(frozen=True, slots=True)
class Picture:
    """What templates need of a figure: `still` stands in the page, `svg` is the same picture on its own.

    `film` is base64, empty when there is none to show.
    """

    id: str
    number: int
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

    @property
    def address(self) -> str:
        """Return the still as an address."""
        return data_uri(self.svg)

    @property
    def has_slack(self) -> bool:
        """Whether a caption under the figure, alone on its slide, costs the figure no size."""
        return self.height * self.room / self.width <= ROOM_HEIGHT - CAPTION_HEIGHT

    @property
    def presses(self) -> int:
        """Return how often the clicker is pressed until the film has been played: one press a mark after the first."""
        return max(0, len(self.marks) - 1) if self.film else 0

    def says(self, mark: int) -> str:
        """Return the sentence of the step that ends at `mark`; the opening has one if one is to spare."""
        at = mark - (len(self.marks) - len(self.panels))
        return self.panels[at].sentence if 0 <= at < len(self.panels) else ""


def read_picture(
    block: PageBlock, assets: Assets, *, theme: str = "light", room: int = ROOM_WIDTH, film: str = "film.mp4"
) -> Picture:
    """Return the picture of a figure block; raises PageError when its still is not among the assets.

    theme: the colors it is wanted in; room: the width that a lone figure has, in CSS pixels; film: which of its films.
    """
    facts: Mapping[str, Any] = block.facts["figure"]
    files = assets.get(asset_name(facts["id"], theme), {})
    if not {"still.svg", "still.inline.svg"} <= files.keys():
        raise PageError(f"figure '{facts['id']}' has no picture", block.where, "build the lecture again")
    marks = tuple(facts.get("marks") or ())
    name = f"f{facts['number']}"
    shows_film = facts["view"] == "film" and len(marks) > 1 and film in files
    return Picture(
        id=facts["id"],
        number=facts["number"],
        kind=facts["kind"],
        alt=facts["alt"],
        caption=facts["caption"],
        width=facts["width"],
        height=facts["height"],
        view=facts["view"],
        still=inline(files["still.inline.svg"], name, alt=facts["alt"]),
        svg=files["still.svg"],
        panels=_panels(name, facts["steps"], files),
        marks=marks,
        film=Markup(b64encode(files[film]).decode()) if shows_film else "",  # noqa: S704 - letters and digits
        room=room,
    )


@cache
def data_uri(svg: bytes) -> str:
    """Return an SVG as an address that an `<img>` can load without a request.

    What `urllib.parse.quote` writes, in a hundredth of its time: pictures are most of a page.
    """
    for character in _QUOTED:
        svg = svg.replace(character, b"%%%02X" % ord(character))
    address = _OTHERS.sub(lambda match: b"%%%02X" % match[0][0], svg).decode("ascii")
    return Markup("data:image/svg+xml," + address)  # noqa: S704 - nothing is left in it that ends an attribute


def png_uri(png: bytes) -> str:
    """Return a PNG as an address that an `<img>` can load without a request."""
    return f"data:image/png;base64,{b64encode(png).decode()}"


@lru_cache(DRAWINGS)
def inline(svg: bytes, name: str, *, alt: str = "") -> Markup:
    """Return an SVG to stand in a page, its names made the page's own by `name`.

    Without words it is silent, beside a sentence that says the same.
    """
    seen = Markup('class="drawing still" role="img" aria-label="{}"').format(alt)
    unseen = Markup('class="drawing" aria-hidden="true"')
    drawing = svg.decode("utf-8").replace(_NAME, f"{name}-").removeprefix("<svg")
    return Markup("<svg {}{}").format(seen if alt else unseen, Markup(drawing))  # noqa: S704 - all text is escaped in it


def _panels(name: str, sentences: list[str], files: Mapping[str, bytes]) -> tuple[Panel, ...]:
    said = enumerate(map(keep_together, sentences))
    return tuple(_panel(f"{name}-{at}", sentence, files, f"step_{at:02d}") for at, sentence in said)


def _panel(name: str, sentence: str, files: Mapping[str, bytes], stem: str) -> Panel:
    if f"{stem}.inline.svg" not in files:
        return Panel(sentence)
    return Panel(sentence, inline(files[f"{stem}.inline.svg"], name), files[f"{stem}.svg"])


def keep_together(sentence: str) -> str:
    """Return a sentence in which no line breaks inside a product or behind a sign, and none inside a short sum."""
    return _SUM.sub(lambda match: _bind(match[0]), sentence)


def _bind(terms: str) -> str:
    if len(terms) <= _SHORT:
        return terms.replace(" ", _NO_BREAK)
    return re.sub(r"([+−=]) ", rf"\1{_NO_BREAK}", re.sub(r" ([×÷]) ", rf"{_NO_BREAK}\1{_NO_BREAK}", terms))


FRAME: Final = 1 / 30  # seconds; a mark may lie a little before the time of its frame


# Single pictures of a film, for what cannot play it; knows neither pages nor figures.


@lru_cache(maxsize=64)
def read_frames(film: bytes, times: Sequence[float]) -> tuple[bytes, ...]:
    """Return the pictures that `film` (an mp4) shows at `times` (seconds, rising), as PNG.

    A time after the end gives the last picture. Raises av.FFmpegError for bytes that are no film.
    """
    import av

    shown: list[Any] = []
    with av.open(BytesIO(film)) as container:
        last = None
        for frame in container.decode(video=0):
            while len(shown) < len(times) and last and frame.time > times[len(shown)] + FRAME / 2:
                shown.append(last)
            last = frame
            if len(shown) == len(times):
                break
        shown += [last] * (len(times) - len(shown))
    return tuple(encode(frame) for frame in shown)


def encode(frame: Any) -> bytes:
    """Return a frame as PNG."""
    stream = BytesIO()
    frame.to_image().save(stream, "PNG", optimize=False)
    return stream.getvalue()
