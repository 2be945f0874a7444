"""Headings: their titles, and what stands in braces behind them, such as `{#my-slide minutes=3}`."""

import re
from typing import Any

from generator.errors import SourceError, Where, suggest

# Braces at the end of a heading; with a backslash before one of them they are text.
ATTRIBUTES = re.compile(r"(?<!\\)\{(?P<fields>(?:[^{}\\]|\\[^{}])*)\}$")
UNCLOSED = re.compile(r"(?<!\\)\{[#.\w][^{}`$]*$")
BRACES_HINT = "write for example {minutes=3}, or \\{ for a brace in the title"
NAME = re.compile(r"(?<!\S)#(\S+)")
FIELD = re.compile(r'(?:[^\s"]|"[^"]*")+')  # a value in double quotes may hold spaces
KNOWN = ("minutes", "answers", "background", "appendix", "given")


def split_heading(text: str, where: Where) -> tuple[str, str]:
    """Return the title in the `text` of a heading, and what stands in braces behind it; raise SourceError for two."""
    match = ATTRIBUTES.search(text)
    title = text[: match.start()].rstrip() if match else text
    if extra := ATTRIBUTES.search(title) if match else UNCLOSED.search(title):
        problem = "has a second pair of braces" if match else "opens a brace that is never closed"
        raise SourceError(f"the heading {problem}: '{extra[0]}'", where, BRACES_HINT)
    if match and not match["fields"].strip():
        raise SourceError("the braces behind the heading are empty", where, BRACES_HINT)
    return title, match["fields"] if match else ""


def read_attributes(text: str, where: Where) -> tuple[str, dict[str, Any]]:
    """Return what stands in the braces behind a heading, such as `#my-slide minutes=3 answers=1,2`.

    It is the name of the slide, which may be empty, and a dict of `minutes`, a number or None, `answers`, a tuple of
    marks, `background` and `given`, as written, and `appendix`, whether it is yes. Raises SourceError for anything
    else, and for minutes that are not a number.
    """
    found: dict[str, str] = {}
    for written in FIELD.findall(text):
        name, value = read_attribute(written, where)
        if name in found:
            raise SourceError(f"the heading has '{name}' twice", where, "keep one of the two")
        found[name] = value
    if "minutes" in found and not re.fullmatch(r"\d+(\.\d+)?", found["minutes"]):
        raise SourceError(f"'{found['minutes']}' is not a number of minutes", where, "write for example {minutes=3}")
    minutes = float(found["minutes"]) if "minutes" in found else None
    answers = tuple(filter(None, found.get("answers", "").split(",")))
    background = found.get("background", "")
    if (appendix := found.get("appendix", "no")) not in ("yes", "no"):
        raise SourceError(f"'appendix' is yes or no, not '{appendix}'", where, "write # Appendix {appendix=yes}")
    return found.get("#", ""), {
        "minutes": minutes,
        "answers": answers,
        "background": background,
        "appendix": appendix == "yes",
        "given": found.get("given", ""),
    }


def read_attribute(field: str, where: Where) -> tuple[str, str]:
    """Return the name and the value of one attribute of a heading; raise SourceError if a heading has none such."""
    name, equals, value = field.partition("=")
    if field.startswith("#") and len(field) > 1:
        return "#", field[1:]
    if field.startswith("."):
        hint = "break the slide with ---, or put less on it; all slides look alike"
        raise SourceError(f"a heading has no classes, such as '{field}'", where, hint)
    if not re.fullmatch(r"[\w-]+", name) or not equals:
        raise SourceError(f"'{field}' behind the heading is not understood", where, BRACES_HINT)
    if name not in KNOWN:
        raise SourceError(f"a heading has no '{name}'", where, suggest(name, list(KNOWN)))
    if not value.strip('"'):
        raise SourceError(f"'{field}' behind the heading says nothing", where, f"write it, or leave {name}= away")
    return name, value.strip('"')


def names_of(text: str) -> tuple[str, ...]:
    """Return what a heading of this text can be called: its title and, if it has one, its `{#name}`."""
    match = ATTRIBUTES.search(text)
    title = text[: match.start()].rstrip() if match else text
    name = NAME.search(match["fields"]) if match else None
    return (title, name[1]) if name else (title,)
