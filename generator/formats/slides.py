"""The deck: one HTML file that contains reveal.js, fonts, figures and films, and so works offline."""

import json
import re
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from traitlets import Unicode

from generator.document.format import Format
from generator.document.tree import Document, PageBlock
from generator.html.exporter import PageExporter, Resources, export_page
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import (
    PageHead,
    deck_palette,
    font_faces,
    ground_rules,
    hyphens,
    lean_formula_styles,
    make_head,
    read_template,
    squeeze_script,
    squeeze_styles,
)
from generator.html.own_looks import logo_rules, with_own_fonts
from generator.html.reveal import printed_styles, read_reveal
from generator.html.varied import has_controls
from generator.theme import SHAPES

STYLES = (
    "shared/text.css", "shared/formulas.css", "shared/code.css", "slides/deck.css", "slides/layout.css",
    "slides/blocks.css", "slides/films.css",
)  # fmt: skip
ROOMS = "slides/rooms.css"
_SCREEN_STYLES = ("slides/print.css", "slides/overview.css", "slides/upright.css")
_SCRIPTS = (
    "shared/films.js",
    "shared/verdicts.js",
    "slides/films.js",
    "slides/lines.js",
    "slides/grow.js",
    "slides/status.js",
    "slides/paper.js",
    "slides/overview.js",
    "slides/upright.js",
    "slides/deck.js",
)
_GUARD = "slides/guard.js"  # of what a reader can change on a slide
_ORIGIN: Final = re.compile(r'(<data class="value" value="[^"]*") title="[^"]*"')
_KNOBS = ("shared/knobs.js", "slides/knobs.js")  # before reveal.js starts and reads the address


class SlidesExporter(PageExporter):
    """A lecture notebook as a reveal.js deck."""

    audience = "slides"
    views: tuple[str, ...] = ("slides",)
    template_name = Unicode("slides")

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates, with the shape of the slides."""
        self.shape = SHAPES[document.front.get("aspect", "16:9")]
        self.theme = document.front.get("theme", "light")
        variables = super().page_variables(document, project)
        self.recalled = {name for block in variables["tree"].blocks() for name in block.cell.recalled}
        return {**variables, "shape": self.shape}

    def picture(self, block: PageBlock, assets: Assets) -> Picture:
        """Return a figure in the deck's theme, with the width that a slide has for it."""
        picture = read_picture(block, assets, theme=self.theme, room=self.shape.room).cropped()
        return picture.recallable() if picture.id in self.recalled else picture

    def is_linked(self, block: PageBlock) -> bool:
        """Return whether the references in a block are links: not in notes, which appear in another window."""
        return block.kind != "notes"

    def frame(self, html: Markup) -> Markup:
        """Return HTML whose numbers do not tell which experiment measured them: that is for the handout."""
        return Markup(_ORIGIN.sub(r"\1", str(html)))  # noqa: S704 - sanitized before

    def head(self, body: Markup, resources: Resources) -> PageHead:
        """Return reveal.js and our theme; the policy also allows the speaker view and reveal.js's print styles."""
        lectern = resources["lectern"]
        presenter = read_reveal(lectern["project"])
        palette = deck_palette(self.theme) + self.shape.rules
        own = (
            font_faces(str(body))
            + palette
            + with_own_fonts(read_template(*STYLES, *_SCREEN_STYLES), self.looks, str(body))
            + self.styles_of_blocks("slides.css")
            + self.own_styles()
            + hyphens()
        )
        own += ground_rules(lectern["tree"].all_slides(), with_images=False) + self.places_of_films()
        own += read_template("shared/knobs.css") if has_controls(body) else ""
        own += self.styles_of_widgets()
        widgets = self.script_of_widgets()
        guard = (_GUARD,) if widgets or has_controls(body) else ()
        scripts = (*guard, *(_KNOBS if has_controls(body) else ()), *_SCRIPTS)
        size = (self.shape.width, self.shape.height)
        return make_head(
            [presenter.styles + lean_formula_styles(squeeze_styles(own), str(body))],
            [*presenter.scripts, squeeze_script(adopt_styles(read_template(ROOMS)) + read_template(*scripts))],
            noscript_styles=[
                read_template("slides/bare.css") + ground_rules(lectern["tree"].all_slides(), with_images=True)
            ],
            allowed=[*presenter.view_scripts, *presenter.view_styles, *printed_styles(*size)],
            modules=widgets,
            extra=presenter.directives + self.policy_of_widgets(),
        )

    def own_styles(self) -> str:
        """Return the rules for the course's logo and closing slide, if it has any."""
        has_own = self.looks.logo or self.looks.closing
        return logo_rules(self.looks) + read_template("slides/own.css") if has_own else ""

    def places_of_films(self) -> str:
        """Return the rules that lay each film over its still."""
        blocks = [block for block in self.shared["tree"].blocks() if block.kind == "figure" and block.cell.marks]
        return "".join(self.picture(block, self.shared["assets"]).film_rule() for block in blocks)


def adopt_styles(rules: str) -> str:
    """Return the script by which a page takes these style rules, behind those of its own."""
    fill = f"rules.replaceSync({json.dumps(squeeze_styles(rules))})"
    return f"{{ const rules = new CSSStyleSheet(); {fill}; document.adoptedStyleSheets.push(rules); }}\n"


def export(document: Document, project: Path) -> bytes:
    """Return the deck as one HTML file; `project` is the folder that holds node_modules. Raises PageError."""
    return export_page(SlidesExporter, document, project)


FORMAT = Format("slides.html", export, label="Slides")
