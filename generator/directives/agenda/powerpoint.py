"""A list of the lecture's parts in a presentation."""

from dataclasses import replace

from generator.document.tree import PageBlock
from generator.formats.powerpoint.items import TextItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import Paragraph, Run, read_runs
from generator.formats.powerpoint.slides import ItemWriter
from generator.words import say


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the parts, in an agenda (not a recap) with their minutes."""
    parts = []
    for at, part in enumerate(writer.tree.titled, start=1):
        minutes = (
            "   " + say("{minutes} min", minutes=f"{part.minutes:g}") if block.kind == "agenda" and part.minutes else ""
        )
        words = tuple(replace(run, link="") for run in read_runs(part.opening.title))
        runs = (*words, Run(minutes, color=writer.theme.muted))
        parts.append(Paragraph(tuple(run for run in runs if run.text), 1, f"{at}."))
    return [TextItem(parts, 30)]
