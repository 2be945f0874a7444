"""Writes the `{ref}`, `{cite}` and `{term}` of a lecture for one audience, and lists the terms and works a page uses.

What each of them stands for is in the table `references` of the lecture's front matter. Formats without links get a
copy of the lecture in which every reference is plain words (`tree_without_links`, `cells_without_links`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from nbformat import NotebookNode

from generator.document.cells import read_cell
from generator.document.tree import PageBlock, PageSlide, PageTree
from generator.html.titles import title_words
from generator.lecture.roles import REFERENCE_ROLES, Role, read_role
from generator.lecture.syntax import WIDTH, Span, replace_spans, spans_in
from generator.words import say, spoken

Table = Mapping[str, Mapping[str, Any]]
_REFERENCE_MARKS = tuple(f"{{{name}}}`" for name in REFERENCE_ROLES)  # most texts have none, and need not be parsed


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A term or a work in the list at the end of a page: its name, its text, and the slide that first mentions it."""

    anchor: str
    word: str
    text: str
    slide: PageSlide


@dataclass(frozen=True, slots=True)
class ReferenceWriter:
    """Writes the references of a lecture for one audience.

    is_linked: whether the page has anchors to link to. has_tags: whether images with a width have to be HTML.
    elsewhere: the page that has the anchors, if it is another; own: those that the page itself has all the same.
    """

    table: Table
    audience: str
    is_linked: bool = True
    has_tags: bool = False
    elsewhere: str = ""
    own: frozenset[str] = frozenset()

    def fill(self, text: str) -> str:
        """Return Markdown with each reference replaced by the words or the link for this audience."""
        text = write_widths(text) if self.has_tags else text
        if not any(mark in text for mark in _REFERENCE_MARKS):
            return text
        return replace_spans(text, self.write_mention)

    def fill_cell(self, kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return a copy of a cell's facts with the references in its captions, options and the like replaced."""
        if "cell" not in facts:
            return dict(facts)
        return {**facts, "cell": read_cell(kind, facts).rewritten(self.fill).as_facts()}

    def write_mention(self, span: Span) -> str | None:
        """Return one reference as Markdown, None for anything else.

        What names nothing in the table is no reference: a measured text may happen to look like one.
        """
        role = reference_at(span, self.table)
        writers = {"ref": self.write_ref, "cite": self.write_cite, "term": self.write_term}
        return writers[role.name](role) if role else None

    def write_ref(self, role: Role) -> str:
        """Return a reference to a place of the lecture, in the author's words if given, else in the table's."""
        place = self.table["ref"][role.targets[0]][self.audience]
        return self.link(place["anchor"], role.words or place["words"])

    def write_cite(self, role: Role) -> str:
        """Return a citation in parentheses, with a label for each work."""
        works = [self.table["cite"][key] for key in role.targets]
        return f"({'; '.join(self.link(work_anchor(work['key']), say_label(work['label'])) for work in works)})"

    def write_term(self, role: Role) -> str:
        """Return a term: a `<dfn>` on slides, a link to its definition in articles, italic in formats without links."""
        word = role.words or role.targets[0]
        if not self.is_linked:
            return f"*{word}*"
        term = self.table["term"][role.targets[0]]
        title = escape(title_words(term["definition"])).replace("|", "&#124;")
        if self.audience == "slides":
            return f'<dfn title="{title}">{word}</dfn>'
        return f'<dfn><a class="term" href="{self.address(term["anchor"])}" title="{title}">{word}</a></dfn>'

    def link(self, anchor: str, words: str) -> str:
        """Return `words` as a link to `anchor`, or as they are if there is no anchor or no links."""
        return f'<a href="{self.address(anchor)}">{words}</a>' if anchor and self.is_linked else words

    def address(self, anchor: str) -> str:
        """Return the address of an anchor: in another page, if the writer's own does not have it."""
        return f"{'' if anchor in self.own else self.elsewhere}#{escape(anchor)}"


def say_label(label: str) -> str:
    """Return the label of a work, `Müller and Meier 2020`, in the language of the page."""
    return label if spoken().is_english else label.replace(" and ", say(" and ")).replace(" et al.", say(" et al."))


def write_widths(text: str) -> str:
    """Return Markdown in which every image with a width is an `<img>`: notebooks know no braces behind an image."""
    pieces, at = [], 0
    for span in spans_in(text) if "){" in text else ():
        if span.kind == "image" and span.braces:
            start = span.start - len(f"![{span.content}]")
            pieces += [text[at:start], image_tag(span), "&#8203;" if fills_line(text, start, span.end) else ""]
            at = span.end
    return "".join([*pieces, text[at:]])


def image_tag(span: Span) -> str:
    """Return an image with a width as HTML."""
    found = WIDTH.search(span.braces)
    width = f' width="{found["percent"] or found["pixels"]}"' if found else ""
    title = f' title="{escape(span.title)}"' if span.title else ""
    return f'<img src="{escape(span.address)}" alt="{escape(title_words(span.content))}"{title}{width}>'


def fills_line(text: str, start: int, end: int) -> bool:
    """Return whether a tag from `start` to `end` would make HTML of its whole paragraph: it is alone on its line."""
    before, after = text[:start].rpartition("\n")[2], text[end:].partition("\n")
    return not before.strip(" \t>") and not after[0].strip() and bool(after[2].partition("\n")[0].strip(" \t>"))


def work_anchor(key: str) -> str:
    """Return the anchor of the work with this key in the list of works: another for each key."""
    return f"work-{re.sub(r'[^A-Za-z0-9-]', lambda sign: f'_{ord(sign[0]):x}_', key)}"


def references_in(texts: Iterable[str], table: Table) -> Iterator[Role]:
    """Yield the references in `texts` whose targets are all in `table`."""
    marked = (text for text in texts if any(mark in text for mark in _REFERENCE_MARKS))
    for span in (span for text in marked for span in spans_in(text)):
        if role := reference_at(span, table):
            yield role


def reference_at(span: Span, table: Table) -> Role | None:
    """Return the reference in a span of a text; None if there is none, or one of its targets is not in the table."""
    if span.name not in REFERENCE_ROLES or span.in_formula:
        return None
    role = read_role(span, 0, "")
    return role if all(target in table.get(role.name, {}) for target in role.targets) else None


def texts_of(block: PageBlock) -> list[str]:
    """Return the texts of one block that may contain references."""
    cell = block.cell
    return [*([block.source] if cell.is_text else []), *cell.texts()]


def tree_without_links(tree: PageTree, audience: str) -> PageTree:
    """Return a copy of a lecture's tree in which all references are plain words, for formats without links."""
    return tree_written(tree, ReferenceWriter(tree.front.get("references", {}), audience, is_linked=False))


def tree_written(tree: PageTree, writer: ReferenceWriter) -> PageTree:
    """Return a copy of a lecture's tree in which `writer` has written all references."""

    def write(blocks: Iterable[PageBlock]) -> list[PageBlock]:
        return [
            replace(
                block,
                source=writer.fill(block.source) if block.cell.is_text else block.source,
                facts=writer.fill_cell(block.kind, block.facts),
                columns=tuple(tuple(write(column)) for column in block.columns),
            )
            for block in blocks
        ]

    def write_slide(slide: PageSlide) -> PageSlide:
        question = writer.fill(slide.question)
        return replace(slide, blocks=write(slide.blocks), notes=write(slide.notes), question=question)

    parts = [
        replace(part, opening=write_slide(part.opening), slides=[write_slide(slide) for slide in part.slides])
        for part in tree.parts
    ]
    return replace(tree, parts=tuple(parts))


def cells_without_links(notebook: NotebookNode, audience: str) -> list[NotebookNode]:
    """Return copies of a lecture's cells in which all references are plain words, for formats without links."""
    writer = ReferenceWriter(
        notebook.metadata["lectern"].get("references", {}), audience, is_linked=False, has_tags=True
    )
    cells = []
    for cell in notebook.cells:
        copy, facts = copy_cell(cell), cell.metadata["lectern"]
        copy.metadata["lectern"] = NotebookNode(writer.fill_cell(facts["kind"], facts))
        if read_cell(facts["kind"], facts).is_text:
            copy.source = writer.fill(cell.source)
        cells.append(copy)
    return cells


def copy_cell(cell: NotebookNode) -> NotebookNode:
    """Return a copy of a cell, only as deep as callers change it: a figure's facts and pictures are not copied."""
    copy = NotebookNode(cell)
    copy["metadata"] = NotebookNode(cell.metadata)
    if "outputs" in cell:
        copy["outputs"] = deepcopy(cell["outputs"])  # writing them to a file splits their lines in place
    return copy


def glossary_of(tree: PageTree, table: Table) -> list[ListEntry]:
    """Return the definitions of the terms that a page uses, in alphabetical order."""
    made: dict[str, ListEntry] = {}
    for name, slide in mentioned(tree, table, "term"):  # a term is listed once, however it is capitalized
        term = table["term"][name]
        made.setdefault(term["anchor"], ListEntry(term["anchor"], term["word"], term["definition"], slide))
    return sorted(made.values(), key=lambda entry: entry.word.casefold())


def works_of(tree: PageTree, table: Table) -> list[ListEntry]:
    """Return the works that a page cites, ordered by label."""
    used = ((table["cite"][key], slide) for key, slide in mentioned(tree, table, "cite"))
    made = [ListEntry(work_anchor(work["key"]), work["label"], work["entry"], slide) for work, slide in used]
    return sorted(made, key=lambda entry: entry.word.casefold())


def mentioned(tree: PageTree, table: Table, role: str) -> Iterator[tuple[str, PageSlide]]:
    """Yield each target of one role (`ref`, `cite` or `term`) with the first slide that mentions it."""
    seen: set[str] = set()
    for slide, block in tree.placed_blocks():
        texts = texts_of(block)
        for found in references_in((text for text in texts if f"{{{role}}}`" in text), table):
            for target in found.targets if found.name == role else ():
                if target not in seen:
                    seen.add(target)
                    yield target, slide
