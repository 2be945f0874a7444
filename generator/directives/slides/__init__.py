"""`{slides}`: blocks that stand on the slides and not in the handout."""

from generator.lecture.blocks import Only
from generator.lecture.directive import Directive, ReadBlocks, read_audience

CELL = None


def read(directive: Directive, read_blocks: ReadBlocks) -> Only:
    """Return the blocks; raise SourceError for blocks among them that no page would show."""
    return Only("slides", read_audience("slides", directive, read_blocks), directive.where)
