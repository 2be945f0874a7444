"""The handout: the lecture as an article to read and to print, complete without scripts and off line."""

from pathlib import Path

from markupsafe import Markup
from nbformat import NotebookNode
from traitlets import Unicode

from generator.export.dress import Dress, make_dress, read_template
from generator.export.exporter import PageExporter, Resources, export_page
from generator.export.palette import handout_palette
from generator.export.picture import Assets
from generator.export.typeface import font_faces

FILE_NAME = "handout.html"

_STYLES = ("shared/text.css", "shared/code.css", "handout/page.css", "handout/article.css", "handout/blocks.css",
           "handout/print.css")  # fmt: skip
_SCRIPTS = ("shared/films.js", "handout/films.js")


class HandoutExporter(PageExporter):
    """A lecture notebook as an article."""

    audience = "handout"
    heading = 4
    template_name = Unicode("handout")

    def dress(self, body: Markup, resources: Resources) -> Dress:  # noqa: ARG002 - what a deck's dress depends on
        """Return the article's style sheet, and the script that loads films when they come near."""
        styles = font_faces(str(body)) + handout_palette() + read_template(*_STYLES)
        return make_dress([styles], [read_template(*_SCRIPTS)])


def export(notebook: NotebookNode, assets: Assets, project: Path) -> bytes:
    """Return the handout as one HTML file. Raises PageError."""
    return export_page(HandoutExporter, notebook, assets, project)
