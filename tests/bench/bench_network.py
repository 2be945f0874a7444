"""The engine that computes the lecture's network in a page, beside TensorFlow.js on its cpu backend: speed and bytes.

    python tests/bench/bench_network.py

Both compute the same test digits, in turn, in one run of node, from the weights that the built handout holds. Fails where the
engine is not twice as fast, takes more than a third of the bytes, or answers otherwise.
"""

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from bs4 import BeautifulSoup
from npm import HERE, PROJECT, install

sys.path.insert(0, str(PROJECT))

from generator.html.modules import join_modules

PAGE = PROJECT / "build" / "convolution_and_pooling" / "handout.html"
ENGINE = PROJECT / "generator" / "html" / "templates" / "network" / "network.js"
PEER = Path("node_modules") / "@tensorflow" / "tfjs" / "dist"
SMALLEST = "tf.es2017.min.js"  # of what it offers to pages
FASTER, SMALLER, APART = 2.0, 1 / 3, 1e-4


def write_network(folder: Path) -> None:
    """Write the network and the test digits of the built handout into `folder`, as node reads them."""
    page = BeautifulSoup(PAGE.read_text(encoding="utf-8"), "html.parser")
    value = json.loads(page.find(id="network-live").text)
    content = base64.b64decode(page.find(id="network-live-bytes").text)
    pixels = int(np.prod(value["graph"]["input"]))
    start = len(content) - pixels * len(value["digits"])
    images = np.frombuffer(content[start:], np.uint8) / 255 * value["white"]
    (folder / "graph.json").write_text(json.dumps(value["graph"]), encoding="utf-8")
    (folder / "weights.bin").write_bytes(content[:start])
    (folder / "input.bin").write_bytes(images.astype("<f4").tobytes())


def main() -> int:
    """Print both times and sizes with their ratios; return 1 if a bar is missed."""
    if not PAGE.is_file():
        print(f"there is no {PAGE.relative_to(PROJECT)}; run make lecture first")  # noqa: T201
        return 1
    with tempfile.TemporaryDirectory() as name:
        peer = Path(name) / "tfjs"
        node = install("tfjs", peer)
        if not node:
            return 0
        write_network(Path(name))
        command = [node, HERE / "bench_network.mjs", peer / PEER / "tf.node.js", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr)  # noqa: T201
            return 1
        sizes = len(join_modules([ENGINE]).encode()), (peer / PEER / SMALLEST).stat().st_size
    return judge(json.loads(done.stdout), *sizes)


def judge(times: dict[str, float], ours: int, theirs: int) -> int:
    """Print what was measured; return 1 if a bar is missed, else 0."""
    faster, smaller = times["tfjs"] / times["ours"], ours / theirs
    ways = f"ours {times['ours']:.2f} ms, TensorFlow.js {times['tfjs']:.2f} ms"
    print(f"processor time of a pass: {ways}: {faster:.1f} times as fast")  # noqa: T201
    print(f"bytes: ours {ours / 1e3:.0f} kB, TensorFlow.js {theirs / 1e3:.0f} kB: {smaller:.1%}")  # noqa: T201
    print(f"largest difference of a probability: {times['apart']:.1e}")  # noqa: T201
    misses = [faster < FASTER, smaller > SMALLER, not times["apart"] <= APART]
    for missed, bar in zip(misses, ("twice as fast", "a third of the bytes", "the same answers"), strict=True):
        if missed:
            print(f"MISSED: {bar}")  # noqa: T201
    return int(any(misses))


if __name__ == "__main__":
    sys.exit(main())
