"""The command line: `python -m generator COMMAND …`.

This is the only place that exits the process. `build` and `gallery` first try the fast check, which takes the command
line as it was typed and imports almost nothing; argparse is imported only when there may be something to do.
"""

import gc
import os
import sys

from generator.commands import up_to_date

TYPE_CHECKING = False  # importing typing would take as long as the whole fast check
if TYPE_CHECKING:
    import argparse

PROGRAM = "python -m generator"  # as it is called in a clone; see `program`
# The commands for which the fast check is tried, each with the sources that it compares.
CHECKED_SOURCES = {
    **dict.fromkeys(("build", "book", "site", "sheets"), up_to_date.SOURCES), "gallery": up_to_date.GALLERY_SOURCES,
}  # fmt: skip
MAIN_HELP = "Build lectures whose numbers are measured and whose pictures are computed."
# For each command, its line of help and an example.
COMMANDS = {
    "new": ("write a new course into a folder, ready to be built", "new my-course"),
    "build": ("make the pages of the named lectures, or of all, and the course's index", "build --profile quick"),
    "check": ("judge the pages that are built, and picture them all on contact sheets", "check --into build/quick"),
    "site": ("build the course, and put what students may have of it into build/site, judged", "site"),
    "sheets": ("build the course, and a sheet of each lecture's exercises, with and without solutions", "sheets"),
    "book": ("build the course, and all its handouts as one page: build/book.html", "book --pdf"),
    "watch": ("build whenever a source is saved, and show the pages in a browser", "watch --port=8001 my_lecture"),
    "gallery": ("make a page on each figure kind, with the examples that docs/gallery.md has of it", "gallery"),
    "why": ("say what has changed of a figure or an experiment since it was last made", "why my_lecture:120"),
    "gc": ("remove results that no build has used for long", "gc --days 7 --max-size 2 --dry-run"),
    "verify": ("read every byte of the results, make some again, and compare", "verify --sample 20"),
}


def main(words: list[str]) -> int:
    """Run the command given by `words`, the command line without the program's name, and return the exit code.

    The code is 0 if all went well, 1 for an error in the project, 2 for an error in the command line.
    """
    sources = CHECKED_SOURCES.get(words[0]) if words else None
    if sources and "--strict" not in words:
        products = up_to_date.find_up_to_date(os.getcwd(), words, sources)
        if products is not None:
            print(f"Nothing to do: {', '.join(products)} up to date.")
            return 0
    try:
        options = make_parser().parse_args(words)
    except SystemExit as end:  # --help, or a wrong command line: argparse has printed all there is to say
        return 2 if end.code else 0
    from generator.bytecode import keep_bytecode

    sys.dont_write_bytecode = True  # not before: the modules of the fast check load faster from bytecode
    keep_bytecode()
    gc.set_threshold(1_000_000)  # a build leaves few reference cycles; the search for them takes 5% of a short build
    keep_freed_memory()
    if problem := find_problem(options):
        sys.stderr.write(f"{program()} {options.command}: error: {problem}\n")
        return 2
    end_in_order()
    code: int = RUN[options.command](options, words)
    return code


def keep_freed_memory() -> None:
    """Let the C library keep freed memory, in pieces of up to 32 MB, for the next allocation; only glibc can.

    Pages are texts of some megabytes. To get each of their copies from the system again takes 5% of a short build.
    """
    import contextlib

    trim_threshold, mmap_threshold = -1, -3  # as <malloc.h> numbers them
    with contextlib.suppress(ImportError, OSError, AttributeError, TypeError):
        import ctypes

        set_option = ctypes.CDLL(None).mallopt
        set_option(mmap_threshold, 32 << 20)
        set_option(trim_threshold, 128 << 20)


