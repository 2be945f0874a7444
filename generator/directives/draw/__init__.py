"""`{draw}`: a pad on which readers draw a digit, and a trained network that answers in the page, layer by layer."""

import json
import zipfile
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from generator.directives.figure import Figure, FigureCell
from generator.document.compose import Composer
from generator.engine.store import Artifact
from generator.errors import SourceError, Where
from generator.lecture.directive import Directive, Option, ReadBlocks
from generator.plan.planner import Planner
from generator.theme import GAMMA, NEGATIVE, POSITIVE

RECIPE, CHANNELS = "page_network", "page_channels"


@dataclass(frozen=True, slots=True)
class Draw(Figure):
    """A pad before the network that the experiment `network` has written down; its still shows one test digit.

    channels: the experiment that has examined the channels of the same network, as `page_channels` does; "" if none is
    named, at `channels_where`.
    """

    network: str = ""
    channels: str = ""
    channels_where: Where | None = None
    kind_of_cell: ClassVar[str] = "draw"

    def plan(self, planner: Planner) -> None:
        """Add the still, and the experiments."""
        Figure.plan(self, planner)
        if self.channels and self.channels_where:
            planner.check_source(self.channels, self.channels_where)
            planner.add_experiment(self.channels, self.channels_where)

    def compose_live(self, name: str, composer: Composer) -> dict[str, Any]:  # noqa: ARG002 - one network, many pads
        """Add the network and the test digits to the assets, once; return their name."""
        artifact = composer.artifacts[composer.plan.experiments[self.network][0]]
        if "graph" not in artifact.facts.get("network", {}):
            problem = f"experiment '{self.network}' writes no network for a page"
            raise SourceError(problem, self.where, f"let it use the recipe {RECIPE}, as in the guide")
        asset = f"network-{composer.lecture.infix}{self.network}"
        composer.document.assets[asset] = write_data(artifact.facts, artifact.files["arrays.npz"])
        return {"data": asset, **self.compose_channels(artifact, composer)}

    def compose_channels(self, network: Artifact, composer: Composer) -> dict[str, Any]:
        """Add what excites each channel to the assets; return its name, and what is lost without a channel.

        Raises SourceError for an experiment that has examined another network, or none.
        """
        if not self.channels:
            return {}
        artifact = composer.artifacts[composer.plan.experiments[self.channels][0]]
        facts = artifact.facts
        hint = f"let it use the recipe {CHANNELS}, with the weights and the digit of '{self.network}'"
        if missing := [name for name in ("layers", "silenced", "network", "digit") if name not in facts]:
            raise SourceError(f"'{self.channels}' has no result '{missing[0]}'", self.channels_where, hint)
        for name, array_name in (("network", "network.weights"), ("digit", "maps.input")):
            if facts[name] != sha256(read_array(network.files["arrays.npz"], array_name)).hexdigest():
                problem = f"'{self.channels}' has studied another {name} than '{self.network}'"
                raise SourceError(problem, self.channels_where, hint)
        asset = f"channels-{composer.lecture.infix}{self.channels}"
        composer.document.assets[asset] = write_patches(facts, artifact.files["arrays.npz"])
        return {"channels": asset, "silenced": tell_silenced(facts["silenced"])}


@dataclass(frozen=True, slots=True)
class DrawCell(FigureCell):
    """What the cell of a pad says besides what that of its still does.

    data: the asset with the network; channels: that with what excites its channels, "" without one. silenced: what is
    lost without a channel, as `tell_silenced` writes it.
    """

    data: str = ""
    channels: str = ""
    silenced: Mapping[str, Any] = field(default_factory=dict)

    @property
    def page_data(self) -> Sequence[str]:
        """Return the assets that the page reads."""
        return (self.data, self.channels) if self.channels else (self.data,)


CELL = DrawCell


def read(directive: Directive, _: ReadBlocks) -> Draw:
    """Return a pad; its argument is the name of an experiment, its body the caption."""
    directive.allow("name", "caption", "channels", "still")
    directive = directive.without_comments()
    network, where = directive.argument, directive.where
    if not network:
        hint = "write for example :::{draw} live, where live is an experiment of the recipe page_network"
        raise SourceError("'{draw}' needs the network that answers", where, hint)
    options = tuple(Option(name, f"{network}.{name}", where) for name in ("layers", "maps"))
    kind = directive.option("still", "forward_pass")
    caption, channels = directive.caption("pad"), directive.option("channels")
    place = directive.place_of("channels") if channels else None
    return Draw(
        kind, options, where, caption, directive.option("name"), "still", network=network, channels=channels,
        channels_where=place,
    )  # fmt: skip


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


def write_patches(facts: Mapping[str, Any], arrays: Path) -> dict[str, bytes]:
    """Return what excites each channel: `data.json`, with the layers, and `data.bin`, their packed patches in order."""
    packed = [read_array(arrays, f"packed.{layer['name']}") for layer in facts["layers"]]
    layers = [{**layer, "bytes": len(part)} for layer, part in zip(facts["layers"], packed, strict=True)]
    value = {"layers": layers, "patches": facts["patches"], "levels": facts["levels"]}
    return {"data.json": json.dumps(value, separators=(",", ":")).encode(), "data.bin": b"".join(packed)}


def tell_silenced(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is lost without a channel as a table has it: a row with all (`layer` ""), then one a layer."""
    names = ("layer", "channel", "right", "answer")
    rows = [{"layer": "", "channel": 0, **facts["all"]}, *facts["rows"]]
    told = [{name: row[name] for name in names} | {"share": write_share(row["share"])} for row in rows]
    return {"judged_on": f"{facts['judged_on']:,}", "label": facts["label"], "rows": told}


def write_share(share: float) -> str:
    """Return a probability in hundredths of a percent; one that is nearly 0 or 1 is not said to be."""
    if 0 < share < 0.00005:
        return "< 0.01 %"
    return "> 99.99 %" if 0.99995 <= share < 1 else f"{share:.2%}".replace("%", " %")


def read_array(path: Path, name: str) -> bytes:
    """Return the bytes of an array in an .npz, without its header: NumPy would take longer to load than to read it."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read(f"{name}.npy")
    return content[10 + int.from_bytes(content[8:10], "little") :]
