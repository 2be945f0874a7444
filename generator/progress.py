"""Progress: what runs, since when, what is left; a live line on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from typing import TextIO


class Progress:
    """Tells a person how a build goes. `stream` gets one line a finished task; safe to call from threads."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.total = self.done = 0
        self.running: dict[str, float] = {}
        self.lock = threading.Lock()
        self.live = self.stream.isatty()

    def expect(self, count: int) -> None:
        """Say how many tasks there are to run at the most."""
        self.total = count

    def start(self, name: str) -> None:
        """Note that a task has begun."""
        with self.lock:
            self.running[name] = time.monotonic()
            self.show()

    def finish(self, name: str, outcome: str = "done") -> None:
        """Note that a task has ended: `done`, `failed`, or `skipped` because what it needs failed."""
        with self.lock:
            begun = self.running.pop(name, None)
            self.done += 1
            if outcome == "up to date":
                return
            spent = f" in {time.monotonic() - begun:.0f} s" if begun is not None else ""
            self.say(f"[{self.done:>{len(str(self.total))}}/{self.total}] {name}: {outcome}{spent}")
            self.show()

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
