"""The command line, the only place that prints or exits: `python -m generator build [LECTURE …]`, or `gallery`."""

import os
import sys

USAGE = """usage: python -m generator build [--profile NAME] [--into FOLDER] [--format FORMAT] [--scheduler ADDRESS]
                                 [--debug] [LECTURE ...]
       python -m generator watch [--profile NAME] [--into FOLDER] [--port NUMBER] [LECTURE ...]
       python -m generator gallery [--into FOLDER] [--debug]

build: the slides, the handout and the notebook of the named lectures, or of all, and the course's index.
watch: build again whenever a source is saved, and show the pages in a browser, each slide anew.
gallery: a page on each figure kind, with the examples that docs/gallery.md has of it.
  --profile NAME   a profile of lectures/course.toml: full (the default) or quick
  --into FOLDER    where the pages go, inside the project: build, or build/gallery (the defaults)
  --format FORMAT  make this format besides: pdf or pptx (may be given more than once)
  --scheduler ADDRESS   a Dask scheduler, tcp://host:8786, whose workers make what the store lacks
  --port NUMBER    where watch serves the pages on this machine: 8000 (the default)
  --debug          show the traceback of a recipe that fails
"""
OPTIONS = {
    "build": {"--profile": "full", "--into": "build", "--scheduler": "none"},
    "watch": {"--profile": "quick", "--into": "build/quick", "--port": "8000"},
    "gallery": {"--into": "build/gallery"},
}
Command = tuple[str, dict[str, str], list[str], list[str]]


def read_command(words: list[str]) -> Command | None:
    """Return the command, its options, the formats and the lectures asked for; None when the words are off."""
    command = words[0] if words else ""
    if command not in OPTIONS:
        return None
    options = dict(OPTIONS[command])
    formats: list[str] = []
    names: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--debug":
            options[word] = "yes"
        elif word == "--format" and command == "build":
            formats.append(next(rest, ""))
        elif word in options:
            options[word] = next(rest, "")
        elif word.startswith("-") or command == "gallery":
            return None
        else:
            names.append(word)
    is_whole = all([*options.values(), *formats]) and options.get("--port", "0").isdigit()
    return (command, options, formats, names) if is_whole else None


def main(words: list[str]) -> int:
    """Run one command; return 0 when all went well, 1 for an error in the project, 2 for one in the words."""
    asked = read_command(words)
    if asked is None:
        sys.stderr.write(USAGE)
        return 2
    from generator import fresh

    command, options, formats, names = asked
    request = [options.get("--profile", command), options["--into"], *sorted(names)]
    if command == "watch":
        from generator.watch import watch_course

        return watch_course(os.getcwd(), request, names, int(options["--port"]))
    request += [f"--format={word}" for word in sorted(set(formats))]  # no lecture's name begins with a hyphen
    sources = fresh.SOURCES if command == "build" else fresh.GALLERY_SOURCES
    products = fresh.is_fresh(os.getcwd(), request, sources)
    if products is not None:
        print(f"Nothing to do: {', '.join(products)} up to date.")
        return 0
    sys.dont_write_bytecode = True  # for what a build reads; the few lines above start faster when they are compiled
    if command == "gallery":
        from generator.gallery import build_gallery

        return build_gallery(os.getcwd(), request, debug="--debug" in options)
    from generator.studio import build_course

    scheduler = "" if options["--scheduler"] == "none" else options["--scheduler"]
    return build_course(os.getcwd(), request, names, formats, scheduler=scheduler, debug="--debug" in options)


def run() -> None:
    """Run the command that this process was started with, and exit."""
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; what was finished is kept\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    run()
