"""What authors write for other tools, and what to write here instead.

Pages would show it as it is written: the marks of other kinds of Markdown, of LaTeX and of reStructuredText.
"""

import re
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

# At the beginning of a line of a paragraph.
AT_LINE: Final[tuple[Habit, ...]] = (
    (re.compile(r"%+(?:\s|[A-Za-z]|$)"), "is no comment", r"write <!-- … -->, or \% for the sign"),
    (re.compile(r"(?:!!!|\?\?\?\+?)\s+\w"), "is no note", _NOTE),
    (re.compile(r"\.\. [\w-]+::"), "is no directive", "write three colons and braces, as in :::{notes}"),
)

# A command of LaTeX outside formulas, as it stands behind its backslash.
COMMANDS: Final = re.compile(r"(?:cite[tp]?|ref|eqref|autoref|cref|label|footnote|textbf|textit|emph|url|href)\*?[{\[]")
COMMANDS_HINT: Final = "write {cite}`key`, {ref}`name`, [^1], **bold**, *emphasis* or [words](https://…)"
