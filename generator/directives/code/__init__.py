"""`{code}`: Python code, written in the lecture or cut from a file of the project, and run unless told otherwise."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.directives.code.snippets import cut_snippet
from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.document.outputs import settle, unshown
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.included_files import IncludedFiles
from generator.plan.planner import Planner

Steps = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Python code: its own `text`, or the project file `path`, or one `function` in it.

    highlight: the lines to emphasize at each step. run: whether the build executes the code.
    """

    text: str
    where: Where
    path: str = ""
    function: str = ""
    caption: str = ""
    highlight: Steps = ()
    run: bool = True

    def texts(self) -> Sequence[Text]:
        """Return the caption."""
        return (Text(self.caption, self.where),)

    def source(self, files: IncludedFiles) -> str:
        """Return the code; raise SourceError if it, or a line of it that is to be emphasized, does not exist."""
        text = self.text
        if self.path:
            text = cut_snippet(self.path, self.function, files.read_text(self.path, self.where), self.where)
        check_highlight(self.highlight, text, self.where)
        return text

    def plan(self, planner: Planner) -> None:
        """Add the code to what one kernel runs, as a reader would, from the first block of the lecture to the last."""
        source = self.source(planner.files)
        if self.run:
            planner.program.append((source, self.where))

    def compose(self, composer: Composer) -> None:
        """Append a cell of code, with its outputs if it is run."""
        number, outputs = composer.next_outputs() if self.run else (None, [])
        warn_of_unshown(outputs, composer, self.where)
        node: dict[str, Any] = {
            "cell_type": "code",
            "metadata": {},
            "source": self.source(composer.plan.files),
            "execution_count": number,
            "outputs": [settle(output) for output in outputs],
        }
        caption = composer.fill(Text(self.caption, self.where))
        highlight = [list(step) for step in self.highlight]
        composer.append(node, "code", self.where, CodeCell("python", caption, self.path, highlight, self.run))


@dataclass(frozen=True, slots=True)
class CodeCell(Cell):
    """What the cell of code says besides its source and its outputs.

    source_file: the project file that it comes from, if any. highlight: the lines to emphasize at each step.
    """

    language: str = "text"
    caption: str = markdown_field()
    source_file: str = ""
    highlight: Sequence[Sequence[int]] = ()
    run: bool = True

    @property
    def is_text(self) -> bool:
        """Return that the source is code."""
        return False


CELL = CodeCell


def warn_of_unshown(outputs: Iterable[Mapping[str, Any]], composer: Composer, where: Where) -> None:
    """Add a warning for each kind of output that slides and handout have no form for."""
    for kind in dict.fromkeys(filter(None, map(unshown, outputs))):
        hint = "only the notebook has it: make a plot a figure kind (docs/guide/figures.md), or print what it says"
        problem = f"the code shows {kind}, which slides and handout leave away"
        composer.document.warnings.append(SourceError(problem, where, hint))


def read(directive: Directive, _: ReadBlocks) -> Code:
    """Return code: the directive's body, or a project file or one function in it."""
    directive.allow("function", "caption", "highlight", "run")
    directive = directive.without_comments(body=False)
    if bool(directive.argument) == bool(directive.body):
        hint = "name a file, or write the code between the colons"
        raise SourceError("code comes from a file or from here, one of the two", directive.where, hint)
    return Code(
        directive.body,
        directive.where if directive.argument else directive.body_where,
        directive.argument,
        directive.option("function"),
        directive.option("caption"),
        read_highlight(directive),
        directive.switch("run", default=True),
    )


def read_highlight(directive: Directive) -> Steps:
    """Return the lines to highlight at each step, counted from 1: `1|2-3|5,7` gives `((1,), (2, 3), (5, 7))`.

    Raises SourceError for what is no line or no span of lines. Whether code from a file has so many lines is found out
    when that is read.
    """
    text, where = directive.option("highlight"), directive.place_of("highlight")
    steps = tuple(read_step(step, where) for step in text.split("|")) if text else ()
    if directive.body:
        check_highlight(steps, directive.body, where)
    return steps


def read_step(text: str, where: Where) -> tuple[int, ...]:
    """Return the lines in one step of what to highlight; raise SourceError as `read_highlight` does."""
    lines: list[int] = []
    for span in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,5})(?:-(\d{1,5}))?\s*", span, re.ASCII)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < first <= last:
            hint = "lines count from 1, and spans go up: write for example :highlight: 1|2-3|5,7"
            raise SourceError(f"'{span.strip()}' is not a line", where, hint)
        lines += range(first, last + 1)
    return tuple(lines)


def check_highlight(steps: Iterable[Iterable[int]], text: str, where: Where) -> None:
    """Raise SourceError, at `where`, if the code `text` lacks a line that is to be highlighted at one of `steps`."""
    count = text.count("\n") + 1
    for number in (number for step in steps for number in step if number > count):
        lines = "1 line" if count == 1 else f"{count} lines"
        raise SourceError(f"there is no line {number} to highlight", where, f"the code has {lines}")
