"""Plays pictures with maps in Manim: what a map holds slides where it only moves, and fades over where it changes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut, VGroup

from figures.parts import film, still
from figures.parts.arithmetic import Array
from figures.parts.film import Player
from figures.parts.keyframes import Item, Shades
from generator.theme import GAMMA

SHADES = 16  # of a map in a film: a shade is a mobject, and a mobject costs time


class MapPlayer(Player):
    """A player whose pictures also hold maps."""

    def __init__(self, scene: Any) -> None:
        super().__init__(scene)
        self.maps: dict[str, Shades] = {}
        self.grounds: dict[str, Any] = {}  # background and frame of each map
        self.contents: dict[str, Any] = {}  # the cells that are not 0

    def begin(self, pieces: Sequence[Item]) -> None:
        """Add the opening picture without animation."""
        self.open([piece for piece in pieces if not isinstance(piece, Shades)])
        for piece in pieces:
            if isinstance(piece, Shades):
                self._add(piece)
                self.scene.add(self.grounds[piece.name], self.contents[piece.name])

    def turn(self, pieces: Sequence[Item], seconds: float, *, wait: float = 0.0, others: Sequence[Any] = ()) -> None:
        """Animate from the current picture to another in `seconds`, then hold it for `wait` seconds.

        others: animations of what else is in the scene, played at the same time.
        """
        items: dict[str, Item] = {piece.name: piece for piece in pieces if not isinstance(piece, Shades)}
        maps = {piece.name: piece for piece in pieces if isinstance(piece, Shades)}
        if len(items) + len(maps) != len(pieces):
            raise ValueError("two things of a picture have one name")
        moves = [*self._turn_items(items), *self._turn_maps(maps), *others]
        if moves:
            self.scene.play(*moves, run_time=seconds)
        if wait:
            self.scene.wait(wait)

    def _turn_items(self, items: dict[str, Item]) -> list[Any]:
        """Return the animations of texts, boxes and lines."""
        moves = [FadeOut(self.shapes.pop(name)) for name in [*self.shapes] if name not in items]
        for name, item in items.items():
            if self.items.get(name) != item or name not in self.shapes:
                moves += self._change(name, item)
        self.items = items
        return moves

    def _turn_maps(self, maps: dict[str, Shades]) -> list[Any]:
        """Return the animations of maps."""
        moves: list[Any] = []
        for name in [name for name in self.maps if name not in maps]:
            del self.maps[name]
            moves += [FadeOut(self.grounds.pop(name)), *_fade_out(self.contents.pop(name))]
        for name, piece in maps.items():
            before = self.maps.get(name)
            if before is None:
                self._add(piece)
                moves += [FadeIn(self.grounds[name]), *_fade_in(self.contents[name])]
            elif before != piece:
                moves += self._change_map(before, piece)
        return moves

    def _add(self, piece: Shades) -> None:
        self.maps[piece.name] = piece
        self.grounds[piece.name], self.contents[piece.name] = self._draw_ground(piece), self._draw_content(piece)

    def _change_map(self, before: Shades, piece: Shades) -> list[Any]:
        """Return the animations from one state of a map to the next."""
        name, moves = piece.name, []
        self.maps[name] = piece
        if (before.width, before.height) != (piece.width, piece.height):
            moves.append(FadeOut(self.grounds[name]))
            self.grounds[name] = self._draw_ground(piece)
            moves.append(FadeIn(self.grounds[name]))
        elif (before.left, before.top) != (piece.left, piece.top):
            way = film.spot(piece.left, piece.top) - film.spot(before.left, before.top)
            moves.append(self.grounds[name].animate.shift(way))
        (old, values), (new, others) = before.lit, piece.lit
        start, end = before.edges(old, (1, 1)), piece.edges(new, (1, 1))
        if np.array_equal(values, others) and before.limits == piece.limits and start[2:] == end[2:]:
            way = film.spot(*end[:2]) - film.spot(*start[:2])
            return [*moves, self.contents[name].animate.shift(way)] if way.any() and len(self.contents[name]) else moves
        gone, self.contents[name] = self.contents[name], self._draw_content(piece)
        return [*moves, *_fade_out(gone), *_fade_in(self.contents[name])]

    def _draw_ground(self, piece: Shades) -> Any:
        """Return an empty map: a background in the color of 0, and a frame."""
        paint = "#" + bytes(self._colors(piece, np.zeros((1, 1)))[0, 0]).hex()
        edges, color = (piece.left, piece.top, piece.width, piece.height), getattr(self.theme, piece.role)
        return VGroup(
            film.box(*edges, fill=paint).set_z_index(0),
            film.box(*edges, color=color, line=film.HAIR if piece.is_image else film.LINE).set_z_index(2),
        )

    def _draw_content(self, piece: Shades) -> Any:
        """Return the part of a map that is not 0 as colored cells that can slide; an empty group if all is 0."""
        corner, part = piece.lit
        if not part.size:
            return VGroup()
        left, top, *_ = piece.edges(corner, (1, 1))
        values = _round(part, piece.limits)
        if piece.is_image:
            colors = still.image_colors(values, self.theme, piece.limits[1])
            made = VGroup(*film.paint(colors, left, top, piece.cell, piece.cell))
        else:
            made = film.draw_map(values, left, top, piece.cell, piece.limits)
        for shape in made:
            shape.set_z_index(0.2)
        return made

    def _colors(self, piece: Shades, values: Array) -> Any:
        if piece.is_image:
            return still.image_colors(values, self.theme, piece.limits[1])
        return still.color_cells(values, piece.limits)


def _round(values: Array, limits: tuple[float, float]) -> Array:
    """Return values rounded to SHADES colors of each sign; what is not 0 does not become 0."""
    reach = max(-limits[0], limits[1])
    steps = np.maximum(np.rint(SHADES * (np.abs(values) / reach) ** GAMMA), values != 0)
    return np.asarray(np.sign(values) * reach * (steps / SHADES) ** (1 / GAMMA))


def _fade_in(content: Any) -> list[Any]:
    return [FadeIn(content)] if len(content) else []


def _fade_out(content: Any) -> list[Any]:
    return [FadeOut(content)] if len(content) else []
