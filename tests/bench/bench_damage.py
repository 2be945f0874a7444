"""Hurt builds by the hundred and count the differences to a clean build: there should be none.

python tests/bench/bench_damage.py [kills] [errors] [full disks]
"""

import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from damage import fill, hurt, kill, patient, refuse  # noqa: E402

TIMES = (200, 50, 20)


def main() -> int:
    """Print what was done and what came of it; return 1 when anything differed."""
    given = [int(word) for word in sys.argv[1:]]
    times = [*given, *TIMES[len(given) :]]
    faults = []
    with patient() as subject:
        for harm, count in zip((kill, refuse, fill), times, strict=True):
            begun = time.monotonic()
            found = hurt(subject, harm, count)
            minutes = (time.monotonic() - begun) / 60
            print(f"{harm.__name__:8} {count:4} times, {len(found)} differences, {minutes:.1f} min", flush=True)  # noqa: T201
            faults += found
    for fault in faults:
        print(fault)  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
