"""Errors are told at their place, those too that nobody foresaw."""

import time

import pytest

from generator.errors import FactError, Report, SourceError, Where, print_report, telling

HERE = Where("lectures/sample.md", 7)


def told(error: BaseException) -> SourceError:
    with pytest.raises(SourceError) as caught, telling(HERE, "this cannot be planned"):
        raise error
    return caught.value


def test_an_exception_that_nobody_foresaw_is_an_error_at_its_line():
    assert str(told(KeyError("stride"))) == (
        "lectures/sample.md:7: this cannot be planned: KeyError: 'stride'\n"
        "hint: this is a fault of the generator, not of the text: please report it, with what DEBUG=1 shows"
    )


def test_text_that_is_nested_too_deeply_is_said_to_be():
    error = told(RecursionError("maximum recursion depth exceeded"))
    assert error.problem == "this cannot be planned: it is nested too deeply"


@pytest.mark.parametrize("error", [FactError("no", HERE), PermissionError("no"), KeyboardInterrupt()])
def test_what_was_foreseen_is_told_as_it_is(error):
    with pytest.raises(type(error)) as caught, telling(HERE, "this cannot be planned"):
        raise error
    assert caught.value is error


@pytest.mark.parametrize("debug", [True, False])
def test_a_traceback_is_shown_to_who_asks(capsys, debug):
    report = Report([told(KeyError("stride"))], debug=debug)
    assert print_report(report, [], time.monotonic()) == 1
    assert ("Traceback" in capsys.readouterr().err) is debug


def test_an_error_repeats_at_most_two_hundred_characters():
    error = SourceError(f"'{'a' * 5000}' is no word", HERE, f"write '{'b' * 201}' otherwise")
    assert error.problem == f"'{'a' * 200}…' is no word"
    assert error.hint == f"write '{'b' * 200}…' otherwise"


def test_what_it_repeats_is_cut_whatever_is_in_it():
    error = SourceError(f"'{chr(39) * 5000}' is no word and {'c' * 5000} is none", HERE)
    assert len(error.problem) < 410
    assert error.problem.endswith("c is none")


def test_an_error_is_one_line_without_codes_that_a_terminal_obeys():
    assert SourceError("'a\n  b\x1b[31m'\r\nis no word", HERE, "one\ntwo").problem == r"'a b\x1b[31m' is no word"


def test_pages_that_were_written_are_said_beside_an_error(capsys, tmp_path):
    report = Report([SourceError("no", HERE)], written=[tmp_path / "slides.html"])
    assert print_report(report, [], time.monotonic()) == 1
    said = capsys.readouterr()
    assert said.out.endswith("slides.html\n")
    assert said.err.endswith("1 error; all other pages are the last good ones\n")
