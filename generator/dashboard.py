"""The live table of a build, on a terminal: what runs and since when, what is left, how many cores are used."""

import threading
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from generator.progress import Progress

RATE = 4  # pictures a second


class Dashboard:
    """Shows a progress until it is closed; lines that are said for good stand above it."""

    def __init__(self, progress: Progress, stream: TextIO) -> None:
        self.progress = progress
        self.console = Console(file=stream)
        self.live = Live(
            console=self.console, get_renderable=self.table, refresh_per_second=RATE, transient=True,
            redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
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
