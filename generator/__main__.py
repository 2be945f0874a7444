"""The command line, the only place that prints or exits: `python -m generator build [LECTURE …]`."""

import os
import sys

sys.dont_write_bytecode = True

USAGE = """usage: python -m generator build [--profile NAME] [--debug] [LECTURE ...]

Build the slides, the handout and the notebook of the named lectures, or of all.
  --profile NAME   a profile of lectures/course.toml: full (the default) or quick
  --debug          show the traceback of a recipe that fails
"""


def read_command(words: list[str]) -> tuple[str, bool, list[str]] | None:
    """Return the profile, whether to debug, and the lectures asked for; None when the words are off."""
    if not words or words[0] != "build":
        return None
    profile, debug = "full", False
    names: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--profile":
            profile = next(rest, "")
        elif word == "--debug":
            debug = True
        elif word.startswith("-"):
            return None
        else:
            names.append(word)
    return (profile, debug, names) if profile else None


def main(words: list[str]) -> int:
    """Run one command; return 0 when all went well, 1 for an error in the project, 2 for one in the words."""
    command = read_command(words)
    if command is None:
        sys.stderr.write(USAGE)
        return 2
    from generator import fresh

    profile, debug, names = command
    request = [profile, *sorted(names)]
    products = fresh.is_fresh(os.getcwd(), request)
    if products is not None:
        print(f"Nothing to do: {', '.join(products)} up to date.")
        return 0
    from generator.studio import build_course

    return build_course(os.getcwd(), request, names, debug=debug)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; what was finished is kept\n")
        raise SystemExit(130) from None
