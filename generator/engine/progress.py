"""Shows how a build goes: what runs and since when, what is left and for how long.

On a terminal this is a live table, elsewhere one line for each task that has ended.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TextIO

from generator.engine.schedule import kinds_of

if TYPE_CHECKING:
    from rich.table import Table


class TimeEstimate:
    """Estimates how long a build will still take.

    waiting: the seconds that each task is expected to take. workers: how many tasks run at once.

    If tasks of a kind take longer than expected, so probably will the others of that kind: their estimates are scaled
    by the mean ratio of time taken to time expected.
    """

    def __init__(self, waiting: Mapping[str, float], workers: int) -> None:
        self.guesses, self.waiting, self.workers = dict(waiting), set(waiting), max(1, workers)
        # By kinds: the expected seconds of unfinished tasks, kept up to date because there may be thousands of tasks.
        self.sums: dict[tuple[str, str], float] = {}
        for name, seconds in waiting.items():
            self.sums[kinds_of(name)] = self.sums.get(kinds_of(name), 0) + seconds
        self.slowdowns: dict[str, tuple[float, int]] = {}  # by kind: sum of taken / expected, number of tasks

    def note(self, name: str, seconds: float) -> None:
        """Record how long a task took, for the estimates of similar tasks."""
        for kind in kinds_of(name):
            total, count = self.slowdowns.get(kind, (0.0, 0))
            self.slowdowns[kind] = total + seconds / max(self.guesses.get(name, seconds), 0.1), count + 1

    def finish(self, name: str) -> None:
        """Count a task as ended."""
        if name in self.waiting:
            self.waiting.remove(name)
            self.sums[kinds_of(name)] -= self.guesses[name]

    def ratio(self, kinds: tuple[str, str]) -> float:
        """Return how many times longer than expected tasks of the first of these `kinds` that has run have taken."""
        for kind in kinds:
            if kind in self.slowdowns:
                total, count = self.slowdowns[kind]
                return total / count
        return 1.0

    def guess(self, name: str) -> float:
        """Return the estimate for a task in seconds: the expected time, scaled by the ratio for its kind."""
        return self.guesses[name] * self.ratio(kinds_of(name))

    def left(self, running: Mapping[str, float]) -> float:
        """Return the seconds until the end of the build, given how long each running task has been running."""
        waiting = sum(seconds * self.ratio(kinds) for kinds, seconds in self.sums.items())
        # The sums include the running tasks: subtract the time that these have already run, up to their estimate.
        elapsed = sum(min(seconds, self.guess(name)) for name, seconds in running.items() if name in self.waiting)
        return max(0.0, waiting - elapsed) / self.workers


def format_age(seconds: float, timeout: float | None) -> str:
    """Return how long a task has been running and, for one that has a timeout, of how many minutes at most."""
    return f"{seconds:.0f} s" if timeout is None else f"{seconds:.0f} s of {timeout:g} min"


def format_time_left(seconds: float) -> str:
    """Return a time in words, rounded; the empty string if it is almost over (less than 10 s)."""
    if seconds < 10:
        return ""
    return f"about {round(seconds / 10) * 10} s left" if seconds < 90 else f"about {round(seconds / 60)} min left"


class LiveDisplay(Protocol):
    """A display that changes while a build runs."""

    def begin(self) -> None:
        """Start showing."""

    def say(self, text: str) -> None:
        """Print a lasting line above the live display."""

    def close(self) -> None:
        """Remove the live display."""


class Progress:
    """Reports how a build goes: one line on `stream` for each task that has ended. Safe to call from threads."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.clock = stream or sys.stdout, clock
        self.total = self.done = 0
        self.running: dict[str, float] = {}
        self.estimate = TimeEstimate({}, 1)
        self.timeouts: Mapping[str, float] = {}
        self.lock, self.screen_lock = threading.Lock(), threading.Lock()
        self.shows_live = False
        self.screen: LiveDisplay | None = None

    def expect(
        self,
        guesses: Mapping[str, float],
        workers: int = os.cpu_count() or 1,
        timeouts: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """Set which tasks may have to run, the seconds that each is expected to take, and how many run at once.

        timeouts: the minutes that some tasks may take at most.
        """
        self.estimate, self.timeouts = TimeEstimate(guesses, workers), timeouts
        self.total = len(guesses)
        self.shows_live = can_show_live(self.stream, os.environ)

    def start(self, name: str) -> None:
        """Note that a task has begun."""
        with self.lock:
            self.running[name] = self.clock()
        with self.screen_lock:  # not `lock`, which the table takes to read what runs
            if self.shows_live and self.screen is None:
                self.screen = LiveTable(self, self.stream)
        if self.screen:
            self.screen.begin()

    def finish(self, name: str, outcome: str = "done") -> None:
        """Note that a task has ended: `done`, `draft`, `failed`, `skipped` or `up to date`.

        It is skipped because a task that it needs has failed. The last prints no line.
        """
        with self.lock:
            started = self.running.pop(name, None)
            self.done += 1
            self.estimate.finish(name)
            if started is not None:
                self.estimate.note(name, self.clock() - started)
            seconds = None if started is None else self.clock() - started
        if outcome != "up to date":
            spent = "" if seconds is None else f" in {seconds:.0f} s"
            more = f", {left}" if (left := self.left()) else ""
            self.say(f"[{self.done:>{len(str(self.total))}}/{self.total}] {name}: {outcome}{spent}{more}")

    def ages(self) -> dict[str, float]:
        """Return the running tasks, and for how many seconds each has been running."""
        with self.lock:
            now = self.clock()
            return {name: now - started for name, started in self.running.items()}

    def left(self) -> str:
        """Return in words how long the build will still take."""
        return format_time_left(self.estimate.left(self.ages()))

    def say(self, text: str) -> None:
        """Print a lasting line, above the live table if there is one."""
        if self.screen:
            self.screen.say(text)
        else:
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def close(self) -> None:
        """Remove the live table, if there is one."""
        if self.screen:
            self.screen.close()


def can_show_live(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether to show a live table: on a capable terminal, unless NO_COLOR asks for plain text."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"


REFRESH_RATE = 4  # redraws per second


class LiveTable:
    """A live table on a terminal: the running tasks and since when, what is left, how many workers are busy.

    Rich is imported here, so that a build in which no task runs does without it.
    """

    def __init__(self, progress: Progress, stream: TextIO) -> None:
        from rich.console import Console
        from rich.live import Live

        self.progress = progress
        self.console = Console(file=stream)
        self.live = Live(
            console=self.console,
            get_renderable=self.table,
            refresh_per_second=REFRESH_RATE,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self.lock = threading.Lock()

    def begin(self) -> None:
        """Start showing the table, at the first call."""
        with self.lock:
            if not self.live.is_started:
                self.live.start()

    def say(self, text: str) -> None:
        """Print a lasting line above the table."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Remove the table."""
        with self.lock:
            if self.live.is_started:
                self.live.stop()

    def table(self) -> "Table":
        """Return the table as of now."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        progress = self.progress
        running = progress.ages()
        rows = Table.grid(padding=(0, 2))
        rows.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        rows.add_column(justify="right", no_wrap=True)
        rows.add_column(no_wrap=True)
        for name, age in running.items():
            expected = progress.estimate.guess(name)
            bar = ProgressBar(total=expected, completed=min(age, expected), width=20)
            rows.add_row(name, format_age(age, progress.timeouts.get(name)), bar)
        cores = f"{len(running)} of {progress.estimate.workers} workers"
        whole = ProgressBar(total=max(1, progress.total), completed=progress.done, width=20)
        rows.add_row(f"{progress.left() or 'almost done'}, {cores}", f"{progress.done}/{progress.total}", whole)
        return rows
