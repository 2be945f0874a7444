"""The order of a build: what the most work waits for goes first, and nothing starts that would not fit into memory."""

from bisect import insort
from collections.abc import Callable, Collection, Mapping
from graphlib import TopologicalSorter

from generator.cost import Cost

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
