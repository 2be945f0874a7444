"""The handout: the lecture as an article to read and to print, complete without scripts and off line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from traitlets import Unicode

from generator.document.tree import Block
from generator.html.exporter import PageExporter, Resources, export_page
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import Dress, font_faces, handout_palette, make_dress, read_template

FILE_NAME = "handout.html"
LABEL = "Handout"

STYLES = ("shared/text.css", "shared/code.css", "handout/page.css", "handout/article.css", "handout/blocks.css",
           "handout/print.css")  # fmt: skip
SCRIPTS = ("shared/films.js", "handout/films.js")

_TABLE = re.compile(r"<table\b")
_TABLE_BOX = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table'
_LISTING_BOX = '<pre class="listing" tabindex="0" role="group" aria-label="Program text">'


class HandoutExporter(PageExporter):
    """A lecture notebook as an article."""

    audience = "handout"
    heading = 4
    template_name = Unicode("handout")

    def add_outline(self, notebook: NotebookNode, lectern: Mapping[str, Any]) -> dict[str, Any]:
        """Return `lectern` with the outline, less the slides that only list parts: the contents do so already."""
        added = super().add_outline(notebook, lectern)
        for part in added["outline"].parts:
            part.slides = [slide for slide in part.slides if not slide.is_list_of_parts]
        return added

    def picture(self, block: Block, assets: Assets) -> Picture:
        """Return a figure with the film that plays without a stop, which is smaller."""
        return read_picture(block, assets, film="film_plain.mp4")

    def frame(self, html: Markup) -> Markup:
        """Return HTML whose tables and listings scroll in boxes of their own, which the keyboard reaches."""
        boxed = _TABLE.sub(_TABLE_BOX, str(html)).replace("</table>", "</table></div>")
        return Markup(boxed.replace('<pre class="listing">', _LISTING_BOX))  # noqa: S704 - sanitised before

    def dress(self, body: Markup, resources: Resources) -> Dress:  # noqa: ARG002 - what a deck's dress depends on
        """Return the article's style sheet, and the script that loads films when they come near."""
        styles = font_faces(str(body)) + handout_palette() + read_template(*STYLES)
        return make_dress([styles], [read_template(*SCRIPTS)])


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:
    """Return the handout as one HTML file. Raises PageError."""
    return export_page(HandoutExporter, notebook, assets, project)
