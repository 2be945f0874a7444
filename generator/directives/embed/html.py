"""What the templates of `{embed}` need: the file and its poster as addresses that load nothing."""

from base64 import b64encode
from typing import Any

from markupsafe import Markup

from generator.document.tree import PageBlock
from generator.html.figure import Assets


def variables(block: PageBlock, assets: Assets) -> dict[str, Any]:
    """Return the variables `media` and `poster`, each a data address; empty for what there is not."""
    files = assets[block.cell.id]
    poster = _address("image/jpeg", files["poster.jpeg"]) if "poster.jpeg" in files else ""
    return {"media": _address(block.cell.mime, files["media"]) if files["media"] else "", "poster": poster}


def _address(mime: str, content: bytes) -> Markup:
    return Markup(f"data:{mime};base64,{b64encode(content).decode()}")  # noqa: S704 - nothing in it ends an attribute
