"""Directives: from `:::{figure} convolution` and its lines to a block; knows no HTML and runs nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from generator.block import (
    Block,
    Claim,
    Code,
    Columns,
    Exercise,
    Figure,
    Notes,
    Only,
    Option,
    Outline,
    Prose,
    Quiz,
)
from generator.errors import SourceError, Where, suggest

OPTION = re.compile(r"^:(?P<name>[a-z][a-z_0-9-]*):(?:[ \t]+(?P<text>.*))?$")
CHOICE = re.compile(r"^[-*] \[(?P<mark>[ xX])\] +(?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as written: `argument` stands behind its name, `options` above its `body`."""

    name: str
    argument: str
    options: tuple[Option, ...]
    body: str
    line: int
    body_line: int
    path: str

    def where(self, line: int = 0) -> Where:
        """Return the place of the directive, or of `line`."""
        return Where(self.path, line or self.line)

    def option(self, name: str, default: str = "") -> str:
        """Return the text of the option `name`."""
        return next((option.text for option in self.options if option.name == name), default)

    def allow(self, *names: str) -> None:
        """Raise SourceError for an option that is not among `names`."""
        for option in self.options:
            if option.name not in names:
                problem = f"'{{{self.name}}}' has no option '{option.name}'"
                raise SourceError(problem, self.where(option.line), suggest(option.name, list(names)))


ReadBlocks = Callable[[str, int], tuple[Block, ...]]


def split_directive(info: str, content: str, line: int, path: str) -> Directive:
    """Return the directive of a colon fence whose opening stands on `line`; raise SourceError if it names none."""
    match = re.match(r"^\{(?P<name>[^}]*)\}\s*(?P<argument>.*)$", info.strip())
    if not match:
        raise SourceError("a colon fence needs a directive", Where(path, line), "write for example :::{notes}")
    lines = content.split("\n")
    options: list[Option] = []
    while lines and (found := OPTION.match(lines[0])):
        number = line + 1 + len(options)
        options.append(Option(found["name"].replace("-", "_"), (found["text"] or "").strip(), number))
        lines.pop(0)
    body = "\n".join(lines).strip("\n")
    blank = next((index for index, text in enumerate(lines) if text.strip()), 0)
    body_line = line + 1 + len(options) + blank
    name, argument = match["name"].strip(), match["argument"].strip()
    return Directive(name, argument, tuple(options), body, line, body_line, path)


def read_figure(directive: Directive, _: ReadBlocks) -> Block:
    """Return the figure; its body is the caption."""
    if not directive.argument:
        raise SourceError("a figure needs its kind", directive.where(), "write for example :::{figure} pooling")
    own = {"caption", "name", "view", "reveal"}
    view = directive.option("view", "auto")
    if view not in ("auto", "film", "still"):
        raise SourceError(f"a figure has no view '{view}'", directive.where(), "the views are film and still")
    options = tuple(option for option in directive.options if option.name not in own)
    caption = directive.option("caption") or " ".join(directive.body.split())
    name = directive.option("name")
    reveal = read_switch(directive, "reveal", default=False)
    return Figure(directive.argument, options, directive.line, caption, name, view, reveal)  # type: ignore[arg-type]


def read_code(directive: Directive, _: ReadBlocks) -> Block:
    """Return the code, its own or a slice of a project file."""
    directive.allow("function", "caption", "highlight", "run")
    if bool(directive.argument) == bool(directive.body):
        hint = "name a file, or write the code between the colons"
        raise SourceError("code comes from a file or from here, one of the two", directive.where(), hint)
    run = read_switch(directive, "run", default=True)
    line = directive.line if directive.argument else directive.body_line
    return Code(
        directive.body, line, directive.argument, directive.option("function"),
        directive.option("caption"), read_highlight(directive), run,
    )  # fmt: skip


def read_switch(directive: Directive, name: str, *, default: bool) -> bool:
    """Return whether the option `name` says yes."""
    text = directive.option(name, "yes" if default else "no").lower()
    if text not in ("yes", "no", "true", "false", ""):
        raise SourceError(f"'{name}' is yes or no, not '{text}'", directive.where(), f"write :{name}: no")
    return text in ("yes", "true", "")