def end_in_order() -> None:
    """Let the signals by which others end this process end it as Ctrl-C does: it ends what it has started first."""
    import signal

    def interrupt(number: int, _: object) -> None:
        raise KeyboardInterrupt(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # else it is ignored, because `nohup` has started us, say
            signal.signal(number, interrupt)


def program() -> str:
    """Return what the user has called: the command that an installed Lectern has, or Python."""
    from generator.roots import VERSION_FILE

    return "lectern" if VERSION_FILE.is_file() else PROGRAM


def make_parser() -> "argparse.ArgumentParser":
    """Return the parser for the command line."""
    import argparse

    parser = argparse.ArgumentParser(
        prog=program(), description=MAIN_HELP, epilog="Each command has a --help of its own."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    parsers = {}
    for name, (line, example) in COMMANDS.items():
        text = f"{line[0].upper()}{line[1:]}."
        parsers[name] = commands.add_parser(
            name, help=line, description=text, epilog=f"example: {program()} {example}", allow_abbrev=False
        )
    for name in ("build", "book", "site", "sheets", "watch", "why", "verify"):
        profile = "quick" if name == "watch" else "full"
        parsers[name].add_argument(
            "--profile", default=profile, metavar="NAME", help=f"a profile of lectures/course.toml (default: {profile})"
        )
    for name, into in (("build", "build"), ("check", "build"), ("watch", "build/quick"), ("gallery", "build/gallery")):
        parsers[name].add_argument(
            "--into", default=into, metavar="FOLDER", help=f"where the pages are, inside the project (default: {into})"
        )
    add_own_options(parsers)
    for name in ("build", "check", "watch"):
        parsers[name].add_argument(
            "lectures", nargs="*", metavar="LECTURE", help="the name of a lecture: its file without .md"
        )
    return parser


def add_own_options(parsers: "dict[str, argparse.ArgumentParser]") -> None:
    """Add the options that are specific to one command (or, like `--debug`, to two)."""
    parsers["build"].add_argument(
        "--all", action="store_true", dest="everything", help="all lectures, not those alone that are built by default"
    )
    parsers["build"].add_argument(
        "--format",
        action="append",
        default=[],
        dest="formats",
        metavar="FORMAT",
        help="make this format besides: pdf, pptx or sheets (may be given more than once)",
    )
    parsers["build"].add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="a Dask scheduler, tcp://host:8786, whose workers make what the store lacks",
    )
    for name, what in (("ca", "the authority's certificate"), ("cert", "your certificate"), ("key", "its key")):
        parsers["build"].add_argument(
            f"--tls-{name}", default="", metavar="FILE", help=f"{what}, for a scheduler at tls://host:8786"
        )
    parsers["build"].add_argument(
        "--wait", type=amount, default=30, metavar="SECONDS", help="how long to wait for a Dask worker (default: 30)"
    )
    for name in ("build", "book", "check", "site", "sheets", "watch", "why", "verify"):
        parsers[name].add_argument(
            "--given",
            action="append",
            default=[],
            metavar="NAME=PATH",
            help="where something outside the project is that slides need (may be given more than once)",
        )
    parsers["build"].add_argument(
        "--strict", action="store_true", help="check the pages, and fail where the check does"
    )
    parsers["book"].add_argument("--pdf", action="store_true", help="print the book, too: build/book.pdf")
    parsers["check"].add_argument(
        "--json", action="store_true", help="print all findings as one JSON list, with lines and columns"
    )
    for name in ("build", "book", "site", "sheets", "gallery"):
        parsers[name].add_argument("--debug", action="store_true", help="show the traceback of a recipe that fails")
    parsers["watch"].add_argument(
        "--port",
        type=port,
        default=8000,
        metavar="NUMBER",
        help="where the pages are served on this machine (default: 8000)",
    )
    parsers["new"].add_argument("folder", metavar="FOLDER", help="where the course goes: a new folder, or an empty one")
    parsers["why"].add_argument("target", metavar="TARGET", help="LECTURE:LINE, a figure kind or an experiment")
    parsers["gc"].add_argument(
        "--days", type=amount, default=30, metavar="N", help="remove what no build has used for so long (default: 30)"
    )
    parsers["gc"].add_argument(
        "--max-size", type=amount, default=float("inf"), metavar="GB", help="then the oldest beyond this size"
    )
    parsers["gc"].add_argument("--dry-run", action="store_true", help="remove nothing, only say what would be removed")
    parsers["verify"].add_argument(
        "--sample", type=count, default=5, metavar="N", help="how many results to make again (default: 5)"
    )


def find_problem(options: "argparse.Namespace") -> str:
    """Return what is wrong with options that argparse finds right one by one; empty if nothing is."""
    if getattr(options, "everything", False) and options.lectures:
        return "argument --all: it is for all lectures; leave out their names, or --all"
    problem = find_folder_problem(options)
    return f"argument --into: {problem}" if problem else ""


def find_folder_problem(options: "argparse.Namespace") -> str:
    """Return why a command may not keep its pages in the folder that `--into` names; empty if it may.

    No `type` of the option, because that would load half of the generator before `main` has made loading it cheap.
    """
    from pathlib import Path

    from generator.commands.output_folder import check_output_folder
    from generator.errors import SourceError
    from generator.lecture.course import folder_inside

    folder = getattr(options, "into", None)
    try:
        if folder is not None and options.command == "check":  # it writes only beside pages that are there
            folder_inside(Path.cwd(), folder)
        elif folder is not None:
            check_output_folder(Path.cwd(), folder, "gallery" if options.command == "gallery" else "build")
    except SourceError as error:
        return str(error)
    return ""


def amount(text: str) -> float:
    """Return the number in `text`; raise ValueError if it is not a number or is negative."""
    number = float(text)
    if not number >= 0:
        raise ValueError(text)
    return number


def count(text: str) -> int:
    """Return the integer in `text`; raise ValueError if it is not an integer or is negative."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def port(text: str) -> int:
    """Return the port number in `text`; raise ValueError if it is not an integer from 0 to 65535."""
    number = int(text)
    if not 0 <= number < 1 << 16:
        raise ValueError(text)
    return number


def run_new(options: "argparse.Namespace", _words: list[str]) -> int:
    """Run `new`: write a new course."""
    from generator.commands.new import write_course

    return write_course(options.folder)


def run_build(options: "argparse.Namespace", words: list[str]) -> int:
    """Run `build`: build the lectures and, with --strict, check their pages."""
    from generator.commands.build import build_course
    from generator.engine.workers import Scheduler

    tls = (options.tls_ca, options.tls_cert, options.tls_key)
    code = build_course(
        os.getcwd(),
        () if options.everything else options.lectures or None,
        profile=options.profile,
        into=options.into,
        formats=options.formats,
        scheduler=Scheduler(options.scheduler, *tls, wait=options.wait),
        debug=options.debug,
        words=words,
        given=options.given,
    )
    return run_check(options, words) if options.strict and code == 0 else code


def run_check(options: "argparse.Namespace", _words: list[str]) -> int:
    """Run `check`: check the pages that have been built."""
    from generator.commands.check import check_course

    as_json = getattr(options, "json", False)
    return check_course(os.getcwd(), options.into, options.lectures, as_json=as_json, given=options.given)


def run_site(options: "argparse.Namespace", words: list[str]) -> int:
    """Run `site`: build the course and its site."""
    from generator.commands.site import build_site

    return build_site(os.getcwd(), profile=options.profile, debug=options.debug, words=words, given=options.given)


def run_sheets(options: "argparse.Namespace", words: list[str]) -> int:
    """Run `sheets`: build the course and its exercise sheets."""
    from generator.commands.sheets import build_sheets

    return build_sheets(os.getcwd(), profile=options.profile, debug=options.debug, words=words, given=options.given)


def run_book(options: "argparse.Namespace", words: list[str]) -> int:
    """Run `book`: build the course and its book."""
    from generator.commands.book import build_book

    return build_book(
        os.getcwd(),
        profile=options.profile,
        is_printed=options.pdf,
        debug=options.debug,
        words=words,
        given=options.given,
    )


def run_watch(options: "argparse.Namespace", _words: list[str]) -> int:
    """Run `watch`: build whenever a source changes."""
    from generator.commands.watch import watch_course

    return watch_course(
        os.getcwd(),
        options.lectures,
        profile=options.profile,
        into=options.into,
        port=options.port,
        given=options.given,
    )


def run_gallery(options: "argparse.Namespace", words: list[str]) -> int:
    """Run `gallery`: build the gallery of figure kinds."""
    from generator.commands.gallery import build_gallery

    return build_gallery(os.getcwd(), into=options.into, debug=options.debug, words=words)


def run_why(options: "argparse.Namespace", _words: list[str]) -> int:
    """Run `why`: say why something will be made again."""
    from generator.commands.why import explain

    return explain(os.getcwd(), options.profile, options.target, options.given)


def run_gc(options: "argparse.Namespace", _words: list[str]) -> int:
    """Run `gc`: remove old results."""
    from generator.commands.gc import GIGABYTE, collect_garbage

    return collect_garbage(os.getcwd(), options.days, options.max_size * GIGABYTE, dry_run=options.dry_run)


def run_verify(options: "argparse.Namespace", _words: list[str]) -> int:
    """Run `verify`: make some results again and compare them."""
    from generator.commands.verify import verify

    return verify(os.getcwd(), options.profile, options.sample, options.given)


RUN = {
    "new": run_new, "build": run_build, "check": run_check, "site": run_site, "sheets": run_sheets, "book": run_book,
    "watch": run_watch, "gallery": run_gallery, "why": run_why, "gc": run_gc, "verify": run_verify,
}  # fmt: skip


def open_closed_streams() -> None:
    """Open an empty file for each standard stream that is closed: else the next file opened would stand for it."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # 2: standard error
        os.set_inheritable(number, True)  # noqa: FBT003 - the function's own
    os.close(number)
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 - open until the process ends
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115


def tell_end(error: Exception, words: list[str]) -> None:
    """Say on standard error why the command has ended: nobody reads its output, or what nobody foresaw.

    words: the command line; with --debug the traceback is shown, too.
    """
    unwritten = error if isinstance(error, OSError) and not error.filename else None  # of a stream, not of a file
    try:
        sys.stdout.flush()
    except OSError as failed:
        unwritten = failed
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # so that Python does not try once more as it ends
    problem = f"{type(error).__name__}: {' '.join(str(error).split())[:200] or 'it says no more'}"
    hint = "this is a fault of the generator: please report it, with what DEBUG=1 shows"
    if unwritten:
        problem, hint = f"what is printed cannot be written: {unwritten.strerror}", "the pages that were made are kept"
    elif isinstance(error, MemoryError):
        problem, hint = "there is not enough memory", "close other programs"
    elif isinstance(error, (ImportError, OSError)):
        hint = "is there enough memory, and room on the disk? Is everything set up? make setup"
    sys.stderr.write(f"{problem}\nhint: {hint}\n")
    if "--debug" in words or os.environ.get("DEBUG"):
        sys.excepthook(type(error), error, error.__traceback__)


def run() -> None:
    """Run the command that this process was started with, and exit with its code."""
    open_closed_streams()
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt as stop:
        sys.stderr.write("\nstopped; what was finished is kept\n")
        code = 128 + (stop.args or (2,))[0]  # as shells say which signal it was; 2: Ctrl-C
    except Exception as error:
        tell_end(error, sys.argv[1:])
        code = 1
    gc.freeze()  # at exit Python collects garbage among all objects; frozen ones are skipped
    raise SystemExit(code)


if __name__ == "__main__":
    run()
