"""The deck as a PDF: a page for each state of a slide, and a film as its frame at each mark."""

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from traitlets import Unicode, default

from generator.document.format import Format
from generator.document.tree import Document, PageBlock
from generator.formats.slides import ROOMS, STYLES, SlidesExporter
from generator.html.exporter import Resources, export_page, template_paths
from generator.html.figure import Assets, Picture, png_uri, read_stops
from generator.html.head import PageHead, deck_palette, font_faces, ground_rules, hyphens, make_head, read_template
from generator.html.own_looks import with_own_fonts
from generator.html.pdf import find_browser, print_page
from generator.html.reveal import read_reveal

_STATE: Final = re.compile(rb'<section |<[a-z]+ [^>]*class="(?:[^"]* )?fragment[" ]')


class PrintedSlidesExporter(SlidesExporter):
    """A lecture notebook as a deck without reveal.js: all states of its slides one below the other, one per page."""

    views = ("print", "slides")
    runs_widgets = False
    template_name = Unicode("print")

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return template_paths("print", "slides")

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates, without the speaker's notes."""
        variables = super().page_variables(document, project)
        return {**variables, "tree": variables["tree"].without_notes()}

    def picture(self, block: PageBlock, assets: Assets) -> Picture:
        """Return the picture of a figure block with frames instead of a film."""
        return print_picture(super().picture(block, assets))

    def head(self, body: Markup, resources: Resources) -> PageHead:
        """Return the deck's theme, and the script that lays out the pages before the document counts as loaded."""
        lectern = resources["lectern"]
        palette = deck_palette(self.theme) + self.shape.rules
        styles = read_reveal(lectern["project"]).reset + font_faces(str(body)) + palette
        own = read_template(*STYLES, ROOMS, "print/sheets.css")
        styles += with_own_fonts(own, self.looks, str(body)) + self.styles_of_blocks("slides.css")
        styles += self.own_styles() + hyphens()
        styles += self.styles_of_widgets()
        styles += ground_rules(lectern["tree"].all_slides(), with_images=True) + self.places_of_films()
        return make_head([styles], [read_template("slides/lines.js", "slides/grow.js", "print/sheets.js")])


@dataclass(frozen=True, slots=True)
class PrintedPicture(Picture):
    """A picture for paper: instead of a film it has `frames`, the addresses of the frames at which the film stops."""

    frames: tuple[str, ...] = ()


def print_picture(picture: Picture) -> PrintedPicture:
    """Return the picture with its film replaced by frames."""
    known = {field.name: getattr(picture, field.name) for field in fields(picture)}
    return PrintedPicture(**{**known, "film": "", "frames": tuple(map(png_uri, read_stops(picture.stops)))})


def require() -> None:
    """Raise PageError if there is no browser that can print."""
    find_browser()


def count_states(deck: bytes) -> int:
    """Return the number of states of a deck: one for each slide, and one more for each fragment."""
    return len(_STATE.findall(deck[deck.index(b'<main class="slides"') : deck.index(b"</main>")]))


def export(document: Document, project: Path) -> bytes:
    """Return the deck as a PDF with one page, as large as a slide, for each state. Raises PageError."""
    deck = export_page(PrintedSlidesExporter, document, project)
    return print_page(deck, pages=count_states(deck))


FORMAT = Format("slides.pdf", export, label="Slides, PDF", option="pdf", require=require, published="slides.pdf")
