"""`{handout}`: blocks that stand in the handout and not on the slides."""

from generator.lecture.blocks import Only
from generator.lecture.directive import Directive, ReadBlocks, read_audience

CELL = None


def read(directive: Directive, read_blocks: ReadBlocks) -> Only:
    """Return the blocks; raise SourceError for blocks among them that no page would show."""
    return Only("handout", read_audience("handout", directive, read_blocks), directive.where)
