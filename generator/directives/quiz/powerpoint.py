"""A quiz in a presentation: the answer goes into the notes."""

from collections.abc import Iterator
from dataclasses import replace

from generator.directives.quiz import LETTERS
from generator.document.tree import PageBlock
from generator.formats.powerpoint.items import TextItem
from generator.formats.powerpoint.measure import Item
from generator.formats.powerpoint.rich_text import Paragraph, read_passages, read_runs, write_plain
from generator.formats.powerpoint.slides import ItemWriter
from generator.words import say


def items(block: PageBlock, writer: ItemWriter, *, alone: bool) -> list[Item]:  # noqa: ARG001 - as every form
    """Return the question with its options."""
    options = [
        Paragraph(read_runs(option), 1, f"{letter}.")
        for letter, option in zip(LETTERS, block.cell.options, strict=False)
    ]
    question = [
        Paragraph(tuple(replace(run, bold=True) for run in passage.runs))
        for passage in read_passages(block.source)
        if isinstance(passage, Paragraph)
    ]
    return [TextItem(question, 30), TextItem(options)]


def notes(block: PageBlock) -> Iterator[str]:
    """Yield the answer with its explanation, and what is said to who chose each option."""
    yield f"{say('Answer: {answer}', answer=block.cell.letter)}. {write_plain(block.cell.explanation)}"
    if block.cell.replies:
        yield "\n".join(f"{letter}: {write_plain(text)}" for letter, text in block.cell.replies)
