"""Progress: what runs, since when, what is left and for how long; a live table on a terminal, plain lines elsewhere."""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from generator.engine.schedule import kinds_of


class TimeEstimate:
    """What is left of a build: `waiting` gives the seconds that each task is thought to take; `workers` run at once."""

    def __init__(self, waiting: Mapping[str, float], workers: int) -> None:
        self.guesses, self.waiting, self.workers = dict(waiting), set(waiting), max(1, workers)
        self.sums: dict[tuple[str, str], float] = {}  # of the guesses of what waits, by kinds: there may be thousands
        for name, seconds in waiting.items():
            self.sums[kinds_of(name)] = self.sums.get(kinds_of(name), 0) + seconds
        self.spent: dict[str, tuple[float, int]] = {}

    def note(self, name: str, seconds: float) -> None:
        """Remember how long a task took: those like it, which have not begun, may well take as long."""
        for kind in kinds_of(name):
            total, count = self.spent.get(kind, (0.0, 0))
            self.spent[kind] = total + seconds / max(self.guesses.get(name, seconds), 0.1), count + 1

    def finish(self, name: str) -> None:
        """Count a task as over."""
        if name in self.waiting:
            self.waiting.remove(name)
            self.sums[kinds_of(name)] -= self.guesses[name]

    def ratio(self, kinds: tuple[str, str]) -> float:
        """Return how many times as long as thought tasks of these kinds have taken."""
        for kind in kinds:
            if kind in self.spent:
                total, count = self.spent[kind]
                return total / count
        return 1.0

    def guess(self, name: str) -> float:
        """Return how long a task may take: what was thought, times how much longer than thought the like of it took."""
        return self.guesses[name] * self.ratio(kinds_of(name))

    def left(self, running: Mapping[str, float]) -> float:
        """Return the seconds until the end, given how long each running task has been running."""
        waiting = sum(seconds * self.ratio(kinds) for kinds, seconds in self.sums.items())
        # What runs counts among what waits: of that, take away what has passed.
        passed = sum(min(seconds, self.guess(name)) for name, seconds in running.items() if name in self.waiting)
        return max(0.0, waiting - passed) / self.workers


def format_time_left(seconds: float) -> str:
    """Return a time as a person would say it; nothing for one that is as good as over."""
    if seconds < 10:
        return ""
    return f"about {round(seconds / 10) * 10} s left" if seconds < 90 else f"about {round(seconds / 60)} min left"


class LiveDisplay(Protocol):
    """Where progress is shown live."""

    def begin(self) -> None:
        """Start showing."""

    def say(self, text: str) -> None:
        """Print one line for good, above what is live."""

    def close(self) -> None:
        """Take away what is live."""


class Progress:
    """Tells a person how a build goes. `stream` gets one line a finished task; safe to call from threads."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.clock = stream or sys.stdout, clock
        self.total = self.done = 0
        self.running: dict[str, float] = {}
        self.pace = TimeEstimate({}, 1)
        self.lock = threading.Lock()
        self.screen: LiveDisplay | None = None

    def expect(self, guesses: Mapping[str, float], workers: int = os.cpu_count() or 1) -> None:
        """Say which tasks there are to run at the most, the seconds that each may take, and how many run at once."""
        self.pace = TimeEstimate(guesses, workers)
        self.total = len(guesses)
        if can_show_live(self.stream, os.environ):
            self.screen = LiveTable(self, self.stream)

    def start(self, name: str) -> None:
        """Note that a task has begun."""
        with self.lock:
            self.running[name] = self.clock()
        if self.screen:
            self.screen.begin()

    def finish(self, name: str, outcome: str = "done") -> None:
        """Note that a task has ended: `done`, `failed`, or `skipped` because what it needs failed."""
        with self.lock:
            begun = self.running.pop(name, None)
            self.done += 1
            self.pace.finish(name)
            if begun is not None:
                self.pace.note(name, self.clock() - begun)
            seconds = None if begun is None else self.clock() - begun
        if outcome != "up to date":
            spent = "" if seconds is None else f" in {seconds:.0f} s"
            more = f", {left}" if (left := self.left()) else ""
            self.say(f"[{self.done:>{len(str(self.total))}}/{self.total}] {name}: {outcome}{spent}{more}")

    def ages(self) -> dict[str, float]:
        """Return what runs now, and for how many seconds it has."""
        with self.lock:
            now = self.clock()
            return {name: now - begun for name, begun in self.running.items()}

    def left(self) -> str:
        """Return how long the rest will take, in words."""
        return format_time_left(self.pace.left(self.ages()))

    def say(self, text: str) -> None:
        """Print one line for good."""
        if self.screen:
            self.screen.say(text)
        else:
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def close(self) -> None:
        """Take away what is live."""
        if self.screen:
            self.screen.close()


def can_show_live(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether a table that changes may be shown: on a terminal that can, unless NO_COLOR asks for plain text."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"


RATE = 4  # pictures a second


# The live table of a build, on a terminal: what runs and since when, what is left, how many cores are used.


class LiveTable:
    """Shows a progress until it is closed; lines that are said for good stand above it."""

    def __init__(self, progress: Progress, stream: TextIO) -> None:
        self.progress = progress
        self.console = Console(file=stream)
        self.live = Live(
            console=self.console,
            get_renderable=self.table,
            refresh_per_second=RATE,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self.lock = threading.Lock()

    def begin(self) -> None:
        """Start showing, at the first call."""
        with self.lock:
            if not self.live.is_started:
                self.live.start()

    def say(self, text: str) -> None:
        """Print one line for good."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Take the table away."""
        with self.lock:
            if self.live.is_started:
                self.live.stop()

    def table(self) -> Table:
        """Return the table as it stands now."""
        progress = self.progress
        running = progress.ages()
        rows = Table.grid(padding=(0, 2))
        rows.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        rows.add_column(justify="right", no_wrap=True)
        rows.add_column(no_wrap=True)
        for name, age in running.items():
            expected = progress.pace.guess(name)
            bar = ProgressBar(total=expected, completed=min(age, expected), width=20)
            rows.add_row(name, f"{age:.0f} s", bar)
        cores = f"{len(running)} of {progress.pace.workers} workers"
        whole = ProgressBar(total=max(1, progress.total), completed=progress.done, width=20)
        rows.add_row(f"{progress.left() or 'almost done'}, {cores}", f"{progress.done}/{progress.total}", whole)
        return rows
