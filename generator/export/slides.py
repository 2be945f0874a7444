"""The deck: one HTML file with reveal.js, fonts, pictures and films in it, for the lecture hall and off line."""

from pathlib import Path

from markupsafe import Markup
from nbformat import NotebookNode
from traitlets import Unicode

from generator.export.dress import Dress, make_dress, read_template
from generator.export.exporter import PageExporter, Resources, export_page
from generator.export.palette import deck_palette
from generator.export.picture import Assets
from generator.export.presenter import printed_styles, read_presenter
from generator.export.typeface import font_faces

FILE_NAME = "slides.html"
LABEL = "Slides"
WIDTH, HEIGHT = 1280, 720

STYLES = ("shared/text.css", "shared/code.css", "slides/deck.css", "slides/layout.css", "slides/blocks.css",
           "slides/films.css", "slides/print.css")  # fmt: skip
_SCRIPTS = ("shared/films.js", "slides/films.js", "slides/lines.js", "slides/deck.js")


class SlidesExporter(PageExporter):
    """A lecture notebook as a reveal.js deck."""

    audience = "slides"
    template_name = Unicode("slides")

    def dress(self, body: Markup, resources: Resources) -> Dress:
        """Return reveal.js and our theme; the policy lets in the speaker view and print styles too."""
        lectern = resources["lectern"]
        presenter = read_presenter(lectern["project"])
        palette = deck_palette(lectern["outline"].front.get("theme", "light"))
        own = font_faces(str(body)) + palette + read_template(*STYLES)
        return make_dress(
            [presenter.styles + own],
            [*presenter.scripts, read_template(*_SCRIPTS)],
            bare_styles=[read_template("slides/bare.css")],
            allowed=[*presenter.view_scripts, *presenter.view_styles, *printed_styles(WIDTH, HEIGHT)],
            extra=presenter.directives,
        )


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:
    """Return the deck as one HTML file; `project` is the folder that holds node_modules. Raises PageError."""
    return export_page(SlidesExporter, notebook, assets, project)
