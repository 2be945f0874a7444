"""The order of a build: what the most work waits for goes first, and nothing starts that would not fit into memory."""

import contextlib
import json
from bisect import insort
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

from generator.disk import canonical_json, write_atomically

RESERVE = 500  # megabytes that are left to the rest of the machine

Graph = Mapping[str, Collection[str]]  # a task's id -> the ids of what it needs


def ranks(graph: Graph, seconds: Mapping[str, float]) -> dict[str, float]:
    """Return how long each task, and the longest chain of tasks that waits for it, takes (Topcuoglu et al. 2002).

    >>> ranks({"net": [], "film": [], "insight": ["net"]}, {"net": 10, "film": 15, "insight": 20})
    {'insight': 20.0, 'film': 15.0, 'net': 30.0}
    """
    longest = dict.fromkeys(graph, 0.0)
    found = {}
    for task in reversed(tuple(TopologicalSorter(graph).static_order())):
        found[task] = seconds[task] + longest[task]
        for need in graph[task]:
            longest[need] = max(longest[need], found[task])
    return found


# What tasks cost: seconds and memory, as past builds have seen them; a guess for a task that has never run.


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a task takes: seconds on one core, and megabytes at its peak."""

    seconds: float
    megabytes: float


class Schedule:
    """Says what to start next; `free` tells the free megabytes; `costs` are guesses: a wrong one costs time only."""

    def __init__(self, graph: Graph, costs: Mapping[str, Cost], free: Callable[[], float]) -> None:
        self.costs, self.free = costs, free
        self.size = free() - RESERVE
        self.ranks = ranks(graph, {task: cost.seconds for task, cost in costs.items()})
        self.sorter = TopologicalSorter(graph)
        self.sorter.prepare()
        self.ready: list[str] = []
        self.running: set[str] = set()

    @property
    def is_over(self) -> bool:
        """Whether every task has ended."""
        return not self.sorter.is_active()

    def arrivals(self) -> list[str]:
        """Return the tasks whose needs have all ended since the last call; each is then put in `queue`, or `done`."""
        return list(self.sorter.get_ready()) if self.sorter.is_active() else []

    def queue(self, task: str) -> None:
        """Let a task wait for its turn."""
        insort(self.ready, task, key=lambda name: (self.ranks[name], name))

    def next(self) -> str | None:
        """Return the next task to start, and count it as running; None when there is none, or none that fits.

        A task that is alone always fits: the machine may be smaller than our guess.
        """
        room = self.room() if self.ready else 0.0
        for place in range(len(self.ready) - 1, -1, -1):
            if not self.running or self.costs[self.ready[place]].megabytes <= room:
                task = self.ready.pop(place)
                self.running.add(task)
                return task
        return None

    def room(self) -> float:
        """Return how many megabytes are left once those that run have grown to their peak."""
        if not self.running:
            return self.size
        claimed = sum(self.costs[task].megabytes for task in self.running)
        return min(self.size - claimed, self.free() - RESERVE)

    def release(self, task: str) -> None:
        """Note that a task needs its memory no longer, though nothing may start yet that waits for it."""
        self.running.discard(task)

    def done(self, task: str) -> None:
        """Note that a task has ended, whatever came of it."""
        self.release(task)
        self.sorter.done(task)


# Until one has been seen: the first word of a task's name says of what kind it is.
USUAL = {"experiment": Cost(25, 1500), "film": Cost(14, 500), "code": Cost(8, 1200), "still": Cost(1, 400)}


def kinds_of(name: str) -> tuple[str, str]:
    """Return what a task is like, closest first: `film pooling (x.md:3)` is like films of pooling, then like films."""
    words = name.partition(" (")[0].partition(",")[0]
    return words, words.partition(" ")[0]


@dataclass(slots=True)
class CostLedger:
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


def read_cost_ledger(path: Path) -> CostLedger:
    """Return the ledger in a file; an empty one where there is none, or none that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        past = {name: Cost(*map(float, pair)) for name, pair in json.loads(path.read_bytes()).items()}
        return CostLedger(past)
    return CostLedger()


def write_cost_ledger(path: Path, past: Mapping[str, Cost]) -> None:
    """Keep the costs for the next build; a ledger that cannot be written is none: it only makes guesses better."""
    with contextlib.suppress(OSError):
        write_atomically(path, canonical_json({name: [cost.seconds, cost.megabytes] for name, cost in past.items()}))
