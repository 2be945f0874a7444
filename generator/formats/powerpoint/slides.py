"""Writes a lecture as a presentation: turns each block into items to draw, and adds the slides in the deck's order.

`ItemWriter` makes the items of blocks, with what their directives say of it, and `PresentationWriter` decides which
slides there are. Both follow the HTML deck.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final, TypeVar

from PIL import Image, ImageOps

from generator.document.tree import PageBlock, PageSlide, PageTree, with_nested
from generator.errors import LectureError, PageError
from generator.formats.powerpoint.deck import HEIGHT, Presentation
from generator.formats.powerpoint.draw import SlideCanvas, draw_clear, rasterize
from generator.formats.powerpoint.formulas import draw_formula
from generator.formats.powerpoint.items import (
    TEXT_SIZE,
    CardItem,
    CodeItem,
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
)
from generator.html.figure import Assets
from generator.html.formulas import mathml
from generator.html.titles import title_words
from generator.lecture.backgrounds import DIMMED
from generator.lecture.directive import find_form
from generator.lecture.nesting import indented
from generator.lecture.page_looks import NO_LOOKS, Looks
from generator.theme import DARK, LIGHT, SHAPES, THEMES, Theme
from generator.words import say

_SIZE: Final = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
BACKDROP_WIDTH: Final = 1920  # pixels of a drawing behind a slide
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ItemWriter:
    """Turns the blocks of a slide into items, in the colors of its theme; `room` is the width of a slide's figure."""

    tree: PageTree
    assets: Assets
    theme: Theme
    room: int

    def items(self, blocks: Sequence[PageBlock], *, alone: bool = False) -> list[Item]:
        """Return the items of blocks; `alone`: they are one figure with a slide to itself. Raises PageError."""
        return [item for block in blocks for item in self.blame(block, lambda b=block: self.make(b, alone=alone))]  # type: ignore[misc]

    def blame(self, block: PageBlock | PageSlide, write: Callable[[], Result]) -> Result:
        """Return what `write` returns; an error in it is reported at the block's line."""
        try:
            return write()
        except LectureError as error:
            error.where = error.where or block.where
            raise

    def make(self, block: PageBlock, *, alone: bool) -> list[Item]:
        """Return the items of one block: those that its directive makes, or else its text."""
        if block.kind in ("list", "quote"):
            return self.items(list(marked_blocks(block)))
        form = find_form(block.kind, "powerpoint")
        return list(form.items(block, self, alone=alone) if form else self.text(block.source))

    def text(self, source: str, size: float = TEXT_SIZE) -> Iterator[Item]:
        """Yield the items of Markdown: successive paragraphs as one text, and program text, tables and formulas."""
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
        """Return a formula as a picture, with its LaTeX as alternative text."""
        svg = draw_formula(mathml(latex, display=True), self.theme)
        size = _SIZE.search(svg)
        if size is None:
            raise PageError("a formula was drawn without a size", hint="run make setup")
        width, height = float(size[1]), float(size[2])
        png = rasterize(svg.encode(), round(3 * width), self.theme.paper)
        return PictureItem(png, latex.strip(), width, height, grows=False)

    def card(self, label: str, items: Iterable[Item], background: str, edge: str) -> CardItem:
        """Return a card with items under a label."""
        head = TextItem([Paragraph((Run(label.upper(), bold=True),))], 18, edge)
        return CardItem([head, *items], background, edge)


def theme_of(slide: PageSlide, usual: Theme) -> Theme:
    """Return the theme of a slide, on the color that it stands on."""
    return replace(THEMES[slide.theme], paper=slide.color or "#000000") if slide.theme else usual


def dim(image: str, ratio: float) -> bytes:
    """Return an image, a data address, as JPEG: as dark as behind the text of a deck, and cut to this ratio."""
    content = b64decode(image.partition(",")[2])
    if image.startswith("data:image/svg"):
        content = rasterize(content, BACKDROP_WIDTH)
    with Image.open(BytesIO(content)) as opened:
        cut = ImageOps.fit(opened.convert("RGB"), (BACKDROP_WIDTH, round(BACKDROP_WIDTH / ratio)))
    dimmed, stream = Image.blend(Image.new("RGB", cut.size, "black"), cut, DIMMED), BytesIO()
    dimmed.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def marked_blocks(group: PageBlock) -> Iterator[PageBlock]:
    """Yield the blocks of a list or a quote, with the marks of Markdown before the text of each item."""
    for number, item in enumerate(group.columns):
        marker = group.cell.marker(number) if group.kind == "list" else "> "
        for at, block in enumerate(item):
            is_marked = block.kind == "prose" and (at == 0 or group.kind == "quote")
            yield replace(block, source=indented(block.source, marker)) if is_marked else block


BOTTOM: Final = 664  # of a slide's text; the footer is below


