"""From a slide's blocks to the things that are drawn: what each kind of block looks like in a presentation."""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from generator.document.tree import PageBlock, PageSlide, PageTree, asset_name
from generator.errors import LectureError, PageError
from generator.formats.powerpoint.deck import Presentation
from generator.formats.powerpoint.draw import SlideCanvas, rasterize
from generator.formats.powerpoint.items import (
    SMALL,
    TEXT,
    CardItem,
    CodeItem,
    ColumnsItem,
    PictureItem,
    TableItem,
    TextItem,
)
from generator.formats.powerpoint.measure import Box, Item, draw_all, shorten
from generator.formats.powerpoint.rich_text import (
    Formula,
    Listing,
    Paragraph,
    Run,
    Table,
    read_passages,
    read_runs,
    write_plain,
)
from generator.html.exporter import output_text
from generator.html.figure import Assets, read_frames, read_picture
from generator.html.markdown import mathml, plain
from generator.theme import DARK, LIGHT, SHAPES, THEMES, Theme

PIXELS: Final = 1920  # the width of a picture that fills the slide
FORMULA: Final = 34.0  # the size of a formula's letters
_SIZE: Final = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
Result = TypeVar("Result")


class ItemWriter:
    """Makes the items of a slide in the colors of its theme."""

    def __init__(self, tree: PageTree, assets: Assets, theme: Theme, room: int) -> None:
        self.tree, self.assets, self.theme, self.room = tree, assets, theme, room

    def items(self, blocks: Sequence[PageBlock], *, alone: bool = False) -> list[Item]:
        """Return what blocks become; `alone`: they are one figure that has a slide to itself. Raises PageError."""
        return [item for block in blocks for item in self.blame(block, lambda b=block: self.make(b, alone=alone))]  # type: ignore[misc]

    def blame(self, block: PageBlock | PageSlide, write: Callable[[], Result]) -> Result:
        """Return what `write` returns; an error in it is blamed on the block's line."""
        try:
            return write()
        except LectureError as error:
            error.where = error.where or block.where
            raise

    def make(self, block: PageBlock, *, alone: bool) -> list[Item]:
        """Return what one block becomes."""
        if block.kind == "figure":
            return [self.figure(block, alone=alone)]
        makers: dict[str, Callable[[PageBlock], list[Item]]] = {
            "columns": self.columns,
            "code": self.code,
            "claim": self.claim,
            "exercise": self.exercise,
            "quiz": self.quiz,
            "agenda": self.agenda,
            "recap": self.agenda,
        }
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
                yield TextItem(tuple(paragraphs), size)
                paragraphs = []
            if isinstance(passage, Table):
                yield TableItem(passage)
            elif isinstance(passage, Listing):
                yield CodeItem(passage.source, passage.language, self.theme.surface, self.theme)
            elif isinstance(passage, Formula):
                yield self.formula(passage.latex)

    def formula(self, latex: str) -> PictureItem:
        """Return a formula as a picture, its LaTeX as the words for it."""
        svg = draw_formula(mathml(latex, display=True), self.theme.ink)
        size = _SIZE.search(svg)
        if size is None:
            raise PageError("a formula was drawn without a size", hint="run make setup")
        width, height = float(size[1]), float(size[2])
        png = rasterize(svg.encode(), round(3 * width), self.theme.paper)
        return PictureItem(png, latex.strip(), width, height, grows=False)

    def figure(self, block: PageBlock, *, alone: bool) -> PictureItem:
        """Return a figure: its film with the first picture as poster, where it has one to show, else its still."""
        name = self.tree.front.get("theme", "light")  # also on a slide of the opposite ground
        picture = read_picture(block, self.assets, theme=name, room=self.room)
        files = self.assets[asset_name(picture.id, name)]
        words = read_runs(picture.caption)
        caption = (Run(f"Figure {picture.number}. ", bold=True), *words) if words else ()
        shown = caption if not alone or picture.has_slack else ()
        if picture.film:
            film = files["film.mp4"]
            poster = read_frames(film, picture.marks[:1])[0]
            return PictureItem(poster, f"Film: {picture.alt}", picture.width, picture.height, film, shown)
        return PictureItem(
            rasterize(files["still.svg"], PIXELS), picture.alt, picture.width, picture.height, caption=shown
        )

    def columns(self, block: PageBlock) -> list[Item]:
        """Return blocks side by side."""
        return [ColumnsItem([self.items(column) for column in block.columns])]

    def code(self, block: PageBlock) -> list[Item]:
        """Return program text, its caption above and what it printed below."""
        theme, caption = self.theme, block.facts.get("caption")
        items: list[Item] = [TextItem([Paragraph(read_runs(caption))], 22, theme.muted)] if caption else []
        items.append(CodeItem(block.source.strip("\n"), block.facts.get("language", "text"), theme.surface, theme))
        printed = [(output, output_text(output)) for output in block.outputs]
        for output, text in printed:
            if text:
                edge = theme.wrong if output["output_type"] == "error" else theme.output
                items.append(CardItem([CodeItem(text, "text", theme.paper, theme, SMALL, (0, 0))], theme.paper, edge))
        return items

    def claim(self, block: PageBlock) -> list[Item]:
        """Return a sentence that was measured, on a ground of its own."""
        if block.facts.get("holds", True):
            return [self.card("Measured", block.source, self.theme.output_tint, self.theme.output)]
        return [self.card("Not so in this quick build", block.source, self.theme.surface, self.theme.wrong)]

    def exercise(self, block: PageBlock) -> list[Item]:
        """Return a task for the listeners."""
        return [self.card("Exercise", block.source, self.theme.surface, self.theme.kernel)]

    def card(self, label: str, source: str, ground: str, edge: str) -> CardItem:
        """Return text on a ground, under a label."""
        head = TextItem([Paragraph((Run(label.upper(), bold=True),))], 18, edge)
        return CardItem([head, *self.text(source)], ground, edge)

    def quiz(self, block: PageBlock) -> list[Item]:
        """Return a question with its options; the answer is in the notes."""
        quiz: Any = block.facts["quiz"]
        options = [
            Paragraph(read_runs(option), 1, f"{letter}.")
            for letter, option in zip("ABCDEFGH", quiz["options"], strict=False)
        ]
        question = [
            Paragraph(tuple(replace(run, bold=True) for run in passage.runs))
            for passage in read_passages(block.source)
            if isinstance(passage, Paragraph)
        ]
        return [TextItem(question, 30), TextItem(options)]

    def agenda(self, block: PageBlock) -> list[Item]:
        """Return the parts of the lecture, in an agenda with their minutes."""
        parts = []
        for at, part in enumerate(self.tree.titled, start=1):
            minutes = f"   {part.minutes:g} min" if block.kind == "agenda" and part.minutes else ""
            runs = (Run(plain(part.opening.title)), Run(minutes, color=self.theme.muted))
            parts.append(Paragraph(tuple(run for run in runs if run.text), 1, f"{at}."))
        return [TextItem(parts, 30)]


