"""Plays tableaux with Manim: what has the same name in two of them stays or moves, the rest fades in or out."""

from collections.abc import Sequence
from typing import Any

from manim import FadeIn, FadeOut, ReplacementTransform, Transform, VGroup

from figures import stage
from figures.tableau import BOLD, Beat, Box, Item, Line, Rules
from figures.tableau_still import place_runs
from generator.theme import Theme

LONGEST_MOVE = 0.6  # seconds; the rest of a beat the picture stands still


def play_beats(
    scene: Any,
    opening: Sequence[Item],
    steps: Sequence[Sequence[Beat]],
    sentences: Sequence[str],
    closing: Sequence[Item],
) -> None:
    """Play a film: the opening picture and its mark, the beats of each step and its mark, then what is missing."""
    player = Player(scene)
    player.open(opening)
    scene.mark("Nothing has been computed yet.")
    for beats, sentence in zip(steps, sentences, strict=True):
        for beat in beats:
            player.show(beat)
        scene.mark(sentence)
    if {item.name for item in closing} != {item.name for item in steps[-1][-1].items}:
        player.show(Beat(tuple(closing), 1.5))


class Player:
    """Knows which things are on the stage."""

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.theme: Theme = scene.theme
        self.items: dict[str, Item] = {}
        self.shapes: dict[str, Any] = {}

    def open(self, items: Sequence[Item]) -> None:
        """Put things on the stage at once."""
        for item in items:
            self.items[item.name], self.shapes[item.name] = item, make(item, self.theme)
        self.scene.add(*self.shapes.values())

    def show(self, beat: Beat) -> None:
        """Turn the picture into the beat's, and let it stand for what is left of its seconds."""
        after = {item.name: item for item in beat.items}
        if len(after) != len(beat.items):
            raise ValueError("two things of a tableau have one name")
        moves = [FadeOut(self.shapes.pop(name)) for name in [*self.shapes] if name not in after]
        for name, item in after.items():
            if self.items.get(name) != item or name not in self.shapes:
                moves += self._change(name, item)
        self.items = after
        quick = min(beat.seconds, LONGEST_MOVE)
        if moves:
            self.scene.play(*moves, run_time=quick)
        rest = beat.seconds - (quick if moves else 0)
        if rest > 0.04:
            self.scene.wait(rest)

    def _change(self, name: str, item: Item) -> list[Any]:
        """Return the movements that bring one thing to its new state."""
        before, old, new = self.items.get(name), self.shapes.get(name), make(item, self.theme)
        if old is not None and before is not None and _is_same_shape(before, item):
            return [Transform(old, new)]
        self.shapes[name] = new
        gone = [FadeOut(old)] if old is not None else []
        origin = self.shapes.get(item.origin) if isinstance(item, Line) and item.origin else None
        if origin is None:
            return [*gone, FadeIn(new)]
        return [*gone, ReplacementTransform(VGroup(origin[-1].copy()), new)]


def _is_same_shape(before: Item, after: Item) -> bool:
    """Whether one thing can be seen moving into the other."""
    if isinstance(before, Line) and isinstance(after, Line):
        return before.runs == after.runs
    return isinstance(before, Box) and isinstance(after, Box) and not before.is_dashed and not after.is_dashed


def make(item: Item, theme: Theme) -> Any:
    """Return one thing as Manim's shape: areas lie lowest, then lines, then frames, then text."""
    if isinstance(item, Line):
        return VGroup(*_write(item, theme)).set_z_index(3)
    if isinstance(item, Rules):
        return stage.rule(item.lines, getattr(theme, item.role), item.line).set_z_index(1)
    corner = (item.left, item.top, item.width, item.height)
    color = str(getattr(theme, item.role)) if item.role else None
    if item.is_dashed:
        return stage.dashed_box(*corner, color or theme.padding).set_z_index(2)
    fill = str(getattr(theme, item.fill)) if item.fill else None
    made = stage.box(*corner, fill=fill, opacity=item.opacity, color=color, line=item.line)
    return made.set_z_index((2.5 if item.line >= BOLD else 2) if not fill else 0.5 if item.opacity < 1 else 0)


def _write(line: Line, theme: Theme) -> list[Any]:
    """Return the runs of a line of text."""
    size, runs = place_runs(line)
    return [stage.write(text, x, line.y, size, getattr(theme, role), bold=line.is_bold) for text, role, x in runs]
