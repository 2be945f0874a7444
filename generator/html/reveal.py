"""Reads reveal.js from node_modules: its styles and scripts, and what its speaker view needs in the page's policy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.errors import PageError
from generator.html.head import hash_source, squeeze_styles
from generator.roots import library_of
from generator.words import say_file

NODE_MODULES: Final = Path("setup", "node_modules")  # in the library; `make setup` installs it from npm
_PACKAGE: Final = NODE_MODULES / "reveal.js" / "dist"
# The notes plugin opens a window and writes the speaker view into it, from one template literal of its source.
# Before the plugin stands the Markdown parser for notes in Markdown, which pages have as HTML: two thirds of the file.
_PARSER: Final = re.compile(
    r"(?<=\(this,function\(\)\{).*(?=\(\)=>\{let e,t=null,n;function r\(\).*?t\.marked=\$,)", re.DOTALL
)
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
    """Return reveal.js from the node_modules of the project's library; raises PageError if it is not installed."""
    folder = library_of(project) / _PACKAGE
    try:
        reset = (folder / "reset.css").read_text(encoding="utf-8")
        styles = f"{reset}\n{(folder / 'reveal.css').read_text(encoding='utf-8')}"
        reveal = say_file("reveal.js/reveal.js", (folder / "reveal.js").read_text(encoding="utf-8"))
        notes = (folder / "plugin" / "notes.js").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PageError("reveal.js is not installed", hint="run make setup") from error
    notes = say_file("reveal.js/notes.js", _lean_notes(notes))
    view = _speaker_view(notes)
    found = (tuple(rule.findall(view)) for rule in (_SCRIPT, _STYLE, _ATTRIBUTE))
    return RevealAssets(reset, squeeze_styles(lean_styles(styles)), (reveal, notes), *found)


def printed_styles(width: int, height: int) -> tuple[str, str]:
    """Return the two style sheets that reveal.js inserts for `?print-pdf`, exactly: the policy lists their hashes."""
    return (
        f"@page{{size:{width}px {height}px; margin: 0px;}}",
        f".reveal section>img, .reveal section>video, .reveal section>iframe"
        f"{{max-width: {width}px; max-height:{height}px}}",
    )


def _lean_notes(notes: str) -> str:
    """Return the notes plugin without its Markdown parser, and without comments and indentation in its speaker view."""
    lean, found = _PARSER.subn("return ", notes)
    literal = _VIEW.search(lean)
    if not found or literal is None:
        raise PageError("this version of reveal.js has another notes plugin", hint="run make setup")
    lines = (line.strip() for line in re.sub(r"<!--.*?-->|/\*.*?\*/", "", literal[1], flags=re.DOTALL).split("\n"))
    view = "\n".join(line for line in lines if line and not line.startswith("// "))
    return lean.replace(literal[1], view).replace("t.marked=$,", "")


# What a rule of reveal.js is for that can hold nowhere in our decks: kinds of transitions, animated fragments, layouts,
# listings, previews and views that they do not use, and its own way to print.
_NEVER: Final = re.compile(
    r"data-(?:background-)?transition~?=(?!none)|data-transition-speed|data-controls-(?:layout|back-arrows)|data-preview"
    r"|\.reveal\.(?:slide|linear|default|convex|concave|zoom|cube|page|fade|center)\b|section\.stack|section>section"
    r"|\.fragment\.(?:grow|shrink|zoom|fade|semi|strike|current-visible|highlight|blur)|\.slide-background\.stack"
    r"|\.r-(?:stretch|fit|stack|vstack|hstack|media)|\.stretch|\.items-|\.justify-|\.hljs|\.roll\b|\.playback"
    r"|\.speaker-notes|\.show-notes|auto-animate|overlay-(?:preview|spinner|external)|jump-to-slide|parallax|\.zoomed"
    r"|reveal-scroll|scroll-mode|\.has-vertical-slides |embedded|:not\(\.print-pdf\)"
)


_COMMA: Final = re.compile(r",(?![^(]*\))")  # between two selectors


def lean_styles(styles: str) -> str:
    """Return style sheets of reveal.js without the rules that can hold nowhere in our decks."""
    return "".join(_lean_rule(head, body) for head, body in _rules(styles))


def _lean_rule(head: str, body: str) -> str:
    if head.startswith(("@media", "@supports")):
        inner = lean_styles(body)
        return f"{head}{{{inner}}}" if inner else ""
    if head.startswith("@"):
        return f"{head}{{{body}}}"
    kept = [selector for selector in _COMMA.split(head) if not _NEVER.search(selector)]
    return f"{','.join(kept)}{{{body}}}" if kept else ""


def _rules(styles: str) -> Iterator[tuple[str, str]]:
    """Yield the head and the body of each rule, comments apart."""
    text, at = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL), 0
    while (opened := text.find("{", at)) >= 0:
        depth, end = 1, opened
        while depth:
            end += 1
            depth += (text[end] == "{") - (text[end] == "}")
        yield text[at:opened].strip(), text[opened + 1 : end].strip()
        at = end + 1


def _speaker_view(notes: str) -> str:
    literal = _VIEW.search(notes)
    if literal is None:
        raise PageError("this version of reveal.js writes its speaker view in another way", hint="run make setup")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], literal[1])
