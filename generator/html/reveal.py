"""Reads reveal.js from node_modules: its styles and scripts, and what its speaker view needs in the page's policy."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.errors import PageError
from generator.html.head import hash_source

NODE_MODULES: Final = Path("setup", "node_modules")  # in the project; `make setup` installs it from npm
_PACKAGE: Final = NODE_MODULES / "reveal.js" / "dist"
# The notes plugin opens a window and writes the speaker view into it, from one template literal of its source.
_VIEW: Final = re.compile(r"document\.write\(`(.*?)`\)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r'\sstyle="([^"]*)"')


@dataclass(frozen=True, slots=True)
class RevealAssets:
    """The files of reveal.js as texts; `view_*` belong to the speaker view, which inherits the deck's policy."""

    reset: str
    styles: str
    scripts: tuple[str, str]
    view_scripts: tuple[str, ...]
    view_styles: tuple[str, ...]
    view_attributes: tuple[str, ...]

    @property
    def directives(self) -> str:
        """Return the policy's directives for the speaker view: it has the deck in frames, and uses style attributes."""
        hashes = " ".join(hash_source(text) for text in sorted(set(self.view_attributes)))
        attributes = f"; style-src-attr 'unsafe-hashes' {hashes}" if hashes else ""
        return f"; frame-src 'self' file:{attributes}"


def read_reveal(project: Path) -> RevealAssets:
    """Return reveal.js from the project's node_modules; raises PageError if it is not installed."""
    folder = project / _PACKAGE
    try:
        reset = (folder / "reset.css").read_text(encoding="utf-8")
        styles = f"{reset}\n{(folder / 'reveal.css').read_text(encoding='utf-8')}"
        reveal = (folder / "reveal.js").read_text(encoding="utf-8")
        notes = (folder / "plugin" / "notes.js").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PageError("reveal.js is not installed", hint="run make setup") from error
    view = _speaker_view(notes)
    found = (tuple(rule.findall(view)) for rule in (_SCRIPT, _STYLE, _ATTRIBUTE))
    return RevealAssets(reset, styles, (reveal, notes), *found)


def printed_styles(width: int, height: int) -> tuple[str, str]:
    """Return the two style sheets that reveal.js inserts for `?print-pdf`, exactly: the policy lists their hashes."""
    return (
        f"@page{{size:{width}px {height}px; margin: 0px;}}",
        f".reveal section>img, .reveal section>video, .reveal section>iframe"
        f"{{max-width: {width}px; max-height:{height}px}}",
    )


def _speaker_view(notes: str) -> str:
    literal = _VIEW.search(notes)
    if literal is None:
        raise PageError("this version of reveal.js writes its speaker view in another way", hint="run make setup")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], literal[1])
