"""`{draw}`: a pad on which readers draw a digit, and a trained network that answers in the page, layer by layer."""

import json
import zipfile
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from generator.directives.figure import Figure, FigureCell
from generator.document.compose import Composer
from generator.errors import SourceError
from generator.lecture.directive import Directive, Option, ReadBlocks
from generator.theme import GAMMA, NEGATIVE, POSITIVE

RECIPE = "page_network"


@dataclass(frozen=True, slots=True)
class Draw(Figure):
    """A pad before the network that the experiment `network` has written down; its still shows one test digit."""

    network: str = ""
    kind_of_cell: ClassVar[str] = "draw"

    def compose_live(self, name: str, composer: Composer) -> dict[str, Any]:  # noqa: ARG002 - one network, many pads
        """Add the network and the test digits to the assets, once; return their name."""
        artifact = composer.artifacts[composer.plan.experiments[self.network][0]]
        if "graph" not in artifact.facts.get("network", {}):
            problem = f"experiment '{self.network}' writes no network for a page"
            raise SourceError(problem, self.where, f"let it use the recipe {RECIPE}, as in the guide")
        asset = f"network-{composer.lecture.infix}{self.network}"
        composer.document.assets[asset] = write_data(artifact.facts, artifact.files["arrays.npz"])
        return {"data": asset}


@dataclass(frozen=True, slots=True)
class DrawCell(FigureCell):
    """What the cell of a pad says besides what that of its still does; data: the asset with the network."""

    data: str = ""

    @property
    def page_data(self) -> Sequence[str]:
        """Return the asset that the page reads."""
        return (self.data,)


CELL = DrawCell


def read(directive: Directive, _: ReadBlocks) -> Draw:
    """Return a pad; its argument is the name of an experiment, its body the caption."""
    directive.allow("name", "caption", "still")
    directive = directive.without_comments()
    network, where = directive.argument, directive.where
    if not network:
        hint = "write for example :::{draw} live, where live is an experiment of the recipe page_network"
        raise SourceError("'{draw}' needs the network that answers", where, hint)
    options = tuple(Option(name, f"{network}.{name}", where) for name in ("layers", "maps"))
    kind = directive.option("still", "forward_pass")
    return Draw(kind, options, where, directive.caption("pad"), directive.option("name"), "still", network=network)


def write_data(facts: Mapping[str, Any], arrays: Path) -> dict[str, bytes]:
    """Return what the page reads: `data.json`, and `data.bin`, the weights and then the test digits.

    In the JSON: the graph, the value of full ink, label and probabilities of each digit, and the colors of maps.
    """
    weights = read_array(arrays, "network.weights")
    images = read_array(arrays, "digits.images")
    labels = facts["digits"]["classes"]
    shares = array("f", read_array(arrays, "digits.probabilities"))
    count = len(shares) // len(labels)
    value = {
        "graph": facts["network"]["graph"],
        "white": facts["white"],
        "digits": [
            {
                "label": label,
                "probabilities": list(shares[at * count : (at + 1) * count]),
            }
            for at, label in enumerate(labels)
        ],
        "colors": {"positive": POSITIVE, "negative": NEGATIVE, "gamma": GAMMA},
    }
    return {"data.json": json.dumps(value, separators=(",", ":")).encode(), "data.bin": weights + images}


def read_array(path: Path, name: str) -> bytes:
    """Return the bytes of an array in an .npz, without its header: NumPy would take longer to load than to read it."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read(f"{name}.npy")
    return content[10 + int.from_bytes(content[8:10], "little") :]
