"""`{recap}`: what to look back on, the lecture's parts again, or findings with small pictures of their figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generator.directives.agenda import PartsList
from generator.directives.agenda import read as read_parts
from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.errors import SourceError, Where
from generator.lecture.blocks import AUDIENCES, Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.nesting import LISTS, inside_of, item_texts
from generator.lecture.references import NumberedFigure
from generator.lecture.roles import read_role
from generator.lecture.syntax import spans_in, structure_parser

FEWEST: Final = 2
MOST: Final = 6  # findings that one slide has room for
FORM_HINT: Final = "write '- ' before each, and one sentence behind it"
# A reference with which a sentence ends, with what leads to it: ": …", "(see …)"; one with words of its own is text.
LAST_REFERENCE: Final = re.compile(r"(?<!\s)\s*(?:[:,;(–—]\s*)?(?:see\s+)?\{ref\}`[^`<]*`\)?(?P<end>[.!?]?)$")


@dataclass(frozen=True, slots=True)
class Findings(Block):
    """A list of findings, a sentence each."""

    findings: tuple[Text, ...]
    where: Where

    def texts(self) -> Sequence[Text]:
        """Return the sentences."""
        return self.findings

    def compose(self, composer: Composer) -> None:
        """Append a cell with the findings; warn of a figure that no slide shows."""
        figures = [self.figure_of(text, composer) for text in self.findings]
        for text, figure in zip(self.findings, figures, strict=True):
            if figure and figure.audience not in AUDIENCES["slides"]:
                problem = f"the slides do not have figure '{figure.figure.name}', and show no picture of it"
                composer.document.warnings.append(SourceError(problem, text.where, "name another, or show it there"))
        ids = [figure.id if figure else "" for figure in figures]
        cell = RecapCell([composer.fill(text) for text in self.findings], ids)
        composer.add_cell("recap", "", self.where, cell)

    def figure_of(self, text: Text, composer: Composer) -> NumberedFigure | None:
        """Return the first figure that a sentence refers to."""
        roles = (read_role(span, text.where.line, text.where.path) for span in spans_in(text.source) if span.name)
        names = (target for role in roles if role.name == "ref" for target in role.targets)
        figures = composer.plan.references.figures
        return next((figures[name] for name in names if name in figures), None)


@dataclass(frozen=True, slots=True)
class RecapCell(Cell):
    """What the cell of a recap says: its findings, and of each the id of the figure that it refers to, or nothing."""

    findings: Sequence[str] = markdown_field()
    figures: Sequence[str] = ()

    @property
    def lists_parts(self) -> bool:
        """Return whether it lists the parts: it does without findings."""
        return not self.findings

    @property
    def recalled(self) -> Sequence[str]:
        """Return the ids of the figures that slides show again."""
        return [figure for figure in self.figures if figure]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each finding with the id of its figure."""
        return zip(self.findings, self.figures, strict=True)

    def beside_picture(self, finding: str) -> str:
        """Return a finding as it stands beside its picture: without the reference with which it ends."""
        found = LAST_REFERENCE.search(finding)
        return finding[: found.start()] + found["end"] if found and found.start() else finding


CELL = RecapCell


def read(directive: Directive, read_blocks: ReadBlocks) -> PartsList | Findings:
    """Return the findings in the body, or the list of the parts if there is none."""
    if not directive.body.strip():
        return read_parts(directive, read_blocks)
    directive.allow()
    directive.take_no_argument()
    findings = read_findings(directive.without_comments().body_text)
    if not FEWEST <= len(findings) <= MOST:
        problem = f"a recap has {FEWEST} to {MOST} findings, not {len(findings)}"
        raise SourceError(problem, directive.where, "join some, or leave the least one away")
    return Findings(tuple(findings), directive.where)


def read_findings(body: Text) -> list[Text]:
    """Return the items of the list in `body`; raise SourceError for anything besides, and for one of two paragraphs."""
    lines, tokens = body.source.split("\n"), structure_parser().parse(body.source)
    outer = [at for at, token in enumerate(tokens) if not token.level and token.nesting >= 0]
    other = next((tokens[at] for at in outer if tokens[at].type not in LISTS or at), None)
    if other:
        raise SourceError("a recap is one list", body.where.below(other.map[0] if other.map else 0), FORM_HINT)
    items = item_texts(inside_of(tokens, 0), lines) if tokens else ()  # there may be nothing but a comment
    findings = [Text(text.strip(), body.where.below(line)) for line, text in items]
    for finding in findings:
        if not finding.source or [token.level for token in structure_parser().parse(finding.source)] != [0, 1, 0]:
            raise SourceError("a finding is one sentence or two, in one paragraph", finding.where, FORM_HINT)
    return findings
