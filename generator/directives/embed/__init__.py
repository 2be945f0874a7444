"""`{embed}`: a video, a sound, an animation or a PDF of the project; or an address on the web, as a card to click."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from generator.directives.embed.media import Poster, first_picture, medium_of, read_medium, read_poster
from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.included_files import IncludedFiles, file_of
from generator.plan.planner import Planner
from generator.words import say, say_number

WORDS = {"video": "Video", "audio": "Sound", "animation": "Animation", "document": "Document", "link": "On the web"}


@dataclass(frozen=True, slots=True)
class Embed(Block):
    """A file of the project, or an address on the web, with the `alt` text for who cannot see or hear it.

    poster: the project file with the picture that stands for it.
    """

    target: str
    where: Where
    alt: str
    caption: Text
    poster: Text

    @property
    def is_link(self) -> bool:
        """Return whether it is on the web."""
        return self.target.lower().startswith(("https://", "http://"))

    def texts(self) -> Sequence[Text]:
        """Return the caption."""
        return (self.caption,)

    def plan(self, planner: Planner) -> None:
        """Read the files, so that what is wrong with them is told before anything is made."""
        self.read_files(planner.files)

    def read_files(self, files: IncludedFiles) -> tuple[bytes, Poster | None]:
        """Return the content of the file, empty for an address, and its poster, if there is one."""
        poster = read_poster(self.poster.source, files, self.poster.where) if self.poster.source else None
        if self.is_link:
            return b"", poster
        name = file_of(self.target, files.project)
        content = read_medium(name, files, self.where)
        if medium_of(name, self.where).word in ("video", "animation"):
            first = first_picture(name, content, self.where)
            poster = Poster(poster.jpeg, first.width, first.height) if poster else first
        return content, poster

    def compose(self, composer: Composer) -> None:
        """Append a cell for the file, which is added to the document's assets with its poster."""
        content, poster = self.read_files(composer.plan.files)
        medium = None if self.is_link else medium_of(self.target, self.where)
        count = sum(asset.startswith("media-") for asset in composer.document.assets) + 1
        name = f"media-{composer.lecture.infix}{count}"
        composer.document.assets[name] = {"media": content} | ({"poster.jpeg": poster.jpeg} if poster else {})
        cell = EmbedCell(
            name,
            medium.word if medium else "link",
            self.target if self.is_link else file_of(self.target, composer.plan.files.project),
            medium.mime if medium else "",
            self.alt,
            len(content),
            *((poster.width, poster.height) if poster else (0, 0)),
            caption=composer.fill(self.caption),
        )
        composer.add_cell("embed", cell.words, self.where, cell)


@dataclass(frozen=True, slots=True)
class EmbedCell(Cell):
    """What the cell of something embedded says.

    id: of its files among the assets. medium: video, audio, animation, document or link. target: the file's path, or
    the address. size: in bytes. width, height: of the video, the animation or the poster in pixels; 0 without one.
    """

    id: str
    medium: str
    target: str
    mime: str
    alt: str
    size: int
    width: int
    height: int
    caption: str = markdown_field()

    @property
    def is_text(self) -> bool:
        """Return that the source is only the words for the file."""
        return False

    @property
    def fills_room(self) -> bool:
        """Return whether it is a picture, which takes the room that there is."""
        return self.medium in ("video", "animation")

    @property
    def label(self) -> str:
        """Return what it is, in a word."""
        return say(WORDS[self.medium])

    @property
    def name(self) -> str:
        """Return the name of the file, or of the site that an address leads to."""
        return urlsplit(self.target).hostname or "" if self.medium == "link" else Path(self.target).name

    @property
    def megabytes(self) -> str:
        """Return the size of the file for readers."""
        return say_number(f"{max(0.1, self.size / 1e6):.1f} MB")

    @property
    def words(self) -> str:
        """Return what stands for it where it cannot be shown."""
        return f"{self.label}: {self.alt or self.name}"


CELL = EmbedCell


def read(directive: Directive, _: ReadBlocks) -> Embed:
    """Return what is to be embedded; raise SourceError for a file without words for who cannot see or hear it."""
    directive.allow("alt", "poster", "caption")
    directive = directive.without_comments()
    if not directive.argument:
        hint = "write for example :::{embed} lectures/media/pendulum.mp4"
        raise SourceError("'{embed}' needs a file or an address", directive.where, hint)
    caption = directive.caption("file")
    poster = Text(directive.option("poster"), directive.place_of("poster"))
    found = Embed(directive.argument, directive.where, directive.words("alt"), caption, poster)
    check_words(found)
    return found


def is_address(text: str) -> bool:
    """Return whether a text is an address on the web, with a site and without spaces and quotes."""
    try:
        return bool(urlsplit(text).hostname) and not re.search(r'[\s<>"]', text)
    except ValueError:  # of a site that begins with a bracket, and is no number
        return False


def check_words(found: Embed) -> None:
    """Raise SourceError for a file that has no words for who cannot see or hear it, and for an address without any.

    An address that leads nowhere is an error too.
    """
    if found.is_link and not is_address(found.target):
        hint = "write https://, the site and the path, with %20 for a space"
        raise SourceError(f"'{found.target}' is no address", found.where, hint)
    if found.is_link and not (found.caption.source or found.alt):
        hint = "write below it what is there, in a sentence"
        raise SourceError(f"'{found.target}' has no words", found.where, hint)
    if not found.is_link:
        word = medium_of(found.target, found.where).word
        if not found.alt:
            hint = "add :alt: with what it shows or says"
            raise SourceError(f"the {word} has no words for who cannot see or hear it", found.where, hint)
