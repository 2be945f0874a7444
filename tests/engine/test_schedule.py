"""What the most work waits for starts first, and nothing starts that would not fit into memory."""

from pathlib import Path

import pytest
from damage import flip_bit
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.disk import write_sealed
from generator.engine.local_workers import available_memory
from generator.engine.schedule import RESERVE, Cost, CostLedger, Schedule, ranks, read_cost_ledger, write_cost_ledger


def plenty() -> float:
    return float("inf")


def arrive(schedule: Schedule) -> None:
    for task in schedule.arrivals():
        schedule.queue(task)


def test_a_short_task_that_a_long_one_waits_for_goes_first():
    graph = {"net": [], "film": [], "insight": ["net"]}
    schedule = Schedule(graph, {"net": Cost(10, 1), "film": Cost(15, 1), "insight": Cost(20, 1)}, plenty)
    arrive(schedule)
    assert [schedule.next(), schedule.next(), schedule.next()] == ["net", "film", None]


def test_what_would_not_fit_into_memory_waits_and_a_smaller_one_starts():
    schedule = Schedule({"a": [], "b": [], "c": []}, {"a": Cost(9, 600), "b": Cost(8, 600), "c": Cost(1, 100)},
                        free=lambda: RESERVE + 1000)  # fmt: skip
    arrive(schedule)
    assert [schedule.next(), schedule.next(), schedule.next()] == ["a", "c", None]
    schedule.done("a")
    assert schedule.next() == "b"


def test_a_task_that_is_alone_starts_on_any_machine():
    schedule = Schedule({"a": []}, {"a": Cost(1, 10_000)}, free=lambda: 1.0)
    arrive(schedule)
    assert schedule.next() == "a"


def test_a_task_that_is_still_being_kept_takes_no_memory_and_holds_back_what_needs_it():
    costs = {"net": Cost(9, 600), "other": Cost(1, 600), "film": Cost(5, 100)}
    schedule = Schedule({"net": [], "other": [], "film": ["net"]}, costs, free=lambda: RESERVE + 1000)
    arrive(schedule)
    assert [schedule.next(), schedule.next()] == ["net", None]
    schedule.release("net")
    arrive(schedule)
    assert [schedule.next(), schedule.next()] == ["other", None]
    schedule.done("net")
    arrive(schedule)
    assert schedule.next() == "film"


def test_memory_that_others_have_taken_meanwhile_counts():
    free = iter([RESERVE + 1000, RESERVE + 50])
    schedule = Schedule({"a": [], "b": []}, {"a": Cost(2, 10), "b": Cost(1, 100)}, free=lambda: next(free))
    arrive(schedule)
    assert [schedule.next(), schedule.next()] == ["a", None]


GRAPHS = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.lists(st.sets(st.integers(0, count - 1)), min_size=count, max_size=count),
        st.lists(st.integers(1, 50), min_size=count, max_size=count),
        st.integers(1, 3),
    )
)


@given(GRAPHS)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_task_starts_once_and_after_all_that_it_needs(drawn):
    needs, seconds, workers = drawn
    graph = {str(task): [str(need) for need in wanted if need < task] for task, wanted in enumerate(needs)}
    schedule = Schedule(graph, {str(task): Cost(cost, cost) for task, cost in enumerate(seconds)}, lambda: RESERVE + 60)
    ended: list[str] = []
    while not schedule.is_over:
        arrive(schedule)
        started = [task for _ in range(workers) if (task := schedule.next()) is not None]
        assert started
        for task in started:
            assert set(graph[task]) <= set(ended)
        for task in started:
            schedule.done(task)
            ended.append(task)
    assert sorted(ended) == sorted(graph)


@given(GRAPHS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_rank_is_the_longest_chain_that_waits(drawn):
    needs, seconds, _ = drawn
    graph = {str(task): [str(need) for need in wanted if need < task] for task, wanted in enumerate(needs)}
    costs = {str(task): float(cost) for task, cost in enumerate(seconds)}

    def longest(task: str) -> float:
        return costs[task] + max((longest(other) for other, wanted in graph.items() if task in wanted), default=0)

    assert ranks(graph, costs) == {task: longest(task) for task in graph}


def test_free_memory_is_read_from_the_system(tmp_path: Path):
    (tmp_path / "meminfo").write_text("MemTotal: 4096 kB\nMemAvailable:    2048 kB\n")
    assert available_memory(tmp_path / "meminfo") == 2.0


def test_a_system_that_does_not_say_has_all_the_memory_one_likes(tmp_path: Path):
    assert available_memory(tmp_path / "none") == float("inf")


def test_a_task_costs_what_it_cost_last_time(tmp_path: Path):
    write_cost_ledger(tmp_path / "costs", {"1": Cost(40, 900)})
    assert read_cost_ledger(tmp_path / "costs").guess("1", "experiment convnet (x.md:1)") == Cost(40, 900)


def test_a_new_task_costs_what_its_like_cost():
    ledger = CostLedger()
    ledger.note("1", "experiment convnet, seed 0 (x.md:1)", Cost(40, 900))
    ledger.note("2", "experiment dense, seed 0 (x.md:2)", Cost(10, 1200))
    assert ledger.guess("3", "experiment convnet, seed 1 (x.md:1)") == Cost(40, 900)
    assert ledger.guess("4", "experiment corner (x.md:9)") == Cost(25, 1200)


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 3}', '{"a": [1, "x"]}', "\xff"])
def test_a_ledger_that_cannot_be_read_is_an_empty_one(tmp_path: Path, text):
    write_sealed(tmp_path / "costs", text.encode("latin-1"))
    assert read_cost_ledger(tmp_path / "costs").past == {}


def test_a_ledger_with_a_flipped_bit_is_an_empty_one(tmp_path: Path):
    write_cost_ledger(tmp_path / "costs", {"1": Cost(40, 900)})
    content = (tmp_path / "costs").read_bytes()
    for number in range(8 * len(content)):
        (tmp_path / "costs").write_bytes(flip_bit(content, number))
        assert read_cost_ledger(tmp_path / "costs").past == {}
