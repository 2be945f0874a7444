"""Lists and quotes that hold directives: cuts out the texts of their items, which are read as texts of their own."""

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

LISTS: Final = ("bullet_list_open", "ordered_list_open")
CONTAINERS: Final = (*LISTS, "blockquote_open")
_ITEM: Final = re.compile(r"(?P<marker>\s*(?:[-+*]|\d{1,9}[.)]))(?P<gap>\s*)(?P<text>.*)")
_QUOTE: Final = re.compile(r"^ {0,3}> ?")


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
    first, *others = (line.expandtabs(4) for line in lines)
    match = _ITEM.match(first)
    if match is None:
        return "\n".join(lines)
    is_indented_code = len(match["gap"]) > 4 or not match["text"]
    width = len(match["marker"]) + (1 if is_indented_code else len(match["gap"]))
    return "\n".join([first[width:], *(line[min(width, len(line) - len(line.lstrip())) :] for line in others)])


def quote_text(quote: Token, lines: Sequence[str]) -> tuple[int, str]:
    """Return the text of a quote without its marks, and its first line, from 0."""
    first, last = quote.map or (0, 0)
    return first, "\n".join(_QUOTE.sub("", line) for line in lines[first:last])


def indented(text: str, marker: str) -> str:
    """Return `text` as an item of a list with this marker, such as `- ` or `1. `; for a quote, it is `> `."""
    others = marker if marker.startswith(">") else " " * len(marker)
    first, *rest = text.split("\n")
    return "\n".join([marker + first, *((others + line).rstrip() for line in rest)])
