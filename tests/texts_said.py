"""Finds what our sources say: each text that stands in a call of `say`, in templates and in the generator."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from generator.directives.convolution_explorer import __file__ as explorer
from generator.directives.embed import WORDS
from generator.document import verdicts
from generator.formats import find_formats
from generator.lecture import references

GENERATOR = Path(explorer).parents[2]
SAID = re.compile(r"\{[{%](?:(?!\{[{%]|[}%]\}).)*?\|\s*say\b.*?[}%]\}", re.DOTALL)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'')
# What is not written where it is said: names of buttons, legends of controls, and tables.
ELSEWHERE = (
    "Max", "Average", "Stride", "Padding", "Window", "Exercises", "Exercises with solutions", *WORDS.values(), *verdicts.COMPARED.values(),
    *(text for pair in verdicts.NOTES.values() for text in pair), verdicts.ALL_ABOVE, verdicts.ALL_BELOW,
    verdicts.RULE_OF_CHANCE, verdicts.RULE_OF_DATA, verdicts.RULE_OF_OVERLAPS,
    *references.FIGURES.values(), *references.EQUATIONS.values(),
)  # fmt: skip


def texts_said() -> set[str]:
    """Return every text in English that templates and the generator say."""
    labels = {output_format.label for output_format in find_formats() if output_format.label}
    return {*in_templates(), *in_python(), *ELSEWHERE, *labels}


def in_templates() -> Iterator[str]:
    """Yield what stands before `| say` in templates: a text, or one of two in parentheses."""
    for path in GENERATOR.rglob("*.j2"):
        for found in SAID.finditer(path.read_text(encoding="utf-8")):
            for part in re.split(r"\|\s*say\b(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?", found[0])[:-1]:
                yield from last_texts(part)


def last_texts(part: str) -> list[str]:
    """Return the text that ends an expression; of `(one if … else other)` both."""
    plain = part.rstrip()
    if plain.endswith(")"):
        plain = plain[plain.rindex("(") : -1] if "if" in plain[plain.rindex("(") :] else plain[plain.index("(") : -1]
        plain = re.sub(r"\bif\b.*?\belse\b", " ", plain)
        return [one or other for one, other in LITERAL.findall(plain)]
    ends = [found for found in LITERAL.finditer(plain) if found.end() == len(plain)]
    return [(found[1] or found[2]).replace('\\"', '"').replace("\\'", "'") for found in ends]


def in_python() -> Iterator[str]:
    """Yield the texts in the first argument of calls of `say`."""
    for path in GENERATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                yield from constants_of(node.args[0])


def constants_of(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants_of(node.body)
        yield from constants_of(node.orelse)