def write_presentation(tree: PageTree, assets: Assets, works: Sequence[str], looks: Looks = NO_LOOKS) -> bytes:
    """Return a lecture as the bytes of a presentation; `works` are the entries of its references. Raises PageError."""
    shape = SHAPES[tree.front.get("aspect", "16:9")]
    theme = THEMES.get(tree.front.get("theme", "light"), LIGHT)
    writer = PresentationWriter(
        Presentation(tree.front, theme, shape.width), tree, ItemWriter(tree, assets, theme, shape.room), looks
    )
    writer.add_title()
    closes_before = next((part for part in tree.parts if part.is_appendix), None)
    for part in tree.parts:
        if part is closes_before:
            writer.add_closing()
        if part.number:
            writer.add_divider(part.opening, part.label)
        for slide in part.slides:
            writer.add_slide(slide)
    if closes_before is None:
        writer.add_closing()
    for at in range(0, len(works), shape.works):
        writer.add_references(works[at : at + shape.works])
    return writer.deck.save()


class PresentationWriter:
    """Adds the slides of a lecture to a presentation."""

    def __init__(self, deck: Presentation, tree: PageTree, item_writer: ItemWriter, looks: Looks = NO_LOOKS) -> None:
        self.deck, self.tree, self.item_writer, self.looks = deck, tree, item_writer, looks
        self.front, self.width = tree.front, deck.width
        self.title = title_words(self.front["title"], tags=False)

    def add_title(self) -> None:
        """Add the title slide."""
        canvas = self.deck.add((Run(self.title),), box=Box(96, 230, self.width - 192, 96), size=74)
        self.add_logo(canvas, 96, 72)
        self.add_own_logo(canvas, self.width - 96, 54, 64)
        muted = self.deck.theme.muted
        if self.front["subtitle"]:
            words = TextItem([Paragraph((Run(title_words(self.front["subtitle"], tags=False)),))], 34, muted)
            draw_all(canvas, [words], Box(96, canvas.title_end + 26, self.width - 192, max(60, 600 - canvas.title_end)))
        minutes = say("{minutes} min", minutes=f"{self.front['minutes']:g}") if self.front["minutes"] else ""
        byline = " · ".join(filter(None, [self.front["author"], minutes, self.front.get("edition")]))
        draw_all(canvas, [TextItem([Paragraph((Run(byline),))], 24, muted)], Box(96, 620, self.width - 192, 44))

    def add_closing(self) -> None:
        """Add the slide with the closing words of the course, if it has some."""
        if not self.looks.closing:
            return
        canvas = self.deck.add((Run(self.looks.closing),), box=Box(96, 230, self.width - 192, 96), size=64)
        self.add_logo(canvas, 96, 72)
        self.add_own_logo(canvas, self.width - 96, 54, 64)
        byline = " · ".join(filter(None, [self.front["author"], self.front.get("edition")]))
        words = TextItem([Paragraph((Run(byline),))], 24, self.deck.theme.muted)
        draw_all(canvas, [words] if byline else [], Box(96, 620, self.width - 192, 44))

    def add_divider(self, opening: PageSlide, label: str) -> None:
        """Add the slide that begins a part, in the opposite theme."""
        theme = theme_of(opening, LIGHT if self.deck.theme is DARK else DARK)
        canvas = self.deck.add(self.title_of(opening), theme, Box(96, 330, self.width - 192, 84), 64)
        self.add_ground(canvas, opening)
        self.add_logo(canvas, 96, 72)
        canvas.add_text(Box(96, 276, 200, 44), [Paragraph((Run(label, bold=True),))], 32, theme.muted)
        items = replace(self.item_writer, theme=theme).items(opening.blocks)
        draw_all(canvas, items, Box(96, canvas.title_end + 24, self.width - 192, BOTTOM - canvas.title_end - 24))
        self.add_footer_and_notes(canvas, opening, part="")

    def add_slide(self, slide: PageSlide) -> None:
        """Add a slide, after one with its question if it has one; a figure alone on it gets all the space there is."""
        if slide.question:
            self.add_question(slide)
        theme = theme_of(slide, self.deck.theme)
        canvas = self.deck.add(self.title_of(slide), theme)
        self.add_ground(canvas, slide)
        is_figure = slide.shape == "figure"
        left, gap, bottom = (20, 6, 672) if is_figure else (64, 24, BOTTOM)
        box = Box(left, canvas.title_end + gap, self.width - 2 * left, bottom - canvas.title_end - gap)
        writer = replace(self.item_writer, theme=theme)
        draw_all(canvas, writer.items(slide.blocks, alone=is_figure), box, 24)
        self.add_footer_and_notes(canvas, slide, part=slide.part)
        for block in with_nested(slide.blocks):
            form = find_form(block.kind, "powerpoint")
            for items in form.further(block, writer) if form and hasattr(form, "further") else ():
                self.add_further(slide, items)

    def add_further(self, slide: PageSlide, items: Sequence[Item]) -> None:
        """Add a slide with more of what a slide shows, under its title."""
        canvas = self.deck.add(self.title_of(slide), theme_of(slide, self.deck.theme))
        self.add_ground(canvas, slide)
        box = Box(20, canvas.title_end + 6, self.width - 40, 672 - canvas.title_end - 6)
        draw_all(canvas, items, box, 8)
        of = [say("Appendix") if slide.appendix else "", title_words(slide.part)]
        self.add_footer(canvas, "  /  ".join(dict.fromkeys(filter(None, of))), str(slide.number))

    def add_question(self, slide: PageSlide) -> None:
        """Add a slide with the question that the next one answers, and with what stands beside it from the start."""
        asked = slide.asked()
        if asked is None:
            raise PageError("a slide has a question, and nothing on it answers that", slide.where, "build it again")
        theme, (before, asking) = theme_of(slide, self.deck.theme), asked
        canvas = self.deck.add(self.item_writer.blame(slide, lambda: read_runs(slide.question)), theme)
        self.add_ground(canvas, slide)
        writer, form = replace(self.item_writer, theme=theme), find_form(asking.kind, "powerpoint")
        items = [*writer.items(before), *(form.asked(asking, writer) if form else ())]
        draw_all(canvas, items, Box(64, canvas.title_end + 24, self.width - 128, BOTTOM - canvas.title_end - 24), 24)
        self.add_footer_and_notes(canvas, slide, part=slide.part)

    def add_ground(self, canvas: SlideCanvas, slide: PageSlide) -> None:
        """Add the image that a slide stands on, if there is one; a color is its paper."""
        if slide.image:
            canvas.add_backdrop(Box(0, 0, self.width, HEIGHT), dim(slide.image, self.width / HEIGHT))

    def add_references(self, works: Sequence[str]) -> None:
        """Add a slide with some of the works that the lecture cites."""
        canvas = self.deck.add((Run(say("References")),))
        words = TextItem([Paragraph(read_runs(work)) for work in works], 22)
        draw_all(canvas, [words], Box(64, canvas.title_end + 24, self.width - 128, BOTTOM - canvas.title_end - 24))
        self.add_footer(canvas, "", "")

    def title_of(self, slide: PageSlide) -> tuple[Run, ...]:
        """Return the runs of a slide's title."""
        return self.item_writer.blame(slide, lambda: read_runs(slide.title)) or (Run(title_words(slide.title) or "…"),)

    def add_footer_and_notes(self, canvas: SlideCanvas, slide: PageSlide, part: str) -> None:
        """Add the footer and the notes."""
        of = [say("Appendix") if slide.appendix else "", title_words(part)]
        self.add_footer(canvas, "  /  ".join(dict.fromkeys(filter(None, of))), str(slide.number))
        notes = "\n\n".join(self.notes_of(slide))
        if notes:
            canvas.slide.notes_slide.notes_text_frame.text = notes

    def add_footer(self, canvas: SlideCanvas, part: str, number: str) -> None:
        """Add the footer: the lecture's title, the part, the slide's number."""
        room = self.width - 280 - (round(24 * self.looks.logo.ratio) if self.looks.logo else 0)
        words = shorten("  /  ".join(filter(None, [self.looks.footer or self.title, part])), 18, room)
        self.add_own_logo(canvas, self.width - (124 if number else 64), 678, 24, alt="")
        canvas.add_text(Box(64, 680, room, 24), [Paragraph((Run(words),))], 18, canvas.theme.muted)
        if number:
            canvas.add_text(
                Box(self.width - 184, 680, 120, 24), [Paragraph((Run(number),))], 18, canvas.theme.muted, "right"
            )

    def add_logo(self, canvas: SlideCanvas, left: float, top: float) -> None:
        """Add the logo: squares in the colors of input, kernel and output."""
        for at, color in enumerate((canvas.theme.input, canvas.theme.kernel, canvas.theme.output)):
            canvas.add_area(Box(left + 40 * at, top, 28, 28), color)

    def add_own_logo(
        self, canvas: SlideCanvas, right: float, top: float, height: float, alt: str | None = None
    ) -> None:
        """Add the course's logo, if it has one, with its right end there; `alt`: its words, if not the logo's own."""
        logo = self.looks.logo
        if logo is None:
            return
        is_dark = canvas.theme.name == "dark"
        box = Box(right - height * logo.ratio, top, height * logo.ratio, height)
        if is_dark and not logo.dark:
            canvas.add_area(Box(box.left - 4, top - 4, box.width + 8, height + 8), LIGHT.paper)
        image = (logo.dark if is_dark else "") or logo.light
        content = b64decode(image.partition(",")[2])
        if image.startswith("data:image/svg"):
            content = draw_clear(content, round(4 * box.width))
        canvas.add_picture(box, content, logo.alt if alt is None else alt)

    def notes_of(self, slide: PageSlide) -> Iterator[str]:
        """Yield the speaker notes: the author's, the answers to questions, the steps of figures."""
        for note in slide.notes:
            yield from self.item_writer.blame(note, lambda note=note: [*find_form(note.kind, "powerpoint").notes(note)])  # type: ignore[misc, union-attr]
        for block in with_nested(slide.blocks):
            form = find_form(block.kind, "powerpoint")
            yield from form.notes(block) if form and hasattr(form, "notes") else ()
