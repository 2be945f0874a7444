"""`{code}`: Python code, written in the lecture or cut from a file of the project, and run unless told otherwise."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from generator.directives.code.snippets import cut_snippet
from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.document.outputs import ShownOutput, settle, shown_output, unshown
from generator.document.tree import PageBlock
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.included_files import IncludedFiles
from generator.plan.planner import Planner

Steps = tuple[tuple[int, ...], ...]
Show = Literal["code", "output", "both"]


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Python code: its own `text`, or the project file `path`, or one `function` in it.

    highlight: the lines to emphasize at each step. run: whether the build executes the code. alt: the words for each
    picture that it shows. show: what slides and handout show of it; the notebook has all.
    """

    text: str
    where: Where
    path: str = ""
    function: str = ""
    caption: str = ""
    highlight: Steps = ()
    run: bool = True
    alt: tuple[str, ...] = ()
    show: Show = "both"

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
        outputs = without_repeated_pictures(outputs)
        warn_of_unshown(outputs, composer, self.where)
        if self.show != "code":
            self.check_words(sum(is_picture(output) for output in outputs), composer)
        node: dict[str, Any] = {
            "cell_type": "code",
            "metadata": {},
            "source": self.source(composer.plan.files),
            "execution_count": number,
            "outputs": [settle(output) for output in outputs],
        }
        caption = composer.fill(Text(self.caption, self.where))
        highlight = [list(step) for step in self.highlight]
        composer.append(
            node, "code", self.where, CodeCell("python", caption, self.path, highlight, self.run, self.alt, self.show)
        )

    def check_words(self, pictures: int, composer: Composer) -> None:
        """Raise SourceError unless there are as many words as pictures; add a warning if there are none at all."""
        if pictures and not self.alt:
            problem = "the code shows a picture without words, which slides and handout leave away"
            hint = "add :alt: with what it shows, for who cannot see it, or :show: code"
            composer.document.warnings.append(SourceError(problem, self.where, hint))
        elif pictures != len(self.alt):
            shown = f"{pictures or 'no'} picture{'s' if pictures != 1 else ''}"
            problem = f"the code shows {shown}, and ':alt:' has words for {len(self.alt)}"
            raise SourceError(problem, self.where, "separate the words for several pictures by |")


@dataclass(frozen=True, slots=True)
class CodeCell(Cell):
    """What the cell of code says besides its source and its outputs.

    source_file: the project file that it comes from, if any. highlight: the lines to emphasize at each step. alt: the
    words for each picture among the outputs. show: code, output or both.
    """

    language: str = "text"
    caption: str = markdown_field()
    source_file: str = ""
    highlight: Sequence[Sequence[int]] = ()
    run: bool = True
    alt: Sequence[str] = ()
    show: str = "both"

    @property
    def is_text(self) -> bool:
        """Return that the source is code."""
        return False


CELL = CodeCell


def without_repeated_pictures(outputs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the outputs of a cell without a picture that another of them shows.

    A cell that ends with the name of a figure shows it twice: as its result, and as all figures are at the end.
    """
    found: list[Mapping[str, Any]] = []
    for output in outputs:
        if not is_picture(output) or all(output["data"] != other.get("data") for other in found):
            found.append(output)
    return found


def warn_of_unshown(outputs: Iterable[Mapping[str, Any]], composer: Composer, where: Where) -> None:
    """Add a warning for each kind of output that slides and handout have no form for."""
    for kind in dict.fromkeys(filter(None, map(unshown, outputs))):
        hint = "only the notebook has it: show a picture or a table instead, or print what it says"
        problem = f"the code shows {kind}, which slides and handout leave away"
        composer.document.warnings.append(SourceError(problem, where, hint))


def read(directive: Directive, _: ReadBlocks) -> Code:
    """Return code: the directive's body, or a project file or one function in it."""
    directive.allow("function", "caption", "highlight", "run", "alt", "show")
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
        tuple(words.strip() for words in directive.words("alt").split("|") if words.strip()),
        read_show(directive),
    )


def read_show(directive: Directive) -> Show:
    """Return what slides and handout show of the code; raise SourceError for anything but code, output and both."""
    show = directive.option("show", "both")
    if show not in get_args(Show):
        raise SourceError(f"'show' is code, output or both, not '{show}'", directive.place_of("show"), ":show: output")
    return cast(Show, show)


def shown_outputs(block: PageBlock) -> list[tuple[ShownOutput, str]]:
    """Return the outputs that a page shows, each with its words if it is a picture; one without words is not shown."""
    found: list[tuple[ShownOutput, str]] = []
    words = iter(block.cell.alt)
    for output in map(shown_output, block.outputs if block.cell.show != "code" else ()):
        said = next(words, "") if output and output.kind == "picture" else ""
        if output and (said or output.kind != "picture"):
            found.append((output, said))
    return found


def is_picture(output: Mapping[str, Any]) -> bool:
    """Return whether pages show an output as a picture."""
    found = shown_output(output)
    return found is not None and found.kind == "picture"


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
