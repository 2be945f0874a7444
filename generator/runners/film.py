"""Renders a film of a figure kind with Manim: `film.mp4`, a smaller `film_small.mp4`, and the picture at each mark.

The first has a key frame where the picture of each mark begins, so that a player can jump there at once. For who cannot
play it, `mark_00.webp` … hold the picture at each mark. They are transparent where nothing has changed since the one
before: laid over each other, the first few are the picture.

Frames go straight into the files, drawn by `quick_manim`, or by Manim's own camera where that does not know a shape.
Manim's cache and segment files are not used, because they are written in place and trusted by name. LaTeX is never
called. The same scene gives the same bytes.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import av
import manim
import numpy as np
from manim.camera.moving_camera import MovingCamera
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from numpy.typing import NDArray
from PIL import Image

from generator.runners.film_file import BLOCK, FRAME_RATE, FilmFile
from generator.runners.quick_manim import (
    TILE,
    QuickRenderer,
    Tiles,
    UnknownShapeError,
    is_known_version,
    less_work,
    no_latex,
)
from generator.theme import FILM_HEIGHT, FILM_WIDTH, FONT_FOLDER, LIGHT, Theme

STILL_FRAMES = 6  # held on either side of a mark, so that a player may miss it by 0.2 s
BLOCKS = (FILM_HEIGHT // BLOCK[0], FILM_WIDTH // BLOCK[1])
OPAQUE = np.uint32(0xFF000000)  # of a pixel, as the number that its four bytes are


def run(recipe: ModuleType, arguments: dict[str, Any], out: Path, *, theme: Theme = LIGHT) -> dict[str, Any]:
    """Write the film of one figure into `out`; return alt, steps, facts, marks and length in seconds, and size.

    `unknown` says what only Manim's own camera could draw, if anything.

    Raises ValueError for a film whose marks do not fit its sentences, and as `check_film` does.
    """
    return film_of(recipe, arguments, out, theme, FilmScene)


def film_of(
    recipe: ModuleType, arguments: dict[str, Any], out: Path, theme: Theme, kind: type["FilmScene"]
) -> dict[str, Any]:
    """Write the film of one figure into `out`, played in a scene of this `kind`; return and raise what `run` does."""
    trace = recipe.trace(**arguments)
    description = recipe.describe(trace)
    path = out / "film.mp4"
    animate = partial(recipe.animate, trace)
    with manim_settings(theme):
        film = shoot(animate, theme, path, kind)
    check_marks(len(film.marks), len(description.steps))
    marks = [frame / FRAME_RATE for frame in film.marks]
    check_film(path, film.marks, film.reel.written)
    return {
        "alt": description.alt,
        "steps": list(description.steps),
        "facts": dict(description.facts),
        "marks": marks,
        "seconds": film.frames / FRAME_RATE,
        "width": FILM_WIDTH,
        "height": FILM_HEIGHT,
        "unknown": film.unknown,
    }


def shoot(animate: Callable[["FilmScene"], object], theme: Theme, path: Path, kind: type["FilmScene"]) -> "FilmScene":
    """Play a scene of this `kind` and write its film to `path`, within `manim_settings`; return the scene.

    What is not drawn quickly is filmed again by Manim's own camera; `unknown` of the scene says what that is.
    """
    film = kind(theme, path, is_quick=is_known_version())
    try:
        with less_work() if is_known_version() else nullcontext():
            animate(film)
    except UnknownShapeError as unknown:
        film.finish()
        film = kind(theme, path, is_quick=False)
        film.unknown = str(unknown)
        animate(film)
    finally:
        film.finish()
    return film


@contextmanager
def manim_settings(theme: Theme) -> Iterator[None]:
    """Configure Manim for a film (size, background, fonts) in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="film-") as folder:
        settings = {
            "pixel_width": FILM_WIDTH,
            "pixel_height": FILM_HEIGHT,
            "frame_height": 8.0,
            "frame_width": 8.0 * FILM_WIDTH / FILM_HEIGHT,
            "frame_rate": FRAME_RATE,
            "background_color": theme.paper,
            "media_dir": folder,
            "dry_run": True,  # Manim writes nothing itself
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
        }
        with _project_fonts(Path(folder)), manim.tempconfig(settings), no_latex():
            yield


