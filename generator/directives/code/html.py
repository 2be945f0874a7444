"""What the templates of `{code}` need: its outputs, as they can be shown."""

from typing import Any

from generator.directives.code import shown_outputs
from generator.document.tree import PageBlock
from generator.html.figure import Assets


def variables(block: PageBlock, _: Assets) -> dict[str, Any]:
    """Return the variable `shown`: the outputs that pages show, each with its words if it is a picture."""
    return {"shown": shown_outputs(block)}
