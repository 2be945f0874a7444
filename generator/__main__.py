"""The command line, the only place that exits: `python -m generator build [LECTURE …]`, and what USAGE says."""

import gc
import os
import sys

USAGE = """usage: python -m generator build [--profile NAME] [--into FOLDER] [--format FORMAT] [--scheduler ADDRESS]
                                 [--strict] [--debug] [LECTURE ...]
       python -m generator check [--into FOLDER] [LECTURE ...]
       python -m generator watch [--profile NAME] [--into FOLDER] [--port NUMBER] [LECTURE ...]
       python -m generator gallery [--into FOLDER] [--debug]
       python -m generator why [--profile NAME] TARGET
       python -m generator gc [--days N] [--max-size GB] [--dry-run]
       python -m generator verify [--profile NAME] [--sample N]

build: the slides, the handout and the notebook of the named lectures, or of all, and the course's index.
check: judge the pages that are built, and picture them all on contact sheets.
watch: build again whenever a source is saved, and show the pages in a browser, each slide anew.
gallery: a page on each figure kind, with the examples that docs/gallery.md has of it.
why: what has changed of a LECTURE:LINE, a figure kind or an experiment since it was last made.
gc: remove results that no build has used for N days (30), then the oldest beyond a size.
verify: make N (5) of the results again and compare.
  --profile NAME   a profile of lectures/course.toml: full (the default) or quick
  --into FOLDER    where the pages go, inside the project: build, or build/gallery (the defaults)
  --format FORMAT  make this format besides: pdf or pptx (may be given more than once)
  --scheduler ADDRESS   a Dask scheduler, tcp://host:8786, whose workers make what the store lacks
  --port NUMBER    where watch serves the pages on this machine: 8000 (the default)
  --strict         check the pages when they are built, and fail where the check does
  --debug          show the traceback of a recipe that fails
  --dry-run        remove nothing, only say what would be removed
"""
OPTIONS = {
    "build": {"--profile": "full", "--into": "build", "--format": "none", "--scheduler": "none"},
    "check": {"--into": "build"},
    "watch": {"--profile": "quick", "--into": "build/quick", "--port": "8000"},
    "gallery": {"--into": "build/gallery"},
    "why": {"--profile": "full"},
    "gc": {"--days": "30", "--max-size": "inf"},
    "verify": {"--profile": "full", "--sample": "5"},
}
FLAGS = {"build": ("--strict", "--debug"), "gallery": ("--debug",), "gc": ("--dry-run",)}
NUMBERS = {"--port": int, "--days": float, "--max-size": float, "--sample": int}
FEWEST_AND_MOST_NAMES = {"build": (0, 1000), "check": (0, 1000), "watch": (0, 1000), "why": (1, 1)}


def read_command(words: list[str]) -> tuple[str, dict[str, str], list[str]] | None:
    """Return the command, its options and the names after it; None when the words are off.

    An option that is given more than once has all its texts, with commas between them.
    """
    command = words[0] if words else ""
    if command not in OPTIONS:
        return None
    given: dict[str, list[str]] = {}
    names = []
    rest = iter(words[1:])
    for word in rest:
        if word in FLAGS.get(command, ()):
            given[word] = ["yes"]
        elif word in OPTIONS[command]:
            given.setdefault(word, []).append(next(rest, ""))
        elif word.startswith("-"):
            return None
        else:
            names.append(word)
    fewest, most = FEWEST_AND_MOST_NAMES.get(command, (0, 0))
    is_right = all(is_number(text, NUMBERS.get(name)) for name, texts in given.items() for text in texts)
    options = {**OPTIONS[command], **{name: ",".join(texts) for name, texts in given.items()}}
    return (command, options, names) if is_right and fewest <= len(names) <= most else None


def is_number(text: str, kind: type | None) -> bool:
    """Return whether an option's text is there and, where a `kind` of number is wanted, is one, not below 0."""
    try:
        return bool(text) and (kind is None or kind(text) >= 0)
    except ValueError:
        return False


def main(words: list[str]) -> int:
    """Run one command; return 0 when all went well, 1 for an error in the project, 2 for one in the words."""
    asked = read_command(words)
    if asked is None:
        sys.stderr.write(USAGE)
        return 2
    command, options, names = asked
    if command in ("why", "gc", "verify"):
        return look_after(command, options, names)
    code = 0 if command == "check" else make(command, options, names)
    if code == 0 and (command == "check" or "--strict" in options):
        from generator.check.run import check_course

        return check_course(os.getcwd(), options["--into"], names)
    return code


def make(command: str, options: dict[str, str], names: list[str]) -> int:
    """Build the lectures, or the gallery, unless they are up to date, or go on building; return the exit code."""
    from generator.commands import up_to_date

    request = [options.get("--profile", command), options["--into"], *sorted(names)]
    formats = [] if options.get("--format", "none") == "none" else sorted(set(options["--format"].split(",")))
    if command == "watch":
        from generator.commands.watch import watch_course

        return watch_course(os.getcwd(), request, names, int(options["--port"]))
    sources = up_to_date.SOURCES if command == "build" else up_to_date.GALLERY_SOURCES
    request += [f"--format={name}" for name in formats]  # no lecture's name begins with a hyphen
    products = up_to_date.is_fresh(os.getcwd(), request, sources)
    if products is not None:
        print(f"Nothing to do: {', '.join(products)} up to date.")
        return 0
    sys.dont_write_bytecode = True  # for what a build reads; the few lines above start faster when they are compiled
    gc.set_threshold(1_000_000)  # a build makes little garbage in circles; looking for it is a twentieth of a short one
    if command == "gallery":
        from generator.commands.gallery import build_gallery

        return build_gallery(os.getcwd(), request, debug="--debug" in options)
    from generator.commands.build import build_course

    scheduler = "" if options["--scheduler"] == "none" else options["--scheduler"]
    return build_course(os.getcwd(), request, names, formats, scheduler=scheduler, debug="--debug" in options)


def look_after(command: str, options: dict[str, str], names: list[str]) -> int:
    """Run a command that makes no pages; return the exit code."""
    sys.dont_write_bytecode = True
    if command == "why":
        from generator.commands.why import explain

        return explain(os.getcwd(), options["--profile"], names[0])
    if command == "verify":
        from generator.commands.verify import recheck

        return recheck(os.getcwd(), options["--profile"], int(options["--sample"]))
    from generator.commands.gc import GIGABYTE, prune

    most = float(options["--max-size"]) * GIGABYTE
    return prune(os.getcwd(), float(options["--days"]), most, only_tell="--dry-run" in options)


def run() -> None:
    """Run the command that this process was started with, and exit."""
    try:
        code = main(sys.argv[1:])
        gc.freeze()  # Python ends by looking for garbage in all there is
        raise SystemExit(code)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; what was finished is kept\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    run()
