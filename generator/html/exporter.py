"""The base class of the page exporters: nbconvert with our own Jinja templates, filters and autoescaping."""

import html
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from nbformat import NotebookNode
from traitlets import List, Unicode, default

from generator.document.tree import Document, PageBlock, PageSlide
from generator.errors import LectureError, Where, telling
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import TEMPLATES, PageHead, read_template
from generator.html.links import ReferenceWriter, glossary_of, works_of
from generator.html.markdown import listing, render, render_html, render_inline
from generator.html.modules import join_modules
from generator.html.nbconvert_exporters import TemplateExporter
from generator.html.template_cache import compiled_templates
from generator.html.titles import title_html, title_words
from generator.lecture.backgrounds import DIMMED
from generator.lecture.directive import find_form
from generator.lecture.page_looks import NO_LOOKS, Looks
from generator.words import say, say_number

Resources = dict[str, Any]
DIRECTIVES: Final = TEMPLATES.parents[1] / "directives"


def template_paths(*names: str) -> list[str]:
    """Return the folders in which templates are looked for: those called `names`, then all that formats share."""
    return [*(str(TEMPLATES / name) for name in names), str(TEMPLATES), str(DIRECTIVES)]


class PageExporter(TemplateExporter):  # type: ignore[misc]
    """Exports a lecture as one HTML file; subclasses set the audience, the templates, the styles and the scripts.

    `resources["lectern"]` holds the document and the project's folder. No preprocessors run: nbconvert validates the
    whole notebook after each of them, against a schema that it compiles every time, and none would change our notebook.
    """

    audience: str = ""
    views: tuple[str, ...] = ()  # of a directive's templates, in the order in which they are looked for
    heading: int = 3  # the highest level of a heading in a block's text: 3 is <h3>
    runs_widgets: bool = True  # whether the page has the scripts that bring its widgets to life
    default_preprocessors = List([])
    template_name = Unicode("")
    file_extension = Unicode(".html")
    template_data_paths = List([])
    references = ReferenceWriter({}, "")
    looks: Looks = NO_LOOKS
    shared: Mapping[str, Any] = {"tree": None, "assets": {}}  # the variables of the templates of blocks

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return template_paths(self.template_name)

    def _create_environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self.template_paths),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=compiled_templates(),
        )
        for name, function in self.default_filters():
            self._register_filter(environment, name, function)
        environment.globals |= {"show": self.show, "dimmed": DIMMED, "page_data": self.page_data}
        return environment

    def show(self, block: PageBlock, **variables: Any) -> Markup:
        """Return a block as its directive's template shows it; `variables` are for that template alone."""
        names = [f"{block.kind}/{view}.html.j2" for view in self.views]
        template = self.environment.select_template(names)
        form = find_form(block.kind, "html")
        own = form.variables(block, self.shared["assets"]) if form else {}
        return Markup(template.render(block=block, **self.shared, **own, **variables))  # noqa: S704 - a template's own output

    def default_filters(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        """Return the filters that templates may use, by name."""
        return [
            ("markdown", self.markdown),
            ("inline", self.inline),
            ("heading", self.heading_words),
            ("title_html", title_html),
            ("title_words", title_words),
            ("listing", _listing),
            ("picture", self.picture),
            ("rich", self.rich),
            ("minutes", _minutes),
            ("direction", text_direction),
            ("place", self.place),
            ("say", _say),
            ("head", self.head),
        ]

    def from_notebook_node(
        self, notebook: NotebookNode, resources: Resources, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page as HTML, and nbconvert's resources."""
        resources = {**resources, "lectern": Uncopied(self.page_variables(**resources["lectern"]))}
        page, resources = super().from_notebook_node(UncopiedNotebook(notebook), resources, **kwargs)
        return page, resources

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates, which find them in `resources.lectern`."""
        tree = document.tree(self.audience)
        table = tree.front.get("references", {})
        self.references = ReferenceWriter(table, self.audience)
        self.shared = {"tree": tree, "assets": document.assets}
        self.looks = document.looks
        return {
            "looks": document.looks,
            "assets": document.assets,
            "project": project,
            "tree": tree,
            "audience": self.audience,
            "glossary": glossary_of(tree, table),
            "works": works_of(tree, table),
        }

    def place(self, where: Where) -> str:
        """Return what `data-line` says of a place: its line, with the file before it if that is not the lecture's."""
        tree = self.shared["tree"]
        is_elsewhere = tree and where.path != tree.front.get("path", where.path)
        return str(where) if is_elsewhere else str(where.line)

    def styles_of_blocks(self, name: str) -> str:
        """Return the style sheets called `name` of the directives whose blocks the page shows."""
        kinds = sorted({block.kind for block in self.shared["tree"].blocks()})
        files = [path for kind in kinds if (path := DIRECTIVES / kind / name).is_file()]
        return "".join(path.read_text(encoding="utf-8") for path in files)

    def programs_of_widgets(self, name: str) -> dict[str, str]:
        """Return the programs called `name`, joined with the modules that they import, by directive.

        Those of the directives whose blocks the page shows; none for a page that runs no widgets.
        """
        kinds = sorted({block.kind for block in self.shared["tree"].blocks()}) if self.runs_widgets else []
        return {kind: join_modules([path]) for kind in kinds if (path := DIRECTIVES / kind / name).is_file()}

    def script_of_widgets(self) -> tuple[str, ...]:
        """Return the one module script that brings the widgets of the page to life; nothing for a page without any."""
        kinds = sorted(self.programs_of_widgets("widget.js"))
        return (join_modules([DIRECTIVES / kind / "widget.js" for kind in kinds]),) if kinds else ()

    def styles_of_widgets(self) -> str:
        """Return the style sheets of the widgets that the page shows: what all share, and their `widget.css`."""
        kinds = {block.kind for block in self.shared["tree"].blocks()}
        has_widgets = any((DIRECTIVES / kind / "widget.js").is_file() for kind in kinds)
        own = self.styles_of_blocks("widget.css")
        return read_template("shared/widgets.css") + own if has_widgets else ""

    def policy_of_widgets(self) -> str:
        """Return what the policy says besides if a widget has a worker, which runs a program of the page itself."""
        return "; worker-src blob:" if self.programs_of_widgets("worker.js") else ""

    def page_data(self) -> Iterator[tuple[str, str, Markup]]:
        """Yield what scripts of the page read: the id, the media type and the text of each element, once.

        Of each asset that a block names (`Cell.page_data`), `data.json` is a value, and `data.bin` bytes in base64.
        """
        if not self.runs_widgets:
            return
        names = dict.fromkeys(name for block in self.shared["tree"].blocks() for name in block.cell.page_data)
        for name in names:
            files = self.shared["assets"][name]
            if "data.json" in files:
                yield name, "application/json", as_script_data(files["data.json"].decode())
            if "data.bin" in files:
                yield f"{name}-bytes", "text/plain", as_script_data(b64encode(files["data.bin"]).decode())
        for kind, program in self.programs_of_widgets("worker.js").items():
            yield f"worker-{kind}", "text/plain", Markup(program)  # noqa: S704 - our own files

    def markdown(self, text: str, block: PageBlock, *, incremental: bool = False, verbatim: bool = False) -> Markup:
        """Return Markdown as HTML. An error in it is reported at the block's line.

        incremental: whether the items of its lists appear one by one. verbatim: whether it has no references.
        """
        filled = text if verbatim else self.fill(text, linked=self.is_linked(block))
        return _blame(block, lambda: self.frame(render(filled, heading=self.heading, incremental=incremental)))

    def rich(self, content: str, kind: str, block: PageBlock) -> Markup:
        """Return what code showed, given as `html` or as `markdown`, as HTML that is safe; errors are at the block."""
        if kind == "markdown":
            return _blame(block, lambda: self.frame(render(content, heading=self.heading)))
        return self.frame(render_html(content))

    def fill(self, text: str, *, linked: bool = True) -> str:
        """Return Markdown with its `{ref}`, `{cite}` and `{term}` written for this page."""
        return replace(self.references, is_linked=linked).fill(text)

    def is_linked(self, block: PageBlock) -> bool:  # noqa: ARG002 - slides override this by block
        """Return whether the references in a block are links."""
        return True

    def frame(self, html: Markup) -> Markup:
        """Return sanitized HTML, with the elements that this page puts around tables and code; here, unchanged."""
        return html

    def picture(self, block: PageBlock, assets: Assets) -> Picture:
        """Return what the templates need to show a figure."""
        return read_picture(block, assets)

    def inline(self, text: str, block: PageBlock | PageSlide, *, linked: bool = True) -> Markup:
        """Return one line of Markdown as HTML; if not `linked`, its references are words without links."""
        return _blame(block, lambda: render_inline(self.fill(text, linked=linked)))

    def heading_words(self, title: str, slide: PageSlide) -> Markup:
        """Return the title of a slide as HTML for a place that is not its heading; errors are at the slide's line."""
        return _blame(slide, lambda: title_html(title))

    def head(self, body: Markup, resources: Resources) -> PageHead:
        """Return the styles, the scripts and the Content-Security-Policy of a page with this body."""
        raise NotImplementedError


class Uncopied(dict[str, Any]):
    """A dict that `deepcopy` does not copy.

    nbconvert deep-copies everything it is given, the notebook twice, which is a third of its work; our exporters
    change none of it.
    """

    def __deepcopy__(self, memo: object) -> Self:
        return self


class UncopiedNotebook(Uncopied, NotebookNode):  # type: ignore[misc]
    """A notebook that `deepcopy` does not copy."""


def export_page(exporter: type[PageExporter], document: Document, project: Path) -> bytes:
    """Return a lecture as the page that `exporter` writes; raises PageError if it cannot be assembled."""
    resources = {"lectern": {"document": document, "project": project}}
    page, _ = exporter().from_notebook_node(document.notebook, resources)
    return str(page).encode()


def as_script_data(text: str) -> Markup:
    """Return JSON, or letters and digits, as they can stand in a script element: no `<` could end it."""
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - nothing is left in it that ends an element


def _listing(source: str, language: str = "text") -> Markup:
    return Markup(listing(source, language))  # noqa: S704 - listing escapes all text


@pass_context  # or Jinja would say a constant text once and for all, as it compiles the template
def _say(_: Context, text: str, **values: object) -> Markup:
    """Return words of a page in its language, as HTML; a value that is HTML stays so."""
    words = Markup(html.escape(say(text), quote=False).replace('"', "&#34;"))  # noqa: S704 - escaped here
    return words.format(**values) if values else words


def _minutes(value: float) -> str:
    return say("{minutes} min", minutes=say_number(f"{value:g}"))


_RIGHT_TO_LEFT: Final = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"]
)
_RIGHT_TO_LEFT_SCRIPTS: Final = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm"})


def text_direction(lang: str) -> Markup:
    """Return the attribute of <html> for a language that is written from right to left; empty for all others.

    lang: a code such as `he`, `ar-EG` or `az-Arab`; a script in it decides, else the language.
    """
    language, *others = lang.lower().replace("_", "-").split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    is_reversed = script in _RIGHT_TO_LEFT_SCRIPTS if script else language in _RIGHT_TO_LEFT
    return Markup(' dir="rtl"') if is_reversed else Markup("")


def _blame(block: PageBlock | PageSlide, write: Callable[[], Markup]) -> Markup:
    """Return what `write` returns; give an error without a place, and an unforeseen exception, the block's place."""
    try:
        with telling(block.where, "this cannot be shown"):
            return write()
    except LectureError as error:
        error.where = error.where or block.where
        raise
