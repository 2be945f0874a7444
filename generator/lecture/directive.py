"""What a directive is: `:::{figure} convolution`, the lines below it, and the package that says what it means.

Each package in `generator/directives` is one directive, found by its name. It defines

- `read(directive, read_blocks)`, which returns the directive's blocks; or else `expand(directive, files)`, which
  returns the text that is read in its place;
- `CELL`, the class of what its cells say besides their text; None for a directive whose blocks make no cells of their
  own. A directive with cells also has two templates, `slides.html.j2` and `handout.html.j2`.

It may hold a style sheet, `slides.css` or `handout.css`, and for formats in which the text alone is too little a
module `html`, `jupyter` or `powerpoint`. This room knows none of them.
"""

import importlib.util
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

from generator.errors import SourceError, Where, suggest
from generator.lecture.blocks import Audience, Block, Text, narrow, walk_for
from generator.lecture.comments import strip_comments
from generator.lecture.other_tools import directive_hint
from generator.lecture.syntax import spans_in

PACKAGE: Final = "generator.directives"
VIEWS: Final = ("slides.html.j2", "handout.html.j2")
OPTION: Final = re.compile(r"^:(?P<name>[a-z][a-z_0-9-]*):(?:[ \t]+(?P<text>.*))?$")
HEAD: Final = re.compile(r"\{(?P<name>[^}]*)\}\s*(?P<argument>.*)$")
TEXT_OPTIONS: Final = ("caption", "ask", "choices")  # those that hold Markdown
SWITCH: Final = {"yes": True, "true": True, "": True, "no": False, "false": False}
ReadBlocks = Callable[[str, Where], tuple[Block, ...]]  # of the text that begins at this place


@cache
def find_directives() -> Mapping[str, ModuleType]:
    """Return the package of every directive by its name.

    Raises SourceError for one that lacks `read`, `CELL` or a view.
    """
    room = importlib.import_module(PACKAGE)
    names = [module.name for module in pkgutil.iter_modules(room.__path__)]
    packages = {name: importlib.import_module(f"{PACKAGE}.{name}") for name in names}
    for name, package in packages.items():
        check_package(name, package)
    return packages


@cache
def find_form(kind: str, name: str) -> ModuleType | None:
    """Return the module that says how a format shows the blocks of a directive, such as `powerpoint`; None without one.

    kind: the name of the directive, or another kind of cell, which has none.
    """
    package = find_directives().get(kind)
    has_form = package is not None and importlib.util.find_spec(f"{package.__name__}.{name}") is not None
    return importlib.import_module(f"{PACKAGE}.{kind}.{name}") if has_form else None


