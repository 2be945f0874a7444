"""What tasks cost: seconds and memory, as past builds have seen them; a guess for a task that has never run."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.store import canonical, write_atomically


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a task takes: seconds on one core, and megabytes at its peak."""

    seconds: float
    megabytes: float


# Until one has been seen: the first word of a task's name says of what kind it is.
USUAL = {"experiment": Cost(25, 1500), "film": Cost(14, 500), "code": Cost(8, 1200), "still": Cost(1, 400)}


def kinds_of(name: str) -> tuple[str, str]:
    """Return what a task is like, closest first: `film pooling (x.md:3)` is like films of pooling, then like films."""
    words = name.partition(" (")[0].partition(",")[0]
    return words, words.partition(" ")[0]


@dataclass(slots=True)
class Ledger:
    """The costs of tasks: `past` by the task's id, from builds before; `kinds` by kind, from this one."""

    past: dict[str, Cost] = field(default_factory=dict)
    kinds: dict[str, list[Cost]] = field(default_factory=dict)

    def note(self, identity: str, name: str, cost: Cost) -> None:
        """Remember what a task took."""
        self.past[identity] = cost
        for kind in kinds_of(name):
            self.kinds.setdefault(kind, []).append(cost)

    def guess(self, identity: str, name: str) -> Cost:
        """Return what a task took last time, else the mean of the most similar ones of this build."""
        if identity in self.past:
            return self.past[identity]
        for kind in kinds_of(name):
            if seen := self.kinds.get(kind):
                seconds, megabytes = sum(cost.seconds for cost in seen), max(cost.megabytes for cost in seen)
                return Cost(seconds / len(seen), megabytes)
        return USUAL.get(name.partition(" ")[0], Cost(1, 400))


def read_ledger(path: Path) -> Ledger:
    """Return the ledger in a file; an empty one where there is none, or none that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        past = {name: Cost(*map(float, pair)) for name, pair in json.loads(path.read_bytes()).items()}
        return Ledger(past)
    return Ledger()


def write_ledger(path: Path, past: Mapping[str, Cost]) -> None:
    """Keep the costs for the next build; a ledger that cannot be written is none: it only makes guesses better."""
    with contextlib.suppress(OSError):
        write_atomically(path, canonical({name: [cost.seconds, cost.megabytes] for name, cost in past.items()}))
