"""The errors that a lecturer can meet, and the report that a build prints at its end.

An error prints as one line that says where and what, and a hint that says what to do.

LectureError
├── SourceError      the lecture's text cannot be read or understood
├── RecipeError      a figure or an experiment does not exist, or does not take what it is given
├── ArtifactError    a recipe failed while it ran
├── FactError        a value or a claim that the measurements do not support
├── DatasetError     images and labels that are not as they should be
└── PageError        a page cannot be assembled
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a project file: `path` relative to the project, `line` counted from 1 (0: the whole file).

    column: of the character in its line, counted from 1; 0 if it is unknown. It is for editors alone: errors are
    printed, compared and sorted without it.
    """

    path: str
    line: int = 0
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    def below(self, lines: int, column: int = 0) -> "Where":
        """Return the place that is so many lines below this one, at this column."""
        return Where(self.path, self.line + lines, column)


LONGEST_ECHO = 200  # characters of its input that an error repeats
LONGEST_PROBLEM = 600  # characters of a line, whatever stands in it
_LONG_ECHO = re.compile(rf"('[^']{{{LONGEST_ECHO}}})[^']+(?=')")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # would move a terminal's cursor, or color its text


def one_line(text: str) -> str:
    """Return `text` as one line for a terminal, with what it repeats of the input cut to LONGEST_ECHO characters."""
    line = " ".join(filter(None, map(str.strip, text.splitlines()))) if len(text.splitlines()) > 1 else text
    line = _LONG_ECHO.sub(r"\1…", line)
    if len(line) > LONGEST_PROBLEM:  # of what stands between no quotes, or of quotes themselves
        line = f"{line[:LONGEST_ECHO]} … {line[-LONGEST_ECHO:]}"
    return _UNFIT.sub(lambda found: f"\\x{ord(found[0]):02x}", line)


class LectureError(Exception):
    """A problem that the lecturer can fix. Prints as `file:line: problem`, then `hint: what to do`, a line each.

    others: what else was found in the same text.
    """

    others: tuple["LectureError", ...] = ()

    def __init__(self, problem: str, where: Where | None = None, hint: str = "") -> None:
        problem = one_line(problem)
        super().__init__(problem)
        self.problem, self.where, self.hint = problem, where, one_line(hint)

    def __str__(self) -> str:
        head = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{head}\nhint: {self.hint}" if self.hint else head


class SourceError(LectureError):
    """The lecture's text cannot be read or understood."""


class RecipeError(LectureError):
    """A figure or an experiment does not exist, or does not take what it is given."""


class ArtifactError(LectureError):
    """A recipe failed while it ran."""


class FactError(LectureError):
    """A value or a claim that the measurements do not support."""


class DatasetError(LectureError):
    """Images and labels that are not as they should be."""


class PageError(LectureError):
    """A page cannot be assembled."""


NO_MEMORY = ("there is not enough memory", "is a number much too large? If not, close other programs")


def lacks_memory(error: Exception) -> bool:
    """Return whether an exception says that the system has no more memory to give, for data or for a thread."""
    return isinstance(error, MemoryError) or str(error) == "can't start new thread"


@contextmanager
def telling(where: Where, what: str) -> Iterator[None]:
    """Turn an exception that nobody foresaw into a SourceError at `where`, which says that `what` went wrong.

    Such an exception is a fault of the generator's, so the hint asks to report it; it is the error's cause, whose
    traceback a build with --debug shows. A LectureError passes, and an OSError, which is the disk's.
    """
    try:
        yield
    except (LectureError, OSError):
        raise
    except RecursionError as error:
        hint = "is something in it nested in itself, or hundreds deep? If not, please report this"
        raise SourceError(f"{what}: it is nested too deeply", where, hint) from error
    except Exception as error:
        if lacks_memory(error):
            raise SourceError(f"{what}: {NO_MEMORY[0]}", where, NO_MEMORY[1]) from error
        problem = f"{what}: {type(error).__name__}: {' '.join(str(error).split()) or 'it says no more'}"
        hint = "this is a fault of the generator, not of the text: please report it, with what DEBUG=1 shows"
        raise SourceError(problem, where, hint) from error


def suggest(name: str, known: list[str]) -> str:
    """Return the hint for a misspelled `name`: the nearest known name, else all known names (at most twelve)."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return "there is " + ", ".join(sorted(known)[:12]) if known else "there is none yet"


@dataclass(slots=True)
class Report:
    """What a build reports at its end: what is wrong, and which pages were written and removed.

    read: the state of the files that lectures name, as of when the build was planned.
    used: the state of the files and folders that keys and results depend on, as of when they were first read.
    debug: whether to show the traceback of what caused an error, where that is known.
    """

    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    read: dict[str, object] = field(default_factory=dict)
    used: dict[str, object] = field(default_factory=dict)
    debug: bool = False


def disk_error(error: OSError, folder: str) -> SourceError:
    """Return the error for a file that could not be read or written, its path relative to `folder`."""
    path = error.filename2 or error.filename  # of two files, one was to become the other
    name = os.path.relpath(str(path), folder) if path else "a file of the build"
    return SourceError(f"{name}: {error.strerror or error}", hint="is the disk full, or a folder not yours to write?")


def print_report(report: Report, products: Sequence[str], seconds: float) -> int:
    """Print the report at the end of a build and return the exit code: 1 if there are errors, else 0."""
    errors = sorted(report.errors, key=lambda error: (error.where or Where(""), error.problem))
    unique = list(dict.fromkeys(str(error) for error in errors))
    for warning in report.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    for text in unique:
        sys.stderr.write(f"{text}\n")
    if report.debug:
        print_causes(errors)
    for path in report.removed:
        sys.stdout.write(f"removed {os.path.relpath(path)}: it showed older pages\n")
    for path in report.written:
        sys.stdout.write(f"wrote {os.path.relpath(path)}\n")
    if unique:
        kept = "all other pages are the last good ones" if report.written else "the last good pages are untouched"
        sys.stderr.write(f"{len(unique)} error{'s' * (len(unique) > 1)}; {kept}\n")
        return 1
    if not report.written:
        sys.stdout.write(f"Nothing to do: {', '.join(products)} up to date.\n")
    sys.stdout.write(f"built in {seconds:.1f} s\n")
    return 0


def print_causes(errors: Sequence[LectureError]) -> None:
    """Print the traceback of what caused each error, where that is known."""
    import traceback

    for cause in (error.__cause__ for error in errors if error.__cause__):
        sys.stderr.write("".join(traceback.format_exception(cause)))
