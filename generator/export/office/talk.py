"""A lecture as a presentation: which slides there are, and what stands on each, in the deck's own order and look."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from generator.export.formula_text import Run
from generator.export.markdown import plain
from generator.export.office.blocks import Writer
from generator.export.office.deck import Deck
from generator.export.office.flow import Box, draw_all
from generator.export.office.item import Words
from generator.export.office.ruler import shorten
from generator.export.office.sheet import Sheet
from generator.export.outline import Block, Outline, Slide
from generator.export.passage import Paragraph, read_runs, write_plain
from generator.export.picture import Assets
from generator.export.slides import SHAPES
from generator.theme import DARK, LIGHT, THEMES

FLOOR: Final = 664  # where a slide's text ends and its footer begins
LETTERS: Final = "ABCDEFGH"


def write_talk(outline: Outline, assets: Assets, works: Sequence[str]) -> bytes:
    """Return the presentation of a lecture as a file; `works` are those that it cites. Raises PageError."""
    shape = SHAPES[outline.front.get("aspect", "16:9")]
    theme = THEMES.get(outline.front.get("theme", "light"), LIGHT)
    talk = Talk(Deck(outline.front, theme, shape.width), outline, Writer(outline, assets, theme, shape.room))
    talk.open()
    for part in outline.parts:
        if part.number:
            talk.divide(part.opening, part.number)
        for slide in part.slides:
            talk.show(slide)
    for at in range(0, len(works), shape.works):
        talk.cite(works[at : at + shape.works])
    talk.close()
    return talk.deck.save()


class Talk:
    """Writes the slides of a lecture, one after the other."""

    def __init__(self, deck: Deck, outline: Outline, writer: Writer) -> None:
        self.deck, self.outline, self.writer = deck, outline, writer
        self.front, self.width = outline.front, deck.width

    def open(self) -> None:
        """Add the title slide."""
        sheet = self.deck.add((Run(self.front["title"]),), box=Box(96, 230, self.width - 192, 96), size=74)
        self.sign(sheet, 96, 72)
        muted = self.deck.theme.muted
        if self.front["subtitle"]:
            words = Words([Paragraph((Run(self.front["subtitle"]),))], 34, muted)
            draw_all(sheet, [words], Box(96, sheet.floor + 26, self.width - 192, max(60, 600 - sheet.floor)))
        minutes = f"{self.front['minutes']:g} min" if self.front["minutes"] else ""
        byline = " · ".join(filter(None, [self.front["author"], minutes]))
        draw_all(sheet, [Words([Paragraph((Run(byline),))], 24, muted)], Box(96, 620, self.width - 192, 44))

    def divide(self, opening: Slide, number: int) -> None:
        """Add the slide that begins a part, on the opposite ground."""
        theme = LIGHT if self.deck.theme is DARK else DARK
        sheet = self.deck.add(self.title_of(opening), theme, Box(96, 330, self.width - 192, 84), 64)
        self.sign(sheet, 96, 72)
        sheet.add_text(Box(96, 276, 200, 44), [Paragraph((Run(str(number), bold=True),))], 32, theme.muted)
        items = Writer(self.outline, self.writer.assets, theme, self.writer.room).items(opening.blocks)
        draw_all(sheet, items, Box(96, sheet.floor + 24, self.width - 192, FLOOR - sheet.floor - 24))
        self.finish(sheet, opening, part="")

    def show(self, slide: Slide) -> None:
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
        words = Words([Paragraph(read_runs(work)) for work in works], 22)
        draw_all(sheet, [words], Box(64, sheet.floor + 24, self.width - 128, FLOOR - sheet.floor - 24))
        self.foot(sheet, "", "")

    def close(self) -> None:
        """Add the last slide: what comes next, and what the numbers were made from."""
        following = self.front["next"]
        sheet = self.deck.add((Run(f"Next: {following['title']}" if following else "Thank you"),))
        lines = [Paragraph((Run(line),)) for line in self.front["provenance"]]
        muted = self.deck.theme.muted
        if lines:
            label = Words([Paragraph((Run("How these slides were made", bold=True),))], 20, muted)
            draw_all(sheet, [label, Words(lines, 20, muted)], Box(64, 140, self.width - 128, FLOOR - 140), 10)
        self.foot(sheet, "", "")

    def title_of(self, slide: Slide) -> tuple[Run, ...]:
        """Return a slide's title as runs."""
        return self.writer.blame(slide, lambda: read_runs(slide.title)) or (Run(plain(slide.title) or "…"),)

    def finish(self, sheet: Sheet, slide: Slide, part: str) -> None:
        """Add the footer and the notes."""
        self.foot(sheet, plain(part), str(slide.number))
        notes = "\n\n".join(self.notes_of(slide))
        if notes:
            sheet.slide.notes_slide.notes_text_frame.text = notes

    def foot(self, sheet: Sheet, part: str, number: str) -> None:
        """Add the footer: the lecture, the part, the slide's number."""
        words = shorten("  /  ".join(filter(None, [self.front["title"], part])), 18, self.width - 280)
        sheet.add_text(Box(64, 680, self.width - 280, 24), [Paragraph((Run(words),))], 18, sheet.theme.muted)
        if number:
            sheet.add_text(
                Box(self.width - 184, 680, 120, 24), [Paragraph((Run(number),))], 18, sheet.theme.muted, "right"
            )

    def sign(self, sheet: Sheet, left: float, top: float) -> None:
        """Add the course's mark: what goes in, what weighs it, what comes out."""
        for at, color in enumerate((sheet.theme.input, sheet.theme.kernel, sheet.theme.output)):
            sheet.add_area(Box(left + 40 * at, top, 28, 28), color)

    def notes_of(self, slide: Slide) -> Iterator[str]:
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


def flat(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks and those in their columns."""
    for block in blocks:
        yield block
        for column in block.columns:
            yield from flat(column)
