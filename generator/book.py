"""The book of a course: the handouts of its lectures as one page, a chapter each, with one list of contents.

A chapter is composed anew with its number (`Lecture.as_chapter`): figures and equations are counted as 2.1, 2.2 …, and
no chapter has an id of another. Styles, scripts, fonts, glossary, references and repeated images are there once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import nbformat
from jinja2 import Environment
from markupsafe import Markup
from traitlets import Unicode, default

from generator.document.tree import Assets, Document, PageBlock, PageTree
from generator.errors import Where
from generator.formats.handout import HandoutExporter, as_article
from generator.html.exporter import export_page, template_paths
from generator.html.head import read_template
from generator.html.links import ListEntry, ReferenceWriter, glossary_of, tree_written, works_of
from generator.html.markdown import render_cache
from generator.lecture.blocks import chapter_anchor

BOOK: Final = "book.html"
LEAST_SHARED: Final = 400  # characters of an image; to share a shorter one saves nothing
_IMAGE: Final = re.compile(rf'<image [^>]*?href="data:image/[^"]{{{LEAST_SHARED},}}"[^>]*?/>')


@dataclass(frozen=True, slots=True)
class Chapter:
    """A lecture in a book: its number, counted from 1, its front matter, what readers see of it, and its two lists.

    The texts in the tree and the lists have their references written, with anchors of the book.
    """

    number: int
    tree: PageTree
    glossary: Sequence[ListEntry]
    works: Sequence[ListEntry]

    @property
    def front(self) -> Mapping[str, Any]:
        """Return the lecture's front matter."""
        return self.tree.front

    @property
    def anchor(self) -> str:
        """Return the anchor at which the chapter begins."""
        return chapter_anchor(self.number)


@dataclass(slots=True)
class Book(Document):
    """The documents of a course, in its order, composed as chapters; the notebook holds the front matter alone."""

    documents: tuple[Document, ...] = ()


class BookExporter(HandoutExporter):
    """The lectures of a course as one article."""

    template_name = Unicode("book")
    heading = 5
    chapter: PageTree | None = None  # the one that is being written

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return template_paths("book", "handout")

    def page_variables(self, document: Document, project: Path) -> dict[str, Any]:
        """Return the variables of the templates: the chapters, and a tree of all that is in them."""
        documents = document.documents if isinstance(document, Book) else ()
        chapters = [read_chapter(number, each, self.audience) for number, each in enumerate(documents, start=1)]
        tree = PageTree(document.front, tuple(part for chapter in chapters for part in chapter.tree.parts))
        self.shared = {"tree": tree, "assets": document.assets}
        self.looks = document.looks
        return {
            "looks": document.looks,
            "assets": document.assets,
            "project": project,
            "tree": tree,
            "audience": self.audience,
            "chapters": chapters,
            "glossary": merged(chapter.glossary for chapter in chapters),
            "works": merged(chapter.works for chapter in chapters),
        }

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.globals |= {"begin": self.begin}
        return environment

    def begin(self, chapter: Chapter) -> str:
        """Let blocks see this chapter from now on as the lecture that they are in; return nothing to be shown."""
        self.chapter = chapter.tree
        return ""

    def show(self, block: PageBlock, **variables: Any) -> Markup:
        """Return a block as it is shown in its lecture: a list of parts is one of those of its chapter."""
        book, self.shared = self.shared, {**self.shared, "tree": self.chapter or self.shared["tree"]}
        try:
            return super().show(block, **variables)
        finally:
            self.shared = book

    def place(self, where: Where) -> str:
        """Return what `data-line` says of a place: its file and its line."""
        return str(where)

    def styles_of_blocks(self, name: str) -> str:
        """Return the styles of the blocks that the page shows, with those of books."""
        own = read_template("book/book.css") if name == "handout.css" else ""
        return super().styles_of_blocks(name) + own


def read_chapter(number: int, document: Document, audience: str) -> Chapter:
    """Return a lecture as a chapter, with its references written."""
    table = document.front["references"]
    writer = ReferenceWriter(table, audience)
    tree = as_article(document.tree(audience))
    entries = [[replace(entry, text=writer.fill(entry.text)) for entry in find(tree, table)]
               for find in (glossary_of, works_of)]  # fmt: skip
    return Chapter(number, tree_written(tree, writer), *entries)


def merged(lists: Iterable[Sequence[ListEntry]]) -> list[ListEntry]:
    """Return the entries of several lists in one, in alphabetical order, each where the first of them has it."""
    made: dict[str, ListEntry] = {}
    for entry in (entry for entries in lists for entry in entries):
        made.setdefault(entry.anchor, entry)
    return sorted(made.values(), key=lambda entry: entry.word.casefold())


def front_of(documents: Sequence[Document], title: str) -> dict[str, Any]:
    """Return the front matter of a book: what its lectures agree on, and the names of all their authors."""
    fronts = [document.front for document in documents]
    themes, languages = ({front[name] for front in fronts} for name in ("theme", "lang"))
    return {
        "name": "book",
        "path": "",
        "title": title,
        "author": ", ".join(dict.fromkeys(front["author"] for front in fronts if front["author"])),
        "lang": fronts[0]["lang"] if len(languages) == 1 else "en",
        "theme": fronts[0]["theme"] if len(themes) == 1 else "light",
        "profile": fronts[0]["profile"],
        "rule_of_verdicts": next((rule for front in fronts if (rule := front.get("rule_of_verdicts"))), ""),
    }


def export_book(documents: Sequence[Document], title: str, project: Path) -> bytes:
    """Return the book of lectures, composed as chapters, as one HTML file. Raises PageError."""
    notebook = nbformat.v4.new_notebook(metadata={"lectern": front_of(documents, title)})
    assets: Assets = {name: files for document in documents for name, files in document.assets.items()}
    with render_cache(project, BOOK):
        book = Book(notebook, assets, looks=documents[0].looks, documents=tuple(documents))
        page = export_page(BookExporter, book, project)
    return share_repeated(page.decode()).encode()


def share_repeated(page: str) -> str:
    """Return a page in which an image that several drawings have stands once; the others show it by its id."""
    counts = Counter(_IMAGE.findall(page))
    shared = {image: f"image-{at}" for at, image in enumerate(image for image, count in counts.items() if count > 1)}
    seen: set[str] = set()

    def write(match: re.Match[str]) -> str:
        image = match[0]
        if image not in shared or " id=" in image:
            return image
        if image in seen:
            return f'<use href="#{shared[image]}"/>'
        seen.add(image)
        return f'<image id="{shared[image]}"{image.removeprefix("<image")}'

    return _IMAGE.sub(write, page) if shared else page
