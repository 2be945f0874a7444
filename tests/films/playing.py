"""Films scenes of plain Manim by our film runner, and tells how far two pictures are apart."""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

FOREIGN = (
    "CreateShapes", "TransformShapes", "Words", "FunctionGraph", "ZoomIn", "FollowedDot", "Traced", "Turning", "Stacked",
    "PointOnShapes", "SetsOfPoints", "WarpedPlane",
)  # fmt: skip
TEACHING = ("DigitUnderKernel", "MatrixProduct", "PoolingGrid", "ForwardPass")


def scene_of(name: str) -> Any:
    """Return a scene by its name."""
    return getattr(import_module("films.foreign" if name in FOREIGN else "films.teaching"), name)


def film(
    name: str, path: Path, *, is_quick: bool = True, rate: int = 30, steps: int = 0, keeps_pictures: bool = True
) -> tuple[Any, list[Any]]:
    """Film a scene to `path`; return the played scene, and the picture of each frame as RGB, if it `keeps_pictures`.

    is_quick: whether by our renderer, else by Manim's; rate: frames a second; steps: of a scene that has them, how many.
    """
    from generator.runners.film import FilmScene

    shot: Any = type(name, (scene_of(name), FilmScene), {"steps": steps} if steps else {})
    return play(shot, lambda scene: scene.construct(), path, is_quick, rate, keeps_pictures)


def film_kind(
    kind: Any, arguments: dict[str, Any], path: Path, *, is_quick: bool, rate: int, marks: int
) -> tuple[Any, list[Any]]:
    """Film a figure kind to `path` up to its mark of this number; return the scene, and each frame's picture as RGB."""
    from generator.runners.film import FilmScene

    class Shortened(FilmScene):
        def mark(self, sentence: str) -> None:
            super().mark(sentence)
            if len(self.marks) == marks:
                raise EnoughError

    def animate(scene: Any) -> None:
        with suppress(EnoughError):
            kind.animate(kind.trace(**arguments), scene)

    return play(Shortened, animate, path, is_quick, rate, True)


class EnoughError(Exception):
    """A film has come to the mark at which it is to end."""


def play(
    shot: Any,
    animate: Callable[[Any], object],
    path: Path,
    is_quick: bool,
    rate: int,
    keeps_pictures: bool,
) -> tuple[Any, list[Any]]:
    """Play a scene of the class `shot`; see `film`."""
    import manim

    from generator.runners.film import manim_settings
    from generator.runners.quick_manim import less_work
    from generator.theme import DARK

    pictures: list[Any] = []
    with manim_settings(DARK), manim.tempconfig({"frame_rate": rate}):
        played = shot(DARK, path, is_quick=is_quick)
        append = played.reel._append

        def keep(pixels: Any, blocks: Any, repeat: int) -> None:
            pictures.extend([pixels[..., :3].copy()] * repeat)
            append(pixels, blocks, repeat)

        if keeps_pictures:
            played.reel._append = keep
        try:
            with less_work() if is_quick else nullcontext():
                animate(played)
        finally:
            played.finish()
    return played, pictures


def similarity(one: Any, two: Any) -> float:
    """Return the mean structural similarity (SSIM) of two pictures in gray, over windows of 8 x 8 pixels."""
    a, b = (np.asarray(Image.fromarray(picture).convert("L"), float) for picture in (one, two))
    height, width = (side // 8 * 8 for side in a.shape)
    blocks = [p[:height, :width].reshape(height // 8, 8, width // 8, 8).swapaxes(1, 2).reshape(-1, 64) for p in (a, b)]
    (x, y), (mean_x, mean_y) = blocks, (p.mean(axis=1) for p in blocks)
    covariance = (x * y).mean(axis=1) - mean_x * mean_y
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    shades = (2 * mean_x * mean_y + low) / (mean_x**2 + mean_y**2 + low)
    return float((shades * (2 * covariance + high) / (x.var(axis=1) + y.var(axis=1) + high)).mean())
