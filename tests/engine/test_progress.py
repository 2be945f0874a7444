"""A build says what has ended, and how long the rest will take, by what its own tasks have taken."""

import io

import pytest
from rich.console import Console

from generator.engine.progress import Progress, TimeEstimate, can_show_live, format_time_left


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_line_says_what_ended_how_long_it_took_and_what_is_left() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)
    progress.expect({f"film pooling (x.md:{line})": 14 for line in range(4)}, workers=1)
    progress.start("film pooling (x.md:0)")
    clock.now = 20
    progress.finish("film pooling (x.md:0)")
    assert stream.getvalue() == "[1/4] film pooling (x.md:0): done in 20 s, about 60 s left\n"


def test_what_is_up_to_date_is_counted_and_not_told() -> None:
    stream = io.StringIO()
    progress = Progress(stream, Clock())
    progress.expect({"still relu (x.md:1)": 1, "still relu (x.md:2)": 1}, workers=2)
    progress.finish("still relu (x.md:1)", "up to date")
    progress.finish("still relu (x.md:2)", "failed")
    assert stream.getvalue() == "[2/2] still relu (x.md:2): failed\n"


def test_where_the_like_of_a_task_took_longer_than_thought_it_will_too() -> None:
    pace = TimeEstimate({"film a (1)": 10, "film b (2)": 20, "still c (3)": 1}, workers=1)
    pace.note("film a (1)", 15)
    assert (pace.guess("film b (2)"), pace.guess("still c (3)")) == (30, 1)


def test_what_has_run_is_taken_off_and_the_rest_is_shared_by_the_workers() -> None:
    pace = TimeEstimate({"film a (1)": 30, "film b (2)": 30}, workers=2)
    assert pace.left({"film a (1)": 10}) == (20 + 30) / 2
    assert pace.left({"film a (1)": 99}) == 30 / 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "live"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_only_a_terminal_that_may_be_colored_shows_a_live_table(stream, environment, live) -> None:
    assert can_show_live(stream, environment) is live


def test_the_live_table_says_what_runs_since_when_and_what_is_left(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    clock = Clock()
    progress = Progress(Terminal(), clock)
    progress.expect({"film pooling (x.md:1)": 60, "experiment net (x.md:2)": 1}, 2, {"experiment net (x.md:2)": 30})
    progress.start("film pooling (x.md:1)")
    progress.start("experiment net (x.md:2)")
    clock.now = 20
    console = Console(file=io.StringIO(), width=100)
    console.print(progress.screen.table())
    progress.close()
    shown = console.file.getvalue()
    assert "film pooling (x.md:1)" in shown
    assert "20 s " in shown
    assert "20 s of 30 min" in shown
    assert "about 20 s left, 2 of 2 workers" in shown
    assert "0/2" in shown


def test_a_terminal_shows_a_live_table_only_once_a_task_runs(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    progress = Progress(stream, Clock())
    progress.expect({"still relu (x.md:1)": 1, "still relu (x.md:2)": 1}, workers=2)
    progress.finish("still relu (x.md:1)", "up to date")
    assert (progress.screen, stream.getvalue()) == (None, "")
    progress.start("still relu (x.md:2)")
    assert progress.screen is not None
    progress.close()


@pytest.mark.parametrize(
    ("seconds", "words"), [(4, ""), (44, "about 40 s left"), (100, "about 2 min left"), (620, "about 10 min left")]
)
def test_times_are_rounded_as_people_round_them(seconds: float, words: str) -> None:
    assert format_time_left(seconds) == words
