r"""Reads the macros of a course and of a lecture, and writes them out in the formulas of a text.

They are written out in the source, before anything else sees the formula: then pages, presentations, titles and
notebooks, whose viewers know different commands, all get the same LaTeX. As in TeX, a macro takes the next group or the
next sign as its argument; an argument that would fall apart, as the \R in `x^\R` or `\frac\R2`, is put into braces.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from generator.errors import SourceError, Where
from generator.lecture.syntax import formulas_in


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Macro:
    r"""A macro: its `name`, with the backslash, its `definition`, and how many `arguments` that takes, as #1, #2 …."""

    name: str
    definition: str

    @property
    def arguments(self) -> int:
        """Return the number of arguments, the greatest that the definition names."""
        return max((int(number) for number in _ARGUMENT.findall(self.definition)), default=0)

    def uses(self) -> set[str]:
        """Return the names of the macros and commands in the definition."""
        return set(_COMMAND.findall(self.definition))


Macros = Mapping[str, Macro]
NO_MACROS: Final[Macros] = MappingProxyType({})
_NAME: Final = re.compile(r"\\[A-Za-z]+")
_ARGUMENT: Final = re.compile(r"(?<!\\)#(\d)")
_COMMAND: Final = re.compile(r"\\[A-Za-z]+")
_TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|#\d|.", re.DOTALL)
_LEAVES: Final = re.compile(r"(?<!\\)(?:\\\\)*(%|\$|`)")
_RESERVED: Final = _names(r"\begin \end \left \right \middle \text")
_LONGEST: Final = 10_000  # characters of a formula that is written out; a page of LaTeX has a third of it
# Behind these, TeX takes a macro as one argument.
_ARGUMENT_NEXT: Final = _names(r"""
    ^ _ \frac \dfrac \tfrac \cfrac \binom \dbinom \tbinom \sqrt \hat \widehat \tilde \widetilde \bar \overline
    \underline \vec \dot \ddot \check \breve \acute \grave \mathring \mathbf \mathbb \mathcal \mathfrak \mathrm \mathsf
    \mathtt \mathit \mathscr \boldsymbol \bm
""")
_NO_ARGUMENT: Final = _names(r"} & $ \) \] \\")
_QUOTES: Final = r"write it in single quotes, which keep backslashes: '\norm': '\left\lVert #1 \right\rVert'"


def read_macros(fields: Mapping[Any, Any], place: Callable[[str], Where], known: Macros = NO_MACROS) -> Macros:
    """Return the macros in `fields`, definitions by name, together with those `known`, which they replace.

    place: returns the place of a name, for errors. Raises SourceError for a name or a definition that is none, and for
    macros that are defined by themselves.
    """
    own = {str(name): _read_macro(name, definition, place(str(name))) for name, definition in fields.items()}
    macros = {**known, **own}
    for name in own:
        if name in _reachable(name, macros):
            raise SourceError(f"the macro '{name}' is defined by itself", place(name), "define it by other commands")
    return macros


def _read_macro(name: object, definition: object, where: Where) -> Macro:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
        raise SourceError(f"{str(name)!r} cannot name a macro", where, r"write a backslash and letters: \R: \mathbb{R}")
    if not isinstance(definition, str) or not definition.strip() or not definition.isprintable():
        raise SourceError(f"the macro '{name}' is defined as {definition!r}, which is no LaTeX", where, _QUOTES)
    macro = Macro(name, definition.strip())
    for problem, hint in _definition_faults(macro.definition):
        raise SourceError(f"the macro '{name}' {problem}", where, hint)
    return macro


def _definition_faults(definition: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a definition: the problem, and a hint."""
    if found := _LEAVES.search(definition):
        yield f"holds a '{found[1]}', which would end the formula", rf"leave it away, or write \{found[1]}"
    if re.search(r"(?<!\\)#(?![1-9])", definition):
        yield "holds a # without a number", r"arguments are #1, #2 …; write \# for the sign"
    if not _is_balanced(definition):
        yield "has braces that are not closed, or not opened", "close each { with a }"


def _is_balanced(latex: str) -> bool:
    depth = 0
    for token in _TOKEN.findall(latex):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            return False
    return depth == 0


def _reachable(name: str, macros: Macros) -> set[str]:
    """Return the names of the macros that writing out the macro `name` leads to."""
    found: set[str] = set()
    pending = [name]
    while pending:
        new = {used for used in macros[pending.pop()].uses() if used in macros} - found
        found |= new
        pending += new
    return found


def expand_macros(text: str, macros: Macros, where: Where) -> str:
    """Return a text with the macros in its formulas written out; raises SourceError, at `where`, if that fails."""
    if not macros or not any(name in macros for name in _COMMAND.findall(text)):
        return text
    pieces, at = [], 0
    for start, end, is_cell in formulas_in(text):
        latex = text[start:end]
        if is_cell:  # where each bar has a backslash before it, lest it end the cell
            expanded = _Expansion(latex.replace(r"\|", "|"), macros, where).write().replace("|", r"\|")
        else:
            expanded = _Expansion(latex, macros, where).write()
        pieces += [text[at:start], expanded]
        at = end
    return "".join([*pieces, text[at:]])


class _Expansion:
    """Writes out the macros of one formula; `pending` are the tokens to come, the next one last."""

    def __init__(self, latex: str, macros: Macros, where: Where) -> None:
        self.pending = _TOKEN.findall(latex)[::-1]
        self.macros, self.where = macros, where
        self.written: list[str] = []
        self.length = 0

    def write(self) -> str:
        """Return the formula without macros."""
        while self.pending:
            token = self.pending.pop()
            if token in self.macros:
                self.replace(self.macros[token])
            else:
                self.append(token)
        return "".join(self.written)

    def append(self, token: str) -> None:
        """Append a token; a letter behind a command gets a space, lest it become part of its name."""
        if token[0].isalpha() and self.written and _NAME.fullmatch(self.written[-1]):
            self.written.append(" ")
        self.written.append(token)

    def replace(self, macro: Macro) -> None:
        """Put the definition of a macro in the place of it and its arguments."""
        arguments = [self.take_argument(macro) for _ in range(macro.arguments)]
        tokens: list[str] = []
        for token in _TOKEN.findall(macro.definition):
            tokens += arguments[int(token[1]) - 1] if _ARGUMENT.fullmatch(token) else [token]
        before = next((token for token in reversed(self.written) if not token.isspace()), "")
        if before in _ARGUMENT_NEXT:
            tokens = ["{", *tokens, "}"]
        self.length += len(tokens)
        if self.length > _LONGEST:
            raise SourceError(f"the macro '{macro.name}' makes a formula too long", self.where, "write it shorter")
        self.pending += reversed(tokens)

    def take_argument(self, macro: Macro) -> list[str]:
        """Return the tokens of the next argument: those of a group, or one."""
        while self.pending and self.pending[-1].isspace():
            self.pending.pop()
        if not self.pending or self.pending[-1] in _NO_ARGUMENT:
            example = macro.name + "{…}" * macro.arguments
            raise SourceError(f"the macro '{macro.name}' lacks an argument", self.where, f"write {example}")
        first = self.pending.pop()
        return self.take_group(macro) if first == "{" else [first]

    def take_group(self, macro: Macro) -> list[str]:
        """Return the tokens up to the brace that closes the group."""
        depth, tokens = 1, list[str]()
        while self.pending:
            token = self.pending.pop()
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0:
                return tokens
            tokens.append(token)
        raise SourceError(f"an argument of the macro '{macro.name}' is not closed", self.where, "end it with a }")
