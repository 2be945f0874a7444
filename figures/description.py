"""What a figure says in words: the text alternative, a sentence for each step, and the numbers a lecture may quote."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Description:
    """The words of one trace.

    alt:   the whole picture in one or two sentences, with its numbers, for who cannot see it.
    steps: one sentence a step, in the order of the film's marks and of the panels of `draw`.
    facts: numbers and short texts, nested by name, which `{value}` can put into prose (`shape.height`).
    """

    alt: str
    steps: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
