"""What a page writes for `{ref}`, `{cite}` and `{term}`, and lists at its end: figures, works and definitions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from typing import Any

from nbformat import NotebookNode

from generator.document.tree import Outline, Slide
from generator.html.markdown import plain
from generator.lecture.roles import MENTIONS, ROLE, Role, read_role

Table = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term or a work in the list at a page's end: its word, its text, and the slide that first mentions it."""

    anchor: str
    word: str
    text: str
    slide: Slide


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says what a lecture mentions to one audience; `is_linked`: whether its page has anchors to lead to."""

    table: Table
    audience: str
    is_linked: bool = True

    def fill(self, text: str) -> str:
        """Return Markdown with each mention replaced by what this audience is told."""
        return ROLE.sub(self.say, text)

    def say(self, match: re.Match[str]) -> str:
        """Return one mention as Markdown, and as it is what names nothing: a measured text may look like a mention."""
        roles = list(roles_of([match[0]], self.table))
        if not roles:
            return match[0]
        return {"ref": self.refer, "cite": self.cite, "term": self.use}[match["name"]](roles[0])

    def refer(self, role: Role) -> str:
        """Return a reference to a place: its words, or those that the text has for it."""
        place = self.table["ref"][role.targets[0]][self.audience]
        return self.link(place["anchor"], role.words or place["words"])

    def cite(self, role: Role) -> str:
        """Return a citation in brackets."""
        works = [self.table["cite"][key] for key in role.targets]
        return f"({'; '.join(self.link(work_anchor(work['key']), work['label']) for work in works)})"

    def use(self, role: Role) -> str:
        """Return a term where it is explained: in the handout a link to its definition, elsewhere set apart."""
        word = role.words or role.targets[0]
        if not self.is_linked:
            return f"*{word}*"
        term = self.table["term"][role.targets[0]]
        title = escape(plain(term["definition"])).replace("|", "&#124;")
        if self.audience == "slides":
            return f'<dfn title="{title}">{word}</dfn>'
        return f'<dfn><a class="term" href="#{term["anchor"]}" title="{title}">{word}</a></dfn>'

    def link(self, anchor: str, words: str) -> str:
        """Return `words` as a link to `anchor`, if there is one to lead to."""
        return f'<a href="#{escape(anchor)}">{words}</a>' if anchor and self.is_linked else words


def work_anchor(key: str) -> str:
    """Return the anchor of a work in the list of works."""
    return f"work-{re.sub(r'[^A-Za-z0-9-]', '-', key)}"


def roles_of(texts: Iterable[str], table: Table) -> Iterator[Role]:
    """Yield the mentions in `texts` of what `table` has."""
    for match in (match for text in texts for match in ROLE.finditer(text)):
        name = match["name"]
        role = read_role(match, 0, "") if name in MENTIONS else None
        if role and all(target in table.get(name, {}) for target in role.targets):
            yield role


def texts_of(kind: str, source: str, facts: Mapping[str, Any]) -> list[str]:
    """Return the texts of one block, or of one cell, that may mention something."""
    quiz = facts.get("quiz") or {}
    texts = [*quiz.get("options", ()), quiz.get("explanation", ""), facts.get("caption") or ""]
    texts.append(facts["figure"]["caption"] if kind == "figure" else "")
    return texts if kind in ("code", "figure") or facts.get("verbatim") else [source, *texts]


def in_words(notebook: NotebookNode, audience: str) -> list[NotebookNode]:
    """Return copies of a lecture's cells in which all that is mentioned is words alone, for formats without links."""
    cells = [copy_cell(cell) for cell in notebook.cells]
    speaker = Speaker(notebook.metadata["lectern"].get("mentions", {}), audience, is_linked=False)
    for cell in cells:
        facts = cell.metadata["lectern"]
        if cell.cell_type == "markdown" and not facts.get("verbatim"):
            cell.source = speaker.fill(cell.source)
        for place in (facts, facts.get("figure") or {}, facts.get("quiz") or {}):
            for name in {"caption", "explanation", "options"} & place.keys():
                text = place[name] or ""
                place[name] = speaker.fill(text) if isinstance(text, str) else [speaker.fill(item) for item in text]
    return list(cells)


def copy_cell(cell: NotebookNode) -> NotebookNode:
    """Return a copy of a cell as deep as anyone changes one: not of what a figure says of itself, nor of pictures."""
    copy = NotebookNode(cell)
    copy["metadata"] = metadata = NotebookNode(cell.metadata)
    metadata["lectern"] = facts = NotebookNode(cell.metadata["lectern"])
    for name in {"figure", "quiz"} & facts.keys():
        facts[name] = NotebookNode(facts[name])
    if "outputs" in cell:
        copy["outputs"] = deepcopy(cell["outputs"])  # whoever writes them to a file splits their lines in place
    return copy


def glossary_of(outline: Outline, table: Table) -> list[Entry]:
    """Return the definitions of the terms that a page uses, in the order of the alphabet."""
    made: dict[str, Entry] = {}
    for name, slide in mentioned(outline, table, "term"):  # in capitals or not, a term is listed once
        term = table["term"][name]
        made.setdefault(term["anchor"], Entry(term["anchor"], term["word"], term["definition"], slide))
    return sorted(made.values(), key=lambda entry: entry.word.casefold())


def works_of(outline: Outline, table: Table) -> list[Entry]:
    """Return the works that a page cites, in the order of their labels."""
    used = ((table["cite"][key], slide) for key, slide in mentioned(outline, table, "cite"))
    made = [Entry(work_anchor(work["key"]), work["label"], work["entry"], slide) for work, slide in used]
    return sorted(made, key=lambda entry: entry.word.casefold())


def mentioned(outline: Outline, table: Table, role: str) -> Iterator[tuple[str, Slide]]:
    """Yield each target of one role with the first slide that mentions it."""
    seen: set[str] = set()
    for slide, block in outline.placed_blocks():
        for found in roles_of(texts_of(block.kind, block.source, block.facts), table):
            for target in found.targets if found.name == role else ():
                if target not in seen:
                    seen.add(target)
                    yield target, slide
