import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from generator.__main__ import COMMANDS, keep_freed_memory, main, make_parser


@pytest.mark.parametrize(
    "words",
    [
        [], ["galery"], ["why"], ["why", "a", "b"], ["why", "--into", "x", "a"], ["gc", "all"], ["gc", "--days"], ["gc", "--days", "-1"],
        ["gc", "--days", "many"], ["gc", "--max-size", "nan"], ["gc", "--debug"], ["verify", "x"],
        ["verify", "--sample", "1.5"], ["build", "--dry-run"], ["check", "--all"],
    ],
)  # fmt: skip
def test_words_that_are_off_are_refused_with_the_usage(words, capsys):
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_all_lectures_and_some_by_name_are_a_contradiction(capsys):
    assert main(["build", "--all", "sample"]) == 2
    assert capsys.readouterr().err == (
        "python -m generator build: error: argument --all: it is for all lectures; leave out their names, or --all\n"
    )


def test_commands_have_defaults():
    assert vars(make_parser().parse_args(["gc"])) == {
        "command": "gc", "days": 30, "max_size": float("inf"), "dry_run": False,
    }  # fmt: skip
    assert vars(make_parser().parse_args(["verify"])) == {
        "command": "verify", "profile": "full", "sample": 5, "given": [],
    }  # fmt: skip
    assert make_parser().parse_args(["why", "lecture:31"]).target == "lecture:31"


def test_options_are_taken_with_and_without_an_equals_sign():
    options = make_parser().parse_args(["gc", "--days=7", "--max-size", "0.5", "--dry-run"])
    assert (options.days, options.max_size, options.dry_run) == (7, 0.5, True)
    assert make_parser().parse_args(["watch", "--port=8001"]).port == 8001


@pytest.mark.parametrize("words", [["--help"], ["build", "--help"], ["watch", "-h"]])
def test_help_goes_to_standard_output_and_is_no_error(words, capsys):
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.startswith("usage: python -m generator")
    assert said.err == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_an_example_that_it_takes(name, capsys):
    assert main([name, "--help"]) == 0
    example = capsys.readouterr().out.rpartition("example: python -m generator ")[2].split()
    assert make_parser().parse_args(example).command == name


def test_memory_that_was_freed_is_used_again():
    program = """
import resource
from generator.__main__ import keep_freed_memory
keep_freed_memory()
for _ in range(3):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    pages = ["a" * 20_000_000 for _ in range(4)]
    pages.clear()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert int(done.stdout) < 1_000  # pages of memory taken anew; 19,500 hold the four texts


@pytest.mark.parametrize("library", [SimpleNamespace(), OSError(), TypeError()])
def test_a_c_library_without_settings_for_memory_is_left_as_it_is(library, monkeypatch):
    def load(_name: None) -> SimpleNamespace:
        if isinstance(library, Exception):
            raise library
        return library

    monkeypatch.setattr(ctypes, "CDLL", load)
    keep_freed_memory()
    assert vars(library) == {}
