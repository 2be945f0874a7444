"""Lists and quotes that hold directives: cuts out the texts of their items, which are read as texts of their own."""

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

LISTS: Final = ("bullet_list_open", "ordered_list_open")
CONTAINERS: Final = (*LISTS, "blockquote_open")
_ITEM: Final = re.compile(r"(?P<marker>[ \t]*(?:[-+*]|\d{1,9}[.)]))(?P<gap>[ \t]*)(?P<text>.*)")
_QUOTE: Final = re.compile(r"(?P<mark> {0,3}>)(?P<gap>[ \t]*)(?P<text>.*)")
TAB: Final = 4  # columns; a tab reaches to the next multiple of it
BOXES: Final = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def inside_of(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    """Return the tokens inside the container that tokens[at] opens."""
    opening = tokens[at]
    end = next(place for place in range(at + 1, len(tokens)) if tokens[place].level == opening.level)
    return tokens[at + 1 : end]


def holds_directive(tokens: Sequence[Token]) -> bool:
    """Return whether a directive is among `tokens`."""
    return any(token.type == "colon_fence" and token.info.strip().startswith("{") for token in tokens)


def item_texts(inside: Sequence[Token], lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the text of each item of a list, without its marker and its indentation, and its first line, from 0.

    inside: the tokens inside the list, of the text in `lines`.
    """
    items = [token for token in inside if token.type == "list_item_open" and token.level == inside[0].level]
    return [(item.map[0], item_text(lines[item.map[0] : item.map[1]])) for item in items if item.map]


def item_text(lines: Sequence[str]) -> str:
    """Return the text of one item, in `lines`; text goes on in it without indentation, too, as in all Markdown."""
    match = _ITEM.match(lines[0])
    if match is None:
        return "\n".join(lines)
    lead = (match["marker"] + match["gap"]).expandtabs(TAB)
    gap = len(lead) - len(match["marker"].expandtabs(TAB))
    is_indented_code = gap > TAB or not match["text"]
    width = len(lead) - gap + 1 if is_indented_code else len(lead)
    return "\n".join([lead[width:] + match["text"], *(without_columns(line, width) for line in lines[1:])])


def without_columns(line: str, width: int) -> str:
    """Return a line without its first `width` columns, or without all of its indentation if that is less.

    Tabs behind these columns stay, as in code, if each still reaches to the same column; else they become spaces.
    """
    text = line.lstrip(" \t")
    lead = line[: len(line) - len(text)]
    ends = (end for end in range(len(lead) + 1) if len(lead[:end].expandtabs(TAB)) == width)
    if width % TAB == 0 and (end := next(ends, None)) is not None:
        return line[end:]
    return lead.expandtabs(TAB)[width:] + text


def quote_text(quote: Token, lines: Sequence[str]) -> tuple[int, str]:
    """Return the text of a quote without its marks, and its first line, from 0."""
    first, last = quote.map or (0, 0)
    return first, "\n".join(without_mark(line) for line in lines[first:last])


def without_mark(line: str) -> str:
    """Return the line of a quote without its mark and the space behind it; text goes on in it without a mark, too."""
    match = _QUOTE.fullmatch(line)
    if match is None:
        return line
    return (match["mark"] + match["gap"]).expandtabs(TAB)[len(match["mark"]) + 1 :] + match["text"]


def with_box(text: str) -> str:
    """Return the text of an item with the box drawn with which an item of a task list begins, `[ ]` or `[x]`."""
    return BOXES.get(text[:4], text[:4]) + text[4:]


def indented(text: str, marker: str) -> str:
    """Return `text` as an item of a list with this marker, such as `- ` or `1. `; for a quote, it is `> `."""
    others = marker if marker.startswith(">") else " " * len(marker)
    first, *rest = text.split("\n")
    return "\n".join([marker + first, *((others + line).rstrip() for line in rest)])
