"""No regular expression of the generator takes time without end, whatever the text."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from patterns import Pattern, attacks_on, find_patterns
from sample_project import ROOT

from generator.words import form_of, read_catalog

LENGTH = 1000  # characters: squares of it are a hundredth of a second, cubes half a minute
MOST_SECONDS = 0.5  # of work, so that a busy machine changes nothing


@contextmanager
def most_work() -> Iterator[None]:
    """Raise TimeoutError in whatever takes longer than MOST_SECONDS of work; `re` looks for signals as it goes."""
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


def find_attack(pattern: Pattern) -> str:
    """Return a text on which an expression takes too long, cut short; empty if there is none."""
    for text in attacks_on(pattern, LENGTH):
        content = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
        try:
            with most_work():
                pattern.sub(content[:0], content)  # type: ignore[call-overload]
                pattern.fullmatch(content)  # type: ignore[call-overload]
        except TimeoutError:
            return text[:40]
    return ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Manim's, which is read with modules that draw
def test_no_expression_of_the_generator_takes_time_without_end():
    patterns = find_patterns()
    assert len(patterns) > 150
    slow = {place: attack for place, pattern in patterns.items() if (attack := find_attack(pattern))}
    assert slow == {}


@pytest.mark.parametrize("lang", ["de", "he"])
def test_no_form_of_what_a_figure_says_takes_time_without_end(lang):
    catalog = read_catalog(lang, ROOT)
    assert catalog is not None
    assert len(catalog.figures) > 20
    assert {key: attack for key in catalog.figures if (attack := find_attack(form_of(key)))} == {}


@pytest.mark.parametrize(
    "pattern", [r"(?:a+)+b", r"(?:[ab]|a\s*)*c", r"(x+x+)+y", r"\|.*\|.*\|.*\|[ \t]*$", r"^(\s|b+)*$"]
)
def test_an_expression_that_does_is_found(pattern):
    assert find_attack(re.compile(pattern)) != ""


@pytest.mark.parametrize("pattern", [r"a+b", r"(?:ab)*c", r"\S+(?: \S+)*", r"[^\s|]+\|"])
def test_an_expression_that_does_not_is_none(pattern):
    assert find_attack(re.compile(pattern)) == ""
