"""What the templates of `{code}` need: its outputs, as they can be shown."""

from typing import Any

from generator.document.outputs import shown_output
from generator.document.tree import PageBlock
from generator.html.figure import Assets


def variables(block: PageBlock, _: Assets) -> dict[str, Any]:
    """Return the variable `shown`: the outputs that pages show, each with its words if it is a picture."""
    found = [output for output in map(shown_output, block.outputs) if output and block.cell.show != "code"]
    pictures = [output for output in found if output.kind == "picture"]
    words = {id(picture): block.cell.words(number) for number, picture in enumerate(pictures)}
    return {"shown": [(output, words.get(id(output), "")) for output in found]}
