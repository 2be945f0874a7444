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
