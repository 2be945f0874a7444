"""Hurt builds by the hundred and count the differences to a clean build: there should be none.

python tests/bench/bench_damage.py [kills] [errors] [full disks] [each, of a lecture with a film and a training]
"""

import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from damage import SLOW_STATES, Patient, fill, hurt, kill, patient, refuse  # noqa: E402

HARMS = (kill, refuse, fill)
TIMES = (200, 50, 20, 20)


def main() -> int:
    """Print what was done and what came of it; return 1 when anything differed."""
    given = [int(word) for word in sys.argv[1:]]
    *times, slow = [*given, *TIMES[len(given) :]]
    faults = []
    with patient() as subject:
        faults += hurt_in_every_way(subject, times, "figures")
    with patient(SLOW_STATES) as subject:
        faults += hurt_in_every_way(subject, [slow] * len(HARMS), "film and training")
    for fault in faults:
        print(fault)  # noqa: T201
    return 1 if faults else 0


def hurt_in_every_way(subject: Patient, times: list[int], what: str) -> list[str]:
    """Hurt a project so many times in each way, and print what came of it; return the faults."""
    faults = []
    for harm, count in zip(HARMS, times, strict=True):
        begun = time.monotonic()
        found = hurt(subject, harm, count)
        minutes = (time.monotonic() - begun) / 60
        print(f"{what}, {harm.__name__}: {count} times, {len(found)} differences, {minutes:.1f} min", flush=True)  # noqa: T201
        faults += found
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