def check_package(name: str, package: ModuleType) -> None:
    """Raise SourceError if the package of a directive lacks something that a page will ask it for."""
    missing = [] if hasattr(package, "read") or hasattr(package, "expand") else ["'read'"]
    missing += [] if hasattr(package, "CELL") else ["'CELL'"]
    folder = Path(str(package.__file__)).parent
    if getattr(package, "CELL", None) is not None:
        missing += [f"'{view}'" for view in VIEWS if not (folder / view).is_file()]
    if missing:
        problem = f"the directive '{{{name}}}' has no {' and no '.join(missing)}"
        raise SourceError(
            problem, Where(f"generator/directives/{name}"), "CONTRIBUTING.md says what a directive is made of"
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One `:name: text` line of a directive."""

    name: str
    text: str
    where: Where

    @property
    def line(self) -> int:
        """Return its line."""
        return self.where.line


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as written: the `argument` after its name, then its `options`, one a line, then its `body`."""

    name: str
    argument: str
    options: tuple[Option, ...]
    body: str
    where: Where
    body_where: Where

    def option(self, name: str, default: str = "") -> str:
        """Return the text of the option `name`, or `default` if it is not given."""
        return next((option.text for option in self.options if option.name == name), default)

    def words(self, name: str) -> str:
        """Return the text of the option `name`, which is read aloud as it is; raise SourceError for a role in it."""
        text = self.option(name)
        for span in spans_in(text):
            if span.kind == "role":
                problem = f"'{span.written}' cannot stand in ':{name}:', which is plain text"
                raise SourceError(problem, self.place_of(name), "write what it says, or write it into the caption")
        return text

    def place_of(self, name: str) -> Where:
        """Return the place of the option `name`, or of the directive if it is not given."""
        return next((option.where for option in self.options if option.name == name), self.where)

    def switch(self, name: str, *, default: bool) -> bool:
        """Return whether the option `name` is yes, true or empty; raise SourceError if it is neither yes nor no."""
        text = self.option(name, "yes" if default else "no").lower()
        if text not in SWITCH:
            problem = f"'{name}' is yes or no, not '{text}'"
            raise SourceError(problem, self.place_of(name), f"write :{name}: no")
        return SWITCH[text]

    def take_no_argument(self) -> None:
        """Raise SourceError for words behind the directive's name."""
        if self.argument:
            problem = f"'{{{self.name}}}' takes no words behind it, such as '{self.argument}'"
            raise SourceError(problem, self.where, "write them on the lines below")

    def take_no_body(self, reason: str) -> None:
        """Raise SourceError for lines between the colons."""
        if self.body.strip():
            raise SourceError(f"'{{{self.name}}}' {reason}, and takes no text", self.body_where, "write it elsewhere")

    def need_body(self) -> None:
        """Raise SourceError if there is no text between the colons."""
        if not self.body.strip():
            raise SourceError(f"'{{{self.name}}}' is empty", self.where, "write text below it, or remove it")

    def allow(self, *names: str) -> None:
        """Raise SourceError for an option that is not among `names`."""
        for option in self.options:
            if option.name not in names:
                problem = f"'{{{self.name}}}' has no option '{option.name}'"
                hint = suggest(option.name, list(names)) if names else "it takes no options"
                raise SourceError(problem, option.where, hint)

    @property
    def body_text(self) -> Text:
        """Return the body as Markdown."""
        return Text(self.body, self.body_where)

    def caption(self, noun: str) -> Text:
        """Return the caption of the `noun` that the directive stands for: its body, or the option `caption`.

        Raises SourceError for an option in the body, for two captions, and for one of several paragraphs.
        """
        for number, text in enumerate(self.body.split("\n")):
            if OPTION.match(text):
                problem = f"the option '{text.strip()}' stands in the caption"
                raise SourceError(problem, self.body_where.below(number), "write options before the caption")
        if self.body and self.option("caption"):
            raise SourceError(f"the {noun} has two captions", self.where, "write it below, or as :caption:")
        if "\n\n" in self.body:
            raise SourceError("a caption is one paragraph", self.body_where, "write the rest below")
        if self.body:
            return Text(" ".join(self.body.split()), self.body_where)
        return Text(self.option("caption"), self.place_of("caption"))

    def without_comments(self, *, body: bool = True) -> "Directive":
        """Return the directive without the comments in its argument, its TEXT_OPTIONS, and its `body` if that is text.

        Blocks are read without their comments. Raises SourceError, at its line, for a comment that is never closed.
        """
        options = tuple(
            replace(option, text=strip_comments(option.text, option.where).rstrip())
            if option.name in TEXT_OPTIONS
            else option
            for option in self.options
        )
        argument = strip_comments(self.argument, self.where).rstrip()
        text = strip_comments(self.body, self.body_where).rstrip() if body else self.body
        return replace(self, argument=argument, options=options, body=text)


def name_in(info: str) -> str:
    """Return the name of the directive in what follows the colons of a fence; empty if there is none."""
    match = HEAD.match(info.strip())
    return match["name"].strip() if match else ""


def split_directive(info: str, content: str, where: Where) -> Directive:
    """Return the directive in a colon fence that opens at `where`; raise SourceError if it names none.

    info: what follows the colons, `{name} argument`. content: the lines between the fences.
    """
    match = HEAD.match(info.strip())
    if not match:
        raise SourceError("a colon fence needs a directive", where, "write for example :::{notes}")
    lines = content.split("\n")
    options: list[Option] = []
    while lines and (found := OPTION.match(lines[0])):
        place, name = where.below(1 + len(options)), found["name"].replace("-", "_")
        if any(option.name == name for option in options):
            raise SourceError(f"'{name}' is given twice", place, "keep one of the two")
        options.append(Option(name, (found["text"] or "").strip(), place))
        lines.pop(0)
    start = where.below(1 + len(options))
    check_late_option(lines, start)
    blank = next((index for index, text in enumerate(lines) if text.strip()), 0)
    body = "\n".join(lines).strip("\n")
    return Directive(match["name"].strip(), match["argument"].strip(), tuple(options), body, where, start.below(blank))


def check_late_option(lines: Sequence[str], start: Where) -> None:
    """Raise SourceError for a body, in `lines` from `start` on, that begins with an option after an empty line."""
    blank = next((index for index, text in enumerate(lines) if text.strip()), 0)
    if lines and OPTION.match(lines[blank]):
        problem = f"the option '{lines[blank].strip()}' comes too late"
        raise SourceError(problem, start.below(blank), "write options right below the first line")


def read_directive(directive: Directive, read_blocks: ReadBlocks) -> tuple[Block, ...]:
    """Return the blocks of `directive`; raise SourceError if there is no directive of that name."""
    packages = find_directives()
    if directive.name not in packages:
        problem = f"there is no directive '{{{directive.name}}}'"
        hint = directive_hint(directive.name) or suggest(directive.name, list(packages))
        raise SourceError(problem, directive.where, hint)
    blocks = packages[directive.name].read(directive, read_blocks)
    return (blocks,) if isinstance(blocks, Block) else tuple(blocks)


def read_nested(directive: Directive, read_blocks: ReadBlocks, *options: str) -> tuple[Block, ...]:
    """Return the blocks inside a directive that takes these options alone; raise SourceError if it is empty."""
    directive.allow(*options)
    directive.take_no_argument()
    directive.need_body()
    return read_blocks(directive.body, directive.body_where)


def read_audience(
    audience: Audience, directive: Directive, read_blocks: ReadBlocks, *options: str
) -> tuple[Block, ...]:
    """Return the blocks inside a directive, which takes these `options`, that are for `audience`.

    Raises SourceError for blocks among them that no page would show.
    """
    blocks = read_nested(directive, read_blocks, *options)
    for block, outer in walk_for(blocks, audience):
        if not narrow(outer, block.inner_audience):
            problem = f"blocks for the {block.inner_audience} within blocks for the {outer} are on no page"
            raise SourceError(problem, block.where, "close the outer directive before them")
    return blocks
