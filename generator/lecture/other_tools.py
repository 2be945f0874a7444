"""What authors write for other tools, and what to write here instead.

Pages would show it as it is written: the marks of other kinds of Markdown, of LaTeX and of reStructuredText.
"""

import re
from collections.abc import Mapping
from typing import Final

Habit = tuple[re.Pattern[str], str, str]  # a pattern, the problem, and a hint
_NOTE: Final = "write > **Note.** And the words, or :::{handout} for what the slide leaves away"

# In a run of plain text. Escaped characters are not in it, nor is what Markdown has understood.
IN_TEXT: Final[tuple[Habit, ...]] = (
    (re.compile(r"(?<![\w=])==(?=[^\s=])[^=]*[^\s=]==(?![\w=])"), "this is not marked", "write <mark>words</mark>"),
    (re.compile(r"(?<!\S)\[!\w+\]"), "there are no callouts", _NOTE),
    (re.compile(r"\[(?:[^\[\]]*[\s;-])?@\w[^\[\]]*\]"), "a work is not cited", "write {cite}`key`"),
    (re.compile(r"(?<![\w.@/])@(?:fig|eq|tbl|sec|lst)[-:]\w+"), "a reference is not understood", "write {ref}`name`"),
    (re.compile(r"(?<![\w\[])\[\[[^\W\d][^\[\]|,]*(?:\|[^\[\]]*)?\]\]"), "a link leads nowhere",
     "write [words](https://…), or {ref}`name` for a figure or a slide"),
    (re.compile(r"^\[TOC\]$", re.IGNORECASE), "there is no such list", "write :::{agenda} for a list of the parts"),
    (re.compile(r"(?<![\w:/.@-]):(?:[a-z][a-z0-9_-]*[a-z0-9]|[+-]1):(?![\w:/])"), "this is shown as it is",
     "write the emoji itself, a role as {ref}`name`, and options right below the first line of a directive"),
    (re.compile(r"(?<=\w)\^[^\s^]+\^(?!\w)"), "this is not raised", "write <sup>2</sup>, or a formula: $x^2$"),
    (re.compile(r"(?<=\w)~[^\s~]+~(?!~)"), "this is not lowered", "write <sub>2</sub>, or a formula: $x_2$"),
    (re.compile(r"\^\[[^\[\]]* [^\[\]]*\]"), "this is no footnote", "write [^1], and below it [^1]: its text"),
    (re.compile(r"\{:\s*[.#\w]"), "braces are not understood", r"only titles and images take them; write \{"),
)  # fmt: skip

# A paragraph that begins so is spoken in reveal.js; "Notes:" above a list is good English.
SPOKEN: Final[Habit] = (
    re.compile(r"Note:[ \t]*$|[Nn]otes?:[ \t]*\n"), "hides nothing from students",
    "write :::{notes} for what the speaker says, or **Note:** for the reader",
)  # fmt: skip

# At the beginning of a line of a paragraph.
AT_LINE: Final[tuple[Habit, ...]] = (
    (re.compile(r"%+(?:\s|[A-Za-z]|$)"), "is no comment", r"write <!-- … -->, or \% for the sign"),
    (re.compile(r"(?:!!!|\?\?\?\+?)\s+\w"), "is no note", _NOTE),
    (re.compile(r"\?\?\?$"), *SPOKEN[1:]),
    (re.compile(r"\.\. [\w-]+::"), "is no directive", "write three colons and braces, as in :::{notes}"),
    (re.compile(r":*：[:：]*\{"), "is no directive", "write three narrow colons, as in :::{notes}"),
    (re.compile(r"[•▪◦‣●○■](?:\s|$)"), "is no item", "begin it with - and a space"),
    (re.compile(r"--$"), "ends no slide", "write --- with empty lines around it"),
    (re.compile(r"\*\[[^\[\]]+\]:"), "explains no abbreviation", 'write <abbr title="the words">ABC</abbr>'),
    (re.compile(r"!(?:pip|conda|apt|apt-get|wget|curl|git) "), "is no command", "show it in a fence of ```"),
)

# A command of LaTeX outside formulas, as it stands behind its backslash.
COMMANDS: Final = re.compile(
    r"(?:cite[tp]?|ref|eqref|autoref|cref|label|footnote|textbf|textit|emph|url|href|note|only|uncover|onslide|alert)\*?[{\[<]"
    r"|(?:pause|newpage|clearpage|pagebreak|newline|item|maketitle|tableofcontents|centering)\b"
)
COMMANDS_HINT: Final = (
    "write {cite}`key`, {ref}`name`, [^1], **bold**, *emphasis*, [words](https://…), :::{notes}, or . . . for a pause"
)

# Directives of other tools, fences of code that others draw, and what to write instead.
_HIDDEN: Final = "to keep an answer back, use {quiz} or {solution}"
_COLUMNS: Final = "write :::{columns}, and +++ on a line of its own between the columns"
_EMBED: Final = "write :::{embed} and a file of the project or an address"
_CODE: Final = "write :::{code} for code that is run"
DRAWN: Final[Mapping[str, str]] = {
    "math": "write $$…$$, and $$…$$ (name) for an equation with a number",
    **dict.fromkeys(("mermaid", "graphviz", "plantuml"), "keep the drawing as an image: ![what it shows](name.svg)"),
}
DIRECTIVES: Final[Mapping[str, str]] = {
    **DRAWN,
    **dict.fromkeys(
        ("note", "tip", "hint", "important", "warning", "caution", "attention", "danger", "error", "admonition",
         "seealso", ".callout-note", ".callout-tip", ".callout-important", ".callout-warning", ".callout-caution"),
        _NOTE,
    ),
    **dict.fromkeys(("dropdown", "toggle", "spoiler", "details"), _HIDDEN),
    **dict.fromkeys(("tab-set", "tab-item", "grid", "grid-item", "card", ".columns", ".column"), _COLUMNS),
    **dict.fromkeys(("code-cell", "code-block", "python", "r", "julia", "bash"), _CODE),
    **dict.fromkeys(("video", "youtube", "iframe", "audio"), _EMBED),
    **dict.fromkeys(("toc", "contents", "tableofcontents"), "write :::{agenda} for a list of the parts"),
    "image": "write ![what it shows](folder/name.png)",
    "literalinclude": "write :::{code} and the path of a file",
    "bibliography": "the works that are cited are listed at the end of the pages",
}  # fmt: skip


def directive_hint(name: str) -> str:
    """Return what to write instead of a directive of another tool, such as `note`; empty for one that is not known."""
    return DIRECTIVES.get(re.split(r"[ ,]", name.strip())[0], "")
