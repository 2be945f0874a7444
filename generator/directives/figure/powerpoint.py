"""A figure in a presentation: a film with its first mark as poster, or the still."""

from collections.abc import Iterator

from generator.directives.figure.asking import LETTERS
from generator.document.tree import PageBlock, asset_name
from generator.formats.powerpoint.draw import rasterize
from generator.formats.powerpoint.items import ColumnsItem, PictureItem, TextItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import Paragraph, Run, read_runs
from generator.formats.powerpoint.slides import ItemWriter
from generator.html.figure import read_picture, read_stops
from generator.html.varied import ShownState
from generator.words import say

PIXEL_WIDTH = 1920  # of a picture that fills the slide
SMALL_WIDTH = 800  # of one among others
FEW = 4  # small pictures that stand two by two


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:
    """Return the figure: its film, if it shows one, with the frame at the first mark as poster; else its still."""
    name = writer.tree.front.get("theme", "light")  # also on a slide with the opposite theme
    picture = read_picture(block, writer.assets, theme=name, room=writer.room)
    files = writer.assets[asset_name(picture.id, name)]
    words = read_runs(picture.caption)
    caption = (Run(f"{say('Figure {number}.', number=picture.number)} ", bold=True), *words) if words else ()
    visible = caption if not alone or picture.has_slack else ()
    if picture.film:
        film = files["film.mp4"]
        poster = read_stops(picture.stops[:1])[0]
        return [
            PictureItem(poster, say("Film: {words}", words=picture.alt), picture.width, picture.height, film, visible)
        ]
    png = rasterize(files["still.svg"], PIXEL_WIDTH)
    return [PictureItem(png, picture.alt, picture.width, picture.height, caption=visible)]


def asked(block: PageBlock, writer: ItemWriter) -> list[Item]:
    """Return what stands below the figure's question on the slide before it: the choices, and the picture beside it."""
    name = writer.tree.front.get("theme", "light")
    picture, cell = read_picture(block, writer.assets, theme=name, room=writer.room), block.cell
    lines = [Paragraph(read_runs(text), 1, f"{letter}.") for letter, text in zip(LETTERS, cell.choices, strict=False)]
    choices = [TextItem(lines, 28 if picture.before else 34)] if lines else []
    if not picture.before:
        return [*choices]
    png = rasterize(picture.before_svg, PIXEL_WIDTH)
    return [*choices, PictureItem(png, cell.before["alt"], picture.width, picture.height)]


def further(block: PageBlock, writer: ItemWriter) -> Iterator[list[Item]]:
    """Yield what stands on the slides after the figure's: of one that varies, its states, small."""
    name = writer.tree.front.get("theme", "light")
    varied = read_picture(block, writer.assets, theme=name, room=writer.room).varied
    for states in varied.pages if varied else ():
        columns = min(3, len(states)) if len(states) > FEW else 2
        rows = [states[at : at + columns] for at in range(0, len(states), columns)]
        yield [ColumnsItem([[small_item(state)] for state in row] + [[]] * (columns - len(row))) for row in rows]


def small_item(state: ShownState) -> PictureItem:
    """Return the small picture of a state, with what is chosen in it."""
    png = rasterize(state.svg, SMALL_WIDTH)
    return PictureItem(png, state.alt, state.width, state.height, caption=(Run(state.words),))


def notes(block: PageBlock) -> Iterator[str]:
    """Yield which choice is right, if that is said, and the sentences of the figure's steps, if it has any."""
    if block.cell.right:
        yield say("Answer: {answer}", answer=block.cell.right)
    if block.cell.steps:
        yield "\n".join([say("Step by step:"), *(f"{at}. {step}" for at, step in enumerate(block.cell.steps, start=1))])
