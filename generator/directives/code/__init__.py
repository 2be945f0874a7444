"""`{code}`: Python code, written in the lecture or cut from a file of the project, and run unless told otherwise."""

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from generator.directives.code.given import write_values
from generator.directives.code.names_needed import names_needed
from generator.directives.code.snippets import cut_snippet, parse_file
from generator.document.cells import Cell, markdown_field
from generator.document.compose import Composer
from generator.document.outputs import ShownOutput, settle, shown_output, unshown
from generator.document.tree import PageBlock
from generator.errors import SourceError, Where
from generator.lecture.blocks import Block, Text
from generator.lecture.directive import Directive, ReadBlocks
from generator.lecture.included_files import IncludedFiles
from generator.plan.arguments import read_argument
from generator.plan.planner import Planner

Steps = tuple[tuple[int, ...], ...]
Show = Literal["code", "output", "both"]


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Python code: its own `text`, or the project file `path`, or one `function` in it.

    highlight: the lines to emphasize at each step. run: whether the build executes the code. alt: the words for each
    picture that it shows. show: what slides and handout show of it; the notebook has all. used: the results of
    experiments that it has as variables, by their names. files: the files of the project that it reads. is_plot:
    whether it is there for its picture, which has words. fold: whether the handout folds it, and slides have only what
    it shows.
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
    used: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    is_plot: bool = False
    fold: bool = False

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
            planner.add_code(source, self.where, dict(self.used), self.files)

    def compose(self, composer: Composer) -> None:
        """Append a cell of code, with its outputs if it is run."""
        number, outputs = composer.next_outputs() if self.run else (None, [])
        outputs = [one for one in without_repeated_pictures(outputs) if is_picture(one) or not self.is_plot]
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
        needs = write_given(self, composer) if self.run else self.needs(composer.plan.files)
        cell = CodeCell(
            "python", caption, self.path, highlight, self.run, self.alt, self.show, needs or "", needs is not None,
            self.fold,
        )  # fmt: skip
        composer.append(node, "code", self.where, cell)

    def needs(self, files: IncludedFiles) -> str | None:
        """Return what a function that is cut out of its file needs of that, to be run without it; None if it cannot.

        Other code that is not run here is not known to run anywhere.
        """
        if not self.function:
            return None
        text = files.read_text(self.path, self.where)
        return names_needed(self.function, parse_file(self.path, text, self.where), text)

    def check_words(self, pictures: int, composer: Composer) -> None:
        """Raise SourceError unless there are as many words as pictures; add a warning if there are none at all."""
        if not pictures and self.is_plot:
            raise SourceError("the plot shows no picture", self.where, "draw with plt, or show a Figure of Matplotlib")
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
    words for each picture among the outputs. show: code, output or both. needs: lines above it that it needs where it
    stands alone; runs_alone: whether it runs with these, and what stands above it in the lecture. fold: whether the
    handout folds it, and slides leave it out.
    """

    language: str = "text"
    caption: str = markdown_field()
    source_file: str = ""
    highlight: Sequence[Sequence[int]] = ()
    run: bool = True
    alt: Sequence[str] = ()
    show: str = "both"
    needs: str = ""
    runs_alone: bool = True
    fold: bool = False

    @property
    def is_text(self) -> bool:
        """Return that the source is code."""
        return False


CELL = CodeCell


def write_given(code: Code, composer: Composer) -> str:
    """Return the lines that give code in a notebook the files and the values that it uses in the lecture.

    Raises SourceError, at the code, for more than a notebook should hold.
    """
    from generator.runners.inputs import result

    task = composer.plan.tasks[composer.plan.code[-1]]
    made = {name: composer.artifacts[need] for name, need in task.needs}
    results = {
        name: {"facts": artifact.facts, "arrays": str(artifact.files.get("arrays.npz", ""))}
        for name, artifact in made.items()
    }
    values = {}
    for name, text in code.used:
        argument = read_argument(text, code.where)
        values[name] = result({"source": argument.source, "value": argument.value}, {"results": results})
    files = {path: composer.plan.files.read(path, code.where) for path in code.files}
    return write_values(values, files, code.where)


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
    directive.allow("function", "caption", "highlight", "run", "alt", "show", "use", "files", "fold")
    directive = directive.without_comments(body=False)
    if bool(directive.argument) == bool(directive.body):
        hint = "name a file, or write the code between the colons"
        raise SourceError("code comes from a file or from here, one of the two", directive.where, hint)
    runs = directive.switch("run", default=True)
    if not runs and (given := next((name for name in ("use", "files") if directive.option(name)), "")):
        problem = f"':{given}:' is for code that is run"
        raise SourceError(problem, directive.place_of(given), "remove it, or :run: no")
    return Code(
        directive.body,
        directive.where if directive.argument else directive.body_where,
        directive.argument,
        directive.option("function"),
        directive.option("caption"),
        read_highlight(directive),
        runs,
        read_alt(directive),
        read_show(directive),
        read_used(directive),
        read_list(directive, "files"),
        fold=read_fold(directive),
    )


def read_fold(directive: Directive) -> bool:
    """Return whether the code is folded; raise SourceError where there would be nothing to fold, or to light up."""
    if not directive.switch("fold", default=False):
        return False
    where = directive.place_of("fold")
    if directive.option("show") == "output":
        raise SourceError("there is no code to fold: only its output is shown", where, "remove :fold:, or :show:")
    if directive.option("highlight"):
        problem = "no slide has lines to highlight of code that is folded"
        raise SourceError(problem, where, "remove :fold:, or :highlight:")
    return True


def read_alt(directive: Directive) -> tuple[str, ...]:
    """Return the words for each picture."""
    return tuple(words.strip() for words in directive.words("alt").split("|") if words.strip())


def read_list(directive: Directive, name: str) -> tuple[str, ...]:
    """Return what stands between commas in an option."""
    return tuple(part.strip() for part in directive.option(name).split(",") if part.strip())


def read_used(directive: Directive) -> tuple[tuple[str, str], ...]:
    """Return the variables that the option `use` names, each with the result that it has.

    `slow.path` becomes the variable `path`, `slow.path as way` the variable `way`. Raises SourceError for what can be
    no variable, and for two of one name.
    """
    used: dict[str, str] = {}
    for part in read_list(directive, "use"):
        source, _, name = part.partition(" as ")
        name = name.strip() or source.strip().rpartition(".")[2]
        where = directive.place_of("use")
        if not name.isidentifier() or keyword.iskeyword(name):
            raise SourceError(f"'{name}' cannot name a variable", where, "write for example slow.path[0] as first")
        if name in used:
            raise SourceError(f"two results are called '{name}'", where, f"write {source.strip()} as other")
        used[name] = source.strip()
    return tuple(used.items())


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