@contextmanager
def _project_fonts(folder: Path) -> Iterator[None]:
    """Let Pango see only the project's fonts; must be entered before Pango first reads FONTCONFIG_FILE."""
    before = os.environ.get("FONTCONFIG_FILE")
    setting = folder / "fonts.conf"
    fonts, cache = escape(str(FONT_FOLDER)), escape(str(folder / "fonts"))
    setting.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>", encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(setting)
    try:
        yield
    finally:
        os.environ.pop("FONTCONFIG_FILE")
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


class FrameEncoder(SceneFileWriter):  # type: ignore[misc]    # Manim is untyped here
    """Takes the place of Manim's file writer: encodes each picture at once, and counts frames."""

    def open(self, path: Path | None) -> None:
        """Begin a film at `path`; without a path, frames are only counted."""
        self.frames, self.is_mark = 0, False
        self.shown = np.zeros((FILM_HEIGHT, FILM_WIDTH, 4), np.uint8)
        self.marked = np.zeros((FILM_HEIGHT, FILM_WIDTH), np.uint32)
        self.video = FilmFile(path) if path else None

    def write_frame(self, pixels: NDArray[np.uint8], *, repeat: int = 1) -> None:
        """Append a picture (height, width, RGBA) `repeat` times."""
        differs: NDArray[np.bool_] = (pixels.view(np.uint32) != self.shown.view(np.uint32))[..., 0]
        rows, columns = BLOCK
        parts = differs.reshape(BLOCKS[0], rows, BLOCKS[1], columns)
        self._append(pixels.copy(), np.asarray(parts.any(axis=(1, 3))), repeat)

    def write_changed(self, pixels: NDArray[np.uint8], changed: Tiles, *, repeat: int = 1) -> None:
        """Append a picture, of which is known which tiles have changed since the one before; it may change later."""
        rows, columns = BLOCK[0] // TILE[0], BLOCK[1] // TILE[1]
        parts = changed.reshape(BLOCKS[0], rows, BLOCKS[1], columns)
        self._append(pixels, np.asarray(parts.any(axis=(1, 3))), repeat)

    def _append(self, pixels: NDArray[np.uint8], blocks: NDArray[np.bool_], repeat: int) -> None:
        """Append a picture that differs from the last one in these blocks, if it is written at all."""
        self.shown = pixels
        if self.video and (blocks.any() or self.is_mark or not self.frames):
            self.video.append(self.frames, pixels, blocks if self.frames else np.ones(BLOCKS, bool))
            self.is_mark = False
        self.frames += repeat

    @property
    def written(self) -> list[int]:
        """Return the numbers of the frames at which a picture begins."""
        return self.video.written if self.video else []

    def keep_still(self, path: Path, *, effort: int = 4) -> None:
        """Write what has changed since the mark before as a picture to `path`, if the film is written at all.

        effort: to make the file small, from 0 to 6.
        """
        if self.video:
            shown = np.ascontiguousarray(self.shown).view("<u4")[..., 0] | OPAQUE
            layer = np.where(shown != self.marked, shown, 0).astype("<u4")
            image = Image.fromarray(layer.view(np.uint8).reshape(FILM_HEIGHT, FILM_WIDTH, 4))
            quality = 50 if effort else 0
            image.save(path, "webp", lossless=True, quality=quality, method=effort, exact=True)
            self.marked = shown

    def mark(self) -> None:
        """Let a player come to the next frame at once: the picture that stands begins with a key frame.

        The frame itself is written as well, though nothing changes in it, so that a player knows when it is there.
        """
        if self.video:
            self.video.send(is_key=True)
        self.is_mark = True

    def close(self) -> None:
        """Finish the film; its last picture is written once more where it stands, so that the film has its length."""
        if self.video:
            last = self.frames - 1
            if self.video.written and self.video.written[-1] < last:
                self.video.append(last, self.shown, np.zeros(BLOCKS, bool))
            self.video.close()

    def begin_animation(self, *_: object, **__: object) -> None:
        """Do nothing: there are no segments."""

    def end_animation(self, *_: object, **__: object) -> None:
        """Do nothing: there are no segments."""


