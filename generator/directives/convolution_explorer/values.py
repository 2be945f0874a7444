"""A figure whose numbers the page has as well: what both explorers are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from generator.directives.figure import Figure, FigureCell
from generator.directives.figure.tasks import read_option
from generator.document.compose import Composer
from generator.lecture.directive import Option
from generator.plan.planner import Planner
from generator.plan.recipes import read_recipe
from generator.theme import NEGATIVE, POSITIVE

RECIPE: Final = "page_values"
DIGITS: Final = 4  # of a number that is no whole one


@dataclass(frozen=True, slots=True)
class Explorer(Figure):
    """A figure of a map, and the `values` that its widget works with, as the lecture names them."""

    values: tuple[Option, ...] = ()

    def plan(self, planner: Planner) -> None:
        """Add the still, and the task that looks the values up."""
        Figure.plan(self, planner)
        recipe = read_recipe("experiment", RECIPE, planner.project, self.where)
        arguments = {each.name: read_option(recipe, each.name, each.text, each.where, planner) for each in self.values}
        planner.check_arguments(recipe, arguments, self.where)
        task = planner.add_task(f"values of {self.kind}", "experiment", recipe, arguments, self.where)
        planner.plan.figures[self.where]["values"] = task

    def compose_live(self, name: str, composer: Composer) -> dict[str, Any]:
        """Add the values to the assets, and return the name that they have there."""
        import numpy as np

        artifact, live = composer.artifacts[composer.plan.figures[self.where]["values"]], f"{name}-live"
        with np.load(BytesIO(artifact.files["arrays.npz"].read_bytes()), allow_pickle=False) as arrays:
            values = {key: rounded(arrays[key].tolist()) for key in ("input", "kernels")}
        colors = {"positive": POSITIVE, "negative": NEGATIVE}
        content = {**values, **self.settings(), "colors": colors}
        composer.document.assets[live] = {"data.json": json.dumps(content, separators=(",", ":")).encode()}
        return {"live": live}

    def settings(self) -> Mapping[str, Any]:
        """Return what the widget begins with, besides the values."""
        return {}


@dataclass(frozen=True, slots=True)
class ExplorerCell(FigureCell):
    """What the cell of an explorer says besides what that of a figure does: the name of the asset with its values."""

    live: str = ""

    @property
    def page_data(self) -> tuple[str, ...]:
        """Return the name of the asset that the widget reads."""
        return (self.live,)


def rounded(value: Any) -> Any:
    """Return numbers with as many digits as a page has use for; whole ones as they are."""
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return int(value) if value == int(value) else float(f"{value:.{DIGITS}g}")
