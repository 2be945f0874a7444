"""Decides which task starts next: the one that the most work waits for, of those that fit into memory.

Also estimates what tasks cost, in seconds and memory, from past builds; a wrong estimate costs time only.
"""

import contextlib
import json
from bisect import insort
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

from generator.disk import canonical_json, read_sealed, write_sealed

RESERVE = 500  # megabytes left free for the rest of the machine

Graph = Mapping[str, Collection[str]]  # a task's id -> the ids of the tasks that it needs


def ranks(graph: Graph, seconds: Mapping[str, float]) -> dict[str, float]:
    """Return, for each task, the seconds that it and the longest chain of tasks waiting for it take.

    This is the upward rank of Topcuoglu et al. (2002). The highest rank starts first, since that chain is what the
    end of the build waits for: below, the short `net` goes before the longer `film`, because `insight` needs it.

    >>> ranks({"net": [], "film": [], "insight": ["net"]}, {"net": 10, "film": 15, "insight": 20})
    {'insight': 20.0, 'film': 15.0, 'net': 30.0}
    """
    longest = dict.fromkeys(graph, 0.0)
    found = {}
    # A task's rank depends on the tasks that need it, so these come first: the topological order, reversed.
    for task in reversed(tuple(TopologicalSorter(graph).static_order())):
        found[task] = seconds[task] + longest[task]
        for need in graph[task]:
            longest[need] = max(longest[need], found[task])
    return found


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a task takes: seconds on one core, and megabytes of memory at its peak."""

    seconds: float
    megabytes: float


class Schedule:
    """Says which task to start next, given what each needs (`graph`) and may cost (`costs`).

    free: returns how many megabytes are free now.

    A task goes from `arrivals` (all that it needs has ended) to `queue`, `next` and `done`; or, if it need not run,
    from `arrivals` to `done`.
    """

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
        """Return the tasks that have become ready since the last call; pass each to `queue` or to `done`."""
        return list(self.sorter.get_ready()) if self.sorter.is_active() else []

    def queue(self, task: str) -> None:
        """Add a task to those that wait to be started."""
        insort(self.ready, task, key=lambda name: (self.ranks[name], name))

    def next(self) -> str | None:
        """Return the next task to start, and count it as running; None if none is waiting or none fits into memory.

        A smaller task may overtake one that does not fit. A task that would run alone always fits, for otherwise it
        could never start on a machine with less memory than its estimate.
        """
        room = self.room() if self.ready else 0.0
        for place in range(len(self.ready) - 1, -1, -1):
            if not self.running or self.costs[self.ready[place]].megabytes <= room:
                task = self.ready.pop(place)
                self.running.add(task)
                return task
        return None

    def room(self) -> float:
        """Return how many megabytes remain for another task once the running ones have grown to their peak.

        The smaller of two numbers counts: running tasks may not have taken yet what they will need, and other programs
        may use memory that no task has claimed.
        """
        if not self.running:
            return self.size
        claimed = sum(self.costs[task].megabytes for task in self.running)
        return min(self.size - claimed, self.free() - RESERVE)

    def release(self, task: str) -> None:
        """Note that a task has given its memory back; tasks that need it cannot start before `done`."""
        self.running.discard(task)

    def done(self, task: str) -> None:
        """Note that a task has ended, successfully or not."""
        self.release(task)
        self.sorter.done(task)


# The cost of a kind of task before any has run; the kind is the first word of a task's name.
TYPICAL_COSTS = {
    "experiment": Cost(25, 1500),
    "film": Cost(14, 500),
    "code": Cost(8, 1200),
    "still": Cost(1, 400),
    "narrow": Cost(1, 400),
}


def kinds_of(name: str) -> tuple[str, str]:
    """Return the kinds of a task, narrowest first: `film pooling` and `film` for the task `film pooling (x.md:3)`."""
    words = name.partition(" (")[0].partition(",")[0]
    return words, words.partition(" ")[0]


@dataclass(slots=True)
class CostLedger:
    """The costs of tasks: `past` by task id, as of its last run; `kinds` by kind, seen in this build."""

    past: dict[str, Cost] = field(default_factory=dict)
    kinds: dict[str, list[Cost]] = field(default_factory=dict)

    def note(self, identity: str, name: str, cost: Cost) -> None:
        """Record what a task cost."""
        self.past[identity] = cost
        for kind in kinds_of(name):
            self.kinds.setdefault(kind, []).append(cost)

    def guess(self, identity: str, name: str) -> Cost:
        """Return what a task cost at its last run, or an estimate if it has never run.

        The estimate is the mean time and the highest memory of the narrowest of its kinds that has run in this build,
        or a typical cost if none has.
        """
        if identity in self.past:
            return self.past[identity]
        for kind in kinds_of(name):
            if seen := self.kinds.get(kind):
                seconds, megabytes = sum(cost.seconds for cost in seen), max(cost.megabytes for cost in seen)
                return Cost(seconds / len(seen), megabytes)
        return TYPICAL_COSTS.get(name.partition(" ")[0], Cost(1, 400))


def read_cost_ledger(path: Path) -> CostLedger:
    """Return the ledger stored in a file; an empty one if the file is missing or cannot be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        past = {name: Cost(*map(float, pair)) for name, pair in json.loads(read_sealed(path)).items()}
        return CostLedger(past)
    return CostLedger()


def write_cost_ledger(path: Path, past: Mapping[str, Cost]) -> None:
    """Write the costs for the next build; a disk error is ignored, since the ledger only improves estimates."""
    write_sealed(path, canonical_json({name: [cost.seconds, cost.megabytes] for name, cost in past.items()}))
