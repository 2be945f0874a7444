"""Networks that a page computes beside Keras: both in single precision, from the same weights in half precision."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

RUNNER = Path(__file__).parent / "network" / "run.mjs"


def written(model: Any, images: np.ndarray, folder: Path, *, with_golden: bool = True) -> Path:
    """Write a model, whose weights are rounded first, and images into `folder`, and all that Keras makes of these."""
    import keras

    from lectures.experiments.parts.page_network import round_weights, write_network
    from lectures.experiments.parts.probing import layers_of

    folder.mkdir(parents=True)
    round_weights(model)
    network = write_network(model)
    (folder / "graph.json").write_text(json.dumps(network["graph"]))
    (folder / "weights.bin").write_bytes(network["weights"].astype("<f2").tobytes())
    (folder / "input.bin").write_bytes(images.astype("<f4").tobytes())
    if with_golden:
        whole = keras.Model(model.inputs[0], [layer.output for layer in layers_of(model)])
        outputs = [
            np.asarray(output).reshape(len(images), -1) for output in keras.tree.flatten(whole(images, training=False))
        ]
        (folder / "golden.bin").write_bytes(np.concatenate(outputs, axis=1).astype("<f4").tobytes())
    return folder


def computed(folders: Sequence[Path]) -> list[dict[str, Any]]:
    """Return what the page's engine says of each folder, run by node."""
    done = subprocess.run(["node", RUNNER, *folders], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
