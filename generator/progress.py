"""Progress: what runs, since when, what is left and for how long; a live line on a terminal, plain lines elsewhere."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import TextIO

# Seconds that a task of a kind takes until one has been seen: the first word of its name says the kind.
USUAL = {"experiment": 25.0, "film": 14.0, "code": 8.0, "still": 1.0}


class Pace:
    """What is left of a build, judged by what its tasks have taken so far; `workers` run at once."""

    def __init__(self, names: Iterable[str], workers: int) -> None:
        self.waiting, self.workers = set(names), max(1, workers)
        self.spent: dict[str, list[float]] = {}

    def note(self, name: str, seconds: float) -> None:
        """Remember how long a task took."""
        for kind in kinds_of(name):
            self.spent.setdefault(kind, []).append(seconds)

    def guess(self, name: str) -> float:
        """Return how long a task may take: the mean of the most similar ones that have ended."""
        for kind in kinds_of(name):
            if kind in self.spent:
                return sum(self.spent[kind]) / len(self.spent[kind])
        return USUAL.get(name.partition(" ")[0], 1.0)

    def left(self, running: dict[str, float]) -> float:
        """Return the seconds until the end, given how long each running task has been running."""
        begun = sum(max(0.0, self.guess(name) - seconds) for name, seconds in running.items())
        return (begun + sum(self.guess(name) for name in self.waiting - running.keys())) / self.workers


def kinds_of(name: str) -> tuple[str, str]:
    """Return what a task is like, closest first: `film pooling (x.md:3)` is like films of pooling, then like films."""
    words = name.partition(" (")[0].partition(",")[0]
    return words, words.partition(" ")[0]


def tell_time(seconds: float) -> str:
    """Return a time as a person would say it; nothing for one that is as good as over."""
    if seconds < 10:
        return ""
    return f"about {round(seconds / 10) * 10} s left" if seconds < 90 else f"about {round(seconds / 60)} min left"


class Progress:
    """Tells a person how a build goes. `stream` gets one line a finished task; safe to call from threads."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.clock = stream or sys.stdout, clock
        self.total = self.done = 0
        self.running: dict[str, float] = {}
        self.pace = Pace((), 1)
        self.lock = threading.Lock()
        self.live = self.stream.isatty()

    def expect(self, names: Iterable[str], workers: int = os.cpu_count() or 1) -> None:
        """Say which tasks there are to run at the most, and how many at once."""
        self.pace = Pace(names, workers)
        self.total = len(self.pace.waiting)

    def start(self, name: str) -> None:
        """Note that a task has begun."""
        with self.lock:
            self.running[name] = self.clock()
            self.show()

    def finish(self, name: str, outcome: str = "done") -> None:
        """Note that a task has ended: `done`, `failed`, or `skipped` because what it needs failed."""
        with self.lock:
            begun = self.running.pop(name, None)
            self.done += 1
            self.pace.waiting.discard(name)
            if outcome == "up to date":
                return
            spent = ""
            if begun is not None:
                self.pace.note(name, self.clock() - begun)
                spent = f" in {self.clock() - begun:.0f} s"
            left = self.left()
            more = f", {left}" if left else ""
            self.say(f"[{self.done:>{len(str(self.total))}}/{self.total}] {name}: {outcome}{spent}{more}")
            self.show()

    def left(self) -> str:
        """Return how long the rest will take, in words."""
        now = self.clock()
        return tell_time(self.pace.left({name: now - begun for name, begun in self.running.items()}))

    def say(self, text: str) -> None:
        """Print one line for good."""
        clear = "\r\033[K" if self.live else ""
        self.stream.write(f"{clear}{text}\n")
        self.stream.flush()

    def show(self) -> None:
        """Print the live line: the tasks that run now."""
        if self.live and self.running:
            names = ", ".join(self.running)
            self.stream.write(f"\r\033[K… {names}"[:100])
            self.stream.flush()

    def close(self) -> None:
        """Remove the live line."""
        if self.live:
            self.stream.write("\r\033[K")
            self.stream.flush()
