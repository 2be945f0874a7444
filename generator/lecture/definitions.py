"""Finds link definitions, `[label]: address`, that a lecture has twice, or that nothing in it refers to.

Markdown takes the first of two, and shows nothing of the other, nor of one that is not used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.errors import SourceError, Where
from generator.lecture.syntax import Definitions, definition_places, spans_in


def find_second_definitions(env: Mapping[str, Any], source: Sequence[str], path: str) -> Iterator[SourceError]:
    """Yield an error for each definition of a label that is defined before; `env`: what the parser has collected."""
    for label in dict.fromkeys(str(second["label"]) for second in env.get("duplicate_refs", ())):
        first, *others = places_of(label, source, path)
        hint = f"it is defined on line {first.line} too: keep one of the two"
        yield SourceError(f"the link '{name_of(label, source)}' is defined twice", (others or [first])[0], hint)


def find_unused_definitions(
    definitions: Definitions, texts: Iterable[str], source: Sequence[str], path: str
) -> Iterator[SourceError]:
    """Yield an error for each of the lecture's definitions that none of its `texts` refers to."""
    used = {span.reference for text in texts for span in spans_in(text, definitions)}
    for label in [label for label, _, _ in definitions if label not in used]:
        name = name_of(label, source)
        hint = f"write [words]{name} where it belongs, or leave it away; a comment is <!-- … -->"
        yield SourceError(f"nothing refers to the link '{name}'", places_of(label, source, path)[0], hint)


def places_of(label: str, source: Sequence[str], path: str) -> list[Where]:
    """Return the places at which `label` seems to be defined; the first line, if they cannot be told."""
    text = "\n".join(source)
    found = definition_places(text).get(label, [])
    return [Where(path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) for at in found] or [Where(path, 1)]


def name_of(label: str, source: Sequence[str]) -> str:
    """Return a label in brackets as it is written."""
    text = "\n".join(source)
    found = definition_places(text).get(label)
    return text[found[0] : text.index("]", found[0]) + 1] if found else f"[{label}]"
