"""From a slide's blocks to the things that are drawn: what each kind of block looks like in a presentation."""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from generator.document import asset_name
from generator.errors import LectureError, PageError
from generator.export.formula_text import Run
from generator.export.formulas import mathml
from generator.export.frame import read_frames
from generator.export.markdown import plain
from generator.export.office.flow import Item
from generator.export.office.item import SMALL, TEXT, Card, Columns, Grid, Program, Still, Words
from generator.export.office.raster import rasterize
from generator.export.outline import Block, Outline, Slide
from generator.export.output import output_text
from generator.export.passage import Formula, Listing, Paragraph, Table, read_passages, read_runs
from generator.export.picture import Assets, read_picture
from generator.theme import Theme

PIXELS: Final = 1920  # the width of a picture that fills the slide
FORMULA: Final = 34.0  # the size of a formula's letters
_SIZE: Final = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
Result = TypeVar("Result")


class Writer:
    """Makes the items of a slide in the colors of its theme."""

    def __init__(self, outline: Outline, assets: Assets, theme: Theme, room: int) -> None:
        self.outline, self.assets, self.theme, self.room = outline, assets, theme, room

    def items(self, blocks: Sequence[Block], *, alone: bool = False) -> list[Item]:
        """Return what blocks become; `alone`: they are one figure that has a slide to itself. Raises PageError."""
        return [item for block in blocks for item in self.blame(block, lambda b=block: self.make(b, alone=alone))]  # type: ignore[misc]

    def blame(self, block: Block | Slide, write: Callable[[], Result]) -> Result:
        """Return what `write` returns; an error in it is blamed on the block's line."""
        try:
            return write()
        except LectureError as error:
            error.where = error.where or block.where
            raise

    def make(self, block: Block, *, alone: bool) -> list[Item]:
        """Return what one block becomes."""
        if block.kind == "figure":
            return [self.figure(block, alone=alone)]
        makers: dict[str, Callable[[Block], list[Item]]] = {
            "columns": self.columns, "code": self.code, "claim": self.claim, "exercise": self.exercise,
            "quiz": self.quiz, "agenda": self.agenda, "recap": self.agenda,
        }  # fmt: skip
        make = makers.get(block.kind)
        return make(block) if make else list(self.text(block.source))

    def text(self, source: str, size: float = TEXT) -> Iterator[Item]:
        """Yield what Markdown becomes: paragraphs as one text, and program text, tables and formulas between them."""
        paragraphs: list[Paragraph] = []
        for passage in [*read_passages(source), None]:
            if isinstance(passage, Paragraph):
                paragraphs.append(passage)
                continue
            if paragraphs:
                yield Words(tuple(paragraphs), size)
                paragraphs = []
            if isinstance(passage, Table):
                yield Grid(passage)
            elif isinstance(passage, Listing):
                yield Program(passage.source, passage.language, self.theme.surface, self.theme)
            elif isinstance(passage, Formula):
                yield self.formula(passage.latex)

    def formula(self, latex: str) -> Still:
        """Return a formula as a picture, its LaTeX as the words for it."""
        svg = draw_formula(mathml(latex, display=True), self.theme.ink)
        size = _SIZE.search(svg)
        if size is None:
            raise PageError("a formula was drawn without a size", hint="run make setup")
        width, height = float(size[1]), float(size[2])
        png = rasterize(svg.encode(), round(3 * width), self.theme.paper)
        return Still(png, latex.strip(), width, height, grows=False)

    def figure(self, block: Block, *, alone: bool) -> Still:
        """Return a figure: its film with the first picture as poster, where it has one to show, else its still."""
        name = self.outline.front.get("theme", "light")  # also on a slide of the opposite ground
        picture = read_picture(block, self.assets, theme=name, room=self.room)
        files = self.assets[asset_name(picture.id, name)]
        words = read_runs(picture.caption)
        caption = (Run(f"Figure {picture.number}. ", bold=True), *words) if words else ()
        shown = caption if not alone or picture.has_slack else ()
        if picture.film:
            film = files["film.mp4"]
            poster = read_frames(film, picture.marks[:1])[0]
            return Still(poster, f"Film: {picture.alt}", picture.width, picture.height, film, shown)
        return Still(rasterize(files["still.svg"], PIXELS), picture.alt, picture.width, picture.height, caption=shown)

    def columns(self, block: Block) -> list[Item]:
        """Return blocks side by side."""
        return [Columns([self.items(column) for column in block.columns])]

    def code(self, block: Block) -> list[Item]:
        """Return program text, its caption above and what it printed below."""
        theme, caption = self.theme, block.facts.get("caption")
        items: list[Item] = [Words([Paragraph(read_runs(caption))], 22, theme.muted)] if caption else []
        items.append(Program(block.source.strip("\n"), block.facts.get("language", "text"), theme.surface, theme))
        printed = [(output, output_text(output)) for output in block.outputs]
        for output, text in printed:
            if text:
                edge = theme.wrong if output["output_type"] == "error" else theme.output
                items.append(Card([Program(text, "text", theme.paper, theme, SMALL, (0, 0))], theme.paper, edge))
        return items

    def claim(self, block: Block) -> list[Item]:
        """Return a sentence that was measured, on a ground of its own."""
        if block.facts.get("holds", True):
            return [self.card("Measured", block.source, self.theme.output_tint, self.theme.output)]
        return [self.card("Not so in this quick build", block.source, self.theme.surface, self.theme.wrong)]

    def exercise(self, block: Block) -> list[Item]:
        """Return a task for the listeners."""
        return [self.card("Exercise", block.source, self.theme.surface, self.theme.kernel)]

    def card(self, label: str, source: str, ground: str, edge: str) -> Card:
        """Return text on a ground, under a label."""
        head = Words([Paragraph((Run(label.upper(), bold=True),))], 18, edge)
        return Card([head, *self.text(source)], ground, edge)

    def quiz(self, block: Block) -> list[Item]:
        """Return a question with its options; the answer is in the notes."""
        quiz: Any = block.facts["quiz"]
        options = [
            Paragraph(read_runs(option), 1, f"{letter}.")
            for letter, option in zip("ABCDEFGH", quiz["options"], strict=False)
        ]
        question = [
            Paragraph(tuple(replace(run, bold=True) for run in passage.runs))
            for passage in read_passages(block.source) if isinstance(passage, Paragraph)
        ]  # fmt: skip
        return [Words(question, 30), Words(options)]

    def agenda(self, block: Block) -> list[Item]:
        """Return the parts of the lecture, in an agenda with their minutes."""
        parts = []
        for at, part in enumerate(self.outline.titled, start=1):
            minutes = f"   {part.minutes:g} min" if block.kind == "agenda" and part.minutes else ""
            runs = (Run(plain(part.opening.title)), Run(minutes, color=self.theme.muted))
            parts.append(Paragraph(tuple(run for run in runs if run.text), 1, f"{at}."))
        return [Words(parts, 30)]


def draw_formula(markup: str, color: str) -> str:
    """Return MathML as SVG, drawn in this color."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library opens its font by an old way
        import ziamath
    return str(ziamath.Math(markup, size=FORMULA).svg()).replace('fill="black"', f'fill="{color}"')
