"""Says in words what a trained network depends on besides code, data and seed: the machine's arithmetic.

oneDNN, with which TensorFlow computes convolutions and products of matrices, has code of its own for each set of vector
instructions, which adds up in another order. The last digits of what is learned then differ from machine to machine.
"""

import os
import platform
import sys
from pathlib import Path

# The sets of instructions that oneDNN tells apart, from the newest on: its name, the flag of the processor, in words.
INSTRUCTIONS = (
    ("AVX512_CORE_AMX", "amx_tile", "AMX"), ("AVX512_CORE_BF16", "avx512_bf16", "AVX-512 (BF16)"),
    ("AVX512_CORE_VNNI", "avx512_vnni", "AVX-512 (VNNI)"), ("AVX512_CORE", "avx512dq", "AVX-512"),
    ("AVX2_VNNI", "avx_vnni", "AVX2 (VNNI)"), ("AVX2", "avx2", "AVX2"), ("AVX", "avx", "AVX"),
    ("SSE41", "sse4_1", "SSE4.1"),
)  # fmt: skip
LIMIT = "ONEDNN_MAX_CPU_ISA"  # environment variables of oneDNN's and TensorFlow's own
SWITCH = "TF_ENABLE_ONEDNN_OPTS"


def describe_machine() -> str:
    """Return the processor's instructions and whether oneDNN is on; empty if this process has not loaded TensorFlow."""
    if "tensorflow" not in sys.modules:
        return ""
    words = vector_instructions(processor_flags(), os.environ.get(LIMIT, ""))
    kind = " ".join(filter(None, [platform.machine(), words and f"with {words}"]))
    return f"{kind}, oneDNN {'off' if os.environ.get(SWITCH) == '0' else 'on'}"


def processor_flags() -> frozenset[str]:
    """Return what the processor can do, as Linux tells it; empty on other systems."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.split() for line in lines if line.startswith("flags")), []))


def vector_instructions(flags: frozenset[str], limit: str) -> str:
    """Return the newest vector instructions among `flags` in words, not newer than `limit`; empty if none is known."""
    names = [name for name, _, _ in INSTRUCTIONS]
    first = names.index(limit.upper()) if limit.upper() in names else 0
    return next((words for _, flag, words in INSTRUCTIONS[first:] if flag in flags), "")
