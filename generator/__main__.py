"""The command line, the only place that prints or exits: `python -m generator build [LECTURE …]`."""

import os
import sys

sys.dont_write_bytecode = True

USAGE = """usage: python -m generator build [--profile NAME] [--into FOLDER] [--debug] [LECTURE ...]

Build the slides, the handout and the notebook of the named lectures, or of all.
  --profile NAME   a profile of lectures/course.toml: full (the default) or quick
  --into FOLDER    where the pages go, inside the project: build (the default)
  --debug          show the traceback of a recipe that fails
"""


def read_command(words: list[str]) -> tuple[dict[str, str], list[str]] | None:
    """Return the options and the lectures asked for; None when the words are off."""
    options, names = {"--profile": "full", "--into": "build"}, []
    rest = iter(words[1:])
    for word in rest:
        if word == "--debug":
            options[word] = "yes"
        elif word in options:
            options[word] = next(rest, "")
        elif word.startswith("-"):
            return None
        else:
            names.append(word)
    return (options, names) if words[:1] == ["build"] and all(options.values()) else None


def main(words: list[str]) -> int:
    """Run one command; return 0 when all went well, 1 for an error in the project, 2 for one in the words."""
    command = read_command(words)
    if command is None:
        sys.stderr.write(USAGE)
        return 2
    from generator import fresh

    options, names = command
    request = [options["--profile"], options["--into"], *sorted(names)]
    products = fresh.is_fresh(os.getcwd(), request)
    if products is not None:
        print(f"Nothing to do: {', '.join(products)} up to date.")
        return 0
    from generator.studio import build_course

    return build_course(os.getcwd(), request, names, debug="--debug" in options)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; what was finished is kept\n")
        raise SystemExit(130) from None
