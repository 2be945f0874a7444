"""The `book` command: builds the lectures of the course, and all their handouts as one page, build/book.html."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from generator.book import BOOK, export_book
from generator.commands.build import (
    BOOK_FILES,
    BuildContext,
    Made,
    make_results,
    open_context,
    reporting,
    run_and_report,
    write_lectures,
)
from generator.commands.output_folder import record_made
from generator.disk import write_changed
from generator.document.tree import Document
from generator.engine.progress import Progress
from generator.errors import Report
from generator.plan.planner import Plan
from generator.words import catalog_of, say, speaking


def build_book(
    folder: str,
    *,
    profile: str = "full",
    is_printed: bool = False,
    debug: bool = False,
    words: list[str] | None = None,
    given: Sequence[str] = (),
) -> int:
    """Build the course of the project in `folder`, and its book; return the exit code.

    is_printed: whether the book is printed, too. words: the command line under which a successful build is remembered.
    given: what is given from outside, as `name=path`.
    """

    def make(project: Path, progress: Progress, report: Report) -> list[str]:
        report.debug = debug
        context = open_context(project, progress, report, profile=profile, given=given)
        if is_printed:
            from generator.html.pdf import find_browser

            find_browser()  # before anything is trained
        made = make_results(context, context.course.lectures)
        products = write_lectures(made, context)
        return products if report.errors else [*products, *write_book(made, context, is_printed=is_printed)]

    return run_and_report(folder, words, make)


def write_book(made: Made, context: BuildContext, *, is_printed: bool) -> list[str]:
    """Write the book, and print it if that is asked for; return the path of each, relative to the project."""
    from generator.html.pdf import print_page

    context.progress.say(f"making the book of {len(made.plans)} lectures")
    documents = list(compose_chapters(made, context))
    if context.report.errors or not documents:
        return []
    with speaking(catalog_of(documents[0].front["lang"], context.project)):
        page = export_book(documents, context.course.title or say("Lectures"), context.project)
    folder, pages = context.project / context.output_folder, {BOOK: page}
    if is_printed:
        pages[Path(BOOK).with_suffix(".pdf").name] = print_page(page)
    for name in BOOK_FILES:  # a book that was printed before it changed
        if name not in pages and (folder / name).is_file() and (folder / BOOK).read_bytes() != page:
            (folder / name).unlink()
            context.report.removed.append(folder / name)
    context.report.written += write_changed(pages, folder)
    record_made(context.project, context.output_folder, pages)
    return [f"{context.output_folder}/{name}" for name in pages]


def compose_chapters(made: Made, context: BuildContext) -> Iterator[Document]:
    """Yield the document of each lecture as a chapter; what cannot be composed is reported."""
    from generator.document.compose import compose

    for number, plan in enumerate(made.plans, start=1):
        document = None
        with reporting(plan, context), speaking(catalog_of(plan.lecture.lang, context.project)):
            chapter = as_chapter(plan, number)
            document = compose(chapter, made.artifacts, context.profile, made.datasets, looks=context.looks)
        if document:
            yield document


def as_chapter(plan: Plan, number: int) -> Plan:
    """Return the plan of a lecture that is a chapter of a book; its tasks are the same."""
    lecture = plan.lecture.as_chapter(number)
    return replace(plan, lecture=lecture, references=plan.references.of_chapter(lecture, plan.files))
