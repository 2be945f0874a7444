"""What a network learned depends on the machine's arithmetic, which is said in words."""

import sys
from types import ModuleType

import pytest

from generator.runners import machine
from generator.runners.machine import describe_machine, vector_instructions

NEW = frozenset({"sse4_1", "avx", "avx2", "avx512dq", "avx512_vnni"})


@pytest.mark.parametrize(
    ("flags", "limit", "words"),
    [
        (NEW, "", "AVX-512 (VNNI)"),
        (NEW, "AVX2", "AVX2"),
        (NEW, "avx2", "AVX2"),
        (NEW, "AVX512_CORE_AMX", "AVX-512 (VNNI)"),
        (NEW, "nonsense", "AVX-512 (VNNI)"),
        (frozenset({"avx2", "avx"}), "AVX512_CORE", "AVX2"),
        (frozenset({"neon"}), "", ""),
    ],
)
def test_the_newest_instructions_count_that_are_there_and_allowed(
    flags: frozenset[str], limit: str, words: str
) -> None:
    assert vector_instructions(flags, limit) == words


@pytest.mark.parametrize(("switch", "state"), [("0", "off"), ("1", "on"), ("", "on")])
def test_a_process_that_learns_says_on_what(monkeypatch: pytest.MonkeyPatch, switch: str, state: str) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    monkeypatch.setattr(machine, "processor_flags", lambda: NEW)
    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
    monkeypatch.setenv(machine.SWITCH, switch)
    monkeypatch.delenv(machine.LIMIT, raising=False)
    assert describe_machine() == f"x86_64 with AVX-512 (VNNI), oneDNN {state}"


def test_a_process_that_learns_nothing_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert describe_machine() == ""
