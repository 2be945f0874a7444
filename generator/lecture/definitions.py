"""Finds link definitions, `[label]: address`, that a lecture has twice, or that nothing in it refers to.

Markdown takes the first of two, and shows nothing of the other, nor of one that is not used.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.errors import SourceError, Where
from generator.lecture.places import Sources
from generator.lecture.syntax import Definitions, definition_places, definitions_of, spans_in


def find_second_definitions(env: Mapping[str, Any], sources: Sources) -> Iterator[SourceError]:
    """Yield an error for each definition of a label that is defined before; `env`: what the parser has collected.

    A label that leads to the same address each time is none: a text may be included twice.
    """
    known = {label: (address, title) for label, address, title in definitions_of(env)}
    seconds = env.get("duplicate_refs", ())
    unlike = [second for second in seconds if (second["href"], second["title"]) != known[second["label"]]]
    for label in dict.fromkeys(str(second["label"]) for second in unlike):
        (first, name), *others = places_of(label, sources)
        hint = f"it is defined at {first} too: keep one of the two"
        yield SourceError(f"the link '{name}' is defined twice", others[0][0] if others else first, hint)


def find_unused_definitions(definitions: Definitions, texts: Iterable[str], sources: Sources) -> Iterator[SourceError]:
    """Yield an error for each of the lecture's definitions that none of its `texts` refers to."""
    used = {span.reference for text in texts for span in spans_in(text, definitions)}
    for label in [label for label, _, _ in definitions if label not in used]:
        where, name = places_of(label, sources)[0]
        hint = f"write [words]{name} where it belongs, or leave it away; a comment is <!-- … -->"
        yield SourceError(f"nothing refers to the link '{name}'", where, hint)


def places_of(label: str, sources: Sources) -> list[tuple[Where, str]]:
    """Return the places at which a label seems to be defined, and how it is written there, in brackets.

    Where they cannot be told, it is the first line of the first file.
    """
    found = []
    for path, lines in sources.items():
        text = "\n".join(lines)
        for at in definition_places(text).get(label, []):
            where = Where(path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
            found.append((where, text[at : text.index("]", at) + 1]))
    return found or [(Where(next(iter(sources), ""), 1), f"[{label}]")]
