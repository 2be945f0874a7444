"""`{train_here}`: a small network that the page trains itself, beside the curves of the same trainings in Keras."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from generator.directives.figure import Figure, FigureCell
from generator.document.compose import Composer
from generator.errors import SourceError
from generator.lecture.directive import Directive, Option, ReadBlocks
from generator.theme import LIGHT, NEGATIVE, POSITIVE

KIND: Final = "loss_curves"
WAYS: Final = ("first", "second", "third")
SETTINGS: Final = (  # what the page needs of the experiment's facts
    "seed", "network", "shape", "levels", "batch_size", "momentum", "passes", "steps", "every", "trained_on",
    "validated_on", "rate", "offered",
)  # fmt: skip
DIGITS: Final = 4  # of a loss that is only drawn


@dataclass(frozen=True, slots=True)
class TrainHere(Figure):
    """A figure of three trainings, for which the page has all that it needs to train as well.

    experiment: the one that has trained; its facts are those of `page_training`.
    """

    experiment: str = ""
    kind_of_cell: ClassVar[str] = "train_here"

    def compose_live(self, name: str, composer: Composer) -> dict[str, Any]:
        """Add the pictures and the settings of the training; return where they are, and what has come out before.

        Raises SourceError for an experiment that lacks any of them.
        """
        artifact = composer.artifacts[composer.plan.experiments[self.experiment][0]]
        facts, live = artifact.facts, f"{name}-live"
        packed = read_array(artifact.files.get("arrays.npz"), "packed")
        missing = [each for each in (*SETTINGS, "curves", "runs") if each not in facts]
        if missing or packed is None:
            problem = f"a page cannot train by '{self.experiment}': it has no '{(*missing, 'packed')[0]}'"
            raise SourceError(problem, self.where, "name an experiment that returns what page_training does")
        composer.document.assets[live] = {"data.json": write_settings(facts), "data.bin": packed}
        runs = [{"rate": run["rate"], "right": run["right"]} for run in facts["runs"]]
        return {"live": live, "runs": runs, "judged_on": facts["validated_on"], "offered": len(facts["offered"])}


@dataclass(frozen=True, slots=True)
class TrainHereCell(FigureCell):
    """What the cell of a training says besides what that of a figure does.

    live: the name of the asset with what the page needs. runs: for each learning rate how many of the `judged_on`
    held-out pictures were right after each pass, in Keras. offered: how many learning rates can be chosen.
    """

    live: str = ""
    runs: tuple[Mapping[str, Any], ...] = ()
    judged_on: int = 0
    offered: int = 1

    @property
    def page_data(self) -> tuple[str, ...]:
        """Return the name of the asset that the widget reads."""
        return (self.live,)


CELL = TrainHereCell


def read(directive: Directive, _: ReadBlocks) -> TrainHere:
    """Return the training that the experiment behind the directive's name has made; its body is the caption."""
    directive.allow("name", "caption")
    directive = directive.without_comments()
    source = directive.argument
    if not source:
        raise SourceError(
            "'{train_here}' needs an experiment", directive.where, "write for example :::{train_here} page_training"
        )
    names = {"steps": "steps", "names": "names", **{way: way for way in WAYS}}
    options = [Option(option, f"{source}.curves.{fact}", directive.where) for option, fact in names.items()]
    options.append(Option("quantity", "training loss, mean of ten batches", directive.where))
    caption = directive.caption("training")
    return TrainHere(
        KIND, tuple(options), directive.where, caption, name=directive.option("name"), view="still", experiment=source
    )


def write_settings(facts: Mapping[str, Any]) -> bytes:
    """Return what the page needs to train, and what Keras reached, as JSON."""
    curves = facts["curves"]
    keras = [
        {
            "rate": run["rate"],
            "name": f"Keras, {run['rate']:g}",
            "right": run["right"],
            "points": [
                [step, float(f"{loss:.{DIGITS}g}")] for step, loss in zip(curves["steps"], curves[way], strict=True)
            ],
        }
        for run, way in zip(facts["runs"], WAYS, strict=True)
    ]
    colors = {"positive": POSITIVE, "negative": NEGATIVE, "missing": LIGHT.wrong}
    settings = {name: facts[name] for name in SETTINGS}
    return json.dumps({**settings, "keras": keras, "colors": colors}, separators=(",", ":")).encode()


def read_array(path: Path | None, name: str) -> bytes | None:
    """Return the bytes of an array of an experiment; None if it has none of this name."""
    if path is None:
        return None
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        return bytes(arrays[name].tobytes()) if name in arrays else None
