"""The deck: one HTML file with reveal.js, fonts, pictures and films in it, for the lecture hall and off line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from traitlets import Unicode

from generator.document.tree import Block
from generator.html.exporter import PageExporter, Resources, export_page
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import Dress, deck_palette, font_faces, make_dress, read_template
from generator.html.reveal import printed_styles, read_presenter
from generator.theme import SHAPES

FILE_NAME = "slides.html"
LABEL = "Slides"

STYLES = ("shared/text.css", "shared/code.css", "slides/deck.css", "slides/layout.css", "slides/blocks.css",
           "slides/films.css", "slides/print.css")  # fmt: skip
_SCRIPTS = ("shared/films.js", "slides/films.js", "slides/lines.js", "slides/deck.js")


class SlidesExporter(PageExporter):
    """A lecture notebook as a reveal.js deck."""

    audience = "slides"
    template_name = Unicode("slides")

    def add_outline(self, notebook: NotebookNode, lectern: Mapping[str, Any]) -> dict[str, Any]:
        """Return `lectern` with the outline and the shape of the slides."""
        added = super().add_outline(notebook, lectern)
        front = added["outline"].front
        self.shape = SHAPES[front.get("aspect", "16:9")]
        self.theme = front.get("theme", "light")
        return {**added, "shape": self.shape}

    def picture(self, block: Block, assets: Assets) -> Picture:
        """Return a figure in the deck's colors, with the room that a slide has for it."""
        return read_picture(block, assets, theme=self.theme, room=self.shape.room)

    def is_linked(self, block: Block) -> bool:
        """Whether what a block mentions are links: not in notes, which stand in a window of their own."""
        return block.kind != "notes"

    def dress(self, body: Markup, resources: Resources) -> Dress:
        """Return reveal.js and our theme; the policy lets in the speaker view and print styles too."""
        lectern = resources["lectern"]
        presenter = read_presenter(lectern["project"])
        palette = deck_palette(self.theme) + self.shape.rules
        own = font_faces(str(body)) + palette + read_template(*STYLES)
        size = (self.shape.width, self.shape.height)
        return make_dress(
            [presenter.styles + own],
            [*presenter.scripts, read_template(*_SCRIPTS)],
            bare_styles=[read_template("slides/bare.css")],
            allowed=[*presenter.view_scripts, *presenter.view_styles, *printed_styles(*size)],
            extra=presenter.directives,
        )


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:
    """Return the deck as one HTML file; `project` is the folder that holds node_modules. Raises PageError."""
    return export_page(SlidesExporter, notebook, assets, project)