def read_highlight(directive: Directive) -> tuple[tuple[int, ...], ...]:
    """Return the lines that each step of the code lights up, from `1|2-3|5,7`."""
    steps = []
    for step in filter(None, directive.option("highlight").split("|")):
        lines: list[int] = []
        for span in step.split(","):
            match = re.fullmatch(r"\s*(\d+)(?:-(\d+))?\s*", span)
            if not match:
                hint = "write for example :highlight: 1|2-3|5,7"
                raise SourceError(f"'{span.strip()}' is not a line", directive.where(), hint)
            lines += range(int(match[1]), int(match[2] or match[1]) + 1)
        steps.append(tuple(lines))
    return tuple(steps)


def read_claim(directive: Directive, _: ReadBlocks) -> Block:
    """Return the claim: its condition, and the sentence that depends on it."""
    directive.allow()
    if not directive.argument or not directive.body:
        hint = "write :::{claim} convnet.accuracy > dense.accuracy, and the sentence below it"
        raise SourceError("a claim needs a condition and a sentence", directive.where(), hint)
    return Claim(directive.argument, directive.body, directive.line)


def read_quiz(directive: Directive, _: ReadBlocks) -> Block:
    """Return the quiz: options are a task list with one box checked; what follows the list explains."""
    directive.allow()
    options: list[str] = []
    right: list[int] = []
    explanation: list[str] = []
    for text in directive.body.split("\n"):
        match = CHOICE.match(text)
        if match and not explanation:
            right += [len(options)] if match["mark"] != " " else []
            options.append(match["text"])
        elif text.strip():
            explanation.append(text)
    if not directive.argument or len(options) < 2 or len(right) != 1:
        hint = "write the question behind {quiz}, then '- [ ] wrong' and one '- [x] right'"
        raise SourceError("a quiz needs a question, two options and one right answer", directive.where(), hint)
    why = "\n".join(explanation)
    return Quiz(directive.argument, tuple(options), right[0], why, directive.line)


def read_columns(directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return the columns: a line `+++` stands between two of them."""
    directive.allow()
    columns, line = [], directive.body_line
    for text in re.split(r"^\+\+\+[ \t]*$\n?", directive.body, flags=re.MULTILINE):
        columns.append(read_blocks(text, line))
        line += text.count("\n") + 1
    if len(columns) < 2:
        raise SourceError("columns need a line '+++' between them", directive.where(), "or leave {columns} away")
    return Columns(tuple(columns), directive.line)


def read_only(directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return blocks for one audience."""
    return Only(directive.name, read_nested(directive, read_blocks), directive.line)  # type: ignore[arg-type]


def read_nested(directive: Directive, read_blocks: ReadBlocks) -> tuple[Block, ...]:
    """Return the blocks inside a directive that takes no options."""
    directive.allow()
    return read_blocks(directive.body, directive.body_line)


def read_incremental(directive: Directive, _: ReadBlocks) -> Block:
    """Return a list whose items appear one by one."""
    directive.allow()
    return Prose(directive.body, directive.body_line, incremental=True)


def read_outline(directive: Directive, _: ReadBlocks) -> Block:
    """Return the outline, which the headings fill."""
    directive.allow()
    return Outline(directive.name, directive.line)  # type: ignore[arg-type]


READERS: dict[str, Callable[[Directive, ReadBlocks], Block]] = {
    "figure": read_figure,
    "code": read_code,
    "claim": read_claim,
    "quiz": read_quiz,
    "columns": read_columns,
    "handout": read_only,
    "slides": read_only,
    "incremental": read_incremental,
    "agenda": read_outline,
    "recap": read_outline,
    "notes": lambda directive, _: Notes(directive.body, directive.body_line),
    "exercise": lambda directive, _: Exercise(directive.body, directive.body_line),
    "solution": lambda directive, read_blocks: Only("teacher", read_nested(directive, read_blocks), directive.line),
}


def read_directive(directive: Directive, read_blocks: ReadBlocks) -> Block:
    """Return the block that `directive` stands for; raise SourceError for a name that is not one."""
    if directive.name not in READERS:
        problem = f"there is no directive '{{{directive.name}}}'"
        raise SourceError(problem, directive.where(), suggest(directive.name, list(READERS)))
    return READERS[directive.name](directive, read_blocks)
