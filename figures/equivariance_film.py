"""The film of two ways to a feature map: an object and its map slide over their grounds, then they are compared."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut, Transform, VGroup

from figures import board, stage
from figures.arithmetic import Array, Pair
from figures.equivariance import EquivarianceTrace
from figures.equivariance_still import (
    LEFTS,
    SCALE,
    Table,
    compose_list,
    compose_maps,
    compose_scenery,
    compose_step,
    limits_of,
)
from figures.tableau import Box, Item
from figures.tableau_film import make
from generator.theme import Theme

SLOW, QUICK = 1.6, 0.8  # seconds of each movement, in the first step and in the others


def animate_equivariance(trace: EquivarianceTrace, scene: Any, sentences: Sequence[str]) -> None:
    """Play the whole film in `scene`, a mark after the opening picture and after each shift."""
    film = EquivarianceFilm(trace, scene)
    film.open()
    scene.mark("Nothing has been moved yet: both ways lead to the same map.")
    for number, sentence in enumerate(sentences):
        film.shift(number, SLOW if number == 0 else QUICK)
        scene.mark(sentence)


class EquivarianceFilm:
    """What is on the stage: six tables, of which four change, and the words and frames of `compose_step`."""

    def __init__(self, trace: EquivarianceTrace, scene: Any) -> None:
        self.trace, self.scene = trace, scene
        self.theme: Theme = scene.theme
        self.maps = compose_maps(trace, trace.steps[0])
        self.contents: dict[str, Any] = {}  # what stands in a table now
        self.items: dict[str, Item] = {}
        self.shapes: dict[str, Any] = {}
        self.shifts: dict[str, Pair] = {"shift(x)": (0, 0), "shift(conv(x))": (0, 0)}

    def open(self) -> None:
        """Set the stage: the input at rest, its map, and both again where they will move."""
        output = self.trace.output
        values = dict.fromkeys(("conv(x)", "conv(shift(x))", "shift(conv(x))"), output)
        values |= {"x": self.trace.input, "shift(x)": self.trace.input, "difference": np.zeros_like(output)}
        for name, table in self.maps.items():
            self.contents[name] = draw_content(table, values[name])
            self.scene.add(*draw_ground(table, self.theme), self.contents[name])
        self.scene.add(*[make(item, self.theme) for item in compose_scenery(self.trace)])
        self.scene.add(self._draw_scale())
        self.items = self._words(-1, 0)
        self.shapes = {name: make(item, self.theme) for name, item in self.items.items()}
        self.scene.add(*self.shapes.values())

    def shift(self, number: int, seconds: float) -> None:
        """Show one shift: on the lower way, then on the upper way, then what is between them."""
        step, after = self.trace.steps[number], self._words(number, number + 1)
        words = {name: item for name, item in self.items.items() if name not in ("verdict", "reason")}
        words["shift"] = after["shift"]
        self._play(self._swap("difference", np.zeros_like(step.difference)), words, 0.5)
        ways = {
            "shift(x)": self._slide("shift(x)", step.shift),
            "conv(shift(x))": self._swap("conv(shift(x))", step.shifted_first),
            "shift(conv(x))": self._slide("shift(conv(x))", step.moved),
        }
        for name, changes in ways.items():
            words = words | {f"{name} moved": after[f"{name} moved"]}
            self._play(changes, words, seconds)
        self._play(self._swap("difference", step.difference), after, seconds)

    def _words(self, number: int, listed: int) -> dict[str, Item]:
        """Return the words and frames of one moment by name."""
        items = [*compose_step(self.trace, number, self.maps), *compose_list(self.trace, listed)]
        return {item.name: item for item in items}

    def _play(self, changes: Sequence[Any], items: dict[str, Item], seconds: float) -> None:
        """Let tables change while words and frames turn into `items`."""
        moves = [*changes, *[FadeOut(self.shapes.pop(name)) for name in [*self.shapes] if name not in items]]
        for name, item in items.items():
            if self.items.get(name) != item:
                moves += self._turn(name, item)
        self.items = items
        self.scene.play(*moves, run_time=seconds) if moves else self.scene.wait(seconds)

    def _turn(self, name: str, item: Item) -> list[Any]:
        """Return how one word or frame becomes another: a frame moves, a word fades."""
        old, new = self.shapes.get(name), make(item, self.theme)
        if old is not None and isinstance(item, Box):
            return [Transform(old, new)]
        self.shapes[name] = new
        return [*([FadeOut(old)] if old is not None else []), FadeIn(new)]

    def _slide(self, name: str, shift: Pair) -> list[Any]:
        """Return the movement of what is in a table to its new place."""
        (down, across), cell = self.shifts[name], self.maps[name].cell
        self.shifts[name] = shift
        way = stage.spot((shift[1] - across) * cell, (shift[0] - down) * cell) - stage.spot(0, 0)
        return [self.contents[name].animate.shift(way)] if way.any() else []

    def _swap(self, name: str, values: Array) -> list[Any]:
        """Return the change of what is in a table to other values."""
        old, new = self.contents[name], draw_content(self.maps[name], values)
        self.contents[name] = new
        return [*([FadeOut(old)] if len(old) else []), *([FadeIn(new)] if len(new) else [])]

    def _draw_scale(self) -> Any:
        """Return the common scale of the maps."""
        return stage.draw_scale(limits_of(self.trace), LEFTS[0], SCALE, 204, self.theme, 22)


def draw_ground(table: Table, theme: Theme) -> list[Any]:
    """Return an empty table: the color of 0 and its frame."""
    paint = "#" + bytes(board.color_cells(np.zeros((1, 1)), table.limits)[0, 0]).hex()
    height, width = (size * table.cell for size in table.values.shape)
    color = getattr(theme, table.role)
    return [stage.box(table.left, table.top, width, height, fill=paint).set_z_index(0),
            stage.box(table.left, table.top, width, height, color=color).set_z_index(2)]  # fmt: skip


def draw_content(table: Table, values: Array) -> Any:
    """Return what is not 0 in `values`, as colored cells that can slide over the ground; nothing if all is 0."""
    if not values.any():
        return VGroup()
    rows, columns = np.flatnonzero(values.any(axis=1)), np.flatnonzero(values.any(axis=0))
    part = values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    left, top = table.left + columns[0] * table.cell, table.top + rows[0] * table.cell
    made = stage.draw_map(part, left, top, table.cell, table.limits)
    for shape in made:
        shape.set_z_index(0.2)
    return made
