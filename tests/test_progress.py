"""A build says what has ended, and how long the rest will take, by what its own tasks have taken."""

import io

import pytest

from generator.progress import Pace, Progress, tell_time


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_line_says_what_ended_how_long_it_took_and_what_is_left() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)
    progress.expect([f"film pooling (x.md:{line})" for line in range(4)], workers=1)
    progress.start("film pooling (x.md:0)")
    clock.now = 20
    progress.finish("film pooling (x.md:0)")
    assert stream.getvalue() == "[1/4] film pooling (x.md:0): done in 20 s, about 60 s left\n"


def test_what_is_up_to_date_is_counted_and_not_told() -> None:
    stream = io.StringIO()
    progress = Progress(stream, Clock())
    progress.expect(["still relu (x.md:1)", "still relu (x.md:2)"], workers=2)
    progress.finish("still relu (x.md:1)", "up to date")
    progress.finish("still relu (x.md:2)", "failed")
    assert stream.getvalue() == "[2/2] still relu (x.md:2): failed\n"


def test_the_most_similar_task_counts() -> None:
    pace = Pace((), 1)
    pace.note("experiment convnet, seed 0 (x.md:1)", 40)
    pace.note("experiment dense, seed 0 (x.md:2)", 10)
    assert pace.guess("experiment convnet, seed 1 (x.md:1)") == 40
    assert pace.guess("experiment corner, seed 0 (x.md:3)") == 25


def test_before_any_has_ended_films_are_expected_to_take_longer_than_stills() -> None:
    assert Pace((), 1).guess("film pooling (x.md:1)") > Pace((), 1).guess("still pooling (x.md:1)")


def test_what_has_run_is_taken_off_and_the_rest_is_shared_by_the_workers() -> None:
    pace = Pace(["film a (1)", "film b (2)"], workers=2)
    pace.note("film c (3)", 30)
    assert pace.left({"film a (1)": 10}) == (20 + 30) / 2
    assert pace.left({"film a (1)": 99}) == 30 / 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(4, ""), (44, "about 40 s left"), (100, "about 2 min left"), (620, "about 10 min left")]
)
def test_times_are_rounded_as_people_round_them(seconds: float, words: str) -> None:
    assert tell_time(seconds) == words
