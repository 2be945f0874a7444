"""The `sheets` command: builds all lectures and, of each that has exercises, a sheet with and one without solutions."""

from collections.abc import Sequence
from pathlib import Path

from generator.commands.build import BuildContext, build, open_context, run_and_report
from generator.engine.progress import Progress
from generator.errors import PageError, Report
from generator.formats import exercises, exercises_pdf


def build_sheets(
    folder: str,
    *,
    profile: str = "full",
    debug: bool = False,
    words: list[str] | None = None,
    given: Sequence[str] = (),
) -> int:
    """Build the course of the project in `folder`, and its exercise sheets; return the exit code.

    Without Chromium, the sheets are not printed, which is said. words: the command line under which a successful build
    is remembered. given: what is given from outside, as `name=path`.
    """

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        report.debug = debug
        context = open_context(project, progress, report, profile=profile, formats=sheet_formats(progress), given=given)
        build(context, ())
        return [] if report.errors else sheets_of(context)

    return run_and_report(folder, words, make)


def sheet_formats(progress: Progress) -> tuple[str, ...]:
    """Return the options of the formats to make: as PDF only where this machine can, which is said if it cannot."""
    try:
        exercises_pdf.FORMAT.require()
    except PageError as error:
        progress.say(f"the sheets are not printed: {error.problem}; {error.hint}")
        return (exercises.OPTION,)
    return (exercises.OPTION, exercises_pdf.OPTION)


def sheets_of(context: BuildContext) -> list[str]:
    """Return the paths of the sheets that there are, relative to the project; say so if no lecture has an exercise."""
    folder = context.project / context.output_folder
    found = sorted(folder.glob(f"*/{exercises.FORMAT.file_name}"))
    if not found:
        context.progress.say("no lecture has an exercise: write one as :::{exercise}")
    return [path.relative_to(context.project).as_posix() for path in found]
