"""The exporter that slides and handout share: nbconvert's machinery, our templates, and escaping switched on."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from traitlets import List, Unicode, default

from generator.document.tree import Document, PageBlock, PageSlide
from generator.errors import LectureError
from generator.html.figure import Assets, Picture, read_picture
from generator.html.head import TEMPLATES, PageHead
from generator.html.links import ReferenceWriter, glossary_of, works_of
from generator.html.markdown import listing, plain, render, render_inline

Resources = dict[str, Any]
COMPILED: Final = TEMPLATES.parents[2] / ".lectern" / "cache" / "templates"


class PageExporter(TemplateExporter):  # type: ignore[misc]
    """Exports a lecture as one HTML file; subclasses say for whom, with which templates, styles and scripts.

    `resources["lectern"]` brings the document and the project's folder. There are no preprocessors: nbconvert checks
    the whole notebook after each, with a schema that it compiles every time, and none of ours would change it.
    """

    audience: str = ""
    heading: int = 3  # the highest level of a heading inside a slide's text
    default_preprocessors = List([])
    template_name = Unicode("")
    file_extension = Unicode(".html")
    template_data_paths = List([])
    references = ReferenceWriter({}, "")

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return [str(TEMPLATES / self.template_name), str(TEMPLATES)]

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
        return environment

    def default_filters(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        """Return the templates' filters."""
        return [
            ("markdown", self.markdown),
            ("inline", self.inline),
            ("plain", plain),
            ("listing", _listing),
            ("picture", self.picture),
            ("output", output_text),
            ("minutes", _minutes),
            ("head", self.head),
        ]

    def from_notebook_node(
        self, notebook: NotebookNode, resources: Resources, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, and the resources that it was made with."""
        resources = {**resources, "lectern": Sealed(self.page_variables(**resources["lectern"]))}
        page, resources = super().from_notebook_node(SealedNotebook(notebook), resources, **kwargs)
        return page, resources

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return what the templates write from."""
        tree = document.tree(self.audience)
        table = tree.front.get("references", {})
        self.references = ReferenceWriter(table, self.audience)
        return {
            "assets": document.assets,
            "project": project,
            "tree": tree,
            "audience": self.audience,
            "glossary": glossary_of(tree, table),
            "works": works_of(tree, table),
        }

    def markdown(self, text: str, block: PageBlock, *, incremental: bool = False) -> Markup:
        """Return Markdown as HTML; an error in it is blamed on the block's line."""
        filled = self.fill(text, block, linked=self.is_linked(block))
        return _blame(block, lambda: self.frame(render(filled, heading=self.heading, incremental=incremental)))

    def fill(self, text: str, block: PageBlock | PageSlide, *, linked: bool = True) -> str:
        """Return Markdown with what it mentions in the words of this page; text that is shown as it is stays so."""
        facts = block.facts if isinstance(block, PageBlock) else {}
        return text if facts.get("verbatim") else replace(self.references, is_linked=linked).fill(text)

    def is_linked(self, block: PageBlock) -> bool:  # noqa: ARG002 - what a deck's answer depends on
        """Whether what a block mentions are links."""
        return True

    def frame(self, html: Markup) -> Markup:
        """Return sanitised HTML with what this page puts around tables and code: nothing, unless a subclass does."""
        return html

    def picture(self, block: PageBlock, assets: Assets) -> Picture:
        """Return what templates need of a figure."""
        return read_picture(block, assets)

    def inline(self, text: str, block: PageBlock | PageSlide, *, linked: bool = True) -> Markup:
        """Return one line of Markdown as HTML; without `linked`, what it mentions is words alone."""
        return _blame(block, lambda: render_inline(self.fill(text, block, linked=linked)))

    def head(self, body: Markup, resources: Resources) -> PageHead:
        """Return the styles, the scripts and the policy for a page with this body."""
        raise NotImplementedError


@cache
def compiled_templates() -> FileSystemBytecodeCache:
    """Return where templates lie compiled: by their text, so that an edited one is compiled anew."""
    COMPILED.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(COMPILED))


class Sealed(dict[str, Any]):
    """What no exporter of ours changes: nbconvert copies all it is given, the notebook twice, a third of its work."""

    def __deepcopy__(self, memo: object) -> Self:
        return self


class SealedNotebook(Sealed, NotebookNode):  # type: ignore[misc]
    """A notebook that no exporter of ours changes."""


def export_page(exporter: type[PageExporter], document: Document, project: Path) -> bytes:
    """Return the page that `exporter` makes of a lecture; raises PageError when it cannot be assembled."""
    resources = {"lectern": {"document": document, "project": project}}
    page, _ = exporter().from_notebook_node(document.notebook, resources)
    return str(page).encode()


_FALLBACK: Final = "text"


def _listing(source: str, facts: Mapping[str, Any]) -> Markup:
    return Markup(listing(source, facts.get("language", _FALLBACK)))  # noqa: S704 - listing escapes all text


def _minutes(value: float) -> str:
    return f"{value:g} min"


def _blame(block: PageBlock | PageSlide, write: Callable[[], Markup]) -> Markup:
    try:
        return write()
    except LectureError as error:
        error.where = error.where or block.where
        raise


_COLOUR_CODE: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


# What code printed, as text.


def output_text(output: Mapping[str, Any]) -> str:
    """Return a notebook output as plain text, a traceback as its last line; empty when it holds no text."""
    kind = output["output_type"]
    if kind == "stream":
        return _bare(output["text"])
    if kind == "error":
        return _bare(f"{output['ename']}: {output['evalue']}")
    return _bare(output["data"].get("text/plain", ""))


def _bare(text: str | list[str]) -> str:
    joined = text if isinstance(text, str) else "".join(text)
    return _COLOUR_CODE.sub("", joined).rstrip()
