"""The handout: the lecture as an article to read or print; complete offline and without scripts."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from traitlets import Unicode

from generator.document.format import Format
from generator.document.tree import Document, PageBlock, PageSlide, PageTree, asset_name
from generator.html.exporter import PageExporter, Resources, export_page
from generator.html.figure import Assets, Picture, in_base64, read_picture
from generator.html.head import (
    ARTICLE_STYLES,
    PageHead,
    dark_drawings,
    font_faces,
    handout_palette,
    hyphens,
    make_head,
    read_template,
    squeeze_script,
    where_dark,
)
from generator.html.own_looks import logo_rules, on_dark, with_own_fonts
from generator.html.varied import has_controls
from generator.words import say

SCRIPTS = (
    "shared/films.js",
    "shared/verdicts.js",
    "handout/films.js",
    "handout/frames.js",
    "handout/pieces.js",
    "handout/stage.js",
    "handout/contents.js",
    "handout/values.js",
)

_TABLE = re.compile(r"<table\b")
_TABLE_BOX = '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table'
_LISTING_BOX = '<pre class="listing" tabindex="0" role="group" aria-label="{}">'


class HandoutExporter(PageExporter):
    """A lecture notebook as an article."""

    audience = "handout"
    views: tuple[str, ...] = ("handout",)
    heading = 4
    template_name = Unicode("handout")

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates, without slides that only list parts, as the contents already do.

        A slide whose figure asks is headed by the question: its title is the answer, and stands with the figure.
        """
        variables = super().page_variables(document, project)
        return {**variables, "tree": as_article(variables["tree"])}

    def picture(self, block: PageBlock, assets: Assets) -> Picture:
        """Return a figure whose drawings are light or dark as the page is, with the film that plays without stopping.

        The film is in the lecture's theme, in which the slides have one anyway.
        """
        picture = read_picture(block, assets, film="film_small.mp4", form="adaptive")
        theme = self.shared["tree"].front.get("theme", "light") if self.shared["tree"] else "light"
        film = assets.get(asset_name(picture.id, theme), {}).get("film_small.mp4")
        return replace(picture, film=in_base64(film)) if picture.film and film else picture

    def frame(self, html: Markup) -> Markup:
        """Return HTML whose tables and listings scroll in boxes of their own, which can be focused by keyboard."""
        table, listing = _TABLE_BOX.format(say("Table")), _LISTING_BOX.format(say("Program text"))
        boxed = _TABLE.sub(lambda _: table, str(html)).replace("</table>", "</table></div>")
        return Markup(boxed.replace('<pre class="listing">', listing))  # noqa: S704 - sanitized before

    def head(self, body: Markup, resources: Resources) -> PageHead:  # noqa: ARG002 - the signature of every exporter
        """Return the article's style sheet, and the script that loads a film when the reader plays it."""
        theme = self.shared["tree"].front.get("theme", "light")
        article = with_own_fonts(read_template(*ARTICLE_STYLES), self.looks, str(body))
        styles = font_faces(str(body)) + handout_palette(theme) + article
        styles += self.styles_of_logo(theme) + hyphens()
        styles += read_template("shared/knobs.css") if has_controls(body) else ""
        styles += dark_drawings(str(body), theme) + self.styles_of_widgets()
        styles += self.styles_of_blocks("handout.css") + self.widths_of_figures()
        scripts = (*SCRIPTS, "shared/knobs.js", "handout/knobs.js") if has_controls(body) else SCRIPTS
        widgets, policy = self.script_of_widgets(), self.policy_of_widgets()
        return make_head([styles], [squeeze_script(read_template(*scripts))], modules=widgets, extra=policy)

    def styles_of_logo(self, theme: str) -> str:
        """Return the rules for the course's logo, which is dark where the page is; none without one."""
        if self.looks.logo is None:
            return ""
        dark = f"@media {where_dark(theme)} {{ .logo-light {{ {on_dark(self.looks.logo)} }} }}\n"
        return logo_rules(self.looks) + dark + read_template("handout/logo.css")

    def widths_of_figures(self) -> str:
        """Return the rules by which no figure is so narrow that its smallest text cannot be read; it scrolls then.

        `--least` is the size in pixels that text has at least, for the width of the window.
        """
        shown = [self.picture(block, self.shared["assets"]) for block in self.shared["tree"].blocks()
                 if block.kind == "figure"]  # fmt: skip
        rules = [f"#{picture.id} {{ --width-per-text: {picture.width_per_text:.1f}px; }}" for picture in shown]
        rules += [
            f"#{picture.id} {{ --narrow-per-text: {picture.narrow_per_text:.1f}px; }}"
            for picture in shown
            if picture.narrow
        ]
        return "".join(f"{rule}\n" for rule in rules)


def as_article(tree: PageTree) -> PageTree:
    """Return the tree as an article shows it: without slides that only list parts, and headed by questions."""
    parts = [
        replace(part, slides=[headed_by_question(slide) for slide in part.slides if not slide.is_list_of_parts])
        for part in tree.parts
    ]
    return replace(tree, parts=tuple(parts))


def headed_by_question(slide: PageSlide) -> PageSlide:
    """Return the slide with its question, if it has one, as its title."""
    return replace(slide, title=slide.question) if slide.question else slide


def export(document: Document, project: Path) -> bytes:
    """Return the handout as one HTML file. Raises PageError."""
    return export_page(HandoutExporter, document, project)


FORMAT = Format("handout.html", export, label="Handout", published="handout.html")
