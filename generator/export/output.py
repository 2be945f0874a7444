"""What code printed, as text."""

import re
from collections.abc import Mapping
from typing import Any, Final

_COLOUR_CODE: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def output_text(output: Mapping[str, Any]) -> str:
    """Return a notebook output as plain text, a traceback as its last line; empty when it holds no text."""
    kind = output["output_type"]
    if kind == "stream":
        return _bare(output["text"])
    if kind == "error":
        return _bare(f"{output['ename']}: {output['evalue']}")
    return _bare(output["data"].get("text/plain", ""))


def _bare(text: str | list[str]) -> str:
    joined = text if isinstance(text, str) else "".join(text)
    return _COLOUR_CODE.sub("", joined).rstrip()