class FilmScene(manim.MovingCameraScene):  # type: ignore[misc]
    """The scene passed to `animate`: `theme` has the colors, and `mark` ends a step.

    `marks` are the frames at which the film stops; `frames` is the number of frames so far. is_draft: whether every
    animation jumps to its end, as without a film.
    """

    is_draft = False

    def __init__(self, theme: Theme, path: Path | None = None, *, is_quick: bool = True) -> None:
        """Begin a film at `path`; without a path nothing is drawn and every animation jumps to its end.

        is_quick: draw only what changes; else each picture is drawn by Manim's own camera.
        """
        self.theme = theme
        self.folder = path.parent if path else None
        self.marks: list[int] = []
        self.unknown = "" if is_known_version() else f"Manim {manim.__version__}"
        options = {"file_writer_class": FrameEncoder, "skip_animations": path is None or self.is_draft}
        renderer = QuickRenderer(**options) if is_quick else CairoRenderer(camera_class=MovingCamera, **options)
        super().__init__(renderer=renderer, random_seed=0)
        self.reel: FrameEncoder = self.renderer.file_writer
        self.reel.open(path)

    @property
    def frames(self) -> int:
        """The number of frames so far."""
        return self.reel.frames

    def mark(self, sentence: str) -> None:
        """End a step, described by `sentence`: the film stops here, on a still picture; ValueError if it is empty."""
        if not sentence:
            raise ValueError("a mark has no sentence; say what the picture shows")
        self._hold()
        if self.folder:
            self.reel.keep_still(self.folder / f"mark_{len(self.marks):02}.webp")
        self.marks.append(self.frames)
        self.reel.mark()
        self._hold()

    def add_sound(self, *_: object, **__: object) -> None:
        """Refuse a sound: a film has none."""
        raise NotImplementedError("a film has no sound; say in the notes what is to be heard")

    def add_subcaption(self, *_: object, **__: object) -> None:
        """Refuse a subtitle: the sentences of the steps say what is seen."""
        raise NotImplementedError("a film has no subtitles; `describe` returns a sentence for each step")

    def interactive_embed(self) -> None:
        """Refuse to wait for someone at a keyboard."""
        raise NotImplementedError("a film is drawn while nobody is there; leave interactive_embed away")

    def _hold(self) -> None:
        """Hold the picture for STILL_FRAMES; the extra millisecond keeps rounding from losing a frame."""
        self.wait(STILL_FRAMES / FRAME_RATE + 0.001)

    def finish(self) -> None:
        """Finish the film with its last picture."""
        self.reel.close()


def check_marks(marks: int, sentences: int) -> None:
    """Raise ValueError unless there is a sentence, and one mark more than sentences: that of the opening picture.

    Else pages could not say what the film shows where it stops.
    """
    if marks != sentences + 1 or not sentences:
        counts = f"{marks} mark{'s' * (marks != 1)} and {sentences} sentence{'s' * (sentences != 1)}"
        hint = "`animate` marks the opening picture, and then each of the steps that `describe` returns"
        raise ValueError(f"the film has {counts}; {hint}")


def check_film(path: Path, marks: list[int], written: list[int]) -> None:
    """Raise ValueError unless a film has all the frames that were written, and a key frame right before each mark."""
    with av.open(path) as container:
        keys = {packet.pts: packet.is_keyframe for packet in container.demux(video=0) if packet.size}
        step = container.streams.video[0].time_base
    places = {round(pts * step * FRAME_RATE): is_key for pts, is_key in keys.items()}
    starts = {after: first for first, after in pairwise(written)}
    if places.keys() != set(written) or not all(places.get(starts.get(mark, -1)) for mark in marks):
        raise ValueError(f"the film is damaged: {len(places)} of {len(written)} pictures; build it again")