def draw_formula(markup: str, color: str) -> str:
    """Return MathML as SVG, drawn in this color."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library opens its font by an old way
        import ziamath
    return str(ziamath.Math(markup, size=FORMULA).svg()).replace('fill="black"', f'fill="{color}"')


FLOOR: Final = 664  # where a slide's text ends and its footer begins
LETTERS: Final = "ABCDEFGH"


# A lecture as a presentation: which slides there are, and what stands on each, in the deck's own order and look.


def write_presentation(tree: PageTree, assets: Assets, works: Sequence[str]) -> bytes:
    """Return the presentation of a lecture as a file; `works` are those that it cites. Raises PageError."""
    shape = SHAPES[tree.front.get("aspect", "16:9")]
    theme = THEMES.get(tree.front.get("theme", "light"), LIGHT)
    talk = PresentationWriter(
        Presentation(tree.front, theme, shape.width), tree, ItemWriter(tree, assets, theme, shape.room)
    )
    talk.open()
    for part in tree.parts:
        if part.number:
            talk.divide(part.opening, part.number)
        for slide in part.slides:
            talk.show(slide)
    for at in range(0, len(works), shape.works):
        talk.cite(works[at : at + shape.works])
    talk.close()
    return talk.deck.save()


class PresentationWriter:
    """Writes the slides of a lecture, one after the other."""

    def __init__(self, deck: Presentation, tree: PageTree, writer: ItemWriter) -> None:
        self.deck, self.tree, self.writer = deck, tree, writer
        self.front, self.width = tree.front, deck.width

    def open(self) -> None:
        """Add the title slide."""
        sheet = self.deck.add((Run(self.front["title"]),), box=Box(96, 230, self.width - 192, 96), size=74)
        self.sign(sheet, 96, 72)
        muted = self.deck.theme.muted
        if self.front["subtitle"]:
            words = TextItem([Paragraph((Run(self.front["subtitle"]),))], 34, muted)
            draw_all(sheet, [words], Box(96, sheet.floor + 26, self.width - 192, max(60, 600 - sheet.floor)))
        minutes = f"{self.front['minutes']:g} min" if self.front["minutes"] else ""
        byline = " · ".join(filter(None, [self.front["author"], minutes]))
        draw_all(sheet, [TextItem([Paragraph((Run(byline),))], 24, muted)], Box(96, 620, self.width - 192, 44))

    def divide(self, opening: PageSlide, number: int) -> None:
        """Add the slide that begins a part, on the opposite ground."""
        theme = LIGHT if self.deck.theme is DARK else DARK
        sheet = self.deck.add(self.title_of(opening), theme, Box(96, 330, self.width - 192, 84), 64)
        self.sign(sheet, 96, 72)
        sheet.add_text(Box(96, 276, 200, 44), [Paragraph((Run(str(number), bold=True),))], 32, theme.muted)
        items = ItemWriter(self.tree, self.writer.assets, theme, self.writer.room).items(opening.blocks)
        draw_all(sheet, items, Box(96, sheet.floor + 24, self.width - 192, FLOOR - sheet.floor - 24))
        self.finish(sheet, opening, part="")

    def show(self, slide: PageSlide) -> None:
        """Add a slide: a lone figure takes all the room there is."""
        sheet = self.deck.add(self.title_of(slide))
        is_figure = slide.shape == "figure"
        left, gap, floor = (20, 6, 672) if is_figure else (64, 24, FLOOR)
        box = Box(left, sheet.floor + gap, self.width - 2 * left, floor - sheet.floor - gap)
        draw_all(sheet, self.writer.items(slide.blocks, alone=is_figure), box, 24)
        self.finish(sheet, slide, part=slide.part)

    def cite(self, works: Sequence[str]) -> None:
        """Add a slide with works that the lecture cites."""
        sheet = self.deck.add((Run("References"),))
        words = TextItem([Paragraph(read_runs(work)) for work in works], 22)
        draw_all(sheet, [words], Box(64, sheet.floor + 24, self.width - 128, FLOOR - sheet.floor - 24))
        self.foot(sheet, "", "")

    def close(self) -> None:
        """Add the last slide: what comes next, and what the numbers were made from."""
        following = self.front["next"]
        sheet = self.deck.add((Run(f"Next: {following['title']}" if following else "Thank you"),))
        lines = [Paragraph((Run(line),)) for line in self.front["provenance"]]
        muted = self.deck.theme.muted
        if lines:
            label = TextItem([Paragraph((Run("How these slides were made", bold=True),))], 20, muted)
            draw_all(sheet, [label, TextItem(lines, 20, muted)], Box(64, 140, self.width - 128, FLOOR - 140), 10)
        self.foot(sheet, "", "")

    def title_of(self, slide: PageSlide) -> tuple[Run, ...]:
        """Return a slide's title as runs."""
        return self.writer.blame(slide, lambda: read_runs(slide.title)) or (Run(plain(slide.title) or "…"),)

    def finish(self, sheet: SlideCanvas, slide: PageSlide, part: str) -> None:
        """Add the footer and the notes."""
        self.foot(sheet, plain(part), str(slide.number))
        notes = "\n\n".join(self.notes_of(slide))
        if notes:
            sheet.slide.notes_slide.notes_text_frame.text = notes

    def foot(self, sheet: SlideCanvas, part: str, number: str) -> None:
        """Add the footer: the lecture, the part, the slide's number."""
        words = shorten("  /  ".join(filter(None, [self.front["title"], part])), 18, self.width - 280)
        sheet.add_text(Box(64, 680, self.width - 280, 24), [Paragraph((Run(words),))], 18, sheet.theme.muted)
        if number:
            sheet.add_text(
                Box(self.width - 184, 680, 120, 24), [Paragraph((Run(number),))], 18, sheet.theme.muted, "right"
            )

    def sign(self, sheet: SlideCanvas, left: float, top: float) -> None:
        """Add the course's mark: what goes in, what weighs it, what comes out."""
        for at, color in enumerate((sheet.theme.input, sheet.theme.kernel, sheet.theme.output)):
            sheet.add_area(Box(left + 40 * at, top, 28, 28), color)

    def notes_of(self, slide: PageSlide) -> Iterator[str]:
        """Yield what the speaker reads: the notes, the answers to questions, the steps of films."""
        for note in slide.notes:
            yield self.writer.blame(note, lambda note=note: write_plain(note.source))  # type: ignore[misc]
        for block in flat(slide.blocks):
            if block.kind == "quiz":
                quiz: Any = block.facts["quiz"]
                yield f"Answer: {LETTERS[quiz['answer']]}. {write_plain(quiz['explanation'])}"
            elif block.kind == "figure" and block.facts["figure"]["steps"]:
                steps = block.facts["figure"]["steps"]
                yield "\n".join(["Step by step:", *(f"{at}. {step}" for at, step in enumerate(steps, start=1))])


def flat(blocks: Sequence[PageBlock]) -> Iterator[PageBlock]:
    """Yield blocks and those in their columns."""
    for block in blocks:
        yield block
        for column in block.columns:
            yield from flat(column)
