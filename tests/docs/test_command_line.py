"""The page on the command line is what the parser and the Makefile say: `GOLDEN=write` writes it anew."""

import argparse
import os
import re
from collections.abc import Iterator
from pathlib import Path

from generator.__main__ import COMMANDS, PROGRAM, make_parser

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guide" / "command-line.md"
HEAD = """# The command line

This page is written by a test from the Makefile and the parser. After a change there, `make golden` writes it anew.

`make` sets up what is missing and then runs a command of the generator; most people need nothing else:

| `make …` | what it does |
|:--|:--|
"""
BELOW = f"""
Names in capitals are set behind the target: `make lecture LECTURE=convolution_and_pooling PROFILE=quick`.

`{PROGRAM}` is what `make` runs, in the project's folder and with the Python of `.venv`. `--help` lists the commands, and
`build --help` the options of one. The exit code is 0 when all went well, 1 for an error in the project, which is told with its
file, its line and a hint, and 2 for words that are no command.
"""


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command."""
    (action,) = [action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(action.choices)


def targets() -> Iterator[str]:
    """Yield a row for each target of the Makefile that says what it is for."""
    for name, words in re.findall(
        r"^([a-z-]+):.*## (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    ):
        yield f"| `{name}` | {words} |"


def write_command(name: str, parser: argparse.ArgumentParser) -> str:
    """Return the section of one command: what it does, what it takes, an example."""
    rows = [write_option(action) for action in parser._actions if action.dest != "help"]
    table = "\n".join(["| words | what they mean |", "|:--|:--|", *rows]) if rows else "It takes no words."
    return f"\n## {name}\n\n{parser.description}\n\n{table}\n\nExample: `{PROGRAM} {COMMANDS[name][1]}`\n"


def write_option(action: argparse.Action) -> str:
    """Return the row of one option or argument."""
    value = f" {action.metavar}" if action.metavar and action.option_strings else action.metavar or ""
    words = f"{action.option_strings[0]}{value}" if action.option_strings else f"{value} …" if action.nargs else value
    return f"| `{words}` | {action.help} |"


def test_the_page_on_the_command_line_is_up_to_date():
    page = HEAD + "\n".join(targets()) + "\n" + BELOW + "".join(write_command(*pair) for pair in commands().items())
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.is_file(), "make golden writes the page; read it before you keep it"
    assert PAGE.read_text(encoding="utf-8") == page


def test_every_command_has_a_file_of_its_name():
    folder = ROOT / "generator" / "commands"
    assert set(COMMANDS) | {"up_to_date", "output_folder", "__init__"} == {path.stem for path in folder.glob("*.py")}
