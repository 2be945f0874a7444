"""Compare our films with the command `manim render --disable_caching` of the same scenes, and with the encoder alone.

    python tests/bench/bench_films.py [rounds] [scene ...]

Each side is a process of its own, Python and the import of Manim in it; CPU and wall seconds, the median of the rounds.
The floor is what it takes to encode the same raw pictures once, one for each frame, with our settings: theirs is drawn
and thrown away before. Sizes and frame rate are those of our films on both sides.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from films.playing import FOREIGN, TEACHING  # noqa: E402

from generator.theme import FILM_HEIGHT, FILM_WIDTH  # noqa: E402

OURS = """
import sys
from pathlib import Path
from films.playing import film
film(sys.argv[1], Path("film.mp4"), keeps_pictures=False)
"""
FLOOR = """
import resource, sys
from pathlib import Path
import numpy as np
from films.playing import film
from generator.runners.film_file import FilmFile
_, pictures = film(sys.argv[1], Path("film.mp4"))
before = resource.getrusage(resource.RUSAGE_SELF)
file, opaque = FilmFile(Path("floor.mp4")), np.full((*pictures[0].shape[:2], 4), 255, np.uint8)
for at, picture in enumerate(pictures):
    opaque[..., :3] = picture
    file.append(at, opaque, np.ones((12, 6), bool))
file.close()
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def run(command: list[str], folder: str) -> tuple[float, float, str]:
    """Return the CPU and wall seconds of a command, and what it has printed; stop where it fails."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, done.stdout


def commands(name: str) -> dict[str, list[str]]:
    """Return how each side films a scene."""
    source = ROOT / "tests" / "films" / ("foreign.py" if name in FOREIGN else "teaching.py")
    size = ["-r", f"{FILM_WIDTH},{FILM_HEIGHT}", "--fps", "30", "--media_dir", "media"]
    manim = [str(Path(sys.executable).parent / "manim"), "render", "--disable_caching", "--progress_bar", "none", *size]
    return {
        "ours": [sys.executable, "-c", OURS, name],
        "manim": [*manim, str(source), name],
    }


def compare(name: str, rounds: int) -> None:
    """Print what one scene takes on each side."""
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "manim": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for side, command in commands(name).items():
                taken[side].append(run(command, folder)[:2])
        floor = float(run([sys.executable, "-c", FLOOR, name], folder)[2])
        size = Path(folder, "film.mp4").stat().st_size / 1000
    (ours, our_wall), (theirs, their_wall) = (
        tuple(statistics.median(column) for column in zip(*taken[side], strict=True)) for side in taken
    )
    print(  # noqa: T201
        f"| {name} | {ours:.1f} ({our_wall:.1f}) | {theirs:.1f} ({their_wall:.1f}) | {ours / theirs:.2f} "
        f"({our_wall / their_wall:.2f}) | {floor:.1f} | {size:.0f} |",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 3
    head = "| scene | ours, CPU s (wall) | manim | ratio | floor, CPU s | our kB |\n|---|---|---|---|---|---|"
    print(head, flush=True)  # noqa: T201
    for name in sys.argv[2:] or [*TEACHING, *FOREIGN]:
        compare(name, rounds)


if __name__ == "__main__":
    main()
